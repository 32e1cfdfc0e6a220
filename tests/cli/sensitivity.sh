#!/bin/sh
# zsc table sensitivity: conditions, changes and Kendall's tau as NumPy and SciPy have them of the same results; the base; single seeds; one sentence for each mistake.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 240 --seed 2 --barcode-length 60 --image-encoders 4 --image-dim 24 --dna-dim 24 -o s.h5 || fail simulate
sweep() { printf 'embeddings: s.h5:*\nreduce: none\noutput: r\n%b' "$1" >sweep.yaml && "$ZSC" sweep -q sweep.yaml >out 2>err || fail "sweep: $(cat err)"; }
sweep 'linkage: [ward, average, single]\n'
sweep 'scale: zscore\n'
sweep 'clusters: 12\n'
sweep 'scale: zscore\nlinkage: complete\n'
table() { "$ZSC" table sensitivity "$@" --format csv 2>err || fail "table $*: $(cat err)"; }

# the base is the centre of the star, and comes first; a row for each condition, by what differs from it
table r --rank genus --decimals 8 >got.csv
[ "$(sed 1q got.csv)" = "Condition,Best encoder,Encoders,\"AMI %, mean\",Change to base,Least of encoders,Greatest of them,Kendall's tau" ] || fail "columns: $(sed 1q got.csv)"
cut -d, -f1 got.csv | sed 's/"//g' | sed -n 2p | grep -q '^base: ' && [ "$(wc -l <got.csv)" = 7 ] && grep -q '^average,' got.csv && grep -q '^single,' got.csv && grep -q '^"zscore, rows",' got.csv &&
    grep -q '^K: 12,' got.csv && grep -q '^"zscore, complete, rows",' got.csv || fail "conditions: $(cat got.csv)"
table r --rank genus --base linkage=single --decimals 8 >single.csv
grep -q '^"*base: .*single' single.csv && grep -q '^ward,' single.csv || fail "--base: $(cat single.csv)"
table r --rank genus --base linkage=average --base scale=none | sed -n 2p | grep -q '^"base: scale none, average' || fail "two rules of --base"
"$ZSC" table sensitivity r --rank genus >out 2>err && grep -q "^AMI (%) at rank genus under 5 other conditions; simulated data. The best encoder of the base, Simulated DNA, is best in [0-5] of them. Kendall's tau of the order of encoders with that of the base: mean [-0-9.]*, least [-0-9.]* (.*)\.$" out ||
    fail "caption: $(cat out err)"
for f in latex html json tsv markdown; do "$ZSC" table sensitivity r --format $f >out 2>err && grep -q "Kendall" out || fail "$f: $(cat err)"; done
# cuts by each rank's classes are conditions as well; the finest rank is the usual one
[ "$(table r --each-rank --where linkage=ward --where scale=none | wc -l)" = 4 ] || fail "each-rank: $(table r --each-rank --where linkage=ward --where scale=none)"

# single seeds of the base; encoders that a condition lacks are not compared
printf 'embeddings: s.h5:*\nreduce: none\nclusterer: kmeans\nn-init: 1\nmax-iter: [1, 100]\nseed: [0, 1, 2]\noutput: seeds\n' >seeds.yaml && "$ZSC" sweep -q seeds.yaml >out 2>err || fail "seeds: $(cat err)"
"$ZSC" run -q -e s.h5:sim_dna --reduce none --clusterer kmeans --n-init 3 -o seeds >/dev/null 2>err || fail "run: $(cat err)"
table seeds --base max-iter=100 --base n-init=1 --decimals 8 --rank genus >seeds.csv
[ "$(grep -c '^seed [012] alone,.*,5,' seeds.csv)" = 3 ] && grep -q '^.*n-init 3.*,1,' seeds.csv || fail "seeds: $(cat seeds.csv)"
[ "$(awk -F, '/^seed/ { s += $(NF - 3) } END { printf "%.6f", s / 3 + 0 }' seeds.csv | tr -d -)" = 0.000000 ] || fail "seeds do not average to the base: $(cat seeds.csv)"

# against NumPy and SciPy
if /usr/bin/python3 -c 'import numpy, scipy.stats' 2>/dev/null; then
    "$ZSC" collect r >r.csv
    /usr/bin/python3 - r.csv got.csv <<'PY' || fail "other numbers than SciPy's"
import csv, sys
import numpy as np
from scipy.stats import kendalltau
values = {}
for row in csv.DictReader(open(sys.argv[1])):
    if row['rank'] == 'genus':
        values.setdefault((row['linkage'], row['scale'], row['clusters_rule'] if row['clusters_rule'] == '12' else ''), {})[row['encoders']] = 100 * float(row['ami'])
names = {'average': ('average', 'none', ''), 'single': ('single', 'none', ''), 'zscore, rows': ('ward', 'zscore', ''), 'K: 12': ('ward', 'none', '12'), 'zscore, complete, rows': ('complete', 'zscore', '')}
base = values['ward', 'none', '']
encoders = sorted(base)
for row in csv.DictReader(open(sys.argv[2])):
    if row['Condition'].startswith('base'):
        if abs(float(row['AMI %, mean']) - np.mean(list(base.values()))) > 1e-6:
            sys.exit('base')
        continue
    other = values[names.pop(row['Condition'])]
    a, b = np.array([other[e] for e in encoders]), np.array([base[e] for e in encoders])
    d = a - b
    wanted = (a.mean(), d.mean(), d.min(), d.max(), round(kendalltau(a, b)[0], 2))
    got = [float(row[c]) for c in ('AMI %, mean', 'Change to base', 'Least of encoders', 'Greatest of them', "Kendall's tau")]
    if np.abs(np.subtract(wanted, got)).max() > 1e-6 or row['Encoders'] != '5':
        sys.exit(f"{row['Condition']}: {got}, expected {wanted}")
if names:
    sys.exit(f'no rows for {names}')
PY
fi

# the figure: its points and tau are those of the table; forms; text fits
if command -v gnuplot >/dev/null; then
    . "$ZSC_SRCDIR/tests/cli/pictures.sh"
    for form in svg pdf png; do
        "$ZSC" plot sensitivity r --rank genus -o fig.$form --force --width 5 --height 4 --dpi 100 >/dev/null 2>err || fail "fig.$form: $(cat err)"
        picture fig.$form 5 4
    done
    "$ZSC" plot sensitivity r --rank genus -o fig.svg --force >/dev/null 2>err || fail "figure: $(cat err)"
    awk -F '\t' '/^# conditions/ { on = 1; next } /^#/ { on = 0 } on && NF == 2 && $1 != "base" { print $2 }' fig.dat >tau
    sed '1,2d; s/.*,//' got.csv | cmp -s - tau || fail "tau: $(cat tau) $(cat got.csv)"
    awk -F '\t' '/^# points/ { on = 1; next } /^#/ { on = 0 } on && NF == 4 { n[$1]++; s[$1] += $2 } END { for (i = 1; i in n; i++) printf "%.4f\n", s[i] / n[i] }' fig.dat >means
    sed 1d got.csv | sed 's/"[^"]*"/x/' | awk -F, '{ printf "%.4f\n", $4 }' | cmp -s - means || fail "points: $(cat means) $(cat got.csv)"
    grep -q 'simulated data' fig.svg && grep -q '>Genus AMI (%)<' fig.svg && grep -q '>base<' fig.svg || fail "texts"
    ! /usr/bin/python3 -c 'import xml' 2>/dev/null || { /usr/bin/python3 "$ZSC_SRCDIR/tests/cli/figure_text.py" fig.svg 'Simulated DNA' >faults; [ ! -s faults ] || fail "text: $(head -n 3 faults)"; }
    "$ZSC" plot sensitivity r --dumb >out 2>err && grep -q 'Species AMI (%)' out || fail "--dumb: $(cat err)"
    expect 2 "option --base has no effect here: it is an option of the figure of sensitivity" "$ZSC" plot ranks r --dumb --base linkage=ward
fi

# zsc sensitivity makes the runs: each other value with the first of the others, and all seeds; then the same table and figure
printf 'embeddings: s.h5:*\nreduce: none\nlinkage: [ward, average, single]\nclusters: [finest, each-rank]\ncut: [clusters, gap]\nmissing: [drop, class]\noutput: made\n' >study.yaml
"$ZSC" sensitivity study.yaml -f csv --rank genus --figure made.svg >made.csv 2>err || fail "zsc sensitivity: $(cat err)"
grep -q '30 runs: 30 computed, 0 there already' err && grep -q 'wrote made.svg' err || fail "notes: $(cat err)"
cut -d, -f1 made.csv | sed 's/"//g; 1d' | sort | tr '\n' ';' >names
[ "$(cat names)" = "K: each-rank;K: gap;average;base: ward;missing class;single;" ] || fail "conditions: $(cat names)"
"$ZSC" table sensitivity made --rank genus --base linkage=ward --base missing=drop --base clusters_rule=species -f csv 2>err | cmp -s - made.csv || fail "another table than zsc table: $(cat err)"
for options in "" "--linkage average" "--missing class" "--cut gap" "--clusters each-rank"; do
    # shellcheck disable=SC2086
    "$ZSC" run -q -e s.h5:sim_dna --reduce none $options -o made >/dev/null 2>err || fail "run $options: $(cat err)"
done
[ "$(ls made/*.h5 | wc -l)" = 30 ] || fail "zsc run made other results than zsc sensitivity: $(ls made | wc -l)"
"$ZSC" sensitivity study.yaml >out 2>err && grep -q '30 runs: 0 computed, 30 there already' err && [ -s made/sensitivity.pdf ] || fail "again: $(cat err)"
"$ZSC" sensitivity study.yaml --force >out 2>err && grep -q '30 runs: 30 computed, 0 there already' err || fail "--force: $(cat err)"
printf 'design: product\n' >>study.yaml
"$ZSC" sensitivity study.yaml --dry-run | grep -q '^60 runs\|^[0-9]* runs of 5 inputs' || fail "design: product"
"$ZSC" sensitivity --example >example.yaml && sed 's/embeddings.h5/s.h5/' example.yaml >e.yaml && "$ZSC" sensitivity e.yaml -n >out 2>err && grep -q '^240 runs of 15 inputs' out || fail "--example: $(cat out err)"
expect 2 "expected one file of settings; zsc sensitivity --example prints one" "$ZSC" sensitivity
expect 2 "made.xyz" "$ZSC" sensitivity study.yaml --figure made.xyz
# a figure that cannot be written, or that zsc did not write, is refused before the first run
expect 3 "cannot create 'no/such/f.svg': No such file or directory" "$ZSC" sensitivity study.yaml -o fresh --figure no/such/f.svg
echo mine >mine.svg
expect 3 "'mine.svg' is there already, and zsc did not write it" "$ZSC" sensitivity study.yaml -o fresh --figure mine.svg
[ ! -e fresh ] && [ "$(cat mine.svg)" = mine ] || fail "runs before a figure that is refused"
printf 'embeddings: s.h5:sim_dna\nreduce: none\noutput: one\n' >one.yaml
expect 3 "the results are of one condition; expected runs of other settings or seeds" "$ZSC" sensitivity -q one.yaml
# a value that is given twice, or in other digits, is the study's own
printf 'embeddings: s.h5:*\nreduce: none\nclusters: [12, 12, 20]\nlinkage: [ward, ward]\noutput: twice\n' >twice.yaml
"$ZSC" sensitivity -q twice.yaml -f csv >out 2>err && [ "$(cut -d, -f1 out | sed 's/"//g; 1d' | tr '\n' ';')" = "base: K: 12;K: 20;" ] || fail "a value twice: $(cat out err)"
printf 'embeddings: s.h5:*\nepochs: 20\nneighbors: 15\nmin-dist: [0.10, 0.1, 5e-1]\noutput: digits\n' >digits.yaml
"$ZSC" sensitivity -q digits.yaml -f csv >out 2>err && [ "$(cut -d, -f1 out | sed 's/"//g; 1d' | tr '\n' ';')" = "base: min-dist 0.1;min-dist 0.5;" ] || fail "a value in other digits: $(cat out err)"
"$ZSC" select -q -e s.h5:sim_dna -o bare.npy >/dev/null || fail select
printf 'embeddings: bare.npy\nreduce: none\nclusters: [4, 5]\noutput: bare\n' >bare.yaml
expect 3 "'bare' holds no results with scores at a rank" "$ZSC" sensitivity -q bare.yaml

# bad input
expect 3 "the results are of one condition; expected runs of other settings or seeds" "$ZSC" table sensitivity r --where linkage=single
expect 3 "no results are of the settings that --base asks for" "$ZSC" table sensitivity r --base linkage=weighted
expect 3 "no result has the rank 'tribe'" "$ZSC" table sensitivity r --rank tribe
expect 2 "option --base has no effect here: it is an option of the table of sensitivity" "$ZSC" table ranks r --base linkage=ward
expect 2 "option --ranks has no effect here: this table is of one --rank" "$ZSC" table sensitivity r --ranks genus
"$ZSC" select -q -e s.h5:sim_dna --scale l2 -o t.h5 >/dev/null && "$ZSC" run -q -e t.h5:sim_dna --reduce none -o r >/dev/null 2>err || fail "run: $(cat err)"
expect 3 "sim_dna has two kinds of runs, which differ in sources ('s.h5' and 't.h5'); choose with --where" "$ZSC" table sensitivity r
# a rank that is not there is refused before the first run
printf 'embeddings: s.h5:*\nreduce: none\nlinkage: [ward, average]\noutput: never\n' >never.yaml
expect 2 "--rank nosuch: the runs have no such rank; there are class, order" "$ZSC" sensitivity never.yaml --rank nosuch
[ ! -d never ] || fail "runs were made before --rank was looked at"
finish
