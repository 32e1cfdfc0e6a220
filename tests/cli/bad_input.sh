#!/bin/sh
# Bad input: one clear sentence, the right exit status, nothing half written.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
"$ZSC" simulate -q --rows 300 --dna-dim 8 --image-dim 8 --seed 1 -o e.h5 --metadata-output m.csv
mkdir out

fail() { echo "zsc $*"; cat err; exit 1; }
expect() { # status, words, command...
  status=$1 words=$2; shift 2
  got=0; "$ZSC" "$@" > stdout 2> err || got=$?
  [ $got -eq "$status" ] || fail "$*: expected status $status, got $got:"
  grep -q -- "$words" err || fail "$*: expected '$words':"
  [ "$status" -eq 0 ] || [ "$(grep -cv 'rows, \|left out:' err)" -eq 1 ] || fail "$*: expected one sentence:"
  [ "$status" -eq 0 ] || [ -z "$(ls -A out)" ] || fail "$*: left $(ls -A out):"
  rm -rf out; mkdir out
}
R="run --reduce none -o out"

# files
expect 3 "no such file: 'nowhere.h5'" $R -e nowhere.h5
expect 3 "no such file: 'nowhere.csv'" $R -e e.h5:sim_dna -m nowhere.csv
expect 3 "'m.csv' is a table of metadata rather than of numbers" $R -e m.csv
expect 3 'it is a folder' $R -e out
: > empty.h5
expect 3 "'empty.h5' is empty" $R -e empty.h5
head -c 20000 e.h5 > cut.h5
expect 3 "'cut.h5' is truncated" $R -e cut.h5
expect 3 'which encoder? It holds: ' $R -e e.h5
expect 3 "no encoder 'sim_dn'; did you mean 'sim_dna'" $R -e e.h5:sim_dn
expect 2 'no embeddings' $R
expect 2 'missing after the colon' $R -e e.h5:
for option in --output --metadata --embeddings; do
  expect 2 "option $option expects a name (.*), and its argument is empty" run --reduce none -e e.h5:sim_dna $option ''
done
expect 2 'option --output expects a name' ward -e e.h5:sim_dna -o ''
expect 2 'option --output expects a name' simulate --rows 9 -o ''
expect 2 'option --h5-embedding expects a name' info e.h5 --h5-embedding ''
expect 2 'and word 1 is empty' info ''
expect 2 'the name of a file is missing' info :x
expect 3 "no such file: '::'" knn -e :::x -o out/k.h5
expect 2 'expected RESULTS..., and word 2 is empty' collect e.h5 ''
printf 'embeddings: e.h5:sim_dna\nreduce: none\noutput: ""\n' > empty.yaml
expect 2 'the name of the folder to write to is empty' sweep -q empty.yaml

# metadata
sed '1s/processid/sampleid2/' m.csv > x.csv
expect 3 'has no column processid; it has: sampleid2, sampleid' $R -e e.h5:sim_dna -m x.csv
awk 'NR == 7 {sub(/,/, ",\"")} {print}' m.csv > x.csv
expect 3 "'x.csv', line .*unterminated quote" $R -e e.h5:sim_dna -m x.csv
{ head -n 4 m.csv; printf 'a\000b\n'; tail -n +5 m.csv; } > x.csv
expect 3 "'x.csv', line 5: a zero byte" $R -e e.h5:sim_dna -m x.csv
{ head -n 9 m.csv; echo 'one,two'; } > x.csv
expect 3 "'x.csv', line 10: 2 fields, expected" $R -e e.h5:sim_dna -m x.csv
{ cat m.csv; sed -n 5p m.csv; } > x.csv
id=$(sed -n 5p m.csv | cut -d, -f1)
expect 3 "'x.csv': rows 4 and 301 have the same id $id" $R -e e.h5:sim_dna -m x.csv
sed '2,$s/^/X/' m.csv > x.csv
expect 3 "no id of embeddings 'e.h5' is in metadata 'x.csv' (the first are " $R -e e.h5:sim_dna -m x.csv
{ head -n 1 m.csv; printf 'A,\377\n'; } > x.csv
expect 3 "'x.csv', line 2: 2 fields" $R -e e.h5:sim_dna -m x.csv

# accepted: Windows line ends, a byte order mark, columns in another order, some ids without a row (counted)
"$ZSC" run -q --reduce none -e e.h5:sim_dna -m m.csv --format csv > plain
sed 's/$/\r/' m.csv > x.csv
"$ZSC" run -q --reduce none -e e.h5:sim_dna -m x.csv --format csv > windows
{ printf '\357\273\277'; cat m.csv; } > x.csv
"$ZSC" run -q --reduce none -e e.h5:sim_dna -m x.csv --format csv > mark
awk -F, '{print $21 "," $12 "," $11 "," $10 "," $9 "," $8 "," $7 "," $6 "," $5 "," $1}' m.csv > x.csv
"$ZSC" run -q --reduce none -e e.h5:sim_dna -m x.csv --format csv > order
gzip -c m.csv > x.csv.gz
"$ZSC" run -q --reduce none -e e.h5:sim_dna -m x.csv.gz --format csv > packed
for other in windows mark order packed; do # the run's time differs
  cut -d, -f1-12 plain > a; cut -d, -f1-12 $other > b; [ -s a ]
  cmp a b || { echo "$other differs"; exit 1; }
done
head -n 201 m.csv > x.csv
expect 0 '100 rows whose id' $R -e e.h5:sim_dna -m x.csv

# choices
expect 3 "no row has split 'tset'; did you mean 'test'? There are: " $R -e e.h5:sim_dna --split test+tset
expect 3 "no row has order 'Nothing'" $R -e e.h5:sim_dna --where order=Nothing
expect 3 "no row has order 'Nothing'" $R -e e.h5:sim_dna --where Order=Nothing
expect 3 "has no column phylym; did you mean phylum" $R -e e.h5:sim_dna -m m.csv --where phylym=x
expect 2 "expects column=value" $R -e e.h5:sim_dna --where Diptera
expect 3 "has no column tribe; there are: " $R -e e.h5:sim_dna --ranks tribe
cut -d, -f1-11 m.csv > x.csv
expect 3 "no row is left\|no row has split" $R -e e.h5:sim_dna --where split=

# output
: > file
expect 3 "cannot create" run --reduce none -e e.h5:sim_dna -o file/out
(ulimit -f 8; trap '' XFSZ; expect 3 'cannot write' $R -e e.h5:sim_dna)
[ ! -e core ]
