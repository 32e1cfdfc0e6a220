#!/bin/sh
# zsc umap: formats, threads, stop and resume, refusals.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
fail() { echo "umap.sh: $*" >&2; exit 1; }
# expect STATUS WORDS COMMAND...: the exit status, and words of the message
expect() {
    want=$1 words=$2; shift 2
    status=0; "$@" >out 2>err || status=$?
    [ "$status" -eq "$want" ] || { cat err >&2; fail "status $status, not $want: $*"; }
    grep -q -- "$words" err || { cat err >&2; fail "no '$words' in the message of: $*"; }
}

"$ZSC" simulate -q -o sim.h5 --rows 300 --seed 3
set -- -e sim.h5:sim_dna --n-neighbors 10 --n-components 3 --n-epochs 60 --seed 5

# Any number of threads: the same file.
"$ZSC" umap -q "$@" -t 1 -o one.h5
"$ZSC" umap -q "$@" -t 3 -o three.h5
cmp one.h5 three.h5 || fail "1 and 3 threads differ"
# The output is an embeddings file with ids and labels.
"$ZSC" info one.h5 >info
grep -q umap info || fail "info does not see the encoder"
grep -q species info || fail "labels did not come along"

# Stopped and resumed twice: the same file as at once.
"$ZSC" umap -q "$@" -o part.h5 --stop-at-epoch 7
"$ZSC" umap -q "$@" -o more.h5 --resume part.h5 --stop-at-epoch 41
"$ZSC" umap -q "$@" -o whole.h5 --resume more.h5
cmp one.h5 whole.h5 || fail "resumed differs from uninterrupted"
if cmp -s one.h5 part.h5; then fail "stopping had no effect"; fi
expect 2 "seed" "$ZSC" umap "$@" --seed 6 -o x.h5 --resume part.h5
expect 2 "min_dist" "$ZSC" umap "$@" --min-dist 0.3 -o x.h5 --resume part.h5
expect 3 "other embeddings" "$ZSC" umap -e sim.h5:sim_image_1 --n-neighbors 10 --n-components 3 --n-epochs 60 --seed 5 -o x.h5 --resume part.h5
grep -q "embeddings sim.h5:sim_dna, and here sim.h5:sim_image_1" err || fail "what differs is not named: $(cat err)"
expect 3 "scale none, and here zscore" "$ZSC" umap "$@" --scale zscore -o x.h5 --resume part.h5
# A graph of other neighbours would give another layout: from a file, by another search, with the first half's file left out.
"$ZSC" knn -q -e sim.h5:sim_dna --scale l2 -k 10 -o other.h5
"$ZSC" umap -q "$@" --knn-file other.h5 -o half.h5 --stop-at-epoch 7
expect 2 "other neighbours: there file 'other.h5', here exact search" "$ZSC" umap "$@" -o x.h5 --resume half.h5
expect 2 "other neighbours: there exact search, here file 'other.h5'" "$ZSC" umap "$@" --knn-file other.h5 -o x.h5 --resume part.h5
[ ! -e x.h5 ] || fail "a refused resume left a file"
"$ZSC" umap -q "$@" --knn-file other.h5 -o both.h5 --resume half.h5
"$ZSC" umap -q "$@" --knn-file other.h5 -o straight.h5
cmp both.h5 straight.h5 || fail "resumed with the same neighbours differs from uninterrupted"

# npy out, and npy in: the same places as from HDF5.
"$ZSC" umap -q "$@" -o places.npy
"$ZSC" umap -q -e places.npy --n-neighbors 10 --n-epochs 20 -o again.npy
"$ZSC" umap -q -e one.h5:umap --n-neighbors 10 --n-epochs 20 -o again2.npy
cmp again.npy again2.npy || fail "npy and HDF5 input differ"
# A given start, from either format.
"$ZSC" umap -q "$@" --init places.npy -o given.npy
"$ZSC" umap -q "$@" --init one.h5:umap -o given2.npy
cmp given.npy given2.npy || fail "starts from npy and HDF5 differ"
if cmp -s given.npy places.npy; then fail "the given start had no effect"; fi
# Every parameter changes the result.
for option in "--n-neighbors 12" "--metric cosine" "--min-dist 0.4" "--spread 2" "--a 1.2" "--b 0.7" "--n-epochs 61" \
    "--learning-rate 0.5" "--init pca" "--init random" "--set-op-mix-ratio 0.5" "--local-connectivity 2" \
    "--repulsion-strength 2" "--negative-sample-rate 7" "--unique" "--seed 6" "--scale zscore"; do
    # shellcheck disable=SC2086
    "$ZSC" umap -q "$@" $option -o changed.npy
    if cmp -s changed.npy places.npy; then fail "$option had no effect"; fi
done

# No epochs: the initialisation, which the epoch before the first update is too.
"$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 0 -o epochs0.npy
"$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 1 -o epochs1.npy
"$ZSC" umap -q -e sim.h5:sim_dna -o epochs.npy
cmp epochs0.npy epochs1.npy || fail "--n-epochs 0 is not the initialisation"
if cmp -s epochs0.npy epochs.npy; then fail "--n-epochs 0 has the default number of epochs"; fi
for option in "--a 0" "--b 0" "--a 0 --b 0"; do
    # shellcheck disable=SC2086
    expect 2 "from 1e-09" "$ZSC" umap "$@" $option -o x.h5
done

# Neighbours from a file, where zsc knn is there.
if "$ZSC" help knn >/dev/null 2>&1; then
    "$ZSC" knn -q -e sim.h5:sim_dna -k 14 -o knn.h5
    "$ZSC" umap -q "$@" --knn-file knn.h5 -o fromfile.h5
    cmp one.h5 fromfile.h5 || fail "neighbours from a file give another result"
    expect 2 "holds 14" "$ZSC" umap "$@" --n-neighbors 20 --knn-file knn.h5 -o x.h5
    expect 2 "metric" "$ZSC" umap "$@" --metric cosine --knn-file knn.h5 -o x.h5
    expect 3 "/knn/index" "$ZSC" umap -e places.npy --knn-file one.h5 -o x.h5
fi

# Refusals.
expect 2 "limit" "$ZSC" umap "$@" --memory-limit 10k -o x.h5
expect 2 "--embeddings" "$ZSC" umap -o x.h5
expect 2 "--output" "$ZSC" umap -e sim.h5:sim_dna
expect 2 "n-components" "$ZSC" umap -e sim.h5:sim_dna --n-components 257 -o x.h5
expect 2 "min_dist" "$ZSC" umap -e sim.h5:sim_dna --min-dist 3 -o x.h5
expect 2 "epochs" "$ZSC" umap "$@" --stop-at-epoch 61 -o x.h5
expect 3 "init" "$ZSC" umap "$@" --init spectrum -o x.h5
expect 3 "expected 300 x 2" "$ZSC" umap "$@" --n-components 2 --init places.npy -o x.h5
[ ! -e x.h5 ] || fail "a refused run left a file"
# Fewer rows than neighbours: a warning, and as many as there are.
"$ZSC" umap -e sim.h5:sim_dna --n-neighbors 400 --n-epochs 5 -o few.h5 2>err
grep -q "299 are used" err || fail "no warning of too few rows"
echo ok
