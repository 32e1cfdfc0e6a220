#!/bin/sh
# zsc run --clusterer: clusters without a given number of them, noise in scores, and what is kept, read back and compared.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 400 --seed 2 || exit 99
E="-e sim.h5:sim_dna --dim 5 --epochs 60 --neighbors 12"
# value NAME RANK: from the JSON in out
value() { awk -v name="\"$1\":" -v rank="\"$2\"," '$1 == "\"rank\":" { on = $2 == rank } on && $1 == name { sub(",", "", $2); print $2 }' out; }
close() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && b != "" && a - b < 1e-9 && b - a < 1e-9) }'; }

# agglomerative clustering is the default, under the key that it had before there were others
# shellcheck disable=SC2086
{
    "$ZSC" run -q $E -o plain >/dev/null || fail "run"
    "$ZSC" run -q $E --clusterer agglomerative -o plain >/dev/null || fail "run"
}
[ "$(ls plain/*.h5 | wc -l)" -eq 1 ] || fail "--clusterer agglomerative has another key than the default"

# the same bytes at 1, 2, 3 threads
for t in 1 2 3; do
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --clusterer hdbscan --format json -o t$t -t $t
    [ "$status" -eq 0 ] || fail "$t threads: $(cat err)"
    rows_of "$(ls t$t/*.h5)" >rows$t
    cmp -s rows1 rows$t || fail "$t threads give other clusters"
    [ "$(ls t$t)" = "$(ls t1)" ] || fail "$t threads give another key"
done

# noise, three ways: as zsc score has it of clusters that were written by hand
f=$(ls t1/*.h5)
"$ZSC" export -q "$f" -o c.csv || fail "export"
[ "$(awk -F, '$2 == -1' c.csv | wc -l)" -gt 0 ] || fail "no noise: the test needs some"
awk -F, 'NR == 1 || $2 >= 0' c.csv >clustered.csv
awk -F, -v OFS=, 'NR > 1 && $2 < 0 { $2 = 100000 + NR } 1' c.csv >single.csv
# shellcheck disable=SC2086
"$ZSC" run -q $E --clusterer hdbscan --format json -o t1 >json || fail "run"
for rank in order genus species; do
    for kind in c:ami clustered:ami_clustered single:ami_singletons; do
        "$ZSC" score -q ${kind%%:*}.csv:$rank ${kind%%:*}.csv:cluster --format json 2>/dev/null >score
        wanted=$(awk '$1 == "\"ami\":" { sub(",", "", $2); print $2; exit }' score)
        cp json out
        close "$(value ${kind#*:} $rank)" "$wanted" || fail "${kind#*:} at $rank: $(value ${kind#*:} $rank), not $wanted"
    done
    cp json out
    rows=$(awk -F, -v rank=$rank 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == rank) c = i; next } $c != ""' clustered.csv | wc -l)
    [ "$(value clustered $rank)" -eq "$rows" ] || fail "clustered at $rank: $(value clustered $rank), not $rows"
done
k=$(awk -F, 'NR > 1 && $2 >= 0 { print $2 }' c.csv | sort -u | wc -l)
grep "\"clusters\": $k," json >/dev/null || fail "clusters: not $k, as there are in the table"

# a result that is read back, or made again, is the same
cp json first
# shellcheck disable=SC2086
run "$ZSC" run $E --clusterer hdbscan --format json -o t1
grep 'exists already' err >/dev/null || fail "the result was not found"
cmp -s out first || fail "a result that is read back prints other scores"
run "$ZSC" rerun "$f"
[ "$status" -eq 0 ] || fail "rerun: $(cat out err)"
grep probability out >/dev/null || fail "rerun does not compare probabilities"
run "$ZSC" collect t1
head -n 1 out | grep 'clusterer.*clustered,ami_clustered,ami_singletons' >/dev/null || fail "collect: no columns of noise"
expect 3 'its clusterer makes no dendrogram' "$ZSC" export "$f" --what linkage -o l.csv
expect 3 'its clusterer makes none' "$ZSC" plot dendrogram "$f" -o d.svg

# a sweep is the runs that it stands for, and tells them apart
cat >sweep.yaml <<END
embeddings: [sim.h5:sim_dna]
dim: 5
epochs: 60
neighbors: 12
clusterer: [agglomerative, hdbscan]
linkage: [ward, average]
seed: [0, 1]
output: s
END
run "$ZSC" sweep -q sweep.yaml
[ "$status" -eq 0 ] || fail "sweep: $(tail -n 1 err)"
[ "$(ls s/*.h5 | wc -l)" -eq 6 ] || fail "a linkage tells runs of HDBSCAN apart, or runs are missing"
cmp -s "s/$(basename "$f")" "$f" || { rows_of "s/$(basename "$f")" >rows4; cmp -s rows1 rows4; } || fail "a sweep gives other clusters than a run"
run "$ZSC" table ranks s --format markdown
for label in HDBSCAN Ward 'average linkage'; do grep -F "($label)" out >/dev/null || fail "table: no series $label: $(cat out)"; done
run "$ZSC" compare s --resamples 50
for label in HDBSCAN Ward 'average linkage'; do grep -F "($label)" out >/dev/null || fail "compare: no series $label"; done
# K found and the share that is clustered stand beside AMI, as the runs have them
found=$(for f in s/*.h5; do "$ZSC" info "$f" --format json; done 2>/dev/null >infos; "$ZSC" collect s --format csv 2>/dev/null >all.csv; awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next } $column["rank"] == "species" && $column["clusterer"] == "hdbscan" { k += $column["clusters"]; n++ } END { printf "%.17g", k / n }' all.csv)
"$ZSC" compare s --resamples 20 --format csv 2>/dev/null >compared.csv
awk -F, -v k="$found" '$1 == "clusters" && $6 ~ /HDBSCAN/ && $7 == "count" { n++; if ($9 != k) { print "K " $9 ", not " k; exit } } $7 == "clustered" && $6 ~ /HDBSCAN/ { n += $9 > 0.5 && $9 < 1 } $7 == "clustered" && $6 ~ /Ward/ { n += $9 == 1 } END { exit n != 3 }' compared.csv >difference ||
    fail "compare: clusters: $(cat difference; grep '^clusters' compared.csv)"
grep -q 'sim_dna (HDBSCAN).* found ' out && grep -q 'sim_dna (Ward).* given ' out && grep -q '^Clusters: mean over seeds; classes: .*species [0-9]' out || fail "compare: no table of clusters: $(cat out)"
"$ZSC" report s -q -o s.html --no-figures >/dev/null || fail "report"
[ "$(grep -c 'clusters found (classes: .*species [0-9]*' s.html)" -eq 1 ] || fail "report: not one encoder whose K was found beside its classes"
"$ZSC" run -q -e sim.h5:sim_dna --reduce none --cut gap -o gap >/dev/null || fail "run --cut gap"
"$ZSC" compare gap --resamples 20 2>/dev/null | grep -q 'sim_dna .* found ' || fail "compare: K of --cut gap is not said to be found"
"$ZSC" plot ranks s -q -o s.svg >/dev/null || fail "plot"
[ "$(tr -d '\n' <s.svg | grep -o "use xlink:href='#gpPt[^>]*color='rgb([^)]*)'" | sed "s/.*color=//" | sort -u | wc -l)" -ge 3 ] || fail "plot: three clusterers of one encoder in fewer colours"
run "$ZSC" ls s --where clusterer=hdbscan --format csv
[ "$(wc -l <out)" -eq 3 ] || fail "ls: not two results of HDBSCAN"

# where HDBSCAN finds nothing, or everything: no error, and no score that is none
# shellcheck disable=SC2086
{
    run "$ZSC" run -q $E --clusterer hdbscan --min-cluster-size 300 --format json -o none
    [ "$status" -eq 0 ] || fail "all noise: $(cat err)"
    grep '"clusters": 0,' out >/dev/null || fail "all noise: not 0 clusters"
    [ "$(value ami_clustered species)" = null ] || fail "all noise: AMI of no rows is $(value ami_clustered species)"
    close "$(value ami species)" 0 || fail "all noise: AMI is $(value ami species)"
    run "$ZSC" run -q $E --clusterer hdbscan --min-cluster-size 300 --allow-single-cluster --format json
    grep '"clusters": 1,' out >/dev/null || fail "one cluster: not 1"
    expect 3 'give --min-cluster-size 400 or less' "$ZSC" run $E --clusterer hdbscan --min-cluster-size 401
    expect 3 'fewer than --min-samples 401' "$ZSC" run $E --clusterer hdbscan --min-samples 401
    expect 3 'give a larger share' "$ZSC" run $E --clusterer hdbscan --max-cluster-size 0.001
    expect 2 'a whole number of rows, or a share below 1' "$ZSC" run $E --clusterer hdbscan --max-cluster-size 20.5
    expect 2 'expected at least min-cluster-size' "$ZSC" run $E --clusterer hdbscan --max-cluster-size 4
}
run "$ZSC" ls none
[ "$status" -eq 0 ] || fail "a result without clusters cannot be read: $(cat err)"
run "$ZSC" report none -o none.html
[ "$status" -eq 0 ] || fail "report of a result without clusters: $(cat err)"

# zsc cluster makes the clusters of a run, and zsc score takes each file of them
# shellcheck disable=SC2086
"$ZSC" run -q $E --clusterer hdbscan --keep-reduced -o kept >/dev/null || fail "run"
"$ZSC" export -q "$(ls kept/*.h5)" --what reduced -o y.npy && "$ZSC" export -q "$(ls kept/*.h5)" -o run.npy || fail "export"
for t in 1 2 3; do
    run "$ZSC" cluster -q -e y.npy -o y$t.npy -t $t --format csv
    [ "$status" -eq 0 ] || fail "cluster: $(cat err)"
    cmp -s y$t.npy run.npy || fail "cluster gives other clusters than run, with $t threads"
done
[ "$(sed -n 2p out | cut -d, -f1-4)" = "hdbscan,400,$k,$(($(awk -F, '$2 >= 0' c.csv | wc -l) - 1))" ] || fail "cluster prints $(cat out)"
run "$ZSC" cluster -q -e "$(ls kept/*.h5):/reduced" -o y.csv
cut -d, -f1,2 c.csv >wanted
cut -d, -f1,2 y.csv | cmp -s - wanted || fail "cluster of a result: $(head -n 3 y.csv)"
head -n 1 y.csv | grep -x 'id,cluster,probability' >/dev/null || fail "cluster writes $(head -n 1 y.csv)"
"$ZSC" cluster -q -e "$(ls kept/*.h5):/reduced" -o y.h5 >/dev/null || fail "cluster: HDF5"
for clusters in y.csv:cluster y.h5:/clusters y.npy:; do
    [ "$clusters" = y.npy: ] && cp y1.npy clusters.npy && clusters=clusters.npy
    labels=c.csv:species
    run "$ZSC" score $labels $clusters --format csv
    [ "$status" -eq 0 ] || fail "score $clusters: $(cat err)"
    grep 'have cluster -1, noise' err >/dev/null || fail "score $clusters says nothing of noise"
    cp out score.csv
    cp json out
    close "$(tail -n 1 score.csv | cut -d, -f17)" "$(value ami_clustered species)" || fail "score $clusters: $(cat score.csv)"
done
expect 2 'needs the number of clusters' "$ZSC" cluster -e y.npy --clusterer agglomerative
expect 2 'cannot make 401 clusters of 400 rows' "$ZSC" cluster -e y.npy --clusterer agglomerative -k 401
expect 2 "expects a number (these embeddings have no ranks), not 'species'" "$ZSC" cluster -e y.npy --clusterer agglomerative -k species
run "$ZSC" cluster -q -e y.npy --clusterer agglomerative -k 12 -o k.npy
"$ZSC" ward -q -e y.npy -k 12 -o w.npy && cmp -s k.npy w-12.npy || fail "cluster gives other clusters than ward"

# k-means: told K, drawn by the seed, the same at any number of threads, fewer clusters of fewer distinct rows
for t in 1 2 3; do
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --clusterer kmeans --seed 0,1 --format json -o km$t -t $t
    [ "$status" -eq 0 ] || fail "k-means, $t threads: $(cat err)"
    for f in km$t/*.h5; do rows_of "$f"; done >rows$t
    cmp -s rows1 rows$t || fail "k-means: $t threads give other clusters"
done
[ "$(sort -u rows1 | wc -l)" -eq 2 ] || fail "k-means: two seeds, $(sort -u rows1 | wc -l) clusterings"
"$ZSC" run -q -e sim.h5:sim_dna --reduce none --clusterer kmeans --seed 0,1 -o kms >/dev/null || fail "k-means"
[ "$(for f in kms/*.h5; do rows_of "$f"; done | sort -u | wc -l)" -eq 2 ] || fail "k-means: the seed has no effect without UMAP"
"$ZSC" table ranks kms --format markdown >out 2>err
grep 'over 2 seeds' out >/dev/null || fail "k-means: seeds without UMAP count once: $(cat out err)"
for command in run cluster; do
    "$ZSC" $command -q -e sim.h5:sim_dna --clusterer kmeans --clusters 20 --max-iter 1 $([ $command = run ] && echo --reduce none) >out 2>err || fail "$command --max-iter 1: $(cat err)"
    grep -q 'warning: k-means has not converged after 1 iteration; raise --max-iter' err || fail "$command: not converged: $(cat err)"
    "$ZSC" $command -q -e sim.h5:sim_dna --clusterer kmeans --clusters 20 $([ $command = run ] && echo --reduce none) >out 2>err && ! grep -q converged err || fail "$command: converged: $(cat err)"
done
expect 2 'k-means makes none; give clusters a rank or a number' "$ZSC" run -e sim.h5:sim_dna --clusterer kmeans --clusters each-rank
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 30; i++) print "r" i "," i % 3 "," i % 2 }' >repeated.csv
run "$ZSC" cluster -e repeated.csv --clusterer kmeans -k 10 -o six.csv --format csv
{ [ "$status" -eq 0 ] && [ "$(sed -n 2p out | cut -d, -f3)" -eq 6 ]; } || fail "6 distinct rows, 10 clusters: $(cat out err)"
grep 'no more distinct rows' err >/dev/null || fail "fewer clusters than asked for, without a word"
# K found and the share of the rows that are clustered stand in the table
run "$ZSC" table ranks s km1 --format markdown
grep 'Clusters | Clustered %' out >/dev/null || fail "table: no numbers of clusters: $(cat out)"
grep -F '(k-means' out >/dev/null || fail "table: no series k-means: $(cat out)"

# Clusters of every clusterer are numbered by the first row of each
for c in 'kmeans -k 7 --seed 0' 'kmeans -k 7 --seed 1' 'kmeans -k 7 --seed 2' 'agglomerative -k 7' 'hdbscan --min-cluster-size 5'; do
    # shellcheck disable=SC2086
    "$ZSC" cluster -q -e y.npy --clusterer $c -o number.csv --force >/dev/null || fail "cluster $c"
    awk -F, 'NR > 1 && $2 > most { if ($2 != most + 1) exit 1; most = $2 } BEGIN { most = -1 } END { exit most < 1 }' number.csv || fail "$c: not by the first row of each"
done

# Runs in which nothing is drawn count once, and are counted by runs, not by ranks; those of k-means are others
"$ZSC" simulate -q -o small.h5 --rows 150 --image-encoders 1 --image-dim 8 --dna-dim 8 || exit 99
printf 'embeddings: [small.h5:sim_dna, small.h5:sim_image_1]\nreduce: none\nclusterer: [agglomerative, hdbscan, kmeans]\nseed: "0-1"\noutput: kinds\n' >kinds.yaml
"$ZSC" sweep -q kinds.yaml >/dev/null || fail "sweep of three clusterers"
for command in 'table ranks kinds' 'compare kinds --resamples 20'; do
    # shellcheck disable=SC2086
    run "$ZSC" $command
    grep '4 runs, in which nothing is drawn at random, differ from others in the seed alone: counted once' err >/dev/null || fail "$command: $(cat err)"
done

# A dry run says for each clusterer what it needs by its own rule; of several, the most. k-means counts its centres.
"$ZSC" simulate -q -o dry.h5 --rows 3000 --dna-dim 8 --image-dim 0 --seed 1 || exit 99
memory_of() { # CLUSTERER CLUSTERS: of the dry run of one input
    printf 'embeddings: [dry.h5:sim_dna]\nreduce: none\nclusterer: %s\nclusters: %s\noutput: none\n' "$1" "$2" >dry.yaml
    "$ZSC" sweep --dry-run dry.yaml 2>err | awk '$1 == "dry.h5:sim_dna" { print $(NF - 4), $(NF - 3) }'
}
ward=$(memory_of agglomerative species) dense=$(memory_of hdbscan species) means=$(memory_of kmeans 5) more=$(memory_of kmeans 1500)
[ -n "$ward" ] && [ "$(printf '%s\n' "$ward" "$dense" "$means" "$more" | sort -u | wc -l)" -eq 4 ] || fail "dry runs: $ward, $dense, $means, $more: $(cat err)"
most=$(printf '%s\n' "$ward" "$dense" "$more" | sed 's/ kB/e3/; s/ MB/e6/' | sort -g | tail -n 1 | sed 's/e3/ kB/; s/e6/ MB/')
[ "$(memory_of '[kmeans, hdbscan, agglomerative]' 1500)" = "$most" ] || fail "a dry run of all three: $(memory_of '[kmeans, hdbscan, agglomerative]' 1500), expected $most"

# What has no dendrogram has no cuts to draw
expect 3 'is of HDBSCAN, which makes no dendrogram: there are no cuts to draw' "$ZSC" plot clusters t1 -o f.svg
expect 3 'is of k-means, which makes no dendrogram' "$ZSC" plot clusters km1 -o f.svg
expect 3 'has no curve: run it with --curve' "$ZSC" plot clusters plain -o f.svg

# Doubles that differ and are equal in single precision are said, where it is clustered in that
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 40; i++) printf "r%d,%.4f,%.4f\n", i, 1e7 + i / 8, 1e7 + i % 4 }' >far.csv
for c in 'kmeans -k 5' 'hdbscan --min-cluster-size 3'; do
    # shellcheck disable=SC2086
    run "$ZSC" cluster -e far.csv --clusterer $c
    grep 'warning: 40 different rows are [0-9]* in single precision, in which they are clustered' err >/dev/null || fail "$c: $(cat err)"
done
run "$ZSC" cluster -e far.csv -k 5 --clusterer agglomerative
grep warning err >/dev/null && fail "a linkage is in double precision: $(cat err)"
finish
