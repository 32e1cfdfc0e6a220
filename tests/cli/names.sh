#!/bin/sh
# One setting, two names: zsc's and umap-learn's, with "-" or "_", on the command line and in sweep files.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 80 --seed 1 -o s.h5 || fail "simulate"
key() { "$ZSC" run -q -e s.h5:sim_dna "$@" --format csv 2>err | sed -n 2p | cut -d, -f1; }
own=$(key --neighbors 7 --dim 3 --min-dist 0.1 --epochs 5 --seed 4)
[ -n "$own" ] || fail "run: $(cat err)"
for names in "--n-neighbors 7 --n-components 3 --min-dist 0.1 --n-epochs 5 --random-state 4" \
    "--n_neighbors=7 --n_components=3 --min_dist=0.1 --n_epochs=5 --random_state=4" \
    "--n-neigh 7 --n_comp 3 --min_d 0.1 --n-ep 5 --random 4" \
    "--neighbors 7 --n-neighbors 7 --dim 3 --min-dist .1 --min_dist 0.1 --epochs 5 --seed 4 --random-state 4"; do
    # shellcheck disable=SC2086
    found=$(key $names)
    [ "$found" = "$own" ] || fail "another key by $names: $(cat err)"
done
expect 2 "--neighbors is 7 and --n-neighbors is 8, and they are one setting" "$ZSC" run -e s.h5:sim_dna --neighbors 7 --n_neighbors 8
expect 2 "--random-state is 0 and --seed is 1" "$ZSC" run -e s.h5:sim_dna --random-state 0 --seed 1
# an option that is given twice
expect 2 "option --split is given twice, as test and as train, and counts once; keep one of the two, or join them with +" \
    "$ZSC" run -e s.h5:sim_dna --split test --split train
expect 2 "option --ranks is given twice, as order and as species, and counts once; keep one of the two, or join them with a comma" \
    "$ZSC" run -e s.h5:sim_dna --ranks order --ranks species
expect 2 "option --ids is given twice" "$ZSC" run -e s.h5:sim_dna --ids a --ids b
expect 2 "option --metadata is given twice" "$ZSC" run -e s.h5:sim_dna -m a --metadata b
expect 2 "option --output is given twice" "$ZSC" run -e s.h5:sim_dna -o a -o b
expect 2 "option --seed is given twice, as 1 and as 2" "$ZSC" run -e s.h5:sim_dna --seed 1 --seed 2
run "$ZSC" run -q -e s.h5:sim_dna --reduce pca --reduce none --ranks order --ranks order --clusters 4 --clusters 5 -t 1 -t 2 --format csv
[ "$status" -eq 0 ] && sed -n 2p out | cut -d, -f6,8,11 | grep -qx 'none,order,5' || fail "one list twice, the last of two numbers: $(cat out err)"
run "$ZSC" run -q -e s.h5:sim_dna -e s.h5:sim_image_1 --reduce none --column order=order --column family=family --help
[ "$status" -eq 0 ] || fail "options that are lists: $(cat err)"
expect 2 "--n-components expects a whole number" "$ZSC" run -e s.h5:sim_dna --n_components x
expect 2 "did you mean --n-neighbors" "$ZSC" run -e s.h5:sim_dna --n-neighbours 3

"$ZSC" knn -q -e s.h5:sim_dna --neighbors 7 --knn approx --seed 1 -o a.h5 && "$ZSC" knn -q -e s.h5:sim_dna --n_neighbors 7 --knn approx --random_state 1 -o b.h5 &&
    cmp a.h5 b.h5 || fail "knn"
"$ZSC" umap -q -e s.h5:sim_dna --n-neighbors 7 --n-components 2 --min-dist 0.2 --n-epochs 5 --seed 2 -o a.npy &&
    "$ZSC" umap -q -e s.h5:sim_dna --neighbors 7 --dim 2 --min_dist 0.2 --epochs 5 --random-state 2 -o b.npy && cmp a.npy b.npy || fail "umap"
for pair in "run --n-neighbors" "run --n-components" "run --n-epochs" "run --random-state" "knn --n-neighbors" "umap --neighbors" "umap --dim" "umap --epochs"; do
    "$ZSC" "${pair% *}" --help | tr '\n' ' ' | tr -s ' ' | grep -q -e "also ${pair#* }" || fail "help does not list $pair"
done

sweep() { printf '%s\n' "$@" >s.yaml; }
sweep 'embeddings: s.h5:sim_dna' 'output: o' 'n_neighbors: 7' 'n-components: 3' 'min_dist: 0.1' 'n_epochs: 5' 'random_state: 4' 'ranks: order, species'
run "$ZSC" sweep -q s.yaml
[ "$status" -eq 0 ] || fail "sweep: $(cat err)"
ranked=$(key --neighbors 7 --dim 3 --min-dist 0.1 --epochs 5 --seed 4 --ranks order,species)
[ -f "o/$ranked.h5" ] || fail "another key by a sweep file: $(ls o)"
"$ZSC" collect -q o | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["rank"] }' | tr '\n' ' ' | grep -qx 'order species ' || fail "ranks: a, b"
sweep 'embeddings: s.h5:sim_dna' 'output: o' 'neighbors: [7, 8]' 'n_neighbors: [7, 9]'
expect 3 "s.yaml:4: n_neighbors is the setting of line 3 with another value; keep one of the two" "$ZSC" sweep s.yaml
sweep 'embeddings: s.h5:sim_dna' 'output: o' 'neighbors: [7, 8]' 'n_neighbors: [7, 8]' 'subsets:' '  - one_per_barcode: all' 'exclude:' '  - n_neighbors: 8'
"$ZSC" sweep --dry-run s.yaml >out 2>&1 && grep -q '1 run' out || fail "one value by two names: $(cat out)"
sweep 'embeddings: s.h5:sim_dna' 'output: o' 'n_neighbours: 7'
expect 3 "s.yaml:3: there is no key 'n_neighbours'" "$ZSC" sweep s.yaml
finish
