#!/bin/sh
# zsc stats at the edges: one row, no labels, all labels distinct, quotes and Windows line ends, hundreds of columns, columns asked for that are
# not there or twice; and all formats hold the same numbers.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

head='processid,order,genus,species,dna_barcode,split,country,coord-lat,coord-lon,area_fraction'
{ echo "$head"; echo 'a,Diptera,Musca,Musca domestica,ACGT,train,Land,1.5,-3,0.25'; } >one.csv
"$ZSC" stats one.csv --format csv >out || fail "one row"
[ "$(sed 1d out | cut -d, -f2-12 | sort -u)" = '1,1,100.00,0,0.00,1,1,1.0,1.00,1.0,0.00' ] || fail "one row: $(cat out)"
"$ZSC" stats one.csv --kind sizes --format csv | grep -qx 'area_fraction,1,0,1,0.2500000,0.2500000,0.2500000,0.2500000,0.2500000,0.2500000,0.0000000' ||
    "$ZSC" stats one.csv --kind sizes --format json | grep -q '"sd": 0' || fail "one number: $("$ZSC" stats one.csv --kind sizes --format csv)"
"$ZSC" stats one.csv --kind splits --format csv | grep -q '^seen,train,1,1,1,1,1,1$' || fail "one row of one split: $("$ZSC" stats one.csv --kind splits --format csv)"
"$ZSC" stats one.csv --kind overlap --format csv | grep -qx 'species,train,1,100.00' || fail "overlap of one split: $("$ZSC" stats one.csv --kind overlap --format csv)"
for kind in ranks splits geography overlap sizes; do
    sed 's/,[^,]*/,/g' one.csv | sed '1d' >body
    { echo "$head"; cat body body; } >none.csv
    case $kind in
    sizes) "$ZSC" stats none.csv --kind sizes --format csv | grep -qx 'area_fraction,0,2,0,,,,,,,' || fail "no number: $("$ZSC" stats none.csv --kind sizes --format csv)" ;;
    splits) "$ZSC" stats none.csv --kind splits --format csv | grep -qx ',(none),2,0,0,0,0,0' || fail "no split: $("$ZSC" stats none.csv --kind splits --format csv)" ;;
    overlap) "$ZSC" stats none.csv --kind overlap --format csv >out || fail "overlap without splits: $(cat out)" ;;
    *) "$ZSC" stats none.csv --kind $kind --format csv | sed 1d | cut -d, -f2-8 | sort -u | grep -qx '0,0,0.00,2,100.00,0,0' || fail "no label: $("$ZSC" stats none.csv --kind $kind --format csv)" ;;
    esac
done
awk -v head="$head" 'BEGIN { print head; for (i = 0; i < 5000; i++) printf "p%d,o%d,g%d,g%d s,A%dC,s%d,l%d,%d,%d,%d\n", i, i, i, i, i, i % 3, i, i % 90, i % 180, i }' >unique.csv
"$ZSC" stats unique.csv --format csv | grep -qx 'species,5000,5000,100.00,0,0.00,1,1,1.0,1.00,1.0,0.00' || fail "all distinct"
"$ZSC" stats unique.csv --kind overlap --format csv | grep -qx 'species,s0,1667,100.00,0,0.00,0,0.00' || fail "nothing is shared: $("$ZSC" stats unique.csv --kind overlap --format csv)"

# The same table in other dress.
awk 'BEGIN { print "processid,order,species,country"; for (i = 0; i < 300; i++) printf "p%d,Diptera,Musca s%d,\"Land, %d\"\n", i, i % 7, i % 5 }' >plain.csv
wanted=$("$ZSC" stats plain.csv --column country --format csv)
echo "$wanted" | grep -qx 'country,5,300,100.00,0,0.00,60,60,1.0,60.00,60.0,0.00' || fail "a comma in quotes: $wanted"
sed 's/$/\r/' plain.csv >windows.csv
sed '1s/^/\xef\xbb\xbf/; s/\([^,"]*\),/"\1",/; s/Diptera/"Diptera"/; s/$/\r/' plain.csv >quoted.csv
awk -F, 'NR == 1 { printf "%s", $0; for (i = 0; i < 200; i++) printf ",extra%d", i; print ""; next } { printf "%s", $0; for (i = 0; i < 200; i++) printf ",%d", i * NR; print "" }' plain.csv >wide.csv
sed 's/"Land, \([0-9]\)"/Land; \1/; s/,/\t/g; s/Land;/Land,/' plain.csv >plain.tsv
for file in windows.csv quoted.csv wide.csv plain.tsv; do
    [ "$("$ZSC" stats $file --column country --format csv)" = "$wanted" ] || fail "$file: $("$ZSC" stats $file --column country --format csv 2>&1)"
done
"$ZSC" stats wide.csv --column extra7 --column extra199 --format csv | grep -c '^extra' | grep -qx 2 || fail "columns of one's own"

# Columns that are not there, or twice.
expect 3 "'plain.csv' has no column nothing; it has: processid, order, species, country" "$ZSC" stats plain.csv --column nothing
expect 3 "'plain.csv' has no column Art; it has: processid, order, species, country" "$ZSC" stats plain.csv --column species=Art
expect 2 "two columns are given for country" "$ZSC" stats plain.csv --column country --column country
expect 2 "two columns are given for species" "$ZSC" stats plain.csv --column species=order --column species=country
sed '1s/country/species/' plain.csv >double.csv
expect 3 "species" "$ZSC" stats double.csv
: >empty.csv
expect 3 "'empty.csv' is empty" "$ZSC" stats empty.csv
head -n 1 plain.csv >header.csv
expect 3 "'header.csv'" "$ZSC" stats header.csv
printf 'processid,species\na,x\nb\n' >short.csv
expect 3 "'short.csv', line 3" "$ZSC" stats short.csv

# Every format holds the numbers of the CSV.
"$ZSC" simulate -q --rows 800 --seed 4 --splits all --image-encoders 0 --dna-encoders 0 -o s.h5 --metadata-output m.csv || fail simulate
numbers() { grep -Eo '[0-9]+(\.[0-9]+)?' | sort; }
for kind in ranks splits geography overlap sizes; do
    "$ZSC" stats m.csv --kind $kind --format csv >csv || fail "$kind"
    sed 1d csv | sed 's/[A-Za-z0-9_-]*[a-z][A-Za-z0-9_-]*//g' | numbers >wanted
    [ "$(wc -l <wanted)" -gt 20 ] || fail "$kind has few numbers"
    "$ZSC" stats m.csv --kind $kind --format tsv | tr '\t' ',' | cmp -s - csv || fail "$kind: tsv"
    for format in table latex markdown html; do
        "$ZSC" stats m.csv --kind $kind --format $format >shown || fail "$kind $format"
        while read -r value; do grep -qF "$value" shown || fail "$kind $format: no $value"; done <<END
$(uniq wanted)
END
    done
    "$ZSC" stats m.csv --kind $kind --format json | sed 's/"[^"]*"//g' | numbers | awk '{ printf "%.9g\n", $1 }' | sort -u >shown
    awk '{ printf "%.9g\n", $1 }' wanted | sort -u >rounded
    [ -z "$(comm -23 rounded shown)" ] || fail "$kind json: $(comm -23 rounded shown | head -n 3)"
done
# --only and --show leave columns and statistics, in their order, with the numbers that the whole table has; --also writes the same table once more
column() { awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i } { print $c }' "$1"; }
"$ZSC" stats m.csv --format csv >whole
"$ZSC" stats m.csv --only genus,class --show 'imbalance,categories,labelled %' -o part.csv --also part.tex --also part.md --also part.json 2>err || fail "--only, --show: $(cat err)"
{ echo column,imbalance,categories,labelled %; for name in genus class; do grep "^$name," whole >row; { head -n 1 whole; cat row; } >both; printf '%s,%s,%s,%s\n' "$name" "$(column both imbalance | tail -n 1)" "$(column both categories | tail -n 1)" "$(column both 'labelled %' | tail -n 1)"; done; } | cmp -s - part.csv ||
    fail "--only and --show show other numbers: $(cat part.csv)"
grep -q '^\\begin{table}' part.tex && grep -q '^| genus |' part.md && grep -q '"column": "genus"' part.json || fail "--also: $(head -3 part.tex part.md)"
"$ZSC" stats m.csv --kind splits --format csv >whole
"$ZSC" stats m.csv --kind splits --only species,phylum -f csv >part && [ "$(head -n 1 part)" = "species set,split,records,species,phylum" ] || fail "--only of splits: $(head -n 1 part)"
for name in records species phylum; do [ "$(column part $name)" = "$(column whole $name)" ] || fail "--only of splits shows other $name"; done
"$ZSC" stats m.csv --kind overlap --format csv >whole
"$ZSC" stats m.csv --kind overlap --only genus --show counts -f csv >counts && "$ZSC" stats m.csv --kind overlap --only genus --show percent -f csv >percent || fail "--show counts"
[ "$(column counts test)" = "$(grep -e '^column' -e '^genus' whole >rows; column rows test)" ] && [ "$(column percent 'test %')" = "$(column rows 'test %')" ] && ! head -n 1 counts | grep -q % && ! head -n 1 percent | grep -q 'test,' || fail "counts and per cent of overlap: $(cat counts percent)"
expect 3 "option --only: there is no 'tribe' here; there are " "$ZSC" stats m.csv --only tribe
expect 3 "option --show: there is no 'median' here; there are categories, labelled, " "$ZSC" stats m.csv --show median
expect 2 "the output 'part.pdf' must end in .tex, .md, .csv, " "$ZSC" stats m.csv --also part.pdf
expect 2 "two outputs name the same file" "$ZSC" stats m.csv -o same.csv --also same.csv
echo mine >mine.csv
expect 3 "'mine.csv' is there already, and zsc did not write it" "$ZSC" stats m.csv --also mine.csv
finish
