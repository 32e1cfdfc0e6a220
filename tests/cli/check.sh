#!/bin/sh
# zsc check: errors of metadata are found, each by its rule, and what the rules resolve is fixed and logged.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# barcode BASES [LETTER]: a barcode without stop codons of that length, unlike others by its first letters
barcode() { awk -v n="$1" -v head="${2-}" 'BEGIN { s = head; while (length(s) < n) s = s "GCC"; print substr(s, 1, n) }'; }
a=$(barcode 600 GGG) b=$(barcode 600 CCC) c=$(barcode 600 GCG) d=$(barcode 600 CGC)
{
    echo processid,class,order,family,subfamily,genus,species,dna_bin,dna_barcode,coord-lat,coord-lon,split,note
    echo "a1,Insecta,Diptera,Muscidae,,Musca,Musca domestica,BOLD:AAA0001,$a,45.5,3,train,x"
    echo "a2,Insecta,Diptera,Muscidae,,Musca,Musca vicina,BOLD:AAA0001,${a}NNN,-91,3,train,\"quoted, field\""
    for i in 3 4 5 6 7 8 9 10 11; do echo "a$i,Insecta,Diptera,Muscidae,,Musca,Musca domestica,BOLD:AAA0001,$a,,,train,"; done
    echo "a12,Insecta,Diptera,Muscidae,,Musca,,BOLD:AAA0001,$a,0,0,train,"
    echo "b1,Insecta,Diptera,Culicidae,,Culex,Culex pipiens,BOLD:AAB0007,$b,45,190,test,"
    echo "b2,Insecta,Diptera,Culicidae,,Culex,Culex torrentium,BOLD:AAB0007,$b,45,,train,"
    echo "b2,Insecta,Diptera,Muscidae,,Culex,Aedes pipiens,,$(printf %s "$b" | sed 's/^CCC/CCA/'),1,1,test,"
    echo ",Insecta,Diptera,,,Culex,Culex sp.,,$(barcode 499 GGC),1,1,test,"
    echo "c2,Insecta,Diptera,Culicidae,,culex,Culex sp. 1AB,,TAACTAACTAA$c,1,1,test,"
    echo "c3,Insecta,Diptera,Culicidae,,,Culex hortensis,BOLD:AAA2,NNNNNNN$d,1,1,test,"
    echo "c4,Insecta,Diptera,Culicidae,,Culex,Culex pipens,,R$(barcode 600 GGT),1,1,test,"
    echo "c5,Insecta,Diptera,Culicidae,,Culex,Culex pipiens,,!$(barcode 600 GTG),x,1,test,"
    echo "c6,Insecta,Diptera,Culicidae,,Culex,Culex hortensis,BOLD:AAA002,,1,1,test,"
} >bad.csv
run "$ZSC" check bad.csv --format csv
[ "$status" -eq 0 ] || fail "status $status: $(cat err)"
cat >wanted <<'EOF'
barcode-ambiguous,19,1,the barcode of row 19 has 1 ambiguity code beside N
barcode-conflict,14,1,the barcode of row 13 has species 'Culex pipiens' in 1 of 2 rows and 'Culex torrentium' in row 14: no majority of 90 %
barcode-conflict,2,1,the barcode of row 1 has species 'Musca domestica' in 10 of 11 rows and 'Musca vicina' in row 2: the majority resolves it
barcode-length,16,1,the barcode of row 16 has 499 bases
barcode-letters,20,1,"the barcode of row 20 has 1 letter for no base, the first is '!'"
barcode-n,18,1,7 of the 607 bases of row 18 are N
barcode-repeated,2,12,"12 of 20 rows repeat the barcode of an earlier row; equal barcodes alone, as clusters, have AMI X at species"
barcode-stop,17,1,"each frame of the barcode of row 17 has stop codons, the best 1"
coordinates,12,1,"row 12: latitude '0', longitude '0': both are 0"
coordinates,13,1,"row 13: latitude '45', longitude '190': out of range"
coordinates,14,1,"row 14: latitude '45', longitude '': one of the two is missing"
coordinates,2,1,"row 2: latitude '-91', longitude '3': out of range; were the two exchanged?"
coordinates,20,1,"row 20: latitude 'x', longitude '1': not a number"
empty-id,16,1,row 16 has no id
genus-of-species,15,1,species 'Aedes pipiens' is in genus 'Culex' (1 row)
genus-of-species,17,1,species 'Culex sp. 1AB' is in genus 'culex' (1 row)
hole,16,1,genus 'Culex' has no family in 1 row
hole,18,1,species 'Culex hortensis' has no genus in 1 row
not-identified,16,1,species 'Culex sp.' (1 row) identifies no taxon
placeholder,17,1,genus 'culex' (1 row) is a placeholder
placeholder,17,1,species 'Culex sp. 1AB' (1 row) is a placeholder
repeated-id,15,1,rows 14 and 15 have the id 'b2'
similar-names,17,1,"genus 'Culex' (7 rows) and 'culex' (1) differ in case, blanks or zeros"
similar-names,19,1,species 'Culex pipiens' (2 rows) and 'Culex pipens' (1) differ in one letter
similar-names,21,1,"dna_bin 'BOLD:AAA2' (1 row) and 'BOLD:AAA002' (1) differ in case, blanks or zeros"
split-leak,14,1,the barcode of row 13 is in split 'test' (1 of 2 rows) and in 'train'
two-parents,15,1,genus 'Culex' lies in family 'Culicidae' (5 rows) and 'Muscidae' (1)
EOF
sed 's/AMI 0.[0-9]*/AMI X/; 1d' out | sort >found
sort wanted | diff - found >difference || fail "findings: $(cat difference)"
[ "$(head -n 1 out)" = rule,row,rows,finding ] || fail "header: $(head -n 1 out)"

# the table, JSON, --strict, rows and columns that are chosen
"$ZSC" check bad.csv | grep -q '^barcode-conflict  *2  barcodes  *2  2, 14 ' || fail "table: $("$ZSC" check bad.csv)"
"$ZSC" check bad.csv --format json | grep -q '"notice": true' || fail "JSON"
expect 5 "'bad.csv': 23 findings, notices not counted" "$ZSC" check bad.csv --strict
head -n 2 bad.csv >good.csv
run "$ZSC" check good.csv --strict
[ "$status" -eq 0 ] && grep -qx 'nothing was found' out || fail "good: $(cat out err)"
[ "$("$ZSC" check bad.csv --split train --where genus=Musca --format csv | wc -l)" -eq 5 ] || fail "rows: $("$ZSC" check bad.csv --split train --where genus=Musca --format csv)"
sed '1s/species/Art/' bad.csv >art.csv
[ "$("$ZSC" check art.csv --column species=Art --format csv)" = "$("$ZSC" check bad.csv --format csv)" ] || fail "column"
"$ZSC" check bad.csv -o f.csv >out && [ ! -s out ] && [ "$(wc -l <f.csv)" -eq 28 ] || fail "output"
printf 'x,y\n1,2\n' >other.csv
expect 3 "'other.csv' has none of the columns that are checked" "$ZSC" check other.csv
expect 2 "must end in .csv" "$ZSC" check bad.csv --fix fixed.h5
cp bad.csv same.csv
expect 2 "same.csv" "$ZSC" check same.csv --fix same.csv
cmp bad.csv same.csv || fail "the metadata was written over"

# what the rules resolve
run "$ZSC" check bad.csv --fix fixed.csv
[ "$status" -eq 0 ] && grep -q "8 labels changed: 'fixed.csv'; the changes are in 'fixed.changes.csv'" err || fail "fix: $(cat err)"
cat >wanted <<'EOF'
row,id,column,from,to,rule
2,a2,species,Musca vicina,Musca domestica,barcode-conflict
12,a12,species,,Musca domestica,barcode-depth
13,b1,species,Culex pipiens,,barcode-conflict
14,b2,species,Culex torrentium,,barcode-conflict
16,,species,Culex sp.,,not-identified
17,c2,genus,culex,Culex,similar-names
18,c3,genus,,Culex,hole
21,c6,dna_bin,BOLD:AAA002,BOLD:AAA2,similar-names
EOF
diff wanted fixed.changes.csv >difference || fail "changes: $(cat difference)"
awk -F, 'NR == FNR { if (FNR > 1) n++; next } END { exit n != 8 }' fixed.changes.csv fixed.csv || fail "number of changes"
diff bad.csv fixed.csv | grep -c '^>' | grep -qx 8 || fail "rows changed: $(diff bad.csv fixed.csv | cut -c1-80)"
grep -q '"quoted, field"' fixed.csv || fail "a field was not kept"
"$ZSC" check fixed.csv --format csv | grep -E '^(barcode-conflict|not-identified|barcode-depth)' && fail "still there"
gzip -c bad.csv >bad.csv.gz
"$ZSC" check -q bad.csv.gz --fix again.csv >out && cmp fixed.csv again.csv || fail "packed"

python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import pandas' 2>/dev/null ||
    { [ $failures -eq 0 ] && skip "$python has no pandas (Debian package python3-pandas)"; finish; }
"$ZSC" simulate -q --rows 20000 --seed 3 --label-errors 0.02 --image-encoders 0 --dna-encoders 0 -o s.h5 --metadata-output planted.csv || fail "simulate"
"$ZSC" simulate -q --rows 20000 --seed 3 --image-encoders 0 --dna-encoders 0 -o s0.h5 --metadata-output true.csv || fail "simulate"
cmp s.h5 s0.h5 || fail "errors in the embeddings file"
awk -F, 'NR > 1 && $25 == "" { sub(/,$/, ""); print }' planted.csv >kept.csv
[ "$(grep -cvxFf true.csv kept.csv)" -eq 0 ] || fail "a row without an error changed"
"$python" "$ZSC_SRCDIR/tests/cli/check.py" "$ZSC" planted.csv || fail "planted errors"
expect 2 "--label-errors has no effect here" "$ZSC" simulate --rows 50 --label-errors 0.1 -o o.h5
finish
