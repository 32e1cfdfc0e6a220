"""Ceilings, chance and cuts of each rank against plain NumPy and SciPy. Arguments: a folder of results, the CSV of
`zsc collect --permutations B`, the CSV of `zsc table ranks --each-rank`, B."""
import csv
import glob
import sys

import h5py
import numpy as np
from scipy.cluster.hierarchy import fcluster
from scipy.special import gammaln

folder, collected, table, B = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])


def entropy(counts):
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log(p)).sum()


def expected(a, b):
    n, emi = a.sum(), 0.0
    for x in a:
        for y in b:
            k = np.arange(max(1, x + y - n), min(x, y) + 1)
            log_p = (gammaln(x + 1) + gammaln(y + 1) + gammaln(n - x + 1) + gammaln(n - y + 1) - gammaln(n + 1)
                     - gammaln(k + 1) - gammaln(x - k + 1) - gammaln(y - k + 1) - gammaln(n - x - y + k + 1))
            emi += (k / n * np.log(n * k / (x * y)) * np.exp(log_p)).sum()
    return emi


def mutual(u, v):
    table = np.zeros((u.max() + 1, v.max() + 1), int)
    np.add.at(table, (u, v), 1)
    return entropy(table.sum(1)) + entropy(table.sum(0)) - entropy(table.ravel())


def ami(u, v):
    u, v = np.unique(u, return_inverse=True)[1], np.unique(v, return_inverse=True)[1]
    a, b = np.bincount(u), np.bincount(v)
    if len(a) < 2:
        return np.nan
    emi = expected(a, b)
    return (mutual(u, v) - emi) / ((entropy(a) + entropy(b)) / 2 - emi)


def close(what, value, wanted, tolerance=1e-9):
    if np.isnan(wanted) and value == '':
        return
    if value == '' or not abs(float(value) - wanted) <= tolerance:
        sys.exit(f'{what}: {value!r}, expected {wanted}')


rows = {(r['path'].split('/')[-1], r['rank']): r for r in csv.DictReader(open(collected))}
random = np.random.default_rng(1)
each = {}
for path in sorted(glob.glob(folder + '/*.h5')):
    h = h5py.File(path)
    clusters, linkage = h['clusters'][:], h['linkage'][:]
    labels = {rank: h['labels'][rank].asstr()[:] for rank in h['scores/rank'].asstr()[:]}
    rule = h.attrs['clusters_rule'].decode() if isinstance(h.attrs['clusters_rule'], bytes) else h.attrs['clusters_rule']
    for rank, label in labels.items():
        row, name = rows[path.split('/')[-1], rank], f'{path}, {rank}'
        perfect = labels[rule]
        both = (label != '') & (perfect != '')
        close(name + ', ceiling', row['ceiling'], ami(label[both], perfect[both]))
        named = label != ''
        u, v = np.unique(label[named], return_inverse=True)[1], np.unique(clusters[named], return_inverse=True)[1]
        a, b = np.bincount(u), np.bincount(v)
        if len(a) < 2:
            close(name + ', p', row['p_value'], np.nan)
            continue
        emi, most = expected(a, b), (entropy(a) + entropy(b)) / 2
        mi = np.array([mutual(u, random.permutation(v)) for _ in range(B)])
        sd = np.sqrt((((mi - emi) / (most - emi)) ** 2).mean())
        close(name + ', sd of chance', row['chance_sd'], sd, 0.35 * sd)  # two estimates from B permutations
        close(name + ', p', row['p_value'], (1 + (mi >= mutual(u, v) - 1e-9).sum()) / (B + 1), 0.2)
        classes = len(a)
        cut = fcluster(linkage, classes, 'maxclust')[named]
        each.setdefault(rank, []).append(ami(label[named], cut))

# one encoder: its line of the table where K is of each rank has the mean over seeds
lines = [r for r in csv.DictReader(open(table)) if 'each-rank' in r['Encoder']]
assert len(lines) == 1, lines
for rank, values in each.items():
    title = {'dna_bin': 'BIN'}.get(rank, rank.capitalize())
    key = next(k for k in lines[0] if k.lower().startswith(title.lower()) and 'sd' not in k)
    close(f'each-rank, {rank}', lines[0][key], 100 * np.mean(values), 1e-6)
