#!/bin/sh
# Files as the published study's code writes and calls them: zs-ssl-clustering's folders of .npz and CLIBD's HDF5 files. Which
# file is of which split and which encoder, which files are parts of one encoder and which are encoders of the same rows.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=/usr/bin/python3
[ -x $python ] || python=python3
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "needs Python with h5py and numpy"
"$python" "$ZSC_SRCDIR/tests/cli/study.py" . || exit 99

# reads EMBEDDINGS 'KEY...' NAME OPTION...: the rows are those of truth.npz's KEYs, ids and numbers; the encoder is called NAME.
# What was read is compared at the end, all at once.
count=0
top=$work
reads() {
    from=$1 keys=$2 called=$3
    shift 3
    count=$((count + 1))
    run "$ZSC" select -q -e "$from" "$@" -o "$top/got$count.h5"
    [ "$status" -eq 0 ] || fail "$from: status $status: $(tail -n 1 err)"
    echo "$count|$called|$keys|$from $*" >>"$top/expected"
}
compare_all() {
    "$python" - <<'PY' || fail "what was read is not what was written"
import h5py, numpy as np
t = dict(np.load('truth.npz'))
bad = 0
for line in open('expected'):
    count, called, keys, what = line.rstrip('\n').split('|')
    i, x = [], []
    for key in keys.split(','):
        ids, values = key.split(':')
        i += list(t['ids ' + ids])
        x.append(t[values])
    x = np.concatenate(x).astype('f4')
    with h5py.File(f'got{count}.h5') as h:
        name, = h['embeddings']
        got = dict(zip(h['id'].asstr()[:], h['embeddings/' + name][:]))
    if name != called or sorted(got) != sorted(i) or not all((got[k] == v).all() for k, v in zip(i, x)):
        print(what, 'gives', name, 'with', len(got), 'rows, and not the', len(i), 'of', called)
        bad += 1
assert not bad
PY
}
encoders() { # WANTED PATH: what zsc info says of the encoders
    run "$ZSC" info --format json "$2"
    got=$(sed -n 's/^ *"encoder": "\(.*\)",$/\1/p' out | tr '\n' ' ')
    [ "$got" = "$1 " ] || fail "$2: encoders $got, not $1"
}
image='clip_RN50 clip_vitb16 dino_resnet50 dino_vitb16 mae_pretrain_vit_base_global mocov3_resnet50 mocov3_vit_base resnet50 timm_vit_base_patch16_224.mae vicreg_resnet50 vitb16'
dna='NucleotideTransformer barcodebert dnabert-2 dnabert-s hyenadna'
both=test__z1.0+test_unseen__z1.0

# --- zs-ssl-clustering
encoders "$image" $both
encoders "$image" test__z1.0
encoders "$dna" test__maxlen660+test_unseen__maxlen660
encoders "$image $dna" test__z1.0+test__maxlen660
for model in dino_vitb16 timm_vit_base_patch16_224.mae; do
    reads $both:$model "test:test $model,test_unseen:test_unseen $model" $model -m meta.csv --split test+test_unseen
    reads $both:$model "test_unseen:test_unseen $model" $model -m meta.csv --split test_unseen
done
for folders in test__maxlen660+test_unseen__maxlen660 test+test_unseen; do
    reads $folders:dnabert-s 'test:test dnabert-s,test_unseen:test_unseen dnabert-s' dnabert-s -m meta.csv
done
reads test__z1.0:vitb16 'test:test vitb16' vitb16 -m meta.csv
reads test__z1.0/bioscan5m__vitb16.npz 'test:test vitb16' vitb16 -m meta.csv
reads val__z1.0 'val:val dino_vitb16' dino_vitb16 -m meta.csv --split val
reads all__z1.0 'all:all dino_vitb16' dino_vitb16 -m meta.csv --split all
reads test__z0.875 'test:test dino_vitb16' dino_vitb16 -m meta.csv --split seen
(cd test_unseen__z1.0 && cp ../meta.csv . && "$ZSC" run -q --reduce none --clusters 2 -e bioscan5m__vitb16.npz -m meta.csv && rm meta.csv) >out 2>err ||
    fail "in the folder itself: $(cat err)"
head -n 1 out | grep '^vitb16: 16 rows' >/dev/null || fail "in the folder itself: $(head -n 1 out)"
# in one folder, by what the files' names say
for folder in flat words; do
    encoders 'barcodebert dino_vitb16' $folder
    reads $folder:barcodebert 'test:test barcodebert,test_unseen:test_unseen barcodebert' barcodebert -m meta.csv
done
reads flat/dino_vitb16_test.npz+flat/dino_vitb16_test_unseen.npz 'test:test dino_vitb16,test_unseen:test_unseen dino_vitb16' dino_vitb16 -m meta.csv
# with ids in the files, or as HDF5: the same ids are the same rows
encoders 'barcodebert dino_vitb16' one+two
encoders 'barcodebert dino_vitb16' one
encoders 'barcodebert dino_vitb16' h5
reads one+two:barcodebert 'test:test barcodebert,test_unseen:test_unseen barcodebert' barcodebert
reads h5:dino_vitb16 'test:test dino_vitb16' dino_vitb16
# numbered files without ids are parts
encoders part1 numbered
"$ZSC" info numbered | grep '^rows *40$' >/dev/null || fail "numbered parts: $("$ZSC" info numbered | head -n 3)"

# what does not belong together
expect 3 "which encoder? It holds: clip_RN50, clip_vitb16" "$ZSC" run -e $both -m meta.csv
expect 3 "no encoder 'dino_vitb61'; did you mean 'dino_vitb16'?" "$ZSC" run -e $both:dino_vitb61 -m meta.csv
mkdir test_unseen__z2.0 && cp test_unseen__z1.0/bioscan5m__vitb16.npz test_unseen__z2.0
expect 3 "'test_unseen__z2.0/bioscan5m__vitb16.npz' has no encoder dino_vitb16, as 'test__z1.0/bioscan5m__clip_RN50.npz' has" \
    "$ZSC" run -e test__z1.0+test_unseen__z2.0:dino_vitb16 -m meta.csv
reads test__z1.0+test_unseen__z2.0:vitb16 'test:test vitb16,test_unseen:test_unseen vitb16' vitb16 -m meta.csv
expect 3 "no encoder in common" "$ZSC" run -e test__z0.875+test_unseen__z2.0 -m meta.csv # dino and another: never one embedding
expect 3 "24 rows and no ids, and metadata 'meta.csv' has 16 rows of split test_unseen" sh -c \
    'mkdir test_unseen__z3.0 && cp test__z1.0/bioscan5m__vitb16.npz test_unseen__z3.0 && "$ZSC" run -e test_unseen__z3.0 -m meta.csv'
cp -r test__z1.0 test__z4.0
"$python" -c '
import numpy as np
f = "test__z4.0/bioscan5m__vitb16.npz"; z = np.load(f); y = z["y_true"].copy(); y[7] = 5; np.savez(f, embeddings=z["embeddings"], y_true=y)'
expect 3 "are taken for encoders of the same rows, and y_true of row 8 is" "$ZSC" run -e test__z4.0 -m meta.csv

# --- all encoders, one or several: runs, as in sweeps
run "$ZSC" run -q --reduce none --clusters 2 --ranks species --format csv -e "$both:*" -m meta.csv -o ran
[ "$status" -eq 0 ] && [ "$(tail -n +2 out | wc -l)" -eq 11 ] || fail "run of all encoders: $(cat out err)"
printf 'embeddings: "%s:*"\nmetadata: meta.csv\nreduce: none\nclusters: 2\nranks: [species]\noutput: swept\n' $both >sweep.yaml
run "$ZSC" sweep -q sweep.yaml
[ "$status" -eq 0 ] && [ "$(ls ran)" = "$(ls swept)" ] || fail "a sweep of all encoders is not their runs: $(ls ran swept) $(cat err)"
run "$ZSC" run -q --reduce none --clusters 2 --ranks species --format csv -m meta.csv -e "$both:mocov3*" -e 'test__maxlen660+test_unseen__maxlen660:dnabert-?'
[ "$(tail -n +2 out | cut -d, -f2 | tr '\n' ' ')" = 'mocov3_resnet50+dnabert-2 mocov3_resnet50+dnabert-s mocov3_vit_base+dnabert-2 mocov3_vit_base+dnabert-s ' ] ||
    fail "pairs by patterns: $(cat out err)"
expect 3 "no encoder of '$both' matches 'bert*'" "$ZSC" run -e "$both:bert*" -m meta.csv
for spec in "$both:d*:dino_resnet50 dino_vitb16" "h5:*:barcodebert dino_vitb16" "h5:barcodebert:barcodebert" "h5/barcodebert.h5:*:barcodebert"; do
    encoders "${spec##*:}" "${spec%:*}"
done
expect 3 "no encoder 'bert'" "$ZSC" info h5:bert
expect 3 "'meta.csv' holds no embeddings, and thus no encoder x" "$ZSC" info meta.csv:x
expect 3 "no such file: 'nowhere:x'" "$ZSC" info nowhere:x
run "$ZSC" import "h5:*" -o imported.h5
[ "$status" -eq 0 ] || fail "import: $(cat err)"
encoders 'barcodebert dino_vitb16' imported.h5

# --- styles: each of the study's names has the paper's
run "$ZSC" table ranks --format csv ran
while read -r label; do
    grep -F "$label" out >/dev/null || fail "no encoder is called '$label' in: $(cut -d, -f1 out | tr '\n' ' ')"
done <<'LABELS'
ResNet-50 X-Ent.
ResNet-50 MoCo-v3
ResNet-50 DINO
ResNet-50 VICReg
ResNet-50 CLIP
ViT-B X-Ent.
ViT-B MoCo-v3
ViT-B DINO
ViT-B MAE (CLS)
ViT-B MAE (avg)
ViT-B CLIP
LABELS
run "$ZSC" run -q --reduce none --clusters 2 --ranks species -e 'test__maxlen660:*' -m meta.csv -o ran-dna
run "$ZSC" table ranks --format csv ran-dna
for label in BarcodeBERT DNABERT-2 DNABERT-S HyenaDNA NT; do
    grep ",\"*$label\"*," out >/dev/null || fail "no encoder is called '$label' in: $(cat out)"
done

# --- BarcodeBERT: a pickle of ids and numbers, which is refused, and read once it was made an .npz by doc/formats.md's lines; and a
# CSV of numbers alone, whose rows are those of the metadata
mkdir -p bert/embeddings
(cd bert && "$python" - <<'PY') || exit 99
import csv, pickle, numpy as np
t = dict(np.load('../truth.npz'))
ids, x = t['ids test'], t['test barcodebert'].astype('f4')
pickle.dump({'data': x, 'ids': ids}, open('embeddings/unseen.pickle', 'wb'), protocol=pickle.HIGHEST_PROTOCOL)
np.savetxt('all.csv', x.astype('f8'), delimiter=',')
rows = {row['processid']: row for row in csv.DictReader(open('../meta.csv'))}
with open('order.csv', 'w', newline='') as f:
    out = csv.DictWriter(f, next(iter(rows.values())))
    out.writeheader()
    out.writerows(rows[i] for i in ids)
PY
expect 3 "a Python pickle, which is a program and never run" "$ZSC" info bert/embeddings/unseen.pickle
lines=$(grep -A 1 '^    import numpy, pickle$' "$ZSC_SRCDIR/doc/formats.md" | sed 's/^    //')
(cd bert && "$python" -c "$lines") || fail "doc/formats.md's lines for BarcodeBERT fail"
reads bert/barcodebert.npz "test:test barcodebert" barcodebert
reads bert/all.csv "test:test barcodebert" all -m bert/order.csv

# --- CLIBD: a file per split
for split in seen_test:test unseen_test:test_unseen seen_val:val unseen_val:val_unseen seen_keys:train unseen_keys:key_unseen; do
    file=clibd/extracted_features_of_${split%:*}.hdf5
    reads $file:dna "${split%:*}:${split%:*} dna" dna --split "${split#*:}"
    reads $file:dna "${split%:*}:${split%:*} dna" dna --split "${split%:*}" # by CLIBD's name too
    reads $file:dna "${split%:*}:${split%:*} dna" dna --split "${split%:*}" -m meta.csv
done
all=clibd/extracted_features_of_all_keys.hdf5
reads $all:image "all_keys:all_keys image" image
reads $all:image "all_keys:all_keys image" image --split all_keys
reads $all:image "all_keys:all_keys image" image --split all_keys -m meta.csv
reads $all:image "all_keys:all_keys image" image --split train+key_unseen -m meta.csv
expect 3 "no row has split 'train'; there are: all_keys" "$ZSC" run -e $all:image --split train # which rows, the file does not say
two=clibd/extracted_features_of_seen_test.hdf5+clibd/extracted_features_of_unseen_test.hdf5
reads $two:image 'seen_test:seen_test image,unseen_test:unseen_test image' image --split test+test_unseen
reads $two:image 'unseen_test:unseen_test image' image --split test_unseen
reads $two:image 'unseen_test:unseen_test image' image --split unseen
run "$ZSC" info --format json $two
"$python" -c 'import json; o = json.load(open("out")); assert o["splits"] == [{"split": "test", "rows": 24}, {"split": "test_unseen", "rows": 16}], o["splits"]' ||
    fail "the splits of CLIBD's files"

# --- CLIBD: an evaluation, with ids in JSON
for when in test val; do
    file=eval_$when/extracted_feature_from_${when}_split.hdf5
    encoders 'dna image averaged concatenated' $file
    for kind in dna image averaged concatenated; do
        reads $file:$kind "$when:$when seen $kind,${when}_unseen:$when unseen $kind,all_keys:$when key $kind" $kind
    done
    reads $file:dna "$when:$when seen dna,${when}_unseen:$when unseen dna" dna --split $when+${when}_unseen
    reads $file:dna "all_keys:$when key dna" dna --split all_keys -m meta.csv
    "$ZSC" run -q --reduce none --clusters species --format csv -e $file:dna >a
    "$ZSC" run -q --reduce none --clusters species --format csv -e $file:dna -m meta.csv >b
    [ -s a ] && [ "$(cut -d, -f3- a)" = "$(cut -d, -f3- b | grep -v '^.*,class,\|,subfamily,\|,dna_bin,')" ] || fail "$when: labels of JSON and metadata: $(cat a b)"
done
cd eval_test || exit 99
file=extracted_feature_from_test_split.hdf5
cp $file renamed.hdf5
run "$ZSC" run -q --reduce none --clusters 2 -e renamed.hdf5:dna # the only ids there are
[ "$status" -eq 0 ] || fail "renamed: $(cat err)"
cp ../eval_val/processed_id_val.json .
expect 3 "its name does not say whose ids it has" "$ZSC" run -e renamed.hdf5:dna
expect 3 "processed_id_test.json', line" sh -c 'cp processed_id_test.json kept; head -c 100 kept >processed_id_test.json; "$ZSC" run -e extracted_feature_from_test_split.hdf5:dna'
echo '{"seen_id_list": [], "unseen_id_list": []}' >processed_id_test.json
expect 3 "has no list key_id_list" "$ZSC" run -e $file:dna
sed 's/P0/Q0/; s/"key_id_list"/"others"/' kept >processed_id_test.json
expect 3 "has no list key_id_list, the ids of 'extracted_feature_from_test_split.hdf5:/key'" "$ZSC" run -e $file:dna
"$python" -c 'import json; o = json.load(open("kept")); o["seen_id_list"].pop(); json.dump(o, open("processed_id_test.json", "w"))'
expect 3 "has 24 rows, and there are 23 ids" "$ZSC" run -e $file:dna
rm processed_id_test.json
expect 3 "has no ids: CLIBD writes them into processed_id_test.json in the same folder, and there is none" "$ZSC" run -e $file:dna
mv kept processed_id_test.json
echo '{"seen_gt_dict": []}' >labels_test.json
run "$ZSC" run -q --reduce none --clusters 2 -e $file:dna -m ../meta.csv
[ "$status" -eq 0 ] || fail "labels that cannot be read: $(cat err)"
rm labels_test.json
run "$ZSC" run -q --reduce none --clusters 2 -e $file:dna -m ../meta.csv
[ "$status" -eq 0 ] || fail "without labels: $(cat err)"
cd "$top" && compare_all
finish
