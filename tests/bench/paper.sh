#!/bin/bash
# `zsc paper` at the paper's size on a stand-in of the whole release: 5,150,850 rows of metadata, 17 encoders of about 47,260 rows, probes of five
# DNA encoders, retrieval of about 373,000 x 768 in three pairs. Tables what each item and each step took.
#   paper.sh OUT.md [FOLDER]      ZSC=./zsc THREADS=2 SCALE=1 ONLY= SKIP= MODELS=1 LINEAR=
# FOLDER (15 GB at scale 1, and 2 GB of results; kept where it is named) is made once: 4 minutes of processor time. A second call resumes where
# the first ended. ONLY and SKIP are options of zsc paper; MODELS=2 also searches CLIBD's baseline; LINEAR is what the configuration has under
# `linear`, such as '{stopping-split: val}' (without it the probes of Table 4 take the paper's 200 epochs: hours).
set -u
out=$(realpath -m "$1") folder=${2-} zsc=$(realpath "${ZSC:-./zsc}") threads=${THREADS:-2} scale=${SCALE:-1}
python=/usr/bin/python3
[ -x $python ] || python=python3
LC_ALL=C; export LC_ALL
if [ -z "$folder" ]; then folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; fi
mkdir -p "$folder" && cd "$folder" || exit 1
load=$(cut -d' ' -f1 /proc/loadavg)
[ -f release/paper.yaml ] || "$zsc" simulate --release release --scale "$scale" -t "$threads" || exit 1
{
    if [ "${MODELS:-1}" = 1 ]; then
        awk '/^  - label/ || /^[a-z#]/ { drop = /No alignment/ } !drop' release/paper.yaml
    else
        cat release/paper.yaml
    fi
    [ -z "${LINEAR-}" ] || echo "linear: $LINEAR"
} >release/bench.yaml
"$zsc" paper release/bench.yaml -o made -t "$threads" ${ONLY:+--only "$ONLY"} ${SKIP:+--skip "$SKIP"} 2>log
status=$?
grep -v 'steps [0-9]*%' log | tail -n 3 >&2
{
    echo "Made by \`tests/bench/paper.sh\` on $(date -u +%Y-%m-%d): $threads threads, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1),"
    echo "load $load when begun. $("$zsc" version | head -n 1). Scale $scale.${ONLY:+ Only $ONLY.}${SKIP:+ Without $SKIP.}${LINEAR:+ Linear probes: $LINEAR.} Exit status $status."
    "$python" - made/paper.json <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
steps = {}
print('\n| item | state | wall (s) | processor (s) | peak memory (GB) |\n|---|---|---|---|---|')
for i in d['items']:
    c = i['paper']
    print(f"| {i['kind'].capitalize()} {i['number']} | {c['state']} | {c['seconds']:.1f} | {c['cpu_seconds']:.1f} | {c['peak_rss_bytes'] / 1e9:.2f} |")
wall = cpu = peak = 0
for s in d['steps'].values():
    wall += s['seconds'] or 0
    cpu += s['cpu_seconds'] or 0
    peak = max(peak, s['peak_rss_bytes'])
print(f'| all steps, each once | | {wall:.1f} | {cpu:.1f} | {peak / 1e9:.2f} |')
print('\n| step | wall (s) | processor (s) | peak memory (GB) |\n|---|---|---|---|')
for name, s in sorted(d['steps'].items(), key=lambda x: -(x[1]['seconds'] or 0))[:20]:
    print(f"| {name} | {s['seconds'] or 0:.1f} | {s['cpu_seconds'] or 0:.1f} | {s['peak_rss_bytes'] / 1e9:.2f} |")
PY
    echo
    tail -n 1 log
} >"$out"
cat "$out"
exit $status
