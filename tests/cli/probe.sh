#!/bin/sh
# zsc probe: scores, losses and epochs are those of plain NumPy code, the optimum is that of SciPy; what is left out is said; bad input is refused.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# Two classes that a line separates; x2 has no label, the class w no key; the third column is constant.
cat >t.csv <<'CSV'
processid,a,b,c,split,species,genus
k1,2,1,7,train,x,g
k2,3,1,7,train,x,g
k3,-2,1,7,train,y,g
k4,-3,0,7,train,y,g
k5,0,9,7,train,,g
v1,2.5,1,7,val,x,g
v2,-2.5,1,7,val,y,g
v3,-2.5,1,7,val,w,g
q1,4,0,7,test,x,g
q2,-4,2,7,test,y,g
q3,-1,0,7,test,w,g
q4,-1,0,7,test,,g
u1,-1,5,7,test_unseen,w,g
CSV
P="$ZSC probe -e t.csv --label-column species,genus,split --key-split train"
for solver in "sgd --epochs 40 --learning-rate 0.1" "sgd --batch-size 1 --epochs 9" "lbfgs --weight-decay 0.001" "sgd --stopping-split val --patience 3"; do
    # shellcheck disable=SC2086
    $P -q --query-split test,test_unseen --solver $solver --format csv >got.csv 2>err || fail "$solver: $(cat err)"
    cat >wanted.csv <<'CSV'
rank,split,queries,missing,classes,reachable,reachable_classes,micro,macro,micro_low,micro_high,macro_low,macro_high
genus,test,4,0,1,4,1,1,1,,,,
genus,test_unseen,1,0,1,1,1,1,1,,,,
genus,harmonic_mean,,,,,,1,1,,,,
species,test,3,1,3,2,2,0.66666666666666663,0.66666666666666663,,,,
species,test_unseen,1,0,1,0,0,0,0,,,,
species,harmonic_mean,,,,,,0,0,,,,
CSV
    cmp got.csv wanted.csv >/dev/null || fail "$solver: $(diff got.csv wanted.csv)"
done
$P --query-split test --epochs 5 >out 2>err || fail "table: $(cat err)"
grep -q 'rank genus: the keys have one class, which every query is put into' err && grep -q 'rank species: 2 classes, 4 keys with a label, 5 epochs, loss ' err &&
    grep -q '^linear probe, .*: 5 keys, sgd, at most 5 epochs$' out && ! grep -q 'rank  *k ' out || fail "table: $(cat err out)"
$P -q --query-split test --ranks species --per-class class.csv --confusions confusion.csv --by-keys keys.json >out 2>err || fail "details: $(cat err)"
[ "$(sed -n 2,4p class.csv | tr '\n' ' ')" = "species,1,test,x,2,1,1,1 species,1,test,y,2,1,1,1 species,1,test,w,0,1,0,0 " ] || fail "classes: $(cat class.csv)"
grep -q '^species,1,test,w,[xy],1$' confusion.csv && [ "$(wc -l <confusion.csv)" = 2 ] && grep -q '"keys_from": 2' keys.json || fail "confusions: $(cat confusion.csv keys.json)"
for s in sgd lbfgs; do
    for t in 1 2 3; do $P -q -t $t --query-split test --ranks species --solver $s -o "$s$t.json" 2>err || fail "$(cat err)"; done
    cmp "${s}1.json" "${s}2.json" && cmp "${s}1.json" "${s}3.json" || fail "$s: threads differ"
done
grep -q '"kind": "probe"' sgd1.json && grep -q '"converged": true' lbfgs1.json && ! grep -q '"metric"' sgd1.json || fail "JSON: $(head -60 sgd1.json)"
$P --query-split test+train --ranks species >out 2>err && grep -q "5 of 9 queries of split 'test+train' are among the keys, by id, and are left out" err || fail "known: $(cat err)"
$P -q --query-split test+train --ranks species --known-queries keep --format csv >out 2>err && grep -q '^species,test+train,7,2,3,6,2,' out || fail "known: $(cat err out)"

# Bad input.
expect 2 "no keys: option --embeddings is needed" "$ZSC" probe --queries t.csv
expect 3 "the rows for early stopping: no row has split 'vla'; did you mean 'val'?" $P -q --query-split test --stopping-split vla
expect 3 "1 of 1 rows of the stopping split" "$ZSC" probe -q -e t.csv --label-column species,genus,split --key-split train+test_unseen --query-split test --stopping-split test_unseen
sed '/^v/s/,\([xyw]\),g/,z,g/' t.csv >other.csv
expect 3 "no row of the stopping split 'val' has a label that a key has" "$ZSC" probe -q -e other.csv --label-column species,genus,split --key-split train --query-split test --stopping-split val --ranks species
expect 3 "the queries: no row has split 'tset'" $P -q --query-split tset
expect 3 "no key has a label at rank" "$ZSC" probe -q -e t.csv --label-column species,genus,split --key-split test_unseen --query-split test --ranks species --where genus=g --missing-values w
expect 4 "rank species: the linear probe diverges: its loss is infinite or NaN in epoch" $P -q --query-split test --ranks species --learning-rate 1e12 --weight-decay 1e9
awk -F, -v OFS=, 'NR > 1 { $2 = $3 = $4 = 0.5 } { print }' t.csv >equal.csv
expect 4 "rank species: all numbers of the rows to learn from are equal (mean 0.5, standard deviation 0)" \
    "$ZSC" probe -q -e equal.csv --label-column species,genus,split --key-split train --query-split test --ranks species
awk 'BEGIN { print "processid,a,b,split,species"; for (i = 1; i <= 40; i++) printf "k%d,%d,%d,%s,%s\n", i, i % 3, i % 4, (i > 38 ? "test" : "train"), (i % 2 ? "x" : "y") }' >mixed.csv
"$ZSC" probe -e mixed.csv --label-column species,split --key-split train --query-split test --batch-size 1 --learning-rate 1000 >out 2>err && grep -q 'above 0.693, that of equal probabilities; lower --learning-rate' err || fail "a rate that is too large: $(cat err)"
$P --query-split test --ranks species --solver lbfgs --epochs 2 >out 2>err && grep -q 'L-BFGS has not converged after 2 passes' err || fail "not converged: $(cat err)"
expect 2 "momentum is 1; expected 0 or more, and less than 1" $P -q --query-split test --momentum 1
expect 2 "option --learning-rate has no effect here: it is an option of --solver sgd" $P -q --query-split test --solver lbfgs --learning-rate 1
expect 2 "option --tolerance has no effect here: it is an option of --solver lbfgs" $P -q --query-split test --tolerance 0.1
expect 2 "option --patience has no effect here: --stopping-split is not given" $P -q --query-split test --patience 2
expect 2 "more than the limit" $P -q --query-split test --memory-limit 100k
awk -F, -v OFS=, '{ print $1, $2, $5, $6 }' t.csv >narrow.csv
expect 3 "the queries have 1 columns, and the keys 3; expected encoders of one space" "$ZSC" probe -q -e t.csv --queries narrow.csv --label-column species,genus,split --key-split train --query-split test
cut -d, -f1-4,6 t.csv >no_split.csv
expect 3 "split" "$ZSC" probe -q -e no_split.csv --label-column species --key-split train --query-split test

# The table of nearest keys and probes; files of zsc probe in other commands.
sed 's/2.5/1.5/' t.csv >second.csv
for f in t second; do
    "$ZSC" retrieve -q -e $f.csv --label-column species,genus,split --key-split train --query-split test --k 1,3 -o $f.near.json 2>err || fail "$(cat err)"
    "$ZSC" probe -q -e $f.csv --label-column species,genus,split --key-split train --query-split test,test_unseen --ranks species --epochs 9 -o $f.linear.json 2>err || fail "$(cat err)"
done
"$ZSC" table probe t.near.json t.linear.json second.linear.json --format csv >table.csv 2>err || fail "table: $(cat err)"
cat >wanted.csv <<'CSV'
Modality,Encoder,"1-NN, Genus, test","1-NN, Species, test","Linear, Species, test","Linear, Species, test_unseen"
CSV
sed 1q table.csv | cmp - wanted.csv || fail "columns: $(cat table.csv)"
[ "$(wc -l <table.csv)" = 3 ] && sed -n 2p table.csv | grep -q '^,t,100.0,66.7,66.7,0.0$' && sed -n 3p table.csv | grep -q '^,second,,,66.7,0.0$' || fail "table: $(cat table.csv)"
"$ZSC" table probe t.near.json t.linear.json --k 3 --score macro --ranks species --format latex >table.tex 2>err && grep -q '3-NN, Species, test' table.tex &&
    grep -q 'Macro accuracy' table.tex && ! grep -q Genus table.tex || fail "table: $(cat err table.tex)"
"$ZSC" table probe t.near.json second.near.json | grep -q '\*\*' || fail "no mark"
for format in html json tsv markdown; do "$ZSC" table probe t.near.json t.linear.json --format $format >out 2>err && grep -q 'Linear, Species' out || fail "$format: $(cat err)"; done
cp t.linear.json copy.json
# intervals are those of zsc compare; labels come from a file of styles
"$ZSC" simulate -q --rows 20000 --seed 4 --splits all --image-encoders 0 --dna-encoders 1 --dna-dim 8 --orders 6 --families 20 --subfamilies 30 --genera 60 --species 200 -o classes.h5 || fail "simulate"
"$ZSC" retrieve -q -e classes.h5 --key-split train+pretrain --query-split other_heldout --k 1 --ranks genus -o classes.json || fail "retrieve"
"$ZSC" table probe classes.json --score macro --intervals --format csv >with.csv 2>err || fail "--intervals: $(cat err)"
"$ZSC" compare -q --score macro classes.json --format csv >compared.csv 2>err || fail "compare: $(cat err)"
awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) c[FILENAME, $i] = i; next } FILENAME == "compared.csv" && $c["compared.csv", "kind"] == "score" { low = 100 * $c["compared.csv", "low"]; high = 100 * $c["compared.csv", "high"] }
    FILENAME == "with.csv" { l = $(NF - 1); h = $NF } END { exit !(l > 0 && l < h && (l - low) ^ 2 < 0.01 && (h - high) ^ 2 < 0.01) }' compared.csv with.csv || fail "intervals are not those of zsc compare: $(cat with.csv compared.csv)"
# of micro accuracy, which one large genus decides, there is none
"$ZSC" compare -q --score micro classes.json | grep -q '^genus: 1 scores and 0 differences have fewer than 5 effective units' || fail "an interval of one genus"
! "$ZSC" table probe classes.json --score micro --intervals --format markdown | grep -q '[0-9] \[' || fail "a table's interval of one genus"
name=$(sed -n 2p table.csv | cut -d, -f2)
printf 'encoder,label\n%s,"My <own>, 100 %%"\n' "$name" >labels.csv
"$ZSC" table probe t.linear.json --style labels.csv --format csv >out 2>err && grep -q '"My <own>, 100 %"' out || fail "--style: $(cat out err)"
expect 3 "both have the column 'Linear, Species, test' of linear probe," "$ZSC" table probe t.linear.json copy.json
expect 3 "'t.linear.json' is of zsc probe; expected files and results of zsc retrieve (zsc table probe takes both)" "$ZSC" table retrieval t.near.json t.linear.json
"$ZSC" collect --retrieval t.linear.json | grep -q '^t.linear.json,t,t,species,1,test,.*,probe$' || fail "collect: $("$ZSC" collect --retrieval t.linear.json)"
expect 3 "no file has scores at rank tribe" "$ZSC" table probe t.near.json --ranks tribe
"$ZSC" compare -q --score micro --ranks species t.near.json t.linear.json >out 2>err && grep -q '^linear probe, ' out || fail "compare: $(cat err out)"
"$ZSC" plot retrieval t.near.json t.linear.json --ranks species --dumb >out 2>err || command -v gnuplot >/dev/null && grep -q 'linear probe' out || ! command -v gnuplot >/dev/null || fail "plot: $(cat err)"

# Against NumPy and SciPy.
if /usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null; then
    /usr/bin/python3 "$ZSC_SRCDIR/tests/cli/probe.py" "$ZSC" >python 2>&1 || fail "$(head -20 python)"
    grep SKIP python
else
    echo "no numpy and h5py here: scores are not compared with NumPy"
fi
finish
