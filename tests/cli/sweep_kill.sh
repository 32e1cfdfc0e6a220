#!/bin/sh
# A sweep of 48 runs killed with SIGKILL at twenty random moments ends with exactly the results of an undisturbed one.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata sim.csv --rows 250 --seed 4 || exit 99
"$ZSC" embed kmer -q -m sim.csv -k 2,3 -o k.h5 || exit 99
cat >sweep.yaml <<EOF
embeddings: ["k.h5:*"]
seed: 0-11
epochs: 40
clusters: [species, genus]
EOF
start=$(date +%s%N)
"$ZSC" sweep -q -o calm sweep.yaml >/dev/null || fail "undisturbed"
whole=$((($(date +%s%N) - start) / 1000000))
kills=0 tries=0
seed=${ZSC_TEST_SEED:-$$}
echo "seed $seed (ZSC_TEST_SEED), undisturbed sweep: $whole ms"
# every round goes on from what the round before left; when the sweep is through, it starts over in a new folder
folder=0
while [ $kills -lt 20 ] && [ $tries -lt 200 ]; do
    tries=$((tries + 1))
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    pause=$((seed / 65536 % (whole / 3 + 1)))
    "$ZSC" sweep -q -o stormy$folder sweep.yaml >/dev/null 2>&1 &
    pid=$!
    sleep "$(awk -v p=$pause 'BEGIN { printf "%.3f", p / 1000 }')"
    if kill -KILL $pid 2>/dev/null; then kills=$((kills + 1)); fi
    wait $pid 2>/dev/null
    [ "$(ls stormy$folder/*.h5 2>/dev/null | wc -l)" -ge 48 ] && folder=$((folder + 1))
done
[ $kills -eq 20 ] || fail "only $kills kills"
for i in $(seq 0 $folder); do
    "$ZSC" sweep -q -o stormy$i sweep.yaml >/dev/null || fail "the sweep did not go on"
    [ "$(ls stormy$i/*.h5 | wc -l)" -eq 48 ] || fail "stormy$i: $(ls stormy$i/*.h5 | wc -l) results"
    for f in calm/*.h5; do
        [ "$(rows_of "$f")" = "$(rows_of stormy$i/"$(basename "$f")")" ] || fail "stormy$i: $(basename "$f") differs"
    done
done

# a signal that can be caught ends the sweep with 130, and it says how to go on; it comes when the first result is there
sed 's/^seed:.*/seed: 0-999/' sweep.yaml >long.yaml
"$ZSC" sweep -o gentle long.yaml >out 2>err &
pid=$!
tries=0
until ls gentle/*.h5 >/dev/null 2>&1 || [ $tries -ge 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -TERM $pid
wait $pid
status=$?
if [ $status -ne 130 ]; then fail "SIGTERM: status $status"; fi
grep "goes on where this one stopped" err >/dev/null || fail "SIGTERM: $(tail -n 2 err)"
nothing_left gentle
finish
