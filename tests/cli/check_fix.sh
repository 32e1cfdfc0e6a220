#!/bin/sh
# zsc check --fix leaves nothing for a second --fix to change: random metadata with few names, spellings, holes, shared barcodes and several
# parents, so that what one rule changes concerns another. ZSC_CHECK_LONG multiplies the files.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
files=$((60 * ${ZSC_CHECK_LONG:-1}))
[ "$files" -le 3000 ] || files=3000
changed=0 seed=1
while [ $seed -le $files ]; do
    awk -v seed=$seed '
    function one(n) { return int(rand() * n) }
    function of(list, n,   word) { split(list, word, "|"); return word[1 + one(n)] }
    BEGIN {
        srand(seed)
        few = 1 + one(3)
        split("1 3 7", families, " "); split("2 5 10", genera, " "); split("3 10 16", species, " ")
        print "processid,family,subfamily,genus,species,dna_barcode"
        for (i = 1 + one(60); i; i--)
            printf "P%d,%s,%s,%s,%s,%s\n", i,
                of("Fidae|Gidae|Fidae |fidae||Fidaes|Hidae", families[few]), of("|Sinae|Tinae", 3),
                of("Aus|Bus|aus|Aus ||Cus|Aux|AUS|Diptera|unknown", genera[few]),
                of("Aus bus|Aus  bus|aus bus|Aus cus|Bus cus|Aus sp.|Aus cf. bus|Aus sp. 01|Aus sp. 1||Aus|Aus busx|Bus cusx|Aus bus bus|Aus BUS|Cus cus", species[few]),
                of("ACGTACGTAC|CCGTACGTAC|GCGTACGTAC|TCGTACGTACN||ACGTACGTACNN|AAAA", 2 + one(6))
    }' >m.csv
    "$ZSC" check -q m.csv --fix once.csv >/dev/null && "$ZSC" check -q once.csv --fix twice.csv >/dev/null || fail "seed $seed: status"
    cmp -s once.csv twice.csv || fail "seed $seed: a second --fix changes $(sed -n 2p twice.changes.csv)"
    [ "$(wc -l <once.changes.csv)" -lt 2 ] || changed=$((changed + 1))
    rm -f once* twice*
    seed=$((seed + 1))
done
[ $((changed * 2)) -gt "$files" ] || fail "only $changed of $files files had anything to change"
printf 'processid,species\np1,Gen sp.\n' >k.csv
mkfifo fifo
for out in /dev/stdout /dev/null fifo; do expect 2 "option --fix: '$out' is no file, beside which the changes could be written" "$ZSC" check k.csv --fix $out; done
finish
