#!/bin/sh
# zsc run and cluster --clusterer leiden: the clusters and objective are as R's igraph has them of the same graph where it is
# installed; the same bytes at any number of threads; runs, sweeps, tables, comparisons and rerun; refusals. Built without
# igraph: refused with what brings it, before anything is read.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 300 --species 20 --seed 2 || exit 99
E="-e sim.h5:sim_dna --dim 5 --epochs 40 --neighbors 12 --clusterer leiden"
if "$ZSC" version | grep -q '^igraph  *no: --clusterer leiden is refused'; then
    expect 2 'install igraph 0.10 (Debian package libigraph-dev), and build with ./configure --with-igraph' "$ZSC" run $E
    expect 2 'install igraph 0.10 (Debian package libigraph-dev), and build with ./configure --with-igraph' "$ZSC" cluster -e none.npy --clusterer leiden
    printf 'embeddings: [sim.h5:sim_dna]\nclusterer: [agglomerative, leiden]\noutput: s\n' >sweep.yaml
    expect 3 'sweep.yaml:2: clusterer leiden: this zsc was built without igraph' "$ZSC" sweep sweep.yaml
    [ ! -e s ] || fail "a sweep that is refused has begun"
    [ $failures -ne 0 ] || skip "built without igraph (Debian package libigraph-dev): only refusals were tested"
    finish
fi
"$ZSC" version | grep -q '^igraph  *0\.10' || fail "zsc version: $("$ZSC" version)"

# one result, at any number of threads; seeds give others, with and without a layout
for t in 1 2 3; do
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --seed 0,1 -o t$t -t $t
    [ "$status" -eq 0 ] || fail "$t threads: $(cat err)"
    for f in t$t/*.h5; do rows_of "$f"; done >rows$t
    { [ "$(sort -u rows$t | wc -l)" -eq 2 ] && cmp -s rows1 rows$t; } || fail "$t threads give other clusters, or seeds the same"
done
awk 'BEGIN { srand(3); print "id,a,b,c"; for (i = 0; i < 400; i++) print "r" i "," i % 9 + 2 * rand() "," i % 5 + 2 * rand() "," 2 * rand() }' >rows.csv
for seed in 0 1 2; do "$ZSC" cluster -q -e rows.csv --clusterer leiden --seed $seed -o seed$seed.npy >/dev/null || fail "cluster"; done
[ "$(for f in seed?.npy; do cksum <"$f"; done | sort -u | wc -l)" -gt 1 ] || fail "three seeds give the same clusters"
cat >sweep.yaml <<END
embeddings: [sim.h5:sim_dna]
dim: 5
epochs: 40
neighbors: 12
clusterer: [leiden, agglomerative]
resolution: [0.5, 1]
objective: [modularity]
seed: 0
output: s
END
run "$ZSC" sweep -q sweep.yaml
[ "$status" -eq 0 ] || fail "sweep: $(tail -n 1 err)"
[ "$(ls s/*.h5 | wc -l)" -eq 3 ] || fail "sweep: not three results, of which two are of leiden"
both=0
for f in t1/*.h5; do [ -f "s/$(basename "$f")" ] && both=$((both + 1)); done
[ $both -eq 1 ] || fail "a sweep's run has another key than that of zsc run, whose resolution is the default, 1"
run "$ZSC" table ranks s --format markdown
[ "$(grep -c -F '(Leiden' out)" -eq 2 ] || fail "table: not two series: $(cat out)"
grep -q 'resolution 0.5' out || fail "table: a series without its resolution: $(cat out)"
run "$ZSC" compare s --resamples 50
{ [ "$status" -eq 0 ] && grep -q -F '(Leiden' out; } || fail "compare: $(cat out err)"
run "$ZSC" ls s --where clusterer=leiden --where resolution=0.5 --format csv
[ "$(wc -l <out)" -eq 2 ] || fail "ls --where: $(cat out err)"
f=$(ls t1/*.h5 | head -n 1)
run "$ZSC" rerun "$f"
[ "$status" -eq 0 ] || fail "rerun: $(cat out err)"
expect 3 'its clusterer makes no dendrogram' "$ZSC" export "$f" --what linkage -o l.csv
# shellcheck disable=SC2086
run "$ZSC" run -q $E --stability 3 --format json
{ [ "$status" -eq 0 ] && [ "$(grep -c '"mean": 0' out)" -eq 2 ]; } || fail "stability: $(cat out err)"

# clusters grow in number with the resolution; what does not end in time is said
few=$("$ZSC" cluster -q -e sim.h5:sim_dna --clusterer leiden --resolution 0.2 --format csv | sed -n 2p | cut -d, -f3)
many=$("$ZSC" cluster -q -e sim.h5:sim_dna --clusterer leiden --resolution 20 --format csv | sed -n 2p | cut -d, -f3)
[ "$few" -lt "$many" ] || fail "resolution 0.2: $few clusters, 20: $many"
run "$ZSC" cluster -e sim.h5:sim_dna --clusterer leiden --max-iter 1
grep -q "warning: Leiden's iterations still changed clusters after 1; raise --max-iter" err || fail "one iteration: $(cat err)"

expect 2 'cpm) has no resolution of its own' "$ZSC" run $E --objective cpm
expect 2 'option --clusters has no effect here' "$ZSC" run $E --clusters 5
expect 2 'option --resolution has no effect here' "$ZSC" cluster -e sim.h5:sim_dna --resolution 2
expect 2 'option --graph-weights has no effect here' "$ZSC" cluster -e sim.h5:sim_dna -k 5 --clusterer spectral --graph-weights fuzzy
expect 2 'memory' "$ZSC" cluster -e sim.h5:sim_dna --clusterer leiden --memory-limit 100k

# R's igraph on the same graph: its modularity of our clusters is what we say, and its own is no higher
if Rscript -e 'library(igraph)' >/dev/null 2>&1; then
    run "$ZSC" cluster -v -e rows.csv --clusterer leiden --graph-weights neighbors -o c.csv
    ours=$(sed -n 's/.*leiden: modularity \([^ ]*\) after.*/\1/p' err)
    Rscript --vanilla "$ZSC_SRCDIR/tests/clusterers/leiden.R" rows.csv c.csv >r 2>r.err || fail "R: $(cat r.err)"
    awk -v ours="$ours" '{ d = ours - $1; if (d > 1e-5 || d < -1e-5) { print "R has " $1 " of our clusters, we " ours; exit } if ($2 > ours + 0.005) { print "R finds " $2 ", we " ours; exit } n++ } END { exit n != 1 }' r >difference ||
        fail "$(cat difference r)"
elif [ $failures -eq 0 ]; then
    skip "R's igraph is not installed (Debian package r-cran-igraph): the objective was compared in tests/property/leiden alone"
fi
finish
