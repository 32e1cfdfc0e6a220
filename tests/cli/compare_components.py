"""Components of variance of `zsc compare` against plain NumPy. Arguments: a folder of results of one encoder, several
seeds and draws of one row per barcode, the JSON and the CSV of compare."""
import csv
import glob
import json
import sys

import h5py
import numpy as np

folder, out = sys.argv[1], json.load(open(sys.argv[2]))
runs = {}
for path in glob.glob(folder + '/*.h5'):
    config = json.loads(h5py.File(path).attrs['config'])
    runs.setdefault(config['barcode-seed'], []).append(path)
assert len(runs) == 2 and all(len(r) == 3 for r in runs.values()), runs
assert len(out['components']) == 1 and len(out['groups']) == 2
c = out['components'][0]
assert c['draws'] == 2 and c['seeds_per_draw'] == [3, 3], c
rows = {(r['rank'], r['other']): r for r in csv.DictReader(open(sys.argv[3])) if r['kind'] == 'component'}
for r in c['ranks']:
    means, sds = [], []
    for g in out['groups']:
        e = next(x for x in g['ranks'] if x['rank'] == r['rank'])['encoders'][0]
        assert e['runs'] == 3, 'draws are pooled'
        means.append(e['ami'])
        sds.append(e['sd'])
    if None in means:
        continue
    seed = np.mean(np.square(sds))
    draw = max(0, np.var(means, ddof=1) - seed / 3)
    assert abs(r['seed_sd'] - np.sqrt(seed)) < 1e-12 and abs(r['draw_sd'] - np.sqrt(draw)) < 1e-12, r
    assert r['seed_and_draw_sd'] is None
    assert abs(float(rows[r['rank'], 'seed']['sd']) - r['seed_sd']) < 1e-12
    assert abs(float(rows[r['rank'], 'draw']['sd']) - r['draw_sd']) < 1e-12
    assert rows[r['rank'], 'draw']['runs'] == '2'
