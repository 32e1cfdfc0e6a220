#!/bin/sh
# zsc stats: categories, splits, places, overlap and sizes of metadata are what pandas counts; bad input is refused.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 3000 --seed 4 --splits all --missing-species 0.3 --image-encoders 0 -o s.h5 --metadata-output m.csv || fail simulate
# Places, other splits and gaps; a barcode in two splits.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    { $(at["country"]) = NR % 11 == 0 ? "NA" : "Land " NR % 7; $(at["province_state"]) = NR % 5 ? "P" NR % 13 : ""
      $(at["coord-lat"]) = NR % 9 ? NR % 90 ".5" : ""; $(at["coord-lon"]) = NR % 8 ? -(NR % 50) : ""
      if (NR % 17 == 0) $(at["area_fraction"]) = ""
      if (NR % 23 == 0) $(at["dna_barcode"]) = "acgtNN"; if (NR % 29 == 0) $(at["dna_barcode"]) = "ACGT"
      if (NR % 31 == 0) $(at["split"]) = ""; if (NR % 37 == 0) $(at["split"]) = "mine"; print }' m.csv >own.csv

# What can be told without pandas.
"$ZSC" stats own.csv --format csv >ranks.csv || fail "status"
[ "$(head -1 ranks.csv)" = "column,categories,labelled,labelled %,unlabelled,unlabelled %,largest,smallest,imbalance,mean rows,median rows,sd rows" ] ||
    fail "header: $(head -1 ranks.csv)"
[ "$(cut -d, -f2 ranks.csv | sed -n 8p)" = "$(cut -d, -f10 own.csv | sed 1d | grep -v '^$' | sort -u | wc -l | tr -d ' ')" ] || fail "species"
printf 'processid,species,split\na,x,u\nb,x,u\nc,y,v\nd,NA,v\ne,,v\nf,x,v\n' >small.csv
"$ZSC" stats small.csv --format csv | grep -qx 'species,2,4,66.67,2,33.33,3,1,3.0,2.00,2.0,1.00' || fail "small: $("$ZSC" stats small.csv --format csv)"
"$ZSC" stats small.csv --kind overlap --format csv | grep -qx 'species,v,1,50.00,2,100.00' || fail "overlap: $("$ZSC" stats small.csv --kind overlap --format csv)"
"$ZSC" stats small.csv --missing-values y,NA --format csv | grep -qx 'species,1,3,50.00,3,50.00,3,3,1.0,3.00,3.0,0.00' || fail "missing values"
"$ZSC" stats small.csv --where species=x --kind splits --format csv | grep -qx 'all,all,3,1' || fail "where"
gzip -c small.csv >small.csv.gz
[ "$("$ZSC" stats small.csv.gz)" = "$("$ZSC" stats small.csv)" ] || fail "gzip"
[ "$(cat small.csv | "$ZSC" stats /dev/stdin | sed 1d)" = "$("$ZSC" stats small.csv | sed 1d)" ] || fail "pipe"
printf 'processid;Art;groesse\na;x;1,5\nb;x;2,5\nc;y;\n' >semi.csv
"$ZSC" stats semi.csv --column species=Art --format csv | grep -q '^species,2,3,100.00' || fail "column: $("$ZSC" stats semi.csv --column species=Art)"
"$ZSC" stats semi.csv --kind sizes --column groesse --format csv | grep -q '^groesse,2,1,2,1.50000,1.75000,2.00000,2.00000,2.25000,2.50000,0.50000' ||
    fail "decimal comma: $("$ZSC" stats semi.csv --kind sizes --column groesse --format csv)"
for f in tex md csv html tsv json txt; do "$ZSC" stats small.csv -o "o.$f" >out && [ -s "o.$f" ] && [ ! -s out ] || fail "output $f"; done
grep -q toprule o.tex || fail "LaTeX"

# Bad input.
expect 3 "'small.csv' has none of the columns country, province_state, coord-lat, coord-lon; say which column is meant, as in --column country=NAME" \
    "$ZSC" stats small.csv --kind geography
expect 3 "'semi.csv' has no column split; say which column holds the splits, as in --column split=NAME" "$ZSC" stats semi.csv --kind splits
expect 3 "'small.csv', row 1, column species: expected a number, not 'x'" "$ZSC" stats small.csv --kind sizes --column species
expect 2 "--decimal has no effect here" "$ZSC" stats semi.csv --decimal , --column species=Art
expect 3 "no row has split 'w'" "$ZSC" stats small.csv --split w
expect 3 "'small.csv' has no column nothing; it has: processid, species, split" "$ZSC" stats small.csv --column nothing
expect 3 "'s.h5' is" "$ZSC" stats s.h5
expect 3 "'none.csv'" "$ZSC" stats none.csv
expect 2 "column expects NAME=COLUMN" "$ZSC" stats small.csv --column =species
awk 'BEGIN { print "processid,species,split"; for (i = 0; i < 70; i++) print i ",x,s" i }' >many.csv
expect 3 "'many.csv', row 65: 's64' is the 65th split, and there may be 64" "$ZSC" stats many.csv --kind splits
printf 'processid,species\na,\nb,NA\n' >none.csv
"$ZSC" stats none.csv --format csv | grep -qx 'species,0,0,0.00,2,100.00,0,0,,,,' || fail "no label: $("$ZSC" stats none.csv --format csv)"

python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import pandas, numpy' 2>/dev/null ||
    { [ $failures -eq 0 ] && skip "$python has no pandas (Debian package python3-pandas)"; finish; }
"$python" "$ZSC_SRCDIR/tests/cli/stats.py" "$ZSC" own.csv || fail "counts differ from pandas'"
if [ -n "${ZSC_REAL_DATA:-}" ]; then
    "$python" "$ZSC_SRCDIR/tests/cli/stats.py" "$ZSC" "$ZSC_REAL_DATA/coi-example.csv" || fail "counts of real barcodes differ from pandas'"
else
    echo "ZSC_REAL_DATA is not set: not counted on real barcodes" >&2
fi
finish
