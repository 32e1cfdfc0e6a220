#!/bin/sh
# zsc split: the rules of BIOSCAN-5M's splits hold, no barcode is in two, one seed gives one result.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 6000 --seed 2 --missing-species 0.1 --image-encoders 0 --dna-encoders 0 -o s.h5 --metadata-output true.csv || fail simulate
# One species in four becomes a placeholder, one genus in seven too; some rows have no barcode.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    { g = at["genus"]; s = at["species"]
      if (!($g in genus)) genus[$g] = ++genera % 7 == 0 ? "malaiseG" genera : $g
      if ($s != "" && !($s in species)) species[$s] = ++count % 4 == 0 ? $g " sp. " count "XY" : $s
      if ($s != "") $s = species[$s]
      if (NR % 50 == 0 && $s != "") $s = $g " sp."
      if ($g != "") $g = genus[$g]
      if (NR % 40 == 0) $(at["dna_barcode"]) = ""
      print }' true.csv >m.csv
run "$ZSC" split m.csv -o a.csv --explain why.csv
[ "$status" -eq 0 ] || fail "status $status: $(cat err)"
grep -Eq '^train +[1-9]' out || fail "table: $(cat out)"
"$ZSC" check a.csv --format csv | grep -q '^split-leak' && fail "a barcode in two splits"
"$ZSC" split -q m.csv -o b.csv -t 3 >out2 && cmp a.csv b.csv && cmp out out2 || fail "another result of one seed"
"$ZSC" split -q m.csv -o c.csv --seed 1 >out2 && ! cmp -s a.csv c.csv || fail "the seed does nothing"
python=${PYTHON3-/usr/bin/python3}
if "$python" -c 'import csv' 2>/dev/null; then
    "$python" "$ZSC_SRCDIR/tests/cli/split.py" m.csv a.csv why.csv || fail "rules"
    "$python" "$ZSC_SRCDIR/tests/cli/split.py" m.csv c.csv why.csv 2>/dev/null && fail "why.csv is of another seed"
    if [ -n "${ZSC_REAL_DATA:-}" ]; then
        "$ZSC" split -q "$ZSC_REAL_DATA/coi-example.csv" -o real.csv --explain real.why.csv >/dev/null && "$python" "$ZSC_SRCDIR/tests/cli/split.py" "$ZSC_REAL_DATA/coi-example.csv" real.csv real.why.csv ||
            fail "rules, on real barcodes"
    else
        echo "ZSC_REAL_DATA is not set: not tried on real barcodes" >&2
    fi
fi

# A table that can be followed by hand: 9 records of 3 barcodes; target 4 records, 1 barcode.
{
    echo processid,genus,species,dna_barcode
    for i in 1 2 3; do echo "a$i,Musca,Musca domestica,AAAA"; done
    for i in 4 5 6; do echo "a$i,Musca,Musca domestica,CCCC"; done
    for i in 7 8 9; do echo "a$i,Musca,Musca domestica,GGGG"; done
    echo "b,Musca,,aaaann"
    echo "c,Musca,Musca sp.,TTTT"
    echo "d,Musca,Musca sp. 3B,TTTA"
    echo "e,malaiseA,malaiseA b,TTTC"
} >small.csv
"$ZSC" split small.csv -o o.csv --val 0 >out 2>err || fail "small: $(cat err)"
[ "$(cut -d, -f5 o.csv | sed 1d | head -n 9 | uniq -c | awk '{ print $1 $2 }' | sort | tr '\n' ' ')" = "3test 6train " ] ||
    [ "$(cut -d, -f5 o.csv | sed 1d | head -n 9 | sort | uniq -c | awk '{ print $1 $2 }' | tr '\n' ' ')" = "3test 6train " ] || fail "small: $(cat o.csv)"
[ "$(tail -n 3 o.csv | cut -d, -f5 | tr '\n' ' ')" = "pretrain key_unseen other_heldout " ] || fail "kinds: $(tail -n 3 o.csv)"
[ "$(sed -n 11p o.csv | cut -d, -f5)" = "$(sed -n 2p o.csv | cut -d, -f5)" ] || fail "a row without a name follows its barcode"
grep -q 'not in that of their own name: 1;' err || fail "note: $(cat err)"

cut -d, -f1-2 small.csv >lack.csv
expect 3 "the metadata has no column" "$ZSC" split lack.csv -o x.csv
expect 2 "must end in .csv" "$ZSC" split small.csv -o x.h5
expect 2 "--output is needed" "$ZSC" split small.csv
expect 2 "small.csv" "$ZSC" split small.csv -o small.csv
nothing_left x.csv
finish
