"""Rows and scaled matrices of `zsc select` against plain NumPy code.

    select.py ZSC EMBEDDINGS.h5 METADATA.csv A B C

A, B and C are encoders. Two more files are made of them: other.h5 holds B in another order, in half precision, with a constant
column and a row of zeros, without some of the rows and with rows that nobody else has; awkward.csv is the metadata with
barcodes in small letters, with N at the end, cut short or missing, and without some of the rows. Then every choice of rows
is made in both, and every scaling in both scopes on one, two and three modalities."""
import csv, itertools, json, subprocess, sys
import h5py, numpy as np

zsc, embeddings, metadata, A, B, C = sys.argv[1:]
rng = np.random.default_rng(7)
failures = cases = 0
GROUPS = {'seen': ['train', 'val', 'test'], 'unseen': ['key_unseen', 'val_unseen', 'test_unseen']}
RANKS = ['class', 'order', 'family', 'subfamily', 'genus', 'species', 'dna_bin']


# --- Files
def read_h5(path, encoder):
    with h5py.File(path) as f:
        return [s.decode() for s in f['id'][:]], f['embeddings'][encoder][:].astype('f4')


def make_other():
    ids, x = read_h5(embeddings, B)
    order = rng.permutation(len(ids))[: len(ids) * 9 // 10]
    y = x[order].astype('f2')
    y[:, 3] = 0.1
    y[5] = 0
    more = ['nobody-%d' % i for i in range(12)]
    with h5py.File('other.h5', 'w') as f:
        f['id'] = np.array([ids[i] for i in order[:7]] + more + [ids[i] for i in order[7:]], 'S')
        f['embeddings/' + B] = np.concatenate([y[:7], rng.normal(size=(12, y.shape[1])).astype('f2'), y[7:]])


def make_awkward():
    with open(metadata) as f:
        rows = list(csv.DictReader(f))
    for row in rows:
        how = rng.integers(8)
        barcode = row['dna_barcode'].rstrip('N')
        row['dna_barcode'] = [barcode, barcode.lower(), barcode + 'NNN', barcode.lower() + 'nN', barcode[:200] + 'N' * 9, '', 'NNN', barcode][how]
        if rng.integers(9) == 0:
            row['split'] = ''
    rows = [row for row in rows if rng.integers(10)]
    rng.shuffle(rows)
    with open('awkward.csv', 'w', newline='') as f:
        writer = csv.DictWriter(f, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def read_csv(path):
    with open(path) as f:
        return {row['processid']: row for row in csv.DictReader(f)}


# --- The plain code
def barcode_of(row, most):
    text = row['dna_barcode'][: most or None]
    return text.rstrip('Nn').upper()


def choose(modalities, table, split, where, per_barcode, most):
    """ids that stay, in the order of the first file, and how many went for which reason; candidates by barcode."""
    first = modalities[0][0]
    count = dict(embedded=len(first))
    there = [set(ids) for ids, _ in modalities]
    ids = [i for i in first if i in table and all(i in t for t in there)]
    count['unmatched'] = len(first) - len(ids)

    def keep(name, test):
        nonlocal ids
        before = len(ids)
        ids = [i for i in ids if test(table[i])]
        count[name] = before - len(ids)

    names = None if split is None else [s for name in split.split('+') for s in GROUPS.get(name, [name])]
    keep('other_split', lambda row: names is None or 'all' in names or row['split'] in names)
    rules = [rule.split('=', 1) for rule in where]
    keep('where', lambda row: all(row[rank] == value for rank, value in rules))
    groups = {}
    if per_barcode == 'all':
        count['without_barcode'] = count['repeated_barcode'] = 0
    else:
        keep('without_barcode', lambda row: barcode_of(row, most) != '')
        for i in ids:
            groups.setdefault(barcode_of(table[i], most), []).append(i)
        count['repeated_barcode'] = len(ids) - len(groups)
        if per_barcode == 'first':
            chosen = {group[0] for group in groups.values()}
            ids = [i for i in ids if i in chosen]
    count['kept'] = len(groups) if per_barcode != 'all' else len(ids)
    return ids, count, groups


def scale(x, how):
    x = x.astype('f8')
    if how in ('l2', 'l2-sqrt-dim'):
        norm = np.sqrt((x * x).sum(1, keepdims=True))
        size = np.sqrt(x.shape[1]) if how == 'l2-sqrt-dim' else 1.0
        return np.divide(x * size, norm, out=np.zeros_like(x), where=norm > 0)
    if how == 'none':
        return x
    mean, sd = x.mean(0), x.std(0)
    varies = x.max(0) > x.min(0)
    if how == 'zscore-average':
        sd = np.full(x.shape[1], np.where(varies, sd, 0).mean())
    return np.where(varies, (x - mean) / np.where(varies, sd, 1), 0)


def scaled(modalities, ids, table, how, scope):
    splits = np.array([table[i]['split'] for i in ids])
    out = []
    for names, x in modalities:
        at = {name: k for k, name in enumerate(names)}
        y = x[[at[i] for i in ids]]
        z = np.empty(y.shape)
        for part in set(splits) if scope == 'split' else {None}:
            rows = splits == part if part is not None else np.ones(len(ids), bool)
            z[rows] = scale(y[rows], how)
        out.append(z)
    return np.concatenate(out, 1)


# --- What zsc makes of it
def select(specs, path, *options):
    words = [zsc, 'select', '-q', '-t', '1', '-m', path, '-o', 'got.h5', '--format', 'json', *options]
    for spec in specs:
        words += ['-e', spec]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit('%s: status %d: %s' % (' '.join(words), done.returncode, done.stderr))
    count = json.loads(done.stdout)
    with h5py.File('got.h5') as f:
        name, = f['embeddings']
        labels = {rank: [s.decode() for s in f['labels'][rank][:]] for rank in f['labels']}
        return [s.decode() for s in f['id'][:]], f['embeddings'][name][:], count, labels, words


def expect(good, what, words):
    global failures
    if not good:
        failures += 1
        print('FAIL: %s: %s' % (what, ' '.join(words)), file=sys.stderr)


def check(specs, path, split, where, per_barcode, most, how, scope, seed=None):
    global cases
    cases += 1
    modalities, table = [files[spec] for spec in specs], tables[path]
    options = ['--scale', how] + (['--scale-scope', scope] if how.startswith('zscore') else [])
    options += ['--split', split] if split else []
    options += [word for rule in where for word in ('--where', rule)]
    options += ['--one-per-barcode=' + per_barcode] if per_barcode != 'all' else []
    options += ['--barcode-max-length', str(most)] if most else []
    options += ['--barcode-seed', str(seed)] if seed is not None else []
    got, x, count, labels, words = select(specs, path, *options)
    ids, counts, groups = choose(modalities, table, split, where, per_barcode, most)
    if per_barcode == 'random':  # any one of each group, in the order of the file
        place = {name: k for k, name in enumerate(ids)}
        good = all(i in place for i in got) and [place[i] for i in got] == sorted(place[i] for i in got)
        expect(good, 'rows that cannot be chosen', words)
        expect(sorted(barcode_of(table[i], most) for i in got) == sorted(groups), 'not one row for each barcode', words)
        ids = got
    expect(got == ids, 'ids differ', words)
    expect(all(count[name] == number for name, number in counts.items()), 'counts differ: %s, expected %s' % (count, counts), words)
    expect(all(labels[rank] == [table[i][rank] for i in ids] for rank in RANKS), 'labels differ', words)
    if got != ids:
        return got
    wanted = scaled(modalities, ids, table, how, scope)
    expect(x.shape == wanted.shape, 'shape %s, expected %s' % (x.shape, wanted.shape), words)
    # one unit in the last place of a float, where sums in another order round to the other side; the second term is what
    # such sums leave of numbers that cancel
    limit = 2.0**-23 * np.abs(wanted) + 1e-12 * np.abs(wanted).max()
    expect((np.abs(x - wanted) <= limit).all(), 'values differ by up to %g' % np.abs(x - wanted).max(), words)
    return got


make_other()
make_awkward()
a, b, c, far = '%s:%s' % (embeddings, A), '%s:%s' % (embeddings, B), '%s:%s' % (embeddings, C), 'other.h5:' + B
files = {a: read_h5(embeddings, A), b: read_h5(embeddings, B), c: read_h5(embeddings, C), far: read_h5('other.h5', B)}
tables = {metadata: read_csv(metadata), 'awkward.csv': read_csv('awkward.csv')}
there = sorted({row['split'] for row in tables['awkward.csv'].values()} - {''})
common = {rank: max({row[rank] for row in tables['awkward.csv'].values()} - {''},
                    key=lambda v: sum(row[rank] == v for row in tables['awkward.csv'].values())) for rank in RANKS}
missing = next(rank for rank in ('species', 'dna_bin') if any(row[rank] == '' for row in tables['awkward.csv'].values()))
splits = [None, 'all', '+'.join(there[:2]), there[0]] + [g for g in GROUPS if set(GROUPS[g]) & set(there)]
if len(there) > 3:
    splits += ['seen+' + there[-1], 'seen+unseen']
wheres = [[], ['order=' + common['order']], ['class=' + common['class'], 'order=' + common['order']], [missing + '=']]

# every choice of rows, on one file and joined with the one that lacks rows
for split, where, (per_barcode, most) in itertools.product(
        splits, wheres, [('all', 0), ('first', 0), ('first', 200), ('random', 0), ('random', 200)]):
    check([a] if cases % 2 else [a, far], 'awkward.csv', split, where, per_barcode, most, 'none', 'rows')
# every scaling
for how, scope, specs in itertools.product(
        ('none', 'l2', 'l2-sqrt-dim', 'zscore', 'zscore-average'), ('rows', 'split'), ([a], [far], [a, c], [far, a], [a, far, c])):
    check(specs, metadata, None, [], 'random', 0, how, scope)
    check(specs, 'awkward.csv', '+'.join(there[:2]), [], 'first', 0, how, scope)
# the row drawn for a barcode depends on the seed
drawn = [check([a], metadata, None, [], 'random', 0, 'none', 'rows', seed) for seed in (0, 1, 0)]
expect(drawn[0] == drawn[2] and drawn[0] != drawn[1], 'draws of the seeds 0, 1, 0', [])
# ... and not on the order of the rows
shuffled = check([far], metadata, None, [], 'random', 0, 'none', 'rows')
whole = {barcode_of(tables[metadata][i], 0) for i in files[far][0] if i in tables[metadata]}
expect(len(shuffled) == len(whole - {''}), 'one per barcode in another order', [])
print('%d cases, %d failed' % (cases, failures))
sys.exit(failures > 0)
