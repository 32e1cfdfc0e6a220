"""Standard errors of `zsc compare --recluster` against runs of both halves, one by one. Arguments: zsc, the folder of
results, the JSON of compare with --seed 5."""
import glob
import json
import subprocess
import sys

import h5py
import numpy as np

from resampling import half, permutation

zsc, folder, out = sys.argv[1], sys.argv[2], json.load(open(sys.argv[3]))


def quarters(seed, b, units):
    """The two quarters of the half, and those of the rest: the permutation goes on."""
    order = permutation(seed, b, units, units)
    half, rest = order[:units // 2], order[units // 2:]
    return [p for h in (half, rest) for p in (h[:len(h) // 2], h[len(h) // 2:])]


def scores(encoder, ids):
    """AMI by rank of a run of these rows."""
    with open('half.ids', 'w') as f:
        f.write('\n'.join(ids) + '\n')
    run = subprocess.run([zsc, 'run', '-q', '-e', 's.h5:' + encoder, '--scale', 'zscore', '--reduce', 'pca',
                          '--n-components', '4', '--clusterer', 'kmeans', '--seed', '7', '--ids', 'half.ids', '--format', 'json', '-o', 'halves'],
                         capture_output=True, text=True, check=True)
    return {r['rank']: r['ami'] for r in json.loads(run.stdout)['runs'][0]['scores']}


h = h5py.File(sorted(glob.glob(folder + '/*.h5'))[0])
ids, species = h['id'].asstr()[:], h['labels/species'].asstr()[:]
number, unit = {}, []
for s in species:
    if s:
        number.setdefault(s, len(number))
following = len(number)
for s in species:
    unit.append(number[s] if s else following)
    following += not s
unit = np.array(unit)
group = out['groups'][0]
assert following == group['units'] and out['seed'] == 5
rate = np.sqrt((following // 2) * (following - following // 2)) / following
for c in out['components'][:1]:
    d, of_quarters = ({r['rank']: [] for r in c['ranks']} for _ in range(2))
    for b in range(out['resamples']):
        taken = np.isin(unit, half(5, b, following))
        v, w = scores(c['encoder'], ids[taken]), scores(c['encoder'], ids[~taken])
        for rank in d:
            d[rank].append(rate * (v[rank] - w[rank]))
        q = quarters(5, b, following)
        for one, other in (q[:2], q[2:]):
            v, w = (scores(c['encoder'], ids[np.isin(unit, part)]) for part in (one, other))
            scale = np.sqrt(len(one) * len(other) / ((len(one) + len(other)) * following))
            for rank in d:
                of_quarters[rank].append(scale * (np.nan if None in (v[rank], w[rank]) else v[rank] - w[rank]))
    for r in c['ranks']:
        square, of_quarter = np.mean(np.square(d[r['rank']])), np.nanmean(np.square(of_quarters[r['rank']]))
        wanted = np.sqrt(square * np.sqrt(np.clip(square / of_quarter, 0.5, 2)))
        assert abs(r['sample_sd'] - wanted) < 1e-12, (c['encoder'], r, wanted)
