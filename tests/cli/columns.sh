#!/bin/sh
# Metadata under other people's names: BOLD's data packages as they come, and any names through --column, in every command
# that reads metadata. The same rows give the same results, bit for bit.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o e.h5 --metadata-output m.csv --rows 300 --dna-dim 6 --image-dim 0 --seed 7 || exit 99

# BOLD's: tabs, None for missing, bin_uri and nuc, columns that nobody asks for, quotes that are letters
bold() { # BIN NUC ID FAMILY: names
    awk -F, -v OFS='\t' -v bin="$1" -v nuc="$2" -v id="$3" -v family="$4" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
                  print "sampleid", id, bin, "kingdom", "class", "order", family, "subfamily", "tribe", "genus", "species", nuc, "split", "notes"; next }
        { for (i = 1; i <= NF; i++) if ($i == "") $i = "None"
          print "S" NR, $(at["processid"]), $(at["dna_bin"]), "Animalia", $(at["class"]), $(at["order"]), $(at["family"]), $(at["subfamily"]),
              NR % 3 ? "tribe" NR % 5 : "None", $(at["genus"]), $(at["species"]), $(at["dna_barcode"]), $(at["split"]), "5\" long, \"yes" }' m.csv
}
bold bin_uri nuc processid family >bold.tsv
bold BIN sequence record Familia >own.tsv
grep None bold.tsv >/dev/null || fail "nothing is missing in bold.tsv"

scores() { "$ZSC" run -q --reduce none --one-per-barcode=first --format csv "$@" >out 2>err || { fail "run $*: $(cat err)"; return; }; cut -d, -f1-12 out; }
scores -e e.h5 -m m.csv >expected
[ "$(wc -l <expected)" -eq 8 ] || fail "seven ranks expected: $(cat expected)"
scores -e e.h5 -m bold.tsv | cmp -s - expected || fail "BOLD's TSV gives other scores"
NAMES="--column dna_bin=BIN --column dna_barcode=sequence --column processid=record --column family=Familia"
scores -e e.h5 -m own.tsv $NAMES | cmp -s - expected || fail "names given by --column give other scores"
scores -e e.h5 -m own.tsv $NAMES --ranks genus,species >two
grep ',genus,' two >/dev/null && [ "$(wc -l <two)" -eq 3 ] || fail "--ranks with --column: $(cat two)"
scores -e e.h5 -m own.tsv $NAMES --column clan=tribe >more # a name of one's own is a rank
grep ',clan,' more >/dev/null && [ "$(wc -l <more)" -eq 9 ] || fail "no rank clan: $(cat more)"
scores -e e.h5 -m own.tsv $NAMES --column clan=tribe --where clan=tribe1 --clusters 5 >less # where it only chooses rows it is none
if grep ',clan,' less >/dev/null || [ "$(wc -l <less)" -ne 8 ]; then fail "clan chooses rows and is scored too: $(cat less)"; fi

# one column serves several names
scores -e e.h5 -m own.tsv $NAMES --column bin=BIN --column lineage=Familia --ranks family,dna_bin,bin,lineage --clusters 9 >several
for pair in dna_bin,bin family,lineage; do
    awk -F, -v a="${pair%,*}" -v b="${pair#*,}" '$8 == a { x = $9 FS $10 FS $12 } $8 == b { y = $9 FS $10 FS $12 } END { exit !(x != "" && x == y) }' several ||
        fail "one column for $pair: $(cat several)"
done
scores -e e.h5 -m m.csv --column species=dna_bin --ranks species,dna_bin --clusters 9 >several
awk -F, 'NR > 1 { print $9, $10, $12 }' several | sort -u | wc -l | grep -qx 1 || fail "species and dna_bin of one column: $(cat several)"
grep ',species,300,' several >/dev/null || grep ',species,[1-9]' several >/dev/null || fail "species=dna_bin leaves species empty: $(cat several)"
# the same where the header or a value is quoted
sed '1s/dna_bin/"dna_bin"/; 2s/^\([^,]*\)/"\1"/' m.csv >quoted.csv
scores -e e.h5 -m quoted.csv --column species=dna_bin --ranks species,dna_bin --clusters 9 | cmp -s - several || fail "one column twice, quoted"

# embed, import, ward, info, sweep
"$ZSC" embed kmer -q -k 3 -m m.csv -o k1.h5 && "$ZSC" embed kmer -q -k 3 -m bold.tsv -o k2.h5 && "$ZSC" embed kmer -q -k 3 -m own.tsv $NAMES -o k3.h5 ||
    fail "embed kmer"
for k in k1 k2 k3; do scores -e $k.h5 >$k; done
cmp -s k1 k2 && cmp -s k1 k3 || fail "k-mers of the same barcodes differ"
cut -f 1-11,13- own.tsv | awk -F '\t' -v OFS='\t' 'NR == 1 { print $0, "sequence"; next } { print $0, NR % 2 ? "None" : "ACGTACGTACGT" }' >gaps.tsv
run "$ZSC" embed kmer -k 3 -m gaps.tsv $NAMES -o k4.h5
grep '150 of 300 rows have no barcode' err >/dev/null || fail "None is taken for a barcode: $(cat err)"
run "$ZSC" run --reduce none --clusters 2 --one-per-barcode -e e.h5 -m gaps.tsv $NAMES
grep '150 rows without a barcode' err >/dev/null || fail "None is taken for a barcode: $(cat err)"
"$ZSC" import -q e.h5 -m own.tsv $NAMES --column clan=tribe -o i.h5 || fail "import"
scores -e i.h5 --ranks class,order,family,subfamily,genus,species,dna_bin | cmp -s - expected || fail "imported labels give other scores"
"$ZSC" info i.h5 | grep '^clan ' >/dev/null || fail "import leaves the rank clan behind"
"$ZSC" ward -q -e e.h5 -m m.csv -k family -o w1.npy && "$ZSC" ward -q -e e.h5 -m own.tsv $NAMES -k family -o w2.npy || fail "ward"
for f in w1-*.npy; do cmp -s "$f" "w2-${f#w1-}" || fail "ward's clusters differ"; done
info() { "$ZSC" info --format json "$@" | grep -v '"file"\|"run"\|other_columns\|"tribe",\|"clan",' >out && [ -s out ] && cat out; }
info bold.tsv | sed '/"problems"/,$d' >a
info own.tsv $NAMES | sed '/"problems"/,$d' >b
# what is left over differs: the names themselves
for f in a b; do sed '/^    "/d' $f >$f.known; done
cmp -s a.known b.known || fail "info differs: $(diff a.known b.known)"
"$ZSC" info own.tsv $NAMES | grep -E '^barcodes +[0-9]+ distinct' >/dev/null || fail "info sees no barcodes"
"$ZSC" info bold.tsv | grep '^dna_bin ' >/dev/null || fail "info sees no bin_uri"
cat >sweep.yaml <<END
embeddings: e.h5
metadata: own.tsv
column: [dna_bin=BIN, dna_barcode=sequence, processid=record, family=Familia]
one-per-barcode: first
reduce: none
output: swept
END
"$ZSC" sweep -q sweep.yaml >out 2>err || fail "sweep: $(cat err)"
"$ZSC" run -q --reduce none --one-per-barcode=first -e e.h5 -m m.csv -o ran >out || fail "run"
[ "$(ls swept/*.h5)" = "swept/$(ls ran)" ] || fail "names of columns changed the key of a run"

# refusals
R="$ZSC run -q --reduce none -e e.h5 -m own.tsv"
expect 3 "has no column processid; it has: sampleid, record, BIN" $R
expect 3 "'own.tsv' has no column recrd; it has: sampleid, record, BIN" $R --column processid=recrd
expect 3 "'own.tsv' has no column Genera; it has: " $R --column processid=record --column genus=Genera
expect 2 "expects NAME=COLUMN, such as family=Familia, not 'family'" $R --column family
expect 2 "expects NAME=COLUMN, such as family=Familia, not '=x'" $R --column =x
expect 2 "expects NAME=COLUMN, such as family=Familia, not 'a/b=x'" $R --column a/b=x
expect 2 "two columns are given for family: 'family=a' and 'family=b'" $R --column family=a --column family=b
expect 2 "called processid here, as in processid=record" $R --column id=record
expect 2 "no metadata is given" "$ZSC" run -q --reduce none -e e.h5 --column family=x
expect 2 "columns have names in metadata, and 'e.h5' is none" "$ZSC" info e.h5 --column family=x
echo 'column: [family=x]' | cat - sweep.yaml | sed '/^column: \[dna/d; /^metadata/d' >bad.yaml
expect 3 "no metadata is given" "$ZSC" sweep -q bad.yaml
finish
