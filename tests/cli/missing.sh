#!/bin/sh
# configure names every library that is missing, with the Debian package that brings it, in one go.
set -eu
[ -x "$ZSC_SRCDIR/configure" ] || { echo "there is no configure" >&2; exit 77; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
mkdir "$dir/none" "$dir/build" && cd "$dir/build"
if PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR="$dir/none" "$ZSC_SRCDIR/configure" --quiet CC="$ZSC_CC" > log 2>&1; then
  echo "configure went through without any library"; exit 1
fi
for package in libopenblas-dev libgsl-dev libhdf5-dev libxxhash-dev libjansson-dev libyaml-dev libzip-dev \
    zlib1g-dev libzstd-dev; do
  grep -q "Debian package $package" log || { echo "$package is not named:"; cat log; exit 1; }
done
grep -q 'apt-get install .*libgsl-dev.*libhdf5-dev' log
# quickstart installs all that configure asks for
for package in $(sed -n 's/.*apt-get install//p' log); do
  "$ZSC_SRCDIR/quickstart" packages | grep -qx "$package" || { echo "quickstart does not know $package"; exit 1; }
done
