#!/bin/sh
# zsc compare --recluster: each half is a run of its own; threads change nothing; inputs that changed are refused.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "$1" >&2; exit 1; }
"$ZSC" simulate -q --rows 90 --families 6 --genera 12 --species 24 --missing-species 0.05 --seed 3 -o s.h5
for encoder in sim_dna sim_image_1; do
    "$ZSC" run -q -e s.h5:$encoder --scale zscore --reduce pca --n-components 4 --clusterer kmeans --seed 7 -o r > /dev/null
done
"$ZSC" compare -q r --recluster 20 --seed 5 --ranks genus,species --format json -t 1 > one.json 2> err || fail "$(cat err)"
mkdir elsewhere
(cd elsewhere && "$ZSC" compare -q ../r --recluster 20 --seed 5 --ranks genus,species --format json -t 3 -o ../three.json) 2> err || fail "$(cat err)"
cmp one.json three.json || fail "threads or the folder change the intervals"
grep -q '"estimand": "the mean AMI, over other samples of .* each clustered anew' one.json || fail "no estimand"
"$ZSC" compare -q r --recluster 20 --ranks species | grep -q '^ *sample, clustered anew' || fail "components"
"$ZSC" compare -q r --recluster 3 2> err && fail "three splits"
grep -q 'too few splits, expected 0, or 20 and more' err || fail "$(cat err)"
python=${PYTHON3-/usr/bin/python3}
if "$python" -c 'import h5py, numpy' 2> /dev/null; then
    "$python" "$ZSC_SRCDIR/tests/cli/recluster.py" "$ZSC" r one.json || fail "other numbers than runs of the halves"
fi
"$ZSC" simulate -q --rows 90 --families 6 --genera 12 --species 24 --missing-species 0.05 --seed 4 -o s.h5 --force
"$ZSC" compare -q r --recluster 20 2> err && fail "changed inputs"
grep -q "have changed since; run it again" err || fail "changed inputs: $(cat err)"
rm s.h5
"$ZSC" compare -q r --recluster 20 2> err && fail "no inputs"
[ "$(wc -l < err)" -eq 1 ] && grep -q -- "--recluster: result .*s.h5" err || fail "no inputs: $(cat err)"
