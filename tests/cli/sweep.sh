#!/bin/sh
# zsc sweep: what is there is not run again, failures are recorded and the rest goes on, shards make the whole.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata sim.csv --rows 250 --seed 3 || exit 99
"$ZSC" embed kmer -q -m sim.csv -k 2,3,4 -o k.h5 || exit 99
cat >sweep.yaml <<EOF
output: whole
embeddings: ["k.h5:kmer[23]"]
pairs: [["k.h5:kmer2", "k.h5:kmer3"], ["k.h5:kmer4"]]
subsets:
  - split: all
  - one-per-barcode: first
scale: zscore
seed: 0-2
epochs: 30
clusters: [species, 20]
exclude:
  - embeddings: "*:kmer2"
    seed: 2
EOF
# 4 inputs x 2 subsets x 3 seeds x 2 rules, less those of seed 2 with kmer2 (alone and first of a pair)

run "$ZSC" sweep --dry-run sweep.yaml
[ "$status" -eq 0 ] || fail "dry run: $(cat err)"
grep "40 runs of 8 inputs, 8 excluded" out >/dev/null || fail "plan: $(tail -n 1 out)"
[ -e whole ] && fail "the dry run wrote something"

run "$ZSC" sweep sweep.yaml
[ "$status" -eq 0 ] || fail "sweep: $(tail -n 3 err)"
grep "40 runs: 40 computed, 0 there already, 0 failed" out >/dev/null || fail "first: $(cat out)"
[ "$(ls whole/*.h5 | wc -l)" -eq 40 ] || fail "not 40 results"
same_results() { # FOLDER: the same keys, rows and scores as in whole
    for f in whole/*.h5; do
        g=$1/$(basename "$f")
        if [ ! -f "$g" ]; then fail "$1: $(basename "$f") is missing"; return; fi
        if [ "$(rows_of "$f")" != "$(rows_of "$g")" ]; then fail "$1: $(basename "$f") differs"; return; fi
    done
    [ "$(ls "$1"/*.h5 | wc -l)" -eq "$(ls whole/*.h5 | wc -l)" ] || fail "$1: more results than there should be"
    nothing_left "$1"
}

run "$ZSC" sweep sweep.yaml
grep "40 runs: 0 computed, 40 there already, 0 failed" out >/dev/null || fail "second: $(cat out)"

# three parts make the whole
for i in 1 2 3; do "$ZSC" sweep -q -o parts --shard $i/3 sweep.yaml >/dev/null || fail "shard $i"; done
same_results parts

# two at a time on one store
"$ZSC" sweep -q -o both sweep.yaml >both1 2>&1 &
"$ZSC" sweep -q -o both sweep.yaml >both2 2>&1 || fail "two sweeps: $(cat both2)"
wait $! || fail "two sweeps: $(cat both1)"
same_results both
computed() { sed -n 's/.*runs: \([0-9]*\) computed.*/\1/p' "$1"; }
[ $(($(computed both1) + $(computed both2))) -eq 40 ] || fail "two sweeps computed $(computed both1) and $(computed both2) of 40 runs"

# neighbours on disk
"$ZSC" sweep -q -o cached --cache neighbours sweep.yaml >/dev/null || fail "cache"
same_results cached
[ "$(ls neighbours/*.h5 | wc -l)" -eq 8 ] || fail "cache holds $(ls neighbours | wc -l) files"
rm -rf cached
"$ZSC" sweep -q -o cached --cache neighbours sweep.yaml >/dev/null || fail "cache again"
same_results cached

# a failing run is recorded, the others go on
sed 's/clusters: .*/clusters: [species, 5000]/; s/output: .*/output: failing/' sweep.yaml >failing.yaml
run "$ZSC" sweep failing.yaml
[ "$status" -eq 5 ] || fail "failing runs: status $status"
grep "20 of 40 runs failed" err >/dev/null || fail "failing runs: $(tail -n 1 err)"
[ "$(ls failing/*.h5 | wc -l)" -eq 20 ] || fail "failing runs: $(ls failing/*.h5 | wc -l) results"
[ "$(ls failing/.failed/*.txt | wc -l)" -eq 20 ] || fail "failures are not recorded"

# a damaged result is run again
f=$(ls whole/*.h5 | head -n 1)
head -c 3000 "$f" >cut && cat cut >"$f"
run "$ZSC" sweep sweep.yaml
grep "40 runs: 1 computed, 39 there already" out >/dev/null || fail "damaged: $(cat out)"

# bad sweeps
expect 3 "did you mean 'neighbors'" sh -c 'printf "embeddings: k.h5:kmer2\nneighbour: 3\n" >bad.yaml; exec "$ZSC" sweep bad.yaml'
expect 3 "no-such.yaml" "$ZSC" sweep no-such.yaml
expect 3 "matches 'z*'" sh -c 'printf "embeddings: k.h5:z*\n" >bad.yaml; exec "$ZSC" sweep bad.yaml'
expect 5 "1 of 1 runs failed" sh -c 'printf "embeddings: k.h5:kmer9\noutput: o\n" >bad.yaml; exec "$ZSC" sweep bad.yaml'
expect 2 "expects I/N" "$ZSC" sweep --shard 4/3 sweep.yaml
run "$ZSC" sweep --example
grep "^embeddings:" out >/dev/null || fail "no example"
finish
