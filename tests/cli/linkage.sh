#!/bin/sh
# The program itself binds cblas_* to OpenBLAS; the library shows zsc_ symbols and nothing else, all that headers declare.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

LD_DEBUG=bindings LD_BIND_NOW=1 "$ZSC" version > "$dir/version" 2> "$dir/bindings" || { cat "$dir/bindings"; exit 1; }
grep 'symbol `cblas_sgemm' "$dir/bindings" > "$dir/sgemm" || { echo "zsc does not use cblas_sgemm"; exit 1; }
if grep -v ' to [^ ]*openblas' "$dir/sgemm"; then echo "cblas_sgemm is not OpenBLAS's"; exit 1; fi
grep -q 'BLAS.*OpenBLAS' "$dir/version"

lib=$ZSC_BUILDDIR/.libs/libzsc.so
[ -e "$lib" ] || { echo "there is no shared library here: symbols were not looked at" >&2; exit 77; }
command -v nm >/dev/null || { echo "nm is not there" >&2; exit 77; }
nm -D --defined-only "$lib" | awk '{print $NF}' | sed 's/@.*//' > "$dir/symbols"
if grep -v '^zsc_' "$dir/symbols"; then echo "these symbols are shown and should not be"; exit 1; fi
sed -n 's/.*ZSC_API.* \**\(zsc_[a-z0-9_]*\)(.*/\1/p' "$ZSC_SRCDIR"/include/zsc/*.h | sort -u > "$dir/declared"
[ "$(wc -l < "$dir/declared")" -gt 20 ]
sort -u "$dir/symbols" | comm -23 "$dir/declared" - > "$dir/lacking"
if [ -s "$dir/lacking" ]; then echo "declared and not in the library:"; cat "$dir/lacking"; exit 1; fi

# its soname is that of its version
if command -v readelf >/dev/null; then
  version=$(sed -n 's/^ZSC_LT_VERSION = //p' "$ZSC_BUILDDIR/Makefile")
  current=${version%%:*} age=${version##*:}
  soname=$(readelf -d "$lib" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
  [ "$soname" = "libzsc.so.$((current - age))" ] || { echo "soname of version $version: $soname"; exit 1; }
fi
