#!/bin/bash
# growth.sh ZSC FOLDER ROWS...: the whole of `zsc run` on simulated DNA embeddings of 128 columns, for each number of rows:
# seconds by stage, nanoseconds per edge update and peak memory, as a table, and below it the exponents from each size to
# the next (log of the ratio of times by that of rows). FOLDER keeps the data.
set -eu
zsc=${1:?"usage: growth.sh ZSC FOLDER ROWS..."} folder=${2:?}; shift 2
LC_ALL=C; export LC_ALL
mkdir -p "$folder"
cd "$folder"
echo '| rows | reading | neighbours | graph | initialisation | layout | Ward | scores | whole (s) | peak memory (GB) | ns per edge update | species AMI |'
echo '|---|---|---|---|---|---|---|---|---|---|---|---|'
for rows in "$@"; do
    [ -e "$rows.h5" ] || "$zsc" simulate -q --rows "$rows" --image-encoders 0 --dna-encoders 1 --seed 0 -o "$rows.h5"
    "$zsc" run -e "$rows.h5:sim_dna" -v --log-file "$rows.log" > "$rows.txt" 2> /dev/null ||
        { tail -n 1 "$rows.log" >&2; exit 1; }
    awk -v rows="$rows" '
        FNR == NR && $1 == "species" { ami = $5 }
        FNR == NR { next }
        { for (i = 1; i <= NF; i++) {
              if ($i ~ /^(load|knn|graph|start|layout|ward|score):$/ && $(i + 2) == "s") { sub(":", "", $i); took[$i] = $(i + 1) }
              if ($i == "ns" && $(i + 1) == "each") ns = $(i - 1)
              if ($i == "wall,") whole = $(i - 2)
              if ($i == "peak" && $(i + 1) == "memory") { peak = $(i - 2); if ($(i - 1) == "MB") peak /= 1000 } } }
        END { printf("| %d | %s | %s | %s | %s | %s | %s | %s | %s | %.2f | %s | %s |\n", rows, took["load"], took["knn"], took["graph"],
              took["start"], took["layout"], took["ward"], took["score"], whole, peak, ns, ami) }' "$rows.txt" "$rows.log"
done | tee growth.md
awk -F ' *[|] *' 'NR > 1 { line = "exponents, " rows " to " $2 " rows:"
    for (i = 4; i <= 10; i++) line = line (last[i] > 0.05 && $i > 0.05 ? sprintf(" %.2f", log($i / last[i]) / log($2 / rows)) : " -")
    print line }
    { rows = $2; for (i = 1; i <= NF; i++) last[i] = $i }' growth.md
