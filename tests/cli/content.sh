#!/bin/sh
# Files are known by what they hold, not by their names: results, tables of results, labels, initialisations, also packed and
# through a pipe.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
"$ZSC" simulate -q --rows 80 --seed 1 -o e.h5 --metadata-output m.csv || exit 99
"$ZSC" run -q -e e.h5:sim_dna --reduce none -o r >/dev/null || exit 99
cp r/*.h5 r.csv
"$ZSC" collect -q r -o all.csv || exit 99
cp all.csv all.txt && cp all.csv all.h5 && gzip -k all.csv
"$ZSC" collect -q r -o all.json || exit 99

"$ZSC" table ranks r --format csv >want || exit 99
for file in r.csv all.csv all.txt all.h5 all.csv.gz; do
    run "$ZSC" table ranks $file --format csv
    [ "$status" -eq 0 ] && cmp -s out want || fail "table of $file: $(cat err)"
    run sh -c "cat $file | $ZSC table ranks /dev/stdin --format csv"
    [ "$status" -eq 0 ] && cmp -s out want || fail "table of $file by a pipe: $(cat err)"
done
"$ZSC" collect -q all.csv >want || exit 99
for file in all.txt all.h5 all.csv.gz; do
    run "$ZSC" collect -q $file
    [ "$status" -eq 0 ] && cmp -s out want || fail "collect of $file: $(cat err)"
done
expect 3 "'all.json' is JSON, and a table (CSV or TSV) is expected" "$ZSC" table ranks all.json
head -c 2000 r.csv | tail -c 1000 >cut.csv
expect 3 "'cut.csv'" "$ZSC" table ranks cut.csv
head -c 100 /dev/zero >zero.h5
"$ZSC" simulate -q --rows 30 -o array.h5 && "$ZSC" umap -q -e array.h5:sim_dna --n-neighbors 5 --n-epochs 3 -o array.npy || fail "an array"
expect 3 "'array.npy' is an array and no result: expected what zsc run -o or zsc collect wrote" "$ZSC" plot scatter array.npy --dumb
expect 3 "'zero.h5' is not an HDF5 file" "$ZSC" table ranks zero.h5
: >empty.csv
expect 3 "'empty.csv' is empty" "$ZSC" table ranks empty.csv

# labels of score and curve
cp e.h5 e.csv && cp m.csv m.h5 && cp m.csv m && gzip -k m.csv
"$ZSC" export -q r/*.h5 -o clusters.npy && cp clusters.npy clusters.csv && cp clusters.npy clusters
"$ZSC" score m.csv:species m.csv:genus >want || exit 99
for labels in e.csv:/labels/species m.h5:species m:species m.csv.gz:species; do
    run "$ZSC" score $labels m.csv:genus
    [ "$status" -eq 0 ] && cmp -s out want || fail "score $labels: $(cat err)"
done
"$ZSC" score clusters.npy clusters.npy >want || exit 99
for labels in clusters.csv clusters; do
    run "$ZSC" score $labels $labels
    [ "$status" -eq 0 ] && cmp -s out want || fail "score $labels: $(cat err)"
done
"$ZSC" curve -q r.csv >want || exit 99
for labels in e.csv e.h5; do
    run "$ZSC" curve -q r.csv -l $labels
    [ "$status" -eq 0 ] && cmp -s out want || fail "curve with $labels: $(cat err)"
done

# a given initialisation
"$ZSC" umap -q -e e.h5:sim_dna --n-epochs 2 -o start.npy && cp start.npy start.dat
"$ZSC" umap -q -e e.h5:sim_dna --n-epochs 2 --init start.npy -o want.npy || exit 99
"$ZSC" umap -q -e e.h5:sim_dna --n-epochs 2 --init start.dat -o got.npy && cmp want.npy got.npy || fail "an initialisation by another name"
cat start.npy | "$ZSC" umap -q -e e.h5:sim_dna --n-epochs 2 --init /dev/stdin -o piped.npy && cmp want.npy piped.npy ||
    fail "an initialisation by a pipe"
finish
