#!/bin/sh
# Instruction counts of the hot kernels under callgrind, against committed ones, within 5 %. Counts do not depend on how
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
count() { # NAME COMMAND...: instructions of the program in millions, library loading included
    name=$1; shift
    valgrind --tool=callgrind --callgrind-out-file=out --log-file=log "$ZSC" "$@" -t 1 -q > /dev/null 2> err ||
        { echo "$name: fails: $(tail -1 err)" >&2; exit 1; }
    awk -v name="$name" '/Collected/ { printf "%s %.1f\n", name, $NF / 1e6 }' log
}
{
    echo "# millions of instructions; $what"
    count score score in.h5:/labels/species in.h5:/labels/genus
    count ward run -e in.h5:sim_dna --reduce none
    count pca run -e in.h5:sim_dna --reduce pca --dim 16
    count umap run -e in.h5:sim_dna --dim 8 --neighbors 15 --epochs 50
} > now || exit 1
if [ "${2:-}" = --write ]; then cd - > /dev/null && cp "$work/now" "$baseline" && cat "$baseline"; exit; fi
cd - > /dev/null || exit 1
[ "$(head -1 "$baseline")" = "$(head -1 "$work/now")" ] ||
    echo "note: the baseline was made by another build: $(head -1 "$baseline")"
awk 'FNR == NR { if ($1 != "#") was[$1] = $2; next }
     $1 != "#" { change = 100 * ($2 / was[$1] - 1); printf "%-8s %10.1f of %10.1f million, %+.1f %%\n", $1, $2, was[$1], change
                 if (!($1 in was) || change > 5) bad = 1
                 if (change < -5) print "  fewer: write the baseline anew" }
     END { exit bad }' "$baseline" "$work/now"
