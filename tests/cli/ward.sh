#!/bin/sh
# zsc ward: HDF5 and npy in and out, cuts, Newick, refusals; SciPy reads the linkage where there is one.
. "$ZSC_SRCDIR/tests/cli/lib.sh"

fixture=$ZSC_SRCDIR/tests/fixtures/ward.h5
run "$ZSC" simulate -n 600 -o sim.h5
[ "$status" -eq 0 ] || fail "simulate: $(cat err)"

# a dataset: cuts by number, by rank, at a height; ids and labels come along; zsc curve reads it
run "$ZSC" ward -e sim.h5:sim_dna -o tree.h5 --clusters 5,species,600,1 --cut-height 0 --newick tree.nwk -t 1
[ "$status" -eq 0 ] || fail "ward: $(cat err)"
[ -s out ] && fail "stdout is not empty"
grep -F 'bounding-box tree' err >/dev/null || fail "the algorithm is not named: $(cat err)"
run "$ZSC" curve tree.h5 --format csv
[ "$status" -eq 0 ] && grep '^species,' out >/dev/null || fail "zsc curve cannot read it: $(cat err)"
run "$ZSC" score tree.h5:/clusters/5 tree.h5:/labels/order
[ "$status" -eq 0 ] || fail "zsc score cannot read it: $(cat err)"
expect 2 'expects numbers' "$ZSC" ward -e sim.h5:sim_dna -o x.h5 --clusters speces

# any number of threads: the same bytes
run "$ZSC" ward -e sim.h5:sim_dna -o tree2.h5 --clusters 5,species,600,1 --cut-height 0 --newick tree2.nwk -t 3
cmp tree.nwk tree2.nwk || fail "three threads give another tree"
cmp tree.h5 tree2.h5 || fail "three threads give other bytes"

# Newick: as many leaves as rows, as many pairs as merges
[ "$(tr -cd ',' < tree.nwk | wc -c)" -eq 599 ] && [ "$(tr -cd '(' < tree.nwk | wc -c)" -eq 599 ] || fail "Newick has other counts"
tail -c 3 tree.nwk | grep -F ');' >/dev/null || fail "Newick does not end in );"

# a bare matrix out of HDF5, npy out; again from npy
run "$ZSC" ward -e "$fixture:/gauss_200x5/x" -o z.npy --clusters 3,25
[ "$status" -eq 0 ] && [ -s z.npy ] && [ -s z-3.npy ] && [ -s z-25.npy ] || fail "npy: $(cat err)"
run "$ZSC" score z-25.npy "$fixture:/gauss_200x5/cut_25" --format csv
awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "ari") at = i} NR == 2 {exit !($at > 0.999999)}' out || fail "the cut into 25 is not SciPy's"
run "$ZSC" ward -e z.npy -o again.h5 --linkage single
[ "$status" -eq 0 ] || fail "npy in: $(cat err)"

# refusals, and nothing is left behind
expect 2 'cannot cut 200 rows into 201 clusters' "$ZSC" ward -e "$fixture:/gauss_200x5/x" -o no.h5 --clusters 201
expect 2 'into 0 clusters' "$ZSC" ward -e "$fixture:/gauss_200x5/x" -o no.h5 --clusters 0
expect 2 'no ranks' "$ZSC" ward -e "$fixture:/gauss_200x5/x" -o no.h5 --clusters species
expect 2 'more than the limit of 1' "$ZSC" ward -e "$fixture:/gauss_200x5/x" -o no.h5 --linkage average --memory-limit 100k
expect 2 'is used unchanged' "$ZSC" ward -e "$fixture:/gauss_200x5/x" -o no.h5 --scale l2
expect 2 'nothing to write' "$ZSC" ward -e sim.h5:sim_dna
expect 2 'no embeddings' "$ZSC" ward -o no.h5
expect 2 'which is not given' "$ZSC" ward -e sim.h5:sim_dna --newick no.nwk --clusters 3
expect 3 'holds no /nothing' "$ZSC" ward -e "$fixture:/nothing" -o no.h5
expect 3 'is not a matrix of numbers' "$ZSC" ward -e "$fixture:/gauss_200x5" -o no.h5
expect 3 'no such file' "$ZSC" ward -e absent.npy -o no.h5
printf '\223NUMPY\001\000\166\000' > nan.npy
printf '%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }" >> nan.npy
printf '\000\000\200\077\000\000\300\177\000\000\000\100' >> nan.npy
expect 4 '1 of 3 rows hold NaN or infinity, first row 2' "$ZSC" ward -e nan.npy -o no.h5
nothing_left no.h5

# one row and two
printf '\223NUMPY\001\000\166\000' > one.npy
printf '%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }" >> one.npy
printf '\000\000\200\077\000\000\200\077' >> one.npy
run "$ZSC" ward -e one.npy -o one.h5 --clusters 1 --newick one.nwk
[ "$status" -eq 0 ] && [ "$(cat one.nwk)" = '0;' ] || fail "one row: $(cat err)"
printf '\223NUMPY\001\000\166\000' > two.npy
printf '%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }" >> two.npy
printf '\000\000\200\077\000\000\200\100' >> two.npy
run "$ZSC" ward -e two.npy --newick two.nwk
[ "$status" -eq 0 ] && [ "$(cat two.nwk)" = '(0:3,1:3);' ] || fail "two rows: $(cat two.nwk) $(cat err)"

python=
for p in python3 /usr/bin/python3; do
    [ -n "$python" ] || ! "$p" -c 'import scipy.cluster.hierarchy, h5py' 2>/dev/null || python=$p
done
if [ -n "$python" ]; then
    "$python" - "$fixture" <<'PY' || fail "SciPy"
import sys, h5py, numpy as np
from scipy.cluster import hierarchy as H
z = np.load('z.npy')
assert H.is_valid_linkage(z, throw=True) and H.is_monotonic(z)
x = h5py.File(sys.argv[1])['gauss_200x5/x'][:]
w = H.linkage(x, 'ward')
assert (z[:, [0, 1, 3]] == w[:, [0, 1, 3]]).all() and np.allclose(z[:, 2], w[:, 2], rtol=1e-9, atol=0)
f = h5py.File('tree.h5')
assert H.is_valid_linkage(f['linkage'][:], throw=True)
k = f['clusters/5'][:]
e = H.fcluster(f['linkage'][:], 5, 'maxclust')
assert len(set(zip(k, e))) == 5 and len(f['id']) == 600
for m in ('single', 'average', 'complete'):
    import subprocess, os
    subprocess.run([os.environ['ZSC'], 'ward', '-q', '-e', sys.argv[1] + ':/gauss_200x5/x', '-o', m + '.npy', '--linkage', m], check=True)
    z, w = np.load(m + '.npy'), H.linkage(x, m)
    assert (z[:, [0, 1, 3]] == w[:, [0, 1, 3]]).all() and np.allclose(z[:, 2], w[:, 2], rtol=1e-9, atol=0), m
PY
else
    echo "SciPy or h5py is not there: its reading of the files was not tested" >&2
fi
if "${PYTHON3-/usr/bin/python3}" -c 'import h5py' 2>/dev/null; then # an altered linkage is not cut
    "$ZSC" ward -q -e "$fixture:/gauss_200x5/x" -k 7 -o sealed.h5 || fail "ward to HDF5"
    for object in linkage clusters/7; do
        reading="score altered.h5:/clusters/7 altered.h5:/clusters/7"
        [ $object = linkage ] && reading="ward -e altered.h5:/linkage -o x.h5"
        cp sealed.h5 altered.h5
        "${PYTHON3-/usr/bin/python3}" -c "import h5py; h5py.File('altered.h5', 'r+')['$object'][0] += 1"
        expect 3 "'altered.h5' is damaged: the checksum of /$object does not match" "$ZSC" $reading
    done
fi
finish
