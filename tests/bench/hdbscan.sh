#!/bin/sh
# hdbscan.sh BUILD [THREADS [ROWS...]]: the table of growth in doc/hdbscan.md, to standard output. ROWS: 5000 20000 50000
# 200000 1000000. The exponent is that of the processors' time between this line and the one before. CLUSTERER=layers or
# CLUSTERER=kmeans measures that instead, on rows like those of UMAP's output alone; CLUSTERER=ward, on these and on nested ones.
set -eu
build=${1:?"usage: hdbscan.sh BUILD [THREADS [ROWS...]]"}
threads=${2:-2}
clusterer=${CLUSTERER:-hdbscan}
shift; [ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 5000 20000 50000 200000 1000000
echo '| clusterer | shape | rows | columns | seconds | processor time | exponent | MB beyond the rows | MB announced | clusters |'
echo '|---|---|---|---|---|---|---|---|---|---|'
for shape in 'sheets 50' 'nested 50' 'round 50' 'round 2' 'round 10'; do
    case $clusterer:$shape in
        hdbscan:nested*) continue ;;
        hdbscan:* | *:sheets* | ward:nested*) ;;
        *) continue ;;
    esac
    for rows; do
        "$build/tests/bench/hdbscan_growth" "${shape% *}" "$rows" "${shape#* }" "$threads" "$clusterer"
    done | awk -v shape="$clusterer | ${shape% *}" '{
        exponent = NR > 1 && time > 0 && $4 > 0 ? sprintf("%.2f", log($4 / time) / log($1 / rows)) : ""
        printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", shape, $1, $2, $3, $4, exponent, $5, $6, $7
        fflush(); rows = $1; time = $4
    }'
done
