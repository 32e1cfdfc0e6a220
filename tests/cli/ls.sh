#!/bin/sh
# zsc ls, zsc rm, zsc info: what is in a folder of results, and keeping it in order.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 80 --seed 1 -o s.h5 || fail "simulate"
printf 'embeddings: [s.h5:sim_dna, s.h5:sim_image_1]\nneighbors: [5, 9]\nmin-dist: [0, 0.25]\nepochs: 5\ndim: 3\nseed: [0, 1]\noutput: r\n' >s.yaml
"$ZSC" sweep -q s.yaml >out 2>err || fail "sweep: $(cat err)"
count() { "$ZSC" ls r --format csv "$@" | sed 1d | wc -l; }
[ "$(count)" -eq 16 ] || fail "ls lists $(count) results"
for choice in "8 --where neighbors=5" "8 --where min-dist=.25" "16 --where min_dist=0|0.250" "8 --where n_neighbors=9" "8 --where random_state=0" "8 --where encoders=sim_dna" "8 --where seed=1" "4 --where neighbors=9 --where seed=0" \
    "16 --where scale=none" "16 --where rows=80" "0 --where epochs=6"; do
    # shellcheck disable=SC2086
    [ "$(count ${choice#* })" -eq "${choice%% *}" ] || fail "ls ${choice#* }: $(count ${choice#* })"
done
expect 2 "expects NAME=VALUE" "$ZSC" ls r --where tribe=x
run "$ZSC" ls r --where neighbors=5 --where seed=1 --where encoders=sim_dna --where min-dist=0.25
grep -q '  dim 3, neighbors 5, min-dist 0.25, epochs 5  ' out || fail "settings: $(cat out)"
one=$("$ZSC" ls r --format csv | sed -n 2p)
key=${one%%,*}
ami=$("$ZSC" collect "r/$key.h5" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["rank"] == "species" { print $c["ami"] }')
echo "$one" | grep -q ",species,$ami," || fail "AMI: $one, not $ami"
"$ZSC" ls r --format json | grep -q '"command"' || fail "JSON without provenance"
run "$ZSC" info "r/$key.h5"
grep -q '^command: zsc sweep -q s.yaml\|^command: .*zsc sweep -q s.yaml' out && grep -q "neighbors" out && grep -q '^embeddings: s.h5:sim_' out || fail "info of a result: $(head -n 12 out)"
"$ZSC" ls r >listed && "$ZSC" info r | cmp - listed || fail "info of a folder"

# rm: what --where chooses, or files; nothing else; the sweep computes it again
expect 2 "say by --where which of its results go" "$ZSC" rm r
expect 3 "no result is of this kind" "$ZSC" rm r --where seed=7
"$ZSC" ls r --format csv >before
run "$ZSC" rm r --where neighbors=5 --where seed=0 --dry-run
[ "$status $(wc -l <out)" = "0 4" ] && "$ZSC" ls r --format csv | cmp - before || fail "--dry-run: $(cat out err)"
mv out wanted
entries=$(find r/.index -type f | wc -l)
run "$ZSC" rm r --where neighbors=5 --where seed=0
[ "$status" -eq 0 ] && cmp out wanted || fail "rm: $(cat out err)"
[ "$(count) $(find r/.index -type f | wc -l)" = "12 $((entries - 4))" ] || fail "after rm: $(count) results, $(find r/.index -type f | wc -l) entries of $entries"
one=r/$(basename "$("$ZSC" ls r --format csv | sed -n 2p | cut -d, -f1)").h5
run "$ZSC" rm "$one" "$one"
[ "$status" -eq 0 ] && [ "$(wc -l <out)" -eq 1 ] && grep -q '1 result removed' err || fail "rm of a file, named twice: $(cat out err)"
[ "$(count)" -eq 11 ] || fail "a file: $(count)"
run "$ZSC" sweep s.yaml
grep -q '5 computed' out || fail "sweep after rm: $(cat out err)"
[ "$(count)" -eq 16 ] && "$ZSC" ls r --format csv | cut -d, -f1-8 >again && cut -d, -f1-8 before | cmp - again || fail "after the sweep"
expect 3 "not a result" "$ZSC" rm s.h5
[ -f s.h5 ] || fail "rm removed embeddings"

# a run that another process holds stays
if command -v flock >/dev/null; then
    held=$("$ZSC" ls r --format csv | sed -n 3p | cut -d, -f1)
    mkdir -p r/.claims
    flock "r/.claims/$held" sh -c "'$ZSC' rm r/$held.h5" >out 2>err
    [ -f "r/$held.h5" ] && grep -q "stays: another process" err || fail "a claimed run: $(cat out err)"
fi
# a file that is named twice, by a folder or a link, is one result
mkdir twice && cp "$("$ZSC" ls r --format json | python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["path"])')" twice/one.h5 && ln -s one.h5 twice/link.h5
[ "$("$ZSC" ls twice twice/ twice/one.h5 --format csv | wc -l)" -eq 2 ] || fail "a result that is named twice: $("$ZSC" ls twice twice)"
[ "$("$ZSC" rm --dry-run twice twice/one.h5 --where 'rows>0' 2>/dev/null | wc -l)" -eq 1 ] || fail "rm of a result that is named twice"
# a full or closed standard output is named
if [ -w /dev/full ]; then
    for command in "ls r" "collect r" "collect r --format json" "table ranks r" "info r"; do
        # shellcheck disable=SC2086
        "$ZSC" $command >/dev/full 2>err
        [ $? -eq 3 ] && grep -q 'standard output: No space left on device$' err || fail "$command > /dev/full: $(cat err)"
    done
fi
"$ZSC" collect r >&- 2>err
[ $? -eq 3 ] && grep -q 'standard output: Bad file descriptor$' err || fail "collect >&-: $(cat err)"
# --- an HDF5 file in the folder that is no result: left out, by name, and not removed
cp s.h5 r/foreign.h5
for command in 'ls r' 'collect r' 'table ranks r' 'compare r --resamples 20' 'rm r --where seed=77'; do
    # shellcheck disable=SC2086
    run "$ZSC" $command
    grep -q "warning: 'r/foreign.h5' is not a result of zsc and is left out" err || fail "$command beside a foreign file: $(cat err)"
    [ "$status" -eq 0 ] || [ "${command%% *}" = rm ] || fail "$command beside a foreign file: status $status"
done
[ -f r/foreign.h5 ] || fail "rm removed a foreign file"
expect 3 "not a result" "$ZSC" ls r/foreign.h5
mkdir foreign && cp s.h5 foreign
run "$ZSC" collect foreign
[ "$status" -eq 3 ] || fail "a folder of foreign files alone: status $status"
"$ZSC" report r -o r.html >/dev/null 2>err || fail "report: $(cat err)"
[ "$(grep -c "is not a result of zsc and is left out" err)" -eq 1 ] || fail "report names a foreign file several times: $(cat err)"
finish
