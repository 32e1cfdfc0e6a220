#!/bin/bash
# The same commands built by gcc and by clang at -O1 and -O3 give the same bytes: scores of given labels, the fixed problem
# of zsc version --verify, and runs without reduction, with principal components and with UMAP.
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
        (cd $cc-$level && { [ -e Makefile ] || "$source/configure" -q --disable-static CC="${CCACHE-} $cc" CFLAGS="-g -$level"; } && make -s -j2 zsc) > $cc-$level.log 2>&1 ||
            { echo "$cc -$level does not build"; tail -3 $cc-$level.log; exit 1; }
        made="$made $cc-$level"
    done
done
first=${made# }; first=${first%% *}
"$first/zsc" simulate --rows 400 --seed 4 -q -o in.h5 || exit 1
status=0
same() { # WHAT COMMAND...
    what=$1; shift
    for b in $made; do
        "$b/zsc" "$@" -q > "$b.out" 2> err || { echo "$what, $b: $(cat err)"; status=1; continue; }
        if [ -s "$b.out" ] && cmp -s "$first.out" "$b.out"; then echo "$what, $b: the same bytes"
        else echo "$what, $b: other bytes than $first"; status=1; fi
    done
}
for b in $made; do
    "$b/zsc" version --verify > "$b.verify" || { echo "the fixed problem, $b:"; sed -n '/^stage/,$p' "$b.verify"; status=1; }
done
same 'scores' score in.h5:/labels/species in.h5:/labels/genus --format csv
same "Ward's linkage" run -e in.h5:sim_dna --reduce none --internal --format csv
same 'principal components' run -e in.h5:sim_dna --reduce pca --dim 10 --format csv
same 'UMAP' run -e in.h5:sim_dna --dim 8 --neighbors 15 --epochs 100 --format csv
same 'UMAP, cosine, approximate neighbours' run -e in.h5:sim_image_1 --metric cosine --knn approx --dim 50 --format csv
same 'k-means' run -e in.h5:sim_dna --reduce none --clusterer kmeans --format csv
same 'HDBSCAN' run -e in.h5:sim_dna --reduce none --clusterer hdbscan --format csv
exit $status
