#!/bin/sh
# Kinds of files that people really have (cases.md): of each the case that showed it and further members, value by value, or the
# sentence of the refusal.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"
"$python" "$ZSC_SRCDIR/tests/cli/cases.py" own || exit 99

# zsc ARGUMENTS...: status, out, err; what was named is noted
zsc() {
    echo "$*" >>"$work/used"
    run "$ZSC" "$@"
}
refuses() { # WORDS ARGUMENTS...
    words=$1
    shift
    zsc "$@"
    [ "$status" -eq 3 ] && [ "$(wc -l <err)" -ge 1 ] && tail -n 1 err | grep -F -e "$words" >/dev/null || fail "$*: $status, no '$words' in: $(cat err)"
}
says() { grep -F -e "$1" err >/dev/null || fail "$what: no '$1' in: $(cat err)"; }
# scored ROWS CLASSES RANK ARGUMENTS...: rows and classes at RANK, whose groups are found
scored() {
    want="$1 $2 1" rank=$3
    shift 3
    what=$*
    zsc run --reduce none --clusters 2 --format csv "$@"
    [ "$status" -eq 0 ] || { fail "$what: $(tail -n 1 err)"; return; }
    got=$(awk -F, -v rank="$rank" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } $c["rank"] == rank { print $c["rows"], $c["classes"], $c["ami"] }' out)
    [ "$got" = "$want" ] || fail "$what: $rank: '$got', not '$want'"
}
# holds ARGUMENTS...: the rows of -e are those of the truth, under their ids; compared at the end
count=0
holds() {
    count=$((count + 1))
    what=$*
    zsc select -q -o "$work/held$count.h5" -e "$@"
    [ "$status" -eq 0 ] || { fail "$what: $(tail -n 1 err)"; return; }
    echo "$count $what" >>"$work/held"
}
same_rows() { # FILE FILE: the vectors of two files
    "$python" -c 'import h5py, sys
a, b = (list(h5py.File(f)["embeddings"].values())[0][:] for f in sys.argv[1:])
assert a.shape == b.shape and (a == b).all()' "$1" "$2" || fail "$1 and $2: other vectors"
}

# --- the cases, and after them the further members, in the order of cases.md
cases() {
    holds numbers_no_header.csv -m ids40.csv
    what=numbers_no_header.csv && zsc info numbers_no_header.csv && grep -q 'no header' out || fail "info of a table without a header: $(cat out)"
    zsc run -e numbers_no_header.csv -m ids40.csv --reduce none --clusters 2 && says 'no header, since the first row holds numbers' && says 'have no ids'
    holds numbers_no_id.csv -m ids40.csv
    scored 40 2 variety -e flowers.csv && says 'labels: variety; features: 4 columns'
    scored 40 2 species -e Id_capital.csv
    zsc select -e Id_capital.csv && grep -q '4' out || fail "Id_capital: $(cat out)"
    scored 40 2 target -e target_integer.csv && says 'labels: target; features: 4 columns'
    for f in far_from_origin tiny huge; do scored 40 2 species -e $f.npy -m ids40.csv; done
    for f in far_from_origin tiny; do narrow $f.npy -m ids40.csv; done
    beyond huge.npy -m ids40.csv
    thirty_missing three.npy three_none.csv:species -m three_none.csv
    thirty_missing three.npy marks_of_missing.csv:species -m marks_of_missing.csv
    figures hash_label.h5 '#N/A'
    one_barcode lower_case.csv
    markers bold_two_markers.tsv marker_code
    zsc embed kmer -m bold_nucraw.tsv -k 2 -o nucraw.h5 --force && same_rows nucraw.h5 coi.h5
    scored 34 2 species -e nullable_strings.h5ad && scored 39 2 genus -e nullable_strings.h5ad && holds nullable_strings.h5ad
    detected user_block.h5
    scored 40 2 species -e integers.h5 && names integers.h5 0 39 0 1
    scored 40 2 species -e enum_labels.h5 && names enum_labels.h5 s0 s39 'Apis' 'Bombus'
    beside dangling_link.h5
    for f in per_sample_and_more per_sample_original_id per_sample_groups; do holds $f.h5 -m ids40.csv; done
    neighbours
    scored 40 2 species -e 'test__z1.0+test_unseen__z1.0:mocov3_vit_base' -m study.csv --split test+test_unseen
    encoders 'dino_vitb16 mocov3_vit_base' test__z1.0+test_unseen__z1.0
    two=extracted_features_of_seen_test.hdf5+extracted_features_of_unseen_test.hdf5
    splits "$two" '[["test", 24], ["test_unseen", 16]]'
    scored 40 2 species -e $two --split test+test_unseen
    zsc select -e $two --split test_unseen && grep -E -q '^kept +16$' out || fail "test_unseen: $(cat out err)"
    for command in 'run -e' 'select -e' 'ward -o w.npy -e' info; do refuses "'lfs_pointer.h5' is a git-lfs pointer" $command lfs_pointer.h5; done
    zsc info longdouble.npz && grep -E -q '^longdouble .* 40  4  float' out || fail "longdouble.npz: $(cat out err)"
    sed 's/^s\([0-9]\),/s0\1,/' ids40.csv >padded.csv # in the order of the ids
    holds longdouble.npz -m padded.csv
}
narrow() { # ARGUMENTS...: a warning with counts
    zsc run --neighbors 5 --dim 2 --epochs 5 --clusters 2 -e "$@"
    what=$1
    [ "$status" -eq 0 ] && grep -E "warning: embeddings '$1': [1-9][0-9]* of 40 rows" err >/dev/null || fail "$1: $(cat err)"
}
beyond() { # ARGUMENTS...
    refuses 'beyond single precision' run --neighbors 5 --dim 2 --clusters 2 -e "$@"
    grep -q infinity err && fail "$1: $(cat err)"
}
thirty_missing() { # EMBEDDINGS LABELS -m METADATA: every command, 60 rows of 2 classes; without -m, the labels are the file's
    file=$1 labels=$2
    shift 2
    what="$file $labels"
    zsc run --reduce none --clusters 3 --ranks species --format csv -o three -e "$file" "$@" && grep -q ',species,60,' out || fail "run $what: $(cat out err)"
    grep -q ',species,60,2,' out || fail "run $what: $(cat out)"
    zsc curve -q three/*.h5 --missing-values '' --format csv >/dev/null
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { print $c["rows"], $c["missing"] }' out | grep -qx '60 30' || fail "curve $what: $(head -n 3 out)"
    rm -rf three
    zsc select -e "$file" "$@" -o three.h5 --force
    zsc info three.h5 --missing-values '' && grep -E -q '^species +2 +60 +30 ' out || fail "select $what: $(cat out)"
    zsc info "${labels%:*}" && grep -E -q '^species +2 +60 +30 ' out || fail "info $what: $(cat out)"
    zsc score "$labels" "$labels" --format csv
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { print $c["rows"], $c["missing"], $c["classes"] }' out | grep -qx '60 30 2' || fail "score $what: $(cat out err)"
    zsc ward -q -e three.h5 -o linkage.h5 --force && zsc curve -q linkage.h5 -l "$labels" --format csv
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { print $c["rows"], $c["missing"] }' out | grep -qx '60 30' || fail "curve -l $what: $(head -n 3 out) $(cat err)"
}
figures() { # FILE LABEL
    command -v gnuplot >/dev/null || { echo "gnuplot is not there: no figures of $1"; return; }
    rm -rf figures
    zsc run -q -e "$1" --keep-reduced --dim 2 --neighbors 5 --epochs 20 --missing-values '' -o figures
    for kind in scatter dendrogram; do zsc plot $kind figures -o figure.svg --force && [ -s figure.svg ] || fail "$kind of $1: $(cat err)"; done
    zsc plot scatter figures -o figure.svg --force
    sed -e 's/<[^>]*>//g' -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&amp;/\&/g' figure.svg | grep -F -e "$2" >/dev/null || fail "scatter of $1 lacks $2"
    zsc report figures -o report.html --force && [ "$status" -eq 0 ] && [ -s report.html ] || fail "report of $1: $(cat err)"
}
one_barcode() { # FILE: the three spellings of one barcode are one vector, and another is not
    zsc embed kmer -m "$1" -k 3 -o kmer.h5 --force
    [ "$status" -eq 0 ] || fail "$1: $(cat err)"
    "$python" -c 'import h5py; x = h5py.File("kmer.h5")["embeddings/kmer3"][:]
assert (x[0] == x[1]).all() and (x[0] == x[2]).all() and (x[0] != x[3]).any() and x.any()' || fail "$1: other vectors"
    zsc select -e kmer.h5 -m "$1" --one-per-barcode=random && grep -E -q '^kept +2$' out || fail "$1: $(cat out err)"
}
markers() { # FILE COLUMN
    refuses '--where COLUMN=VALUE' embed kmer -m "$1" -k 2 -o none.h5
    [ ! -e none.h5 ] || fail "$1: an output of a refusal"
    zsc embed kmer -m "$1" -k 2 --where "$2=COI-5P" -o coi.h5 --force
    [ "$status" -eq 0 ] || fail "$1: $(cat err)"
    zsc run --reduce none --clusters 2 --ranks species --format csv -e coi.h5 -m "$1" --where "$2=COI-5P" && grep -q ',species,3,3,2,' out || fail "run $1: $(cat out err)"
    zsc info --where "$2=COI-5P" "$1" && grep -q '^rows *3$' out || fail "$1: $(cat out err)"
}
detected() { # FILE: whatever reads it
    holds "$1"
    zsc info "$1" && grep -q '^layout *zsc: ' out || fail "info $1: $(cat out err)"
    zsc ward -e "$1" --clusters 2 -o ward.npy --force && [ "$status" -eq 0 ] || fail "ward $1: $(cat err)"
    zsc score "$1:/labels/species" ward-2.npy --format csv && grep -q '^40,0,2,2,1' out || fail "score $1: $(cat out err)"
}
names() { # FILE FIRST_ID LAST_ID FIRST_LABEL LAST_LABEL
    zsc import -q "$1" -o names.h5 --overwrite
    "$python" -c 'import h5py, sys; h = h5py.File("names.h5"); i, l = h["id"].asstr()[:], h["labels/species"].asstr()[:]
assert [i[0], i[-1], l[0], l[-1]] == sys.argv[2:], (i[0], i[-1], l[0], l[-1])' "$@" || fail "$1: names"
}
beside() { # FILE: encoder e, and another that cannot be read
    holds "$1:e"
    zsc info "$1" && grep -q 'left out: .*gone' out || fail "info $1: $(cat out err)"
    zsc run --reduce none -e "$1:gone"
    [ "$status" -eq 3 ] && tail -n 1 err | grep -q gone || fail "$1:gone: $status $(cat err)"
}
layout() { zsc umap -q -e "$1" --knn-file "$2" --n-neighbors 10 --n-epochs 5 -o layout.npy --force; }
neighbours() {
    layout forty.npy knn_good.h5 && cp layout.npy want.npy
    for f in knn_without_self knn_unsorted; do layout forty.npy $f.h5 && cmp -s want.npy layout.npy || fail "$f: $(cat err)"; done
    for f in knn_good knn_without_self knn_unsorted; do refuses 'are not those of' umap -e forty_others.npy --knn-file $f.h5 --n-neighbors 10 --n-epochs 5 -o none.npy; done
}
encoders() { # NAMES FILE
    zsc info --format json "$2"
    [ "$(sed -n 's/^ *"encoder": "\(.*\)",$/\1/p' out | tr '\n' ' ')" = "$1 " ] || fail "$2: $(cat out err)"
}
splits() { # FILE JSON
    zsc info --format json "$1"
    "$python" -c 'import json, sys; o = json.load(open("out")); assert [[s["split"], s["rows"]] for s in o["splits"]] == json.loads(sys.argv[1]), o["splits"]' "$2" || fail "$1: splits"
}

members() {
    for f in german_no_header.csv savetxt_header.txt; do holds $f -m ids40.csv; done
    zsc info german_no_header.csv && grep -q 'no header' out || fail "german_no_header.csv: $(cat out)"
    zsc info savetxt_header.txt && grep -q 'the header is the comment' out || fail "savetxt_header.txt: $(cat out)"
    for f in repeated_first.tsv:40,.*,5 fractions_first.csv:40,.*,4; do
        zsc select -e ${f%:*} -m ids40.csv -o rows.h5 --force && says 'have no ids'
        "$python" -c 'import h5py, sys; x, = h5py.File("rows.h5")["embeddings"].values(); assert x.shape == (40, int(sys.argv[1])), x.shape' "${f##*,}" || fail "$f"
    done
    scored 40 2 class -e CLASS_first.tsv && says 'ids: column specimen; features: 4 columns'
    scored 40 2 Y -e Y_integer.csv && says 'labels: Y; features: 4 columns'
    scored 40 2 Label -e label_quoted.csv && says 'labels: Label; features: 4 columns'
    for f in CLASS_first.tsv Y_integer.csv; do holds $f; done
    holds label_quoted.csv -m ids40.csv
    for f in whole_far.npy seconds.h5 far.csv huge.npz; do scored 40 2 species -e $f -m ids40.csv; done
    for f in whole_far.npy seconds.h5 far.csv; do narrow $f -m ids40.csv; done
    for f in huge.npz largest.npz; do beyond $f -m ids40.csv; done
    zsc run --reduce none --clusters 2 -e largest.npz -m ids40.csv
    what=largest.npz && [ "$status" -eq 4 ] && says 'merge is beyond double precision'
    grep -E -q 'inf(inity)?[ ,]' err && fail "largest.npz: $(cat err)"
    thirty_missing three.npy three_nan.tsv:species -m three_nan.tsv
    thirty_missing three_null.h5 three_null.h5:/labels/species
    thirty_missing three_marks.npz three_marks.npz:species
    thirty_missing three.npy marks.tsv:species -m marks.tsv
    thirty_missing marks.h5 marks.h5:/labels/species
    for f in marks_of_missing.csv:species marks.tsv:species marks.h5:/labels/species three_marks.npz:species; do # empty, NA and null: 8 of 30
        zsc score $f $f --missing-values NA,null --format csv && grep -q '^82,8,' out || fail "$f: $(cat out err)"
    done
    figures quote_label.h5 '"'
    figures braces_label.h5 '{/*2 x}_^@&'
    figures backslash_label.h5 '\"\n'
    figures question_label.h5 '?'
    one_barcode mixed_case.tsv
    one_barcode lower_n.csv
    cp coi.h5 want.h5
    markers markers_last.csv Marker && same_rows coi.h5 want.h5
    markers two_reads.tsv run && same_rows coi.h5 want.h5
    for f in NUC.csv nucRaw_quoted.tsv; do zsc embed kmer -m $f -k 2 -o nuc.h5 --force && same_rows nuc.h5 want.h5; done
    for f in integers truth; do scored 34 2 species -e nullable_$f.h5ad && holds nullable_$f.h5ad; done
    scored 34 2 species -e integer_categories.h5ad && names integer_categories.h5ad s0 s39 11 7
    for f in user_block_1024.hdf5 user_block_64k.dat; do detected $f; done
    names unsigned_big_endian.h5 9223372036854775808 9223372036854775847 0 1
    names truth_labels.h5 0 39 FALSE TRUE
    names enum_wide.h5 s0 s39 Apis Bombus
    names enum_column.h5 s0 s39 Apis Bombus
    for f in unsigned_big_endian truth_labels enum_wide enum_column; do scored 40 2 species -e $f.h5; done
    for f in dangling_external link_to_itself compound_beside; do beside $f.h5; done
    for f in zz_more id_of_group; do holds per_sample_$f.h5 -m ids40.csv; done
    holds per_sample_layer.h5 -m ids40.csv
    for f in knn_self_last knn_shuffled_without_self; do layout forty.npy $f.h5 && cmp -s want.npy layout.npy || fail "$f: $(cat err)"; done
    for e in forty_turned forty_double; do
        for f in knn_good knn_self_last; do refuses 'are not those of' umap -e $e.npy --knn-file $f.h5 --n-neighbors 10 --n-epochs 5 -o none.npy; done
    done
    encoders dnabert-2 test__maxlen660+test_unseen__maxlen660
    encoders timm_vit_base_patch16_224.mae test__z0.5+test_unseen__z0.5
    for f in maxlen660 z0.5; do scored 40 2 species -e test__$f+test_unseen__$f -m study.csv --split test+test_unseen; done
    zsc run -q --reduce none --clusters 2 -o styled -e test__z0.5+test_unseen__z0.5 -e test__maxlen660+test_unseen__maxlen660 -m study.csv
    zsc table ranks --format csv styled && grep -q 'ViT-B MAE (CLS) + DNABERT-2' out || fail "styles: $(cat out err)"
    splits extracted_features_of_seen_val.hdf5 '[["val", 10]]'
    splits extracted_features_of_unseen_val.hdf5 '[["val_unseen", 10]]'
    splits extracted_features_of_seen_keys.hdf5 '[["train", 11]]'
    splits extracted_features_of_unseen_keys.hdf5 '[["key_unseen", 9]]'
    refuses "'lfs_pointer.npz' is a git-lfs pointer" run -e lfs_pointer.npz
    refuses "'annex_pointer.npy' is a git-annex pointer" run -e annex_pointer.npy
    scored 40 2 species -e longdouble.npy -m ids40.csv
    for f in complex dates; do refuses "'$f.npz:embeddings.npy' has elements of type" run -e $f.npz -m ids40.csv; done
    refuses "'fields.npy' is a structured array, expected an array of one type" run -e fields.npy -m ids40.csv
}
cd own && cases && members && cd ..

# --- the cases themselves
given=${ZSC_CASES-${ZSC_REAL_DATA:+$ZSC_REAL_DATA/../cases}}
if [ "$given" ] && [ -e "$given/make_cases.py" ]; then
    "$python" "$given/make_cases.py" "$work/given" || exit 99
    cd given && cases && cd ..
else
    echo "ZSC_CASES names no folder with make_cases.py: the checks run on files of the same form alone"
    given=
fi

# --- what was read is what was written
"$python" - <<'PY' || fail "what was read is not what was written"
import h5py, numpy as np
truth = {}
for folder in 'own', 'given':
    try: truth[folder] = np.load(folder + '/forty.npy')
    except OSError: pass
bad = 0
for line in open('held'):
    count, what = line.rstrip('\n').split(' ', 1)
    with h5py.File(f'held{count}.h5') as h:
        x, = h['embeddings'].values(); ids = h['id'].asstr()[:]
        row = [int(i.lstrip('s')) for i in ids]; x = x[:]
    if sorted(row) != list(range(40)) or not any(x.shape == t.shape and np.allclose(x, t[row], rtol=0, atol=2e-6) for t in truth.values()):
        print('other rows:', what, x.shape, ids[:3]); bad += 1
assert not bad
PY

# --- the table: every kind has a row with two further members, and each file was read above
"$python" - "$ZSC_SRCDIR/tests/cli/cases.md" "$given" <<'PY' || fail "cases.md"
import os, re, sys
used = set(re.split(r'[\s:+]+', open('used').read()))
rows = [[c.strip() for c in line.strip('|\n').split('|')] for line in open(sys.argv[1]) if line.startswith('| ')][1:]
bad = [] if len(rows) >= 18 else ['rows are missing']
listed = set()
for cases, more, right, also in rows:
    cases, more = cases.split(', '), more.split(', ')
    listed |= set(cases)
    if len(more) < 2: bad.append(f'{cases[0]}: fewer than two further members')
    if not right: bad.append(f'{cases[0]}: what is right?')
    bad += [f'{f} is not checked' for f in cases + more if f not in used]
    bad += [f'{t} is no test' for t in also.split(', ') if not os.path.exists(os.path.join(os.path.dirname(sys.argv[1]), t))]
if sys.argv[2]:
    for line in open(os.path.join(sys.argv[2], 'README.md')):
        if not line.startswith('|') or line.startswith(('|---', '| file ')): continue
        first = line.split('|')[1]
        files = re.findall(r'[\w.]+\.(?:csv|tsv|npy|npz|h5|h5ad|hdf5)\b|\w+__z1\.0', first)
        if 'knn_*' in first: files.append('knn_good.h5')
        bad += [f'{f} has no row' for f in files if f not in listed]
        if not files: bad.append('no file in: ' + first)
print('\n'.join(bad))
assert not bad
PY
finish
