#!/bin/sh
# zsc run: a result is made once, is the same at any number of threads, and is recognised when it is damaged.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 400 --seed 2 || exit 99
"$ZSC" embed kmer -q -m sim.csv -k 4 -o k.h5 || exit 99
scores() { "$ZSC" run -q -e k.h5:kmer4 --seed 0,1 --epochs 50 --format csv "$@"; }

scores -t 1 -o one >one.csv || fail "one thread"
for t in 2 3; do
    scores -t $t -o many$t >many$t.csv || fail "$t threads"
    cmp -s one.csv many$t.csv || fail "$t threads give other scores"
    for f in one/*.h5; do
        other=many$t/$(basename "$f")
        [ -f "$other" ] || { fail "$t threads give another key"; continue; }
        # ids, labels, clusters and linkage are covered by a checksum that is kept in the file
        a=$(rows_of "$f") b=$(rows_of "$other")
        [ -n "$a" ] && [ "$a" = "$b" ] || fail "$t threads give other labels or another linkage"
    done
done

# a run that is there is not computed again; --force does
run "$ZSC" run -e k.h5:kmer4 --seed 0,1 --epochs 50 --format csv -o one
[ "$(grep -c 'exists already' err)" -eq 2 ] || fail "runs were computed again: $(cat err)"
cmp -s out one.csv || fail "results read back differ from those computed"
run "$ZSC" run -e k.h5:kmer4 --seed 0 --epochs 50 -o one --force
grep 'exists already' err >/dev/null && fail "--force did not compute"

# the same edge updates by two commands
run "$ZSC" run -v -e k.h5:kmer4 --epochs 20 --format csv
updates=$(grep -o '[0-9.e+]* edge updates, [0-9.]* ns each' err | cut -d' ' -f1)
run "$ZSC" umap -v -e k.h5:kmer4 --n-neighbors 30 --n-components 50 --min-dist 0 --n-epochs 20 -o updates.npy
[ -n "$updates" ] && grep -q "layout: $updates edge updates" err || fail "edge updates: $updates by zsc run; $(cat err)"

# damage is noticed
f=$(ls one/*.h5 | head -n 1)
size=$(wc -c <"$f")
for part in 3 5 8; do
    cp "$f" keep.h5
    printf '\377\376\375\374' | dd of="$f" bs=1 seek=$((size * part / 10)) conv=notrunc 2>/dev/null
    cmp -s "$f" keep.h5 && continue
    run "$ZSC" run -e k.h5:kmer4 --seed 0,1 --epochs 50 --format csv -o one
    [ "$status" -eq 0 ] || fail "damage at $part/10: status $status: $(tail -n 1 err)"
    cmp -s out one.csv || fail "damage at $part/10 changed the scores"
done
head -c $((size / 2)) keep.h5 >"$f"
run "$ZSC" run -e k.h5:kmer4 --seed 0,1 --epochs 50 --format csv -o one
{ [ "$status" -eq 0 ] && cmp -s out one.csv; } || fail "a truncated result was not computed again"
grep "computed again" err >/dev/null || fail "no word on the truncated result"

# a cut at height 0 is a cut: its own key, and the clusters that zsc ward finds at that height
run "$ZSC" run -q -e k.h5:kmer4 --reduce none -o cut
run "$ZSC" run -q -e k.h5:kmer4 --reduce none --cut-height 0 --format json -o cut
[ "$(ls cut/*.h5 | wc -l)" -eq 2 ] || fail "--cut-height 0 is the same run as none"
"$ZSC" ward -e k.h5:kmer4 -o w.h5 --cut-height 0 2>ward.err
k=$(sed -n 's/\(.* \)*\([0-9,]*\) clusters at height 0.*/\2/p' ward.err)
{ [ -n "$k" ] && grep "\"clusters\": $k\b" out >/dev/null; } || fail "--cut-height 0: other clusters than zsc ward: $k"

# no epochs are not the default: its own key, and the layout is the initialisation, as after an epoch without updates
for epochs in 0 1; do run "$ZSC" run -q -e k.h5:kmer4 --epochs $epochs --keep-reduced -o epochs$epochs; done
[ "$(ls epochs0)" != "$(ls epochs1)" ] || fail "--epochs has no part in the key"
run "$ZSC" run -q -e k.h5:kmer4 -o epochs0
[ "$(ls epochs0/*.h5 | wc -l)" -eq 2 ] || fail "--epochs 0 is the same run as the default"
for option in "--barcode-max-length 0" "--memory-limit 0"; do
    # shellcheck disable=SC2086
    run "$ZSC" run -e k.h5:kmer4 $option
    [ "$status" -eq 2 ] || fail "$option: status $status"
done

# formats
run "$ZSC" run -q -e k.h5:kmer4 --reduce none --format json
[ "$status" -eq 0 ] || fail "json"
if command -v python3 >/dev/null; then
    python3 -c '
import json, sys
d = json.load(open("out"))
r = d["runs"][0]
assert set(("key", "embeddings", "encoders", "rows", "dim", "clusters", "seed", "seconds", "peak_rss_bytes", "scores")) <= set(r), r.keys()
assert r["rows"] == 400 and r["dim"] == 256 and r["encoders"] == ["kmer4"]
for s in r["scores"]:
    assert set(("rank", "rows", "classes", "clusters", "ami", "nmi", "ari", "fmi", "homogeneity", "completeness", "v_measure")) <= set(s)
    assert s["ami"] is None or -1 <= s["ami"] <= 1
' || fail "json is not what DESIGN says"
fi

# --internal is shown where it was asked for, and nowhere else; --verbose says when
"$ZSC" simulate -q --rows 80 --seed 1 -o s80.h5 || fail "simulate"
run "$ZSC" run -v -e s80.h5:sim_dna --reduce none --internal -o inside
grep -q 'silhouette (-1 to 1)  Davies-Bouldin  Calinski-Harabasz' out || fail "--internal is not shown: $(cat out)"
shown=$(awk '$1 == "clusters" { print $2 }' out)
kept=$("$ZSC" collect inside --where rank=species | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { printf "%.3f", $c["silhouette"] }')
[ -n "$shown" ] && [ "$shown" = "$kept" ] || fail "silhouette: '$shown' and '$kept'"
[ "$(grep -c '^[a-z_]*  *[-0-9.]*  *[0-9.]*  *[0-9.]*$' out)" -ge 5 ] || fail "internal scores by rank: $(cat out)"
grep -Eq '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2} zsc run: ward: ' err || fail "no times: $(cat err)"
"$ZSC" report inside --no-figures -o inside.html >/dev/null && grep -q 'Davies-Bouldin</th>' inside.html || fail "the report lacks internal scores"
run "$ZSC" run -e s80.h5:sim_dna --reduce none
grep -q 'silhouette' out && fail "internal scores that nobody asked for"
grep '^20..-' err | grep -v ' s wall, ' | grep -q . && fail "times that nobody asked for: $(cat err)"
finish
