#!/bin/sh
# zsc run --stability: AMI between subsamples and between seeds, against NumPy, SciPy and scikit-learn; the same at any number
# of threads, kept, read back, made again, and shown.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=/usr/bin/python3
[ -x $python ] || python=python3
"$python" -c 'import numpy, scipy, sklearn' 2>/dev/null || skip "needs Python with NumPy, SciPy and scikit-learn"
check() { "$python" "$ZSC_SRCDIR/tests/cli/stability.py" "$@" >faults 2>&1 || fail "$1 of $label: $(tail -n 1 faults)"; }

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 240 --seed 2 || exit 99
P="-e sim.h5:sim_dna --reduce pca --dim 6 --keep-reduced"

# between subsamples: every clusterer, rows drawn as documented
for label in '--clusterer agglomerative' '--clusterer agglomerative --cut gap' '--clusterer hdbscan --min-cluster-size 3' \
    '--clusterer layers --min-cluster-size 3 --min-samples 3' '--clusterer kmeans --clusters 20'; do
    rm -rf one json
    # shellcheck disable=SC2086
    run "$ZSC" run -q $P $label --stability 4 --seed 3 --format json -o one
    [ "$status" -eq 0 ] || fail "$label: $(cat err)"
    cp out json
    "$ZSC" export -q "$(ls one/*.h5)" --what reduced -o y.npy --force || fail "export"
    case $label in
    '--clusterer agglomerative') check subsamples "$ZSC" y.npy json 3 ;;
    *kmeans*)
        # shellcheck disable=SC2086
        check subsamples "$ZSC" y.npy json 3 $label --seed 3
        grep '"seeds"' json >/dev/null || fail "k-means: nothing between seeds"
        ;;
    *)
        # shellcheck disable=SC2086
        check subsamples "$ZSC" y.npy json 3 $label
        ! grep '"seeds"' json >/dev/null || fail "$label draws nothing, and is compared between seeds"
        ;;
    esac
done

# between seeds: the runs of these seeds; the same at 1, 2, 3 threads; beside a run without it the scores are the same
label=UMAP
E="-e sim.h5:sim_dna --dim 4 --epochs 40 --neighbors 10"
for t in 1 2 3; do
    # shellcheck disable=SC2086
    run "$ZSC" run -q $E --stability 3 --seed 5 --format json -o t$t -t $t
    [ "$status" -eq 0 ] || fail "$t threads: $(cat err)"
    awk '/"stability": \{/ { on = 1 } on { print } on && /^ *\},?$/ && ++n == 3 { exit }' out >stability$t
    cmp -s stability1 stability$t || fail "$t threads: $(cat stability$t)"
    [ "$(ls t$t)" = "$(ls t1)" ] || fail "$t threads give another key"
done
[ "$(wc -l <stability1)" -gt 6 ] || fail "no stability in JSON: $(cat stability1)"
cp out json
# shellcheck disable=SC2086
"$ZSC" run -q $E --seed 5 -o seeds --format csv >without || fail "run"
for seed in 5 6 7; do
    # shellcheck disable=SC2086
    "$ZSC" run -q $E --seed $seed -o seed$seed >/dev/null && "$ZSC" export -q seed$seed/*.h5 -o s$seed.npy || fail "run of seed $seed"
done
check seeds json s5.npy s6.npy s7.npy
# shellcheck disable=SC2086
"$ZSC" run -q $E --stability 3 --seed 5 -o t1 --format csv | cut -d, -f2- >with
cut -d, -f2- without | cmp -s - with || fail "--stability changes scores"

# the columns of compare: means over the runs of each encoder, recomputed from layouts and labels of single runs
for e in sim_dna sim_image_1; do
    label="compare, $e"
    for seed in 0 1 2 3; do
        P="-e sim.h5:$e --dim 4 --epochs 40 --neighbors 10 --seed $seed"
        # shellcheck disable=SC2086
        "$ZSC" run -q $P -o alone-$e-$seed --keep-reduced >/dev/null && result=$(ls alone-$e-$seed/*.h5) &&
            "$ZSC" export -q "$result" -o $e-labels-$seed.npy && "$ZSC" export -q "$result" --what reduced -o $e-$seed.npy || fail "run of $e, seed $seed"
        [ $seed -gt 1 ] && continue
        # shellcheck disable=SC2086
        "$ZSC" run -q $P --stability 3 -o compared --format csv >cut || fail "run of $e with --stability"
    done
done
"$ZSC" compare -q compared --format csv >compared.csv || fail "compare"
k=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "clusters") c = i; next } { print $c; exit }' cut)
for e in sim_dna sim_image_1; do check columns compared.csv $e "$k" 3 0,1; done

# kept, and made again
f=$(ls t1/*.h5)
run "$ZSC" rerun "$f"
[ "$status" -eq 0 ] || fail "rerun: $(cat out err)"
grep '^stability  *4  *0' out >/dev/null || fail "rerun does not compare it: $(cat out)"
# shellcheck disable=SC2086
run "$ZSC" run -q $E --stability 3 --seed 5 -o t1
grep 'between 3 subsamples of 80 % of the rows .*between 3 seeds' out >/dev/null || fail "run prints no stability: $(cat out)"
cat >sweep.yaml <<END
embeddings: [sim.h5:sim_dna]
dim: 4
epochs: 40
neighbors: 10
seed: 5
stability: [0, 3]
output: s
END
run "$ZSC" sweep -q sweep.yaml
[ "$status" -eq 0 ] || fail "sweep: $(tail -n 1 err)"
[ -f "s/$(basename "$f")" ] || fail "a sweep makes another result than a run: $(ls s)"

# shown beside AMI
run "$ZSC" collect t1
mean=$(awk '/"subsamples": \{/ { on = 1 } on && $1 == "\"mean\":" { sub(",", "", $2); print $2; exit }' json)
awk -F, -v mean="$mean" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "stability_subsamples") c = i; next } { d = $c - mean; if (d > 1e-9 || d < -1e-9) bad = 1 } END { exit bad || !c || NR < 2 }' out || fail "collect: no stability of $mean"
run "$ZSC" table ranks t1 --format csv
head -n 1 out | grep 'Stability, subsamples.*Stability, seeds' >/dev/null || fail "table ranks: $(head -n 1 out)"
grep "$(awk -v m="$mean" 'BEGIN { printf "%.3f", m }' | cut -c1-4)" out >/dev/null || fail "table ranks: $(cat out)"
run "$ZSC" compare --measures t1
grep 'between subsamples' out >/dev/null || fail "compare --measures: $(cat out)"
run "$ZSC" compare --measures seeds
! grep 'subsamples' out >/dev/null || fail "compare --measures shows a column of nothing"

run "$ZSC" run -q $E --stability 2 --seed 5 -o two
grep 'between 2 subsamples of 80 % of the rows 0\.[0-9]*, between 2 seeds 0\.[0-9]*$' out >/dev/null || fail "one pair has no standard deviation: $(grep Stability out)"
expect 2 'give 2 or more' "$ZSC" run -e sim.h5:sim_dna --stability 1
expect 2 '100' "$ZSC" run -e sim.h5:sim_dna --stability 101
expect 3 'a subsample of 192 rows' "$ZSC" run -e sim.h5:sim_dna --reduce none --clusterer hdbscan --min-cluster-size 200 --stability 2
# a dry run counts its clusterings: ten of 80 % of the rows, and nine layouts, take several times as long as one run
seconds_of() { # STABILITY: processor time
    printf 'embeddings: [sim.h5:sim_dna]\nstability: %s\nepochs: 3000\noutput: none\n' "$1" >dry.yaml
    "$ZSC" sweep --dry-run dry.yaml 2>/dev/null | sed -n 's/.*; \(.*\) s CPU in all/\1/p'
}
awk -v one="$(seconds_of 0)" -v ten="$(seconds_of 10)" 'BEGIN { exit !(one > 0 && ten > 4 * one && ten < 15 * one) }' || fail "a dry run says $(seconds_of 0) s, and $(seconds_of 10) s with --stability 10"
finish
