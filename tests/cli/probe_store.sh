#!/bin/sh
# Results of linear probes in the store: key, provenance, checksums; zsc ls, info, rm, rerun, collect, table, report and sweeps know them; keys in blocks.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 6000 --seed 4 --splits all --unseen-species 0.5 --image-encoders 1 --dna-encoders 1 --image-dim 16 --dna-dim 16 -o s.h5 || fail simulate
R="--key-split train+key_unseen --query-split test,test_unseen --ranks genus,species"
# shellcheck disable=SC2086
probe() { encoder=$1 && shift && "$ZSC" probe -e "s.h5:sim_$encoder" $R --epochs 5 "$@" >out 2>err || fail "probe $*: $(cat err)"; }
result() { sed -n 's/^zsc probe: result: //p' err; }
probe dna --store one && dna=$(result)
probe image_1 --store one && image=$(result)
[ -f "$dna" ] && [ -f "$image" ] || fail "no results: $(ls one)"
"$ZSC" ls one | grep -q 'sim_dna in sim_dna .* test,test_unseen in train+key_unseen, linear probe, sgd, epochs 5; macro % at species: test ' || fail "ls: $("$ZSC" ls one)"
"$ZSC" info "$dna" | grep -q 'result of zsc probe' && "$ZSC" info "$dna" | grep -q 'command: .*--store one' && "$ZSC" info "$dna" | grep -q 'checksums match' || fail "info: $("$ZSC" info "$dna")"

# The same data is the same key, wherever it is; each setting that has an effect makes another, and those that have none do not.
mkdir elsewhere && cp s.h5 elsewhere/t.h5
keys() { sed -n 's/.*\(result\|exists already\): .*\/\([0-9a-f]*\)\.h5$/\2/p' err; }
# shellcheck disable=SC2086
"$ZSC" probe -e elsewhere/t.h5:sim_dna $R --epochs 5 --store two >out 2>err || fail "probe: $(cat err)"
[ "$(keys)" = "$(basename "$dna" .h5)" ] || fail "the same data has another key"
for o in "--epochs 6" "--seed 1" "--learning-rate 0.02" "--momentum 0.5" "--weight-decay 0.1" "--batch-size 100" "--stopping-split val" "--stopping-split val --patience 2" "--stopping-split val_unseen" \
    "--solver lbfgs" "--solver lbfgs --tolerance 0.1" "--known-queries keep"; do
    # shellcheck disable=SC2086
    probe dna --store two $o
    keys
done >all
[ "$(sort -u all | wc -l)" = 12 ] && ! grep -q "$(basename "$dna" .h5)" all || fail "keys: $(cat all)"

# What is there is taken, and everything written of it is the same; --force and damage: computed again.
cp "$dna" before.h5
for what in "--format csv" "--format json" "--format table" "--format json --stopping-split val" "--format json --solver lbfgs" "--per-class d.csv" "--confusions d.csv" "--by-keys d.csv"; do
    rm -f d.csv
    # shellcheck disable=SC2086
    probe dna $what && mv out wanted
    [ ! -f d.csv ] || mv d.csv wanted.csv
    # shellcheck disable=SC2086
    probe dna $what --store one && rm -f d.csv && probe dna $what --store one
    grep -q 'the result exists already: ' err && ! grep -q fitted err || fail "$what computes again: $(cat err)"
    cmp -s out wanted && { [ ! -f d.csv ] || cmp -s d.csv wanted.csv; } || fail "$what differs from a fit: $(diff out wanted)"
done
cmp -s "$dna" before.h5 || fail "the result was written again"
probe dna --store one --force && grep -q fitted err || fail "--force does not compute: $(cat err)"
sed 's/"macro":0\./"macro":0x/' before.h5 >"$dna"
expect 3 "" "$ZSC" table probe "$dna"
expect 3 "" "$ZSC" rerun "$dna"
probe dna --store one && grep -q 'it is computed again' err && grep -q fitted err || fail "a damaged result: $(cat err)"

# Again, and what has changed.
"$ZSC" rerun -q "$dna" >out 2>err && grep -q 'inputs unchanged' out && grep -q '^fits  *2  *0  *yes' out || fail "rerun: $(cat out err)"
probe dna --store one --solver lbfgs --weight-decay 0.01 && "$ZSC" rerun -q "$(result)" >out 2>err && grep -q '^fits  *2  *0  *yes' out || fail "rerun of L-BFGS: $(cat out err)"
probe dna --store one --stopping-split val --patience 1 && "$ZSC" rerun -q "$(result)" >out 2>err && grep -q '^fits  *2  *0  *yes' out || fail "rerun with early stopping: $(cat out err)"
cp s.h5 kept.h5
"$ZSC" simulate -q --rows 6000 --seed 5 --splits all --unseen-species 0.5 --image-encoders 1 --dna-encoders 1 --image-dim 16 --dna-dim 16 -o s.h5 --force
expect 4 "lists differ from those of '$dna' (inputs changed" "$ZSC" rerun "$dna"
mv kept.h5 s.h5

# A sweep: each encoder is fitted, and none twice; what zsc probe stored is taken, and the other way round.
cat >sweep.yaml <<'YAML'
kind: probe
keys: s.h5:*
key-split: train+key_unseen
query-split: [test, test_unseen]
ranks: genus,species
epochs: 5
output: swept
YAML
"$ZSC" sweep --dry-run sweep.yaml >out 2>err && grep -q '2 pairs: 0 done, 0 failed, 0 under way, 2 to do' out || fail "dry run: $(cat out err)"
expect 1 "2 of 2 pairs are not done" "$ZSC" sweep --status sweep.yaml
probe image_1 --store swept
"$ZSC" sweep -q sweep.yaml >out 2>err && grep -q '2 pairs: 1 computed, 1 there already, 0 failed' out || fail "sweep: $(cat out err)"
probe dna --store swept && grep -q 'exists already' err || fail "the result of a sweep is not taken: $(cat err)"
for f in "$dna" "$image"; do
    "$ZSC" collect --retrieval "$f" | cut -d, -f2- >a
    "$ZSC" collect --retrieval "swept/$(basename "$f")" | cut -d, -f2- | cmp -s - a || fail "$f: a sweep has other scores"
done
"$ZSC" rm -q "swept/$(basename "$dna")" >out && "$ZSC" sweep -q sweep.yaml | grep -q '2 pairs: 1 computed, 1 there already' || fail "the result that was removed is not computed"
"$ZSC" sweep -q --force -t 1 sweep.yaml -o again >out && "$ZSC" sweep -q --shard 1/2 sweep.yaml -o part >out && grep -q '2 pairs: 1 computed' out || fail "force, shard: $(cat out)"
for f in swept/*.h5; do
    "$ZSC" collect --retrieval "$f" | cut -d, -f2- >a
    "$ZSC" collect --retrieval "again/$(basename "$f")" | cut -d, -f2- | cmp -s - a || fail "threads differ"
done
# queries of several encoders are classified by one fit, as each alone
sed 's/^output.*/queries: s.h5:*\noutput: pairs/; s/^epochs.*/solver: lbfgs\nweight-decay: 0.01/' sweep.yaml >pairs.yaml
"$ZSC" sweep pairs.yaml >out 2>err && grep -q '4 pairs: 4 computed' out && [ "$(grep -c 'rank species: ' err)" = 2 ] || fail "pairs: $(cat out err)"
# shellcheck disable=SC2086
"$ZSC" probe -e s.h5:sim_dna --queries s.h5:sim_image_1 $R --solver lbfgs --weight-decay 0.01 --store pairs >out 2>err && grep -q 'exists already' err || fail "a pair has another key in the sweep: $(cat err)"
rm "pairs/$(keys).h5"
# shellcheck disable=SC2086
cp out joint && "$ZSC" probe -q -e s.h5:sim_dna --queries s.h5:sim_image_1 $R --solver lbfgs --weight-decay 0.01 --store pairs >out && cmp -s out joint || fail "a pair has other scores in the sweep"

# Tables, comparisons and the page take the folder; what reads results of runs or of nearest keys leaves probes out, and refuses them by name.
# shellcheck disable=SC2086
for e in dna image_1; do "$ZSC" retrieve -q -e s.h5:sim_$e $R --k 1 --store swept >out 2>err || fail "$(cat err)"; done
"$ZSC" table probe swept --ranks species --format csv >out 2>err && [ "$(sed 1q out)" = 'Modality,Encoder,"1-NN, Species, test","1-NN, Species, test_unseen","Linear, Species, test","Linear, Species, test_unseen"' ] && [ "$(wc -l <out)" = 3 ] || fail "table: $(cat out err)"
"$ZSC" table retrieval swept >out 2>err && ! grep -q -i linear out || fail "table retrieval: $(cat out err)"
expect 3 "is of zsc probe; expected files and results of zsc retrieve (zsc table probe takes both)" "$ZSC" table retrieval "swept/$(basename "$dna")"
expect 3 "is of zsc probe; expected one of zsc run (zsc compare --score and zsc table probe read it)" "$ZSC" compare "$dna"
expect 3 "folder 'one' holds no results of zsc retrieve (" "$ZSC" table retrieval one
"$ZSC" compare -q --score micro swept --ranks species --resamples 50 >out 2>err && grep -q '^linear probe, sim_dna in sim_dna' out && grep -q '^sim_dna in sim_dna' out || fail "compare: $(cat out err)"
"$ZSC" collect swept --retrieval >all.csv && [ "$(grep -c ',probe$' all.csv)" = 8 ] && [ "$(grep -c ',retrieval$' all.csv)" = 8 ] || fail "collect: $(cat all.csv)"
"$ZSC" run -q -e s.h5:sim_dna --split test --reduce none -o swept >out 2>err || fail "run: $(cat err)"
"$ZSC" report swept -o page.html --no-figures --resamples 0 >out 2>err && grep -q '<section id="probes"><h2>Linear probes</h2>' page.html && grep -q 'Linear, Species, test' page.html && grep -q '<h3>linear probe, sim_dna in sim_dna</h3>' page.html ||
    fail "report: $(cat err)"

# Bad sweep files.
bad() { # WORDS SED
    sed "$2" sweep.yaml >bad.yaml
    expect 3 "$1" "$ZSC" sweep bad.yaml
}
bad "bad.yaml:6: there is no key 'epoch' of a probe; did you mean 'epochs'?" 's/epochs/epoch/'
bad "bad.yaml:6: there is no key 'k' of a probe" 's/epochs: 5/k: 1/'
bad "bad.yaml:6: epochs expects" 's/epochs: .*/epochs: many/'
bad "bad.yaml:6: tolerance has no effect here: it is one of solver lbfgs" 's/epochs: .*/tolerance: 0.1/'
bad "bad.yaml:6: patience has no effect here: there is no stopping-split" 's/epochs: .*/patience: 3/'
bad "bad.yaml: momentum is 1; expected 0 or more, and less than 1" 's/epochs: .*/momentum: 1/'
bad "bad.yaml: known-queries expects drop or keep: a linear probe learns from all keys" 's/epochs: .*/known-queries: others/'
sed 's/k: .*//; s/kind: .*/kind: retrieval/' sweep.yaml >bad.yaml
expect 3 "bad.yaml:6: there is no key 'epochs' of a retrieval" "$ZSC" sweep bad.yaml

# Keys in blocks: L-BFGS reads them in each pass, the same bytes; gradient descent says what it needs before it starts.
"$ZSC" simulate -q --rows 20000 --seed 1 --splits all --unseen-species 0.5 --image-encoders 0 --dna-encoders 1 --dna-dim 256 --classes 2 --orders 3 --families 6 --subfamilies 8 --genera 10 --species 20 -o big.h5 || fail simulate
B="-e big.h5:sim_dna --query-split test --ranks order,family --known-queries keep"
for t in 1 2 3; do
    # shellcheck disable=SC2086
    "$ZSC" probe -t $t $B --solver lbfgs --epochs 4 --memory-limit 60M --format json >"t$t.json" 2>err || fail "blocks: $(cat err)"
    grep -q '20000 keys are read in blocks of 1024 in each pass' err || fail "no blocks: $(cat err)"
    # shellcheck disable=SC2086
    [ $t -gt 1 ] || { "$ZSC" probe $B --solver lbfgs --epochs 4 --format json >whole.json 2>err && ! grep -q blocks err || fail "in one piece: $(cat err)"; }
    cmp -s whole.json "t$t.json" || fail "blocks with $t threads: $(diff whole.json "t$t.json" | head -5)"
done
# shellcheck disable=SC2086
expect 2 "its batches are drawn from all 20000 keys, whose matrix of 20.5 MB has to be in memory; raise --memory-limit, or choose the solver lbfgs, which reads keys in blocks" \
    "$ZSC" probe -q $B --epochs 1 --memory-limit 20M
# shellcheck disable=SC2086
"$ZSC" probe -q $B --epochs 1 --memory-limit 300M --format json >fits.json 2>err && "$ZSC" probe -q $B --epochs 1 --format json | cmp -s - fits.json || fail "keys that fit: $(cat err)"
finish
