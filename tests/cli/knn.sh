#!/bin/sh
# zsc knn and zsc trust: what is written, recall, threads, mistakes.
. "$(dirname "$0")/lib.sh"

"$ZSC" simulate -q -o x.h5 --rows 1500 --seed 3 --dna-dim 32 --image-dim 64 >/dev/null || exit 99

# exact: recall 1, the same bytes at any number of threads
for t in 1 3 8; do
    run "$ZSC" knn -t $t -e x.h5:sim_dna -k 12 -o out$t.h5 --check-recall=200
    [ "$status" -eq 0 ] || fail "knn: $(cat err)"
    grep -q '^recall 1.000000 of 200 rows, k 12$' out || fail "recall: $(cat out)"
done
cmp out1.h5 out3.h5 || fail "1 and 3 threads differ"
cmp out1.h5 out8.h5 || fail "1 and 8 threads differ"

# every metric and both searches are listed truly
for metric in euclidean cosine correlation manhattan chebyshev; do
    for how in exact approx; do
        run "$ZSC" knn -e x.h5:sim_image_1 --metric $metric --knn $how --check-recall=0
        [ "$status" -eq 0 ] || fail "$metric $how: $(cat err)"
        awk '/^recall/ { exit !($2 >= 0.97) }' out || fail "$metric $how: $(cat out)"
    done
done

# a recall that is not perfect is told: neighbours of one encoder scored against another are what trust is for
run "$ZSC" trust x.h5:sim_image_1 x.h5:sim_image_1 --format csv
[ "$(tail -n 1 out)" = "1500,64,64,15,1" ] || fail "trust in a copy: $(cat out)"
run "$ZSC" trust x.h5:sim_image_1 x.h5:sim_dna -k 10
awk 'END { exit !($5 > 0.5 && $5 < 0.999 && $1 == 1500 && $3 == 32) }' out || fail "trust: $(cat out)"

# mistakes
expect 2 "option --embeddings is needed" "$ZSC" knn -o y.h5
expect 2 "option --output is needed" "$ZSC" knn -e x.h5:sim_dna
expect 2 "neighbors is 1501, and there are only 1500 rows" "$ZSC" knn -e x.h5:sim_dna -k 1501 -o y.h5
expect 2 "expects a number of rows, not 'many'" "$ZSC" knn -e x.h5:sim_dna --check-recall=many
expect 2 "more than the limit" "$ZSC" knn -e x.h5:sim_dna --memory-limit 1k -o y.h5
expect 3 "no such file" "$ZSC" knn -e nothing.h5:a -o y.h5
expect 2 "neighbors is 750; trustworthiness needs 1 or more, and less than half of the 1500 rows" "$ZSC" trust x.h5:sim_dna x.h5:sim_dna -k 750
nothing_left y.h5
finish
