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
./zsc simulate --rows 500 --seed 1 -t 2 -q -o "$work/in.h5" -m "$work/in.csv"
./zsc embed kmer -m "$work/in.csv" -k 3 -t 2 -q -o "$work/kmer.h5"
for how in "--reduce none" "--reduce pca --dim 8" "--dim 5 --neighbors 10 --epochs 20" "--reduce none --curve --internal" \
    "--dim 5 --neighbors 10 --epochs 20 --knn approx" "--reduce none --linkage average"; do
    # shellcheck disable=SC2086
    ./zsc run -e "$work/in.h5:sim_dna" $how -t 2 -q > /dev/null
    echo "run $how: no race"
done
