#!/bin/sh
# The commands of doc/retrieval_tables.md run as they stand there, and what they give has the published shape.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
sed -n 's/^    \(zsc .*\)/\1/p' "$ZSC_SRCDIR/doc/retrieval_tables.md" >commands
[ "$(wc -l <commands)" -ge 9 ] || fail "the page has lost its commands"
command -v gnuplot >/dev/null || sed -i '/^zsc plot/d' commands
mkdir bin && ln -s "$ZSC" bin/zsc
PATH=$PWD/bin:$PATH
while read -r command; do
    sh -c "$command" >"out.$((number = ${number-0} + 1))" 2>err || fail "$command: $(cat err)"
done <commands
command -v gnuplot >/dev/null && { [ -s retrieval.svg ] && [ -s confusion.svg ] || fail "no figures"; }
zsc table retrieval dna-dna.json image-image.json image-dna.json --ranks order,family,genus,species --format csv >table.csv
[ "$(sed 1q table.csv)" = 'Taxon,Embeddings,"DNA to DNA, seen","DNA to DNA, unseen","DNA to DNA, H.M.","Image to Image, seen","Image to Image, unseen","Image to Image, H.M.","Image to DNA, seen","Image to DNA, unseen","Image to DNA, H.M."' ] ||
    fail "columns: $(sed 1q table.csv)"
# fields 3 to 11: seen, unseen and harmonic mean of the three
awk -F, 'NR > 1 { for (i = 3; i <= 11; i++) v[$1, i] = $i }
    END {
        for (i = 3; i <= 11; i++) if (!(v["Order", i] >= v["Family", i] && v["Family", i] > v["Genus", i] && v["Genus", i] > v["Species", i])) { print "ranks, column " i; bad = 1 }
        for (i = 3; i <= 5; i++) if (!(v["Species", i] > v["Species", i + 3] && v["Species", i + 3] > v["Species", i + 6])) { print "pairs, column " i; bad = 1 }
        for (i = 3; i <= 9; i += 3) if (!(v["Species", i] > v["Species", i + 1])) { print "seen and unseen, column " i; bad = 1 }
        exit bad }' table.csv >shape || fail "another shape: $(cat shape table.csv)"
zsc table probe dna-nearest.json image-nearest.json dna-linear.json image-linear.json --format csv >probe.csv
[ "$(sed 1q probe.csv)" = 'Modality,Encoder,"1-NN, Genus, test_unseen","Linear, Species, test"' ] &&
    awk -F, 'NR == 2 { n = $3; l = $4 } NR == 3 { exit !(n > $3 && l > $4 && $3 > 5 && $4 > 5) }' probe.csv || fail "probes: $(cat probe.csv)"
# chance is far below the search between modalities
awk -F, '$1 == "Species" { exit !($9 > 3) }' table.csv || fail "image to DNA is chance: $(cat table.csv)"
zsc compare -q --score macro dna-dna.json image-image.json image-dna.json --ranks species --format csv | awk -F, '$1 == "difference" && $2 == "test" && $16 == "yes" { n++ } END { exit n != 3 }' ||
    fail "the differences of the three do not hold"
expect 2 "aligned encoders have one dimension, not 64 and 32" "$ZSC" simulate --aligned --rows 100 --image-dim 64 --dna-dim 32 -o x.h5
finish
