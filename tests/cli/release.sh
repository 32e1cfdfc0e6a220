#!/bin/sh
# zsc simulate --release: the same bytes at any number of threads, the names and forms that the authors' programs give, columns and
# splits of BIOSCAN-5M, the numbers of rows that doc/simulate.md has, marks of simulated data, and what is not replaced.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=/usr/bin/python3
[ -x $python ] || python=python3
table=bioscan5m/metadata/csv/BIOSCAN_5M_Insect_Dataset_metadata.csv

"$ZSC" simulate -q --release one --scale 0.001 --seed 3 -t 1 || fail "simulate --release"
"$ZSC" simulate -q --release three --scale 0.001 --seed 3 -t 3 || fail "simulate --release"
diff -r one three >differences 2>&1 || fail "one and three threads: $(head -n 3 differences)"
"$ZSC" simulate -q --release other --scale 0.001 --seed 1 || fail "simulate --release"
cmp -s one/$table other/$table && fail "seeds 3 and 1 give the same metadata"
cmp -s one/clibd/image_dna_text_4gpu/extracted_features_of_seen_test.hdf5 other/clibd/image_dna_text_4gpu/extracted_features_of_seen_test.hdf5 &&
    fail "seeds 3 and 1 give the same embeddings"
rm -rf three other
[ -z "$(find one -name '*.tmp-*')" ] || fail "temporary files are left"

# every file is what zsc, and others, take it for
find one -name '*.npz' -o -name '*.hdf5' | sort >files
[ "$(grep -c 'npz$' files)" -eq 49 ] || fail "$(grep -c 'npz$' files) .npz, not 12 x 2 + 5 x 5"
[ "$(grep -c 'hdf5$' files)" -eq 8 ] || fail "$(grep -c 'hdf5$' files) files of CLIBD"
while read -r f; do
    "$ZSC" info "$f" >out 2>err || fail "zsc info $f: $(tail -n 1 err)"
    grep -q '^data  *simulated' out || fail "$f does not say that it is simulated"
done <files
"$ZSC" info one/$table >out 2>err || fail "zsc info: $(tail -n 1 err)"
head -n 1 one/$table | grep -q '^processid,sampleid,taxon,phylum,class,order,family,subfamily,genus,species,dna_bin,dna_barcode,country,province_state,coord-lat,coord-lon,image_measurement_value,area_fraction,scale_factor,inferred_ranks,split,index_bioscan_1M_insect,chunk,simulated$' ||
    fail "columns: $(head -n 1 one/$table)"
for words in 'SIMULATED' 'Nothing here is real'; do grep -q "$words" one/README || fail "README without '$words'"; done
grep -q 'SIMULATED DATA' one/paper.yaml || fail "paper.yaml does not say that it is simulated"
sed -n 's/^ *- \(embeddings.*\)/\1/p; s/^ *\(image\|dna\): \(clibd[^:]*\):.*/\2/p; s/^metadata: //p; s/^images: //p' one/paper.yaml | sort -u >named
[ "$(wc -l <named)" -eq 53 ] || fail "paper.yaml names $(wc -l <named) files and folders"
while read -r f; do [ -e "one/$f" ] || fail "paper.yaml names $f, which is not there"; done <named

if "$python" -c 'import h5py, numpy' 2>/dev/null; then
    "$python" "$ZSC_SRCDIR/tests/cli/release.py" one || fail "files as Python reads them"
else
    echo "contents are not compared: no Python with h5py and numpy"
fi

# The model: images are best near family, DNA rises to species; alignment is what lets images find DNA.
ami() { # KIND ENCODER RANK
    "$ZSC" run -q -e "ten/embeddings/test__$1+ten/embeddings/test_unseen__$1:$2" -m ten/$table --split test+test_unseen --reduce none --ranks "$3" --format csv |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $at["ami"] }'
}
above() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b) }' || fail "$3: $1 is not above $2"; }
"$ZSC" simulate -q --release ten --scale 0.01 || fail "simulate --release"
for e in dino_vitb16 resnet50; do above "$(ami z1.0 $e family)" "$(ami z1.0 $e species)" "$e, family and species"; done
above "$(ami z1.0 dino_vitb16 species)" "$(ami z1.0 timm_vit_base_patch16_224.mae species)" "DINO and MAE"
above "$(ami z1.0 timm_vit_base_patch16_224.mae species)" "$(ami z1.0 random_resnet50 species)" "MAE and random weights"
above "$(ami maxlen660 hyenadna species)" "$(ami maxlen660 hyenadna family)" "HyenaDNA, species and family"
above "$(ami maxlen660 hyenadna species)" "$(ami maxlen660 dnabert-2 species)" "HyenaDNA and DNABERT-2"
order() { # MODEL: accuracy of images that look for DNA
    "$ZSC" retrieve -q -e ten/clibd/"$1":dna --queries ten/clibd/"$1":image -m ten/$table --key-split train+key_unseen --query-split test --k 1 --ranks family --format csv |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["split"] == "test" { print $at["micro"] }'
}
above "$(order image_dna_text_4gpu)" "$(order no_alignment_baseline)" "images in DNA, after and before alignment"

# what doc/simulate.md says of scale 0.01
cut -d, -f21 ten/$table | sed 1d | sort | uniq -c | awk '{ n[$2] = $1 } END { m = split("pretrain train val test key_unseen val_unseen test_unseen other_heldout", s, " ");
    for (i = 1; i <= m; i++) printf " %d |", n[s[i]]; print "" }' >counts
grep '^| 0.01 |' "$ZSC_SRCDIR/doc/simulate.md" | sed 's/^| 0.01 |//; s/,//g' >documented
cmp -s counts documented || fail "rows of the splits: $(cat counts), in doc/simulate.md $(cat documented)"
rm -rf ten

# what is there is kept, unless zsc wrote it; nothing is written before that is known
cp -r one copy && echo mine >copy/paper.yaml && rm copy/README
expect 3 "'copy/paper.yaml' is there already, and zsc did not write it" "$ZSC" simulate --release copy --scale 0.001
[ ! -e copy/README ] || fail "something was written before the refusal"
rm -rf copy
image=$(find one -name '*.jpg' | sort | sed -n 7p)
echo mine >"$image"
expect 3 "'$image' is there already" "$ZSC" simulate --release one --scale 0.001 --seed 3
run "$ZSC" simulate -q --release one --scale 0.001 --seed 3 --force
[ "$status" -eq 0 ] || fail "--force: $(tail -n 1 err)"
grep -q '^mine$' "$image" && fail "--force does not replace $image"
mkdir folder folder/README
expect 3 "'folder/README': it is a folder" "$ZSC" simulate --release folder --scale 0.001
expect 3 "'files' is a file: a folder is expected" "$ZSC" simulate --release files --scale 0.001
expect 2 'none is of split val: raise the scale above 0.0001' "$ZSC" simulate --release tiny --scale 0.0001
[ ! -e tiny ] || fail "a folder is made for nothing"
expect 2 'from 1e-06 to 1' "$ZSC" simulate --release tiny --scale 1.5
expect 2 'release' "$ZSC" simulate --release tiny --rows 5
expect 2 'release' "$ZSC" simulate -o x.h5 --scale 0.5

# killed at any moment: what carries a final name is whole, and the command given again ends as if it had not been killed
digests() { (cd "$1" && find . -type f ! -name '*.tmp-*' -exec cksum {} + | sort -k 3); }
digests one >whole
for after in 0.1 0.2 0.4; do
    "$ZSC" simulate -q --release killed --scale 0.001 --seed 3 &
    sleep $after
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    if [ -d killed ] && digests killed | grep -vxFf whole; then fail "killed after $after s: a file is not whole"; fi
done
run "$ZSC" simulate -q --release killed --scale 0.001 --seed 3
[ "$status" -eq 0 ] || fail "after a kill: $(tail -n 1 err)"
digests killed | cmp -s - whole || fail "after a kill the command ends otherwise"
finish
