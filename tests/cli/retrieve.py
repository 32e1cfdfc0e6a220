"""retrieve.py ZSC FILE.h5 METADATA.csv: zsc retrieve and zsc knn --queries against plain NumPy code, by the definitions of doc/retrieval.md."""
import collections
import json
import subprocess
import sys

import h5py
import numpy as np
import pandas

zsc, path, metadata = sys.argv[1:]
faults = 0
with h5py.File(path) as h:
    ids = h['id'].asstr()[:]
    x = {e: h['embeddings/' + e][:].astype('f8') for e in ('dna', 'img')}
table = pandas.read_csv(metadata, dtype=str, keep_default_na=False).set_index('processid').loc[ids]
RANKS = ('order', 'family', 'genus', 'species')


def check(what, got, wanted, tolerance=1e-12):
    global faults
    if got is None and np.isnan(wanted) or got is not None and abs(got - wanted) <= tolerance:
        return
    faults += 1
    print(f'{what}: {got}, not {wanted}')


def rows_of(splits, barcodes):
    rows = np.flatnonzero(np.isin(table['split'], splits.split('+')))
    if not barcodes:
        return rows
    seen, kept = set(), []
    for i in rows:
        b = table['dna_barcode'].iloc[i].upper().rstrip('N')  # as zsc compares barcodes
        if b and b not in seen:
            seen.add(b)
            kept.append(i)
    return np.array(kept)


def nearest(q, keys, metric):
    if metric == 'inner-product':
        d = -(q @ keys.T)
    elif metric == 'euclidean':
        d = np.sqrt(((q[:, None, :] - keys[None]) ** 2).sum(2))
    else:
        u, v = (a / np.linalg.norm(a, axis=1, keepdims=True) for a in (q, keys))
        d = ((u[:, None, :] - v[None]) ** 2).sum(2) / 2
    d = d.astype('f4')
    order = np.argsort(d, axis=1, kind='stable')
    return order, np.take_along_axis(d, order, 1).astype('f8')


def plain(order, distance, query_rows, key_rows, rank, k, weighted):
    q, key = table[rank].to_numpy()[query_rows], table[rank].to_numpy()[key_rows]
    right, label, taken = [], [], []
    for i in np.flatnonzero(q != ''):
        near = key[order[i, :k]]
        if weighted:
            votes = {}
            for name, d in zip(near, distance[i, :k]):
                if name:
                    votes[name] = votes.get(name, 0) + np.exp((1 - d) / 0.07)
            taken.append(max(votes, key=votes.get) if votes else '')
        else:
            taken.append(q[i] if q[i] in near else near[0])
        label.append(q[i])
    right, label = np.array([a == b for a, b in zip(taken, label)], bool), np.array(label, object)
    recalls = [right[label == c].mean() for c in np.unique(label.astype(str))]
    known = set(key) - {''}
    return dict(queries=len(label), missing=int((q == '').sum()), classes=len(recalls), reachable=sum(c in known for c in label),
                reachable_classes=len(set(label) & known), right=int(right.sum()), micro=right.mean() if len(label) else np.nan,
                macro=np.mean(recalls) if recalls else np.nan), {c: (int((key == c).sum()), int((label == c).sum()), int(right[label == c].sum())) for c in set(label)}, \
        collections.Counter((a, b) for a, b in zip(label, taken) if a != b)


def check_details(got, files, rank, k, split, classes, confusions):
    global faults
    entry = next(e for e in got['classes'] if (e['rank'], e['split']) == (rank, split))
    at = {c: v for c, *v in zip(entry['class'], entry['keys'], entry['queries'], entry['right'][str(k)])}
    wrong = next(e for e in got['confusions'] if (e['rank'], e['k'], e['split']) == (rank, k, split))
    pairs = dict(zip(zip(wrong['class'], wrong['taken_for']), wrong['queries']))
    place = [(f['rank'] == rank) & (f['k'] == k) & (f['split'] == split) for f in files]
    per_class, confused, by_keys = (f[p] for f, p in zip(files, place))
    bins = collections.defaultdict(list)
    for n, q, r in classes.values():
        bins[int(n).bit_length()].append((q, r))
    wanted = [[len(v), sum(q for q, _ in v), sum(r for _, r in v)] for _, v in sorted(bins.items())]
    for what, a, b in (('classes', at, {c: list(v) for c, v in classes.items()}), ('confusions', pairs, dict(confusions)),
                       ('--per-class', {r['class']: (r['keys'], r['queries'], r['right']) for _, r in per_class.iterrows()}, classes),
                       ('--confusions', {(r['class'], r['taken_for']): r['queries'] for _, r in confused.iterrows()}, dict(confusions)),
                       ('--by-keys', by_keys[['classes', 'queries', 'right']].to_numpy().tolist(), wanted)):
        if a != b:
            faults += 1
            print(f'{what}: {rank} {split} k={k}: {a}, not {b}'[:400])
    if wrong['queries'] != sorted(wrong['queries'], reverse=True):
        faults += 1
        print('confusions are not in order')


def try_one(keys, queries, key_split, columns, ks, metric='cosine', weighted=False, side='none', known='drop', default_queries=False):
    words = [zsc, 'retrieve', '-q', '-e', f'{path}:{keys}', '-m', metadata, '--key-split', key_split, '--query-split', ','.join(columns), '--k',
             ','.join(map(str, ks)), '--metric', metric, '--known-queries', known, '--ranks', ','.join(RANKS), '--format', 'json', f'--one-per-barcode={side}']
    words += [] if default_queries else ['--queries', f'{path}:{queries}']
    words += ['--weighted'] if weighted else []
    words += ['--per-class', 'class.csv', '--confusions', 'confusion.csv', '--by-keys', 'keys.json']
    got = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    files = [pandas.read_csv(f, keep_default_na=False) for f in ('class.csv', 'confusion.csv')] + [pandas.read_json('keys.json')]
    k_rows = rows_of(key_split, side in ('both', 'keys'))
    check('keys', got['keys']['rows'], len(k_rows))
    values = {}
    for c in columns:
        q_rows = rows_of(c, side in ('both', 'queries'))
        own = np.isin(q_rows, k_rows)
        column = next(o for o in got['queries']['columns'] if o['split'] == c)
        check('among keys', column['among_keys'], own.sum())
        if known == 'drop':
            q_rows = q_rows[~own]
        check('rows', column['rows'], len(q_rows))
        order, distance = nearest(x[queries][q_rows], x[keys][k_rows], metric)
        if known == 'others':
            kept = [np.flatnonzero(k_rows[o] != i)[:max(ks)] for o, i in zip(order, q_rows)]
            order, distance = (np.array([a[i][j] for i, j in enumerate(kept)]) for a in (order, distance))
        for rank in RANKS:
            for k in ks:
                wanted, classes, confusions = plain(order, distance, q_rows, k_rows, rank, k, weighted)
                check_details(got, files, rank, k, c, classes, confusions)
                s = next(s for s in got['scores'] if (s['rank'], s['k'], s['split']) == (rank, k, c))
                for name, value in wanted.items():
                    check(f'{words[4:]}: {rank} {c} k={k} {name}', s[name], value)
                values[rank, k, c] = wanted
    for m in got['harmonic_mean']:
        for name in ('micro', 'macro'):
            v = [values[m['rank'], m['k'], c][name] for c in columns]
            check(f'harmonic mean of {v}', m[name], 0 if 0 in v else len(v) / sum(1 / a for a in v))
    check('harmonic means', len(got['harmonic_mean']), len(RANKS) * len(ks) if len(columns) > 1 else 0)


def try_knn(metric):
    subprocess.run([zsc, 'knn', '-q', '-e', f'{path}:dna', '--split', 'train+key_unseen', '--queries', f'{path}:img', '--query-split', 'test', '--metric', metric,
                    '-k', '7', '-o', 'nearest.h5'], check=True)
    k_rows, q_rows = rows_of('train+key_unseen', False), rows_of('test', False)
    order, distance = nearest(x['img'][q_rows], x['dna'][k_rows], metric)
    with h5py.File('nearest.h5') as h:
        check('ids', np.sum(h['id'].asstr()[:] != ids[q_rows]), 0)
        check('key ids', np.sum(h['key_id'].asstr()[:] != ids[k_rows]), 0)
        check('distances', np.abs(h['knn/distance'][:] - distance[:, :7]).max() / np.abs(distance[:, :7]).max(), 0, 1e-6)
        check('keys', np.mean(h['knn/index'][:] != order[:, :7]), 0, 0.002)  # all but equal distances, in another order
        check('digests', len({h['knn'].attrs['matrix'], h['knn'].attrs['queries']}), 2)


try_one('dna', 'img', 'train+key_unseen', ['test', 'test_unseen'], [1, 3, 5])
try_one('dna', 'dna', 'train+key_unseen', ['test', 'test_unseen', 'val'], [1, 4], default_queries=True)
try_one('img', 'img', 'train+key_unseen', ['test+test_unseen'], [1], 'euclidean')
try_one('img', 'dna', 'train', ['test'], [2, 9], 'inner-product')
try_one('dna', 'img', 'train', ['test', 'test_unseen'], [1, 10, 20], weighted=True)
try_one('img', 'dna', 'train', ['test'], [100, 200], weighted=True)
try_one('dna', 'img', 'train', ['test_unseen'], [1], side='both')
try_one('dna', 'dna', 'train', ['test', 'test_unseen'], [1, 3], side='keys')
try_one('dna', 'img', 'train', ['val'], [3], side='queries')
try_one('dna', 'img', 'train+test', ['test+test_unseen'], [1, 3], known='drop')
try_one('dna', 'dna', 'train+test', ['test', 'test_unseen'], [1, 3], known='others')
try_one('dna', 'img', 'train+test', ['test'], [1], known='keep')
try_one('img', 'img', 'train', ['train'], [1, 5], known='others')
for metric in ('cosine', 'euclidean', 'inner-product'):
    try_knn(metric)
try:  # Debian's python3-faiss
    import faiss
except ImportError:
    print('SKIP: no faiss here')
else:
    rng = np.random.default_rng(1)
    q, keys = rng.standard_normal((1500, 96), dtype='f4') @ rng.standard_normal((96, 96), dtype='f4'), rng.standard_normal((6000, 96), dtype='f4')
    keys[3000:4000] = keys[:1000]
    keys[4000:] = q[rng.integers(0, 1500, 2000)] + rng.standard_normal((2000, 96), dtype='f4') * .3
    for name, m in (('fq', q), ('fk', keys)):
        with h5py.File(name + '.h5', 'w') as h:
            h['embeddings/e'], h['id'] = m, np.array([f'{name}{i}' for i in range(len(m))], 'S')
    for metric, index in (('inner-product', faiss.IndexFlatIP(96)), ('euclidean', faiss.IndexFlatL2(96))):
        subprocess.run([zsc, 'knn', '-q', '-e', 'fk.h5', '--queries', 'fq.h5', '--metric', metric, '-k', '5', '-o', 'faiss.h5'], check=True)
        index.add(keys)
        _, wanted = index.search(q, 5)
        with h5py.File('faiss.h5') as h:
            got = h['knn/index'][:]
        for i, row in zip(*np.nonzero(got != wanted)):  # only keys that are equally far, up to FAISS's |q|^2 + |k|^2 - 2 q.k in single precision
            a, b = (np.dot(q[i].astype('f8'), keys[j]) if metric == 'inner-product' else ((q[i].astype('f8') - keys[j]) ** 2).sum() for j in (got[i, row], wanted[i, row]))
            check(f'FAISS, {metric}, query {i}', (a - b) / (q[i] @ q[i] + keys[wanted[i, row]] @ keys[wanted[i, row]]), 0, 1e-6)
sys.exit(1 if faults else 0)
