#!/bin/sh
# zsc rerun: each kind of run gives its bytes again, from any folder; what has changed is said.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

mkdir data away && cd data || exit 99
"$ZSC" simulate -q --rows 90 --seed 1 -o s.h5 --metadata-output m.csv || fail "simulate"
sed '1s/family/Familia/' m.csv >renamed.csv
"$ZSC" select -q -e s.h5:sim_dna -o v.csv >/dev/null && tr ',.' ';,' <v.csv >semicolons.csv || fail "select"
made() { "$ZSC" run -q "$@" --dim 3 -o r >/dev/null 2>err || fail "run $*: $(cat err)"; }
plain() { "$ZSC" run -q "$@" -o r >/dev/null 2>err || fail "run $*: $(cat err)"; }
made -e s.h5:sim_dna --seed 0,7 --epochs 20 --curve --internal --keep-reduced
made -e s.h5:sim_dna -e s.h5:sim_image_1 -m m.csv --scale zscore --epochs 20 --split test+test_unseen --neighbors 7
made -e s.h5:sim_dna -m m.csv --one-per-barcode --barcode-max-length 200 --epochs 0 --neighbors 7
made -e s.h5:sim_dna --reduce pca --linkage average --clusters each-rank --missing class
plain -e s.h5:sim_dna --reduce none --cut-height 0
plain -e s.h5:sim_dna --reduce none --cut-height 1.5 --ranks genus,order --where split=test
made -e s.h5:sim_dna -m renamed.csv --column family=Familia --metric cosine --knn approx --epochs 9 --min-dist 0.25 --clusters 11
made -e semicolons.csv --delimiter ';' --decimal , --clusters 5 --epochs 5
made -e s.h5:sim_dna --missing-values 'x,y' --epochs 5
printf 'embeddings: s.h5:sim_dna\nmetadata: m.csv\ndim: [2, 3]\nepochs: 7\noutput: r\nclusters: genus\n' >s.yaml
"$ZSC" sweep -q s.yaml >/dev/null || fail "sweep"
cd ../away || exit 99
for result in ../data/r/*.h5; do
    run "$ZSC" rerun -q "$result"
    [ "$status" -eq 0 ] || fail "$result: $(cat out err)"
    head -n 1 out | grep -q ": inputs unchanged$" || fail "inputs: $(head -n 1 out)"
    [ "$(grep -c ' yes$' out)" -ge 3 ] && ! grep -q ' no$' out || fail "arrays: $(cat out)"
done
[ "$(find ../data/r -name '*.h5' | wc -l)" -eq 12 ] || fail "runs: $(ls ../data/r)"
[ "$(ls | tr '\n' ' ')" = "err out " ] || fail "rerun wrote $(ls)"
one=$("$ZSC" collect ../data/r | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["best_ami"] != "" { print $c["path"]; exit }')
run "$ZSC" rerun -q "$one" --format json
grep -q '"agrees": true' out && grep -q '"array": "reduced"' out && grep -q '"array": "curves"' out || fail "JSON: $(cat out)"

# what a run has not is not said to agree; what it has is compared
"$ZSC" run -q -e ../data/s.h5:sim_dna --reduce none --clusterer kmeans -o kmeans >/dev/null || fail "k-means"
"$ZSC" run -q -e ../data/s.h5:sim_dna --reduce none --clusterer hdbscan --internal -o hdbscan >/dev/null || fail "HDBSCAN"
"$ZSC" run -q -e ../data/s.h5:sim_dna --reduce none --cut gap -o gap >/dev/null || fail "gap"
arrays() { "$ZSC" rerun -q "$1"/*.h5 | sed -n '3,$s/ .*//p' | tr '\n' ' '; }
[ "$(arrays kmeans)" = "id labels clusters scores " ] || fail "arrays of k-means: $(arrays kmeans)"
[ "$(arrays hdbscan)" = "id labels clusters probability scores internal " ] || fail "arrays of HDBSCAN: $(arrays hdbscan)"
[ "$(arrays gap)" = "id labels linkage clusters cut_curve scores " ] || fail "arrays of a rule: $(arrays gap)"
"$ZSC" rerun -q gap/*.h5 | awk '$1 == "linkage" { found = $2 == 4 * 89 } END { exit !found }' || fail "values of linkage"

# each file of a run has its size and a digest of its contents: of a copy the same, of a stream none
inputs() { "$ZSC" info "$1"/*.h5 | sed -n 's/^input: //p'; }
"$ZSC" run -q -e ../data/s.h5:sim_dna -m ../data/m.csv --reduce none -o digest >/dev/null || fail "run"
cp ../data/s.h5 copy.h5
{ sed 1d ../data/m.csv | cut -d, -f1 | head -n 50 >ids.txt; } && "$ZSC" run -q -e copy.h5:sim_dna -m /dev/stdin --ids ids.txt --reduce none -o copied <../data/m.csv >/dev/null || fail "run"
[ "$(inputs digest | wc -l)" = 2 ] && [ "$(inputs digest | sed -n '1s/.*\.h5, //p')" = "$(inputs copied | sed -n '1s/.*\.h5, //p')" ] || fail "digests: $(inputs digest; inputs copied)"
inputs digest | grep -q "^../data/m.csv, $(wc -c <../data/m.csv) bytes, digest [0-9a-f]\{32\}$" && inputs copied | grep -q '^ids.txt, .* digest [0-9a-f]*$' || fail "digests: $(inputs digest; inputs copied)"
if command -v xxh128sum >/dev/null; then
    inputs digest | grep -q "digest $(xxh128sum ../data/m.csv | cut -d' ' -f1)$" || fail "another digest than xxh128sum's"
fi
"$ZSC" retrieve -q -e ../data/s.h5:sim_dna --queries copy.h5:sim_dna --known-queries others --k 1 --store queries >/dev/null 2>err && [ "$(inputs queries | wc -l)" = 2 ] || fail "queries: $(cat err; inputs queries)"

# changed labels, vectors, places
cd ../data || exit 99
"$ZSC" run -q -e s.h5:sim_dna -m m.csv --reduce none -o other >/dev/null || fail "run"
result=$(ls "$PWD"/other/*.h5)
cp m.csv kept.csv
taxon=$(sed -n 2p m.csv | awk -F, -v c="$(head -n 1 m.csv | tr ',' '\n' | grep -nx genus | cut -d: -f1)" '{ print $c }')
sed "s/,$taxon,/,Another,/" kept.csv >m.csv
expect 4 "(inputs changed: ids or labels)" "$ZSC" rerun "$result"
[ "$(grep -c 'has other contents than when the run was made$' err)" = 1 ] && grep -q "zsc rerun: 'm.csv' has other contents" err || fail "changed file: $(cat err)"
grep -q '^labels .* no$' out && grep -q '^linkage .* yes$' out && grep -q '^id .* yes$' out || fail "changed labels: $(cat out)"
cp kept.csv m.csv
cp s.h5 kept.h5
"$ZSC" simulate -q --rows 90 --seed 1 --dna-dim 9 -o s.h5 || fail "simulate"
expect 4 "(inputs changed: vectors or rows)" "$ZSC" rerun "$result"
grep -q '^linkage .* no$' out || fail "changed vectors: $(cat out)"
mv kept.h5 s.h5
run "$ZSC" rerun -q "$result"
[ "$status" -eq 0 ] || fail "changed back: $(cat out err)"
cd .. && mv data moved
expect 3 "no such file" "$ZSC" rerun "moved/other/$(basename "$result")"
run "$ZSC" rerun "moved/other/$(basename "$result")" --folder moved
[ "$status" -eq 0 ] || fail "--folder: $(cat err)"
expect 3 "not a result" "$ZSC" rerun moved/s.h5
finish
