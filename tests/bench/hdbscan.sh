#!/bin/sh
# hdbscan.sh BUILD [THREADS [ROWS...]]: the table of growth in doc/hdbscan.md, to standard output. ROWS: 5000 20000 50000
# 200000 1000000. The exponent is that of the processors' time between this line and the one before.
set -eu
build=${1:?"usage: hdbscan.sh BUILD [THREADS [ROWS...]]"}
threads=${2:-2}
shift; [ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 5000 20000 50000 200000 1000000
echo '| shape | rows | columns | seconds | processor time | exponent | MB beyond the rows | MB announced | clusters |'
echo '|---|---|---|---|---|---|---|---|---|'
for shape in 'sheets 50' 'round 50' 'round 2' 'round 10'; do
    for rows; do
        "$build/tests/bench/hdbscan_growth" "${shape% *}" "$rows" "${shape#* }" "$threads"
    done | awk -v shape="${shape% *}" '{
        exponent = NR > 1 && time > 0 && $4 > 0 ? sprintf("%.2f", log($4 / time) / log($1 / rows)) : ""
        printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", shape, $1, $2, $3, $4, exponent, $5, $6, $7
        fflush(); rows = $1; time = $4
    }'
done
