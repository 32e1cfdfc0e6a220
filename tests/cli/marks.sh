#!/bin/sh
# Best and second are marked among rows with the same rows, splits and settings alone, and all formats agree.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
${PYTHON3-/usr/bin/python3} "$ZSC_SRCDIR/tests/cli/marks.py" || fail "marks"
# --- What one per barcode alone has (barcode-max-length, not given) tells no series apart: the rows do
"$ZSC" simulate -q --rows 90 --seed 3 -o rows.h5 || fail "simulate"
for rows in all first; do "$ZSC" run -q -e rows.h5:sim_dna --reduce none --one-per-barcode=$rows -o rows >/dev/null || fail "run"; done
run "$ZSC" table ranks rows --format csv
[ "$(wc -l <out)" -eq 3 ] && ! grep -q 'barcode-max' out && [ "$(cut -d, -f3,4 out | sed 1d | paste -s -d';')" = "Simulated DNA,all;Simulated DNA,one per barcode" ] || fail "rows: $(cat out)"
"$ZSC" run -q -e rows.h5:sim_dna --reduce none --one-per-barcode=first --barcode-max-length 30 -o rows >/dev/null || fail "run"
run "$ZSC" table ranks rows --format csv
grep -q 'barcode-max-length 30' out || fail "barcodes of 30 bases are not named: $(cat out)"

finish
