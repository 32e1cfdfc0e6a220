#!/bin/sh
# The form of an output follows the ending of its name, or is refused by the endings that are possible.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 90 --seed 1 -o s.h5 --metadata-output m.csv || fail "simulate"
"$ZSC" run -q -e s.h5:sim_dna --reduce none --curve -o r >/dev/null || fail "run"
result=$(ls r/*.h5)
is_hdf5() { [ "$(head -c 4 "$1" | tail -c 3)" = HDF ]; }
is_json() { head -c 1 "$1" | grep -q '[[{]'; }
is_csv() { head -n 1 "$1" | grep -q ',' && ! is_json "$1" && ! is_hdf5 "$1"; }
is_tsv() { head -n 1 "$1" | tr -d -c '\t' | grep -q . && [ "$(awk -F'\t' '{ print NF }' "$1" | sort -u | wc -l)" -eq 1 ]; }
is_npy() { [ "$(head -c 6 "$1" | tail -c 5)" = NUMPY ]; }
is_html() { grep -q '<table\|<html' "$1"; }
is_tex() { grep -q '\\begin{tabular}' "$1"; }
is_md() { grep -q '^|:---' "$1"; }
is_txt() { ! is_json "$1" && grep -q '  ' "$1"; }

# makes FORM NAME COMMAND...: zsc COMMAND -o NAME has this form
makes() {
    form=$1 file=$2
    shift 2
    run "$ZSC" "$@" -o "$file"
    if [ "$status" -ne 0 ]; then
        fail "$*: status $status: $(tail -n 1 err)"
    elif ! "is_$form" "$file"; then
        fail "zsc $* -o $file is not $form: $(head -c 80 "$file" | tr -d '\0')"
    fi
}
umap="umap -q -e s.h5:sim_dna --epochs 5"
# shellcheck disable=SC2086
for pair in hdf5:u.h5 hdf5:u.hdf5 hdf5:U.H5 csv:u.csv csv:U.CSV tsv:u.tsv npy:u.npy hdf5:bare; do makes "${pair%:*}" "${pair#*:}" $umap; done
for pair in hdf5:w.h5 csv:w.csv tsv:w.tsv npy:w.npy; do makes "${pair%:*}" "${pair#*:}" ward -q -e s.h5:sim_dna --clusters 7; done
[ -f w-7.csv ] && [ -f w-7.tsv ] && [ -f w-7.npy ] || fail "ward: clusters beside"
for pair in hdf5:k.h5 hdf5:k.hdf5 csv:k.csv tsv:k.tsv npy:k.npy hdf5:kbare; do makes "${pair%:*}" "${pair#*:}" cluster -q -e s.h5:sim_dna; done
for pair in csv:c.csv tsv:c.tsv json:c.json json:C.JSON csv:c; do makes "${pair%:*}" "${pair#*:}" collect r; done
for pair in tex:t.tex md:t.md csv:t.csv tsv:t.tsv json:t.json html:t.html md:t; do makes "${pair%:*}" "${pair#*:}" table ranks r; done
for pair in txt:k.txt csv:k.csv json:k.json txt:k; do
    makes "${pair%:*}" "${pair#*:}" compare -q r --resamples 10
    makes "${pair%:*}" "s${pair#*:}" score m.csv:species m.csv:genus
done
makes hdf5 knn.h5 knn -q -e s.h5:sim_dna
makes hdf5 e.h5 embed kmer -q -m m.csv
for pair in hdf5:sel.h5 csv:sel.csv npy:sel.npy; do makes "${pair%:*}" "${pair#*:}" select -q -e s.h5:sim_dna; done
for pair in hdf5:x.h5ad csv:x.csv npy:x.npy; do makes "${pair%:*}" "${pair#*:}" export "$result"; done
for pair in hdf5:cv.h5 csv:cv.csv; do makes "${pair%:*}" "${pair#*:}" curve -q "$result"; done
makes html a.html report -q r --no-figures
makes html atlas.html atlas -q r
makes json f.json collect r --format json
makes md f.out.md table ranks r --format markdown

# what they hold
"$ZSC" collect r >plain.csv && cmp plain.csv c.csv || fail "collect: the file differs from what is printed"
"$ZSC" score m.csv:species m.csv:genus --format json | cmp - sk.json || fail "score: the file differs from what is printed"
"$ZSC" table ranks c.tsv --format csv >by_tsv 2>err && "$ZSC" table ranks c.csv --format csv | cmp - by_tsv || fail "a TSV of collect is not read: $(cat err)"
head -n 1 u.csv | grep -q '^id,umap1,umap2,split,class,order,family,subfamily,genus,species,dna_bin$' || fail "header: $(head -n 1 u.csv)"
[ "$(wc -l <u.csv)" -eq 91 ] || fail "rows of u.csv"
"$ZSC" ward -q -e u.csv --clusters 7 -o from_csv.npy && "$ZSC" ward -q -e u.npy --clusters 7 -o from_npy.npy && cmp from_csv-7.npy from_npy-7.npy || fail "the layout in CSV is another one"
[ "$(wc -l <w.csv)" -eq 90 ] && [ "$(wc -l <w-7.csv)" -eq 91 ] && [ "$(sed 1d w-7.csv | cut -d, -f2 | sort -u | wc -l)" -eq 7 ] || fail "ward: rows"

# refused, before anything is done; by name what is possible
# shellcheck disable=SC2086
expect 2 "the output 'u.xlsx' must end in .h5, .hdf5, .npy, .csv or .tsv" "$ZSC" $umap -o u.xlsx
for f in k.json k.npz k.csv.gz; do
    expect 2 "the output '$f' must end in .h5, .hdf5, .npy, .csv or .tsv" "$ZSC" cluster -e s.h5:sim_dna -o $f
    [ ! -e $f ] || [ $f = k.json ] || fail "cluster wrote $f"
done
expect 2 "must end in .h5, .hdf5, .npy, .csv or .tsv" "$ZSC" ward -e s.h5:sim_dna -o w.parquet
expect 2 "the output 'c9.h5' must end in .csv, .tsv or .json" "$ZSC" collect r -o c9.h5
expect 2 "must end in .tex, .md, .csv, .html, .tsv, .json" "$ZSC" table ranks r -o t.pdf
expect 2 "must end in .html or .htm; a browser prints the page to PDF" "$ZSC" report r -o a.pdf
expect 2 "must end in .h5 or .hdf5" "$ZSC" knn -e s.h5:sim_dna -o kn.csv
expect 2 "must end in .h5 or .hdf5" "$ZSC" embed kmer -m m.csv -o e.csv
expect 2 "must end in .h5 or .hdf5" "$ZSC" import s.h5 -o i.npy
expect 2 "must end in .h5 or .hdf5" "$ZSC" simulate -o i.csv
expect 2 "must end in .csv" "$ZSC" simulate -o i.h5 --metadata-output i.json
expect 2 "must end in .txt, .csv or .json" "$ZSC" score m.csv:species m.csv:genus -o s.tex
expect 2 "must end in .txt, .csv or .json" "$ZSC" compare r -o s.h5
expect 2 "must end in .h5, .npy or .csv" "$ZSC" select -e s.h5:sim_dna -o s
expect 2 "must end in .csv or .h5" "$ZSC" curve "$result" -o c.npy
expect 2 "--format csv and the output 'c2.json' do not agree" "$ZSC" collect r --format csv -o c2.json
expect 2 "--format latex and the output 't2.md' do not agree" "$ZSC" table ranks r --format latex -o t2.md
expect 2 "do not agree" "$ZSC" score m.csv:species m.csv:genus --format json -o s.csv
for f in u.xlsx w.parquet c.h5 t.pdf a.pdf kn.csv c2.json t2.md; do nothing_left $f; done
expect 2 "needs an HDF5 file" "$ZSC" umap -e s.h5:sim_dna -o stop.csv --stop-at-epoch 3

# a pipe has no ending; a failing command leaves nothing under the name
"$ZSC" collect r -o /dev/stdout | cmp - plain.csv || fail "collect to a pipe"
run "$ZSC" compare absent -o gone.json
[ "$status" -eq 3 ] || fail "compare of nothing: $status"
nothing_left gone.json
[ ! -e gone.json ] || fail "an output of a command that failed"

# a figure in LaTeX brings a .pdf of the same name, which must not be another's
echo mine >fig.pdf
expect 3 "'fig.pdf' is there already, and zsc did not write it" "$ZSC" plot ranks r -o fig.tex
[ "$(cat fig.pdf)" = mine ] || fail "fig.pdf"
# "-": standard output where the command prints what it writes, refused elsewhere, and a file as ./-
"$ZSC" simulate -q --rows 60 --image-encoders 1 --image-dim 8 --dna-encoders 0 -o dash.h5 --metadata-output dash.csv && "$ZSC" run -q -e dash.h5 --reduce none -o dashes >/dev/null || fail "simulate or run"
for command in "collect dashes" "table ranks dashes" "stats dash.csv"; do
    "$ZSC" $command -q >plain 2>err || fail "$command: $(cat err)"
    "$ZSC" $command -q -o - >dashed 2>err || fail "$command -o -: $(cat err)"
    cmp -s plain dashed && [ -s plain ] && [ ! -e - ] || fail "$command -o -"
done
expect 2 "option --output: '-' does not stand for standard output here; give /dev/stdout, or ./- for a file of that name" "$ZSC" umap -q -e dash.h5 --n-epochs 5 -o -
expect 2 "option --output: '-' does not stand for standard output here; give ./- for a file of that name" "$ZSC" plot ranks r -o -
expect 2 "option --output: '-' does not stand for standard output here; give ./- for a folder of that name" "$ZSC" run -q -e dash.h5 -o -
expect 2 "option --log-file: '-' does not stand for" "$ZSC" run -q -e dash.h5 -o dashes --log-file -
[ ! -e - ] && "$ZSC" umap -q -e dash.h5 --n-epochs 5 -o ./- && [ -s ./- ] || fail "a file named -"
finish
