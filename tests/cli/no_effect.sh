#!/bin/sh
# Every option of every command changes something or is refused. A new option must be entered here.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 120 --seed 1 --missing-species 0.2 -o s.h5 --metadata-output m.csv || fail "simulate"
"$ZSC" embed kmer -q -m m.csv --k 3 -o k.h5 || fail "embed"
"$ZSC" run -q -e s.h5:sim_dna --seed 0,1 --epochs 20 --curve --keep-reduced --dim 3 -o r >/dev/null || fail "run"
"$ZSC" run -q -e s.h5:sim_image_1 --epochs 20 --dim 3 -o r >/dev/null || fail "run"
"$ZSC" run -q -e s.h5:sim_dna -e s.h5:sim_image_1 --epochs 20 --dim 3 -o pairs >/dev/null || fail "run"
cp r/*.h5 pairs
cp "$("$ZSC" collect r | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["encoders"] == "sim_dna" { print $c["path"]; exit }')" one.h5
"$ZSC" umap -q -e s.h5:sim_dna --n-epochs 10 --stop-at-epoch 5 -o half.h5 && "$ZSC" knn -q -e s.h5:sim_dna -o knn.h5 || fail "umap"
"$ZSC" retrieve -q -e s.h5:sim_dna -m m.csv --query-split test,test_unseen --known-queries others --k 1,5 -o others.json || fail "retrieve"
"$ZSC" retrieve -q -e s.h5:sim_image_3 -m m.csv --query-split test,test_unseen --known-queries others --k 1,5 -o confused.json || fail "retrieve"
"$ZSC" run -q -e s.h5:sim_dna --reduce none --internal -o agree >/dev/null && "$ZSC" run -q -e s.h5:sim_image_1 --reduce none --internal -o agree >/dev/null || fail "run"
"$ZSC" select -q -e s.h5:sim_dna -o t.csv >/dev/null && "$ZSC" select -q -e s.h5:sim_dna -o v.npy >/dev/null || fail "select"
"$ZSC" simulate -q --rows 300 --label-errors 0.2 --image-encoders 0 --dna-encoders 0 -o none.h5 --metadata-output planted.csv || fail "simulate"
printf 'embeddings: s.h5:sim_dna\nepochs: 5\ndim: 3\noutput: sets\nneighbors: [5, 9]\nmin-dist: [0, 0.5]\n' >sets.yaml
"$ZSC" sweep -q sets.yaml >/dev/null || fail "sweep"
awk -F, -v OFS=, 'NR > 1 && $10 != "" { $10 = $10 " 1A" } 1' m.csv >planted2.csv
awk -F, -v OFS=, '{ gsub(/ /, "_", $10) } 1' m.csv >one_word.csv
printf 'embeddings: s.h5:sim_dna\nepochs: 5\ndim: 3\noutput: sw\nseed: [0, 1]\n' >s.yaml
printf 'embeddings: s.h5:sim_dna\nreduce: none\nmissing: [drop, class]\noutput: st\n' >study.yaml
printf 'encoder,label,modality,colour\nsim_dna,Another,dna,red\n' >style.csv
: >tried
last=
taxon=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["split"] == "test_unseen" && $at["order"] != "" { print $at["order"]; exit }' m.csv)
sed "s/$taxon/Another/g" m.csv >m2.csv

# outcome FILE COMMAND...: status, what is printed but for times and memory, the bytes of the output o.*, and what is in folders
outcome() {
    result=$1
    shift
    rm -rf o.* oo sw c
    "$ZSC" "$@" >out 2>err
    {
        echo "status $?"
        sed -e '/ s wall/d; s, in [0-9.]* s,,g; s,^[0-9-]*T[0-9:]* ,,' -e '/"seconds": {/,/}/d; /"peak_rss_bytes":/d' out err
        for f in o.* oo sw; do [ ! -f "$f" ] || cksum "$f"; done
        echo cache/* oo/* sw/* c/*
    } >"$result"
}

# try COMMAND "OPTION [VALUE]" ARGS...: it changes what COMMAND ARGS does, or is refused
try() {
    command=$1 option=$2
    shift 2
    echo "$command ${option%% *}" >>tried
    # shellcheck disable=SC2086
    [ "$command $*" = "$last" ] || outcome before $command "$@"
    last="$command $*"
    # shellcheck disable=SC2086
    outcome after $command "$@" $option
    if cmp -s before after; then fail "zsc $command $*: $option has no effect, and is not refused"; fi
}

E="-e s.h5:sim_dna"
cut -d, -f1 m.csv | sed 1d | head -n 60 >list.txt
for o in "--ids list.txt" "--ids-in-order"; do
    # shellcheck disable=SC2086
    {
        try run "$o" $E --reduce none
        try select "$o" $E
        try knn "$o" $E -o o.h5
        try umap "$o" $E --n-epochs 3 -o o.npy
        try ward "$o" $E -o o.npy
    }
    try trust "$o" s.h5:sim_dna s.h5:sim_image_1
    try "embed kmer" "$o" -m m.csv -o o.h5
    try import "$o" s.h5 -o o.h5
done
try info "--ids list.txt" m.csv
try stats "--ids list.txt" m.csv
"$ZSC" ward -q -e s.h5:sim_dna -o tree.h5 || fail "ward"
for o in "--ids list.txt" "--where split=test"; do
    try score "$o" m.csv:genus m.csv:order
    try curve "$o" tree.h5 -l m.csv:genus
done
# shellcheck disable=SC2086
{
    try knn "--where split=x" $E -o o.h5
    try umap "--where split=x" $E --n-epochs 3 -o o.npy
    try ward "--where split=x" $E -o o.npy
}
try import "--where split=x" s.h5 -o o.h5
for o in "--output o2.h5" "--metadata-output o.csv" "--rows 60" "--seed 2" "--classes 2" "--orders 9" "--families 30" "--subfamilies 50" "--genera 60" "--species 90" \
    "--barcode-length 300" "--rows-per-barcode 3" "--splits no" "--unseen-species 0.4" "--missing-species 0.4" "--image-encoders 1" "--dna-encoders 2" \
    "--image-dim 9" "--dna-dim 9"; do
    try simulate "$o" --rows 50 -o o.h5
done
try simulate "--release oo" --rows 50 -o o.h5
try simulate "--scale 0.0005" --release oo --force
try simulate "--aligned" --rows 50 --image-dim 9 --dna-dim 9 -o o.h5
try simulate "--unseen-noise 0.5" --rows 50 -o o.h5
try simulate "--label-errors 0.5" --rows 50 --metadata-output o.csv -o o.h5
try simulate "--image-dim 9" --rows 50 --image-encoders 0 -o o.h5
try simulate "--dna-dim 9" --rows 50 --dna-encoders 0 -o o.h5
for o in "--metadata t.csv" "--column dna_barcode=genus" "--missing-values $taxon" "--k 2" "--split test" "--where species=x" "--output o2.h5"; do
    try "embed kmer" "$o" -m m.csv -o o.h5
done
for o in "--output o2.h5" "--metadata m2.csv" "--split test" "--name x" "--modality dna" "--label x" "--architecture x" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" \
    "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" "--label-column id" "--h5-label a=/id" "--column family=genus" "--missing-values $taxon"; do
    try import "$o" s.h5 -o o.h5
done
try import "--replace" s.h5 -o o.h5 --overwrite
try import "--overwrite" s.h5 -o o.h5 --replace
for o in "--format json" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column x" "--label-column id" \
    "--h5-label a=/id" "--column family=genus" "--where species=x" "--missing-values $taxon"; do
    try info "$o" s.h5
done
for o in "--kind splits" "--split test" "--where species=x" "--column country" "--missing-values $taxon" "--delimiter ;" "--no-header" "--format csv" "--output o.csv" "--only species" "--show percent" "--also o.csv"; do
    try stats "$o" m.csv
done
for o in "--split test" "--where species=x" "--column species=genus" "--missing-values $taxon" "--delimiter ;" "--no-header" "--format csv" "--output o.csv" "--fix o.csv"; do
    try check "$o" m.csv
done
for o in "--seed 3" "--val 0.5" "--explain o.w.csv" "--column dna_barcode=genus" "--delimiter ;" "--no-header" "--output o2.csv"; do
    try split "$o" m.csv -o o.csv
done
try split "--val-unseen 0.9" planted2.csv -o o.csv
try split "--missing-values $(sed -n 2p one_word.csv | cut -d, -f10)" one_word.csv -o o.csv
try check "--strict" planted.csv
printf 'a;b\nx;1,5\n' >comma.csv
try stats "--decimal ." comma.csv --kind sizes --column b
for o in "--output o2.csv" "--what linkage"; do try export "$o" one.h5 -o o.csv; done
try select "$E"
for o in "--where order=x" "--metadata m2.csv" "--split test" "--one-per-barcode" "--barcode-max-length 5" "--barcode-seed 2" "--scale l2" "--scale-scope split" \
    "--missing-values $taxon" "--column family=genus" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" \
    "--label-column id" "--h5-label a=/id" "--ranks genus" "--output o.csv" "--format json"; do
    # shellcheck disable=SC2086
    try select "$o" $E -o o.h5
done
for o in "--scale l2" "--ranks genus" "--output o.csv" "--force"; do
    # shellcheck disable=SC2086
    try select "$o" $E
done
try select "--scale-scope split" $E --scale l2 -o o.csv
try select "--barcode-seed 2" $E --one-per-barcode=first
for o in "$E" "--where order=x" "--metadata m2.csv" "--split test" "--one-per-barcode" "--barcode-max-length 5" "--barcode-seed 2" "--scale l2" "--scale-scope split" \
    "--missing-values $taxon" "--reduce pca" "--dim 2" "--neighbors 5" "--min-dist 0.5" "--metric cosine" "--epochs 6" "--knn approx" "--linkage single" "--clusters 5" "--cut-height 1" \
    "--missing class" "--curve" "--internal" "--internal-space both" "--keep-reduced" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" \
    "--id-column id" "--label-column id" "--h5-label a=/id" "--column family=genus" "--ranks genus" "--seed 3" "--output oo" "--force" "--checkpoint-every 1" "--format csv"; do
    # shellcheck disable=SC2086
    try run "$o" $E --epochs 5 --dim 3 --format json
done
for o in "--dim 3" "--neighbors 5" "--min-dist 0.1" "--metric cosine" "--epochs 9" "--knn exact" "--seed 1" "--keep-reduced"; do
    # shellcheck disable=SC2086
    try run "$o" $E --reduce none
done
for o in "--neighbors 5" "--min-dist 0.1" "--metric cosine" "--epochs 9" "--knn exact" "--seed 1"; do
    # shellcheck disable=SC2086
    try run "$o" $E --reduce pca --dim 3
done
# shellcheck disable=SC2086
try run "--clusters 5" $E --reduce none --cut-height 1
# shellcheck disable=SC2086
try run "--clusters 5" $E --reduce none --cut gap
# shellcheck disable=SC2086
try run "--clusters 5" $E --reduce none --cut-standardised 1
for o in "--cut gap" "--cut-standardised 0.5"; do
    # shellcheck disable=SC2086
    try run "$o" $E --epochs 5 --dim 3 --format json
done
# shellcheck disable=SC2086
for o in "--internal-space both" "--internal-space original"; do try run "$o" $E --reduce pca --dim 3 --internal --format json; done
# shellcheck disable=SC2086
try run "--linkage-metric cosine" $E --reduce none --linkage average --format json
# shellcheck disable=SC2086
{
    try run "--stability 3" $E --reduce pca --dim 3 --format json
    try run "--seed 3" $E --reduce pca --dim 3 --stability 3 --format json
}
for o in "--clusterer hdbscan" "--min-cluster-size 7" "--min-samples 3" "--max-cluster-size 40" "--cluster-selection-method leaf" \
    "--cluster-selection-epsilon 0.1" "--allow-single-cluster" "--max-layers 1" "--max-layer-similarity 0.5"; do
    # shellcheck disable=SC2086
    try run "$o" $E --epochs 5 --dim 3 --format json
done
for o in "--linkage single" "--linkage-metric cosine" "--clusters 5" "--cut-height 1" "--cut-standardised 1" "--cut gap" "--curve" "--min-cluster-size 7" "--min-samples 3" "--max-cluster-size 40" \
    "--cluster-selection-method leaf" "--cluster-selection-epsilon 9" "--allow-single-cluster" "--metric cosine" "--internal" "--seed 3"; do
    # shellcheck disable=SC2086
    try run "$o" $E --reduce none --clusterer hdbscan --format json
done
for o in "--max-layers 1" "--max-layer-similarity 0.01" "--min-cluster-size 7" "--min-samples 3" "--max-cluster-size 40" "--clusters 5" "--curve" "--metric cosine"; do
    # shellcheck disable=SC2086
    try run "$o" $E --reduce none --clusterer layers --format json
done
"$ZSC" simulate -q --rows 400 --seed 1 --image-encoders 0 -o more.h5 || fail "simulate" # has three layers
for o in "--max-layers 1" "--max-layer-similarity 0.01"; do
    try cluster "$o" -e more.h5:sim_dna --clusterer layers --format json
    # shellcheck disable=SC2086
    try cluster "$o" $E -o o.csv
done
# shellcheck disable=SC2086
try run "--max-cluster-size 40" $E --reduce none --clusterer hdbscan --cluster-selection-method leaf
# shellcheck disable=SC2086
try run "--metric cosine" $E --reduce pca --dim 3 --clusterer hdbscan
# shellcheck disable=SC2086
try run "--min-dist 0.5" $E --epochs 0 --dim 3
for o in "--output oo" "--dry-run" "--status" "--example" "--shard 2/2" "--cache c"; do try sweep "$o" s.yaml; done
for o in "--cache c" "--force" "--shard 1/2" "--status"; do try sweep "$o" --dry-run s.yaml; done
for o in "--cache c" "--cache-memory 1G" "--force" "--shard 1/2"; do try sweep "$o" --status s.yaml; done
for o in "--output oo" "--dry-run" "--shard 1/2" "--cache c" "--cache-memory 1G"; do try sweep "$o" --example; done
for o in "--output oo" "--dry-run" "--rank genus" "--format csv" "--figure o.svg" "--example"; do try sensitivity "$o" study.yaml; done
for o in "--rank genus" "--format csv" "--figure o.svg" "--force"; do try sensitivity "$o" --dry-run study.yaml; done
for o in "--output oo" "--dry-run" "--rank genus" "--format csv" "--figure o.svg" "--force"; do try sensitivity "$o" --example; done
for o in "--format json" "--output o.csv" "--where seed=1" "--retrieval" "--permutations 9"; do try collect "$o" r; done
for o in "--where seed=1" "--format json"; do try ls "$o" r; done
for o in "--where seed=9" "--dry-run"; do
    cp one.h5 gone.h5
    try rm "$o" gone.h5
done
for o in "--folder absent" "--format json"; do try rerun "$o" one.h5; done
for o in "--ranks genus" "--unit genus" "--resamples 30" "--control rank" "--p-values" "--wilcoxon" "--level 0.5" "--seed 3" "--format json" "--output o.csv" "--where seed=1"; do
    try compare "$o" r --resamples 20
done
try compare "--measures" r
try compare "--recluster 20" r
for o in "--score micro" "--k 5"; do try compare "$o" --score macro others.json --resamples 20; done
try plot "--dumb" ranks r -o o.svg
for o in "--output o.svg" "--size talk" "--dark" "--columns 2" "--width 5" "--height 3" "--font x" "--font-size 9" "--dpi 50" "--text-columns 60" "--text-rows 20" "--title x" "--style style.csv" \
    "--rows one" "--ranks genus" "--encoders sim_dna" "--where seed=1" "--rank genus" "--taxa 3" "--leaves 3" "--baseline sim_dna" "--resamples 9" "--unit genus" "--level 0.5" \
    "--decimals 2" "--settings seed"; do
    try plot "$o" ranks r --dumb
done
for o in "--rank genus" "--settings neighbors" "--where min_dist=0"; do try plot "$o" settings sets --dumb; done
printf '0 0\n90 45\n' >coast.txt
for o in "--k 5" "--score micro" "--ranks genus"; do try plot "$o" retrieval others.json --dumb; done
for o in "--rank genus" "--ranks genus" "--where seed=1" "--encoders sim_dna" "--style style.csv" "--k 5" "--score micro" "--split test" "--taxa 2" "--ceiling"; do try plot "$o" measures agree --dumb; done
for o in "--k 5" "--split test_unseen" "--rank genus" "--taxa 2"; do try plot "$o" confusion confused.json --dumb; done
for o in "--coastline coast.txt" "--split test" "--ids list.txt" "--column species=genus" "--missing-values x" "--delimiter ;" "--no-header" "--decimal ,"; do try plot "$o" ranks r --dumb; done
for kind in prevalence composition map; do
    for o in "--coastline coast.txt" "--split test" "--where split=test" "--ids list.txt" "--column processid=sampleid" "--delimiter ;" "--no-header" "--style style.csv" "--rows one" "--ranks genus" \
        "--encoders sim_dna" "--rank genus" "--settings seed" "--taxa 3" "--leaves 3" "--baseline sim_dna" "--resamples 9" "--unit genus" "--level 0.5" "--decimals 2" "--decimal ,"; do
        try plot "$o" $kind m.csv --dumb
    done
done
latitude=$(sed -n 2p m.csv | cut -d, -f15)
species=$(awk -F, 'NR > 1 && $10 != "" { print $10; exit }' one_word.csv)
try plot "--missing-values $species" prevalence one_word.csv --dumb
try plot "--missing-values $taxon" composition m.csv --ranks order --dumb
try plot "--missing-values $latitude" map m.csv --dumb
for o in "--column species=genus" "--column dna_barcode=species"; do try plot "$o" prevalence m.csv --dumb; done
try plot "--column order=genus" composition m.csv --dumb
try plot "--column coord-lat=coord-lon" map m.csv --dumb
for o in "--rank genus" "--ranks genus" "--resamples 9" "--level 0.6" "--decimals 2" "--taxa 3" "--leaves 3"; do try plot "$o" stages r --dumb; done
for o in "--rank genus" "--ranks genus" "--taxa 3" "--leaves 3"; do
    try plot "$o" scatter one.h5 --dumb
    try plot "$o" dendrogram one.h5 --dumb
done
for o in "--format csv" "--output o.md" "--decimals 3" "--marks modality" "--rank genus" "--caption x" "--style style.csv" "--rows one" "--ranks genus" "--encoders sim_dna" \
    "--where seed=1"; do
    try table "$o" ranks pairs
done
"$ZSC" retrieve -q -e s.h5:sim_dna -m m.csv --key-split test --query-split test_unseen --k 1,2 -o ret.json || fail "retrieve"
for o in "--format csv" "--output o.md" "--decimals 3" "--caption x" "--ranks genus" "--k 2" "--score micro" "--style style.csv" "--rows all" "--encoders sim_dna" "--where seed=1" "--marks modality" \
    "--rank genus"; do
    try table "$o" retrieval ret.json
done
"$ZSC" retrieve -q -e s.h5:sim_dna -m m.csv --key-split test --query-split test_unseen,test --known-queries keep --k 1 -o two.json || fail "retrieve"
try table "--intervals" retrieval two.json
"$ZSC" probe -q -e s.h5:sim_dna -m m.csv --key-split test --query-split test_unseen --epochs 2 -o linear.json || fail "probe"
for o in "--k 2" "--score macro" "--ranks genus"; do try table "$o" probe ret.json linear.json; done
for o in "--k 2" "--score micro"; do try table "$o" ranks pairs; done
try plot "--look paper" ranks r --dumb
try plot "--look paper" stages r --dumb
try table "--also o.csv" ranks r
for o in "--ceiling" "--permutations 9" "--each-rank"; do
    try table "$o" ranks r
    try plot "$o" ranks r --dumb
    try table "$o" ranks r --rarefy 20
    try plot "$o" ranks r --dumb --rarefy 20
done
for kind in ranks crossmodal; do try table "--rarefy 20" $kind pairs; done
for kind in ranks stages; do try plot "--rarefy 20" $kind r --dumb; done
"$ZSC" run -q -e s.h5:sim_dna --reduce none --linkage average -o conditions >/dev/null && "$ZSC" run -q -e s.h5:sim_dna --reduce none -o conditions >/dev/null || fail "conditions"
for o in "--base linkage=ward" "--rank genus" "--each-rank" "--ranks genus" "--decimals 3" "--marks modality"; do try table "$o" sensitivity conditions; done
try table "--base linkage=ward" ranks conditions
for o in "--base linkage=ward" "--rank genus" "--each-rank" "--ranks genus" "--taxa 3"; do try plot "$o" sensitivity conditions --dumb; done
try plot "--base linkage=ward" ranks conditions --dumb
for o in "--ceiling" "--permutations 9" "--each-rank"; do
    try table "$o" crossmodal pairs
    try plot "$o" stages r --dumb
done
for o in "--marks column" "--rank genus"; do try table "$o" crossmodal pairs; done
for o in "--caption x" "--marks modality"; do
    try table "$o" ranks r --format csv
    try table "$o" ranks r --format tsv
done
try report "--no-figures" r -o o.html
for o in "--output o2.html" "--title x" "--taxa genus" "--most-taxa 2" "--confusions o.csv" "--resamples 9" "--runs 1" "--atlas a.html" "--style style.csv" "--rows one" "--ranks genus" "--encoders sim_dna" "--where seed=1"; do
    try report "$o" r --no-figures -o o.html
done
printf 'metadata: m.csv\nencoders: [{label: a, file: "s.h5:sim_dna", modality: dna}]\n' >p.yaml
for o in "--output oo" "--dry-run" "--example" "--only 2" "--skip figure-3" "--shard 1/2"; do try paper "$o" p.yaml -o c --only 2,3; done
try paper "--sound" p.yaml -n -o c --only 6
echo 'run --memory-map' >>tried # results are the same: tests/cli/memory_map.sh
echo 'run --checkpoint' >>tried # leaves nothing when a run ends: tests/cli/checkpoint.sh
printf 'paper %s\n' --look --jobs --launcher --force >>tried # tests/cli/paper.sh
# the data is small: --split-data changes a page of more than 20 MB alone (tests/atlas/atlas.sh)
echo "atlas --split-data" >>tried
sed 's/,test,/,val,/' m.csv >m4.csv
for o in "--output o2.html" "--title x" "--layout pca" "--metadata m4.csv" "--columns country" "--image i/{processid}.jpg" "--neighbors 2" "--clusters 40" "--where seed=1" \
    "--style style.csv"; do
    try atlas "$o" r -o o.html
done
for o in "$E" "--output o2.h5" "--neighbors 5" "--metric cosine" "--split test" "--scale l2" "--check-recall" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" \
    "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" "--label-column id" "--h5-label a=/id"; do
    # shellcheck disable=SC2086
    try knn "$o" $E -o o.h5
done
try knn "--queries s.h5:sim_dna" -e s.h5:sim_dna -o o.h5
try knn "--query-split test" -e s.h5:sim_dna --queries s.h5:sim_dna -o o.h5
for o in "--knn exact" "--seed 3" "--check-recall"; do try knn "$o" -e s.h5:sim_dna --queries s.h5:sim_dna -o o.h5; done
expect 2 "--query-split has no effect here" "$ZSC" knn -e s.h5:sim_dna --query-split test -o o.h5
R="-e s.h5:sim_dna -m m.csv --key-split test --query-split test_unseen"
for o in "-e s.h5:sim_image_1" "--queries s.h5:sim_image_1" "--metadata m2.csv" "--key-split test_unseen" "--query-split test" "--k 1,2" "--metric manhattan" "--weighted" "--ids list.txt" "--where species=" \
    "--ranks genus" "--one-per-barcode" "--missing-values $taxon" "--column mine=species" "--format csv" "--output o.csv" "--store oo" "--examples 2" "--per-class o.csv" "--confusions o.csv" "--by-keys o.csv" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" \
    "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" "--label-column id" "--h5-label a=/id"; do
    # shellcheck disable=SC2086
    try retrieve "$o" $R
done
# shellcheck disable=SC2086
for o in "--seed 1" "--examples-file o.csv"; do try retrieve "$o" $R --examples 2; done
try retrieve "--known-queries others" -e s.h5:sim_dna -m m.csv --key-split test --query-split test+test_unseen
L="$R --epochs 3"
for o in "-e s.h5:sim_image_1" "--queries s.h5:sim_image_1" "--metadata m2.csv" "--key-split test_unseen" "--query-split test" "--ids list.txt" "--where species=" \
    "--ranks family" "--one-per-barcode" "--missing-values $taxon" "--column mine=species" "--format csv" "--output o.csv" "--store op" "--per-class o.csv" "--confusions o.csv" "--by-keys o.csv" \
    "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" "--label-column id" "--h5-label a=/id" \
    "--solver lbfgs" "--epochs 4" "--learning-rate 0.5" "--momentum 0.1" "--weight-decay 3" "--batch-size 7" "--patience 2" "--tolerance 0.1"; do
    # shellcheck disable=SC2086
    try probe "$o" $L
done
# shellcheck disable=SC2086
{
    try probe "--seed 1" $L --batch-size 7 --format json
    try probe "--stopping-split test" -e s.h5:sim_dna -m m.csv --key-split test_unseen --query-split test --ranks family --known-queries keep --epochs 30 --learning-rate 5 --format json
    try probe "--patience 1" -e s.h5:sim_dna -m m.csv --key-split test_unseen --query-split test --ranks family --stopping-split test --epochs 30 --learning-rate 5 --format json
    try probe "--tolerance 0.1" $R --ranks genus --solver lbfgs --format json
}
try probe "--known-queries keep" -e s.h5:sim_dna -m m.csv --key-split test --query-split test+test_unseen --ranks genus
try knn "--seed 3" -e s.h5:sim_dna --knn exact -o o.h5
try knn "--knn exact" -e s.h5:sim_dna --seed 3 -o o.h5
try umap "--resume half.h5" -e s.h5:sim_dna --n-epochs 10 --seed 9 -o o.h5
echo "umap --knn" >>tried # the approximate search finds all neighbours of so few rows: tests/property/knn holds it against the exact one
for o in "$E" "--output o2.h5" "--n-neighbors 5" "--n-components 3" "--metric cosine" "--min-dist 0.5" "--spread 2" "--a 1" "--b 1" "--n-epochs 7" "--learning-rate 2" "--init random" \
    "--set-op-mix-ratio 0.5" "--local-connectivity 2" "--disconnection-distance 3" "--target genus" "--target-weight 0.9" "--repulsion-strength 2" "--negative-sample-rate 2" \
    "--unique" "--seed 3" "--knn-file knn.h5" "--split test" \
    "--scale l2" "--stop-at-epoch 3" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" \
    "--label-column id" "--h5-label a=/id" "--missing-values $taxon"; do
    # shellcheck disable=SC2086
    try umap "$o" $E --n-epochs 10 -o o.h5
done
try umap "--target-weight 0.9" $E --n-epochs 10 --target genus -o o.npy
for o in "--min-dist 0.5" "--spread 2" "--learning-rate 2" "--repulsion-strength 2" "--negative-sample-rate 2"; do
    # shellcheck disable=SC2086
    try umap "$o" $E --n-epochs 0 -o o.npy
done
for o in "--knn exact" "--n-neighbors 5" "--metric cosine"; do
    # shellcheck disable=SC2086
    try umap "$o" $E --n-epochs 5 --knn-file knn.h5 -o o.npy
done
"$ZSC" umap -q -e s.h5:sim_dna --n-epochs 10 --keep-model -o model.h5 || fail "umap"
try umap "--keep-model" -e s.h5:sim_dna --n-epochs 10 -o o.h5
try umap "--transform model.h5" -e s.h5:sim_dna --split test_unseen -o o.h5
for o in "--n-neighbors 5" "--n-components 3" "--metric cosine" "--min-dist 0.5" "--spread 2" "--a 1" "--b 1" "--n-epochs 7" "--learning-rate 2" "--init random" "--set-op-mix-ratio 0.5" \
    "--local-connectivity 2" "--disconnection-distance 3" "--target genus" "--target-weight 0.9" "--repulsion-strength 2" "--negative-sample-rate 2" "--unique" "--seed 3" "--knn exact" "--knn-file knn.h5" "--scale l2" "--stop-at-epoch 3" "--resume half.h5" "--keep-model"; do
    # shellcheck disable=SC2086
    try umap "$o" $E --transform model.h5 -o o.h5
done
"$ZSC" cluster -q -e s.h5:sim_dna --clusterer kmeans -k 12 --keep-model -o clustered.h5 >/dev/null && "$ZSC" cluster -q -e s.h5:sim_dna --clusterer kmeans -k 5 -o five.csv >/dev/null || fail "cluster"
try cluster "--keep-model" $E -o o.h5
try cluster "--keep-model" $E -o o.csv
for o in "$E" "--model model.h5 --clusters five.csv:cluster" "--clusters five.csv:cluster" "--by neighbor" "--novel-quantile 0.5" "--output o2.csv" "--metadata m2.csv" "--split test" "--where order=x" "--ids list.txt" \
    "--ids-in-order" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" "--label-column id" "--h5-label a=/id" "--column family=genus" \
    "--missing-values $taxon" "--format csv"; do
    # shellcheck disable=SC2086
    try assign "$o" $E --model clustered.h5 -o o.h5
done
for o in "--neighbors 5" "--metric cosine" "--scale l2" "--format json" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" \
    "--id-column id" "--label-column id" "--h5-label a=/id"; do
    try trust "$o" s.h5:sim_dna s.h5:sim_image_1
done
for o in "$E" "--output o2.h5" "--newick o.nwk" "--clusters 5" "--cut-height 1" "--linkage single" "--metadata m2.csv" "--split test" "--scale l2" "--h5-embedding /embeddings/sim_image_1" \
    "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" "--label-column id" "--h5-label a=/id" "--column family=genus" "--missing-values $taxon"; do
    # shellcheck disable=SC2086
    try ward "$o" $E -o o.h5
done
for o in "--cut gap" "--cut-standardised 0.5" "--linkage-metric cosine"; do
    # shellcheck disable=SC2086
    try ward "$o" $E -o o.h5 --linkage average
done
for o in "--metadata m2.csv" "--split test" "--scale l2" "--missing-values $taxon"; do try ward "$o" -e v.npy -o o.h5; done
for o in "--average max" "--missing class" "--missing-values $taxon" "--format json" "--output o.csv" "--permutations 9" "--seed 3"; do try score "$o" m.csv:species m.csv:order; done
for o in "--labels m.csv:genus" "--ranks genus" "--missing class" "--missing-values $taxon" "--output o.csv" "--format json"; do try curve "$o" one.h5; done

# --force replaces what zsc did not write; without an output it is refused
forced() {
    target=$1 command=$2
    shift 2
    echo "$command --force" >>tried
    echo mine >"$target"
    # shellcheck disable=SC2086
    expect 3 "--force replaces it" "$ZSC" $command "$@" -o "$target"
    # shellcheck disable=SC2086
    run "$ZSC" $command "$@" -o "$target" --force
    [ "$status" -eq 0 ] || fail "$command --force: $(tail -n 1 err)"
    cmp -s "$target" out && fail "$command --force"
    rm "$target"
}
# shellcheck disable=SC2086
{
    forced f.h5 simulate --rows 50
    forced f.h5 "embed kmer" -m m.csv
    forced f.h5 import s.h5 --overwrite
    forced f.csv export one.h5
    forced f.csv select $E
    forced f.csv collect r
    forced f.csv compare r --resamples 5
    forced f.svg plot ranks r
    forced f.csv table ranks r
    forced f.html report r --no-figures
    forced f.html atlas r
    forced f.h5 knn $E
    forced f.npy umap $E --n-epochs 3
    forced f.npy ward $E
    forced f.csv cluster $E
    forced f.csv assign $E --model clustered.h5
    forced f.csv stats m.csv
    forced f.csv check m.csv
    forced f.csv split m.csv
    forced f.csv score m.csv:species m.csv:genus
    forced f.csv retrieve $R --k 1
    forced f.csv probe $R --ranks genus --epochs 1
    forced f.csv curve one.h5
}
# any file that a command may write counts
for o in per-class confusions by-keys; do
    for command in "retrieve $R --k 1" "probe $R --ranks genus --epochs 1"; do
        echo mine >f.csv
        # shellcheck disable=SC2086
        expect 3 "--force replaces it" "$ZSC" $command --$o f.csv
        # shellcheck disable=SC2086
        "$ZSC" $command --$o f.csv --force >out 2>err && ! grep -q mine f.csv || fail "$command --$o --force: $(cat err)"
    done
done
echo mine >f.csv
# shellcheck disable=SC2086
expect 3 "--force replaces it" "$ZSC" retrieve $R --k 1 --examples 2 --examples-file f.csv
# shellcheck disable=SC2086
"$ZSC" retrieve $R --k 1 --examples 2 --examples-file f.csv --force >out 2>err && ! grep -q mine f.csv || fail "--examples-file --force: $(cat err)"
for command in "cluster $E" "assign $E --model clustered.h5" "score m.csv:species m.csv:genus" "retrieve $R" "probe $R" "compare r" "collect r" "table ranks r" "stats m.csv" "check m.csv" "curve one.h5" "plot ranks r --dumb"; do
    # shellcheck disable=SC2086
    expect 2 "option --force has no effect here" "$ZSC" $command --force
done
echo "sweep --cache-memory" >>tried # takes memory for time
"$ZSC" sweep -q s.yaml >out 2>err && "$ZSC" sweep s.yaml --force >out 2>err
grep -q "computed 2\|2 computed" out err || fail "sweep --force: $(cat out err)"

for o in "$E" "--output o2.csv" "--clusterer agglomerative -k 5" "--min-cluster-size 7" "--min-samples 3" "--max-cluster-size 7" "--cluster-selection-method leaf" \
    "--cluster-selection-epsilon 9" "--allow-single-cluster --min-cluster-size 40" "--metric cosine" "--metadata m2.csv" "--split test" "--where order=x" "--ids list.txt" "--ids-in-order" \
    "--seed 3" "--n-init 3" "--max-iter 2" "--scale l2" "--h5-embedding /embeddings/sim_image_1" "--h5-id /id" "--bfloat16" "--delimiter ;" "--decimal ," "--no-header" "--id-column id" "--label-column id" \
    "--h5-label a=/id" "--column family=genus" "--linkage single" "--clusters 5" "--cut-height 1" "--format csv"; do
    # shellcheck disable=SC2086
    try cluster "$o" $E -o o.csv
done
for o in "--linkage single" "--clusters 6" "--cut-height 1" "--metric cosine" "--min-cluster-size 7"; do
    # shellcheck disable=SC2086
    try cluster "$o" $E -o o.csv --clusterer agglomerative -k 5
done
# shellcheck disable=SC2086
{
    try cluster "--linkage-metric cosine" $E -o o.csv --clusterer agglomerative --linkage average -k 40
    try cluster "--cut gap" $E -o o.csv --clusterer agglomerative -k 5
    try cluster "--cut-standardised 1" $E -o o.csv --clusterer agglomerative -k 5
    try cluster "--linkage-metric cosine" $E -o o.csv
    try cluster "--cut gap" $E -o o.csv
    try cluster "--cut-standardised 1" $E -o o.csv
}
for o in "--seed 3" "--n-init 20" "--max-iter 1" "--clusters 6" "--linkage single" "--cut-height 1"; do
    # shellcheck disable=SC2086
    try cluster "$o" $E -o o.csv --clusterer kmeans -k 15
    # shellcheck disable=SC2086
    try run "$o" $E --reduce none --clusterer kmeans --format json
done
for o in "--graph-neighbors 20" "--assign-labels cluster_qr" "--n-init 20" "--seed 3" "--max-iter 1" "--metric cosine" "--clusters 16"; do
    # shellcheck disable=SC2086
    try cluster "$o" $E -o o.csv --clusterer spectral -k 15
    # shellcheck disable=SC2086
    try run "$o" $E --reduce none --clusterer spectral --format json
done
# shellcheck disable=SC2086
try cluster "--n-init 20" $E -o o.csv --clusterer spectral -k 15 --assign-labels cluster_qr
for o in "--graph-weights neighbors" "--objective cpm --resolution 0.1" "--resolution 9" "--graph-neighbors 4" "--max-iter 1" "--metric cosine" "--clusters 5" "--n-init 4"; do
    # without igraph every option is refused with the clusterer
    if "$ZSC" version | grep -q '^igraph  *[0-9]'; then leiden="--clusterer leiden"; else leiden=; fi
    # shellcheck disable=SC2086
    try cluster "$o" $E -o o.csv $leiden
    # shellcheck disable=SC2086
    try run "$o" $E --reduce none --format json $leiden
done
# shellcheck disable=SC2086
{
    try cluster "--seed 3" -e s.h5:sim_image_1 -o o.csv ${leiden:+$leiden --objective cpm --resolution 0.3 --graph-neighbors 25}
    for o in "--graph-weights neighbors" "--objective cpm" "--resolution 9"; do try run "$o" $E --reduce none --format json; done
}
# shellcheck disable=SC2086
try cluster "--missing-values $taxon" $E --clusterer agglomerative -k order
printf 'cluster %s\n' --clusterer --allow-single-cluster --max-cluster-size >>tried # each with another, above
# all options are above
"$ZSC" help | sed -n 's/^  \([a-z][a-z]*\( [a-z][a-z]*\)\{0,1\}\)  .*/\1/p' | grep -vx 'help\|version' >commands
while read -r command; do
    # shellcheck disable=SC2086
    "$ZSC" $command --help | sed -n '/^Options:/,/^Examples:/p' | grep -oE '^ +(-., )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' |
        grep -vx -e '--\(threads\|memory-limit\|quiet\|verbose\|log-file\|help\)' | sed "s/^/$command /"
done <commands | sort -u >wanted
sed 's/ -e$/ --embeddings/' tried | sort -u >found
for lack in $(comm -23 wanted found | tr ' ' '@'); do fail "this option is not tried here: zsc $(echo "$lack" | tr '@' ' ')"; done
finish
