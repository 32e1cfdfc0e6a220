#!/bin/sh
# zsc compare --measures: the numbers are those of the results, and the correlation is Spearman's.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
"$ZSC" simulate -q --rows 15000 --seed 2 --splits all --image-encoders 4 --dna-encoders 2 --image-dim 16 --dna-dim 16 -o s.h5 || fail simulate
for e in sim_dna_1 sim_dna_2 sim_image_1 sim_image_2 sim_image_3 sim_image_4; do
    "$ZSC" run -q -e s.h5:$e --split test+test_unseen --reduce none --internal -o r >/dev/null || fail "run $e"
    [ $e = sim_image_4 ] || "$ZSC" retrieve -q -e s.h5:$e --key-split train+key_unseen --query-split test --k 1 --store r >/dev/null || fail "retrieve $e"
done
"$ZSC" compare --measures r --ranks genus --format csv >got.csv 2>err || fail "measures: $(cat err)"
"$ZSC" collect r >runs.csv && "$ZSC" collect r --retrieval >retrieval.csv || fail collect
awk -F, 'FILENAME == "retrieval.csv" { if ($4 == "genus") micro[$2] = $13; next }
    FILENAME == "runs.csv" { if (FNR == 1) { for (i = 1; i <= NF; i++) c[$i] = i; next } if ($c["rank"] == "genus") { ami[$c["encoders"]] = $c["ami"]; sil[$c["encoders"]] = $c["silhouette"] } next }
    FNR == 1 { next }
    { n++; if ($3 - ami[$1] != 0 || $4 != micro[$1] + 0 && $4 - micro[$1] > 1e-12 || $5 - sil[$1] != 0) { print; bad = 1 } if ($1 == "sim_image_4" && $4 != "") bad = 1 }
    END { exit bad || n != 6 }' retrieval.csv runs.csv got.csv >out || fail "other numbers: $(cat out got.csv)"
# without ties: 1 - 6 sum d^2 / (n (n^2 - 1))
spearman() { awk -F, -v y="$1" 'NR > 1 && $y != "" { n++; a[n] = $3; b[n] = $y } END { for (i = 1; i <= n; i++) { p = q = 0; e = -2; for (j = 1; j <= n; j++) { p += a[j] < a[i]; q += b[j] < b[i]; e += (b[j] == b[i]) + (a[j] == a[i]) } if (e > 0) { print "tie"; exit } s += (p - q) ^ 2 } printf "%.3f", 1 - 6 * s / (n * (n * n - 1)) }' got.csv; }
"$ZSC" compare --measures r --ranks genus >out 2>err || fail "measures: $(cat err)"
[ "$(spearman 4)" = tie ] || grep -qF "Spearman of AMI and 1-NN accuracy: $(spearman 4) (5 encoders)" out || fail "accuracy: $(spearman 4) $(cat out)"
[ "$(spearman 5)" = tie ] || grep -qF "Spearman of AMI and silhouette: $(spearman 5) (6 encoders)" out || fail "silhouette: $(spearman 5) $(cat out)"
"$ZSC" compare --measures r --format json | grep -q '"rank": "species"' || fail json
mkdir two && cp "$("$ZSC" collect r | awk -F, 'NR == 2 { print $2 }')" two
"$ZSC" compare --measures two 2>/dev/null | grep -q 'Spearman of AMI and 1-NN accuracy: - (0 encoders have both; expected 3 or more that differ)' || fail "too few"
expect 3 "no result of a run has the rank tribe" "$ZSC" compare --measures r --ranks tribe
expect 2 "--measures are of one rank, and --ranks names 2" "$ZSC" compare --measures r --ranks genus,species
expect 2 "--seed has no effect here" "$ZSC" compare --measures r --seed 1
"$ZSC" compare -q --measures r --ranks genus >out && [ "$(spearman 5)" != tie ] || fail "the test has ties: $(cat got.csv)"

# --- Runs of other settings are not averaged, nor is one of several results of retrieval taken
"$ZSC" run -q -e s.h5:sim_dna_1 --split test+test_unseen --reduce none --clusterer kmeans -o r >/dev/null || fail "another run"
expect 3 "sim_dna_1 has two kinds of runs, which differ in clusterer ('agglomerative' and 'kmeans'); choose with --where" "$ZSC" compare --measures r --ranks genus
expect 3 "which differ in clusterer" "$ZSC" plot measures r --rank genus -o f.svg
"$ZSC" compare --measures r --ranks genus --where clusterer=agglomerative --format csv 2>err | cmp -s - got.csv || fail "chosen runs: $(cat err)"
"$ZSC" retrieve -q -e s.h5:sim_dna_1 --key-split train+key_unseen --query-split test --k 1 --metric euclidean --store r >/dev/null || fail "another retrieval"
expect 3 "sim_dna_1 has several results of retrieval" "$ZSC" compare --measures r --ranks genus --where clusterer=agglomerative
finish
