#!/bin/sh
# ThreadSanitizer over the kernels on two threads: a build of its own by clang with libomp, whose archer tool tells the
# sanitizer what OpenMP orders. tests/tsan.supp names what is left out and why.
#   tsan.sh BUILDDIR
set -eu
build=$1
source=$(cd "$(dirname "$0")/.." && pwd)
command -v clang > /dev/null || { echo "skipped: clang is not installed"; exit 77; }
mkdir -p "$build"
cd "$build"
[ -e Makefile ] || "$source/configure" -q CC=clang CFLAGS="-O1 -g" --enable-sanitizers=thread --disable-simd
make -s -j2 zsc
archer=$(find /usr/lib/llvm-*/lib -name libarcher.so 2> /dev/null | sort | tail -1)
[ -n "$archer" ] || { echo "skipped: no archer (libomp-dev): without it OpenMP's own ordering is unknown"; exit 77; }
export OMP_TOOL_LIBRARIES="$archer" OMP_NUM_THREADS=2 ARCHER_OPTIONS=verbose=0
export TSAN_OPTIONS="suppressions=$source/tests/tsan.supp ignore_noninstrumented_modules=1 halt_on_error=0 exitcode=66"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
./zsc simulate --rows 500 --seed 1 -t 2 -q -o "$work/in.h5" --metadata-output "$work/in.csv"
./zsc embed kmer -m "$work/in.csv" -k 3 -t 2 -q -o "$work/kmer.h5"
for how in "--reduce none" "--reduce pca --dim 8" "--dim 5 --neighbors 10 --epochs 20" "--reduce none --curve --internal" \
    "--dim 5 --neighbors 10 --epochs 20 --knn approx" "--reduce none --linkage average"; do
    # shellcheck disable=SC2086
    ./zsc run -e "$work/in.h5:sim_dna" $how -t 2 -q > /dev/null
    echo "run $how: no race"
done
./zsc run -e "$work/in.h5:sim_dna" -e "$work/kmer.h5:kmer3" --scale zscore --reduce none --curve -t 2 -q -o "$work/results" > /dev/null
./zsc run -e "$work/in.h5:sim_image_1" --reduce none -t 2 -q -o "$work/results" > /dev/null
printf 'embeddings: [%s:sim_dna, %s:sim_image_2]\ndim: 4\nneighbors: 8\nepochs: 10\nseed: [0, 1]\noutput: %s\n' "$work/in.h5" "$work/in.h5" "$work/swept" > "$work/sweep.yaml"
# enough rows for projections, for concatenations that are searched together, for blocks by probes and for a start with near rows joined
./zsc simulate --rows 4400 --rows-per-barcode 1 --dna-dim 64 --image-dim 96 --seed 2 -t 2 -q -o "$work/wide.h5" --metadata-output "$work/wide.csv"
printf 'pairs:\n  - [%s:sim_image_1]\n  - [%s:sim_dna]\ndim: 3\nneighbors: 8\nepochs: 2\nscale: zscore\noutput: %s\n' "$work/wide.h5" "$work/wide.h5" "$work/wide" > "$work/wide.yaml"
while read -r words; do
    # shellcheck disable=SC2086
    ./zsc $words -t 2 -q > /dev/null
    echo "${words%% *}: no race"
done <<EOF
knn -e $work/in.h5:sim_dna --knn approx --check-recall -o $work/knn.h5
umap -e $work/in.h5:sim_image_1 --n-components 3 --n-epochs 20 -o $work/umap.h5
trust $work/in.h5:sim_image_1 $work/umap.h5:umap
ward -e $work/in.h5:sim_image_1 --clusters 5 -o $work/ward.h5
curve $work/ward.h5 -l $work/in.csv:species
sweep $work/sweep.yaml
compare $work/results --resamples 20
compare $work/swept --resamples 20
sweep $work/wide.yaml
umap -e $work/wide.h5:sim_dna --n-components 2 --n-neighbors 8 --n-epochs 2 -o $work/wide-exact.h5
umap -e $work/wide.h5:sim_dna --knn approx --n-components 2 --n-neighbors 8 --n-epochs 2 -o $work/wide-approx.h5
EOF
