#!/bin/bash
# The stages of a run on several sets of data, as one line each: the set, the stage and the digest of its bytes. Whoever
# compares processors, compilers or kernels runs this in each environment and compares what it prints.
#   same_cases.sh inputs FOLDER LEVEL ZSC        writes the sets of data, with one build for all environments
#   same_cases.sh digests FOLDER LEVEL COMMAND...   prints the lines; COMMAND runs zsc in the environment
# LEVEL: short (some seconds) or long (the quickstart's example, real barcodes where ZSC_REAL_DATA has them, 20,000 and 50,000
# rows). ZSC_SAME_SETS, an extended regular expression, leaves out the sets whose names it does not match.
set -u
LC_ALL=C; export LC_ALL
what=$1 folder=$2 level=$3; shift 3
source=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder"
cd "$folder" || exit 1

# --- Sets of data
two_clouds() { # far from each other: a graph of two components
    awk 'BEGIN { srand(3); print "processid,a,b,c"
                 for (i = 0; i < 160; i++) printf "r%d,%g,%g,%g\n", i, rand() + 90 * (i % 2), rand(), rand() }'
}

# 24 numbers without structure: the approximate search, which pairs all blocks up to 45,000 rows, does not find all neighbours
evenly_spread() {
    awk 'BEGIN { srand(5); printf "processid"; for (j = 0; j < 24; j++) printf ",x%d", j; print ""
                 for (i = 0; i < 50000; i++) { printf "r%d", i; for (j = 0; j < 24; j++) printf ",%.4f", rand(); print "" } }'
}

inputs() {
    rows=400
    [ "$level" = long ] && rows=2000
    "$1" simulate -q --rows $rows --seed 0 -o example.h5 --metadata-output example.csv || return
    "$1" embed kmer -q -m example.csv -k 5 -o kmer.h5 || return
    two_clouds > two.csv
    cp "$source/tests/fixtures/umap.h5" digits.h5
    [ "$level" = long ] || return 0
    "$1" simulate -q --rows 20000 --seed 1 -o large.h5 || return
    evenly_spread > even.csv
    [ -r "${ZSC_REAL_DATA-}/coi-example.csv" ] || { echo "no real barcodes: ZSC_REAL_DATA is not set" >&2; return 0; }
    cp "$ZSC_REAL_DATA/coi-example.csv" coi.csv && "$1" embed kmer -q -m coi.csv -k 4,5 -o coi.h5
}

# --- Stages
digest() { # SET STAGE FILE: of the whole file, which has to be there
    if [ -s "$3" ]; then echo "$1: $2: $(sha256sum < "$3" | cut -c 1-16)"; else echo "$1: $2: failed: $(head -n 1 err)"; fi
    rm -f "$3"
}
zsc() { "${command[@]}" "$@" > out 2> err; }
set_of=
sets=0
begin_set() { # NAME OPTION...: the options name the data; fails where the set is left out
    set_of=$1; shift
    data=("$@") search=()
    grep -qE "${ZSC_SAME_SETS-}" <<< "$set_of" && sets=$((sets + 1))
}
stage() { # STAGE FILE OPTION...: a command that writes FILE
    name=$1 file=$2; shift 2
    zsc "$@" -q -o "$file"
    digest "$set_of" "$name" "$file"
}

# Neighbours, graph, initialisation, layout and linkage of one reduction; the options are those of zsc umap. The neighbours are
# searched once.
stages() { # EPOCHS NEIGHBOURS OPTION...
    epochs=$1 neighbours=$2; shift 2
    set -- "${data[@]}" --n-neighbors "$neighbours" --knn-file nn.h5 "$@"
    zsc knn -k "$neighbours" "${data[@]}" "${search[@]}" -q -o nn.h5
    stage graph half.h5 umap "$@" --n-epochs "$epochs" --stop-at-epoch 1 # the file has a digest of its graph
    stage initialisation init.npy umap "$@" --n-epochs 0
    zsc umap "$@" --n-epochs "$epochs" -q -o layout.npy
    stage linkage linkage.npy ward -e layout.npy
    digest "$set_of" layout layout.npy
    digest "$set_of" neighbours nn.h5
}

# Labels, scores, and the digest of the result that is kept.
run() { # NAME OPTION...
    name=$1; shift
    rm -rf kept
    zsc run "${data[@]}" --format csv -q -o kept "$@" && cp out scores
    digest "$set_of" "$name, scores" scores
    result=$(ls kept/*.h5 2> /dev/null | head -n 1)
    zsc export "$result" -q -o clusters.csv
    digest "$set_of" "$name, clusters" clusters.csv
    zsc info "$result" && grep '^checksum of' out > checksum
    digest "$set_of" "$name, result" checksum
}

probe() { # NAME OPTION...
    name=$1; shift
    stage "$name" probe.json probe "${data[@]}" --queries example.h5:sim_dna --known-queries keep --ranks genus "$@"
}

clusterers() {
    stage 'k-means' labels.csv cluster "${data[@]}" --clusterer kmeans -k 40
    stage HDBSCAN labels.csv cluster "${data[@]}" --clusterer hdbscan
    stage layers labels.csv cluster "${data[@]}" --clusterer layers
    stage 'spectral clustering' labels.csv cluster "${data[@]}" --clusterer spectral -k 20
    stage 'spectral clustering, QR' labels.csv cluster "${data[@]}" --clusterer spectral --assign-labels cluster_qr -k 20
}

sweep() {
    cat > sweep.yaml <<EOF
pairs: [[example.h5:sim_dna, kmer.h5:kmer5], [example.h5:sim_image_1, example.h5:sim_image_2]]
dim: 5
epochs: 30
seed: [0, 1]
output: swept
EOF
    rm -rf swept shown.csv
    zsc sweep sweep.yaml -q && zsc collect swept -q -o collected.csv && cut -d, -f 1,3-45 < collected.csv > shown.csv # not times
    rm -f collected.csv
}

digests() {
    command=("$@")
    epochs=60
    [ "$level" = long ] && epochs=200

    if begin_set 'the fixed problem'; then
        zsc version --verify; grep ' yes$\| no$' out > verified; digest "$set_of" 'all stages' verified
    fi
    if begin_set 'example, DNA' -e example.h5:sim_dna; then
        stages $epochs 15 --n-components 50
        run 'UMAP' --epochs $epochs --dim 8 --neighbors 15 --internal
        run 'no reduction' --reduce none --internal
        run 'PCA' --reduce pca --dim 10
        clusterers
        probe 'probe by descent' --epochs 4
        probe 'probe by L-BFGS' --solver lbfgs --epochs 30
    fi
    if begin_set 'example, k-mers' -e kmer.h5:kmer5; then
        stages $epochs 15 --n-components 2
        stage "layout, 3 negatives" layout.npy umap "${data[@]}" --n-components 2 --n-epochs 20 --negative-sample-rate 3
    fi
    if begin_set 'example, images, cosine' -e example.h5:sim_image_1 --metric cosine; then
        stages $epochs 15 --n-components 8
        run 'UMAP, approximate neighbours' --epochs $epochs --knn approx
    fi
    if begin_set labels; then
        zsc score example.h5:/labels/species example.h5:/labels/genus --format csv; mv out scores; digest "$set_of" scores scores
    fi
    if begin_set 'two components' -e two.csv; then stages $epochs 8 --n-components 2; fi
    if begin_set digits -e digits.h5 --h5-embedding /digits/x; then stages $epochs 15 --n-components 2; fi
    if begin_set 'sweep with pairs'; then sweep; digest "$set_of" 'all scores' shown.csv; fi
    [ "$level" = long ] || return 0

    for k in 4 5; do
        [ -e coi.h5 ] || continue
        if begin_set "real COI, all rows, $k-mers" -e "coi.h5:kmer$k"; then
            stages 200 30 --n-components 50
            run 'UMAP' --missing class
        fi
        if begin_set "real COI, one per barcode, $k-mers" -e "coi.h5:kmer$k" --one-per-barcode; then
            run 'UMAP' --missing class
            run 'no reduction' --missing class --reduce none
        fi
    done
    if begin_set '20,000 rows, approximate' -e large.h5:sim_image_1; then search=(--knn approx); stages 50 15 --n-components 50; fi
    if begin_set '50,000 rows, approximate' -e even.csv; then
        search=(--knn approx)
        zsc knn "${data[@]}" "${search[@]}" -k 15 --check-recall -q -o nn.h5; rm -f nn.h5; cp out recall; cp out found; digest "$set_of" recall found
        grep -q 'recall 0' recall || echo "$set_of: failed: all neighbours were found: $(cat recall)"
        stages 50 15 --n-components 2
    fi
    return 0
}

"$what" "$@" || exit
[ "$what" = inputs ] || [ $sets -gt 0 ] || echo "failed: no set has a name that matches '$ZSC_SAME_SETS'"
