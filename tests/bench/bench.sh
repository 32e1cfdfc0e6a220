#!/bin/bash
# Seconds of each stage and of the whole run at several sizes, beside the Python stack where its packages are installed.
#   bench.sh OUT.md [ROWS...]      PYTHON=/usr/bin/python3 THREADS=1
# The stages' seconds are those that `zsc run --format json` reports. The page is made of what was measured, nothing else.
set -u
out=$1; shift
[ $# -gt 0 ] || set -- 1000 2000 5000 10000
python=${PYTHON:-python3} threads=${THREADS:-1}
LC_ALL=C OMP_NUM_THREADS=$threads; export LC_ALL OMP_NUM_THREADS
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
stage() { # of run.json: seconds of the stages named, summed
    tr ',{}' '\n\n\n' < "$work/run.json" | awk -F: -v names="$*" '
        BEGIN { n = split(names, a, " "); for (i = 1; i <= n; i++) want[a[i]] = 1 }
        { gsub(/[" ]/, "", $1) } $1 in want { s += $2; seen = 1 } END { if (seen) printf "%.3f", s; else printf "-" }'
}
python_seconds() { sed -n "s/.*\"stage\": \"$1\".*\"seconds\": \([0-9.e-]*\).*/\1/p" "$work/python.jsonl" | head -1; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (a + 0 > 0 && b + 0 > 0) printf "%.1f", a / b; else printf "-" }'; }
row() { printf '| %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$(awk -v p="${4:--}" 'BEGIN { if (p + 0 > 0) printf "%.3f", p; else printf "-" }')" "$(ratio "${4:--}" "$3")"; }
{
    echo "Made by \`make bench\` on $(date -u +%Y-%m-%d), $threads thread(s), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1),"
    echo "load $(cut -d' ' -f1 /proc/loadavg) when begun. $("$ZSC" version | head -1)."
    "$python" -c '
import importlib.metadata as m
names = ["umap-learn", "scikit-learn", "numpy", "scipy", "numba", "fastcluster"]
have = []
for n in names:
    try: have.append(n + " " + m.version(n))
    except m.PackageNotFoundError: pass
print("Python stack: " + ", ".join(have) + ".")' 2> /dev/null || echo "No Python stack."
    echo
    echo "| rows | stage | zsc (s) | Python (s) | Python / zsc |"
    echo "|---|---|---|---|---|"
    for rows in "$@"; do
        "$ZSC" simulate --rows "$rows" --seed 1 -q -o "$work/in.h5" || exit 1
        "$ZSC" run -e "$work/in.h5:sim_dna" -t "$threads" --format json -q > "$work/run.json" || exit 1
        clusters=$(tr ',' '\n' < "$work/run.json" | sed -n 's/.*"clusters": *\([0-9]*\).*/\1/p' | head -1)
        "$python" "$here/python.py" "$work/in.h5" sim_dna "${clusters:-10}" > "$work/python.jsonl" 2> /dev/null
        u=$(stage knn graph start layout) w=$(stage ward) s=$(stage score cut)
        pu=$(python_seconds umap) pw=$(python_seconds ward) ps=$(python_seconds score)
        row "$rows" "UMAP to 50-d" "$u" "$pu"
        row "$rows" "Ward" "$w" "$pw"
        [ -n "$(python_seconds 'ward (fastcluster)')" ] && row "$rows" "Ward, against fastcluster" "$w" "$(python_seconds 'ward (fastcluster)')"
        row "$rows" "scores at all ranks" "$s" "$ps"
        row "$rows" "whole" "$(awk -v a="$u" -v b="$w" -v c="$s" 'BEGIN { printf "%.3f", a + b + c }')" \
            "$(awk -v a="$pu" -v b="$pw" -v c="$ps" 'BEGIN { if (a && b && c) printf "%.3f", a + b + c; else print "-" }')"
    done
} > "$work/page" && cp "$work/page" "$out" && cat "$out"
