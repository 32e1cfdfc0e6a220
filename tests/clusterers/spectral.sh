#!/bin/sh
# zsc cluster --clusterer spectral: the labels of scikit-learn's SpectralClustering on shapes that graphs tell apart
# (from a fixture, and of other rows where scikit-learn is installed); in runs and sweeps; the same bytes at any number of
# threads; what cannot be clustered is refused with what to do.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# ari FILE: of the clusters in c.csv with scikit-learn's
ari() { "$ZSC" score -q "$1:sklearn" c.csv:cluster --format json 2>/dev/null | awk '$1 == "\"ari\":" { sub(",", "", $2); print $2; exit }'; }
# compare FILE: NAME-K-NEIGHBOURS.csv, by each way of assigning labels
compare() {
    numbers=$(basename "$1" .csv)
    numbers=${numbers#*-}
    for assign in kmeans cluster_qr; do
        run "$ZSC" cluster -q -e "$1" --label-column sklearn --clusterer spectral -k "${numbers%-*}" \
            --graph-neighbors "${numbers#*-}" --assign-labels $assign -o c.csv
        [ "$status" -eq 0 ] || fail "$1, $assign: $(cat err)"
        awk -v ari="$(ari "$1")" 'BEGIN { exit !(ari > 0.99) }' || fail "$1, $assign: ARI $(ari "$1") with scikit-learn"
    done
}
for f in "$ZSC_SRCDIR"/tests/fixtures/clusterers/*-*-*.csv; do compare "$f"; done
# k-means alone tells neither the rings apart
rings=$ZSC_SRCDIR/tests/fixtures/clusterers/rings-2-10.csv
"$ZSC" cluster -q -e "$rings" --label-column sklearn --clusterer kmeans -k 2 -o c.csv >out || fail "k-means"
awk -v ari="$(ari "$rings")" 'BEGIN { exit !(ari < 0.5) }' || fail "k-means finds the rings: they show nothing"

# runs, sweeps and zsc cluster: one result, at any number of threads
"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 300 --species 20 --seed 2 || exit 99
E="-e sim.h5:sim_dna --dim 5 --epochs 40 --neighbors 12 --clusterer spectral"
for t in 1 2 3; do
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --seed 0,1 -o t$t -t $t --keep-reduced
    [ "$status" -eq 0 ] || fail "$t threads: $(cat err)"
    for f in t$t/*.h5; do rows_of "$f"; done >rows$t
    { [ "$(wc -l <rows$t)" -eq 2 ] && cmp -s rows1 rows$t; } || fail "$t threads give other clusters"
done
cat >sweep.yaml <<END
embeddings: [sim.h5:sim_dna]
dim: 5
epochs: 40
neighbors: 12
clusterer: [spectral, agglomerative]
assign-labels: [kmeans, cluster_qr]
seed: 0
keep-reduced: true
output: s
END
run "$ZSC" sweep -q sweep.yaml
[ "$status" -eq 0 ] || fail "sweep: $(tail -n 1 err)"
[ "$(ls s/*.h5 | wc -l)" -eq 3 ] || fail "sweep: not three results, of which two are spectral"
both=0
for f in t1/*.h5; do [ -f "s/$(basename "$f")" ] && both=$((both + 1)); done
[ $both -eq 1 ] || fail "a sweep's run has another key than that of zsc run"
run "$ZSC" table ranks s --format markdown
[ "$(grep -c -F '(spectral clustering' out)" -eq 2 ] || fail "table: not two series of spectral clustering: $(cat out)"
run "$ZSC" compare s --resamples 50
[ "$status" -eq 0 ] || fail "compare: $(cat err)"
f=$(ls t1/*.h5 | head -n 1)
k=$("$ZSC" export -q "$f" -o r.csv && cut -d, -f2 r.csv | sed 1d | sort -u | wc -l)
[ "$k" -ge 15 ] || fail "$k clusters of 20 species"
run "$ZSC" rerun "$f"
[ "$status" -eq 0 ] || fail "rerun: $(cat out err)"

# what cannot be clustered
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 60; i++) print "r" i "," (i % 3) * 100 + i % 20 / 20 "," i / 100 }' >three.csv
S="$ZSC cluster -e three.csv --clusterer spectral"
expect 2 'needs the number of clusters' $S
expect 2 'has 3 connected components, so that there are at least as many clusters, but 2 were asked for' $S -k 2
expect 2 'has 3 connected components' $S -k 1
expect 2 'cannot make 61 clusters of 60 rows' $S -k 61
expect 2 'cannot make 60 spectral clusters of 60 rows; expected 1 to 59' $S -k 60
run $S -q -k 1 --graph-neighbors 45 -o one.csv
{ [ "$status" -eq 0 ] && [ "$(cut -d, -f2 one.csv | sed 1d | sort -u)" = 0 ]; } || fail "one cluster of a connected graph: $(cat err)"
run $S -q -k 3 --graph-neighbors 400 -o few.csv
[ "$status" -eq 0 ] || fail "more neighbours than rows: $(cat err)"
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 30; i++) print "r" i "," i % 3 "," i % 2 }' >repeated.csv
expect 2 'of which 6 are distinct; ask for 6 or fewer' "$ZSC" cluster -e repeated.csv --clusterer spectral -k 7 --graph-neighbors 20
awk 'BEGIN { print "id,a"; for (i = 0; i < 9; i++) print "r" i ",1" }' >equal.csv
expect 2 'of which 1 are distinct' "$ZSC" cluster -e equal.csv --clusterer spectral -k 2
expect 2 'spectral clustering makes none; give clusters a rank or a number' "$ZSC" run $E --clusters each-rank
expect 2 'option --n-init has no effect here' $S -k 3 --assign-labels cluster_qr --n-init 2
expect 2 'option --max-iter has no effect here' $S -k 3 --max-iter 9
expect 2 'option --graph-neighbors has no effect here' "$ZSC" cluster -e three.csv --clusterer kmeans -k 3 --graph-neighbors 9
# memory is told before anything is done
expect 2 memory "$ZSC" cluster -e sim.h5:sim_dna --clusterer spectral -k 100 --memory-limit 1M

python=${PYTHON3-/usr/bin/python3}
if "$python" -c 'import sklearn' 2>/dev/null; then
    "$python" -W ignore "$ZSC_SRCDIR/tests/clusterers/spectral.py" . 7 || fail "scikit-learn"
    [ -f blobs-6-10.csv ] || fail "scikit-learn wrote nothing"
    for f in ./*-*-*.csv; do compare "$f"; done
elif [ $failures -eq 0 ]; then
    skip "scikit-learn is not installed (Debian package python3-sklearn): only its stored labels were compared"
fi
finish
