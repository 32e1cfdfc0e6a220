#!/bin/sh
# A sweep of 48 runs killed with SIGKILL at twenty random moments ends with exactly the results of an undisturbed one.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 250 --seed 4 || exit 99
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
    scores_of stormy$i >scores
    scores_of calm | cmp -s - scores || fail "stormy$i: scores differ"
done

# a signal that can be caught ends the sweep with 130, and it says how to resume; the signal comes when the first result exists.
# No finished run is lost: started again, the sweep does not repeat finished runs, and the results are the same.
gentle() { # SIGNAL FOLDER FILE [SIGNAL]: starts the sweep and sends the signal after its first result; its status to $status
    before=$(ls "$2"/*.h5 2>/dev/null | wc -l)
    env --default-signal=INT "$ZSC" sweep -o "$2" "$3" >out 2>err & # what a shell starts with & ignores SIGINT otherwise
    pid=$!
    tries=0
    until [ "$(ls "$2"/*.h5 2>/dev/null | wc -l)" -gt "$before" ] || [ $tries -ge 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -"$1" $pid
    if [ "${4-}" ]; then sleep 0.01; kill -"$4" $pid 2>/dev/null; fi # it may have ended by then
    wait $pid
    status=$?
}
sed 's/^seed:.*/seed: 0-999/' sweep.yaml >long.yaml
for signal in TERM INT; do
    gentle $signal gentle long.yaml
    [ $status -eq 130 ] || fail "SIG$signal: status $status"
    grep "run the same command again to resume" err >/dev/null || fail "SIG$signal: $(tail -n 2 err)"
    [ "$(tail -n 1 err)" = "zsc sweep: interrupted" ] || fail "SIG$signal: $(tail -n 1 err)"
    nothing_left gentle
done
there=$(ls gentle/*.h5 | wc -l)
[ "$there" -ge 1 ] || fail "no run was finished before the signal"
# those that are there are of the first seeds of the first encoder, as they are in the calm sweep
mkdir some && cp gentle/*.h5 some
run "$ZSC" sweep -q -o some sweep.yaml
shared=0
for f in calm/*.h5; do if [ -f gentle/"$(basename "$f")" ]; then shared=$((shared + 1)); fi; done
[ $shared -ge 1 ] || fail "none of the finished runs is one of the calm sweep"
grep "48 runs: $((48 - shared)) computed, $shared there already, 0 failed" out >/dev/null || fail "after the signal: $(cat out), $shared were there"
for f in calm/*.h5; do
    [ "$(rows_of "$f")" = "$(rows_of some/"$(basename "$f")")" ] || fail "after the signal: $(basename "$f") differs"
done
# a second signal ends it at once, whatever it is doing; that loses no finished run either
gentle TERM twice long.yaml INT
case $status in 130) ;; *) fail "two signals: status $status" ;; esac
for f in twice/*.h5; do "$ZSC" collect "$f" >/dev/null || fail "two signals: $f is damaged"; done
finish
