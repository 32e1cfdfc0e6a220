"""faiss_equal.py ZSC [FOLDER]: the lists of zsc knn --queries beside those of FAISS's IndexFlatIP and IndexFlatL2 (Debian's python3-faiss) and beside a
brute force in double precision: 5,000 queries, 50,000 keys, 768 columns, k = 5, three kinds of data. Prints how many entries differ and by how much."""
import os
import subprocess
import sys
import tempfile
import time

import faiss
import h5py
import numpy as np

N, M, D, K = 5000, 50000, 768, 5


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def sphere(rng):
    x = unit(rng.standard_normal((N + M, D), dtype='f4'))
    return x[:N], x[N:]


def clustered(rng):
    centre = unit(rng.standard_normal((2000, D), dtype='f4'))
    x = unit(centre[rng.integers(0, len(centre), N + M)] + rng.standard_normal((N + M, D), dtype='f4') * np.float32(0.3 / D ** 0.5))
    return x[:N], x[N:]


def repeated(rng):
    """Each key is a copy of one of 5,000 rows, exact or with noise of 1e-4 of its length; half of the queries are such rows, too."""
    base = unit(rng.standard_normal((5000, D), dtype='f4'))
    noise = rng.standard_normal((N + M, D), dtype='f4') * np.float32(1e-4 / D ** 0.5)
    x = base[rng.integers(0, len(base), N + M)] + noise * (rng.random((N + M, 1)) < 0.5)
    x[:N:2] = unit(rng.standard_normal((len(x[:N:2]), D), dtype='f4'))
    return x[:N], x[N:]


def write(path, x):
    with h5py.File(path, 'w') as h:
        h['embeddings/e'], h['id'] = x, np.array([f'{path}{i}' for i in range(len(x))], 'S')


def value(q, keys, index, metric):
    """In double: squared distances, or products with a minus, of the keys in the lists."""
    out = np.empty(index.shape)
    for i, row in enumerate(index):
        k = keys[row].astype('f8')
        out[i] = ((k - q[i]) ** 2).sum(1) if metric == 'euclidean' else -(k @ q[i].astype('f8'))
    return out


def brute(q, keys, metric):
    """The K nearest in double. Candidates come from products in double; they are measured again from differences."""
    out = np.empty((len(q), K), 'i4')
    wide = keys.astype('f8')
    norm = (wide ** 2).sum(1)
    for at in range(0, len(q), 500):
        p = q[at:at + 500].astype('f8') @ wide.T
        d = norm - 2 * p if metric == 'euclidean' else -p
        near = np.sort(np.argpartition(d, 50, axis=1)[:, :50], axis=1)
        exact = value(q[at:at + 500], keys, near, metric)
        out[at:at + 500] = np.take_along_axis(near, np.argsort(exact, axis=1, kind='stable')[:, :K], 1)
    return out


def main():
    zsc = os.path.abspath(sys.argv[1])
    os.chdir(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    print('| data | metric | entries not FAISS\'s | those that differ by more than rounding | entries not those of double precision | largest relative excess | zsc, processor s | FAISS, processor s |')
    print('|---|---|---|---|---|---|---|---|')
    for make in (clustered, sphere, repeated):
        q, keys = make(np.random.default_rng(1))
        write('q.h5', q)
        write('k.h5', keys)
        for metric, kind in (('inner-product', faiss.IndexFlatIP), ('euclidean', faiss.IndexFlatL2)):
            before = os.times()
            subprocess.run([zsc, 'knn', '-q', '-e', 'k.h5', '--queries', 'q.h5', '--metric', metric, '-k', str(K), '-o', 'out.h5', '--force'], check=True)
            after = os.times()
            index = kind(D)
            index.add(keys)
            start = time.process_time()
            _, theirs = index.search(q, K)
            took = time.process_time() - start
            with h5py.File('out.h5') as h:
                ours = h['knn/index'][:]
            best = brute(q, keys, metric)
            a, b, c = (value(q, keys, i, metric) for i in (ours, theirs, best))
            # FAISS computes |q|^2 + |k|^2 - 2 q.k, of which each term is about 1 here, in single precision
            beyond = (ours != theirs) & (np.abs(a - b) > 1e-6)
            excess = ((a - c) / np.maximum(np.abs(c), 1e-300))[ours != best]
            print(f'| {make.__name__} | {metric} | {(ours != theirs).sum()} | {beyond.sum()} | {(ours != best).sum()} | '
                  f'{excess.max() if len(excess) else 0:.1e} | {after[2] + after[3] - before[2] - before[3]:.1f} | {took:.1f} |', flush=True)


main()
