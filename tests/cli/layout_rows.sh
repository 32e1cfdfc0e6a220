#!/bin/sh
# Every row of the table of layouts in doc/formats.md: a file of that layout is called so by `zsc info`, which prints a
# command line that runs it. A row without a file here fails.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
PYTHON=${PYTHON3-/usr/bin/python3}
"$PYTHON" -c 'import h5py, numpy' 2>/dev/null || skip "h5py or numpy is not installed (Debian packages python3-h5py, python3-numpy)"
mkdir bin && ln -s "$ZSC" bin/zsc && PATH=$PWD/bin:$PATH || exit 99
"$PYTHON" - <<'E' || exit 99
import gzip, h5py, json, numpy as np
r = np.random.default_rng(0); n = 30
x = r.standard_normal((n, 4)).astype("f4")
ids = ["s%02d" % i for i in range(n)]; species = ["abc"[i % 3] for i in range(n)]
S = lambda a: np.array(a, "S")
open("m.csv", "w").write("processid,species\n" + "".join("%s,%s\n" % p for p in zip(ids, species)))
with h5py.File("zsc.h5", "w") as h: h["embeddings/e"] = x; h["id"] = S(ids); h["labels/species"] = S(species)
with h5py.File("clibd.h5", "w") as h: h["encoded_image_feature"] = x; h["file_name"] = S(ids); h["species_list"] = S(species)
keys = ("seen", "unseen", "key")
with h5py.File("extracted_feature_from_val_split.hdf5", "w") as h:
    for k, g in enumerate(keys): h[g + "/encoded_image_feature"] = x[10 * k:10 * k + 10]
json.dump({g + "_id_list": ids[10 * k:10 * k + 10] for k, g in enumerate(keys)}, open("processed_id_val.json", "w"))
with h5py.File("anndata.h5ad", "w") as h:
    h["X"] = x; h.create_group("obs").attrs["_index"] = "_index"; h["obs"].attrs["column-order"] = ["species"]
    h["obs"].attrs["encoding-type"] = "dataframe"; h["obs/_index"] = ids; h["obs/species"] = species
    h.attrs["encoding-type"] = "anndata"
with h5py.File("samples.h5", "w") as h:
    for i, v in zip(ids, x): h[i] = v
with h5py.File("groups.h5", "w") as h:
    for i, v in zip(ids, x): h[i + "/mean"] = v
np.save("npy.npy", x); np.savez("npz.npz", embeddings=x, id=ids, species=species)
open("columns.csv", "w").write("id,species,a,b\n" + "".join("%s,%s,%.3f,%.3f\n" % (i, s, v[0], v[1]) for i, s, v in zip(ids, species, x)))
with h5py.File("pandas.h5", "w") as h:
    h.attrs["PYTABLES_FORMAT_VERSION"] = S("2.1"); g = h.create_group("emb"); g.attrs["pandas_type"] = S("frame"); g.attrs["nblocks"] = 1
    g["axis0"] = g["block0_items"] = S(list("abcd")); g["axis1"] = S(ids); g["block0_values"] = x
with h5py.File("matlab.mat", "w", userblock_size=512) as h: h["X"] = x.T; h["X"].attrs["MATLAB_class"] = S("single")
open("matlab.mat", "r+b").write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\0\2IM")
with h5py.File("octave.h5", "w") as h:
    g = h.create_group("X"); g.attrs["OCTAVE_NEW_FORMAT"] = np.array([1], "u1"); g["type"] = np.bytes_("float matrix"); g["value"] = x.T
with h5py.File("any.h5", "w") as h: h["model/features"] = x; h["names"] = S(ids)
E
# file_of ROW: the file of a row, with the options that it needs
file_of() {
    case $1 in
        "zsc's own"*) echo zsc.h5 ;;
        "BIOSCAN-CLIP / CLIBD") echo clibd.h5 ;;
        "CLIBD, an evaluation") echo extracted_feature_from_val_split.hdf5 ;;
        AnnData*) echo anndata.h5ad ;;
        "one dataset per sample") echo samples.h5 ;;
        "one group per sample") echo groups.h5 ;;
        npy*) echo npy.npy ;;
        npz*) echo npz.npz ;;
        "tables of numbers") echo columns.csv ;;
        pandas*) echo pandas.h5 ;;
        MATLAB*) echo matlab.mat ;;
        Octave) echo octave.h5 ;;
        "any HDF5") echo any.h5 --h5-embedding /model/features --h5-id /names ;;
    esac
}
awk -F ' *[|] *' '/^[|] layout / { on = 1; getline; next } on && !/^[|]/ { exit } on { print $2 "|" $3 "|" $4 }' "$ZSC_SRCDIR/doc/formats.md" >rows
[ "$(wc -l <rows)" -ge 12 ] || fail "the table of layouts: $(cat rows)"
while IFS='|' read -r row layout writer; do
    layout=$(echo "$layout" | tr -d '\140')
    file=$(file_of "$row")
    [ "$file" ] || { fail "no file of the row '$row'"; continue; }
    [ "$writer" ] || fail "nobody writes '$row'"
    # shellcheck disable=SC2086
    run "$ZSC" info $file
    got=$(sed -n 's/^layout *\([^:]*\):.*/\1/p' out)
    [ "$got" = "$layout" ] || fail "'$row' is $layout, and info says: $got $(cat err)"
    line=$(sed -n 's/^use it by  //p' out)
    echo "$line" | sed 's/METADATA.csv/m.csv/; s/-o results/--reduce none --clusters 3 -q -o results/' >script
    rm -rf results
    sh script >out 2>err && ls results/*.h5 >/dev/null || fail "'$row': '$line' does not run: $(cat err)"
done <rows
# and every format that zsc reads is in the table; clibd-group is a part of clibd-groups
for name in $(sed -n 's/^ *\.name = "\(.*\)",$/\1/p' "$ZSC_SRCDIR"/src/io/formats/*.c); do
    [ "$name" = clibd-group ] || grep -q "|.$name.|" rows || fail "the table has no row for '$name'"
done
finish
