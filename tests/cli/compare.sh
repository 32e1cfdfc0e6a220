#!/bin/sh
# zsc compare on results of zsc run: tables, CSV, JSON; pairing does not depend on threads; one sentence for each mistake.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "$1" >&2; exit 1; }

"$ZSC" simulate -q --rows 400 --seed 2 -o s.h5
for encoder in sim_dna sim_image_1; do
  "$ZSC" run -q -e s.h5:$encoder --reduce none -o r > /dev/null
done
"$ZSC" run -q -e s.h5:sim_dna --reduce none --one-per-barcode -o r > /dev/null

"$ZSC" compare r --resamples 200 > table 2> err || fail "$(cat err)"
grep -q '^all: 400 rows (simulated data)$' table || fail "title"
grep -q '^95 % intervals from 200 random splits into halves of [0-9]* species$' table || fail "intervals"
grep -q '^they are of the mean AMI, over other samples of .* of these clusters; .*one seed, whose variance is not known' table || fail "no estimand"
grep -q '^one seed says nothing of the variance of seeds' table || fail "one seed"
grep -q '2 different selections of rows' err || fail "groups are not told"
grep '^sim_dna  *1 .*\*' table > /dev/null || fail "no best"
grep '^sim_image_1  *-' table > /dev/null || fail "no differences"

# the figure has the limits of the command
for command in "compare r" "plot compare r -o x.svg"; do
    "$ZSC" $command --resamples 1000001 2> err && fail "$command takes 1000001 resamples"
    grep -q -- '--resamples.* 1000000' err || fail "$command: $(cat err)"
done

# names are refused before the work: a million resamples take minutes
for words in "compare r --unit nosuch" "compare r --ranks nosuch" "plot compare r --rows all --baseline nosuch -o x.svg" \
    "plot compare r --rows all --unit nosuch -o x.svg" "plot compare r --rows all --ranks nosuch -o x.svg"; do
    code=0
    timeout 60 "$ZSC" $words --resamples 1000000 > out 2> err || code=$?
    [ $code -eq 3 ] && grep -q nosuch err || fail "zsc $words: status $code, $(cat err)"
done
code=0
timeout 60 "$ZSC" plot compare r --resamples 1000000 -o x.svg 2> err || code=$?
[ $code -eq 3 ] && grep -q '2 different selections' err || fail "plot of two selections: status $code, $(cat err)"

# two resamples have wide intervals, but none beyond what scores can be
"$ZSC" compare -q r --resamples 2 --level 0.999 --format csv > two.csv
awk -F, '$1 == "difference" && $12 != "" {if ($11 < -1 || $12 > 1 || $13 < -1 || $14 > 1) bad = 1; if ($14 == 1) n++} END {exit bad || !n}' two.csv ||
    fail "intervals beyond 1: $(cat two.csv)"

"$ZSC" compare -q r --resamples 200 --format csv > one.csv -t 1
"$ZSC" compare -q r --resamples 200 --format csv > three.csv -t 3
cmp one.csv three.csv || fail "threads change the intervals"
awk -F, '$1 == "score" && !($11 <= $9 && $9 <= $12) {bad = 1} $1 == "difference" && !($13 <= $9 && $9 <= $14) {bad = 1} END {exit bad}' one.csv || fail "an estimate outside its interval"
# the score is the one in the result
score=$("$ZSC" collect r --format csv 2> /dev/null | awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i} $at["encoders"] == "sim_image_1" && $at["rank"] == "species" {print $at["ami"]}')
[ -z "$score" ] || grep -q "^score,all,all,400,species,sim_image_1,,1,$score," one.csv || fail "not the score of the result: $score"
"$ZSC" compare -q r --resamples 200 --unit specimens --ranks species --format json > j.json
grep -q '"method": "halves"' j.json && grep -q '"unit": "specimens"' j.json || fail "JSON"
[ "$(grep -c '"place":' j.json)" -eq 3 ] || fail "one rank of two groups"

refuse() {
  expected=$1 words=$2; shift 2
  code=0; "$ZSC" compare "$@" > out 2> err || code=$?
  [ "$code" -eq "$expected" ] || fail "zsc compare $*: exit status $code, expected $expected"
  [ "$(wc -l < err)" -eq 1 ] && grep -q -- "$words" err || fail "zsc compare $*: says $(cat err)"
}
refuse 3 "--unit subspecies: result .*s.h5' has no column subspecies; did you mean species?" r --unit subspecies
refuse 3 "no result has the rank 'tribe'" r --ranks tribe
refuse 3 'absent' absent
refuse 3 'not a result' s.h5
refuse 2 'expected RESULTS' --level 0.9
refuse 2 'from 0.5 to 0.999' r --level 1

# results of the same rows with other labels are not compared
"$ZSC" simulate -q --rows 60 --seed 3 -o l.h5 --metadata-output l.csv
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "family") c = i } NR > 5 { $c = "Otheridae" } 1' l.csv > other.csv
"$ZSC" run -q -e l.h5:sim_dna -m l.csv --reduce none --ranks order,family -o labels > /dev/null
"$ZSC" run -q -e l.h5:sim_image_1 -m other.csv --reduce none --ranks order,family -o labels > /dev/null
"$ZSC" run -q -e l.h5:sim_image_2 -m l.csv --reduce none --ranks order -o labels > /dev/null
"$ZSC" compare labels --resamples 20 --format csv > labels.out 2> err || fail "$(cat err)"
grep -q "have the same rows with other labels, first at rank family: they are not compared" err || fail "other labels: $(cat err)"
! grep '^difference' labels.out | grep 'sim_dna.*sim_image_1\|sim_image_1.*sim_dna' || fail "a difference of other labels"
grep '^difference' labels.out | grep 'sim_image_2' > /dev/null || fail "the same labels at fewer ranks are compared"

# intervals need enough different resamples: six units have twenty halves
"$ZSC" simulate -q --rows 400 --seed 2 -o same.h5 --metadata-output m.csv
awk -F, -v OFS=, 'NR == 1 { print $0, "zone"; next } { print $0, "zone" NR % 6 }' m.csv > zone.csv
for encoder in sim_dna sim_image_1; do "$ZSC" run -q -e s.h5:$encoder -m zone.csv --reduce none -o zones > /dev/null 2>&1; done
"$ZSC" compare zones --unit zone --resamples 50 > few.out 2> err || fail "$(cat err)"
grep -q '^no intervals: they need 8 units or more' few.out && ! grep -q '[0-9] \[' few.out || fail "intervals from few units: $(cat few.out)"
"$ZSC" compare -q zones --unit zone --resamples 50 --format json > few.json
! grep -q '"holds": true\|"holds": false' few.json && grep -q '"holds": null' few.json || fail "what is not known is said to hold or not"
"$ZSC" compare -q zones --unit zone --resamples 50 --format csv | awk -F, '$1 == "difference" && $16 != "NA" { bad = 1 } END { exit bad }' || fail "holds without an interval"
refuse 3 "the 400 rows of 'all' are of [234] order, expected 5 or more (20 for intervals that are wide enough); choose a unit of which there are more" r --unit order
! grep -q 'no intervals' table || fail "no intervals for many units"

# a resample with one class is of no use: counted, and no interval where they are many
printf 'id,order,species\n' > skewed.csv
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { print $at["processid"] "," (NR == 2 ? "Rareptera" : "Commonoptera") "," "sp" NR % 30 }' l.csv >> skewed.csv
for encoder in sim_dna sim_image_1 sim_image_2; do "$ZSC" run -q -e l.h5:$encoder -m skewed.csv --reduce none --ranks order,species -o skewed > /dev/null; done
"$ZSC" compare -q skewed --resamples 60 > skewed.out || fail "one rare class"
grep -q '^order: AMI is not defined in [1-9][0-9]* of 60 resamples (one class is left), so there are no intervals$' skewed.out || fail "unusable resamples: $(cat skewed.out)"

# few units: a warning; more of them: none
awk -F, 'NR == 1 { print; next } { split($3, a, "sp"); print $1 "," $2 ",sp" a[2] % 12 }' skewed.csv > twelve.csv
"$ZSC" run -q -e l.h5:sim_dna -m twelve.csv --reduce none --ranks species -o twelve > /dev/null
"$ZSC" compare twelve --resamples 60 > out 2> err && grep -q 'intervals from 12 species are too narrow; expected 20 or more' err || fail "few units: $(cat err)"
"$ZSC" compare skewed --resamples 60 2>&1 > out | grep 'too narrow' && fail "a warning for 30 units"

# effective units: a row of each table, and a warning below 20
[ "$(grep -c '^effective units  ' table)" -eq 3 ] || fail "effective units: $(cat table)"
"$ZSC" compare r --resamples 200 2>&1 > out | grep -q '[0-9] intervals are of fewer than 20 effective species, and may hold less often than they say' ||
    fail "no warning of few effective units"

# p-values and tests over cells
"$ZSC" compare -q skewed --resamples 60 --p-values | grep -q '\] *~\? p [01]' || fail "p-values: $("$ZSC" compare -q skewed --resamples 60 --p-values)"
"$ZSC" compare -q labels --resamples 20 --wilcoxon > out 2> err && fail "a test over cells without two encoders"
grep -q 'needs two encoders or more in every selection of rows' err || fail "$(cat err)"
"$ZSC" compare -q skewed --resamples 60 --wilcoxon | grep -q '^Over 2 cells' || fail "over cells"

python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy, scipy' 2> /dev/null || { echo "skipped in part: $python has no h5py or SciPy" >&2; exit 77; }
for encoder in sim_dna sim_image_1 sim_image_2; do "$ZSC" run -q -e l.h5:$encoder -m l.csv --reduce none -o numbers > /dev/null; done
"$ZSC" compare -q numbers --resamples 30 --seed 3 --wilcoxon --format json > all.json
"$ZSC" compare -q numbers --resamples 30 --seed 3 --control rank --format json > rank.json
"$python" "$ZSC_SRCDIR/tests/cli/compare_numbers.py" numbers all.json rank.json || fail "other numbers than NumPy's"
# few specimens of many species: pairs decide
"$ZSC" simulate -q --rows 200 --seed 2 --families 40 --genera 100 --species 130 --missing-species 0 -o pairs.h5
for encoder in sim_image_1 sim_image_2; do "$ZSC" run -q -e pairs.h5:$encoder --reduce none --ranks family,genus,species -o pairs > /dev/null; done
"$ZSC" compare -q pairs --unit specimens --resamples 40 --wilcoxon --format json > all.json
"$ZSC" compare -q pairs --unit specimens --resamples 40 --control rank --format json > rank.json
grep -q '"share_of_pairs": \(1\.0\|0\.[89]\)' all.json || fail "no score is of pairs: $(grep share_of all.json)"
"$python" "$ZSC_SRCDIR/tests/cli/compare_numbers.py" pairs all.json rank.json || fail "other numbers than NumPy's of pairs"

# seeds and draws of barcodes are components of their own
for draw in 5 6; do for seed in 0 1 2; do
    "$ZSC" run -q -e l.h5:sim_dna -m l.csv --clusterer kmeans --n-init 1 --reduce none --one-per-barcode=random --barcode-seed $draw --seed $seed -o draws > /dev/null
done; done
"$ZSC" compare -q draws --resamples 60 > draws.out
grep -q 'seed  *3 seeds in each of 2 draws' draws.out && grep -q 'barcode draw  *2 draws' draws.out || fail "components: $(cat draws.out)"
"$ZSC" compare -q draws --resamples 60 --format json > draws.json
"$ZSC" compare -q draws --resamples 60 --format csv > draws.csv
"$python" "$ZSC_SRCDIR/tests/cli/compare_components.py" draws draws.json draws.csv || fail "other components than NumPy's"
