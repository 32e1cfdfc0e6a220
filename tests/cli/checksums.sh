#!/bin/sh
# Results that were altered: no command takes an array or a score that is not what was written.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || { skip "$python has no h5py and numpy"; }
"$ZSC" simulate -q -o sim.h5 --rows 120 --seed 2 || exit 99
"$ZSC" run -q -e sim.h5:sim_dna --reduce pca --dim 4 --keep-reduced --curve -o res >/dev/null || exit 99
result=$(ls res/*.h5)

cat >alter.py <<'END'
import shutil, sys, h5py
source, target, what, how = sys.argv[1:]
shutil.copy(source, target)
with h5py.File(target, 'r+') as h:
    if what.startswith('@'):
        if how == 'delete': del h.attrs[what[1:]]
        else: h.attrs[what[1:]] = 0.5
    elif how == 'delete': del h[what]
    else:
        v = h[what][:]
        if v.dtype.kind in 'fi': v.flat[5] = v.flat[6] if v.flat[5] != v.flat[6] else v.flat[4] - 1
        else: v[3] = b'altered'
        if how == 'replace': # a dataset of the same name, type and shape
            del h[what]
            h[what] = v
        else: h[what][...] = v
END
refused() { # WHAT, COMMAND...: status 3, one line that names the file and says so, and no output
    what=$1; shift
    run "$ZSC" "$@"
    [ "$status" -eq 3 ] || fail "$what altered, zsc $*: status $status"
    grep "'d.h5' is damaged" err >/dev/null || fail "$what altered, zsc $*: $(cat err)"
    [ ! -e out.file.csv ] && [ ! -e out.file.npy ] && [ ! -e out.file.svg ] && [ ! -e out.file.h5 ] && [ ! -e out.file.html ] || { fail "zsc $*: left a file"; rm -f out.file.*; }
}

for how in edit replace; do
    for what in clusters id labels/species linkage reduced curve/species; do
        "$python" alter.py "$result" d.h5 $what $how
        refused $what info d.h5
        grep "checksums damaged" out >/dev/null || fail "info does not say that $what is damaged"
        refused $what report d.h5 --no-figures -o out.file.html
        refused $what atlas d.h5 --layout pca -o out.file.html
        case $what in
        clusters | id | labels/species)
            refused $what export d.h5 -o out.file.csv
            refused $what compare d.h5 "$result"
            refused $what plot clusters d.h5 -o out.file.svg
            [ $what = id ] || refused $what score d.h5:/clusters d.h5:/labels/species ;;
        linkage) refused $what export d.h5 --what linkage -o out.file.npy ;;
        reduced)
            refused $what export d.h5 --what reduced -o out.file.npy
            refused $what ward -e d.h5:/reduced -o out.file.h5
            refused $what knn -e d.h5 --h5-embedding /reduced -o out.file.h5 -k 3 ;;
        esac
    done
done
"$python" alter.py "$result" d.h5 reduced delete
refused "/reduced deleted" export d.h5 -o out.file.csv
for what in @silhouette @rows scores/ami; do
    "$python" alter.py "$result" d.h5 $what edit
    refused $what collect d.h5
    refused $what info d.h5
done

# a name that was altered
"$python" -c 'import h5py, shutil, sys
shutil.copy(sys.argv[1], "d.h5")
h5py.File("d.h5", "r+").move("labels/species", "labels/stecies")' "$result"
refused "the name /labels/species" curve d.h5
refused "the name /labels/species" export d.h5 -o out.file.csv

# what is not altered is read, by its own checksum
"$python" alter.py "$result" d.h5 curve/species edit
run "$ZSC" score d.h5:/clusters d.h5:/labels/species
[ "$status" -eq 0 ] || fail "clusters and labels are as written: $(cat err)"

# attributes: what settings and scores do not cover, others do
for what in provenance peak_rss_bytes checksum_others; do
    "$python" -c 'import h5py, shutil, sys
shutil.copy(sys.argv[1], "d.h5")
a = h5py.File("d.h5", "r+").attrs
v = a[sys.argv[2]]
a[sys.argv[2]] = 7 if sys.argv[2] == "peak_rss_bytes" else v.replace(b"zsc", b"zcs", 1) if b"zsc" in v else (b"1" if v[:1] == b"0" else b"0") + v[1:]' "$result" $what
    refused $what collect d.h5
done
"$python" alter.py "$result" d.h5 @checksum_others delete
refused "no checksum_others" collect d.h5

# checksum_scores is that of settings and scores alone: the same in another folder, of a copy, at other threads; not with other clusters
sum_of() { "$ZSC" info "$1"/*.h5 | sed -n 's/^checksum of settings and scores: //p'; }
mkdir other && cp sim.h5 other/copy.h5
"$ZSC" run -q -t 2 -e other/copy.h5:sim_dna --reduce pca --dim 4 --keep-reduced --curve -o other/res >/dev/null || fail run
"$ZSC" run -q -e sim.h5:sim_dna --reduce pca --dim 4 --keep-reduced --curve --clusters 9 -o seed >/dev/null || fail run
[ -n "$(sum_of res)" ] && [ "$(sum_of res)" = "$(sum_of other/res)" ] && [ "$(sum_of res)" != "$(sum_of seed)" ] || fail "checksums of scores: $(sum_of res), $(sum_of other/res), 9 clusters: $(sum_of seed)"
"$python" -c 'import h5py, sys; sys.exit(h5py.File(sys.argv[1]).attrs["checksum_scores"].decode() != sys.argv[2])' "$result" "$(sum_of res)" || fail "info prints another checksum"

# a result of 2026-11-30, with checksum_scores of all attributes but internal scores: read, and damage is found
fixture=$ZSC_SRCDIR/tests/fixtures/older_result.h5
"$ZSC" info "$fixture" >out 2>err && grep -q '^checksums match$' out && "$ZSC" collect "$fixture" | grep -q ',species,' || fail "a result of 2026-11-30: $(cat out err)"
for what in provenance peak_rss_bytes silhouette; do
    "$python" -c 'import h5py, shutil, sys
shutil.copyfile(sys.argv[1], "d.h5")
a = h5py.File("d.h5", "r+").attrs
a[sys.argv[2]] = a[sys.argv[2]].replace(b"1", b"2", 1) if sys.argv[2] == "provenance" else 7' "$fixture" $what
    refused "$what of a result of 2026-11-30" collect d.h5
done

# a result of before: read, compared by the one checksum of all arrays, and info says which
"$python" alter.py "$fixture" older.h5 @checksums delete
"$python" alter.py older.h5 d.h5 @checksum_others delete
run "$ZSC" info d.h5
{ [ "$status" -eq 0 ] && grep "checksums .*older zsc" out >/dev/null; } || fail "an older result: $(cat out err)"
run "$ZSC" export d.h5 -o clusters.csv
[ "$status" -eq 0 ] || fail "an older result is not exported: $(cat err)"
cp d.h5 older.h5
for what in clusters labels/species linkage reduced; do
    "$python" alter.py older.h5 d.h5 $what edit
    refused "$what of an older result" export d.h5 -o out.file.csv
    refused "$what of an older result" info d.h5
    # arrays that are read on their own
    refused "$what of an older result" score d.h5:/clusters d.h5:/labels/species
    refused "$what of an older result" ward -e d.h5:/reduced -o out.file.h5
    refused "$what of an older result" knn -e d.h5 --h5-embedding /reduced -o out.file.h5 -k 3
done
# in a folder, a list, and a sweep; a result that is left out is named
mkdir folder && cp older.h5 folder/p1.h5
run "$ZSC" knn -e folder --h5-embedding /reduced -o folder.h5 -k 3
[ "$status" -eq 0 ] || fail "a folder with an older result: $(cat err)"
cp d.h5 folder/p1.h5
expect 3 "result 'folder/p1.h5' is damaged" "$ZSC" knn -e folder --h5-embedding /reduced -o out.file.h5 -k 3
refused "an older result in a list" knn -e older.h5+d.h5 --h5-embedding /reduced -o out.file.h5 -k 3
printf 'embeddings: folder\nh5-embedding: /reduced\nreduce: none\nclusters: 3\n' >older.yaml
expect 3 "result 'folder/p1.h5' is damaged" "$ZSC" sweep older.yaml -o swept
rm folder/p1.h5 && "$ZSC" select -q -e sim.h5:sim_dna -o folder/rows.npy >/dev/null && cp older.h5 folder/older.h5
run "$ZSC" run --reduce none --clusters 3 -e folder
{ [ "$status" -eq 0 ] && grep "left out: folder/older.h5 (a result of zsc)$" err >/dev/null; } || fail "what is left out, and why: $(cat err)"
run "$ZSC" score older.h5:/clusters older.h5:/labels/species
[ "$status" -eq 0 ] || fail "an older result as it was: $(cat err)"
finish
