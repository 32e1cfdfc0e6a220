#!/bin/sh
# Instruction counts of the hot kernels under callgrind, against committed ones, within 3 %. Counts do not depend on how
# busy the machine is; they do depend on compiler and libraries, so the baseline names both and a difference in either
# is said.
#   instructions.sh BASELINE           compares
#   instructions.sh BASELINE --write   writes it anew
# AVX2 kernels (valgrind has no AVX-512), one thread, OpenBLAS's Haswell kernels.
set -u
baseline=$1
command -v valgrind > /dev/null || { echo "skipped: valgrind is not installed"; exit 77; }
LC_ALL=C ZSC_ISA=avx2 OMP_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell; export LC_ALL ZSC_ISA OMP_NUM_THREADS OPENBLAS_CORETYPE
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$ZSC" simulate --rows 600 --seed 2 -q -o "$work/in.h5" || exit 1
cd "$work" || exit 1
what="$("$ZSC" version 2> /dev/null | grep -i compiler | head -1)"
[ -n "$what" ] || what="compiler unknown"
collected() { # COMMAND...: instructions of the program
    valgrind --tool=callgrind --callgrind-out-file=out --log-file=log "$ZSC" "$@" > /dev/null 2> err ||
        { echo "zsc $*: fails: $(tail -1 err)" >&2; exit 1; }
    awk '/Collected/ { print $NF }' log
}
# Loading of libraries, some 40 million, and of runs the digest of stages that provenance has, 84 million, would hide what a
# kernel does: they are those of a run of 20 rows.
start=$(collected version) || exit 1
"$ZSC" simulate --rows 20 --seed 2 -q -o few.h5 || exit 1
start_of_runs=$(collected run -e few.h5:sim_dna --reduce none --clusters 4 -t 1 -q) || exit 1
count() { # NAME COMMAND...: millions of instructions beyond the start
    name=$1; shift
    all=$(collected "$@" -t 1 -q) || exit 1
    if [ "$1" = run ]; then begun=$start_of_runs; else begun=$start; fi
    awk -v name="$name" -v all="$all" -v start="$begun" 'BEGIN { printf "%s %.1f\n", name, (all - start) / 1e6 }'
}
{
    echo "# millions of instructions beyond the start; $what"
    count score score in.h5:/labels/species in.h5:/labels/genus
    count ward run -e in.h5:sim_dna --reduce none
    count pca run -e in.h5:sim_dna --reduce pca --dim 16
    count umap run -e in.h5:sim_dna --dim 50 --epochs 50
} > now || exit 1
if [ "${2:-}" = --write ]; then cd - > /dev/null && cp "$work/now" "$baseline" && cat "$baseline"; exit; fi
cd - > /dev/null || exit 1
[ "$(head -1 "$baseline")" = "$(head -1 "$work/now")" ] ||
    echo "note: the baseline was made by another build: $(head -1 "$baseline")"
awk 'FNR == NR { if ($1 != "#") was[$1] = $2; next }
     $1 != "#" { change = 100 * ($2 / was[$1] - 1); printf "%-8s %10.1f of %10.1f million, %+.1f %%\n", $1, $2, was[$1], change
                 if (!($1 in was) || change > 3) bad = 1
                 if (change < -3) print "  fewer: write the baseline anew" }
     END { exit bad }' "$baseline" "$work/now"
