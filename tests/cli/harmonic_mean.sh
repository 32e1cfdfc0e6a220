#!/bin/sh
# Harmonic means of seen and unseen: of the percentages that a table shows, as in BIOSCAN-5M's code, of exact fractions in CSV and JSON; their intervals in zsc table retrieval.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# 1 of 2 and 2 of 3 queries are right: 57.142857 of the fractions, 57.155 of 50.0 and 66.7
cat >t.csv <<'CSV'
processid,a,b,split,species
k1,1,0,train,x
k2,0,1,train,y
q1,1,0.1,test,x
q2,1,0.2,test,y
u1,1,0.1,test_unseen,x
u2,0.1,1,test_unseen,y
u3,1,0.2,test_unseen,y
CSV
R="$ZSC retrieve -q -e t.csv --label-column species,split --key-split train"
for f in txt csv json; do $R --query-split test,test_unseen --k 1 -o "out.$f" || fail "retrieve: $f"; done
grep -q '^species  1  test_unseen  .* 66.7 ' out.txt && grep -q '^species  1  harmonic mean .* 57.2  *60.0$' out.txt || fail "table: $(cat out.txt)"
awk -F, '$3 == "harmonic_mean" { n++; if ($9 - 4 / 7 > 1e-15 || 4 / 7 - $9 > 1e-15) exit 1 } END { exit n != 1 }' out.csv && grep -q '"micro": 0\.571428571428571' out.json || fail "exact: $(cat out.csv)"
"$ZSC" table retrieval out.json --score micro --format csv | grep -q '^Species,t,50.0,66.7,57.2$' || fail "zsc table: $("$ZSC" table retrieval out.json --score micro --format csv)"
[ "$("$ZSC" compare -q --score micro out.json --format csv 2>err | sed 's/"harmonic mean of test, test_unseen"/mean/' | awk -F, '$2 == "mean" { printf "%.6f", $9 }')" = 0.571429 ] ||
    fail "compare has another mean than JSON"
# a score of 0 makes 0
sed '/^u1/d; s/^u2.*/u2,1,0.3,test_unseen,y/' t.csv >none.csv
"$ZSC" retrieve -q -e none.csv --label-column species,split --key-split train --query-split test,test_unseen --k 1 -o none.json &&
    "$ZSC" table retrieval none.json --score micro --format csv | grep -q '^Species,none,50.0,0.0,0.0$' || fail "a score of 0"

# Intervals: too few classes have none, and the caption says so; one split has no harmonic mean.
"$ZSC" table retrieval out.json --intervals >out 2>err && grep -q 'no intervals of the harmonic means, for which the files have too few classes' out && ! grep -q '\[[0-9]' out || fail "few: $(cat out err)"
$R --query-split test --k 1 -o one.json || fail retrieve
expect 2 "option --intervals has no effect here: it shows intervals of harmonic means, and no file has several splits of queries" "$ZSC" table retrieval --intervals one.json
# those of JSON, with one decimal, in every format; the mean and its mark as without them
"$ZSC" simulate -q --rows 20000 --seed 4 --splits all --unseen-species 0.5 --barcode-length 60 --image-encoders 1 --dna-encoders 1 --image-dim 16 --dna-dim 16 -o s.h5 || fail simulate
for e in dna image_1; do
    "$ZSC" retrieve -q -e s.h5:sim_$e --key-split train+key_unseen --query-split test,test_unseen --k 1,3 -o "$e.json" || fail "retrieve $e: $(cat err)"
done
for score in micro macro; do
    for k in 1 3; do
        "$ZSC" retrieve -q -e s.h5:sim_dna --key-split train+key_unseen --query-split test,test_unseen --k $k --ranks family,species --format csv |
            awk -F, -v macro=$([ $score = macro ] && echo 2 || echo 0) '$3 == "harmonic_mean" && $(11 + macro) != "" { printf "[%.1f, %.1f]\n", 100 * $(11 + macro), 100 * $(12 + macro) }' >wanted
        for format in markdown latex html; do
            "$ZSC" table retrieval dna.json --intervals --score $score --k $k --ranks family,species --format $format >out 2>err || fail "$format: $(cat err)"
            grep -o '\[[0-9.]*, [0-9.]*\]' out | cmp -s - wanted || fail "$score, k $k, $format: expected $(cat wanted) in $(cat out)"
        done
    done
done
"$ZSC" table retrieval dna.json --intervals --k 3 --ranks family,species --format tsv | awk -F '\t' 'NR > 1 { printf "[%s, %s]\n", $(NF - 1), $NF }' | cmp -s - wanted || fail "TSV"
[ "$(wc -l <wanted)" = 2 ] || fail "no intervals to compare: $(cat wanted)"
"$ZSC" table retrieval dna.json image_1.json --ranks family >plain && "$ZSC" table retrieval dna.json image_1.json --ranks family --intervals >out || fail table
sed 's/ \[[0-9][^]]*\]//g; s/; in brackets: 95 % intervals of the harmonic means//' out | cmp -s - plain || fail "with intervals: $(cat out), without: $(cat plain)"
# one file with intervals, one without: the caption says which
"$ZSC" table retrieval dna.json out.json --ranks species --k 1 --intervals >out 2>err && grep -q 'intervals of the harmonic means that have enough classes' out || fail "some: $(cat out err)"
finish
