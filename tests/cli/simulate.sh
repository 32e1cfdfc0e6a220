#!/bin/sh
# zsc simulate: same bytes for one seed at any number of threads, the columns of BIOSCAN-5M, the simulated mark, bad options.
set -eu
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
small="--rows 800 --dna-dim 8 --image-dim 8"
"$ZSC" simulate -q -t 1 $small --seed 3 -o a.h5 --metadata-output a.csv
"$ZSC" simulate -q -t 3 $small --seed 3 -o b.h5 --metadata-output b.csv
cmp a.h5 b.h5
cmp a.csv b.csv
"$ZSC" simulate -q $small --seed 4 -o b.h5 --metadata-output b.csv
! cmp -s a.csv b.csv

head -n 1 a.csv | grep -q '^processid,sampleid,taxon,phylum,class,order,family,subfamily,genus,species,dna_bin,dna_barcode,country,province_state,coord-lat,coord-lon,image_measurement_value,area_fraction,scale_factor,inferred_ranks,split,index_bioscan_1M_insect,chunk,simulated$'
[ "$(wc -l < a.csv)" -eq 801 ]
awk -F, 'NR > 1 && (NF != 24 || $24 != 1 || ($21 != "test" && $21 != "test_unseen")) {bad = 1} END {exit bad}' a.csv
# a species is in one split, and unseen ones are there
awk -F, 'NR > 1 && $10 != "" {if (($10 in s) && s[$10] != $21) exit 1; s[$10] = $21; u += $21 == "test_unseen"} END {exit u == 0}' a.csv

# places: a country in every row, a province in nearly all, coordinates in range; sites have several rows
awk -F, 'NR > 1 {n++; if ($13 !~ /^Fictland [0-9]+$/ || ($14 != "" && $14 !~ /^Fict Province [0-9]+$/)) exit 1; p += $14 != ""
    if (($15 == "") != ($16 == "")) exit 1; if ($15 == "") next; if ($15 < -90 || $15 > 90 || $16 < -180 || $16 >= 180) exit 1
    if (!(($15, $16) in at)) sites++; else if (at[$15, $16] != $13) exit 1; at[$15, $16] = $13}
    END {exit !(p > 0.9 * n && p < n && sites > 100 && sites < 0.9 * n)}' a.csv

# the mark is carried on by the encoder, so that figures can say so
"$ZSC" embed kmer -q -m a.csv -k 3 -o k.h5
strings k.h5 2>/dev/null | grep -q simulated || od -c k.h5 | tr -d ' \n' | grep -q simulated

expect() { # status, words, command...
  status=$1 words=$2; shift 2
  got=0; "$ZSC" "$@" > out 2> err || got=$?
  if [ $got -ne "$status" ] || ! grep -q -- "$words" err || [ -e x.h5 ]; then
    echo "zsc $*: expected status $status and '$words', got $got:"; cat err; exit 1
  fi
}
expect 2 'every genus has at least one species' simulate -o x.h5 --rows 100 --genera 50 --species 40
expect 2 'need at least as many rows' simulate -o x.h5 --rows 100 --species 101
expect 2 '--output is needed' simulate --rows 100
expect 2 'one for each of 3 encoders (--image-encoders), not 2' simulate -o x.h5 --rows 100 --image-dim 4,8
expect 2 "expects whole numbers, not 'x'" simulate -o x.h5 --rows 100 --dna-dim x
expect 2 'expected 1 to 65536 dimensions, not 0' simulate -o x.h5 --rows 100 --image-dim 4,0,8
"$ZSC" simulate -q --rows 100 --image-dim 4,5,6 --dna-dim 0 -o d.h5
[ "$("$ZSC" info d.h5 --format json | sed -n 's/^ *"columns": //p' | tr -d ',\n')" = 456 ]
expect 2 'name the same file' simulate --rows 100 -o x.h5 --metadata-output x.h5
expect 3 'cannot create' simulate --rows 100 -o missing-folder/x.h5
expect 2 'expects whole numbers' embed kmer -m a.csv -k 4,five -o x.h5
expect 2 'from 2 to 8' embed kmer -m a.csv -k 9 -o x.h5
expect 3 "no row has split 'train'" embed kmer -m a.csv -s train -o x.h5
expect 3 "nowhere.csv" embed kmer -m nowhere.csv -o x.h5
(head -n 3 a.csv; sed -n 2p a.csv) > twice.csv
expect 3 "stands in row 1 and again in row 3" embed kmer -m twice.csv -o x.h5
cut -d, -f2- a.csv > noid.csv
expect 3 "processid" embed kmer -m noid.csv -o x.h5
(sed -n 1,3p a.csv; sed -n 4p a.csv | sed 's/,[ACGTNRYMKSW]*,Fictland/,NNNN,Fictland/'; sed -n 5p a.csv | sed 's/,[ACGTNRYMKSW]*,Fictland/,,Fictland/') > holes.csv
"$ZSC" embed kmer -q -m holes.csv -k 3 -o holes.h5 2> err
grep -q '1 of 4 rows have no barcode' err
grep -q '1 of 4 barcodes hold no window' err
