#!/bin/bash
# The plain, AVX2 and AVX-512 copies of the kernels, each forced, through whole commands.
#
# Tolerances: scores of given labels are the same numbers (integers and double sums in one order: 1e-12). Distances are
# float sums in another order, so that merges of equal height may change places: AMI within 0.005 without UMAP. A UMAP
# layout is chaotic in its last bits: AMI within 0.06 on 400 rows, a bound set by hand.
set -u
LC_ALL=C; export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"$ZSC" simulate --rows 400 --seed 4 -o in.h5 -q || exit 1
status=0
near() { # WHAT TOLERANCE: numbers of plain.txt against those of $isa.txt, field by field
    paste -d ' ' plain.txt "$isa.txt" | awk -v tolerance="$2" -v what="$1, $isa" '
        { half = NF / 2
          for (i = 1; i <= half; i++) {
              a = $i; b = $(i + half)
              if (a == b) continue
              d = a - b; if (d < 0) d = -d
              if (a + 0 != a || b + 0 != b || d > tolerance) { print what ": " a " plain, " b " " what; bad = 1 } } }
        END { exit bad }' || status=1
}
ami() { tr -d '\r' | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ami") c = i; next } c { print $c } END { if (NR < 3 || !c) print "no scores" }'; }
compare() { # WHAT TOLERANCE FILTER COMMAND...
    what=$1 tolerance=$2 filter=$3; shift 3
    for isa in plain avx2 avx512; do
        ZSC_ISA=$isa "$ZSC" "$@" 2> err | $filter > $isa.txt
        [ -s $isa.txt ] || { echo "$what, $isa: no output"; cat err; status=1; return; }
        grep -q 'no scores' $isa.txt && { echo "$what, $isa: no scores"; cat err; status=1; return; }
        near "$what" "$tolerance"
    done
}
words() { tr ',' ' '; }
compare score 1e-12 words score in.h5:/labels/species in.h5:/labels/genus --format csv
if "$ZSC" help | grep -q '^  run '; then
    compare 'run without reduction' 0.005 ami run -e in.h5:sim_dna --reduce none --format csv -q
    compare 'run, principal components' 0.005 ami run -e in.h5:sim_dna --reduce pca --dim 10 --format csv -q
    compare 'run, UMAP' 0.06 ami run -e in.h5:sim_dna --dim 8 --neighbors 15 --epochs 100 --format csv -q
fi
exit $status
