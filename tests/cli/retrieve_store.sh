#!/bin/sh
# Results of retrieval in the store: key, provenance, checksums; zsc ls, info, rm, rerun, collect and sweeps know them.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 6000 --seed 4 --splits all --unseen-species 0.5 --image-encoders 1 --dna-encoders 1 --image-dim 16 --dna-dim 16 -o s.h5 || fail simulate
R="--key-split train+key_unseen --query-split test,test_unseen --k 1,3 --ranks genus,species"
# shellcheck disable=SC2086
retrieve() { "$ZSC" retrieve -q -e "s.h5:sim_$2" --queries "s.h5:sim_$1" $R "$3" "$4" >out 2>err || fail "retrieve $*: $(cat err)"; }
retrieve dna dna --store one && retrieve image_1 dna --store one
"$ZSC" run -q -e s.h5:sim_dna --split test --reduce none -o one >out 2>err || fail "run: $(cat err)"
dna=$("$ZSC" ls one --format csv | awk -F, '$2 == "sim_dna in sim_dna" { print "one/" $1 ".h5" }')
image=$("$ZSC" ls one --format csv | awk -F, '$2 == "sim_image_1 in sim_dna" { print "one/" $1 ".h5" }')
[ -f "$dna" ] && [ -f "$image" ] || fail "ls: $("$ZSC" ls one)"
"$ZSC" ls one | grep -q 'test,test_unseen in train+key_unseen, k 1,3; macro % at species, k 1: test ' || fail "ls: $("$ZSC" ls one)"
[ "$("$ZSC" ls one --format csv | wc -l)" = 4 ] || fail "ls does not list three results"
"$ZSC" info "$dna" | grep -q 'result of zsc retrieve' && "$ZSC" info "$dna" | grep -q 'command: .*--store one' || fail info

# The same data is the same key, wherever it is; another setting is another.
mkdir elsewhere && cp s.h5 elsewhere/t.h5
"$ZSC" retrieve -q -e elsewhere/t.h5:sim_dna $R --store two >out 2>err || fail "retrieve: $(cat err)"
[ -f "two/$(basename "$dna")" ] || fail "the same data has another key"
# shellcheck disable=SC2086
"$ZSC" retrieve -q -e elsewhere/t.h5:sim_dna $R --weighted --store two >out 2>err || fail "retrieve: $(cat err)"
[ "$(ls two | wc -l)" = 2 ] || fail "--weighted has no key of its own"

# What is there is taken, and everything written of it is the same; --force, examples, damage: computed again.
cp "$dna" before.h5
for what in "--format csv" "--format json" "--format table" "--per-class d.csv" "--confusions d.csv" "--by-keys d.csv"; do
    rm -f d.csv
    # shellcheck disable=SC2086
    "$ZSC" retrieve -e s.h5:sim_dna $R $what >wanted 2>err || fail "retrieve $what: $(cat err)"
    [ ! -f d.csv ] || mv d.csv wanted.csv
    # shellcheck disable=SC2086
    "$ZSC" retrieve -e s.h5:sim_dna $R $what --store one >out 2>err || fail "retrieve $what: $(cat err)"
    grep -q "the result exists already: $dna" err && ! grep -q searched err || fail "$what computes again: $(cat err)"
    cmp -s out wanted && { [ ! -f d.csv ] || cmp -s d.csv wanted.csv; } || fail "$what differs from a search: $(diff out wanted)"
done
cmp -s "$dna" before.h5 || fail "the result was written again"
for what in --force "--examples 2"; do
    # shellcheck disable=SC2086
    "$ZSC" retrieve -e s.h5:sim_dna $R $what --store one >out 2>err && grep -q searched err || fail "$what does not compute: $(cat err)"
done
sed 's/"macro":0\./"macro":0x/' before.h5 >"$dna" # an array that is not what its checksum says
"$ZSC" retrieve -e s.h5:sim_dna $R --store one >out 2>err && grep -q 'it is computed again' err && grep -q searched err || fail "a damaged result: $(cat err)"
printf 'kind: retrieval\nkeys: s.h5:sim_dna\nkey-split: train+key_unseen\nquery-split: [test, test_unseen]\nk: [1, 3]\nranks: genus,species\noutput: one\n' >one.yaml
"$ZSC" sweep -q one.yaml | grep -q '1 pairs: 0 computed, 1 there already' || fail "a sweep does not take what zsc retrieve stored"
"$ZSC" rm -q "$dna" >/dev/null && "$ZSC" sweep -q one.yaml >out && "$ZSC" retrieve -e s.h5:sim_dna $R --store one 2>err >out && grep -q "exists already: $dna" err ||
    fail "the result of a sweep is not taken: $(cat err)"

# What reads results of runs leaves them out of folders, and refuses them by name.
"$ZSC" collect one | awk -F, 'END { exit NR < 3 }' || fail collect
"$ZSC" compare -q one --resamples 20 | grep -q '^sim_dna ' || fail compare
expect 3 "is of zsc retrieve; expected one of zsc run" "$ZSC" compare "$dna"
expect 3 "is of zsc retrieve; expected one of zsc run" "$ZSC" collect "$dna"
run_result=$("$ZSC" ls one --format csv | awk -F, '$2 == "sim_dna" { print "one/" $1 ".h5" }')
expect 3 "is of zsc run; expected one of zsc retrieve" "$ZSC" table retrieval "$run_result"
mkdir none && cp "$run_result" none
expect 3 "folder 'none' holds no results of zsc retrieve" "$ZSC" compare --score macro none
"$ZSC" collect one --retrieval >all.csv || fail "collect --retrieval"
[ "$(wc -l <all.csv)" = 17 ] || fail "collect --retrieval: $(cat all.csv)"
retrieve dna dna --format csv
awk -F, 'FILENAME == "out" { if ($2 == 1 && $1 == "species" && $3 == "test") a = $9; next } $2 == "sim_dna" && $4 == "species" && $5 == 1 && $6 == "test" { b = $13 } END { exit !(a != "" && a - b < 1e-15 && b - a < 1e-15) }' out all.csv ||
    fail "collect --retrieval has another score: $(cat out all.csv)"
"$ZSC" collect one --retrieval --format json | grep -c '"macro"' | grep -qx 16 || fail "collect --retrieval --format json"
"$ZSC" table retrieval one --ranks species | grep -q 'DNA to DNA, H.M.' || fail "table of a folder"
"$ZSC" compare --score macro one --resamples 50 >out 2>err && grep -q '^sim_image_1 in sim_dna ' out || fail "compare of a folder: $(cat err)"

# Again, and what has changed.
"$ZSC" rerun -q "$dna" >out 2>err && grep -q 'inputs unchanged' out && grep -q '^confusions .* yes' out || fail "rerun: $(cat out err)"
cp s.h5 kept.h5
"$ZSC" simulate -q --rows 6000 --seed 5 --splits all --unseen-species 0.5 --image-encoders 1 --dna-encoders 1 --image-dim 16 --dna-dim 16 -o s.h5 --force
expect 4 "lists differ from those of '$dna' (inputs changed" "$ZSC" rerun "$dna"
mv kept.h5 s.h5

# Damage is noticed.
size=$(wc -c <"$dna")
cp "$dna" "two/$(basename "$dna")"
at=$(LC_ALL=C grep -abo '"macro":0\.' "$dna" | head -n 1 | cut -d: -f1)
digit=9
[ "$(dd if="$dna" bs=1 skip=$((at + 10)) count=1 2>/dev/null)" != 9 ] || digit=8
printf $digit | dd of="two/$(basename "$dna")" bs=1 seek=$((at + 10)) conv=notrunc 2>/dev/null
cmp -s "$dna" "two/$(basename "$dna")" && fail "nothing was damaged at $at of $size"
expect 3 "" "$ZSC" table retrieval "two/$(basename "$dna")"
expect 3 "" "$ZSC" info "two/$(basename "$dna")"

# A sweep: all pairs, each as it is alone, and none twice.
cat >sweep.yaml <<'YAML'
kind: retrieval
keys: s.h5:*
queries: [s.h5:sim_dna, s.h5:sim_image_1]
key-split: train+key_unseen
query-split: [test, test_unseen]
k: [3, 1]
ranks: genus,species
output: pairs
YAML
"$ZSC" sweep --dry-run sweep.yaml >out 2>err && grep -q '4 pairs: 0 done, 0 failed, 0 under way, 4 to do' out || fail "dry run: $(cat out err)"
expect 1 "4 of 4 pairs are not done" "$ZSC" sweep --status sweep.yaml
"$ZSC" sweep -q sweep.yaml >out 2>err && grep -q '4 pairs: 4 computed, 0 there already, 0 failed' out || fail "sweep: $(cat out err)"
for f in "$dna" "$image"; do
    [ -f "pairs/$(basename "$f")" ] || fail "a pair has another key in the sweep"
    "$ZSC" ls "$f" --format json | grep -v '"command"\|"finished"\|"path"' | sed -n '/"retrieval"/,/provenance/p' >alone
    "$ZSC" ls "pairs/$(basename "$f")" --format json | sed -n '/"retrieval"/,/provenance/p' >joint
    cmp -s alone joint || fail "a pair has other scores in the sweep"
    "$ZSC" rerun -q "pairs/$(basename "$f")" >out 2>err || fail "rerun of a pair: $(cat out err)"
done
"$ZSC" sweep -q sweep.yaml | grep -q '4 pairs: 0 computed, 4 there already' || fail "the sweep computes again"
"$ZSC" sweep --status sweep.yaml | grep -q '4 pairs: 4 done' || fail status
[ "$("$ZSC" ls pairs --format csv | cut -d, -f2 | sed 1d | tr '\n' ';')" = 'sim_dna in sim_dna;sim_image_1 in sim_dna;sim_dna in sim_image_1;sim_image_1 in sim_image_1;' ] ||
    fail "not in the order of the plan: $("$ZSC" ls pairs)"
"$ZSC" rm -q "pairs/$(basename "$image")" >out || fail rm
"$ZSC" sweep -q sweep.yaml | grep -q '4 pairs: 1 computed, 3 there already' || fail "the pair that was removed is not computed"
"$ZSC" sweep -q --force -t 1 sweep.yaml -o again >out && "$ZSC" sweep -q --shard 1/2 sweep.yaml -o part >out && grep -q '4 pairs: 2 computed' out || fail "force, shard: $(cat out)"
for f in pairs/*.h5; do
    "$ZSC" collect --retrieval "$f" | cut -d, -f2- >a
    "$ZSC" collect --retrieval "again/$(basename "$f")" | cut -d, -f2- >b
    cmp -s a b || fail "threads differ"
done

# One pair that cannot be does not keep the others from their results.
"$ZSC" simulate -q --rows 300 --seed 4 --splits all --unseen-species 0.5 --image-encoders 0 --dna-encoders 1 --dna-dim 8 -o narrow.h5 || fail simulate
sed 's/s.h5:sim_image_1/narrow.h5/; s/output: pairs/output: some/; s/s.h5:\*/s.h5:sim_dna/' sweep.yaml >some.yaml
expect 5 "1 of 2 pairs failed; their messages are in some/.failed" "$ZSC" sweep some.yaml
grep -rq 'the queries have 8 columns, and the keys 16' some/.failed || fail "no message: $(cat some/.failed/*)"
[ "$(ls some/*.h5 | wc -l)" = 1 ] || fail "the other pair has no result"

# Bad sweep files.
bad() { # WORDS SED
    sed "$2" sweep.yaml >bad.yaml
    expect 3 "$1" "$ZSC" sweep bad.yaml
}
bad "bad.yaml:4: there is no key 'key-splits' of a retrieval; did you mean 'key-split'?" 's/key-split:/key-splits:/'
bad "bad.yaml: no keys: expected keys: FILE:ENCODER, or a list" '/^keys/d'
bad "bad.yaml:6: k expects" 's/^k: .*/k: [1, two]/'
bad "bad.yaml:8: output expects one value" 's/^output: .*/output: [a, b]/'
bad "bad.yaml:3: queries: " 's/s.h5:sim_dna/s.h5:absent/'
expect 2 "--cache has no effect here" "$ZSC" sweep --cache c sweep.yaml
finish
