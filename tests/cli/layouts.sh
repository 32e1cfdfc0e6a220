#!/bin/sh
# The same embedding through every layout that zsc reads: the same scores, bit for bit; files that are wrong: one sentence.
# The files are written by h5py, NumPy and anndata.
set -eu
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2> /dev/null || { echo "skipped: $python with h5py and numpy is needed to write the files"; exit 77; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
"$ZSC" simulate -q --rows 200 --dna-dim 6 --image-dim 8 --seed 5 -o e.h5 --metadata-output m.csv
encoder=$("$ZSC" info --format json e.h5 | sed -n 's/.*"encoder": "\(.*image.*\)",/\1/p' | head -n 1)
"$python" "$ZSC_SRCDIR/tests/cli/layouts.py" e.h5 m.csv "$encoder" > notes
case $(cat notes) in *anndata*) echo 'the package anndata is not there: its own file is not tested';; esac

# rank, rows, missing, classes, clusters, scores: not the time
scores() { "$ZSC" run -q --reduce none --clusters 30 --ranks species --format json "$@" |
  sed -n '/"scores"/,/\]/p' | tr -d ' \n' | sed 's/,"runs.*//'; }
scores -e native.h5 > expected
grep -q '"ami":0\.' expected || { cat expected; exit 1; }
same() {
  scores "$@" > got || { echo "zsc run $*: failed"; exit 1; }
  cmp -s expected got || { echo "zsc run $*: other scores"; cat expected; echo; cat got; exit 1; }
}
variants='processid half double big bighalf chunks gzip lzf lzf16 checksum ascii utf8 blanks ended'
for file in $variants; do same -e $file.h5; done
same -e native.h5 -m m.csv
same -e own.h5 --h5-embedding /model/features --h5-id /names --h5-label species=/y/species
same -e own.h5 --h5-embedding model/features --h5-id names -m m.csv
for file in new old package; do [ ! -e $file.h5ad ] || same -e $file.h5ad:X_$encoder; done
for file in zsssl.npz zsssl_packed.npz streamed.npz samples.h5 numbers.csv numbers.tsv; do same -e $file -m m.csv; done
same -e numbers.csv
same -e last_id.csv
for file in id_int id_int_column; do same -e $file.npz -m m_number.csv; done
same -e id_negative.npz -m m_negative.csv
# rows whose order is taken from the metadata: said once, by a sweep too; nothing is said of rows with ids
told() { "$ZSC" run --reduce none --clusters 9 "$@" 2> err > /dev/null; grep 'have no ids' err || true; }
[ "$(told -e zsssl.npz -m m.csv)" = "zsc run: embeddings 'zsssl.npz' have no ids: their rows are taken in the order of the sorted ids in metadata 'm.csv'" ] ||
  { cat err; exit 1; }
[ "$(told -e c.npy -m m.csv)" = "zsc run: embeddings 'c.npy' have no ids: their rows are taken in the order of the rows in metadata 'm.csv'" ] ||
  { cat err; exit 1; }
[ -z "$(told -e with_ids.npz -m m.csv)" ] && [ -z "$(told -e id_int.npz -m m_number.csv)" ] || { cat err; exit 1; }
printf 'embeddings: zsssl.npz\nmetadata: m.csv\nreduce: none\nclusters: [8, 9]\nscale: [none, l2]\noutput: guessed\n' > guessed.yaml
"$ZSC" sweep guessed.yaml > /dev/null 2> err
[ "$(grep -c 'zsssl.npz. have no ids' err)" -eq 1 ] || { cat err; exit 1; }
# Rows in another order may have merges of equal height in another order: files of other orders are compared with native
# ones in theirs.
order() { scores -e $1.h5 > expected; } # FILE
order by_row; for file in c.npy fortran.npy half.npy; do same -e $file -m m.csv; done
order turned; for file in with_ids id_upper id_mixed id_column; do same -e $file.npz -m m.csv; done
mkdir pointed clibd && mv pointed_* pointed && mv extracted_features_of_*.hdf5 clibd
order by_split; same -e clibd:image; same -e clibd:image -m m.csv
same -e parts_test.npz+parts_test_unseen.npz -m m.csv
same -e pointed --h5-embedding /z --h5-id /names -m m.csv
same -e pointed --h5-embedding /z --h5-id /names --h5-label species=/y/species
same -e pointed/pointed_test.h5+pointed/pointed_test_unseen.h5 --h5-embedding /z -m m.csv # ids by the order of the metadata
order native

# the map of zsc atlas reads the embeddings again, whatever their layout: the same data in the page
for file in native.h5 numbers.csv zsssl.npz with_ids.npz; do
  rm -rf atlas_run && "$ZSC" run -q --reduce none --clusters 9 -e $file -m m.csv -o atlas_run > /dev/null
  "$ZSC" atlas -q atlas_run -o atlas.html --force > /dev/null || { echo "zsc atlas of $file"; exit 1; }
  sed -n 's/.*id="zsc-data">\([^<]*\)<.*/\1/p' atlas.html > atlas_$file
done
for file in numbers.csv zsssl.npz; do cmp -s atlas_native.h5 atlas_$file || { echo "zsc atlas of $file: other data"; exit 1; }; done
[ -s atlas_with_ids.npz ] || exit 1

# several files that are one; the split comes from their names
"$ZSC" run -q --reduce none --clusters 9 --split test --ranks species --format csv -e native.h5 | cut -d, -f1-12 > a
"$ZSC" run -q --reduce none --clusters 9 --split test --ranks species --format csv -e clibd:image | cut -d, -f1-12 > b
"$ZSC" run -q --reduce none --clusters 9 --ranks species --format csv -e clibd/extracted_features_of_test.hdf5:encoded_image_feature | cut -d, -f1-12 > c
"$ZSC" run -q --reduce none --clusters 9 --split test --ranks species --format csv -m m.csv -e parts_test.npz+parts_test_unseen.npz | cut -d, -f1-12 > d
numbers() { tr ',' '\n' < "$1" | grep '^0\.[0-9]*$\|^[0-9]*$'; }
for f in b c d; do numbers a > x; numbers $f > y; [ -s x ]; cmp x y || { cat a $f; exit 1; }; done
"$ZSC" run -q --reduce none --clusters 9 -e clibd:dna -m m.csv --ranks subfamily > /dev/null # a rank that CLIBD lacks

# zsc info names the layout
layout() { "$ZSC" info --format json "$1" | grep -q "\"layout\": \"$2\"" || { echo "$1 is not taken for $2"; exit 1; }; }
layout native.h5 zsc; layout clibd/extracted_features_of_test.hdf5 clibd; layout new.h5ad anndata; layout samples.h5 samples
layout zsssl.npz npz; layout c.npy npy; layout numbers.tsv columns; layout m.csv metadata; layout own.h5 HDF5; layout clibd several
# a result is none of them, whatever the number of ranks: its scores are vectors of one length
for ranks in species genus,species family,genus,species; do
  "$ZSC" run -q --reduce none --clusters 9 --ranks $ranks -e native.h5 -o scored > /dev/null; layout "$(ls scored/*.h5)" result; rm -r scored
done
P="--h5-embedding /model/features --h5-id /names"
layout() { "$ZSC" info --format json "$@" | grep -q '"layout": "pointed"' || { echo "info $*: not by paths"; exit 1; }; }
layout own.h5 $P; layout own.h5 $P --h5-label split=/y/split --h5-label species=/y/species; layout own.h5 --h5-embedding /model/bits --bfloat16

# by paths, in every command that opens embeddings, beside files that are what they are; in sweeps
"$ZSC" knn -q -e native.h5 -k 5 -o k1.h5; "$ZSC" knn -q -e own.h5 $P -k 5 -o k2.h5
"$ZSC" umap -q -e native.h5 --split test --n-components 2 --n-neighbors 5 --n-epochs 20 -o u1.npy
"$ZSC" umap -q -e own.h5 $P --h5-label split=/y/split --split test --n-components 2 --n-neighbors 5 --n-epochs 20 -o u2.npy
"$ZSC" ward -q -e native.h5 -k 7 -o t1.npy; "$ZSC" ward -q -e own.h5 $P -k 7 -o t2.npy
"$ZSC" trust -q --format csv native.h5 gzip.h5 > r1; "$ZSC" trust -q --format csv own.h5 gzip.h5 $P > r2
cmp u1.npy u2.npy; cmp t1.npy t2.npy; cmp t1-7.npy t2-7.npy; cmp r1 r2
"$python" -c 'import h5py; a, b = h5py.File("k1.h5"), h5py.File("k2.h5")
for k in "index", "distance": assert (a["knn/" + k][:] == b["knn/" + k][:]).all()'
"$ZSC" run -q --reduce none --clusters 9 --ranks species --format csv -e native.h5 -e clibd:dna | cut -d, -f3-12 > a
"$ZSC" run -q --reduce none --clusters 9 --ranks species --format csv -e own.h5 -e clibd:dna $P --h5-label species=/y/species | cut -d, -f3-12 > b
[ -s a ]; cmp a b
cat > sweep.yaml <<'END'
embeddings: "own.h5:*"
h5-embedding: [/model/features, /model/double]
h5-id: /names
h5-label: [species=/y/species]
reduce: none
clusters: 9
output: swept
END
"$python" -c 'import h5py; h = h5py.File("own.h5", "a"); h["model/double"] = h["model/features"][:] * 2'
sed 's|own.h5:\*|own.h5|' sweep.yaml > both.yaml
"$ZSC" sweep -q both.yaml > /dev/null; [ "$(ls swept/*.h5 | wc -l)" -eq 2 ]
"$ZSC" run -q --reduce none --clusters 9 -e own.h5 $P --h5-label species=/y/species -o ran > /dev/null
[ -e "swept/$(ls ran)" ]
sed 's|, /model/double||; s/swept/one/' sweep.yaml > one.yaml
"$ZSC" sweep -q one.yaml > /dev/null; [ "$(ls one)" = "$(ls ran)" ]

fail() { echo "$*"; cat err; exit 1; }
expect() { # status, words, command...
  status=$1 words=$2; shift 2
  got=0; "$ZSC" "$@" > stdout 2> err || got=$?
  [ $got -eq "$status" ] || fail "zsc $*: expected status $status, got $got:"
  [ "$(wc -l < err)" -eq 1 ] || fail "zsc $*: expected one sentence:"
  grep -q -- "$words" err || fail "zsc $*: expected '$words':"
}
R="run -q --reduce none --clusters 9"
expect 3 'has 1 dimension, expected rows and columns' $R -e w_shape.h5
expect 3 'has 3 dimensions, expected rows and columns' $R -e w_cube.h5
expect 3 'encoder a has 200 rows, and there are 199 ids' $R -e w_length.h5
left_out() { # WORDS FILE: labels that cannot be read: a warning, and the rest is used
  "$ZSC" run --reduce none --clusters 9 -e $2 > stdout 2> err || fail "zsc run -e $2: refused:"
  grep -q "left out: .*$1" err || fail "zsc run -e $2: expected '$1':"
}
left_out "labels/species' has 199 rows, and there are 200 ids" w_label_length.h5
expect 3 'has neither /id nor /processid' $R -e w_no_id.h5
expect 3 'encoder a has no columns' $R -e w_none.h5
expect 3 'no rows' $R -e w_no_rows.h5
expect 3 'expected numbers' $R -e w_text.h5
expect 3 'rows 4 and 10 have the same id [^ ]*, with different embeddings' $R -e w_twice.h5
expect 3 'rows 4 and 10 have the same id [^ ]*, with the same embedding' $R -e w_twice_same.h5
expect 3 "embeddings 'w_nan.h5': 3 of 200 rows of a hold NaN, first at row 17 (id " $R -e w_nan.h5
expect 3 "1 of 200 rows of a hold infinity, first at row 6 (id " $R -e w_infinite.h5
expect 3 'the id of row 3 is not UTF-8' $R -e w_latin.h5
expect 3 'species of row 5 is not UTF-8' $R -e w_latin_label.h5
expect 3 "id': row 2 holds 0.5, expected a whole number" $R -e w_id_real.h5
left_out "labels/species' has [01] .*" w_label_short.h5
expect 3 'have no columns\|has no columns' $R -e w_none.npy -m m.csv
expect 3 'has no columns' $R -e w_none.npz -m m.csv
expect 3 'has no columns' $R -e w_none.h5ad:a
expect 3 'has no columns' $R -e w_none.hdf5
expect 3 'has no columns' $R -e own.h5 --h5-embedding /none --h5-id /names
expect 3 'no rows' $R -e w_zero_rows.npy
expect 3 'has 200 rows, and there are 199 ids\|199' $R -e w_length.hdf5
"$ZSC" $R -e w_ragged.h5 -m m.csv > stdout 2> err && grep -q 'warning: left out: .* is no vector of 8 numbers, as the samples are' err || fail 'a sample of another length:'
expect 3 'truncated' $R -e w_cut.h5
refused() { expect 3 "'w_id_$1.npz': the ids (array '$2') are $3, expected strings or integers of shape (n,) or (n, 1)" $R -e w_id_$1.npz -m m.csv; }
refused flat processid 'text1 of shape ()'
refused two id 'text[0-9]* of shape (200, 2)'
refused row ID 'text[0-9]* of shape (1, 200)'
refused real Id 'float64 of shape (200,)'
refused bool ids 'bool8 of shape (200,)'
refused cube processid 'int64 of shape (200, 1, 1)'
refused numbers id 'int64 of shape (200, 2)'
expect 3 "ID has 199 rows, and there are 200 embeddings" $R -e w_id_short.npz -m m.csv
expect 3 "'w_id_twice.npz' has two arrays of ids, id.npy and ID.npy, expected one" $R -e w_id_twice.npz -m m.csv
expect 3 'Python objects (a pickle), which zsc never loads' $R -e w_pickle.npz -m m.csv
expect 3 'Python objects (a pickle), which zsc never loads' $R -e w_pickle.npy -m m.csv
expect 3 'is a Python pickle, which is a program and never run' $R -e w_bare.npy -m m.csv
[ ! -e executed ]
expect 3 'would unpack to 35.2 TB, more than' $R -e w_claims.npz -m m.csv
expect 3 'is damaged or truncated' $R -e w_size.npz -m m.csv
# HDF5 paths
expect 3 "'own.h5' has no /model/nothing, which --h5-embedding names; 'zsc info' lists" $R -e own.h5 --h5-embedding /model/nothing
expect 3 "'native.h5' has no /model/nothing: it is taken for" $R -e native.h5 --h5-embedding /model/nothing
expect 3 "'c.npy' has no /model/features: it is taken for" $R -e c.npy -m m.csv --h5-embedding /model/features
expect 3 "'own.h5:/flat' holds float32 in 1 dimension" $R -e own.h5 --h5-embedding /flat
expect 3 "'own.h5:/short' has 199 rows, and the embedding has 200" $R -e own.h5 --h5-embedding /model/features --h5-id /short
expect 3 "'own.h5:/y/number': row 2 holds 1.5, expected a whole number" $R -e own.h5 $P --h5-label species=/y/number
expect 3 "has no /nothing" $R -e own.h5 $P --h5-label species=/nothing
expect 2 'go with h5-embedding' $R -e own.h5 --h5-id /names
expect 2 'go with h5-embedding' umap -q -e own.h5 --bfloat16 -o z.npy
expect 2 'needs an HDF5 file' umap -q -e c.npy --h5-embedding /x -o z.npy
expect 2 'is looked for in HDF5 files' info m.csv --h5-embedding /x
expect 3 "'own.h5' has no /x" info own.h5 --h5-embedding /x
echo 'embeddings: own.h5
h5-id: /names' > bad.yaml
expect 3 'go with h5-embedding' sweep -q bad.yaml
# metadata
{ head -n 5 m.csv; printf 'A,%s\n' "$(sed -n 2p m.csv | cut -d, -f2- | sed 's/Fict/Fict\xe9/g')"; } > w_latin.csv
expect 3 "'w_latin.csv', line 6, column .*: not UTF-8; iconv" $R -e native.h5 -m w_latin.csv
iconv -f UTF-8 -t UTF-16 m.csv > w_wide.csv
expect 3 'is UTF-16, expected UTF-8' $R -e native.h5 -m w_wide.csv
for quote in '' '"'; do
  { head -n 3 m.csv; printf 'A,%s' "$quote"; head -c 1000000 /dev/zero | tr '\0' x; printf '%s\n' "$quote"; } > w_wide.csv
  expect 3 "'w_wide.csv', line 4: field 2 is longer than 262144 bytes" $R -e native.h5 -m w_wide.csv
done
gzip -c m.csv | head -c 3000 > w_cut.csv.gz
expect 3 "'w_cut.csv.gz' is truncated" $R -e native.h5 -m w_cut.csv.gz
if command -v zstd > /dev/null; then
  zstd -qc m.csv | head -c 3000 > w_cut.csv.zst
  expect 3 "'w_cut.csv.zst' is truncated" $R -e native.h5 -m w_cut.csv.zst
  zstd -qc m.csv > m.csv.zst; same -e native.h5 -m m.csv.zst
fi
expect 3 'HDF5 filter zstd (number 32015), which is not installed' $R -e w_filter.h5
expect 3 'Python objects (a pickle), which zsc never loads' $R -e w_object.npz -m m.csv
expect 3 'y_true has 199 rows, and there are 200 embeddings' $R -e w_long.npz -m m.csv
expect 3 "have 199 rows and no ids, and metadata 'm.csv' has 200 rows" $R -e w_rows.npz -m m.csv
expect 3 'has 1 dimensions, expected rows and columns' $R -e w_flat.npz -m m.csv
expect 3 'has no two-dimensional array of numbers' $R -e w_nothing.npz -m m.csv
expect 3 'damaged or truncated' $R -e w_cut.npz -m m.csv
expect 3 'is truncated' $R -e w_cut.npy -m m.csv
expect 3 'truncated\|memory' $R -e w_bomb.npz -m m.csv
expect 3 "y_true is .* in row .*, whose species would be" $R -e zsssl_wrong.npz -m m.csv
expect 3 "line 8, column e1: 'twelve' is not a number" $R -e w_word.csv
expect 3 'code 100 in row 5, and there are' $R -e w_code.h5ad
expect 3 'is a sparse matrix (csr_matrix), expected a dense one' $R -e w_sparse.h5ad
expect 3 'holds no embeddings in a layout that zsc knows' $R -e own.h5
for file in w_*; do # info names what it can and never fails otherwise
  got=0; "$ZSC" info $file > stdout 2> err || got=$?
  case $got in 0|3) ;; *) fail "zsc info $file: status $got";; esac
done

# zsc import: every layout to a file of zsc, value by value; adding encoders; HDF5 paths
cat > equal.py <<'END'
import sys, h5py, numpy as np
a, b = h5py.File(sys.argv[1]), h5py.File(sys.argv[2])
x, y = (h['embeddings/' + e][:].astype('f4') for h, e in ((a, sys.argv[3]), (b, sys.argv[4])))
i, j = ([v.decode() for v in h['id'][:]] for h in (a, b))
where = {v: k for k, v in enumerate(j)}
assert sorted(i) == sorted(j), 'ids'
assert x.tobytes() == y[[where[v] for v in i]].tobytes(), 'values'
for r in b.get('labels', ()):
    if r in a.get('labels', ()): assert list(a['labels/' + r][:]) == list(b['labels/' + r][:][[where[v] for v in i]]), r
END
check() { "$python" equal.py "$@" || { echo "$*: differ"; exit 1; }; }
import() { "$ZSC" import -q "$@" || { echo "zsc import $* failed"; exit 1; }; }
import half.h5 -o a.h5;            check native.h5 a.h5 $encoder $encoder
for file in $variants; do import $file.h5 -o v.h5 --overwrite; check native.h5 v.h5 $encoder $encoder; done
for file in old package; do [ ! -e $file.h5ad ] || { import $file.h5ad:X_$encoder -o v.h5 --overwrite; check native.h5 v.h5 $encoder X_$encoder; }; done
for file in zsssl_packed.npz fortran.npy half.npy numbers.csv; do import $file -m m.csv --name e -o v.h5 --overwrite; check native.h5 v.h5 $encoder e; done
import pointed --h5-embedding /z --h5-id /names --h5-label species=/y/species --name e -o v.h5 --overwrite; check native.h5 v.h5 $encoder e
import lzf.h5 -o b.h5;             check native.h5 b.h5 $encoder $encoder
import new.h5ad -o c.h5;           check native.h5 c.h5 $encoder X_$encoder
import clibd -o d.h5;              check native.h5 d.h5 $encoder image
import zsssl.npz -m m.csv -o e1.h5 --name e; check native.h5 e1.h5 $encoder e
import with_ids.npz -o f.h5 --name e --overwrite; check native.h5 f.h5 $encoder e
import c.npy -m m.csv -o g.h5 --modality image --label 'A name'; check native.h5 g.h5 $encoder c
import samples.h5 -m m.csv -o h.h5; check native.h5 h.h5 $encoder samples
import numbers.tsv -o i.h5;        check native.h5 i.h5 $encoder numbers
import own.h5 --h5-embedding /model/features --h5-id /names --h5-label species=/y/species -o j.h5
check native.h5 j.h5 $encoder features
import own.h5 --h5-embedding /model/bits --h5-id /names --bfloat16 -o k.h5; check rounded.h5 k.h5 $encoder bits
import own.h5 --h5-embedding /model/features --h5-id /rows/1 -o l.h5 # integers as ids
# one file gathers encoders in another order of rows, as long as the ids agree
import with_ids.npz -o a.h5 --name turned; check native.h5 a.h5 $encoder turned; check native.h5 a.h5 $encoder $encoder
[ "$("$ZSC" info --format json a.h5 | grep -c '"encoder"')" -eq 2 ]
expect 3 "has an encoder 'turned' already" import with_ids.npz -o a.h5 --name turned
import zsssl_packed.npz -m m.csv -o a.h5 --name turned --replace; check native.h5 a.h5 $encoder turned
cp a.h5 before.h5
expect 3 'the ids do not agree' import clibd/extracted_features_of_test.hdf5 -o a.h5
expect 3 'has no column processid' import -q numbers.csv -m numbers.csv -o a.h5
expect 3 'hold NaN, first at row 17' import w_nan.h5 -o a.h5
expect 2 'output is needed' import c.npy
expect 2 'go with h5-embedding' import own.h5 --h5-id /names -o z.h5
expect 3 'has no /model/nothing' import own.h5 --h5-embedding /model/nothing -o z.h5
expect 3 'bfloat16 numbers are kept as uint16' import own.h5 --h5-embedding /model/features --bfloat16 -o z.h5
expect 2 'expected RANK=PATH' import own.h5 --h5-embedding /model/features --h5-label species -o z.h5
expect 2 'a name goes with one encoder' import clibd --name x -o z.h5
cmp a.h5 before.h5; [ ! -e z.h5 ]; [ -z "$(ls | grep tmp-)" ]
