"""plot_metadata.py ZSC METADATA: the data files of prevalence, composition and map against pandas' own counting."""
import subprocess
import sys

import pandas

zsc, path = sys.argv[1:]
MISSING = {'', 'NA', 'nan', 'not_classified', 'None'}
table = pandas.read_csv(path, dtype=str, keep_default_na=False)
table = table.where(~table.isin(MISSING), '')
faults = 0


def check(what, got, wanted):
    global faults
    if got != wanted:
        faults += 1
        print(f'{what}: {str(got)[:200]}, not {str(wanted)[:200]}')


def blocks(kind, *arguments):
    subprocess.run([zsc, 'plot', kind, path, '-o', 'own.svg', *arguments], check=True, capture_output=True)
    found = {}
    for block in open('own.dat', encoding='utf-8').read().split('\n\n\n'):
        lines = [line for line in block.split('\n') if line]
        name = [line for line in lines if line.startswith('#')][-1][2:].split(':')[0]
        found.setdefault(name, []).append([line.split('\t') for line in lines if not line.startswith('#')])
    return found


def prevalence(sizes):
    counts = sizes.value_counts().sort_index()
    return [(size, count, int((sizes >= size).sum())) for size, count in counts.items()]


split = 'train' if (table['split'] == 'train').any() else 'test'
for rank, rows in (('species', table), ('genus', table[table['split'] == split])):
    found = blocks('prevalence', '--rank', rank, *([] if rank == 'species' else ['--split', split]))['one panel']
    named = rows[rows[rank] != '']
    check(f'records of {rank}', [tuple(map(int, line)) for line in found[0]], prevalence(named[rank].value_counts()))
    barcoded = named.assign(barcode=named['dna_barcode'].str.upper().str.rstrip('N'))
    barcoded = barcoded[barcoded['barcode'] != '']
    check(f'barcodes of {rank}', [tuple(map(int, line)) for line in found[1]], prevalence(barcoded.groupby(rank)['barcode'].nunique()))

# Composition: a cell holds the rows of a taxon in its parents; named cells and others add up to the labelled rows.
ranks = ['order', 'family', 'genus', 'species']
found = blocks('composition', '--ranks', ','.join(ranks), '--columns', '2')
cells, titles = found['cells'][0], found['ranks'][0]
n = len(table)
limit = float([value for name, value in (line for line in found['settings'][0] if len(line) == 2) if name == 'low'][0]) / 100 * n
for k, rank in enumerate(ranks):
    mine = [(round((1 - float(c[1])) * n), round((1 - float(c[2])) * n), c[4].strip(), int(c[6])) for c in cells if int(c[0]) == k]
    sizes = table[table[rank] != ''].groupby(ranks[:k + 1], sort=False).size()
    check(f'{rank}: taxa', titles[k][1], f'{len(sizes)} tax' + ('on' if len(sizes) == 1 else 'a'))
    check(f'{rank}: rows are the height', [c[1] - c[0] for c in mine], [c[3] for c in mine])
    check(f'{rank}: cells in order', all(a[1] <= b[0] for a, b in zip(mine, mine[1:])), True)
    for low, high, name, rows in mine:
        if name and not name.endswith((' others', ' other')) and '…' not in name:
            check(f'{rank} {name}', rows in set(sizes[sizes.index.get_level_values(rank) == name]), True)
    # parents that are shown show all of their large children
    if k == 0:
        check('large orders', sorted(c[3] for c in mine if c[2] != '' and 'other' not in c[2])[-3:], sorted(sizes[sizes >= limit])[-3:])
        check('all labelled rows', sum(c[3] for c in mine), int(sizes.sum()))

# Map: cells hold all rows; their means are those of the rows.
if 'coord-lat' not in table:
    print(f'{faults} faults')
    sys.exit(faults > 0)
places = table[(table['coord-lat'] != '') & (table['coord-lon'] != '')]
for arguments, rows in (([], places), (['--split', 'train'], places[places['split'] == 'train'])):
    cells = [tuple(map(float, line)) for line in blocks('map', *arguments)['cells'][0]]
    latitude = rows['coord-lat'].astype(float)
    check('rows', sum(c[2] for c in cells), float(len(rows)))
    check('mean latitude', round(sum(c[1] * c[2] for c in cells), 4), round(latitude.sum(), 4))
    check('mean longitude', round(sum(c[0] * c[2] for c in cells), 4), round(rows['coord-lon'].astype(float).sum(), 4))
    check('cells by rows', [c[2] for c in cells], sorted(c[2] for c in cells))
print(f'{faults} faults')
sys.exit(faults > 0)
