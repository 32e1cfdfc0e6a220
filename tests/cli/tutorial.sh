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
# the tables of "Your own tables": three species in two families
awk 'BEGIN { print "sample,f1,f2"; for (i = 0; i < 60; i++) print "s" i "," i % 3 * 9 + i % 7 / 9 "," i % 5 / 8 }' > features.csv
awk 'BEGIN { print "sample,Familia,Especie"; for (i = 0; i < 60; i++) print "s" i ",F" (i % 3 > 0) ",E" i % 3 }' > samples.csv
while read -r command; do
  sh -c "$command" > out 2>&1 || { echo "\$ $command"; cat out; exit 1; }
done < "$dir/quick"
[ -s ranks.pdf ] && [ -s sweep.yaml ] && [ -s scatter.png ] && [ "$(wc -l < clusters.csv)" -eq 61 ]
[ "$(head -n 1 clusters.csv)" = id,cluster,Familia,Especie ]
