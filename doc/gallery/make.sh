#!/bin/sh
# Makes the figures of this folder, from simulated data alone. Run in an empty folder: sh /path/to/doc/gallery/make.sh [ZSC]
set -eu
zsc=${1:-zsc}
$zsc simulate -q -o sim.h5 --metadata-output sim.csv --rows 1500 --seed 1
$zsc embed kmer -q -m sim.csv -k 2,3,4,5,6,7 -o kmer.h5 > /dev/null
for encoder in sim.h5:sim_dna sim.h5:sim_image_1 sim.h5:sim_image_2 sim.h5:sim_image_3 kmer.h5:kmer2 kmer.h5:kmer3 kmer.h5:kmer4 kmer.h5:kmer5 \
    kmer.h5:kmer6 kmer.h5:kmer7; do
    $zsc run -q -e $encoder -m sim.csv --epochs 100 -o many > /dev/null
done
for encoder in sim_dna sim_image_1 sim_image_2; do
    for rows in all random; do
        $zsc run -q -e sim.h5:$encoder --one-per-barcode=$rows --seed 0-2 --epochs 100 --curve -o runs > /dev/null
    done
    $zsc run -q -e sim.h5:$encoder --one-per-barcode=random --scale zscore --epochs 100 -o pairs > /dev/null
done
for image in sim_image_1 sim_image_2; do
    $zsc run -q -e sim.h5:$image -e sim.h5:sim_dna --one-per-barcode=random --scale zscore --epochs 100 -o pairs > /dev/null
done
$zsc run -q -e sim.h5:sim_dna --dim 2 --keep-reduced -o plane > /dev/null
$zsc simulate -q -o all.h5 --rows 60000 --seed 2 --splits all --image-encoders 6 --dna-encoders 3 --image-dim 32 --dna-dim 32
for encoder in sim_dna_1 sim_dna_2 sim_dna_3 sim_image_1 sim_image_2 sim_image_3 sim_image_4 sim_image_5 sim_image_6; do
    $zsc run -q -e all.h5:$encoder --split test+test_unseen --epochs 100 --internal -o measures > /dev/null
    $zsc retrieve -q -e all.h5:$encoder --key-split train+key_unseen --query-split test --k 1 --store measures > /dev/null
done
for n in 500 1000 2000 4000; do
    $zsc simulate -q -o sim-$n.h5 --rows $n
    for encoder in sim_dna sim_image_1; do $zsc run -q -e sim-$n.h5:$encoder --epochs 50 -o growth > /dev/null; done
done
printf 'embeddings: [sim-500.h5:sim_image_1, sim-500.h5:sim_dna]\nneighbors: [5, 10, 20, 40, 80]\nmin-dist: [0, 0.1, 0.5]\nepochs: 100\nseed: 0-2\noutput: settings\n' > settings.yaml
$zsc sweep -q settings.yaml > /dev/null
$zsc simulate -q -o survey.h5 --metadata-output survey.csv --rows 20000 --image-encoders 0 --dna-encoders 0
printf 'embeddings: sim.h5:*\nepochs: 100\nseed: 0-2\nmissing: [drop, class]\nclusters: [finest, each-rank]\ncut: [clusters, silhouette]\nneighbors: [30, 10, 60]\nmin-dist: [0, 0.5]\nmetric: [euclidean, cosine]\nscale: [none, zscore]\nreduce: [umap, none]\noutput: study\n' > study.yaml
$zsc sensitivity -q study.yaml > /dev/null
png="--columns 2 --dpi 130"
$zsc plot ranks runs $png -o ranks.png
$zsc plot settings settings --settings neighbors --where min_dist=0 $png -o settings.png
$zsc plot settings settings $png -o settings_map.png
$zsc plot clusters runs --encoders sim_image_1,sim_dna --rows all --where seed=0 $png -o clusters.png
$zsc plot heatmap pairs --dpi 130 -o heatmap.png
$zsc plot scatter plane $png -o scatter.png
$zsc plot dendrogram plane --leaves 25 $png -o dendrogram.png
$zsc plot compare many --resamples 200 $png -o compare.png
$zsc plot measures measures --rank genus $png -o measures.png
$zsc plot sensitivity study --base reduce=umap $png -o sensitivity.png
$zsc plot stages runs $png -o stages.png
$zsc plot growth growth $png -o growth.png
$zsc plot prevalence survey.csv $png -o prevalence.png
$zsc plot composition survey.csv $png -o composition.png
$zsc plot map survey.csv $png -o map.png
for encoder in sim_image_2 sim_dna; do $zsc run -q -e sim.h5:$encoder -m sim.csv --epochs 200 -o specimens > /dev/null; done
$zsc atlas specimens -o atlas.html
$zsc report runs pairs plane --atlas atlas.html -o report.html
python3 "$(dirname "$0")/atlas.py" atlas.html # needs Chromium
