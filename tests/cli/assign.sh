#!/bin/bash
# zsc assign, and models that zsc cluster and zsc umap keep: against NumPy, formats, threads, scaling, refusals.
. "$ZSC_SRCDIR/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$ZSC" simulate -q --rows 260 --seed 3 -o train.h5 && "$ZSC" simulate -q --rows 90 --seed 4 -o new.h5 || fail "simulate"
d=sim_dna

# --- Files
"$ZSC" umap -q -e train.h5:$d --n-epochs 40 --n-components 3 --keep-model -o layout.h5 || fail "umap"
"$ZSC" cluster -q -e layout.h5:umap -o clusters.csv >/dev/null || fail "cluster"
assign() { "$ZSC" assign -q -e new.h5:$d --model layout.h5 --clusters clusters.csv:cluster "$@"; }
for by in centroid neighbor; do
    assign --by $by -t 1 -o $by.csv >$by.txt || fail "$by"
    assign --by $by -t 3 -o three.csv --force >/dev/null && cmp $by.csv three.csv || fail "$by: 1 and 3 threads differ"
    assign --by $by -o $by.tsv >/dev/null && assign --by $by -o $by.npy >/dev/null && assign --by $by -o $by.h5 >/dev/null || fail "$by: formats"
    tr '\t' , <$by.tsv | cmp - $by.csv || fail "$by: TSV and CSV differ"
    "$ZSC" score $by.h5:/clusters $by.npy --format csv >s.csv && [ "$(sed -n 2p s.csv | cut -d, -f5)" = 1 ] || fail "$by: HDF5 and npy differ"
    "$ZSC" score $by.h5:/labels/species $by.h5:/clusters >/dev/null || fail "$by: labels did not come along"
done
[ "$(head -n 1 centroid.csv)" = "id,cluster,distance,novel" ] && [ "$(head -n 1 neighbor.csv)" = "id,cluster,distance,novel,nearest" ] || fail "headers"
# A row does not depend on the others that come with it, nor clusters on the order of their file.
sed -n 12p centroid.csv | cut -d, -f1 >one.txt
assign --ids one.txt -o alone.csv >/dev/null && [ "$(sed -n 2p alone.csv)" = "$(sed -n 12p centroid.csv)" ] || fail "a row depends on the others"
{ head -n 1 clusters.csv; tail -n +2 clusters.csv | sort -r; } >reversed.csv
"$ZSC" assign -q -e new.h5:$d --model layout.h5 --clusters reversed.csv:cluster -o reversed.out.csv >/dev/null && cmp reversed.out.csv centroid.csv || fail "clusters are not matched by id"

# --- The rows that were clustered: their own clusters, at a distance of 0, under every scaling, of every clusterer
for scale in none l2 l2-sqrt-dim zscore zscore-average; do
    "$ZSC" umap -q -e train.h5:$d --unique --n-epochs 30 --scale $scale --keep-model -o m.h5 --force &&
        "$ZSC" umap -q -e train.h5:$d --unique --n-epochs 30 --scale $scale -o y.npy --force || fail "umap, $scale"
    "$ZSC" umap -q -e train.h5:$d --transform m.h5 -o own.npy --force && cmp y.npy own.npy || fail "$scale: rows of the layout have other coordinates"
    "$ZSC" umap -q -e train.h5:$d -e train.h5:sim_image_1 --unique --n-epochs 30 --scale $scale --keep-model -o m.h5 --force &&
        "$ZSC" umap -q -e train.h5:$d -e train.h5:sim_image_1 --unique --n-epochs 30 --scale $scale -o y.npy --force || fail "umap of two, $scale"
    "$ZSC" umap -q -e train.h5:$d -e train.h5:sim_image_1 --transform m.h5 -o own.npy --force && cmp y.npy own.npy || fail "$scale: of two encoders"
    "$ZSC" cluster -q -e train.h5:$d --scale $scale --clusterer agglomerative -k 30 --keep-model -o c.h5 --force >/dev/null &&
        "$ZSC" cluster -q -e train.h5:$d --scale $scale --clusterer agglomerative -k 30 -o c.npy --force >/dev/null || fail "cluster, $scale"
    "$ZSC" assign -q -e train.h5:$d --model c.h5 --by neighbor -o own.csv --force >/dev/null || fail "assign, $scale"
    "$ZSC" score own.csv:cluster c.npy --format csv | sed -n 2p | cut -d, -f5 | grep -qx 1 || fail "$scale: other clusters"
    cut -d, -f3 own.csv | tail -n +2 | sort -u | grep -qx 0 && [ "$(cut -d, -f3 own.csv | tail -n +2 | sort -u | wc -l)" = 1 ] || fail "$scale: distances are not 0"
done
"$ZSC" select -q -e train.h5:$d -o wide.csv >/dev/null && "$ZSC" select -q -e train.h5:$d -o bare.npy >/dev/null || fail "select"
for input in wide.csv bare.npy "train.h5:$d"; do
    for clusterer in 'kmeans -k 12' 'agglomerative -k 12 --linkage average --linkage-metric cosine' hdbscan 'hdbscan --metric cosine' layers 'spectral -k 8'; do
        # shellcheck disable=SC2086
        "$ZSC" cluster -q -e $input --clusterer $clusterer --keep-model -o c.h5 --force >/dev/null || fail "$clusterer"
        "$ZSC" assign -q -e $input --model c.h5 --by neighbor -o own.csv --force >/dev/null || fail "$clusterer: assign"
        awk -F, 'NR > 1 && $3 != 0 { far++ } END { exit far > 200 }' own.csv || fail "$clusterer of $input: rows are not found again" # noise is at a distance
    done
done

# --- Against NumPy
if "$python" -c 'import h5py, numpy' 2>/dev/null; then
    "$python" "$ZSC_SRCDIR/tests/cli/assign.py" "$ZSC" || fail "assign.py"
    # a model that was altered assigns no row
    "$ZSC" cluster -q -e train.h5:$d --scale zscore --keep-model -o c.h5 --force >/dev/null
    for what in model/rows model/mean model/deviation model/exponent clusters columns metric scale doubles encoders; do
        cp c.h5 altered.h5
        "$python" - $what <<'PY'
import h5py, sys
with h5py.File('altered.h5', 'r+') as h:
    a, what = h['model/rows'].attrs, sys.argv[1]
    other = {'columns': '64+64', 'metric': 'cosine', 'scale': 'l2', 'doubles': '1', 'encoders': 'other'}
    if what in other: a[what] = other[what]
    else: h[what][0] += 1
PY
        expect 3 "altered.h5' is damaged" "$ZSC" assign -e new.h5:$d --model altered.h5
    done
    "$python" -c "
import h5py
h = h5py.File('c.h5', 'r'); g = h5py.File('none.h5', 'w')
h.copy('model', g); h.copy('id', g); del g['model/mean']"
    expect 3 "none.h5' is damaged: it does not hold the means" "$ZSC" assign -e new.h5:$d --model none.h5 --clusters clusters.csv:cluster
    # rows of another encoder are warned of; files of older versions do not say whose they are
    "$python" - <<'PY'
import h5py, numpy
with h5py.File('new.h5', 'r') as h, h5py.File('renamed.h5', 'w') as g:
    h.copy('id', g)
    g['embeddings/other_dna'] = h['embeddings/sim_dna'][:]
numpy.save('none.npy', numpy.zeros((0, 128), 'f4'))
PY
    "$ZSC" assign -q -e renamed.h5:other_dna --model c.h5 >other.txt 2>err || fail "another name is refused: $(cat err)"
    grep -q "warning: 'c.h5' keeps rows of encoder $d, and these are of other_dna" err || fail "another encoder: $(cat err)"
    "$ZSC" umap -q -e renamed.h5:other_dna --transform layout.h5 -o t.npy 2>err && grep -q "warning: 'layout.h5' keeps rows of encoder $d" err || fail "umap --transform: $(cat err)"
    "$ZSC" assign -q -e new.h5:$d --model c.h5 2>err | cmp - other.txt && [ ! -s err ] || fail "the same encoder: $(cat err)"
    cp c.h5 older.h5
    "$python" -c "
import h5py
with h5py.File('older.h5', 'r+') as h: a = h['model/rows'].attrs; del a['encoders'], a['checksum']"
    "$ZSC" assign -q -e renamed.h5:other_dna --model older.h5 2>err | cmp - other.txt && [ ! -s err ] || fail "an older file: $(cat err)"
    "$ZSC" assign -q -e none.npy --model layout.h5 --clusters clusters.csv >/dev/null 2>err && grep -q "warning: 'none.npy' holds no rows: none is assigned" err || fail "no rows: $(cat err)"
fi
cp wide.csv others.wide.csv # names of files are none of encoders
"$ZSC" cluster -q -e wide.csv --keep-model -o c.h5 --force >/dev/null && "$ZSC" assign -q -e others.wide.csv --model c.h5 2>err >/dev/null && [ ! -s err ] || fail "another file: $(cat err)"

# --- Refusals
m='--model layout.h5' c='--clusters clusters.csv:cluster' e="-e new.h5:$d"
# shellcheck disable=SC2086
{
    expect 2 "option --model is needed" "$ZSC" assign $e $c
    expect 2 "no embeddings: option --embeddings is needed" "$ZSC" assign $m $c
    expect 2 "option --clusters is needed: 'layout.h5' holds no clusters" "$ZSC" assign $e $m
    expect 3 "'new.h5' keeps no model" "$ZSC" assign $e --model new.h5 $c
    expect 3 "no such file: 'nothing.h5'" "$ZSC" assign $e --model nothing.h5 $c
    expect 3 "'clusters.csv' is not an HDF5 file" "$ZSC" assign $e --model clusters.csv $c
    expect 3 "keeps rows of 128 columns, and these have 256" "$ZSC" assign -e new.h5:sim_image_1 $m $c
    expect 2 "expects a number from 0 to 1" "$ZSC" assign $e $m $c --novel-quantile 1.5
    "$ZSC" cluster -q -e layout.h5:umap --keep-model -o coordinates.h5 >/dev/null
    expect 3 "its rows are of a layout; to assign rows that are not in it, keep the layout by zsc umap --keep-model" "$ZSC" assign $e --model coordinates.h5
    "$ZSC" cluster -q -e train.h5:$d --clusterer hdbscan -o noisy.csv >/dev/null
    expect 3 "'noisy.csv:probability' holds numbers that are not whole, such as 0." "$ZSC" assign $e $m --clusters noisy.csv:probability
    expect 3 "holds texts; expected numbers of clusters" "$ZSC" assign $e $m --clusters train.h5:/labels/species
    sed 's/^SIM/other/' clusters.csv >others.csv
    expect 3 "'layout.h5' and 'others.csv:cluster' have no id in common" "$ZSC" assign $e $m --clusters others.csv:cluster
    "$ZSC" cluster -q -e layout.h5:umap -o clusters.npy >/dev/null && "$ZSC" assign -q $e $m --clusters clusters.npy -o byrow.csv >/dev/null &&
        cmp byrow.csv centroid.csv || fail "clusters without ids, by position"
    "$ZSC" cluster -q -e new.h5:$d -o few.npy >/dev/null
    expect 3 "90" "$ZSC" assign $e $m --clusters few.npy
    awk -F, 'BEGIN { print "id,cluster" } NR > 1 { print $1 ",-1" }' clusters.csv >noise.csv
    expect 2 "0 of 260 rows are in a cluster" "$ZSC" assign $e $m --clusters noise.csv:cluster
    "$ZSC" cluster -q -e train.h5:$d --metric cosine --keep-model -o cosine.h5 >/dev/null
    expect 2 "option --by centroid needs rows that were clustered by the Euclidean metric" "$ZSC" assign $e --model cosine.h5
    "$ZSC" assign -q $e --model cosine.h5 --by neighbor >/dev/null || fail "cosine, by neighbor"
    expect 3 "keeps rows, and no layout" "$ZSC" umap $e --transform cosine.h5 -o x.h5
    "$ZSC" cluster -q -e train.h5:sim_dna -e train.h5:sim_image_1 --keep-model -o two.h5 >/dev/null
    expect 3 "keeps rows of encoders of 128+256 columns, and these are of 256+128" "$ZSC" assign -e new.h5:sim_image_1 -e new.h5:$d --model two.h5
    expect 2 "option --keep-model needs an HDF5 file to write" "$ZSC" cluster -e train.h5:$d --keep-model -o x.csv
    expect 2 "option --keep-model needs an HDF5 file to write" "$ZSC" cluster -e train.h5:$d --keep-model
    expect 2 "the output 'layout.h5' is the input --model" "$ZSC" assign $e $m $c -o layout.h5
    expect 2 "" "$ZSC" assign $e $m $c -o x.xlsx
}
nothing_left x.h5
# novelty: of quantile 1 what is beyond all; what comes from elsewhere is
share() { "$ZSC" assign -q --format csv "$@" | sed -n 2p | cut -d, -f8; }
"$ZSC" cluster -q -e layout.h5:umap --clusterer kmeans -k 20 -o all.csv >/dev/null && c='--clusters all.csv:cluster' # no noise
# shellcheck disable=SC2086
[ "$(share -e train.h5:$d $m $c --novel-quantile 1)" = 0 ] || fail "rows of the model are novel"
# shellcheck disable=SC2086
awk -v near="$(share -e train.h5:$d $m $c)" -v far="$(share $e $m $c)" 'BEGIN { exit !(near <= 0.06 && far > 2 * near) }' || fail "novelty of known and new rows"
finish
