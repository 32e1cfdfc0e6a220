#!/bin/bash
# Fuzzing in turns: each target for some seconds, then the next, round after round, one process at a time. What is found
# is kept in FOLDER (corpus/TARGET; crashes/TARGET-...; log: one line a turn), so that it may be stopped and started again.
#   hours.sh BUILDDIR FOLDER SECONDS [TARGET...]     SECONDS of processor time in all; BUILDDIR was configured with --enable-fuzzing
#   hours.sh --table FOLDER                          the sums of the log: executions, edges, crashes, processor time by target
# ZSC_FUZZ_TURN: seconds of a turn (120). ZSC_FUZZ_NICE: how much the program gives way to others (19).
set -u

table() { # FOLDER
    awk '{ runs[$2] += $3; if ($4 > edges[$2]) edges[$2] = $4; crashes[$2] += $6; seconds[$2] += $7; r += $3; c += $6; s += $7 }
        END { print "target executions edges crashes seconds"; fflush()
              for (t in runs) printf "%s %d %d %d %d\n", t, runs[t], edges[t], crashes[t], seconds[t] | "sort"
              close("sort"); printf "all %d - %d %d\n", r, c, s }' "$1/log"
}

# HDF5's own library leaks and falls over on damaged files: its faults are counted and passed over (doc/reliability.md).
options() { case $1 in h5) echo "-fork=1 -ignore_crashes=1 -ignore_ooms=1 -ignore_timeouts=1 -detect_leaks=0" ;; esac; }
leaks() { case $1 in h5) echo detect_leaks=0 ;; *) echo detect_leaks=1 ;; esac; }

turn() { # TARGET: sets `used`, seconds of processor time
    local t=$1 before crashes
    mkdir -p "$folder/corpus/$t"
    before=$(find "$folder/crashes" -name "$t-*" | wc -l)
    # shellcheck disable=SC2046
    { time ASAN_OPTIONS=$(leaks "$t") nice -n "${ZSC_FUZZ_NICE:-19}" "$build/tests/fuzz/fuzz_$t" -max_total_time="${ZSC_FUZZ_TURN:-120}" -timeout=60 -report_slow_units=1000 -rss_limit_mb=3000 -print_final_stats=1 \
        $(options "$t") -artifact_prefix="$folder/crashes/$t-" "$folder/corpus/$t" "$source/corpus/$t" > "$folder/$t.out" 2>&1; } 2> "$folder/time"
    used=$(tail -1 "$folder/time" | awk '{ printf "%d", $1 + $2 + 0.5 }')
    crashes=$(($(find "$folder/crashes" -name "$t-*" | wc -l) - before))
    awk -v t="$t" -v c="$crashes" -v used="$used" -v day="$(date +%FT%T)" '
        /^#[0-9]+/ { n = substr($1, 2) + 0; for (i = 2; i < NF; i++) { if ($i == "cov:") edges = $(i + 1); if ($i == "corp:") corpus = $(i + 1) } }
        /^stat::number_of_executed_units:/ { n = $2 }
        END { print day, t, n + 0, edges + 0, corpus == "" ? "-" : corpus, c, used }' "$folder/$t.out" >> "$folder/log"
}

main() {
    if [ "${1-}" = --table ]; then table "$2"; return; fi
    build=$1 folder=$2 left=$3; shift 3
    source=$(cd "$(dirname "$0")" && pwd)
    local targets=${*:-csv yaml npy text h5 layout packed store vectors styles labels} t
    mkdir -p "$folder/crashes"
    TIMEFORMAT='%U %S'
    for t in $targets; do
        [ -x "$build/tests/fuzz/fuzz_$t" ] || { echo "$build/tests/fuzz/fuzz_$t is not there: configure CC=clang --enable-fuzzing"; return 1; }
    done
    while :; do
        for t in $targets; do
            turn "$t"
            left=$((left - used))
            [ "$left" -gt 0 ] || { table "$folder"; return; }
        done
    done
}
main "$@"
exit
