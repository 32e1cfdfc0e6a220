"""stats.py ZSC METADATA: every number of `zsc stats` against pandas' own counting."""
import json
import subprocess
import sys

import numpy as np
import pandas

zsc, path = sys.argv[1:]
MISSING = {'', 'NA', 'nan', 'not_classified', 'None'}
table = pandas.read_csv(path, dtype=str, keep_default_na=False)
simulated = 'chunk' in table  # else a file that lacks some columns
faults = 0


def check(what, got, wanted):
    global faults
    same = got is None and wanted is None or (got is not None and wanted is not None and
                                              (got == wanted if isinstance(wanted, str) else abs(got - wanted) <= 1e-9 * max(1, abs(wanted))))
    if not same:
        faults += 1
        print(f'{what}: {got}, not {wanted}')


def rows_of(*arguments):
    return json.loads(subprocess.run([zsc, 'stats', path, '--format', 'json', *arguments], check=True, capture_output=True).stdout)['rows']


def present(values):
    return values[~values.isin(MISSING)]


def trimmed(values):
    return values.str.upper().str.rstrip('N')


def half_even(value, decimals):
    if value is None or not np.isfinite(value):
        return None
    scaled = value * 10 ** decimals
    below = np.floor(scaled)
    if abs(scaled - below - .5) < 1e-9:
        return (below if below % 2 == 0 else below + 1) / 10 ** decimals
    return np.floor(scaled + .5) / 10 ** decimals


def series(name, rows):
    if name == 'dna_barcode without trailing N':
        return trimmed(rows['dna_barcode'])
    if name == 'coord-lat and coord-lon':
        both = rows['coord-lat'] + '\n' + rows['coord-lon']
        return both.where(~rows['coord-lat'].isin(MISSING) & ~rows['coord-lon'].isin(MISSING), '')
    return rows[name]


def categories(rows, result):
    for row in result:
        values = present(series(row['column'], rows))
        sizes = values.value_counts()
        none = len(sizes) == 0
        wanted = {'categories': len(sizes), 'labelled': len(values), 'labelled %': half_even(100 * len(values) / len(rows), 2),
                  'unlabelled': len(rows) - len(values), 'unlabelled %': half_even(100 * (1 - len(values) / len(rows)), 2),
                  'largest': 0 if none else sizes.max(), 'smallest': 0 if none else sizes.min(),
                  'imbalance': None if none else half_even(sizes.max() / sizes.min(), 1), 'mean rows': half_even(sizes.mean(), 2),
                  'median rows': half_even(sizes.median(), 1), 'sd rows': half_even(sizes.std(ddof=0), 2)}
        for key, value in wanted.items():
            check(f"{row['column']} {key}", row[key], value)


ranks = rows_of()
assert [r['column'] for r in ranks][:3] == ['phylum', 'class', 'order'] and len(ranks) == 10, ranks
categories(table, ranks)
if table['split'].isin(['test', 'test_unseen']).any():
    categories(table[table['split'].isin(['test', 'test_unseen'])], rows_of('--split', 'test+test_unseen'))
some = table['order'].value_counts().index[0]
categories(table[table['order'] == some], rows_of('--where', f'order={some}', '--column', 'chunk' if simulated else 'sampleid'))
places = rows_of('--kind', 'geography')
assert [p['column'] for p in places] == [c for c in ('country', 'province_state', 'coord-lat', 'coord-lon', 'coord-lat and coord-lon') if c.split(' ')[0] in table], places
categories(table, places)

SETS = {'pretrain': 'unknown', 'train': 'seen', 'val': 'seen', 'test': 'seen', 'val_unseen': 'unseen', 'test_unseen': 'unseen',
        'key_unseen': 'unseen', 'other_heldout': 'heldout'}
splits = rows_of('--kind', 'splits', '--column', 'country')
seen = set()
for row in splits:
    if row['split'] == 'all':
        rows = table if row['species set'] == 'all' else table[table['split'].map(SETS) == row['species set']]
    else:
        rows = table[table['split'] == ('' if row['split'] == '(none)' else row['split'])]
        check('species set of ' + row['split'], row['species set'], SETS.get(row['split'], ''))
    seen.add((row['species set'], row['split']))
    check(f"{row['split']} records", row['records'], len(rows))
    for key, value in row.items():
        if key not in ('species set', 'split', 'records'):
            check(f"{row['split']} {key}", value, present(series(key, rows)).nunique())
assert not simulated or {('seen', 'all'), ('unseen', 'all'), ('all', 'all'), ('seen', 'train'), ('', '(none)'), ('', 'mine')} <= seen, seen
assert ('heldout', 'all') not in seen, 'a set of one split is that split'

for row in rows_of('--kind', 'overlap'):
    mine = set(present(series(row['column'], table[table['split'] == row['split'].replace('(none)', '')])))
    for other in [c for c in row if c not in ('column', 'split') and not c.endswith(' %')]:
        both = mine & set(present(series(row['column'], table[table['split'] == other.replace('(none)', '')])))
        check(f"{row['column']} {row['split']} {other}", row[other], len(both))
        check(f"{row['column']} {row['split']} {other} %", row[other + ' %'], half_even(100 * len(both) / len(mine), 2) if mine else None)

for row in rows_of('--kind', 'sizes') if simulated else []:
    values = present(table[row['column']]).astype(float)
    quartile = np.quantile(values, [0, .25, .5, .75, 1])
    decimals = int(max(0, 6 - np.ceil(np.log10(np.abs(values).max()))))
    check(f"{row['column']} numbers", row['numbers'], len(values))
    check(f"{row['column']} missing", row['missing'], len(table) - len(values))
    check(f"{row['column']} distinct", row['distinct'], values.nunique())
    for key, value in zip(('min', 'quartile 1', 'median', 'quartile 3', 'max', 'mean', 'sd'), [*quartile, values.mean(), values.std(ddof=0)]):
        if abs(row[key] - value) > .51 * 10 ** -decimals:
            check(f"{row['column']} {key}", row[key], value)
print(f'{faults} faults')
sys.exit(faults > 0)
