#!/bin/sh
# The program of doc/writing.md for pandas, and other ways of pandas and anndata to write a file: zsc finds every id,
# label and number, or refuses the file with a line that converts it, and this line is run.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
. "$ZSC_SRCDIR/tests/cli/writers_lib.sh"
"$PYTHON" -c 'import pandas, tables, anndata' 2>/dev/null ||
    skip "pandas, PyTables or anndata is not installed (Debian packages python3-pandas, python3-tables, python3-anndata)"
{ cat data.py; program 3 python; } >program.py
"$PYTHON" program.py || fail "the program for pandas"
check pandas.csv pandas

"$PYTHON" - <<'E' || exit 99
exec(open("data.py").read())
import warnings, anndata, pandas as pd
warnings.simplefilter("ignore")
frame = pd.DataFrame(x, index=ids)
whole = frame.assign(species=species)
whole.to_csv("index.csv") # an index without a name
whole.to_csv("tabs.tsv", sep="\t", index_label="processid")
whole.to_csv("europe.csv", sep=";", decimal=",", index_label="id")
whole.to_csv("packed.csv.gz", index_label="id")
whole.reset_index(names="ID").to_csv("numbered.csv") # and the numbers of the rows
frame.to_hdf("frame.h5", key="dino")
frame.to_hdf("packed.h5", key="dino", complevel=9, complib="zlib")
frame.astype("f8").to_hdf("doubles.h5", key="a/dino")
whole.to_hdf("mixed.h5", key="dino") # species is a block of Python objects
frame.to_hdf("table.h5", key="dino", format="table")
whole.to_hdf("table_mixed.h5", key="dino", format="table")
pd.Series(x[:, 0], ids).to_hdf("series.h5", key="s")
for name, column in ("object", species), ("category", pd.Categorical(species)):
    anndata.AnnData(x, obs=pd.DataFrame({"species": column}, index=ids)).write_h5ad(name + ".h5ad")
E
for file in index.csv tabs.tsv europe.csv packed.csv.gz numbered.csv; do check $file ${file%%.*}; done
for file in frame.h5 packed.h5 mixed.h5; do check $file dino -m m.csv; done
expect 2 "'a/dino' cannot be the name of an encoder; --name gives it another" "$ZSC" import doubles.h5 -m m.csv -o named.h5
check doubles.h5 dino -m m.csv --name dino
for file in object category; do check $file.h5ad X; done

# convert FILE: the line that the refusal has makes a table of it, as it stands but for the names
convert() {
    expect 3 "'$1:/dino' is a frame of pandas in the table format, which zsc does not read; in Python: " "$ZSC" run -e "$1" -m m.csv
    line=$(sed -n "s/.*; in Python: //p" err | sed "s/'x.h5'/'$1'/; s/x.csv/${1%.h5}.csv/")
    "$PYTHON" -c "import pandas; $line" || fail "$1: '$line' does not run"
    check "${1%.h5}.csv" "${1%.h5}" -m m.csv
}
convert table.h5
convert table_mixed.h5
expect 3 "'series.h5:/s' is a series of pandas, which zsc does not read" "$ZSC" run -e series.h5 -m m.csv
finish
