#!/bin/sh
# Macro accuracies of simulated, aligned encoders have the published order for every seed: seen above unseen species, order above
# species, DNA to DNA above image to image above image to DNA. The last pair of unseen species, each with some 120 queries, is
# compared in the mean of the seeds. Eight seeds; 20 with ZSC_CHECK_LONG set.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
simulate=$(sed -n 's/^    zsc \(simulate .*\) --seed 4 \(.*\) -o aligned.h5$/\1 \2/p' "$ZSC_SRCDIR/doc/retrieval_tables.md")
[ -n "$simulate" ] || fail "doc/retrieval_tables.md has lost its simulation"
retrieve() { # KEYS QUERIES
    "$ZSC" retrieve -q -e "a.h5:$1" --queries "a.h5:$2" --key-split train+key_unseen --query-split test,test_unseen --k 1 \
        --ranks order,genus,species --format csv
}
seed=1
last=8
[ -z "${ZSC_CHECK_LONG-}" ] || last=20
while [ "$seed" -le "$last" ]; do
    # vectors do not depend on the length of barcodes
    # shellcheck disable=SC2086
    "$ZSC" $simulate -q --barcode-length 60 --seed "$seed" -o a.h5 --force || fail "simulate, seed $seed"
    retrieve sim_dna sim_dna >dna.csv || fail "DNA to DNA, seed $seed"
    retrieve sim_image_1 sim_image_1 >image.csv || fail "image to image, seed $seed"
    retrieve sim_dna sim_image_1 >across.csv || fail "image to DNA, seed $seed"
    awk -F, -v seed="$seed" 'FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; pair++; next }
        $column["split"] ~ /^test/ { v[pair, $column["rank"], $column["split"]] = $column["macro"]; n++ }
        function above(a, b, what) { if (!(v[a] > v[b])) { print "seed " seed ": " what ": " v[a] " and " v[b]; bad = 1 } }
        END {
            s = SUBSEP
            if (n != 18) { print "seed " seed ": " n " scores, not 18"; exit 1 }
            for (p = 1; p <= 3; p++) {
                above(p s "species" s "test", p s "species" s "test_unseen", "seen and unseen, pair " p)
                above(p s "order" s "test", p s "species" s "test", "order and species, seen, pair " p)
                above(p s "order" s "test_unseen", p s "species" s "test_unseen", "order and species, unseen, pair " p)
            }
            for (p = 1; p <= 2; p++) {
                above(p s "genus" s "test", p + 1 s "genus" s "test", "pairs " p " and " p + 1 ", genus, seen")
                above(p s "species" s "test", p + 1 s "species" s "test", "pairs " p " and " p + 1 ", species, seen")
            }
            above(1 s "species" s "test_unseen", 2 s "species" s "test_unseen", "pairs 1 and 2, species, unseen")
            print v[2 s "species" s "test_unseen"], v[3 s "species" s "test_unseen"] >"/dev/stderr"
            exit bad
        }' dna.csv image.csv across.csv >shape 2>>unseen || fail "$(cat shape)"
    seed=$((seed + 1))
done
awk '{ image += $1; across += $2 } END { exit !(NR >= 8 && image > across && across > 0) }' unseen ||
    fail "unseen species, image to image and image to DNA, by seed: $(cat unseen)"
finish
