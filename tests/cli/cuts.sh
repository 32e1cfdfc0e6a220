#!/bin/sh
# Where a dendrogram is cut if K is not given: --cut-standardised, --cut gap|elbow|silhouette, and --linkage-metric.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is not there"

# 90 rows around 6 centres, columns of different spread; the unit of standardised heights by the definition
python3 - >unit <<'END' || exit 99
import random, struct
random.seed(4)
centre = [[random.gauss(0, 5 * (j + 1)) for j in range(4)] for _ in range(6)]
x = [[struct.unpack('f', struct.pack('f', centre[i % 6][j] + random.gauss(0, 0.3)))[0] for j in range(4)] for i in range(90)]
head = "{'descr': '<f4', 'fortran_order': False, 'shape': (90, 4), }".ljust(117) + '\n'
with open('x.npy', 'wb') as out:
    out.write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head.encode())
    for row in x: out.write(struct.pack('<4f', *row))
mean = [sum(r[j] for r in x) / 90 for j in range(4)]
sd = [(sum((r[j] - mean[j]) ** 2 for r in x) / 90) ** 0.5 for j in range(4)]
unit = sum(sd) / 4 * 4 ** 0.5
z = [[(r[j] - mean[j]) / unit for j in range(4)] for r in x]
with open('z.csv', 'w') as out:
    for i, row in enumerate(z): out.write('r%d,' % i + ','.join(repr(v) for v in row) + '\n')
print(repr(unit))
END
"$ZSC" ward -q -e x.npy -o heights.csv 2>/dev/null || exit 99

# a standardised height T is the height T times the unit, for every linkage, and cuts Z as T cuts it
for linkage in ward average complete single; do
    for t in 0 0.05 0.4 2; do
        h=$(awk -v t=$t '{ printf "%.17g", t * $1 }' unit)
        rm -f a*.csv b*.csv
        run "$ZSC" ward -e x.npy -o a.csv --linkage $linkage --cut-standardised $t
        [ "$status" -eq 0 ] || fail "--cut-standardised $t: $(cat err)"
        k=$(sed -n 's/.* \([0-9]*\) clusters at the standardised height.*/\1/p' err)
        run "$ZSC" ward -e x.npy -o b.csv --linkage $linkage --cut-height "$h"
        cmp -s "a-$k.csv" "b-$k.csv" || fail "$linkage: --cut-standardised $t is not --cut-height $h: '$k'"
        [ "$t" = 0 ] || {
            run "$ZSC" ward -e z.csv --no-header -o c.csv --linkage $linkage --cut-height $t
            grep "zsc ward: $k clusters at height" err >/dev/null || fail "$linkage at $t: Z has $(grep 'at height' err), x has $k"
        }
    done
done

# rules find the six centres; the same labels at any number of threads
for rule in gap silhouette; do
    for threads in 1 3; do
        rm -f k*.csv
        run "$ZSC" ward -e x.npy -o k.csv --cut $rule -t $threads
        grep "zsc ward: 6 clusters by $rule" err >/dev/null || fail "--cut $rule: $(cat err)"
        cp k-6.csv "labels-$rule-$threads" || fail "--cut $rule writes no k-6.csv"
    done
    cmp "labels-$rule-1" "labels-$rule-3" || fail "--cut $rule: three threads give other labels"
done
"$ZSC" ward -q -e x.npy -o given.csv --clusters 6 2>/dev/null
cmp given-6.csv labels-gap-1 || fail "--cut gap has other labels than --clusters 6"

for cut in "--cut gap" "--cut-standardised 0.4" "--cut-height 1"; do
    rm -f k*.csv
    # shellcheck disable=SC2086
    "$ZSC" ward -q -e x.npy -o k.csv $cut 2>/dev/null
    # shellcheck disable=SC2086
    run "$ZSC" cluster -e x.npy -o c.csv --force --clusterer agglomerative $cut
    cmp -s c.csv k-*.csv || fail "zsc cluster $cut has other clusters than zsc ward: $(cat err)"
done

# a run has the K of zsc ward, under a key of its own; defaults keep theirs
"$ZSC" simulate -q -o s.h5 --rows 300 --seed 3 || exit 99
E="-e s.h5:sim_dna --reduce none"
clusters() { sed -n 's/^ *"clusters": \([0-9]*\),$/\1/p' out | head -n 1; }
for rule in gap elbow silhouette; do
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --cut $rule --format json -o r
    k=$(clusters)
    # the curve: its largest value is at K, and it is kept with the result
    awk '$1 == "\"cut_curve\":" { on = 1 } on && $1 == "\"clusters\":" { k = $2 } on && $1 == "\"value\":" { if (best == "" || $2 + 0 > best) { best = $2 + 0; at = k } }
        on && /^ *\],?$/ { on = 0 } END { sub(",", "", at); print at }' out >at
    [ "$(cat at)" = "$k" ] || fail "--cut $rule: the curve is largest at $(cat at), and $k is chosen"
    grep -v '"seconds"\|"peak' out >first
    # shellcheck disable=SC2086
    "$ZSC" run -q $E --cut $rule --format json -o r | grep -v '"seconds"\|"peak' >again
    cmp -s first again || fail "--cut $rule: a result that is read back prints another curve"
    "$ZSC" ward -e s.h5:sim_dna -o w.h5 --force --cut $rule 2>ward.err
    grep "zsc ward: $k clusters by $rule" ward.err >/dev/null || fail "run --cut $rule has $k clusters: $(cat ward.err)"
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --clusters "$k" --format csv
    cut -d, -f8- out >by_number
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --cut $rule --format csv
    cut -d, -f8- out >by_rule
    cmp -s by_number by_rule || fail "--cut $rule has other scores than --clusters $k"
done
[ "$(ls r/*.h5 | wc -l)" -eq 3 ] || fail "three rules are not three results"
"$ZSC" collect r | head -n 1 | grep ',cut_height,cut_standardised,cut,' >/dev/null || fail "collect does not name the cut"
"$ZSC" collect r | grep ',elbow,' >/dev/null || fail "collect does not say the rule"
# shellcheck disable=SC2086
{
    "$ZSC" run -q $E -o d >/dev/null
    "$ZSC" run -q $E -o d --cut clusters --linkage-metric euclidean >/dev/null
    [ "$(ls d/*.h5 | wc -l)" -eq 1 ] || fail "defaults that are given have another key"
    "$ZSC" run -q $E -o d --linkage average >/dev/null
    "$ZSC" run -q $E -o d --linkage average --linkage-metric cosine >/dev/null
    [ "$(ls d/*.h5 | wc -l)" -eq 3 ] || fail "cosine is the same run as euclidean"
    run "$ZSC" run -q $E --cut-standardised 0.3 --format json
    k=$(clusters)
}
"$ZSC" ward -e s.h5:sim_dna -o w.h5 --force --cut-standardised 0.3 2>ward.err
grep "zsc ward: $k clusters at the standardised height" ward.err >/dev/null || fail "run --cut-standardised: $k; $(cat ward.err)"

# a sweep over rules and metrics has the results of single runs, and rerun makes them again
cat >s.yaml <<END
embeddings: [s.h5:sim_dna]
output: sw
reduce: none
cut: [gap, elbow, silhouette]
END
run "$ZSC" sweep -q s.yaml
[ "$status" -eq 0 ] || fail "sweep: $(cat err)"
(cd r && ls ./*.h5) >one
(cd sw && ls ./*.h5) >two
cmp one two || fail "a sweep has other keys than single runs"
run "$ZSC" rerun "$(ls sw/*.h5 | head -n 1)"
[ "$status" -eq 0 ] || fail "rerun: $(cat out err)"

# angles: rows that are multiples of each other are equal
run "$ZSC" ward -e x.npy -o cos.csv --linkage complete --linkage-metric cosine --clusters 6
[ "$status" -eq 0 ] || fail "cosine: $(cat err)"
awk -F, 'NR > 1 && !($3 >= 0 && $3 <= 2.0000001) { exit 1 }' cos.csv || fail "cosine distances are not in 0 to 2"

# refusals
# shellcheck disable=SC2086
{
    expect 2 "Ward's linkage is of euclidean distances" "$ZSC" run $E --linkage-metric cosine
    expect 2 "Ward's linkage is of euclidean distances" "$ZSC" ward -e x.npy -o no.h5 --linkage-metric manhattan
    expect 2 'give one of them' "$ZSC" run $E --cut gap --cut-height 1
    expect 2 'give one of them' "$ZSC" run $E --cut-standardised 1 --cut-height 1
    expect 2 'angles do not grow' "$ZSC" run $E --linkage average --linkage-metric cosine --cut-standardised 1
    expect 2 'of euclidean distances' "$ZSC" ward -e x.npy -o no.h5 --linkage single --linkage-metric manhattan --cut silhouette
    expect 2 'has no effect here' "$ZSC" run $E --cut gap --clusters 5
    expect 2 'has no effect here' "$ZSC" run $E --cut-standardised 1 --clusters 5
    expect 2 'has no effect here' "$ZSC" run $E --clusterer hdbscan --cut gap
    expect 2 'not given' "$ZSC" ward -e x.npy --newick no.nwk --cut gap
}
[ ! -e no.h5 ] && [ ! -e no.nwk ] || fail "a refusal leaves a file behind"

# the curve is drawn, with K found and true K, in figures and in the report; a run without one is refused
if command -v gnuplot >/dev/null 2>&1; then
    for rule in gap elbow silhouette; do
        # shellcheck disable=SC2086
        "$ZSC" run -q $E --cut $rule -o "drawn-$rule" >/dev/null || fail "run --cut $rule"
        run "$ZSC" plot cuts "drawn-$rule" -o "$rule.svg"
        [ "$status" -eq 0 ] || fail "plot cuts, $rule: $(cat err)"
        for text in 'K found' 'true K (Species)' 'clusters K'; do grep -F ">$text<" "$rule.svg" >/dev/null || fail "plot cuts, $rule: no '$text'"; done
        case $rule in gap) text='relative gap of heights' ;; elbow) text='distance from the line' ;; *) text=silhouette ;; esac
        grep -F ">$text<" "$rule.svg" >/dev/null || fail "plot cuts, $rule: the axis is not '$text'"
        "$ZSC" collect "drawn-$rule" | awk -F, -v rule=$rule 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "clusters_rule") c = i; next } $c != rule { bad = 1 } END { exit bad || !c }' || fail "collect: the rule is not $rule"
        k=$("$ZSC" ls "drawn-$rule" --format json | awk '$1 == "\"clusters\":" { sub(",", "", $2); print $2; exit }')
        awk -F '\t' -v k="$k" '/^# marks/ { on = 1; next } /^#/ { on = 0 } on && NF > 3 { found = $1 == k && $2 == $2 + 0 && $3 > 1 } END { exit !found }' "$rule.dat" || fail "plot cuts, $rule: K found is not $k: $(grep -A 1 '^# marks' "$rule.dat")"
        if /usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null; then
            /usr/bin/python3 "$ZSC_SRCDIR/tests/cli/figure_text.py" "$rule.svg" >faults
            [ ! -s faults ] || fail "plot cuts, $rule: $(head -n 3 faults)"
        fi
    done
    # two panels, each with the axis of its rule
    run "$ZSC" plot cuts drawn-gap drawn-silhouette -o both.svg --columns 2
    [ "$status" -eq 0 ] || fail "plot cuts of two: $(cat err)"
    for text in 'relative gap of heights' silhouette; do grep -F ">$text<" both.svg >/dev/null || fail "plot cuts of two: no axis '$text'"; done
    "$ZSC" report drawn-gap -o cuts.html >/dev/null 2>&1 && grep 'the rule that found the number' cuts.html >/dev/null || fail "report: no curve of cuts"
    # shellcheck disable=SC2086
    "$ZSC" run -q $E -o drawn-none >/dev/null || fail "run"
    expect 3 'has no curve of cuts' "$ZSC" plot cuts drawn-none -o none.svg
fi

# rows that are all equal have nothing to find: said, and one cluster
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 9; i++) print "r" i ",1,2" }' >equal.csv
run "$ZSC" ward -e equal.csv -o equal.h5 --cut gap
[ "$status" -eq 0 ] && grep 'all 9 rows are one cluster' err >/dev/null || fail "equal rows: $(cat err)"
finish
