#!/bin/sh
# Memory as --verbose says it, against the peak of the process, on commands and shapes; --memory-limit between what is needed and what rows of
# that shape may need at most; the peak is the program's, whoever started it.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
case $(file -L "$ZSC" "$ZSC_BUILDDIR/zsc" 2>/dev/null; nm -D "$ZSC" 2>/dev/null) in *__asan_*|*__tsan_*) skip "a sanitizer's memory counts" ;; esac
[ -r /proc/self/status ] || skip "no /proc/self/status"

# --- What is said with the program is at least the peak, and at most 1.3 times the peak.
"$ZSC" simulate -q -o small.h5 --metadata-output small.csv -n 300 --seed 1 || fail "simulate"
"$ZSC" simulate -q -o large.h5 --metadata-output large.csv -n 3000 --seed 1 || fail "simulate"
bytes() { awk '{ print $1 * ($2 == "GB" ? 1e9 : $2 == "MB" ? 1e6 : $2 == "kB" ? 1e3 : 1) }'; }
within() {
    label=$1
    shift
    run "$ZSC" "$@" -v -t 2
    [ "$status" -eq 0 ] || fail "$label: $(tail -n 1 err)"
    line=$(grep 'memory: about ' err) || { fail "$label says no memory"; return; }
    said=$(echo "$line" | sed 's/.*program, \(.*\) with it.*/\1/' | bytes)
    peak=$(echo "$line" | sed 's/.*; peak //' | bytes)
    awk -v said="$said" -v peak="$peak" 'BEGIN { exit !(peak > 1e6 && said >= peak * .995 && said <= 1.3 * peak) }' || fail "$label: $line"
}
for size in small large; do
    e=$size.h5:sim_dna
    for reduce in none pca umap; do within "run $reduce $size" run --reduce $reduce -e $e -m $size.csv -o results; done
    within "ward $size" ward -e $e -o ward.h5 --force
    within "umap $size" umap -e $e -o umap.h5 --force
    within "knn $size" knn -e $e -o knn.h5 --force
    within "knn --queries $size" knn -e $e --queries $e -o knnq.h5 --force
    within "retrieve $size" retrieve -e $e --known-queries others -o retrieval.json --force
done

# --- 1500 rows of which 60 are distinct: average linkage of 1500 rows may need 9 MB, and these need less than 1 MB.
awk 'BEGIN { print "id,a,b,c"; for (i = 0; i < 1500; i++) printf "P%d,%d,%d,%d\n", i, i % 60, i % 60 * (i % 60), i % 60 % 7 }' >repeated.csv
set -- ward -e repeated.csv --linkage average -o linkage.h5 --force
run "$ZSC" "$@" -v
most=$(sed -n 's/.*linkage needs at most //p' err | bytes)
need=$(sed -n 's/.*memory: about \(.*\) needed beside.*/\1/p' err | bytes)
awk -v most="$most" -v need="$need" 'BEGIN { exit !(need > 1e5 && need * 2 < most) }' || fail "needs $need, at most $most: the case shows nothing"
run "$ZSC" "$@" --memory-limit "$(awk -v a="$need" -v b="$most" 'BEGIN { printf "%d", (a + b) / 2 }')"
[ "$status" -eq 0 ] || fail "a limit above what is needed: $(cat err)"
expect 2 'of memory beside the program, counting what it already holds, more than the limit of' "$ZSC" "$@" \
    --memory-limit "$(awk -v a="$need" 'BEGIN { printf "%d", a / 2 }')"
run "$ZSC" "$@" --memory-limit "$(awk -v b="$most" 'BEGIN { printf "%d", b * 1.01 }')"
[ "$status" -eq 0 ] || fail "a limit of what is needed at most: $(cat err)"

# --- Started by a process of 200 MB (system() is vfork and exec), the program has the peak that it has alone.
awk -v command="$ZSC run --reduce none --clusters 5 -e small.h5:sim_dna -o started 2>err" 'BEGIN {
    s = "0123456789"
    while (length(s) < 2e8) s = s s
    exit system(command)
}' >/dev/null || fail "started by awk: $(cat err)"
peak=$(sed -n 's/.* CPU, \(.*\) peak memory/\1/p' err | bytes)
awk -v peak="$peak" 'BEGIN { exit !(peak > 1e6 && peak < 1e8) }' || fail "peak of a small run that a large process starts: $peak"
finish
