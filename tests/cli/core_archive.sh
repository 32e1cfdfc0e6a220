#!/bin/sh
# libzsc_core.a: a module that is loaded into another program is linked to the kernels by pkg-config. It has no text
# relocations, needs no HDF5 and few libraries, and computes. Every function of zsc/core.h is in the archive.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
archive=$ZSC_BUILDDIR/libzsc_core.a
[ -s "$archive" ] || { echo "there is no $archive"; exit 1; }
[ -x "$(command -v nm)" ] && [ -x "$(command -v readelf)" ] || { echo "nm and readelf are not there" >&2; exit 77; }

cp "$ZSC_BUILDDIR/zsc_core.pc" "$dir"
flags=$(PKG_CONFIG_PATH=$dir pkg-config --define-variable=libdir="$ZSC_BUILDDIR" --define-variable=includedir="$ZSC_SRCDIR/include" \
  --cflags --libs zsc_core)
case $flags in *hdf5* | *gslcblas*) echo "pkg-config names what the kernels do not need: $flags"; exit 1 ;; esac
# -z text: the linker refuses objects that are not position-independent; a sanitizer's symbols come with the program
defined=-Wl,-z,defs
case ${ZSC_TEST_LDFLAGS-} in *-fsanitize*) defined= ;; esac
$ZSC_CC ${ZSC_TEST_LDFLAGS-} -DMODULE -fPIC -fvisibility=hidden -shared -Wl,-z,text $defined -Wl,--exclude-libs,libzsc_core.a \
  "$ZSC_SRCDIR/tests/cli/core_archive.c" $flags -o "$dir/module.so"
$ZSC_CC ${ZSC_TEST_LDFLAGS-} "$ZSC_SRCDIR/tests/cli/core_archive.c" -ldl -o "$dir/load"
ami=$("$dir/load" "$dir/module.so")
[ "$ami" = 1.000 ] || { echo "AMI of four groups of points: $ami"; exit 1; }

needed=$(readelf -d "$dir/module.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
for library in $needed; do
  case $library in
    libopenblas* | libgsl.* | libxxhash.* | libm.* | libc.* | libgomp.* | libomp.* | libpthread.* | libdl.*) ;;
    libgcc_s.* | libasan.* | libubsan.* | libtsan.* | ld-linux*) ;;
    *) echo "the module needs $library"; exit 1 ;;
  esac
done
exported=$(nm -D --defined-only "$dir/module.so" | awk '$NF ~ /^zsc_/ { print $NF }')
[ -z "$exported" ] || { echo "the module shows symbols of zsc:" $exported; exit 1; }

# what core.h declares, and the headers that it includes, is there
cd "$ZSC_SRCDIR/include"
headers=$(sed -n 's|^#include "\(zsc/.*\)"|\1|p' zsc/core.h)
[ "$(echo "$headers" | wc -l)" -gt 10 ]
sed -n 's/.*ZSC_API.* \**\(zsc_[a-z0-9_]*\)(.*/\1/p' zsc/core.h $headers | sort -u > "$dir/declared"
[ "$(wc -l < "$dir/declared")" -gt 40 ]
nm --defined-only "$archive" 2> /dev/null | awk '$2 == "T" { print $3 }' | sort -u | comm -23 "$dir/declared" - > "$dir/lacking"
if [ -s "$dir/lacking" ]; then echo "declared in core.h and not in the archive:"; cat "$dir/lacking"; exit 1; fi
# and nothing of HDF5 is asked for
if nm -u "$archive" 2> /dev/null | grep -E ' U (H5|zip_|yaml_|json_|igraph_)'; then echo "the kernels use more than they should"; exit 1; fi
