#!/bin/bash
# The same commands built by gcc and by clang at -O1 and -O3: scores of given labels must be the same to 1e-12, those of
# clusterings without UMAP to 0.005 (merges of equal height may change places), with UMAP to 0.06 (tests/cli/isa.sh says why).
#   compilers.sh BUILDDIR
set -u
build=$1
source=$(cd "$(dirname "$0")/.." && pwd)
LC_ALL=C; export LC_ALL
mkdir -p "$build"
cd "$build" || exit 1
made=
for cc in gcc clang; do
    command -v $cc > /dev/null || { echo "$cc: not installed"; continue; }
    for level in O1 O3; do
        mkdir -p $cc-$level
        (cd $cc-$level && { [ -e Makefile ] || "$source/configure" -q CC=$cc CFLAGS="-g -$level"; } && make -s -j2 zsc) > $cc-$level.log 2>&1 ||
            { echo "$cc -$level does not build"; tail -3 $cc-$level.log; exit 1; }
        made="$made $cc-$level"
    done
done
first=${made# }; first=${first%% *}
"$first/zsc" simulate --rows 400 --seed 4 -q -o in.h5 || exit 1
status=0
compare() { # NAME TOLERANCE COMMAND...
    name=$1 tolerance=$2; shift 2
    for b in $made; do
        "$b/zsc" "$@" --format csv -q 2> err | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ami") c = i; next } c { print $c }' > "$b.ami"
        [ -s "$b.ami" ] || { echo "$name, $b: no scores"; status=1; continue; }
        worst=$(paste "$first.ami" "$b.ami" | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > m) m = d } END { print m + 0 }')
        echo "$name, $b: largest difference of AMI $worst (allowed $tolerance)"
        awk -v d="$worst" -v t="$tolerance" 'BEGIN { exit !(d <= t) }' || status=1
    done
}
for b in $made; do # every score, word by word
    "$b/zsc" score in.h5:/labels/species in.h5:/labels/genus --format csv -q | tr ',' ' ' > "$b.score"
    paste -d ' ' "$first.score" "$b.score" | awk -v b="$b" '
        { h = NF / 2; for (i = 1; i <= h; i++) { d = $i - $(i + h); if (d < 0) d = -d
              if ($i != $(i + h) && (d > 1e-12 || $i + 0 != $i)) { print "score, " b ": " $i " and " $(i + h); bad = 1 } } }
        END { exit bad || NR < 2 }' && echo "score, $b: the same to 1e-12" || status=1
done
compare ward 0.005 run -e in.h5:sim_dna --reduce none
compare pca 0.005 run -e in.h5:sim_dna --reduce pca --dim 10
compare umap 0.06 run -e in.h5:sim_dna --dim 8 --neighbors 15 --epochs 100
exit $status
