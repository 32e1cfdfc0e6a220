#!/bin/sh
# The commands of doc/tutorial.md run as they stand there.
set -eu
command -v gnuplot >/dev/null || { echo "gnuplot is not there" >&2; exit 77; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
sed -n 's/^    \(zsc .*\)/\1/p' "$ZSC_SRCDIR/doc/tutorial.md" > "$dir/commands"
[ "$(wc -l < "$dir/commands")" -gt 10 ]
mkdir "$dir/bin" "$dir/work"
ln -s "$ZSC" "$dir/bin/zsc"
PATH=$dir/bin:$PATH
cd "$dir/work"
# the same commands on fewer rows and epochs: what is tested is that they work
sed -e 's/--rows 2000/--rows 700/' -e '/--reduce none/!s/^zsc run /zsc run --epochs 20 /' "$dir/commands" > "$dir/quick"
while read -r command; do
  sh -c "$command" > out 2>&1 || { echo "\$ $command"; cat out; exit 1; }
done < "$dir/quick"
[ -s ranks.pdf ] && [ -s sweep.yaml ]
