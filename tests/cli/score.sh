#!/bin/sh
# zsc score: every kind of file, every output form, ids, missing labels, and one sentence for each mistake.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
fixtures=$ZSC_SRCDIR/tests/fixtures
cd "$dir"

fail() { echo "$1" >&2; exit 1; }
# FIELD of the CSV that the rest of the words print
field() { name=$1; shift; "$ZSC" score --format csv "$@" 2> err | awk -F, -v name="$name" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == name) at = i} NR == 2 {print $at}'; }
near() { awk -v a="$1" -v b="$2" 'BEGIN {d = a - b; exit !(a != "" && d < 1e-10 && d > -1e-10)}' || fail "$1 is not $2"; }

# HDF5 integers, against scikit-learn's values of the same fixtures
noisy="$fixtures/metrics.h5:/noisy/truth $fixtures/metrics.h5:/noisy/pred"
near "$(field ami $noisy)" 0.7149840944776907
near "$(field ami --average max $noisy)" 0.6213542099348116
near "$(field ami --average min $noisy)" 0.8418379744200698
near "$(field ami --average geometric $noisy)" 0.7210557035852293
near "$(field nmi --average max $noisy)" 0.7101486791501506
near "$(field ari $noisy)" 0.746937287734016
negative="$fixtures/metrics.h5:/negative_codes/truth $fixtures/metrics.h5:/negative_codes/pred"
near "$(field ami --missing class $negative)" 0.6321573877225269
missing=$(field missing $negative)
[ "$missing" -gt 300 ] && [ "$(field rows $negative)" -eq $((4000 - missing)) ] || fail "rows left out: $missing"
[ "$(field rows --missing class $negative)" -eq 4000 ] || fail "rows with missing as a class"

# CSV text; scikit-learn's documented example, AMI 0.2782..., with two more rows whose label is missing
printf 'id,a,b\n' > x.csv
i=0
for pair in 1,1 1,1 1,1 1,1 1,2 1,1 2,2 2,2 2,2 2,2 2,3 2,1 3,3 3,3 3,3 3,2 3,2 ,2 3,; do
  i=$((i + 1)); echo "r$i,$pair" >> x.csv
done
near "$(field ami x.csv:a x.csv:b)" 0.2782096465727
[ "$(field rows x.csv:a x.csv:b)" = 17 ] && [ "$(field missing x.csv:a x.csv:b)" = 2 ] || fail "missing text"
[ "$(field rows --missing class x.csv:a x.csv:b)" = 19 ] && [ "$(field missing --missing class x.csv:a x.csv:b)" = 1 ] || fail "missing as a class"
[ "$(field clusters --missing class x.csv:a x.csv:b)" = 4 ] || fail "a missing cluster is one more"

# the same labels as a .npy of texts: '' is missing there too
npy() { # FIELD, to stdout
  head="{'descr': '|S1', 'fortran_order': False, 'shape': (19,), }"
  printf '\223NUMPY\001\000\166\000%-117s\n' "$head"
  tail -n +2 x.csv | cut -d, -f$1 | while read -r value; do if [ -n "$value" ]; then printf %s "$value"; else printf '\000'; fi; done
}
npy 2 > a.npy; npy 3 > b.npy
near "$(field ami a.npy b.npy)" 0.2782096465727
[ "$(field rows a.npy b.npy)" = 17 ] && [ "$(field missing a.npy b.npy)" = 2 ] || fail "missing text in .npy"
[ "$(field rows --missing class a.npy b.npy)" = 19 ] && [ "$(field clusters --missing class a.npy b.npy)" = 4 ] || fail "missing as a class in .npy"

# rows in another order, and some on one side alone: matched by id
(head -n 1 x.csv; tail -n +2 x.csv | sort -r; echo 'r99,9,9') > y.csv
near "$(field ami x.csv:a y.csv:b)" 0.2782096465727
grep -q '19 rows by id; left out: 0 only in x.csv:a, 1 only in y.csv:b' err || fail "rows left out are not told: $(cat err)"

# table and JSON
"$ZSC" score x.csv:a x.csv:b | grep -q '^AMI  *0.278210$' || fail "table"
"$ZSC" score --format json x.csv:a x.csv:b > out.json
grep -q '"rows": 17' out.json && grep -q '"arithmetic": 0.278209646572' out.json || fail "JSON"

# no label at all: no score is invented
printf 'id,a,b\nq,,1\nr,,2\n' > none.csv
"$ZSC" score none.csv:a none.csv:b > out 2> err
grep -q '^AMI  *-$' out && grep -q '^rows scored  *0$' out && grep -q 'nothing to score' err || fail "all labels missing"
[ -z "$(field ami none.csv:a none.csv:b)" ] && [ "$(field rows none.csv:a none.csv:b)" = 0 ] || fail "all labels missing, CSV"
"$ZSC" score --format json none.csv:a none.csv:b 2> /dev/null | grep -q '"ami": null' || fail "all labels missing, JSON"

# threads
"$ZSC" score -t 1 --format csv $fixtures/metrics.h5:/large/truth $fixtures/metrics.h5:/large/pred > one
"$ZSC" score -t 3 --format csv $fixtures/metrics.h5:/large/truth $fixtures/metrics.h5:/large/pred > three
cmp one three || fail "threads change the scores"

# mistakes: exit status and what the sentence says
refuse() {
  expected=$1 words=$2; shift 2
  code=0; "$ZSC" score "$@" > out 2> err || code=$?
  [ "$code" -eq "$expected" ] || fail "zsc score $*: exit status $code, expected $expected"
  [ ! -s out ] || fail "zsc score $*: something on stdout"
  [ "$(wc -l < err)" -eq 1 ] || fail "zsc score $*: not one line: $(cat err)"
  grep -q -- "$words" err || fail "zsc score $*: says $(cat err)"
}
refuse 3 'has 4000 rows and .* has 47260' $fixtures/metrics.h5:/noisy/truth $fixtures/metrics.h5:/large/pred
refuse 3 'no such file' none.npy x.csv:a
refuse 3 'no such file' absent.csv:a x.csv:a
refuse 3 'species' x.csv:species x.csv:a
refuse 3 'holds a group' $fixtures/metrics.h5:/noisy x.csv:a
refuse 3 '/absent' $fixtures/metrics.h5:/absent x.csv:a
refuse 3 'no id in common' x.csv:a none.csv:a
refuse 2 'name one' x.csv x.csv:a
refuse 2 'expected LABELS CLUSTERS' x.csv:a
refuse 2 'one of arithmetic' --average mean x.csv:a x.csv:b
(cat x.csv; echo 'r1,1,1') > twice.csv
refuse 3 "rows 1 and 20 have the same id 'r1'" twice.csv:a x.csv:b

# negative numbers in a column of whole numbers: missing labels, and clusters, as in arrays; blanks are missing in either
printf 'id,a,b,c\n1,1,1,x\n2,1,,x\n3,2,-1,y\n4,2,-1,y\n5,3,7,-1\n6,-1,7,-1\n7,,3,z\n' > numbers.csv
counts() { "$ZSC" score --format csv "$@" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { print $c["rows"], $c["missing"], $c["classes"], $c["clusters"] }'; }
is() { [ "$1" = "$2" ] || { echo "negative numbers in tables: $1, expected $2"; exit 1; }; }
is "$(counts numbers.csv:a numbers.csv:b)" '4 3 3 3'
is "$(counts --missing class numbers.csv:a numbers.csv:b)" '7 2 4 5'
is "$(counts numbers.csv:b numbers.csv:a)" '3 4 2 3'
is "$(counts numbers.csv:c numbers.csv:b)" '6 1 4 4'

# labels of a result: what its own list found missing is empty there, and all else is a label
"$ZSC" simulate -q --rows 60 --dna-dim 4 --image-dim 0 --seed 3 -o na.h5 --metadata-output na.csv
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { $(at["species"]) = NR % 3 ? (NR % 2 ? "A" : "B") : "NA" } { print }' na.csv > na2.csv
"$ZSC" run -q -e na.h5:sim_dna -m na2.csv --missing-values none --reduce none --ranks species --clusters 3 -o na_class > /dev/null 2> err || fail "$(cat err)"
"$ZSC" run -q -e na.h5:sim_dna -m na2.csv --reduce none --ranks species --clusters 3 -o na_missing > /dev/null 2> err || fail "$(cat err)"
na_class=$(ls na_class/*.h5) na_missing=$(ls na_missing/*.h5)
[ "$(field rows "$na_class:/labels/species" "$na_class:/clusters")" -eq 60 ] || fail "labels of a result: $(cat err)"
[ "$(field rows "$na_missing:/labels/species" "$na_missing:/clusters")" -eq 40 ] || fail "missing labels of a result: $(cat err)"
[ "$(field rows --missing-values NA "$na_class:/labels/species" "$na_class:/clusters")" -eq 40 ] || fail "a list that is given: $(cat err)"

# a file alone: the column cluster, or /clusters, as zsc cluster writes them
for end in csv tsv h5; do
    "$ZSC" cluster -q -e na.h5:sim_dna --clusterer kmeans -k 5 -o alone.$end > /dev/null 2> err || fail "cluster: $(cat err)"
    at=:cluster
    [ $end = h5 ] && at=:/clusters
    "$ZSC" score na.csv:species alone.$end$at > named 2> err || fail "named: $(cat err)"
    "$ZSC" score na.csv:species alone.$end > out 2> err || fail "alone: $(cat err)"
    cmp -s named out || fail "clusters of alone.$end: $(cat out)"
done
"$ZSC" score na.csv alone.csv > out 2> err && fail "a table without clusters was taken"
grep -q "'na.csv' holds several labels; name one: na.csv:COLUMN" err || fail "several labels: $(cat err)"
