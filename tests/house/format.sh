#!/bin/sh
# C files stand as .clang-format lays them out, and no line of a source file is longer than 120 columns.
set -u
cd "$ZSC_SRCDIR" || exit 1
files=$(find src include tests examples python r -name '*.[ch]' -o -name '*.def' | sort)
[ -n "$files" ] || { echo "no source files below $ZSC_SRCDIR"; exit 1; }
failed=0
long=$(awk 'length > 120 {print FILENAME ":" FNR ": " length " columns"}' $files Makefile.am tests/*.mk python/*.mk r/*.mk \
  $(find python r -name '*.py' -o -name '*.R'))
[ -z "$long" ] || { echo "$long"; failed=1; }
if ! command -v clang-format > /dev/null; then
  echo "clang-format is not installed (Debian package clang-format): only the length of lines was checked"
  [ $failed -eq 0 ] && exit 77
  exit 1
fi
# one process for most of them, since starting one for each takes longer than all the rest
others=$(printf '%s\n' $files | grep '\.def$')
clang-format --style=file --dry-run -Werror $(printf '%s\n' $files | grep '\.[ch]$') 2> /dev/null || others=$files
for file in $others; do
  clang-format --style=file --assume-filename="${file%.def}.c" < "$file" | cmp -s - "$file" ||
    { echo "$file: not laid out as .clang-format says: make format"; failed=1; }
done
exit $failed
