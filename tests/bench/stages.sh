#!/bin/bash
# stages.sh ZSC OTHER FOLDER [ROWS [TIMES]]: processor time of each stage of two builds of zsc, on one thread, in turn: the least of TIMES
# (5) runs of each, and the ratio. Simulated rows of 768 columns; FOLDER keeps data and what one stage hands to the next.
set -eu
one=${1:?"usage: stages.sh ZSC OTHER FOLDER [ROWS [TIMES]]"} two=${2:?} folder=${3:?} rows=${4:-10000} times=${5:-5}
LC_ALL=C; export LC_ALL
mkdir -p "$folder"
cd "$folder"
[ -e "$rows.h5" ] || "$one" simulate -q --rows "$rows" --dna-dim 768 --image-dim 768 -o "$rows.h5" --metadata-output "$rows.csv"
TIMEFORMAT='%U %S'
seconds() { # of the processor, of a command
    { time "$@" -q -t 1 > out 2> err; } 2> took || { cat err >&2; exit 1; }
    awk '{ print $1 + $2 }' took
}
stage() { # NAME OPTION...
    name=$1; shift
    for ((i = 0; i < times; i++)); do echo "$(seconds "$one" "$@") $(seconds "$two" "$@")"; done |
        awk -v name="$name" 'NR == 1 { a = $1; b = $2 } { a = $1 < a ? $1 : a; b = $2 < b ? $2 : b }
            END { printf("| %s | %.3f | %.3f | %.2f |\n", name, a, b, (b > 0) ? a / b : 0) }'
}
echo '| stage | processor s | other build | ratio |'
echo '|---|---|---|---|'
for data in sim_dna sim_image_1; do
    e=(-e "$rows.h5:$data")
    stage "$data: neighbours" knn "${e[@]}" -k 30 -o near.h5 --force
    stage "$data: neighbours, cosine" knn "${e[@]}" -k 30 --metric cosine -o cosine.h5 --force
    stage "$data: graph, initialisation" umap "${e[@]}" --knn-file near.h5 --n-neighbors 30 --dim 50 --n-epochs 0 -o start.npy --force
    stage "$data: 100 epochs, to 50 dimensions" umap "${e[@]}" --knn-file near.h5 --n-neighbors 30 --dim 50 --n-epochs 100 --init start.npy -o layout.npy --force
    stage "$data: 100 epochs, to 2 dimensions" umap "${e[@]}" --knn-file near.h5 --n-neighbors 30 --dim 2 --n-epochs 100 --init pca -o two.npy --force
    stage "$data: Ward on the layout" ward -e layout.npy -o linkage.npy --force
    stage "$data: Ward on the rows" ward "${e[@]}" -o linkage.npy --force
    stage "$data: k-means on the layout" cluster -e layout.npy --clusterer kmeans -k 500 -o labels.csv --force
    stage "$data: HDBSCAN on the layout" cluster -e layout.npy --clusterer hdbscan -o labels.csv --force
    stage "$data: PCA, linkage, scores" run "${e[@]}" --reduce pca --dim 20 --internal
done
stage 'probe, 2 epochs' probe -e "$rows.h5:sim_image_1" --queries "$rows.h5:sim_image_1" --known-queries keep --ranks genus --epochs 2
stage 'simulation' simulate --rows "$rows" -o simulated.h5
