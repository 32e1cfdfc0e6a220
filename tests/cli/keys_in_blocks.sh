#!/bin/sh
# Keys that take much of the memory are read in blocks: the same bytes as in one piece, at any block size and number of threads.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 20000 --seed 1 --splits all --image-encoders 1 --dna-encoders 1 --image-dim 128 --dna-dim 128 -o s.h5 --metadata-output m.csv || fail simulate
"$ZSC" simulate -q --rows 150 --seed 2 --splits all --image-encoders 0 --dna-encoders 1 --dna-dim 128 -o q.h5 || fail simulate
retrieve() { "$ZSC" retrieve -e "$KEYS" --queries q.h5:sim_dna --known-queries keep --k 1,5 "$@" 2>err || fail "retrieve $KEYS $*: $(cat err)"; }
# --memory-limit of which the matrix is more than a quarter; a larger one is a larger block
LIMITS="6M 8M 12M"
for KEYS in s.h5:sim_dna s.h5:sim_image_1; do
    for o in "--metric inner-product" "--weighted"; do
        # shellcheck disable=SC2086
        retrieve $o --format json >whole.json
        grep -q 'read in blocks' err && fail "blocks without a limit: $(cat err)"
        for limit in $LIMITS; do
            # shellcheck disable=SC2086
            retrieve $o --format json --memory-limit $limit >blocks.json
            grep -q "20000 keys are read in blocks of [1-9][0-9]\{3\}, since" err || fail "$KEYS $limit: no blocks: $(cat err)"
            cmp -s whole.json blocks.json || fail "$KEYS $o $limit: other results than in one piece: $(diff whole.json blocks.json | head -5)"
        done
    done
done
KEYS=s.h5:sim_dna
for t in 1 2 3; do
    retrieve -t $t --memory-limit 12M --known-queries others --examples 3 --examples-file "e$t.csv" --format csv >"t$t.csv"
    cmp -s t1.csv "t$t.csv" && cmp -s e1.csv "e$t.csv" || fail "threads differ"
done
retrieve --known-queries others --examples 3 --examples-file e.csv --format csv >t.csv
cmp -s t.csv t1.csv && cmp -s e.csv e1.csv || fail "examples, leave-one-out: other results than in one piece"
retrieve --store whole --format csv >/dev/null && retrieve --store blocks --memory-limit 12M --format csv >/dev/null
[ "$(ls whole/*.h5 | xargs -n 1 basename)" = "$(ls blocks/*.h5 | xargs -n 1 basename)" ] || fail "the key of a result depends on blocks"

# zsc knn --queries, scaled row by row, of concatenations, and of other formats that are read by rows
knn() { "$ZSC" knn "$@" -k 7 --metric cosine 2>err || fail "knn $*: $(cat err)"; }
"$ZSC" select -q -e q.h5:sim_dna -o q.npy || fail select
"$ZSC" select -q -e s.h5:sim_dna -o s.npy || fail select
for o in "-e s.h5:sim_dna --queries q.h5:sim_dna" "-e s.h5:sim_dna --queries q.h5:sim_dna --scale l2" "-e s.h5:sim_dna -e s.h5:sim_image_1 --queries q.h5:sim_dna --queries q.h5:sim_dna" "-e s.npy --queries q.npy"; do
    # shellcheck disable=SC2086
    knn $o -o whole.h5
    # shellcheck disable=SC2086
    knn $o -o blocks.h5 --memory-limit 12M
    grep -q '20000 keys are read in blocks of [1-9][0-9]\{3\}, since' err || fail "knn $o: no blocks: $(cat err)"
    cmp -s whole.h5 blocks.h5 || fail "knn $o: other neighbours than in one piece"
done

# What cannot be read by rows is refused with what to do.
"$ZSC" export s.h5:sim_dna -o s.csv >/dev/null 2>&1 || "$ZSC" select -q -e s.h5:sim_dna -o s.csv || fail "no CSV"
expect 2 "the matrix of embeddings, beside files that are read whole (zsc import makes HDF5 of them, which is read by rows)" \
    "$ZSC" knn -e s.csv --queries q.h5:sim_dna -k 7 -o x.h5 --memory-limit 14M
expect 2 "more than the limit of 12.0 MB" "$ZSC" knn -e s.h5:sim_dna --queries q.h5:sim_dna --scale zscore -k 7 -o x.h5 --memory-limit 12M
expect 2 "more than the limit of 2.0 MB" "$ZSC" knn -e s.h5:sim_dna --queries q.h5:sim_dna -k 7 -o x.h5 --memory-limit 2M
nothing_left x.h5
finish
