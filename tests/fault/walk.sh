#!/bin/bash
# Lets the k-th allocation, open, read, write, fsync, close or rename of each command fail, for many k, and expects: the
# command succeeds with the right output, or fails with one of the documented statuses and a message; a file under its
# final name is the old one or the whole new one; no temporary file is left.
#
# Sampled k by default; every k with ZSC_CHECK_LONG set. `walk.sh NAME...` walks the named commands only; `walk.sh
# NAME KIND:K` shows one case.
set -u
lib=$ZSC_BUILDDIR/tests/fault/.libs/inject.so
[ -e "$lib" ] || { echo "skipped: the library of faults is not built here (static build or sanitizers)"; exit 77; }
grep -q __asan_init "$ZSC" && { echo "skipped: the library of faults does not go with AddressSanitizer"; exit 77; }
LC_ALL=C; export LC_ALL
long=${ZSC_CHECK_LONG:-}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMP_NUM_THREADS=1
has() { "$ZSC" help | grep -q "^  $1 "; }

# --- Inputs
"$ZSC" simulate --rows 48 --seed 3 -o in.h5 -m in.csv -q || exit 1
printf 'a,b\n1,x\n1,x\n2,y\n2,z\n3,z\n' > labels.csv
cat > sweep.yaml <<'YAML'
embeddings: [in.h5:sim_dna, in.h5:sim_image_1]
reduce: none
clusters: [species, 5]
seed: [0]
output: out
YAML
cp labels.csv vectors.csv

# --- The commands: a name, what it writes ("-": stdout alone; a folder ends in /), and how it is called
cases() {
    echo "simulate|o.h5 o.csv|simulate --rows 48 --seed 5 -t 1 -o o.h5 -m o.csv"
    echo "embed kmer|o.h5|embed kmer -m in.csv -k 2,3 -t 1 -o o.h5"
    echo "info|-|info in.h5"
    echo "score|-|score labels.csv:a labels.csv:b --format json"
    echo "score h5|-|score in.h5:/labels/species in.h5:/labels/genus"
    echo "knn|o.h5|knn -e in.h5:sim_dna --neighbors 5 -t 1 -o o.h5"
    echo "umap|o.h5|umap -e in.h5:sim_dna --n-neighbors 5 --n-components 3 --n-epochs 5 -t 1 -o o.h5"
    echo "ward|o.h5|ward -e in.h5:sim_dna --clusters 5 -t 1 -o o.h5"
    echo "run|out/|run -e in.h5:sim_dna --reduce none -t 1 -o out"
    echo "run umap|-|run -e in.h5:sim_dna --neighbors 5 --dim 3 --epochs 5 -t 1 --format csv"
    echo "sweep|out/|sweep sweep.yaml -t 1"
    echo "import|o.h5|import in.h5 -o o.h5"
    echo "collect|o.csv|collect done -o o.csv"
    echo "curve|o.csv|curve result.h5 -o o.csv"
    echo "compare|-|compare done"
    echo "table|o.tex|table ranks done --format latex -o o.tex"
    echo "plot ranks|o.svg|plot ranks done -o o.svg"
    echo "report|o.html|report done -o o.html"
}

failures=0 tried=0 failed_well=0 unharmed=0
wrong() { echo "WRONG: zsc $args with ZSC_FAULT=$fault: $1" >&2; [ -s err ] && sed 's/^/    /' err | tail -3 >&2; failures=$((failures + 1)); }

# What is compared of an output: results hold times, so their contents stand for them; other files their bytes.
digest() {
    case $1 in
    */) for f in "$1"*.h5; do [ -e "$f" ] && { "$ZSC_BUILDDIR/tests/fault/whole" "$f" || echo "$f is not whole"; }; done ;;
    *) [ -e "$1" ] && cksum < "$1" ;;
    esac
}

call() { # with the fault, if there is one
    # shellcheck disable=SC2086
    # files are read by HDF5 too
    case $fault in read*) export ZSC_FAULT_ALL=1 ;; *) unset ZSC_FAULT_ALL ;; esac
    timeout 60 env ZSC_FAULT=$fault ZSC_FAULT_COUNT=$work/counts LD_PRELOAD=$lib "$ZSC" $args > out.txt 2> err
}

clear_outputs() { rm -rf out o.*; }

try() { # fault, "old" if the outputs are there before
    fault=$1
    clear_outputs
    if [ "$2" = old ]; then for o in $outputs; do case $o in -|*/) ;; *) echo "an older file" > "$o" ;; esac; done; fi
    call; local status=$?
    tried=$((tried + 1))
    case $status in
    0)  unharmed=$((unharmed + 1))
        cmp -s out.txt "$ref/out.txt" || wrong "status 0 and another output than without the fault"
        for o in $outputs; do [ "$o" = - ] || [ "$(digest "$o")" = "$(cat "$ref/${o%/}.sum")" ] || wrong "status 0, but $o is not what it should be"; done ;;
    1|2|3|4|5)
        failed_well=$((failed_well + 1))
        tail -1 err | grep -Eq '^(zsc[a-z ]*|libgomp): *[^ ]' || wrong "status $status without a message"
        for o in $outputs; do
            case $o in
            -) ;;
            */) digest "$o" | grep 'not whole' && wrong "$o holds a result that is not whole" ;;
            *)  [ ! -e "$o" ] || [ "$(digest "$o")" = "$(cat "$ref/$o.sum")" ] || { [ "$2" = old ] && [ "$(cat "$o")" = "an older file" ]; } ||
                    wrong "$o is neither the old file nor the whole new one" ;;
            esac
        done ;;
    124) wrong "it does not end" ;;
    *) wrong "status $status" ;;
    esac
    left=$(find . -name '*.tmp-*' | head -1)
    [ -z "$left" ] || { wrong "$left is left behind"; find . -name '*.tmp-*' -delete; }
}

sample() { # how many calls, how many to try: numbers from 1 to $1
    if [ -n "$long" ] || [ "$1" -le "$2" ]; then seq 1 "$1"; return; fi
    for i in $(seq 0 $(($2 - 1))); do echo $((1 + i * ($1 - 1) / ($2 - 1))); done
}

walk() { # name|outputs|arguments
    name=${1%%|*} args=${1##*|} outputs=${1#*|}; outputs=${outputs%|*}
    ref=$work/ref; rm -rf "$ref"; mkdir "$ref"
    fault=none; clear_outputs; call || { wrong "fails without a fault"; return; }
    cp out.txt counts "$ref/"
    fault=read; call; grep '^read' counts > more; grep -v '^read' "$ref/counts" >> more; mv more "$ref/counts"
    for o in $outputs; do [ "$o" = - ] || digest "$o" > "$ref/${o%/}.sum"; done
    while read -r kind n; do
        case $kind in alloc) few=10 ;; open|fsync|rename|mkdir|truncate) few=4 ;; *) few=3 ;; esac
        for k in $(sample "$n" $few); do
            if [ $((k % 2)) = 0 ]; then before=old; else before=new; fi
            try "$kind:$k" $before
            case $kind in alloc|write-enospc) [ -n "$long" ] || [ $((k % 3)) = 0 ] && try "$kind:$k+" $before ;; esac
        done
    done < "$ref/counts"
}

# A folder of results for the commands that read them.
if has run; then
    "$ZSC" run -e in.h5:sim_dna --reduce none --curve -o done -q > /dev/null || exit 1
    "$ZSC" run -e in.h5:sim_image_1 --reduce none --curve -o done -q > /dev/null || exit 1
    for f in done/*.h5; do cp "$f" result.h5; done
fi
if [ $# = 2 ] && [ "${2#*:}" != "$2" ]; then # one case, seen
    cases | grep "^$1|" | while IFS='|' read -r _ _ args; do
        # shellcheck disable=SC2086
        ZSC_FAULT=$2 ZSC_FAULT_TRACE=1 LD_PRELOAD=$lib "$ZSC" $args
        echo "status $?"
    done
    exit
fi
cases > list
while IFS= read -r line <&3; do
    word=${line%%|*}
    if [ $# -gt 0 ]; then case " $* " in *" $word "*) ;; *) continue ;; esac; fi
    command=${line##*|}
    case $command in embed*|plot*) ;; *) command=${command%% *} ;; esac
    case $command in embed*) command="embed kmer" ;; plot*) command=plot ;; esac
    has "$command" || continue
    case $line in *" done"*|*" result.h5"*) [ -d done ] || continue ;; esac
    first=$tried
    walk "$line"
    echo "$word: $((tried - first)) faults"
done 3< list
echo "$tried faults: $unharmed without effect, $failed_well reported, $failures wrong"
[ "$failures" = 0 ] && [ "$tried" -gt 0 ]
