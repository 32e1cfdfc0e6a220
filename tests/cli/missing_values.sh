#!/bin/sh
# One rule says which labels are missing, whatever the command and the file: an empty text, and the words of a list.
. "$ZSC_SRCDIR/tests/cli/lib.sh"

words='#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null|not_classified'

# 60 rows of 6 species, one with each of the 19 words, one with nothing, and two whose names only look like words
awk -v words="$words" 'BEGIN {
    n = split(words, w, "|"); srand(1)
    print "processid,dna_barcode,genus,species" > "m.csv"; print "processid,x,y,z,species" > "e.csv"
    for (i = 1; i <= 62 + n; i++) {
        species = i <= 60 ? "species " i % 6 : i <= 60 + n ? w[i - 60] : i == 61 + n ? "" : "Na"
        b = ""; for (k = 0; k < 40; k++) b = b substr("ACGT", 1 + int(4 * rand()), 1)
        printf "r%d,%s,genus %d,%s\n", i, b, i % 2, species > "m.csv"
        printf "r%d,%g,%g,%g,%s\n", i, i % 6 + rand() / 9, i % 2 + rand() / 9, rand(), species > "e.csv"
    }
    printf "r0,%s,genus 0,nano\n", b > "m.csv"; printf "r0,1,1,1,nano\n" > "e.csv"
}'
run_options='--reduce none --clusters 6 --ranks species --format csv'

# column NAME of the first row of the CSV on stdin
column() { awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } NR == 2 { print $at }'; }
info_missing() { sed -n 's/^species  *[0-9]*  *[0-9]*  *\([0-9]*\) .*/\1/p'; }

# says WHAT MISSING OPTIONS...: every command finds MISSING rows without a species
says() {
    what=$1 missing=$2
    shift 2
    rm -rf kmer.h5 import.h5 selected.h5 ward.h5 curve.csv
    is() { if [ "$2" != "$missing" ]; then fail "$what: $1 says '$2' missing, expected $missing"; fi; }
    is 'info of metadata' "$("$ZSC" info m.csv "$@" | info_missing)"
    is 'info of embeddings' "$("$ZSC" info e.csv "$@" | info_missing)"
    "$ZSC" embed kmer -q -m m.csv -k 2 -o kmer.h5 "$@" && is 'embed kmer' "$("$ZSC" info kmer.h5 --missing-values '' | info_missing)"
    "$ZSC" import -q e.csv -o import.h5 "$@" && is import "$("$ZSC" info import.h5 --missing-values '' | info_missing)"
    is 'run' $((82 - $("$ZSC" run -q -e e.csv $run_options "$@" | column rows)))
    is 'run with metadata' $((82 - $("$ZSC" run -q -e e.csv -m m.csv $run_options "$@" | column rows)))
    "$ZSC" select -q -e e.csv -m m.csv -o selected.h5 "$@" > /dev/null
    is select "$("$ZSC" info selected.h5 --missing-values '' | info_missing)"
    is score "$("$ZSC" score --format csv m.csv:species m.csv:genus "$@" | column missing)"
    is 'score of HDF5' "$("$ZSC" score --format csv raw.h5:/labels/species raw.h5:/labels/genus "$@" | column missing)"
    "$ZSC" ward -q -e e.csv -o ward.h5 "$@" && "$ZSC" curve -q ward.h5 -l m.csv:species --format csv "$@" > curve.csv
    is curve "$(column missing < curve.csv)"
    is 'labels kept by ward' "$("$ZSC" curve -q ward.h5 --format csv --missing-values '' | column missing)"
    "$ZSC" umap -q -e e.csv -o umap.h5 --n-neighbors 5 --n-epochs 5 --force "$@"
    is 'labels kept by umap' "$("$ZSC" info umap.h5 --missing-values '' | info_missing)"
}
"$ZSC" import -q e.csv -m m.csv -o raw.h5 --missing-values '' # the words themselves
says 'default' 20
says 'a list' 3 --missing-values 'NA, n/a ,'
says 'an empty list' 1 --missing-values ''
says 'other words' 3 --missing-values 'Na,nano'

# a run's configuration, and so its key, names the list only where it is given; a sweep knows the setting too
"$ZSC" run -q -e e.csv $run_options -o plain > /dev/null
grep -a -q '"missing-values"' plain/*.h5 && grep -a -q '"config' plain/*.h5 && fail 'the configuration names a list that was not given'
"$ZSC" run -q -e e.csv $run_options --missing-values 'NA,n/a' -o given > /dev/null
grep -a -q '"missing-values":"NA,n/a"' given/*.h5 || fail 'the configuration does not name the list'
printf 'embeddings: [e.csv]\nreduce: none\nclusters: 6\nranks: [species]\noutput: given\nmissing-values: "NA,n/a"\n' > s.yaml
"$ZSC" sweep s.yaml > out 2> err || fail "the sweep failed: $(cat err)"
[ "$(ls given/*.h5 | wc -l)" -eq 1 ] || fail "a sweep with the same list is another run: $(ls given)"
printf 'embeddings: [e.csv]\nreduce: none\nclusters: 6\nranks: [species]\noutput: both\nmissing-values: ["NA,n/a", "", None]\n' > t.yaml
"$ZSC" sweep t.yaml > out 2> err || fail "the sweep over lists failed: $(cat err)"
[ "$(ls both/*.h5 | wc -l)" -eq 3 ] || fail "three lists are not three runs: $(ls both)"

# where it has no effect it is refused
printf '\223NUMPY\001\000v\000%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }" > x.npy
printf 'abcdefgh' >> x.npy
expect 2 'needs labels' "$ZSC" umap -e x.npy -o y.npy --missing-values NA
expect 2 'used unchanged' "$ZSC" ward -e x.npy -o y.npy --missing-values NA
finish
