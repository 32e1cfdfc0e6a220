#!/bin/bash
# Kills commands with SIGKILL, at calls of the system chosen one by one (write, fsync, close, rename, open) and at random
# times, and expects: what was there before is there unchanged; whatever carries a final name is whole; the command, given
# again, ends as if it had never been killed; readers do not mind the temporary files that a kill leaves behind.
#
# Sampled by default; every call, and more random times, with ZSC_CHECK_LONG set.
set -u
lib=$ZSC_BUILDDIR/tests/fault/.libs/inject.so
[ -e "$lib" ] || { echo "skipped: the library of faults is not built here (static build or sanitizers)"; exit 77; }
grep -q __asan_init "$ZSC" && { echo "skipped: the library of faults does not go with AddressSanitizer"; exit 77; }
LC_ALL=C; export LC_ALL OMP_NUM_THREADS=1
long=${ZSC_CHECK_LONG:-}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
has() { "$ZSC" help | grep -q "^  $1 "; }

"$ZSC" simulate --rows 48 --seed 3 -o in.h5 --metadata-output in.csv -q || exit 1
cat > sweep.yaml <<'YAML'
embeddings: [in.h5:sim_dna, in.h5:sim_image_1]
reduce: none
clusters: [species, 5]
output: out
YAML
cases() {
    echo "embed kmer|o.h5|embed kmer -m in.csv -k 2,3 -t 1 -q --force -o o.h5"
    echo "import|o.h5|import in.h5 --overwrite -q --force -o o.h5"
    echo "run|out/|run -e in.h5:sim_dna --reduce none -t 1 -q -o out"
    echo "sweep|out/|sweep sweep.yaml -t 1 -q"
    echo "collect|o.csv|collect done -q --force -o o.csv"
}
if has run; then
    "$ZSC" run -e in.h5:sim_image_2 --reduce none -o done -q > /dev/null || exit 1
fi

failures=0 tried=0 cut=0
wrong() { echo "WRONG: zsc $args, killed at $fault: $1" >&2; failures=$((failures + 1)); }
digest() { # of everything under final names
    case $1 in
    */) for f in "$1"*.h5; do [ -e "$f" ] && { "$ZSC_BUILDDIR/tests/fault/whole" "$f" || echo "$f is not whole"; }; done | sort ;;
    *) cksum < "$1" ;;
    esac
}
prepare() { # something older is there
    rm -rf out o.*
    case $output in
    */) mkdir out; cp done/*.h5 out/; for f in out/*.h5; do old=$f; done; sum=$(cksum < "$old") ;;
    *) echo older > "$output"; old=$output; sum=$(cksum < "$old") ;;
    esac
}
# shellcheck disable=SC2086
again() { "$ZSC" $args > again.txt 2> err; }

check() {
    tried=$((tried + 1))
    find . -name '*.tmp-*' | grep -q . && cut=$((cut + 1))
    case $output in
    */) [ "$(cksum < "$old")" = "$sum" ] || wrong "an older result has changed"
        digest "$output" | grep 'not whole' && wrong "a result that is not whole has a final name"
        if has collect; then "$ZSC" collect out > /dev/null 2> err || wrong "the folder cannot be read: $(cat err)"; fi ;;
    *) [ "$(cksum < "$old")" = "$sum" ] || [ "$(digest "$output")" = "$want" ] || wrong "$output is neither the old file nor the whole new one" ;;
    esac
    again || wrong "given again, it fails: $(tail -1 err)"
    [ "$(digest "$output")" = "$want" ] || wrong "given again, it ends otherwise"
    find . -name '*.tmp-*' -delete
}

sample() {
    if [ -n "$long" ] || [ "$1" -le "$2" ]; then seq 1 "$1"; return; fi
    for i in $(seq 0 $(($2 - 1))); do echo $((1 + i * ($1 - 1) / ($2 - 1))); done
}

cases > list
while IFS='|' read -r name output args <&3; do
    has "$name" || continue
    case $args in *done*) [ -d done ] || continue ;; esac
    case $output in */) [ -d done ] || continue ;; esac
    fault=none; prepare; again || { wrong "fails without a kill: $(cat err)"; continue; }
    want=$(digest "$output")
    prepare
    # shellcheck disable=SC2086
    env ZSC_FAULT_COUNT="$work/counts" LD_PRELOAD="$lib" "$ZSC" $args > /dev/null 2> err
    grep -E '^(open|write-eio|fsync|close|rename) ' counts > kinds
    while read -r kind n <&4; do
        case $kind in write-eio) few=5 ;; *) few=3 ;; esac
        for k in $(sample "$n" $few); do
            fault=$kind:$k; prepare
            # shellcheck disable=SC2086
            { env ZSC_FAULT_KILL=1 ZSC_FAULT=$fault LD_PRELOAD="$lib" "$ZSC" $args > /dev/null 2>&1; } 2> /dev/null
            [ $? = 137 ] || wrong "it was not killed"
            check
        done
    done 4< kinds
    for i in $(seq 1 $([ -n "$long" ] && echo 40 || echo 4)); do # at random times
        fault="time $i"; prepare
        # shellcheck disable=SC2086
        "$ZSC" $args > /dev/null 2>&1 & pid=$!
        sleep "0.0$((RANDOM % 90 + 10))"
        kill -9 $pid 2> /dev/null
        { wait $pid; } 2> /dev/null
        check
    done
    echo "$name: done"
done 3< list
echo "$tried kills, $cut of which left a temporary file: $failures wrong"
[ "$failures" = 0 ] && [ "$tried" -gt 0 ]
