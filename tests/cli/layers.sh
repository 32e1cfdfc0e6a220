#!/bin/sh
# zsc run, sweep and cluster --clusterer layers: each layer is a clustering of HDBSCAN, is scored at every rank, kept, read
# back, exported, tabulated and drawn; equal rows have one label in every layer.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 500 --seed 2 || exit 99
E="-e sim.h5:sim_dna --dim 5 --epochs 60 --neighbors 12"
L="--clusterer layers --min-cluster-size 3 --min-samples 3"

# the same bytes at 1, 2, 3 threads
for t in 1 2 3; do
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E $L --keep-reduced --format json -o t$t -t $t
    [ "$status" -eq 0 ] || fail "$t threads: $(cat err)"
    "$ZSC" export -q "$(ls t$t/*.h5)" --what layers -o layers$t.csv || fail "export"
    cmp -s layers1.csv layers$t.csv || fail "$t threads give other layers"
    [ "$(ls t$t)" = "$(ls t1)" ] || fail "$t threads give another key"
done
cp out json
f=$(ls t1/*.h5)
count=$(head -n 1 layers1.csv | awk -F, '{ print NF - 1 }')
[ "$count" -ge 2 ] || fail "$count layers: the test needs several"

# a field of the layers in JSON, one line per layer
field() { awk -v name="\"$1\":" '/"layers": \[/ { on = 1 } on && $1 == name { sub(",", "", $2); print $2 }' json; }
field min_cluster_size >sizes
[ "$(wc -l <sizes)" -eq "$count" ] || fail "JSON: $(wc -l <sizes) layers, exported $count"
sort -n sizes | cmp -s - sizes || fail "not from fine to coarse: $(cat sizes)"

# each is what HDBSCAN's leaves are at its minimum cluster size; the run's clusters are the most persistent one
"$ZSC" export -q "$f" --what reduced -o y.npy && "$ZSC" export -q "$f" -o c.csv || fail "export"
l=0
while read -r size; do
    l=$((l + 1))
    "$ZSC" cluster -q -e y.npy --cluster-selection-method leaf --min-cluster-size "$size" --min-samples 3 -o leaf.csv >/dev/null || fail "cluster"
    cut -d, -f2 leaf.csv | sed 1d >wanted
    cut -d, -f$((l + 1)) layers1.csv | sed 1d | cmp -s - wanted || fail "layer $l is not HDBSCAN at $size rows"
done <sizes
chosen=$(field persistence | awk '$1 > most { most = $1; at = NR } END { print at }')
cut -d, -f$((chosen + 1)) layers1.csv | sed 1d >wanted
cut -d, -f2 c.csv | sed 1d | cmp -s - wanted || fail "the clusters of the run are not layer $chosen, the most persistent"

# scores are those of zsc score
# in_layer NAME RANK LAYER
in_layer() { awk -v name="\"$1\":" -v rank="\"$2\"," -v layer="$3" '/"layers": \[/ { in_layers = 1 } in_layers && $1 == "\"min_cluster_size\":" { l++ } in_layers && $1 == "\"rank\":" { on = l == layer && $2 == rank } on && $1 == name { sub(",", "", $2); print $2; exit }' json; }
for rank in order genus species; do
    for l in 1 "$count"; do
        "$ZSC" score -q c.csv:$rank layers1.csv:layer_$l --format json >score 2>/dev/null || fail "score"
        for measure in ami homogeneity completeness; do
            wanted=$(awk -v name="\"$measure\":" '$1 == name { sub(",", "", $2); print $2; exit }' score)
            got=$(in_layer $measure $rank "$l")
            awk -v a="$got" -v b="$wanted" 'BEGIN { exit !(a != "" && b != "" && a - b < 1e-9 && b - a < 1e-9) }' || fail "$measure of layer $l at $rank: $got, not $wanted"
        done
    done
done

# read back and made again
# shellcheck disable=SC2086
run "$ZSC" run $E $L --keep-reduced --format json -o t3
grep 'exists already' err >/dev/null || fail "the result was not found"
cmp -s out json || fail "a result that is read back prints other layers"
run "$ZSC" rerun "$f"
[ "$status" -eq 0 ] || fail "rerun: $(cat out err)"
grep "^layers  *$((count * 500))  *0" out >/dev/null || fail "rerun does not compare layers: $(cat out)"
# a changed label is noticed
cp "$f" damaged.h5
/usr/bin/python3 -c "import h5py" 2>/dev/null && /usr/bin/python3 - <<'END'
import h5py
with h5py.File("damaged.h5", "r+") as f:
    f["layers/labels"][0, 0] = -1 if f["layers/labels"][0, 0] >= 0 else 0
END
cmp -s "$f" damaged.h5 || expect 3 'damaged' "$ZSC" export damaged.h5 --what layers -o d.csv

# the matrix, in every form, and on stdout
# shellcheck disable=SC2086
run "$ZSC" run -q $E $L --keep-reduced -o t3
grep 'Layers, seed 0' out >/dev/null || fail "run prints no layers: $(cat out)"
run "$ZSC" table layers t1 --format csv
[ "$(wc -l <out)" -eq $((count + 1)) ] || fail "table: $(cat out)"
head -n 1 out | grep -x 'Layer,.*Species AMI %.*,Clusters,Clustered %,Min. cluster size,Persistence' >/dev/null || fail "table: $(head -n 1 out)"
awk -F, 'NR > 1 { print $(NF - 1) }' out | cmp -s - sizes || fail "table: sizes are $(cat out)"
column=$(head -n 1 out | tr , '\n' | awk '/^Species/ { print NR }')
for l in 1 "$count"; do
    printed=$(sed -n $((l + 1))p out | cut -d, -f"$column")
    awk -v a="$printed" -v b="$(in_layer ami species "$l")" 'BEGIN { d = a - 100 * b; exit !(d < .0501 && d > -.0501) }' || fail "table: layer $l at species is $printed"
done
for form in latex markdown html tsv json; do
    run "$ZSC" table layers t1 --format $form --ranks genus,species
    [ "$status" -eq 0 ] || fail "table $form: $(cat err)"
    grep -i 'genus' out >/dev/null || fail "table $form: no genus"
    ! grep -i 'family' out >/dev/null || fail "table $form: a rank that was not asked for"
done
if command -v gnuplot >/dev/null 2>&1; then
    for form in svg pdf; do
        run "$ZSC" plot layers t1 -o l.$form
        { [ "$status" -eq 0 ] && [ -s l.$form ]; } || fail "plot $form: $(cat err)"
    done
    clusters=$(field clusters | sed -n 1p)
    grep "$clusters clusters" l.svg >/dev/null || fail "plot: no layer of $clusters clusters"
    if /usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null; then
        /usr/bin/python3 "$ZSC_SRCDIR/tests/cli/figure_text.py" l.svg >faults
        [ ! -s faults ] || fail "plot: $(head -n 3 faults)"
    fi
    run "$ZSC" plot layers t1 --dumb
    grep "$clusters clusters" out >/dev/null || fail "plot --dumb: $(cat out)"
fi

# a sweep is the runs that it stands for; settings of layers tell runs apart with layers alone
cat >sweep.yaml <<END
embeddings: [sim.h5:sim_dna]
dim: 5
epochs: 60
neighbors: 12
clusterer: [agglomerative, layers]
min-cluster-size: 3
min-samples: 3
max-layers: [10, 1]
keep-reduced: true
output: s
END
run "$ZSC" sweep -q sweep.yaml
[ "$status" -eq 0 ] || fail "sweep: $(tail -n 1 err)"
[ "$(ls s/*.h5 | wc -l)" -eq 3 ] || fail "sweep: $(ls s/*.h5 | wc -l) runs, not 3"
"$ZSC" export -q "s/$(basename "$f")" --what layers -o s.csv && cmp -s s.csv layers1.csv || fail "a sweep gives other layers than a run"
run "$ZSC" table layers s --format csv
[ "$(wc -l <out)" -eq $((count + 2)) ] || fail "table of a sweep: $(cat out)"
run "$ZSC" table ranks s --format markdown
grep -F '(layers' out >/dev/null || fail "table ranks: no series of layers: $(cat out)"
run "$ZSC" compare s --resamples 30
[ "$status" -eq 0 ] || fail "compare: $(cat err)"

# the command for a matrix gives the same
for t in 1 3; do
    run "$ZSC" cluster -q -e y.npy $L -o y.csv -t $t --format csv
    [ "$status" -eq 0 ] || fail "cluster: $(cat err)"
    cut -d, -f4- y.csv | sed 1d >got
    cut -d, -f2- layers1.csv | sed 1d | cmp -s - got || fail "cluster gives other layers than run"
done
awk -F, 'NR > 1 { print $2 }' out | cmp -s - sizes || fail "cluster prints $(cat out)"
run "$ZSC" cluster -q -e y.npy $L --format json
[ "$(grep -c '"persistence"' out)" -eq "$count" ] || fail "cluster: JSON has not $count layers"

# rows that repeat exactly are never told apart, in no layer
awk 'BEGIN { srand(7); print "id,a,b,c"
    for (i = 0; i < 300; i++) { k = i % 9; r = 1 + (i % 7 == 0) * 8
        x = 4 * k + rand(); y = 9 * (k % 3) + rand(); z = rand()
        for (j = 0; j < r; j++) printf "r%d_%d,%.4f,%.4f,%.4f\n", i, j, x, y, z } }' >repeated.csv
for size in 2 5; do
    run "$ZSC" cluster -q -e repeated.csv --clusterer layers --min-cluster-size $size -o labels.csv --format csv
    [ "$status" -eq 0 ] && [ "$(wc -l <out)" -ge 2 ] || fail "repeated rows: $(cat out err)"
    sed 1d labels.csv | awk -F, '{ split($1, p, "_"); row = $1; sub(/^[^,]*,/, ""); if (p[1] in seen && seen[p[1]] != $0) { print row; bad = 1 } seen[p[1]] = $0 } END { exit bad }' >apart || fail "equal rows in different clusters: $(head -n 3 apart)"
done

# nothing to find, and what cannot be
# shellcheck disable=SC2086
{
    run "$ZSC" run $E --clusterer layers --min-cluster-size 300 --format json -o none
    [ "$status" -eq 0 ] || fail "no layers: $(cat err)"
    grep 'there are no layers' err >/dev/null || fail "no layers, without a word"
    grep '"clusters": 0,' out >/dev/null || fail "no layers: not 0 clusters"
    expect 3 'has no layers' "$ZSC" export "$(ls none/*.h5)" --what layers -o n.csv
    expect 3 'has no layers' "$ZSC" table layers none
    if command -v gnuplot >/dev/null 2>&1; then expect 3 'has no layers' "$ZSC" plot layers none -o none.svg; fi
    expect 3 'give --min-cluster-size 500 or less' "$ZSC" run $E --clusterer layers --min-cluster-size 501
    expect 2 'number' "$ZSC" run $E --clusterer layers --max-layer-similarity 1.5
}
expect 2 'layers go to .npy or .csv' "$ZSC" export "$f" --what layers -o l.h5ad
"$ZSC" export -q "$f" --what layers -o l.npy || fail "export: npy"
head -c 128 l.npy | grep -a "(500, $count)" >/dev/null || fail "npy: $(head -c 128 l.npy)"
finish
