#!/bin/sh
# make install DESTDIR=...: what a package would hold; a program builds against it by pkg-config and runs.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL || true
"$ZSC_MAKE" -s -C "$ZSC_BUILDDIR" install DESTDIR="$dir/root" > "$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
find "$dir/root" ! -type d | sed "s|^$dir/root||" > "$dir/files"
pc=$(grep '/pkgconfig/zsc\.pc$' "$dir/files")
grep -q '/libzsc_core\.a$' "$dir/files" && grep -q '/pkgconfig/zsc_core\.pc$' "$dir/files" || { echo 'libzsc_core is not installed'; exit 1; }
prefix=$(sed -n 's/^prefix=//p' "$dir/root$pc")
for file in bin/zsc include/zsc/zsc.h include/zsc/core.h share/man/man1/zsc.1 share/man/man1/zsc-version.1 share/zsc/plots/ranks.gp \
    share/bash-completion/completions/zsc share/zsh/site-functions/_zsc share/doc/zsc/README.md share/doc/zsc/examples/api.c; do
  grep -qx "$prefix/$file" "$dir/files" || { echo "not installed: $file"; cat "$dir/files"; exit 1; }
done
root=$dir/root$prefix

# every command has its page, the pages are sound troff, and completion is sound shell
"$ZSC" help --form=names | while read -r name; do
  page=$root/share/man/man1/zsc-$(echo "$name" | tr ' ' -).1
  [ -s "$page" ] || { echo "no man page for 'zsc $name'"; exit 1; }
  if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww -z "$page" 2> "$dir/groff"
    if [ -s "$dir/groff" ]; then cat "$dir/groff"; exit 1; fi
  fi
done
if command -v bash >/dev/null; then
  words=$(bash -c '. "$1"; COMP_WORDS=(zsc ver); COMP_CWORD=1; _zsc; echo "${COMPREPLY[@]}"' - "$root/share/bash-completion/completions/zsc")
  [ "$words" = version ] || { echo "bash completes 'zsc ver' to '$words'"; exit 1; }
  words=$(bash -c '. "$1"; COMP_WORDS=(zsc embed kmer --meta); COMP_CWORD=3; _zsc; echo "${COMPREPLY[@]}"' - "$root/share/bash-completion/completions/zsc")
  [ "$words" = --metadata ] || { echo "bash completes 'zsc embed kmer --meta' to '$words'"; exit 1; }
fi
if command -v zsh >/dev/null; then zsh -n "$root/share/zsh/site-functions/_zsc"; fi

# the installed program finds the installed plots; it is no wrapper of the build folder
"$root/bin/zsc" version > /dev/null

# the API, through pkg-config, against the shared library and against the static one
libs=$root/lib
[ -d "$libs" ] && ls "$libs"/libzsc.* > /dev/null 2>&1 || libs=$(dirname "$(dirname "$dir/root$pc")")
PKG_CONFIG_PATH=$dir/root$(dirname "$pc")
export PKG_CONFIG_PATH
flags=$(pkg-config --define-variable=prefix="$root" --define-variable=libdir="$libs" --cflags --libs zsc)
case $flags in *gslcblas*) echo "pkg-config names gslcblas: $flags"; exit 1 ;; esac
if [ -e "$libs/libzsc.so" ]; then
  $ZSC_CC $ZSC_TEST_LDFLAGS "$ZSC_SRCDIR/examples/api.c" $flags -o "$dir/api"
  LD_LIBRARY_PATH=$libs "$dir/api"
fi
if [ -e "$libs/libzsc.a" ]; then
  flags=$(pkg-config --static --define-variable=prefix="$root" --define-variable=libdir="$libs" --cflags --libs zsc | sed "s|-lzsc |$libs/libzsc.a |")
  case $flags in *gslcblas*) echo "pkg-config --static names gslcblas: $flags"; exit 1 ;; esac
  $ZSC_CC $ZSC_TEST_LDFLAGS "$ZSC_SRCDIR/examples/api.c" $flags -o "$dir/api-static"
  "$dir/api-static"
fi

"$ZSC_MAKE" -s -C "$ZSC_BUILDDIR" uninstall DESTDIR="$dir/root" > "$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
left=$(find "$dir/root" ! -type d)
[ -z "$left" ] || { echo "make uninstall left: $left"; exit 1; }
