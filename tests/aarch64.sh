#!/bin/bash
# Builds zsc for aarch64 with Debian's cross compiler, runs it in qemu, by its kernels for NEON and by plain ones, and compares the
# bytes of every stage on the sets of data of tests/same_cases.sh with those of this machine's build; ZSC_SAME_LEVEL=long has
# the larger sets, too (an hour or two; ZSC_SAME_SETS chooses some). Needs the packages gcc-aarch64-linux-gnu and qemu-user; libraries for aarch64
# are downloaded into a folder of their own, and nothing is installed.
#   aarch64.sh FOLDER ZSC
set -u
work=$1 zsc=$2 level=${ZSC_SAME_LEVEL-short}
source=$(cd "$(dirname "$0")/.." && pwd)
LC_ALL=C; export LC_ALL
mkdir -p "$work/root" "$work/build"
cd "$work" || exit 1
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
    command -v $tool > /dev/null || { echo "SKIP: no $tool (packages gcc-aarch64-linux-gnu, qemu-user)"; exit 77; }
done
root=$work/root libraries=$work/root/usr/lib/aarch64-linux-gnu
if [ ! -e "$work/unpacked" ]; then
    mkdir -p apt/state/lists/partial apt/cache/archives/partial
    : > apt/status
    apt() {
        apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$work/apt/state" -o Dir::State::status="$work/apt/status" \
            -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=root "$@" >> apt.log 2>&1
    }
    apt update && apt install -y --download-only --no-install-recommends libc6-dev libgomp1 libopenblas-dev libgsl-dev libhdf5-dev \
        libxxhash-dev libjansson-dev libyaml-dev libzip-dev zlib1g-dev libzstd-dev libcsv-dev || { echo "no libraries for aarch64:"; tail -3 apt.log; exit 1; }
    for package in apt/cache/archives/*.deb; do dpkg-deb -x "$package" "$root" || exit 1; done
    find "$root" -type l -lname '/*' | while read -r link; do ln -sf "$root$(readlink "$link")" "$link"; done
    # what the packages' own scripts would have set up
    for f in "$libraries"/openblas-pthread/*.so*; do ln -sf "openblas-pthread/${f##*/}" "$libraries/${f##*/}"; done
    ln -sf hdf5-serial.pc "$libraries/pkgconfig/hdf5.pc"
    ln -sf ../openblas-pthread/pkgconfig/openblas.pc "$libraries/pkgconfig/openblas.pc"
    touch unpacked
fi
(cd build && { [ -e Makefile ] || PKG_CONFIG_LIBDIR=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root "$source/configure" -q --host=aarch64-linux-gnu \
    --disable-static CC="${CCACHE-} aarch64-linux-gnu-gcc --sysroot=$root" LDFLAGS="-L$libraries -Wl,-rpath-link,$libraries"; } && make -s -j2 zsc) > build.log 2>&1 ||
    { echo "zsc does not build for aarch64"; grep -E 'error|\*\*\*' build.log | head -n 5; tail -n 3 build.log; exit 1; }
here() { "$source/tests/same_cases.sh" "$@"; }
set -- qemu-aarch64 -L "$root" -E LD_LIBRARY_PATH="$libraries"
status=0
"$@" build/zsc version > version.txt || exit 1
grep '^kernels  *neon$' version.txt || { echo "not the kernels for NEON: $(grep '^kernels' version.txt)"; status=1; }
# the copy for NEON is code of its own: fused steps of four numbers, and none of the calls of fmaf that plain code makes
for kernels in knn/kernels/libzscneon_la-tile_kernels linalg/libzscneon_la-kernels umap/libzscneon_la-kernels_sgd knn/kernels/libzscneon_la-row_kernels; do
    aarch64-linux-gnu-objdump -d "build/src/${kernels%/*}/.libs/${kernels##*/}.o" > code
    echo "$kernels: $(grep -cE 'fmla.*v[0-9]+\.(4s|2d)' code) vector fmla"
    grep -qE 'fmla.*v[0-9]+\.(4s|2d)' code || { echo "$kernels has no vector code"; status=1; }
done
here inputs "$work/cases" "$level" "$zsc" || exit 1
here digests "$work/cases" "$level" "$zsc" > here.digests
for isa in neon plain; do
    [ $isa = plain ] && [ "$level" = long ] && continue # hours
    begun=$(date +%s)
    here digests "$work/cases" "$level" "$@" -E ZSC_ISA=$isa "$work/build/zsc" > $isa.digests
    if grep failed $isa.digests; then status=1; fi
    if cmp -s here.digests $isa.digests; then echo "$isa: $(wc -l < $isa.digests) digests, the same as here, $(($(date +%s) - begun)) s"
    else echo "$isa: other bytes than here:"; diff here.digests $isa.digests; status=1; fi
done
exit $status
