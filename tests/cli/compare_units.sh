#!/bin/sh
# zsc compare --unit: any column of the metadata that the runs name is a unit of resampling, as it is where it is a rank of the results; too few are refused.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 300 --seed 2 --barcode-length 60 -o s.h5 --metadata-output m.csv || fail simulate
# a site for six rows of seven, 30 of them, and four regions; the rows stand in another order, and there are more of them
awk -F, -v OFS=, 'NR == 1 { print $0, "site", "region"; next } { print $0, NR % 7 ? "site, no. " NR % 30 : "", "region" NR % 4 }' m.csv |
    sed 's/site, no. [0-9]*/"&"/' >sites.csv
{ sed -n 1p sites.csv; sed 1d sites.csv | sort -t, -k 3; sed -n 2p sites.csv | sed 's/^[^,]*/other/; s/site, no. [0-9]*/elsewhere/'; } >m.csv
for e in sim_dna sim_image_1; do
    "$ZSC" run -q -e s.h5:$e -m m.csv --reduce none --ranks genus,species -o r >/dev/null 2>err || fail "run: $(cat err)"
    "$ZSC" run -q -e s.h5:$e -m m.csv --reduce none --ranks genus,species,site --clusters 40 -o rank >/dev/null 2>err || fail "run: $(cat err)"
    "$ZSC" run -q -e s.h5:$e -m m.csv --reduce none --ranks genus,species --clusters 40 -o column >/dev/null 2>err || fail "run: $(cat err)"
done
compare() { "$ZSC" compare -q "$@" --resamples 40 --ranks genus,species 2>err || fail "compare $*: $(cat err)"; }

# the column is what it is as a rank
compare column --unit site --format csv >column.csv
compare rank --unit site --format csv >rank.csv
[ "$(wc -l <column.csv)" -gt 7 ] && cmp column.csv rank.csv || fail "a column and a rank of the same labels give other intervals: $(diff column.csv rank.csv)"
compare column --unit species --format csv >species.csv
! cmp -s column.csv species.csv || fail "the unit has no effect"
compare column --unit site >out
grep -q '^95 % intervals from 40 random splits into halves of 30 values of site$' out && grep -q "^and of 4[23] rows without a label at site$" out &&
    grep -q 'over other samples of 30 values of site with all their specimens, of these clusters' out || fail "words: $(cat out)"
for t in 1 3; do compare column --unit site --format json -t $t >t$t.json; done
cmp t1.json t3.json && grep -q '"unit": "site"' t1.json || fail "threads"
# barcodes and BINs; the row itself is a specimen
compare column --unit dna_barcode >out
grep -q 'halves of [0-9]* values of dna_barcode$' out || fail "barcodes"
compare column --unit dna_bin --format csv >out
grep -q '^score,.*species' out || fail "BINs"
compare column --unit processid --format csv >id.csv
compare column --unit specimens --format csv | cmp -s - id.csv || fail "ids are other units than specimens"
# runs of a folder that is not this one, of one row per barcode, of some splits
mkdir away && (cd away && "$ZSC" compare -q ../column --unit site --resamples 40 --ranks genus,species --format csv) >away.csv 2>err && cmp -s away.csv column.csv || fail "from another folder: $(cat err)"
for e in sim_dna sim_image_1; do "$ZSC" run -q -e s.h5:$e -m m.csv --reduce none --one-per-barcode --split test --ranks genus,species -o some >/dev/null 2>err || fail "run: $(cat err)"; done
# few specimens of many species: scores vary by pairs of them, also where halves are clustered anew
"$ZSC" simulate -q --rows 300 --seed 2 --families 40 --genera 150 --species 200 --missing-species 0 -o pairs.h5 || fail simulate
for e in sim_image_1 sim_image_2; do "$ZSC" run -q -e pairs.h5:$e --reduce none --ranks genus,species -o pairs >/dev/null 2>err || fail "run: $(cat err)"; done
for t in 1 3; do "$ZSC" compare -q pairs --unit specimens --recluster 20 --ranks species --format json -t $t >t$t.json 2>err || fail "recluster: $(cat err)"; done
cmp t1.json t3.json || fail "threads: pairs anew"
compare some --unit site >out
grep -q 'values of site' out || fail "some rows"
"$ZSC" compare -q column --unit site --recluster 20 --ranks species >out 2>err && grep -q 'each clustered anew' out || fail "recluster: $(cat err)"
if command -v gnuplot >/dev/null; then "$ZSC" plot compare column --unit site --resamples 40 --dumb >out 2>err && [ -s out ] || fail "plot: $(cat err)"; fi

"$ZSC" report -q r --resamples 40 --no-figures -o page.html >/dev/null 2>err &&
    grep -q '<caption>AMI in per cent, mean over seeds, with 95 % intervals from 40 random splits into halves of [0-9]* species, the same for all encoders. They are of the mean AMI, over other samples of .* of these clusters; ' page.html ||
    fail "the report does not say what its intervals are of: $(cat err; grep caption page.html)"

# Too few, and what is not there.
expect 3 "--unit region: the 300 rows of 'all' are of 4 values of region, expected 5 or more (20 for intervals that are wide enough); choose a unit of which there are more" \
    "$ZSC" compare -q column --unit region
expect 3 "has no column sight; there are: " "$ZSC" compare -q column --unit sight
awk -F, 'NR == 1 || $1 != "SIM000000007"' m.csv >fewer.csv && mv fewer.csv m.csv
expect 3 "its files no longer have the row 'SIM000000007'; run it again" "$ZSC" compare -q column --unit site
rm m.csv
expect 3 "'m.csv'" "$ZSC" compare -q column --unit site
compare column --unit species --format csv | cmp -s - species.csv || fail "a rank needs no metadata"
finish
