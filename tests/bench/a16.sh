#!/bin/bash
# The study of table A16 at the paper's size on simulated embeddings: 11 image encoders of 512 to 2,048 dimensions and 5 of DNA,
# about 21,763 rows with one per barcode; as one sweep, and as the same runs one by one.
#   a16.sh OUT.md [FOLDER]      ZSC=./zsc THREADS=2 IMAGES=11 DNAS=5 ROWS=47260 EPOCHS= ONE_BY_ONE=yes
# FOLDER (4 GB of data at full size; kept where it is named) is made once. Wall and processor time and peak memory of both are printed, and
# whether the scores of the two are equal. IMAGES, DNAS, ROWS and EPOCHS make smaller studies.
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=$(realpath -m "$1") folder=${2-} zsc=$(realpath "${ZSC:-./zsc}") threads=${THREADS:-2} images=${IMAGES:-11} dnas=${DNAS:-5} rows=${ROWS:-47260}
LC_ALL=C; export LC_ALL
page=$(mktemp) log=$(mktemp)
if [ -z "$folder" ]; then folder=$(mktemp -d); trap 'rm -rf "$folder" "$page" "$log"' EXIT; else trap 'rm -f "$page" "$log"' EXIT; fi
mkdir -p "$folder"
image_dims=$(echo 768 2048 768 2048 768 2048 768 2048 768 1024 512 | tr ' ' '\n' | head -n "$images" | paste -sd ,)
dna_dims=$(echo 768 768 768 128 512 | tr ' ' '\n' | head -n "$dnas" | paste -sd ,)
make() { "$zsc" simulate -q --rows "$rows" --rows-per-barcode 2.22 --seed 1 "$@" || exit 1; }
if [ ! -f "$folder/metadata.csv" ]; then
    make -o "$folder/dna.h5" --image-dim 0 --dna-encoders "$dnas" --dna-dim "$dna_dims"
    make -o "$folder/image.h5" --dna-dim 0 --image-encoders "$images" --image-dim "$image_dims" -m "$folder/metadata.csv"
fi
cp "$here/../../examples/tableA16.yaml" "$folder/study.yaml" || exit 1
[ -n "${EPOCHS-}" ] && echo "epochs: $EPOCHS" >>"$folder/study.yaml"
cd "$folder" || exit 1
# "71.2 s wall, 130 s CPU, 1.2 GB peak memory" of the closing lines on stdin, added up; of memory the greatest
closing() {
    sed -n 's/.* \([0-9.]*\) s wall, \([0-9.]*\) s CPU, \([0-9.]*\) \([kMGT]*\)B peak memory$/\1 \2 \3 \4/p' | awk '
        BEGIN { unit["k"] = 1e-6; unit["M"] = 1e-3; unit["G"] = 1; unit["T"] = 1e3 }
        { wall += $1; cpu += $2; m = $3 * unit[$4]; if (m > most) most = m }
        END { printf "%.1f | %.1f | %.2f", wall, cpu, most }'
}
rm -rf study single
"$zsc" sweep -t "$threads" --dry-run study.yaml | tail -n 1
"$zsc" sweep -t "$threads" -o study study.yaml 2>"$log" || { cat "$log" >&2; exit 1; }
runs=$(ls study/*.h5 | wc -l)
{
    echo "Made by \`tests/bench/a16.sh\` on $(date -u +%Y-%m-%d): $threads threads, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1),"
    echo "load $(cut -d' ' -f1 /proc/loadavg) when begun. $("$zsc" version | head -n 1). $images image and $dnas DNA encoders, $runs runs."
    echo
    echo "| | wall (s) | processor (s) | peak memory (GB) |"
    echo "|---|---|---|---|"
    echo "| one sweep | $(closing <"$log") |"
} >"$page"
if [ "${ONE_BY_ONE:-yes}" = yes ]; then
    names() { for i in $(seq 1 "$2"); do echo "$1_$i"; done; }
    one() { "$zsc" run -t "$threads" -m metadata.csv --split test+test_unseen --one-per-barcode=random --scale zscore --scale-scope split \
        ${EPOCHS:+--epochs "$EPOCHS"} --seed 0 -o single "$@" >/dev/null 2>>"$log" || { tail -n 3 "$log" >&2; exit 1; }; }
    dna_names=$(if [ "$dnas" -eq 1 ]; then echo sim_dna; else names sim_dna "$dnas"; fi)
    : >"$log"
    for d in $dna_names; do one -e dna.h5:"$d"; done
    for i in $(names sim_image "$images"); do
        one -e image.h5:"$i"
        for d in $dna_names; do one -e image.h5:"$i" -e dna.h5:"$d"; done
    done
    echo "| the same runs one by one | $(closing <"$log") |" >>"$page"
    # what the two have in common: all but paths, times and memory
    scores() { "$zsc" collect "$1" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "path") path = i } { line = ""; for (i = 1; i <= 33; i++) if (i != path) line = line "," $i; print line }' | sort; }
    scores study >a.csv
    scores single >b.csv
    echo >>"$page"
    if cmp -s a.csv b.csv; then
        echo "All $(($(wc -l <a.csv) - 1)) scores of the two are equal." >>"$page"
    else
        echo "The scores of the two DIFFER." >>"$page"
        status=1
    fi
fi
"$zsc" table crossmodal study --format latex
cp "$page" "$out" && cat "$out"
exit "${status:-0}"
