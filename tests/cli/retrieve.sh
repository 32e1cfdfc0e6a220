#!/bin/sh
# zsc retrieve and zsc knn --queries: every score is that of plain NumPy code; what is left out is said; bad input is refused.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# Splits of one taxonomy; two encoders of one width. They share no space, but search and scores do not mind.
"$ZSC" simulate -q --rows 700 --seed 4 --missing-species 0.6 --image-encoders 1 --dna-encoders 1 --image-dim 32 --dna-dim 32 -o s.h5 --metadata-output own.csv ||
    fail simulate
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { split("train train train train train key_unseen test test test_unseen val", s, " ")
    $(at["split"]) = s[(NR * 7 + int(NR / 10)) % 10 + 1]; if (NR % 41 == 0) $(at["genus"]) = "" } { print }' own.csv >m.csv
R="$ZSC retrieve -q -e s.h5:sim_dna -m m.csv --key-split train+key_unseen"

# What can be told without Python.
cat >t.csv <<'CSV'
processid,a,b,split,species,genus
k1,1,0,train,x,g
k2,1,0.1,train,y,g
k3,0,1,train,z,h
k4,-1,0,train,,h
q1,1,0.01,test,x,g
q2,1,0.08,test,x,g
q3,0.1,1,test,w,h
q4,-1,0.1,test,x,h
u1,0,1.1,test_unseen,v,h
u2,1,0,test_unseen,,g
CSV
"$ZSC" retrieve -q -e t.csv --label-column species,genus,split --key-split train --query-split test,test_unseen --k 1,2 --format csv >got.csv 2>err || fail "small: $(cat err)"
cat >wanted.csv <<'CSV'
rank,k,split,queries,missing,classes,reachable,reachable_classes,micro,macro,micro_low,micro_high,macro_low,macro_high
genus,1,test,4,0,2,4,2,1,1,,,,
genus,1,test_unseen,2,0,2,2,2,1,1,,,,
genus,1,harmonic_mean,,,,,,1,1,,,,
genus,2,test,4,0,2,4,2,1,1,,,,
genus,2,test_unseen,2,0,2,2,2,1,1,,,,
genus,2,harmonic_mean,,,,,,1,1,,,,
species,1,test,4,0,2,3,1,0.25,0.16666666666666666,,,,
species,1,test_unseen,1,1,1,0,0,0,0,,,,
species,1,harmonic_mean,,,,,,0,0,,,,
species,2,test,4,0,2,3,1,0.5,0.33333333333333331,,,,
species,2,test_unseen,1,1,1,0,0,0,0,,,,
species,2,harmonic_mean,,,,,,0,0,,,,
CSV
cmp got.csv wanted.csv >/dev/null || fail "small: $(diff got.csv wanted.csv)"

# Class by class: recall, what is taken for what, accuracy by number of keys.
"$ZSC" retrieve -q -e t.csv --label-column species,genus,split --key-split train --query-split test,test_unseen --k 1,2 --ranks species --per-class class.csv \
    --confusions confusion.csv --by-keys keys.csv >/dev/null 2>err || fail "details: $(cat err)"
cat >wanted.csv <<'CSV'
rank,k,split,class,keys,queries,right,recall
species,1,test,x,1,3,1,0.3333333333333333
species,1,test,w,0,1,0,0
species,1,test_unseen,v,0,1,0,0
species,2,test,x,1,3,2,0.6666666666666666
species,2,test,w,0,1,0,0
species,2,test_unseen,v,0,1,0,0
CSV
cmp class.csv wanted.csv >/dev/null || fail "classes: $(diff class.csv wanted.csv)"
cat >wanted.csv <<'CSV'
rank,k,split,class,taken_for,queries
species,1,test,x,,1
species,1,test,x,y,1
species,1,test,w,z,1
species,1,test_unseen,v,z,1
species,2,test,x,,1
species,2,test,w,z,1
species,2,test_unseen,v,z,1
CSV
cmp confusion.csv wanted.csv >/dev/null || fail "confusions: $(diff confusion.csv wanted.csv)"
cat >wanted.csv <<'CSV'
rank,k,split,keys_from,keys_to,classes,queries,right,micro,macro
species,1,test,0,0,1,1,0,0,0
species,1,test,1,1,1,3,1,0.3333333333333333,0.3333333333333333
species,1,test_unseen,0,0,1,1,0,0,0
species,2,test,0,0,1,1,0,0,0
species,2,test,1,1,1,3,2,0.6666666666666666,0.6666666666666666
species,2,test_unseen,0,0,1,1,0,0,0
CSV
cmp keys.csv wanted.csv >/dev/null || fail "by keys: $(diff keys.csv wanted.csv)"

# Examples: the nearest keys, and the deepest rank that both share; images where the metadata names them.
awk -F, -v OFS=, 'NR == 1 { print $0, "image_file"; next } { print $0, $1 ".jpg" }' t.csv >images.csv
T="$ZSC retrieve -q -e v.csv -m images.csv --key-split train --query-split test,test_unseen --k 1 --examples 6"
cut -d, -f1-3 t.csv >v.csv
$T >out 2>err || fail "examples: $(cat err)"
grep -q '^q1  *test  *x  *1  *k1  *x  *species  *0.0000  *q1.jpg  *k1.jpg$' out && grep -q '^u2  *test_unseen  *g  *1  *k1  *x  *genus ' out && grep -q '^q1  *test  *x  *3  *k3  *z  *-  ' out &&
    [ "$(grep -c '^q1 ' out)" = 4 ] || fail "examples: $(cat out)"
for column in image_path filename; do
    sed "1s/image_file/$column/" images.csv >named.csv
    "$ZSC" retrieve -q -e v.csv -m named.csv --key-split train --query-split test --k 1 --examples 4 >named 2>err && grep -q '  q1.jpg  *k1.jpg$' named || fail "column $column: $(cat err named)"
done
$T --examples-file e.csv --format csv >out 2>err && [ "$(sed 1q e.csv)" = query,split,query_label,place,key,key_label,shared_rank,distance,query_image,key_image ] && [ "$(wc -l <e.csv)" = 25 ] ||
    fail "examples in a file: $(cat err e.csv)"
"$ZSC" retrieve -q -e t.csv --label-column species,genus,split --key-split train --query-split test,test_unseen --k 1 --examples 2 --examples-file e.json --seed 5 >out 2>err &&
    [ "$(grep -c '"place": 1' e.json)" = 2 ] && ! grep -q image e.json || fail "examples as JSON: $(cat err e.json)"
for t in 1 3; do $R -t $t --query-split test --k 1 --examples 9 --examples-file e$t.csv >out || fail "examples"; done
cmp e1.csv e3.csv || fail "examples differ by threads"
expect 2 "name a file for them (--examples-file)" $R --query-split test --examples 2 --format json
expect 2 "--seed has no effect here" $R --query-split test --seed 2

# The harmonic mean in the table is that of the percentages shown.
bare() { sed 's/ \[[^]]*\]//g'; } # without intervals
$R --query-split test,test_unseen --k 1 --ranks genus >out 2>err || fail "table: $(cat err)"
bare <out | awk '$3 == "test" { a = $10 } $3 == "test_unseen" { b = $10 } $3 == "harmonic" { seen = 1; h = 2 / (1 / a + 1 / b); d = h - $NF; if (d > 0.051 || d < -0.051) exit 1 } END { exit !seen }' ||
    fail "harmonic mean: $(cat out)"
for t in 1 2 3; do $R -t $t --query-split test,test_unseen --format csv >threads$t.csv || fail "threads $t"; done
cmp threads1.csv threads2.csv && cmp threads1.csv threads3.csv || fail "threads differ"
for f in txt csv json; do $R --query-split test -o "o.$f" >out && [ -s "o.$f" ] && [ ! -s out ] || fail "output $f"; done
"$ZSC" retrieve -e s.h5:sim_dna -m m.csv --key-split train+test --query-split test+test_unseen --k 1 >out 2>err || fail "known: $(cat err)"
grep -q "queries of split 'test+test_unseen' are among the keys, by id, and are left out" err || fail "known queries are not reported: $(cat err)"

# Bad input.
expect 2 "no keys: option --embeddings is needed" "$ZSC" retrieve --queries s.h5:sim_dna
expect 3 "the queries: no row has split 'tset'; did you mean 'test'?" $R --query-split test,tset
expect 3 "the keys: no row has split 'trein'; did you mean 'train'?" "$ZSC" retrieve -q -e s.h5:sim_dna -m m.csv --key-split trein --query-split test
expect 3 "are among the keys, by id; choose other splits" "$ZSC" retrieve -q -e s.h5:sim_dna -m m.csv
expect 3 "are among the keys, by id; choose other splits" $R --query-split key_unseen
expect 2 "--query-split has 'test' twice" $R --query-split test,test
expect 2 "option --k expects" $R --query-split test --k 1,two
expect 2 "k is 100000, and there are only" $R --query-split test --k 1,100000
expect 2 "--weighted votes are functions of the cosine; expected --metric cosine" $R --query-split test --weighted --metric euclidean
expect 2 "more than the limit" "$ZSC" retrieve -q -e s.h5:sim_dna -m m.csv --key-split train --query-split test --memory-limit 200k
"$ZSC" simulate -q --rows 100 --seed 4 --dna-dim 16 --image-encoders 0 -o narrow.h5 || fail simulate
expect 3 "the queries have 16 columns, and the keys 32; expected encoders of one space" "$ZSC" retrieve -q -e s.h5:sim_dna --queries narrow.h5:sim_dna
printf 'processid,a,b,kind\nr1,1,2,one\nr2,2,1,two\n' >other.csv
printf 'processid,a,b,sort\nr3,1,2,one\nr4,2,1,two\n' >another.csv
expect 3 "keys and queries have no rank in common: the keys have kind, the queries sort" \
    "$ZSC" retrieve -q -e other.csv --queries another.csv --label-column kind,sort --k 1
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && $(at["split"]) == "train" {
    n = split("class order family subfamily genus species dna_bin", r, " "); for (i = 1; i <= n; i++) if (r[i] in at) $(at[r[i]]) = "" } { print }' m.csv >bare.csv
expect 3 "no key has a label at a rank that the queries have" "$ZSC" retrieve -q -e s.h5:sim_dna -m bare.csv --key-split train --query-split test
expect 3 "no key has a label at rank genus" "$ZSC" retrieve -q -e s.h5:sim_dna -m bare.csv --key-split train --query-split test --ranks genus
expect 3 "the queries have 16 columns, and the keys 32; expected encoders of one space" "$ZSC" knn -q -e s.h5:sim_dna --queries narrow.h5:sim_dna -o y.h5
expect 2 "expected 1 to 100, the number of keys" "$ZSC" knn -q -e narrow.h5:sim_dna --queries narrow.h5:sim_dna -k 101 -o y.h5
expect 2 "--metric inner-product needs --queries" "$ZSC" knn -q -e narrow.h5:sim_dna --metric inner-product -o y.h5
"$ZSC" knn -q -e narrow.h5:sim_dna --queries narrow.h5:sim_dna -k 5 -o nearest.h5 || fail knn
expect 3 "holds the nearest keys of queries (zsc knn --queries); expected the neighbours of rows among themselves" \
    "$ZSC" umap -q -e narrow.h5:sim_dna --knn-file nearest.h5 -o u.h5
nothing_left y.h5

# The table of several files: seen, unseen and the harmonic mean of what is printed; the better of two is marked.
for e in sim_dna sim_image_1; do
    "$ZSC" select -q -e s.h5:$e -m m.csv -o "model.$e.h5" >out 2>err || fail "select: $(cat err)"
    cp "model.$e.h5" "other.$e.h5"
done
table() { "$ZSC" retrieve -q -e "$1.$2.h5" --queries "$1.$3.h5" -m m.csv --key-split train+key_unseen --query-split test,test_unseen --k 1,5 -o "$1-$2-$3.json" 2>err || fail "$(cat err)"; }
table model sim_dna sim_dna && table model sim_image_1 sim_image_1
mv other.sim_dna.h5 model2.h5 && "$ZSC" retrieve -q -e model2.h5 -m m.csv --metric chebyshev --key-split train --query-split test,test_unseen --k 1 -o second.json 2>err || fail "$(cat err)"
"$ZSC" table retrieval model-sim_dna-sim_dna.json model-sim_image_1-sim_image_1.json second.json --format csv --ranks genus,species >table.csv || fail "table"
[ "$(sed 1q table.csv)" = 'Taxon,Embeddings,"DNA to DNA, seen","DNA to DNA, unseen","DNA to DNA, H.M.","Image to Image, seen","Image to Image, unseen","Image to Image, H.M."' ] ||
    fail "header: $(sed 1q table.csv)"
"$ZSC" retrieve -q -e model.sim_dna.h5 -m m.csv --key-split train+key_unseen --query-split test,test_unseen --k 1 --ranks species 2>err >out
[ "$(bare <out | awk 'NR > 2 { printf "%s ", $NF }')" = "$(awk -F, '$1 == "Species" && $2 == "model.sim_dna" { print $3, $4, $5 " " }' table.csv)" ] ||
    fail "table: $(cat out table.csv)"
"$ZSC" table retrieval model-sim_dna-sim_dna.json second.json --format latex | grep -q '\\textbf' || fail "no mark"
"$ZSC" table retrieval model-sim_dna-sim_dna.json --k 5 --score micro | grep -q 'Top-5 micro accuracy' || fail "k and score"
cp model-sim_dna-sim_dna.json copied.json
expect 3 "are both DNA to DNA of model.sim_dna; give one of the two" "$ZSC" table retrieval model-sim_dna-sim_dna.json copied.json
expect 3 "'second.json' has no scores for k 5" "$ZSC" table retrieval model-sim_dna-sim_dna.json second.json --k 5
expect 3 "no file has scores at rank tribe" "$ZSC" table retrieval second.json --ranks tribe
expect 3 "'m.csv' is not JSON" "$ZSC" table retrieval m.csv
echo '{"kind": "other"}' >bad.json
expect 3 "'bad.json' has no kind 'retrieval'" "$ZSC" table retrieval bad.json
echo '{"kind": "retrieval", "keys": {"embeddings": ["a.h5"], "encoders": ["e"]}, "queries": {"embeddings": ["a.h5"], "encoders": ["e"]}, "scores": [{"rank": 3}]}' >bad.json
expect 3 "'bad.json', score 1: expected rank, k, split, micro and macro" "$ZSC" table retrieval bad.json
expect 3 "nothing.json" "$ZSC" table retrieval nothing.json

# Comparison: the means are those of the files; intervals are as wide as the classes' recalls say (mean +- t s / sqrt(classes)); a copy differs by nothing, in no
# half, and has no interval.
cp model-sim_dna-sim_dna.json copy.json
"$ZSC" compare --score macro --k 1 model-sim_dna-sim_dna.json copy.json model-sim_image_1-sim_image_1.json --ranks genus,species --format csv >compare.csv 2>err || fail "compare: $(cat err)"
"$ZSC" retrieve -q -e model.sim_dna.h5 -m m.csv --key-split train+key_unseen --query-split test --k 1 --ranks genus,species --per-class class.csv --format csv >scores.csv 2>err || fail "$(cat err)"
# On the scale of the logit, whose slope is 1 / (m (1 - m)); Student's t of 3 degrees of freedom is 1.62 times 1.96.
logits='function logits(low, m, high) { return (log(high / (1 - high)) - log(low / (1 - low))) * m * (1 - m) }'
awk -F, "$logits"' FILENAME == "class.csv" { if (FNR > 1) { n[$1]++; s[$1] += $NF; q[$1] += $NF * $NF } next }
    FILENAME == "scores.csv" { macro[$1] = $10; next }
    FNR == 1 { if ($9 != "macro") exit 1; next }
    $1 == "score" && $2 == "test" && $6 ~ /^sim_dna in sim_dna/ { seen++; m = s[$5] / n[$5]; sd = sqrt((q[$5] - n[$5] * m * m) / (n[$5] - 1)); w = 2 * 1.96 * sd / sqrt(n[$5])
        v = logits($11, $9, $12); if ($9 != macro[$5] || $11 > $9 || $12 < $9 || v < 0.9 * w || v > 1.65 * w) { print "macro " macro[$5] ", width " w ": " $0; bad = 1 } }
    $1 == "difference" && $2 == "test" && $6 ~ /^sim_dna/ && $7 ~ /^sim_dna/ { same++; if ($9 != 0 || $11 != "" || $16 != "NA") { print; bad = 1 } }
    $1 == "difference" && $6 !~ /image/ && $7 ~ /image/ && $11 > 0 && $17 < 0.05 { held++ } # alone; of five together none holds in so few classes
    END { exit bad || seen != 4 || same != 2 || !held }' class.csv scores.csv compare.csv >out || fail "compare: $(cat out compare.csv)"
# That of the harmonic mean: the same in the file and in the comparison, and as wide as the recalls of both splits say: d H = H^2 / 2 (d s / s^2 + d u / u^2).
"$ZSC" retrieve -q -e model.sim_dna.h5 -m m.csv --key-split train+key_unseen --query-split test,test_unseen --k 1 --per-class class.csv --format csv >scores.csv 2>err || fail "$(cat err)"
"$ZSC" compare --score macro --k 1 model-sim_dna-sim_dna.json --format csv >compare.csv 2>err || fail "compare: $(cat err)"
sed 's/"harmonic mean of test, test_unseen"/mean/' compare.csv >means.csv
awk -F, "$logits"' function off(a, b) { return a - b > 1e-12 || b - a > 1e-12 }
    FILENAME == "class.csv" { if (FNR > 1) { n[$1, $3]++; s[$1, $3] += $NF; q[$1, $3] += $NF * $NF } next }
    FILENAME == "scores.csv" { if ($3 == "harmonic_mean") { mean[$1] = $10; low[$1] = $13; high[$1] = $14 } next }
    $2 != "mean" { next }
    { ranks++; r = $5; if (off($9, mean[r]) || ($11 != "") != (low[r] != "") || off($11, low[r]) || off($12, high[r])) { print "not " mean[r] " " low[r] " " high[r] ": " $0; bad = 1 }
      if ($11 == "" || $12 == 1 || $11 == 0) next
      for (v = 0; v < 2; v++) { c = v ? "test_unseen" : "test"; m[v] = s[r, c] / n[r, c]; sd[v] = sqrt((q[r, c] - n[r, c] * m[v] * m[v]) / (n[r, c] - 1) / n[r, c]) / m[v] / m[v] }
      w = 2 * 1.96 * mean[r] * mean[r] / 2 * sqrt(sd[0] * sd[0] + sd[1] * sd[1]); wide++; v = logits($11, $9, $12); if (v < 0.8 * w || v > 1.65 * w) { print "width " w ": " $0; bad = 1 } }
    END { exit bad || ranks < 5 || wide < 2 }' class.csv scores.csv means.csv >out || fail "interval of the harmonic mean: $(cat out compare.csv)"
"$ZSC" compare --score micro --k 1 model-sim_dna-sim_dna.json model-sim_image_1-sim_image_1.json >out 2>err && grep -q '^harmonic mean of test, test_unseen: [0-9]* queries' out || fail "compare: $(cat out err)"
tr -d ' \n' <model-sim_dna-sim_dna.json | grep -o '"harmonic_mean":.*"classes":\[' | grep -q '"macro_interval":\[0\.[0-9]*,0\.[0-9]*\]' || fail "no interval in JSON"
for t in 1 2 3; do "$ZSC" compare -t $t --score micro model-sim_dna-sim_dna.json model-sim_image_1-sim_image_1.json --format json >"threads$t.json" 2>err || fail "$(cat err)"; done
cmp threads1.json threads2.json && cmp threads1.json threads3.json || fail "threads differ"
"$ZSC" compare --score macro model-sim_dna-sim_dna.json model-sim_image_1-sim_image_1.json >out 2>err || fail "compare: $(cat err)"
grep -q 'random splits into halves of the classes of each rank' out && grep -q '^they are of the mean accuracy, over other samples of as many classes' out && grep -q 'macro accuracy %' out || fail "compare: $(cat out)"
expect 3 "'second.json' has no scores for k 5; choose another --k" "$ZSC" compare --score macro --k 5 model-sim_dna-sim_dna.json second.json
expect 3 "no file has scores at rank tribe" "$ZSC" compare --score macro --ranks tribe second.json
expect 2 "--unit has no effect here" "$ZSC" compare --score macro --unit species second.json
expect 2 "--k has no effect here" "$ZSC" compare --k 1 second.json
sed 's/"classes": \[$/"classes_of_old": [/' second.json >old.json
expect 3 "'old.json' has no classes, which zsc retrieve of this version writes" "$ZSC" compare --score macro old.json
sed 's/"taken_for": \[$/"taken": [/' second.json >old.json
expect 3 ": expected rank, k, split, and lists of one length: class, taken_for, queries" "$ZSC" compare --score macro old.json

# Multiples of a row are equal under cosine and correlation: the first key counts, whatever its length.
awk 'BEGIN { print "processid,split,genus,a,b,c,d,e"; for (i = 1; i <= 29; i++) printf "k%d,train,g%d,%d,%d,%d,%d,%d\n", i, i, 3 * i, 5 * i, 7 * i, 11 * i, 2 * i
    for (i = 1; i <= 40; i++) printf "q%d,test,g1,%d,%d,%d,%d,%d\n", i, 3 * i, 5 * i, 7 * i, 11 * i, 2 * i }' >multiples.csv
for metric in cosine correlation; do
    "$ZSC" retrieve -q -e multiples.csv --label-column genus,split --id-column processid --key-split train --query-split test --k 1 --metric $metric --format csv >out 2>err ||
        fail "multiples: $(cat err)"
    grep -q '^genus,1,test,40,0,1,40,1,1,1,,,,$' out || fail "multiples of a row, $metric: $(cat out)"
done

# A file that was altered; the same file twice, under two names.
for change in '0,/"macro": [0-9.]*/s//"macro": 7/' '0,/"right": [0-9]*/s//"right": 1/'; do
    sed "$change" second.json >altered.json
    expect 3 "'altered.json', score 1: " "$ZSC" table retrieval altered.json
done
"$ZSC" retrieve -q -e t.csv --label-column species,genus,split --key-split train --query-split test --k 1 -o small.json || fail "small.json"
for change in 's/"w"/"x"/' 's/"1": \[$/"1": [9, 9, 9], "2": [/'; do
    sed "$change" small.json >altered.json
    ! cmp -s small.json altered.json || fail "sed '$change' changes nothing: $(cat small.json)"
    expect 3 "'altered.json', classes " "$ZSC" compare --score macro altered.json
done
ln -s small.json again.json
"$ZSC" compare --score macro small.json again.json ./small.json >out 2>err || fail "given twice: $(cat err)"
[ "$(grep -c '^c3+c4\|^t in t\| in ' out)" -ge 1 ] && ! grep -q '(t)' out || fail "given twice: $(cat out)"

# Concatenations whose parts come in another order have as many columns, and are no keys of each other.
"$ZSC" simulate -q --rows 100 --seed 4 --dna-dim 16 --image-dim 24 --image-encoders 1 -o parts.h5 || fail simulate
for command in retrieve knn; do
    [ $command = knn ] && ending=h5 || ending=json
    expect 3 "part 1 of the concatenated queries, sim_image_1, has 24 columns, and that of the keys, sim_dna, 16; name the parts of both in the same order" \
        "$ZSC" $command -q -e parts.h5:sim_dna -e parts.h5:sim_image_1 --queries parts.h5:sim_image_1 --queries parts.h5:sim_dna -o out_of_order.$ending
done

# All scores and lists against NumPy.
if /usr/bin/python3 -c 'import h5py, numpy, pandas' 2>/dev/null; then
    /usr/bin/python3 - <<'PY' || fail "the file of both encoders"
import h5py, pandas
table = pandas.read_csv('m.csv', dtype=str, keep_default_na=False).set_index('processid')
with h5py.File('s.h5') as a, h5py.File('p.h5', 'w') as b:
    a.copy('id', b)
    b['split'] = table['split'].loc[a['id'].asstr()[:]].to_numpy().astype('S')
    a.copy('embeddings/sim_dna', b, 'embeddings/dna')
    a.copy('embeddings/sim_image_1', b, 'embeddings/img')
PY
    /usr/bin/python3 "$ZSC_SRCDIR/tests/cli/retrieve.py" "$ZSC" p.h5 m.csv >python 2>&1 || fail "$(head -20 python)"
    for score in macro micro; do
        "$ZSC" compare -q --score $score --k 1 model-sim_dna-sim_dna.json model-sim_image_1-sim_image_1.json --format json >compared.json 2>err || fail "$(cat err)"
        /usr/bin/python3 "$ZSC_SRCDIR/tests/cli/retrieval_numbers.py" compared.json $score model-sim_dna-sim_dna.json model-sim_image_1-sim_image_1.json >python 2>&1 || fail "$score: $(tail -3 python)"
    done
    # two encoders that differ in one class: one unit decides, and there is no interval of the difference
    /usr/bin/python3 - <<'PY' || fail "a file that differs in one class"
import json
f = json.load(open('model-sim_dna-sim_dna.json'))
for list in f['classes']:
    at = max(range(len(list['queries'])), key=lambda i: list['right']['1'][i])
    list['right']['1'][at] = 0
json.dump(f, open('one-class.json', 'w'))
PY
    "$ZSC" compare -q --score macro --k 1 model-sim_dna-sim_dna.json one-class.json >out 2>err || fail "$(cat err)"
    grep -q '[0-9] scores and 1 differences have fewer than 5 effective units, and no interval$' out && grep -q ' [0-9.-]*? ' out || fail "one class: $(cat out)"
    "$ZSC" compare -q --score macro --k 1 model-sim_dna-sim_dna.json one-class.json --format csv 2>/dev/null >one-class.csv
    awk -F, '$1 == "difference" && $20 != "" && $20 < 5 { n++; if ($16 != "NA" || $11 != "" || $13 != "") bad = 1 } END { exit bad || !n }' one-class.csv || fail "an interval of one class: $(cat one-class.csv)"
else
    echo "no pandas and h5py here: scores are not compared with NumPy"
fi
finish
