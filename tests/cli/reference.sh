#!/bin/sh
# What scores are held against: ceilings, random clusters, as many clusters as each rank has classes. Every number
# against plain NumPy and SciPy, where they are installed.
. "$ZSC_SRCDIR/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 150 --species 20 --seed 3 --missing-species 0.2 -o s.h5 --metadata-output m.csv || fail "simulate"
"$ZSC" run -q -e s.h5:sim_dna --seed 0,1 --epochs 20 --dim 5 -o r > /dev/null || fail "run"
"$ZSC" run -q -e s.h5:sim_dna --seed 0 --epochs 20 --dim 5 --clusters 5 -o five > /dev/null || fail "run of a number"
B=60
"$ZSC" collect r --permutations $B -o all.csv || fail "collect"
"$ZSC" table ranks r --each-rank --decimals 8 --format csv -o table.csv || fail "table"
for t in 1 2 3; do "$ZSC" collect -t $t r --permutations $B | cmp - all.csv || fail "$t threads"; done
"$ZSC" collect r | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { n++; empty += $c["p_value"] == "" && $c["chance_sd"] == "" } END { exit !(n && n == empty) }' || fail "p-values that were not asked for"

# perfect clusters: 100 at the rank that K is of; of a number of clusters the finest rank stands for it
"$ZSC" table ranks r --ceiling --format csv --decimals 4 | grep -q 'perfect clusters: true species.*,100.0000,' || fail "ceiling at species"
"$ZSC" table ranks five --ceiling --format csv --decimals 4 | grep -q 'perfect clusters: true species.*,100.0000,' || fail "ceiling of a number"
"$ZSC" table ranks r --permutations 99 --format csv | grep -q 'random clusters,,0.0,' || fail "line of random clusters"
"$ZSC" table ranks r --permutations 99 | head -n 1 | grep -q 'above chance (p of a run at most 0.01)' || fail "caption"
"$ZSC" score --permutations 199 --seed 4 --format json m.csv:order m.csv:genus > score.json || fail "score"
grep -q '"p_value": 0.005' score.json && grep -q '"permutations": 199' score.json || fail "p-value of an agreement: $(cat score.json)"
"$ZSC" score --permutations 9 m.csv:order m.csv:genus | grep -q '^p-value (permutations)  *0.100000$' || fail "printed p-value"
"$ZSC" score --format csv --permutations 9 m.csv:order m.csv:genus | head -n 1 | grep -q 'chance_sd,p_value$' || fail "CSV"
"$ZSC" score --seed 1 m.csv:order m.csv:genus > out 2> err; [ $? -eq 2 ] && grep -q 'without --permutations' err || fail "--seed alone"
# without the results' files there are no clusters to permute
"$ZSC" collect r | cut -d, -f1,3- > no_path.csv
"$ZSC" table ranks no_path.csv --permutations 9 > out 2> err; [ $? -eq 3 ] && grep -q 'need result files' err || fail "a table without paths: $(cat err)"
# what is there already is not added again
"$ZSC" run -q -e s.h5:sim_dna --seed 0,1 --epochs 20 --dim 5 --clusters each-rank -o r > /dev/null || fail "run each-rank"
"$ZSC" table ranks r --decimals 8 --format csv | sort > ran.csv
"$ZSC" table ranks r --decimals 8 --each-rank --format csv | sort | cmp - ran.csv || fail "each-rank differs from the run"
sort table.csv | cmp - ran.csv || fail "cuts of a stored dendrogram are not those of a run"
if command -v gnuplot > /dev/null; then
    "$ZSC" plot ranks five --ceiling --permutations 9 --dumb > dumb || fail "figure"
    grep -q 'perfect clusters: true species' dumb && grep -q 'random clusters' dumb || fail "legend of the figure"
fi
rm -rf r/*.h5 r/.[a-z]*
"$ZSC" run -q -e s.h5:sim_dna --seed 0,1 --epochs 20 --dim 5 -o r > /dev/null || fail "run again"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy, scipy' 2> /dev/null ||
    { [ $failures -eq 0 ] && skip "$python has no h5py or SciPy (Debian packages python3-h5py, python3-scipy)"; finish; }
"$python" "$ZSC_SRCDIR/tests/cli/reference.py" r all.csv table.csv $B || fail "other numbers than NumPy's"
finish
