#!/bin/bash
# Builds zsc for aarch64 with Debian's cross compiler, runs it in qemu, and compares the bytes of the fixed problem and of
# runs with those of this machine's build. Needs the packages gcc-aarch64-linux-gnu and qemu-user; libraries for aarch64
# are downloaded into a folder of their own, and nothing is installed.
#   aarch64.sh FOLDER ZSC
set -u
work=$1 zsc=$2
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
there() { qemu-aarch64 -L "$root" -E LD_LIBRARY_PATH="$libraries" build/zsc "$@"; }
status=0
there version --verify > there.txt || status=1
sed -n '/^stage/,$p' there.txt
"$zsc" simulate --rows 300 --seed 4 -q -o in.h5 --metadata-output here.csv && there simulate --rows 300 --seed 4 -q -o there.h5 --metadata-output there.csv || exit 1
cmp here.csv there.csv && echo "simulated metadata: the same bytes" || status=1
same() { # WHAT COMMAND...
    what=$1; shift
    "$zsc" "$@" -q > here.out && there "$@" -q > there.out || { status=1; return; }
    if [ -s here.out ] && cmp -s here.out there.out; then echo "$what: the same bytes"; else echo "$what: other bytes"; status=1; fi
}
same "Ward's linkage" run -e in.h5:sim_dna --reduce none --internal --format csv
same 'UMAP' run -e in.h5:sim_dna --dim 8 --neighbors 15 --epochs 100 --format csv
same 'UMAP, cosine, approximate neighbours' run -e in.h5:sim_image_1 --metric cosine --knn approx --dim 50 --epochs 50 --format csv
same 'k-means' run -e in.h5:sim_dna --reduce none --clusterer kmeans --format csv
same 'HDBSCAN' run -e in.h5:sim_dna --reduce none --clusterer hdbscan --format csv
exit $status
