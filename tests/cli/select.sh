#!/bin/sh
# Selection and scaling (zsc select) equal plain NumPy code: values, ids, counts, in all modes; on the simulator's data, and
# on real barcodes through ZSC_REAL_DATA.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# What is printed, and the three forms of the matrix
"$ZSC" simulate -q -o sim.h5 --rows 200 --image-dim 5 --dna-dim 4 --seed 3 --metadata-output sim.csv || exit 99
for form in h5 npy csv; do
    run "$ZSC" select -q -e sim.h5:sim_image_1 -e sim.h5:sim_dna --scale l2 -o out.$form --format csv
    [ "$status" -eq 0 ] || fail "$form: $(cat err)"
done
grep -x "kept,200" out >/dev/null || fail "no count: $(cat out)"
[ "$(wc -l <out.csv)" -eq 201 ] && [ "$(head -n 1 out.csv)" = id,x1,x2,x3,x4,x5,x6,x7,x8,x9 ] || fail "CSV: $(head -n 1 out.csv)"
run "$ZSC" select -e sim.h5:sim_dna --split test
grep "^kept  *$(grep -c ',test,' sim.csv)$" out >/dev/null || fail "table: $(cat out)"
# a run on what was selected is the run itself
"$ZSC" run -q --reduce none --format csv -e out.h5 2>/dev/null | cut -d, -f6- >one
"$ZSC" run -q --reduce none --format csv -e sim.h5:sim_image_1 -e sim.h5:sim_dna --scale l2 | cut -d, -f6- >two
cmp -s one two || fail "a run on the selected rows differs"
"$ZSC" info out.h5 --format json | grep '"simulated": true' >/dev/null || fail "the mark of simulated data is lost"
expect 2 "must end in .h5, .npy or .csv" "$ZSC" select -e sim.h5:sim_dna -o out.xls
expect 2 "--ranks has no effect here: .csv holds no labels" "$ZSC" select -e sim.h5:sim_dna --ranks species -o out.csv
expect 2 "--ranks has no effect here: .npy holds no labels" "$ZSC" select -e sim.h5:sim_dna --ranks species -o out.npy
expect 2 "no embeddings" "$ZSC" select
expect 3 "did you mean 'test_unseen'" "$ZSC" select -e sim.h5:sim_dna --split test_unsen
nothing_left out.xls

python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null ||
    { [ $failures -eq 0 ] && skip "$python has no numpy and h5py (Debian packages python3-numpy, python3-h5py)"; finish; }
"$ZSC" simulate -q -o made.h5 --metadata-output made.csv --rows 2400 --splits all --unseen-species 0.5 --missing-species 0.4 --image-encoders 2 --image-dim 37,20 --dna-dim 24 --seed 8 ||
    exit 99
"$python" "$ZSC_SRCDIR/tests/cli/select.py" "$ZSC" made.h5 made.csv sim_image_1 sim_image_2 sim_dna || fail "simulated data"
if [ -n "${ZSC_REAL_DATA:-}" ]; then
    mkdir real
    "$ZSC" embed kmer -q -m "$ZSC_REAL_DATA/coi-example.csv" -k 2,3,4 -o real/coi.h5 || fail "embed kmer"
    "$python" "$ZSC_SRCDIR/tests/cli/select.py" "$ZSC" real/coi.h5 "$ZSC_REAL_DATA/coi-example.csv" kmer2 kmer4 kmer3 || fail "real barcodes"
else
    echo "ZSC_REAL_DATA is not set: real barcodes are left out"
fi
finish
