#!/bin/sh
# BOLD's packages: a specimen with several markers has several rows. Ids are unique among the rows that are taken; barcodes
# in upper and lower case are the same; the names nuc and nucraw are known.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
tab=$(printf '\t')
{
    echo "processid marker_code split species nuc"
    echo "A1 COI-5P test Aeshna_a ACGTTGCAACACGTTGCAAC"
    echo "A1 16S test Aeshna_x GGGTTTAACCGGGTTTAACC"
    echo "A2 ITS train Aeshna_y TTTTCCCCAATTTTCCCCAA"
    echo "A2 COI-5P test Aeshna_b ACGTTGCATTACGTTGCATT"
    echo "A3 COI-5P test Aeshna_c GGATCCATTAGGATCCATTA"
} | tr ' ' "$tab" >bold.tsv
expect 3 "'bold.tsv': id 'A1' stands in row 1 and again in row 2; ids must be unique among the rows that are taken: --where COLUMN=VALUE, such as marker_code=COI-5P, takes one of them" \
    "$ZSC" embed kmer -m bold.tsv -k 2 -o k.h5
"$ZSC" embed kmer -q -m bold.tsv -k 2 --where marker_code=COI-5P -o k.h5 || fail 'embed kmer --where'
"$ZSC" embed kmer -q -m bold.tsv -k 2 --where marker_code=COI-5P --where species=Aeshna_b -o one.h5 || fail 'embed kmer --where twice'
"$ZSC" info one.h5 | grep -q '^rows *1$' || fail "one row: $("$ZSC" info one.h5)"
expect 3 'none of its 5 rows is of the splits and meets --where' "$ZSC" embed kmer -m bold.tsv -k 2 --where marker_code=COI -o none.h5
expect 3 "has no column marker" "$ZSC" embed kmer -m bold.tsv -k 2 --where marker=COI-5P -o none.h5
expect 2 'expects column=value' "$ZSC" embed kmer -m bold.tsv -k 2 --where marker_code -o none.h5
[ ! -e none.h5 ] || fail 'a file of no rows'
# info
run "$ZSC" info bold.tsv
grep -q '2 rows repeat an id' out || fail "info of repeated ids: $(cat out)"
run "$ZSC" info --where marker_code=COI-5P bold.tsv
grep -q '^rows *3$' out && ! grep -q 'repeat an id' out || fail "info --where: $(cat out)"
# run: the labels are those of the row that is taken, wherever the other stands
labels() { "$ZSC" run -q --reduce none --clusters 2 --ranks species -e k.h5 -m bold.tsv --force -o results "$@" >/dev/null && "$ZSC" export -q results/*.h5 --force -o c.csv && cut -d, -f2- c.csv | tr '\n' ' '; rm -rf results; }
expect 3 "metadata 'bold.tsv': rows 1 and 2 have the same id A1; --where COLUMN=VALUE, such as marker_code=COI-5P, takes one of them" \
    "$ZSC" run --reduce none --ranks species -e k.h5 -m bold.tsv -o results
got=$(labels --where marker_code=COI-5P)
case $got in *Aeshna_a*Aeshna_b*Aeshna_c*) ;; *) fail "labels: $got" ;; esac
sed '2d' bold.tsv | sed '$a\A1\t16S\ttest\tAeshna_x\tGGGTTTAACC' >two.tsv # the one of A2 by its split
run "$ZSC" select --where marker_code=COI-5P --split test -e k.h5 -m bold.tsv --ranks species -o s.h5
[ "$status" -eq 0 ] || fail "select: $(cat err)"
"$ZSC" info s.h5 | grep -q '^rows *3$' || fail "select: $("$ZSC" info s.h5)"

# names and case of barcodes
sed '1s/nuc/nucraw/' bold.tsv >raw.tsv
"$ZSC" embed kmer -q -m raw.tsv -k 2 --where marker_code=COI-5P -o raw.h5 || fail nucraw
cmp k.h5 raw.h5 || fail 'nucraw: other vectors'
awk 'BEGIN { FS = OFS = "\t" } NR > 1 { $5 = NR % 2 ? tolower($5) : substr($5, 1, 9) tolower(substr($5, 10)) } 1' bold.tsv >lower.tsv
"$ZSC" embed kmer -q -m lower.tsv -k 2 --where marker_code=COI-5P -o lower.h5 || fail 'lower case'
for f in k lower; do "$ZSC" ward -q -e $f.h5:kmer2 --clusters 2 -o $f.npy --force; done
cmp k.npy lower.npy || fail 'lower case: other vectors'
run "$ZSC" embed kmer -m lower.tsv -k 2 --where marker_code=COI-5P -o lower2.h5
grep -q warning err && fail "lower case: $(cat err)"

# two rows of one id, and one first whose id has no embedding: a split, or a rule, that the file of embeddings answers
{ echo processid,species; echo Z9,Aeshna_z; echo A1,Aeshna_a; echo A2,Aeshna_b; echo A1,Aeshna_x; } >first_elsewhere.csv
{ echo processid,x,y,genus,split; echo A1,0.5,1,g,test; echo A2,0.25,3,g,test; } >own.csv
for rule in '--split test' '--where genus=g' '--split test --where genus=g'; do
    expect 3 "rows 2 and 4 have the same id A1" "$ZSC" select $rule -e own.csv -m first_elsewhere.csv -o s.h5 --force
done
# a missing label is no value to choose by: in no command
{ echo processid,species,order,dna_barcode; awk 'BEGIN { for (i = 0; i < 6; i++) print "r" i ",s," (i % 2 ? "NA" : "B") ",ACGTACGTAC" i }'; } | sed 's/\([0-5]\)$/A/' >some_na.csv
"$ZSC" embed kmer -q -m some_na.csv -k 2 -o na.h5 || fail 'embed kmer'
expect 3 "no row has order 'NA'" "$ZSC" select -e na.h5 -m some_na.csv --where order=NA -o s.h5 --force
expect 3 'none of its 6 rows is of the splits and meets --where' "$ZSC" embed kmer -m some_na.csv -k 2 --where order=NA -o none.h5
"$ZSC" embed kmer -q -m some_na.csv -k 2 --where order=NA --missing-values '' -o na.h5 --force && "$ZSC" info na.h5 | grep -q '^rows *3$' || fail 'order=NA with no missing values'
finish
