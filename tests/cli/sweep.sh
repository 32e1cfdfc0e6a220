#!/bin/sh
# zsc sweep: what is there is not run again, failures are recorded and the rest goes on, shards make the whole.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 250 --seed 3 || exit 99
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
[ "$(grep -c 'neighbours of 4 inputs made of 3 embeddings' err)" -eq 2 ] || fail "embeddings and their pairs are not searched together: $(cat err)"
scores_of whole >whole.scores
[ "$(wc -l <whole.scores)" -gt 200 ] || fail "scores: $(wc -l <whole.scores) lines"
same_results() { # FOLDER: the same keys, rows and scores as in whole
    for f in whole/*.h5; do
        g=$1/$(basename "$f")
        if [ ! -f "$g" ]; then fail "$1: $(basename "$f") is missing"; return; fi
        if [ "$(rows_of "$f")" != "$(rows_of "$g")" ]; then fail "$1: $(basename "$f") differs"; return; fi
    done
    [ "$(ls "$1"/*.h5 | wc -l)" -eq "$(ls whole/*.h5 | wc -l)" ] || fail "$1: more results than there should be"
    nothing_left "$1"
    scores_of "$1" >scores
    cmp -s scores whole.scores || fail "$1: scores differ"
}

run "$ZSC" sweep sweep.yaml
grep "40 runs: 0 computed, 40 there already, 0 failed" out >/dev/null || fail "second: $(cat out)"
mkdir aside && first=$(ls whole/*.h5 | head -n 1) && mv "$first" aside
run "$ZSC" sweep --dry-run sweep.yaml
grep "40 runs of 8 inputs, 8 excluded, 39 done; " out >/dev/null || fail "runs that are done: $(cat out)"
mv aside/* whole

# three parts make the whole
mkdir bin && ln -s "$ZSC" bin/zsc
for i in 4 5 6; do # a job array whose numbers do not begin with 1
    sed 's/^output:.*//; $a\output: array' sweep.yaml >array.yaml
    env PATH="$PWD/bin:$PATH" SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_COUNT=3 SLURM_CPUS_PER_TASK=1 sh "$ZSC_SRCDIR/examples/sweep_array.slurm" array.yaml >/dev/null 2>err ||
        fail "task $i of an array: $(cat err)"
done
same_results array
[ "$(cat zsc-[123].log | grep -c 'run [0-9]* of [0-9]*.*:')" -eq "$(ls array/*.h5 | wc -l)" ] || fail "the logs of an array: $(cat zsc-*.log)"
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
run "$ZSC" sweep -v -o cached --cache neighbours sweep.yaml
[ "$status" -eq 0 ] || fail "cache again: $(cat err)"
same_results cached
[ "$(grep -c 'knn: \|inputs made of' err)" -eq 0 ] || fail "neighbours on disk were searched again: $(grep 'knn: \|inputs made of' err)"

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

# neighbours, graph, layout and dendrogram are computed once for all that share them; labels and matrices are read once
sed 's/^pairs:.*//; s/output: .*/output: once/' sweep.yaml >once.yaml
run "$ZSC" sweep -v once.yaml
many() { grep -c "^[-0-9T:]* zsc sweep: $1: [0-9.]* s$" err; }
[ "$(many knn) $(many graph) $(many layout) $(many ward) $(many score)" = "4 4 10 10 20" ] ||
    fail "20 runs of 4 inputs and 10 trees: $(many knn) searches, $(many graph) graphs, $(many layout) layouts, $(many ward) dendrograms"
grep "labels read 2 times and taken from memory 2 times, matrices 4 and 0;" err >/dev/null || fail "labels were read more than once: $(grep labels err)"
grep "^[-0-9T:]* zsc sweep: run 20 of 20 ([0-9.]* [a-z]* left): k.h5:kmer3, one-per-barcode first, seed 2, clusters 20$" err >/dev/null || fail "no progress over the sweep: $(grep 'run 20' err)"
run "$ZSC" sweep -v -o uncached --cache-memory 0 once.yaml
grep "taken from memory 0 times, matrices .* and 0; at most 0 B kept" err >/dev/null || fail "--cache-memory 0: $(grep labels err)"
scores_of once >scores
scores_of uncached | cmp -s - scores || fail "the cache changes scores"

# a full disk ends the sweep with one sentence; with space again it goes on
(trap '' XFSZ; ulimit -f 24; exec "$ZSC" sweep -q -o full sweep.yaml) >out 2>err
status=$?
[ $status -eq 3 ] && [ "$(grep -vc warning err)" -eq 1 ] || fail "full disk: status $status: $(cat err)"
nothing_left full
"$ZSC" sweep -q -o full sweep.yaml >/dev/null || fail "the sweep does not go on after a full disk"
same_results full

# a store written by a newer zsc is left alone
f=$(ls full/*.h5 | head -n 1)
if ${PYTHON3-/usr/bin/python3} -c 'import sys, h5py; h5py.File(sys.argv[1], "r+").attrs["zsc_result"] = 99' "$f" 2>/dev/null; then
    cp "$f" newer.h5
    expect 3 "'$f' was written by a newer zsc (format 99" "$ZSC" sweep -q -o full sweep.yaml
    [ "$(wc -l <err)" -eq 1 ] || fail "a newer store: $(cat err)"
    rm -r full/.index
    expect 3 "'$f' was written by a newer zsc (format 99" "$ZSC" sweep -q -o full sweep.yaml
    expect 3 "was written by a newer zsc" "$ZSC" collect full
    cmp -s "$f" newer.h5 || fail "a newer result was overwritten"
else
    echo "a store written by a newer zsc is left out: no h5py (Debian package python3-h5py)"
fi

# bad sweeps
expect 3 "did you mean 'neighbors'" sh -c 'printf "embeddings: k.h5:kmer2\nneighbour: 3\n" >bad.yaml; exec "$ZSC" sweep bad.yaml'
expect 3 "no-such.yaml" "$ZSC" sweep no-such.yaml
expect 3 "bad.yaml:1: embeddings: no encoder of 'k.h5' matches 'z*'" sh -c 'printf "embeddings: k.h5:z*\n" >bad.yaml; exec "$ZSC" sweep bad.yaml'
expect 3 "bad.yaml:2: embeddings: " sh -c 'printf "output: o\nembeddings: k.h5:kmer9\n" >bad.yaml; exec "$ZSC" sweep bad.yaml'
grep "no encoder 'kmer9'.*kmer2" err >/dev/null || fail "an encoder in no file: $(cat err)"
expect 3 "bad.yaml:3: pairs: " sh -c 'printf "pairs:\n  - [k.h5:kmer2]\n  - [nowhere.h5:x]\n" >bad.yaml; exec "$ZSC" sweep --dry-run bad.yaml'
expect 3 "bad.yaml:2: metadata: " sh -c 'printf "embeddings: k.h5:kmer2\nmetadata: nowhere.csv\n" >bad.yaml; exec "$ZSC" sweep bad.yaml'
[ -e o ] && fail "a sweep that was refused wrote something"
# a pair without common rows, K above rows: found when the rows are there, told for each run, and the others go on
sed '2,$s/^/X/' sim.csv >far.csv
"$ZSC" embed kmer -q -m far.csv -k 2 -o far.h5 || exit 99
printf 'output: o\nreduce: none\nembeddings: [[k.h5:kmer2, far.h5:kmer2], k.h5:kmer2]\nclusters: [10, 251]\n' >apart.yaml
expect 5 "3 of 4 runs failed" "$ZSC" sweep apart.yaml
grep "k.h5:kmer2 + far.h5:kmer2.*no id in common" err >/dev/null || fail "no common rows: $(cat err)"
grep "251 clusters requested, but there are only 250 rows" err >/dev/null || fail "K above rows: $(cat err)"
[ "$(cat o/.failed/*.txt | wc -l)" -eq 3 ] || fail "failures: $(cat o/.failed/*.txt)"
expect 2 "expects I/N" "$ZSC" sweep --shard 4/3 sweep.yaml
expect 2 "expects I/N" "$ZSC" sweep --shard '1/ 3' sweep.yaml
expect 2 "expects I/N" "$ZSC" sweep --shard 1/-3 sweep.yaml
# a value means the same on the command line and in a file; a seed that is given twice runs once, and is said
printf 'output: v1\nembeddings: k.h5:kmer2\nepochs: 1e1\nseed: [0, 0, 1]\n' >values.yaml
run "$ZSC" sweep values.yaml
grep "values.yaml:4: seed '0' holds 1 that came before" err >/dev/null || fail "a seed given twice: $(cat err)"
run "$ZSC" run -e k.h5:kmer2 --epochs 1e1 --seed 0,0,1 -o v2
grep 'option --seed holds 1 seed that came before' err >/dev/null || fail "a seed given twice: $(cat err)"
[ "$(ls v1)" = "$(ls v2)" ] && [ "$(ls v1/*.h5 | wc -l)" -eq 2 ] || fail "1e1 is not the same in a file: $(ls v1 v2)"
expect 2 "option --cut-height expects a number, not 'inf'" "$ZSC" run -e k.h5:kmer2 --cut-height inf
expect 2 "option --epochs expects a whole number, not ' 5'" "$ZSC" run -e k.h5:kmer2 --epochs ' 5'
printf 'output: v1\nembeddings: k.h5:kmer2\nexclude:\n  - epochs: 77\n' >none.yaml
run "$ZSC" sweep --dry-run none.yaml
grep 'none.yaml:4: this exclusion matches no run' err >/dev/null || fail "an exclusion without effect: $(cat err)"
run "$ZSC" sweep --example
grep "^embeddings:" out >/dev/null || fail "no example"

# a sweep of two settings in pandas, as doc/results.md has it
if "${PYTHON3-/usr/bin/python3}" -c 'import pandas' 2>/dev/null; then
    printf 'output: two\nembeddings: k.h5:kmer2\nepochs: 5\nneighbors: [5, 9]\nmin-dist: [0, 0.1, 0.5]\n' >two.yaml
    "$ZSC" sweep -q two.yaml >out && "$ZSC" collect two -o all.csv || fail "a sweep of two settings"
    sed -n '/^    import pandas/,/^$/s/^    //p' "$ZSC_SRCDIR/doc/results.md" >page.py
    run "${PYTHON3-/usr/bin/python3}" page.py
    { grep '^min_dist  *0.0  *0.1  *0.5$' out && [ "$(grep -c '^[59] .*0\.' out)" -eq 2 ]; } >/dev/null || fail "in pandas: $(cat out err)"
fi

# settings without effect tell no runs apart, and what selects no rows is named in a subset
printf 'output: plain\nembeddings: k.h5:kmer2\nreduce: none\nmin-dist: [0, 0.1]\n' >plain.yaml
run "$ZSC" sweep plain.yaml
{ [ "$status" -eq 0 ] && [ "$(ls plain/*.h5 | wc -l)" -eq 1 ]; } || fail "min-dist tells runs without UMAP apart: $(ls plain)"
printf 'output: v1\nembeddings: k.h5:kmer2\nsubsets:\n  - seed: 3\n' >seed.yaml
expect 3 "seed.yaml:4: seed does not select rows" "$ZSC" sweep seed.yaml
# a pipe in place of an entry of the index is not written to
entry=$(ls plain/.index | head -n 1)
rm plain/.index/* && mkfifo "plain/.index/$entry"
run timeout 60 "$ZSC" sweep plain.yaml
[ "$status" -eq 0 ] || fail "a pipe in the index: status $status"
# an entry of the index that leads to the result of another run is not believed
printf 'output: pair\nembeddings: k.h5:kmer2\nreduce: none\nclusters: [4, 5]\n' >pair.yaml
"$ZSC" sweep -q pair.yaml >out 2>err && [ "$(ls pair/*.h5 | wc -l)" -eq 2 ] || fail "two cuts: $(cat err)"
first=$(ls pair/.index | head -n 1) second=$(ls pair/.index | tail -n 1)
[ "$first" != "$second" ] || fail "one entry: $first"
rm "pair/$(cut -d' ' -f1 "pair/.index/$second").h5"
cp "pair/.index/$first" "pair/.index/$second"
run "$ZSC" sweep pair.yaml
{ [ "$status" -eq 0 ] && [ "$(ls pair/*.h5 | wc -l)" -eq 2 ]; } || fail "an entry of another run was believed: $(cat out err)"
rm -r plain/.index && : >plain/.index
expect 3 "cannot create folder 'plain/.index': a file has that name" "$ZSC" sweep -q plain.yaml
finish
