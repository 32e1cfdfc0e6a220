#!/bin/sh
# zsc export: npy, CSV and h5ad, read back by NumPy, SciPy and anndata where these are there.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
"$ZSC" simulate -q --rows 150 --dna-dim 6 --image-dim 0 --seed 2 -o e.h5
"$ZSC" run -q --reduce pca --dim 4 --keep-reduced --clusters 12 -e e.h5:sim_dna -o out > /dev/null
result=$(ls out/*.h5)
for what in clusters reduced linkage; do
  "$ZSC" export -q "$result" --what $what -o $what.csv
  "$ZSC" export -q "$result" --what $what -o $what.npy
done
"$ZSC" export -q "$result" -o run.h5ad
[ "$(wc -l < clusters.csv)" -eq 151 ]; [ "$(wc -l < linkage.csv)" -eq 150 ]
head -n 1 clusters.csv | grep -q '^id,cluster,class,order,family,subfamily,genus,species,dna_bin$'
head -n 1 reduced.csv | grep -q '^id,pca1,pca2,pca3,pca4$'
[ "$(tail -n +2 clusters.csv | cut -d, -f2 | sort -u | wc -l)" -eq 12 ]
"$ZSC" info --format json run.h5ad | grep -q '"layout": "anndata"'

expect() { # status, words, command...
  status=$1 words=$2; shift 2
  got=0; "$ZSC" "$@" > stdout 2> err || got=$?
  if [ $got -ne "$status" ] || ! grep -q -- "$words" err; then echo "zsc $*: status $got"; cat err; exit 1; fi
}
expect 2 'must end in .csv, .npy or .h5ad' export "$result" -o x.xls
expect 2 'output is needed' export "$result"
expect 2 'goes to .npy or .csv' export "$result" --what linkage -o x.h5ad
expect 3 'no such file' export nowhere.h5 -o x.csv
"$ZSC" run -q --reduce none --clusters 12 -e e.h5:sim_dna -o other > /dev/null
expect 3 'no reduced vectors' export other/*.h5 --what reduced -o x.npy

python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2> /dev/null || { echo "reading back by NumPy is skipped: $python has no numpy and h5py"; exit 0; }
cat > back.py <<'END'
import csv, sys, h5py, numpy as np
h = h5py.File(sys.argv[1])
z, y, k = np.load('linkage.npy'), np.load('reduced.npy'), np.load('clusters.npy')
assert z.dtype == 'f8' and z.tobytes() == h['linkage'][:].tobytes()
assert z.tobytes() == np.loadtxt('linkage.csv', delimiter=',', skiprows=1).tobytes()
rows = list(csv.DictReader(open('clusters.csv')))
assert [int(r['cluster']) for r in rows] == list(k) and len(set(k)) == 12
r = list(csv.reader(open('reduced.csv')))[1:]
assert np.array([v[1:] for v in r], 'f4').tobytes() == y.tobytes() and y.shape == (150, 4)
try:
    from scipy.cluster.hierarchy import fcluster, is_valid_linkage
    assert is_valid_linkage(z)
    c = fcluster(z, 12, 'maxclust')
    assert len(set(zip(c, k))) == 12
except ImportError: print('no scipy')
try:
    import anndata
    a = anndata.read_h5ad('run.h5ad')
    assert list(a.obs_names) == [r['id'] for r in rows]
    assert [int(v) for v in a.obs['cluster']] == list(k)
    assert list(a.obs['order'].astype(object).fillna('')) == [r['order'] for r in rows]
    assert a.obsm['X_pca'].tobytes() == y.tobytes()
except ImportError: print('no anndata')
END
"$python" -W ignore back.py "$result"

# HDBSCAN's probabilities, in CSV and h5ad
"$ZSC" run -q --reduce none --clusterer hdbscan -e e.h5:sim_dna -o noisy > /dev/null
noisy=$(ls noisy/*.h5)
"$ZSC" export -q "$noisy" -o noisy.csv
"$ZSC" export -q "$noisy" -o noisy.h5ad
head -n 1 noisy.csv | grep -q '^id,cluster,probability,class,'
"$python" - "$noisy" <<'END'
import csv, sys
import h5py, numpy as np
with h5py.File(sys.argv[1]) as h: p = h['probability'][:]
rows = list(csv.DictReader(open('noisy.csv')))
assert [np.float32(r['probability']) for r in rows] == list(p) and 0 <= min(p) < max(p) <= 1
assert all(float(r['probability']) == 0 for r in rows if r['cluster'] == '-1')
with h5py.File('noisy.h5ad') as h:
    assert h['obs/probability'][:].tobytes() == p.tobytes() and h['obs'].attrs['column-order'][-1] == 'probability'
try:
    import anndata
    assert anndata.read_h5ad('noisy.h5ad').obs['probability'].to_numpy().tobytes() == p.tobytes()
except ImportError: print('no anndata')
END
