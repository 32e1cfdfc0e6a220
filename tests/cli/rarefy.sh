#!/bin/sh
# zsc table ranks --rarefy: the mean over random choices of N rows, as scikit-learn's AMI of such choices has it; captions say rows, K, classes and seeds where lines differ.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 400 --seed 2 --barcode-length 60 --missing-species 0.3 -o s.h5 --metadata-output m.csv || fail simulate
for e in sim_dna sim_image_1; do "$ZSC" run -q -e s.h5:$e --reduce none -o r >/dev/null || fail run; done
"$ZSC" run -q -e s.h5:sim_dna --reduce none --one-per-barcode -o r >/dev/null || fail run
"$ZSC" collect r >r.csv
table() { "$ZSC" table ranks "$@" --format csv --decimals 8 2>err || fail "table $*: $(cat err)"; }

# of all rows it is the score; of the same rows in another order, the same choices; threads change nothing
scored=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && $at["rank"] == "species" && $at["rows"] == 400 { print $at["scored"]; exit }' r.csv)
table r --where one-per-barcode=all --ranks species >all.csv
table r --where one-per-barcode=all --ranks species --rarefy "$scored" | cmp -s - all.csv || fail "all $scored rows: $(table r --where one-per-barcode=all --ranks species --rarefy "$scored") $(cat all.csv)"
sed 1d m.csv | cut -d, -f1 | sort -r >ids.txt
for e in sim_dna sim_image_1; do "$ZSC" run -q -e s.h5:$e --ids ids.txt --ids-in-order --reduce none -o turned >/dev/null || fail run; done
table r --where one-per-barcode=all --ranks genus,species --rarefy 90 >some.csv
table turned --ranks genus,species --rarefy 90 | cmp -s - some.csv || fail "the choices depend on the order of rows"
table r -t 3 --where one-per-barcode=all --ranks genus,species --rarefy 90 | cmp -s - some.csv || fail threads
! cmp -s some.csv all.csv || fail "no effect"

# captions: each group says its own, what is the same once; means over seeds say how many
"$ZSC" table ranks r --rarefy 100 --ranks genus >out 2>err
grep -q '^AMI (%) of clusters and taxa by rank, rarefied: of each run the mean over 100 random choices of 100 of the rows scored; simulated data; all rows: 400 rows; [0-9]* clusters (K); mean number of classes: genus [0-9]*. one per barcode: [0-9]* rows; [0-9]* clusters (K); mean number of classes: genus [0-9]*. Best' out ||
    fail "caption: $(cat out err)"
cat >lines.csv <<'CSV'
key,encoders,modalities,seed,rank,ami,rows,scored,classes,clusters,subset,row_set
1,a,dna,0,genus,0.5,100,90,33,12,test,x
2,a,dna,1,genus,0.6,100,90,33,12,test,x
3,b,dna,0,genus,0.7,100,90,33,12,test,x
4,a,dna,0,genus,0.8,60,50,21,9,val,y
5,b,dna,0,genus,,60,50,1,9,val,y
CSV
"$ZSC" table ranks lines.csv >out 2>err && grep -q '^AMI (%) of clusters and taxa by rank, mean .* standard deviation over seeds (a (test) 2, a (val) 1, b (test) 1); test: 100 rows; 12 clusters (K); classes: genus 33. val: 60 rows; 9 clusters (K); classes: genus 21. Best' out ||
    fail "lines: $(cat out err)"
sed -n '$p' out | grep -q '| - |$' || fail "a rank of one class: $(cat out)"

# figures draw the same numbers, and their axis says so
if [ -n "$(command -v gnuplot)" ]; then
    "$ZSC" plot ranks r --where one-per-barcode=all --ranks genus,species --rarefy 90 -o f.svg >/dev/null 2>err || fail "plot: $(cat err)"
    grep -q 'AMI of 90 rows' f.svg || fail "the axis does not say how many rows"
    for cell in $(sed 1d some.csv | tr ',' ' '); do
        case $cell in [0-9]*.[0-9]*) grep -q "$(printf '%.4f' "$cell" | cut -c1-6)" f.dat || fail "$cell is not in the figure: $(cat f.dat)" ;; esac
    done
fi
expect 2 "option --permutations has no effect here: these are of all rows" "$ZSC" plot ranks r --rarefy 50 --permutations 9 --dumb
expect 2 "option --rarefy has no effect here: it is an option of the figure of ranks" "$ZSC" plot stages r --rarefy 50 --dumb

# bad input
expect 3 "rows that are scored at rank species, expected 400 or more; rarefy to fewer, or choose --ranks" "$ZSC" table ranks r --where one-per-barcode=all --ranks species --rarefy 400
expect 3 "rarefaction need result files" "$ZSC" table ranks lines.csv --rarefy 10
expect 2 "option --ceiling has no effect here: these are of all rows" "$ZSC" table ranks r --rarefy 50 --ceiling
expect 2 "option --rarefy has no effect here: it is an option of the table of ranks" "$ZSC" table crossmodal r --rarefy 50

# against scikit-learn: the mean of AMI, of other choices, within its standard error
if /usr/bin/python3 -c 'import h5py, sklearn' 2>/dev/null; then
    result=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && $at["encoders"] == "sim_image_1" { print $at["path"]; exit }' r.csv)
    table "$result" --ranks genus,species --rarefy 90 >image.csv
    /usr/bin/python3 - "$result" image.csv <<'PY' || fail "another mean than scikit-learn's"
import csv, sys
import h5py, numpy as np
from sklearn.metrics import adjusted_mutual_info_score as ami
found = list(csv.DictReader(open(sys.argv[2])))[0]
rng = np.random.default_rng(1)
with h5py.File(sys.argv[1]) as h:
    clusters = h['clusters'][:]
    for rank in ('genus', 'species'):
        labels = h['labels/' + rank].asstr()[:]
        rows = np.flatnonzero(labels != '')
        values = [100 * ami(labels[c], clusters[c]) for c in (rng.choice(rows, 90, False) for _ in range(150))]
        value, mean, error = float(found[rank.capitalize() + ' AMI %']), np.mean(values), np.std(values, ddof=1) * (1 / 100 + 1 / 150) ** .5
        if abs(value - mean) > 4 * error:
            sys.exit(f'{rank}: {value}, expected {mean} +- {error}')
PY
fi
finish
