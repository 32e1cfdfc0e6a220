#!/bin/sh
# Sweeps of settings: columns, order, --where, numbers, progress lines, the dry run, --status, zsc plot settings.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 80 --seed 1 -o s.h5 || fail "simulate"
cat >s.yaml <<EOF
embeddings: [s.h5:sim_image_1, s.h5:sim_dna]
neighbors: [9, 5, 15]
min-dist: [0.1, 0]
epochs: 5
dim: 3
seed: [1, 0]
output: r
EOF

# columns CSV NAME...: the columns by name, without the header
columns() {
    file=$1
    shift
    ${PYTHON3-/usr/bin/python3} -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[1])): print(" ".join(row[c] for c in sys.argv[2:]))' "$file" "$@"
}

# --- The dry run shows the grid, what is done, and an estimate; nothing is written
run "$ZSC" sweep --dry-run s.yaml
[ "$status" -eq 0 ] || fail "dry run: $(cat err)"
[ -e r ] && fail "the dry run wrote something"
tr -s ' ' <out >squeezed
for line in "neighbors 3 9, 5, 15" "min-dist 2 0.1, 0" "seed 2 1, 0" "embeddings 2 s.h5:sim_image_1, s.h5:sim_dna"; do
    grep -qx "$line" squeezed || fail "the grid lacks '$line': $(cat out)"
done
grep -q '^24 runs of 2 inputs, 0 excluded, 0 done; about [0-9.]* seconds in all, on this machine' out || fail "plan: $(tail -n 1 out)"
expect 1 "24 of 24 runs are not done" "$ZSC" sweep --status s.yaml
[ -e r ] && fail "--status wrote something"

# --- Progress lines name what differs, and nothing else
run "$ZSC" sweep s.yaml
[ "$status" -eq 0 ] || fail "sweep: $(cat err)"
grep -q 'run 1 of 24: s.h5:sim_image_1, neighbors 9, min-dist 0.1, seed 1$' err || fail "run 1: $(grep 'run 1 of' err)"
grep -q 'run 24 of 24.*: s.h5:sim_dna, neighbors 15, min-dist 0, seed 0$' err || fail "run 24: $(grep 'run 24' err)"
grep 'run .* of' err | grep -q 'epochs\|dim' && fail "what does not vary is named: $(grep 'run 1 of' err)"
printf 'embeddings: s.h5:sim_dna\nreduce: none\noutput: one\n' >one.yaml
run "$ZSC" sweep one.yaml
grep -q 'run 1 of 1: s.h5:sim_dna$' err || fail "one run: $(cat err)"

# --- One column per setting, in the order of the plan, numbers as short as they read back
"$ZSC" collect r --where rank=species -o c.csv >/dev/null || fail "collect"
i=0
for e in sim_image_1 sim_dna; do for n in 9 5 15; do for m in 0.1 0; do for s in 1 0; do echo "$e $n $m $s"; done; done; done; done >wanted
columns c.csv encoders neighbors min_dist seed | cmp -s - wanted || fail "columns, or the order of the plan: $(columns c.csv encoders neighbors min_dist seed | head -n 4)"
columns c.csv n_components epochs metric knn | sort -u | grep -qx '3 5 euclidean exact' || fail "settings: $(columns c.csv n_components epochs metric knn | sort -u)"
grep -q '0\.10000000000000001' c.csv && fail "0.1 has 17 digits"
"$ZSC" collect r --format json | grep -q '0\.10000000000000001' && fail "0.1 has 17 digits in JSON"
"$ZSC" ls r --format json | grep -q '"min-dist": 0.1,' || fail "ls: $("$ZSC" ls r --format json | grep -m 1 min-dist)"
${PYTHON3-/usr/bin/python3} - <<'EOF' || fail "numbers are not the shortest that read back, or JSON and CSV differ"
import csv, json, subprocess, os
rows = list(csv.DictReader(open("c.csv")))
for row in rows:
    for column in ("ami", "nmi", "homogeneity", "seconds", "min_dist"):
        text = row[column]
        assert float(text) == float(repr(float(text))) and len(text) <= max(len(repr(float(text))), 1), (column, text)
objects = json.loads(subprocess.run([os.environ["ZSC"], "collect", "r", "--where", "rank=species", "--format", "json"], capture_output=True, check=True).stdout)
assert [(o["neighbors"], o["min_dist"], o["ami"]) for o in objects] == [(int(r["neighbors"]), float(r["min_dist"]), float(r["ami"])) for r in rows]
EOF
# the table is read again with its settings, also one of an older version, which has them in one column
"$ZSC" collect c.csv --where neighbors=5 -o again.csv >/dev/null && [ "$(columns again.csv neighbors min_dist | sort | uniq -c | wc -l)" -eq 2 ] || fail "collect of a table"
${PYTHON3-/usr/bin/python3} - <<'EOF'
import csv
rows = list(csv.DictReader(open("c.csv")))
names = list(rows[0])[:list(rows[0]).index("matrix") + 1]
with open("old.csv", "w", newline="") as f:
    w = csv.DictWriter(f, names, extrasaction="ignore")
    w.writeheader()
    for row in rows: w.writerow({**row, "settings": row["settings"].replace("0.1,", "0.10000000000000001,")})
EOF
"$ZSC" collect old.csv --where min_dist=0.1 -o new.csv >/dev/null || fail "an older table"
[ "$(columns new.csv neighbors min_dist settings | sort -u | wc -l)" -eq 3 ] || fail "an older table: $(columns new.csv neighbors min_dist)"
"$ZSC" table ranks r old.csv --format csv >both.csv 2>err && "$ZSC" table ranks r --format csv | cmp -s - both.csv || fail "an older table tells the same runs apart: $(cat both.csv)"
# without a plan: by encoder and settings, with numbers by their value
mkdir loose && cp r/*.h5 loose
"$ZSC" collect loose --where rank=species -o l.csv >/dev/null
columns l.csv encoders neighbors min_dist seed >order
for e in sim_dna sim_image_1; do for n in 5 9 15; do for m in 0 0.1; do for s in 0 1; do echo "$e $n $m $s"; done; done; done; done | cmp -s - order || fail "without a plan: $(head -n 5 order)"

# --- One --where in all commands
count() { "$@" 2>/dev/null | sed 1d | wc -l; }
for choice in "8 neighbors=5" "8 n_neighbors=5" "8 n-neighbors=5" "16 neighbors>5" "16 neighbors>=9" "8 neighbors<9" "16 neighbors<=9" "16 neighbors!=9" "16 neighbors=5|15" "12 min_dist=.1" \
    "12 min-dist=1e-1" "12 min_dist<0.05" "12 random_state=0" "24 n_components=3" "24 dim=3" "24 metric=euclidean" "12 encoders=sim_dna" "24 clusters=species" "24 subset=all" "24 split=all" "0 split=test"; do
    n=${choice%% *} rule=${choice#* }
    # a table for quick reading; the commands share what decides
    [ "$(count "$ZSC" collect c.csv --where "$rule")" -eq "$n" ] || fail "collect --where $rule: $(count "$ZSC" collect c.csv --where "$rule"), not $n"
done
for choice in "8 n_neighbors=5" "16 neighbors>5" "12 min_dist<0.05"; do
    n=${choice%% *} rule=${choice#* }
    [ "$(count "$ZSC" ls r --format csv --where "$rule")" -eq "$n" ] || fail "ls --where $rule: $(count "$ZSC" ls r --format csv --where "$rule"), not $n"
    [ "$(count "$ZSC" rm --dry-run r --where "$rule")" -eq $((n - 1)) ] || fail "rm --where $rule"
    [ "$(count "$ZSC" table ranks r --where "$rule" --format csv)" -eq $((n / 2)) ] || fail "table --where $rule"
done
[ "$(count "$ZSC" compare r --where 'neighbors=5' --where min_dist=0 --ranks species --resamples 10 --format csv)" -eq 7 ] || fail "compare --where" # three of scores, four components
expect 3 "leaves no result" "$ZSC" compare r --where neighbors=6
expect 3 "leaves no row" "$ZSC" collect r --where neighbors=6
for command in "ls one" "rm --dry-run one" "collect one" "table ranks one" "compare one" "report one -o x.html" "plot ranks one --dumb"; do
    # shellcheck disable=SC2086
    expect 2 "expects NAME=VALUE with the name of a setting such as neighbors" "$ZSC" $command --where tribe=x
    # shellcheck disable=SC2086
    expect 2 "expects a number after < or >" "$ZSC" $command --where 'neighbors<few'
done
expect 2 "expects NAME=VALUE" "$ZSC" ls r --where rank=species

# --- --status, by settings, while another process computes
run "$ZSC" sweep --status s.yaml
[ "$status" -eq 0 ] && grep -q '^24 runs: 24 done, 0 failed, 0 under way, 0 to do; results in r$' out || fail "status: $(cat out err)"
sed 's/^output: r/output: f/; s/^epochs: 5/epochs: 5\nclusters: [species, 500]/; s/^neighbors.*/neighbors: 5/' s.yaml >f.yaml
"$ZSC" sweep -q f.yaml >/dev/null 2>&1
run "$ZSC" sweep --status f.yaml
tr -s ' ' <out >squeezed
[ "$status" -eq 1 ] && grep -qx 'clusters 500 8 0 8 0 0' squeezed && grep -qx 'clusters species 8 8 0 0 0' squeezed || fail "failed runs: $(cat out err)"
rm "$(find f -name '*.h5' | head -n 1)"
"$ZSC" sweep --status f.yaml >out 2>err
grep -q '^16 runs: 7 done, 8 failed, 0 under way, 1 to do' out || fail "a run to do: $(tail -n 1 out)"
# combinations that are one run are planned, counted and computed once
sed 's/^output:.*/output: same/; s/^embeddings.*/embeddings: s.h5:sim_dna/; s/^min-dist.*/min-dist: 0/; s/^seed.*/seed: 0/; s/^neighbors.*/neighbors: [5, 6]/; s/^epochs: 5/epochs: 5\nreduce: [none, umap]/' s.yaml >same.yaml
printf 'clusterer: [agglomerative, kmeans]\nmax-iter: [5, 7]\n' >>same.yaml
all=$("$ZSC" sweep -n same.yaml 2>/dev/null | sed -n 's/^\([0-9]*\) of \([0-9]*\) combinations are no runs of their own.*/\1 \2/p')
run "$ZSC" sweep same.yaml
planned=$(sed -n 's/.* \([0-9]*\) runs of [0-9]* inputs.*/\1/p' err)
[ "$status" -eq 0 ] && grep -q "^$planned runs: $planned computed, 0 there already, 0 failed" out || fail "runs that are one: $(cat out; tail -n 3 err)"
[ "$(find same -name '*.h5' | wc -l)" -eq "$planned" ] && [ "$((planned + ${all% *}))" -eq "${all#* }" ] && [ "${all% *}" -gt 0 ] || fail "runs that are one: $planned, $all"
grep -q 'the first: .*neighbors 6, reduce none, .* is .*neighbors 5, reduce none' err || grep -q 'the first: .*max-iter 7 is .*max-iter 5' err || fail "runs that are one: $(cat err)"
run "$ZSC" sweep --status same.yaml
[ "$status" -eq 0 ] && grep -q "^$planned runs: $planned done" out || fail "runs that are one: $(cat out)"
# a run of minutes, which is looked for as long as its process lives
"$ZSC" simulate -q --rows 1500 --image-encoders 1 --image-dim 64 --dna-encoders 0 -o e.h5 || fail "simulate"
printf 'embeddings: e.h5\nepochs: 1e6\ndim: 2\nseed: [0, 1]\noutput: slow\n' >slow.yaml
"$ZSC" sweep -q slow.yaml >/dev/null 2>&1 &
pid=$! seen=
while kill -0 $pid 2>/dev/null; do
    "$ZSC" sweep --status slow.yaml >out 2>/dev/null
    if grep -q ' 1 under way, 1 to do' out; then
        seen=yes
        break
    fi
    sleep 0.1
done
kill -TERM $pid 2>/dev/null
wait $pid
[ -n "$seen" ] || fail "a run under way is not seen: $(tail -n 1 out)"
"$ZSC" sweep --status slow.yaml >out 2>/dev/null
grep -q ' 0 under way, 2 to do' out || fail "after the end: $(tail -n 1 out)"

# --- Started by mpirun without MPI: said, and nothing is computed twice
if "$ZSC" version | grep -q 'MPI *no'; then
    sed 's/^output:.*/output: two/' one.yaml >two.yaml
    for i in 1 2; do OMPI_COMM_WORLD_SIZE=2 "$ZSC" sweep two.yaml >two$i.out 2>two$i.err & done
    wait
    grep -c 'built without it' two1.err two2.err | grep -q ':0' && fail "no warning: $(cat two1.err)"
    cat two1.out two2.out | awk '{ n += $3 } END { exit n != 1 }' || fail "computed twice: $(cat two1.out two2.out)"
    OMPI_COMM_WORLD_SIZE=1 "$ZSC" sweep two.yaml 2>&1 >/dev/null | grep -q 'built without' && fail "a warning of one process"
fi

# --- The estimate is within a factor of 2 in CPU time of one thread, which other processes hardly change; wall time is no less
printf 'embeddings: e.h5\nseed: 0-2\noutput: e\n' >e.yaml
good=
for try in 1 2 3; do
    "$ZSC" sweep --dry-run --threads 1 e.yaml >out 2>/dev/null
    estimate=$(sed -n 's/.*; \([0-9.]*\) s CPU in all.*/\1/p' out)
    wall=$(sed -n 's/.*about \([0-9.]*\) seconds in all.*/\1/p' out)
    run "$ZSC" sweep --force --threads 1 e.yaml
    cpu=$(sed -n 's/.* \([0-9.]*\) s CPU.*/\1/p' err)
    tries="${tries-}, estimated $estimate s CPU and $wall s wall, took $cpu s CPU"
    awk "BEGIN { exit !($estimate < 2 * $cpu && $cpu < 2 * $estimate && $wall > 0.7 * $estimate) }" && good=$try && break
done
[ -n "$good" ] || fail "three times out of three: ${tries#, }"
"$ZSC" sweep --dry-run e.yaml >out 2>/dev/null
grep -q '3 done; about [0-9.]* seconds in all, 0.0 for what is to do, .*; [0-9.]* s CPU in all, 0.0 to do$' out || fail "what is done takes time: $(grep seconds out)"

# --- zsc plot settings: the points are the means of the table; two settings make a map; words make points
mean_of() { # ENCODER NEIGHBORS MIN_DIST: mean and deviation over seeds, in per cent
    columns c.csv encoders neighbors min_dist ami | awk -v e="$1" -v n="$2" -v m="$3" '$1 == e && $2 == n && $3 == m { v[++k] = 100 * $4 } END { printf "%.4f %.4f", (v[1] + v[2]) / 2, sqrt((v[1] - v[2]) ^ 2 / 2) }'
}
close_to() { awk "BEGIN { exit !(($1 - $2) ^ 2 < 1e-6) }"; }
run "$ZSC" plot settings r --settings n_neighbors --where min_dist=0.1 -o l.svg
[ "$status" -eq 0 ] || fail "plot settings: $(cat err)"
for n in 5 9 15; do
    for e in sim_dna sim_image_1; do
        found=$(awk -F'\t' -v n="$n" -v e="$e" '/^# one curve/ { k++ } k == (e == "sim_image_1" ? 1 : 2) && $1 == n { print $2, $3 }' l.dat)
        # shellcheck disable=SC2046
        set -- $(mean_of $e $n 0.1) $found
        [ $# -eq 4 ] && close_to "$1" "$3" && close_to "$2" "$4" || fail "$e at $n neighbours: '$*'"
    done
done
run "$ZSC" plot settings r -o m.svg
[ "$status" -eq 0 ] || fail "plot settings: $(cat err)"
[ "$(grep -c '^# one panel' m.dat)" -eq 2 ] || fail "two settings: $(grep '^#' m.dat)"
# shellcheck disable=SC2046
set -- $(mean_of sim_dna 15 0) $(awk -F'\t' '/^# one panel/ { k++ } k == 2 && $1 == 3 && $2 == 1 { print $3 }' m.dat)
[ $# -eq 3 ] && close_to "$1" "$3" || fail "a cell of the map: '$*'"
for rank in genus species; do "$ZSC" plot settings r --settings min_dist --rank $rank --dumb >out 2>err || fail "plot settings --rank $rank: $(cat err)"; done
grep -q 'min_dist' out || fail "no title of the axis: $(cat out)"
expect 3 "no setting differs" "$ZSC" plot settings one --dumb
expect 3 "these differ among the runs: neighbors, min_dist" "$ZSC" plot settings r --settings scale --dumb
expect 2 "expects settings that change scores, not 'tribe'" "$ZSC" plot settings r --settings tribe --dumb
expect 2 "option --settings names 'neighbors' twice" "$ZSC" plot settings r --settings neighbors,neighbors --dumb
for s in l2 zscore; do "$ZSC" run -q -e s.h5:sim_dna --reduce none --scale $s -o words >/dev/null; done
run "$ZSC" plot settings words -o w.svg
[ "$status" -eq 0 ] || fail "plot settings: $(cat err)"
grep -q '^items	0' w.dat && ! grep -q 'scale_scope' w.dat || fail "words: $(cat w.dat)"
finish
