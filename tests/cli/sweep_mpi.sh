#!/bin/sh
# One, two and three MPI ranks give the same bytes.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
"$ZSC" version | grep "MPI *yes" >/dev/null || skip "built without MPI (configure --with-mpi)"
command -v mpirun >/dev/null || skip "mpirun is not installed (Debian package openmpi-bin)"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 250 --seed 5 || exit 99
"$ZSC" embed kmer -q -m sim.csv -k 2,3,4 -o k.h5 || exit 99
printf 'embeddings: ["k.h5:*"]\nseed: 0-2\nepochs: 30\nneighbors: [10, 15]\nclusters: [species, 5000]\n' >sweep.yaml
"$ZSC" sweep -q -o serial sweep.yaml >out 2>err
[ $? -eq 5 ] || fail "serial: $(cat err)"
for n in 1 2 3; do
    mpirun -n $n "$ZSC" sweep -t 1 -o ranks$n sweep.yaml >out$n 2>err$n
    status=$?
    [ $status -eq 5 ] || fail "$n ranks: status $status: $(tail -n 3 err$n)"
    grep "36 runs: 18 computed, 0 there already, 18 failed" out$n >/dev/null || fail "$n ranks: $(cat out$n)"
    [ "$(ls ranks$n/*.h5 | wc -l)" -eq "$(ls serial/*.h5 | wc -l)" ] || fail "$n ranks: $(ls ranks$n/*.h5 | wc -l) results"
    for f in serial/*.h5; do
        [ "$(rows_of "$f")" = "$(rows_of ranks$n/"$(basename "$f")")" ] || fail "$n ranks: $(basename "$f") differs"
    done
    scores_of serial >scores
    scores_of ranks$n | cmp -s - scores || fail "$n ranks: scores differ"
done
# random plans: what the ranks write together is what every run writes alone
ZSC_TEST_SWEEP="mpirun -n 2 $ZSC" ZSC_TEST_PLANS="${ZSC_TEST_PLANS-4}" "$ZSC_BUILDDIR/tests/property/sweep" >out 2>err ||
    fail "random plans: $(tail -n 30 err)"
# a rank that cannot go on does not leave the others waiting
rm ranks3/.index/*
for f in ranks3/*.h5; do ${PYTHON3-/usr/bin/python3} -c 'import sys, h5py; h5py.File(sys.argv[1], "r+").attrs["zsc_result"] = 99' "$f" 2>/dev/null || break; done
timeout 60 mpirun -n 2 "$ZSC" sweep -t 1 -o ranks3 sweep.yaml >out 2>err
status=$?
case $status in 0 | 124) fail "a store that is newer, or cannot be read: status $status: $(tail -n 3 err)" ;; esac
# one that ends before it has done anything, for want of a folder or of a plan: the others do its share, and the end says so
touch file
for early in "-o file/x sweep.yaml" "-o x no.yaml"; do
    rm -rf early
    # shellcheck disable=SC2086
    timeout 120 mpirun -n 1 "$ZSC" sweep -t 1 -o early sweep.yaml : -n 1 "$ZSC" sweep -t 1 $early >out 2>err
    status=$?
    [ $status -ne 0 ] && [ $status -ne 124 ] || fail "a rank with $early: status $status: $(tail -n 3 err)"
    grep "1 of 2 ranks ended early; start the sweep again to run what is missing" err >/dev/null || fail "a rank with $early: $(tail -n 3 err)"
    [ "$(ls early/*.h5 | wc -l)" -eq "$(ls serial/*.h5 | wc -l)" ] || fail "a rank with $early: $(ls early/*.h5 | wc -l) results"
    scores_of early | cmp -s - scores || fail "a rank with $early: scores differ"
done
# ranks with other plans, folders or shards do not share the work: the numbers that they draw stand for other runs
printf 'embeddings: ["k.h5:*"]\nseed: 0-2\nepochs: 30\nneighbors: 10\nclusters: [species, 5000]\n' >other.yaml
for other in "-o other other.yaml" "-o elsewhere sweep.yaml" "-o other --shard 1/2 sweep.yaml"; do
    rm -rf other elsewhere
    # shellcheck disable=SC2086
    timeout 120 mpirun -n 1 "$ZSC" sweep -t 1 -o other sweep.yaml : -n 1 "$ZSC" sweep -t 1 $other >out 2>err
    status=$?
    [ $status -ne 0 ] && [ $status -ne 124 ] || fail "a rank with $other: status $status: $(tail -n 3 err)"
    grep "start all ranks with the same sweep file and options" err >/dev/null || fail "a rank with $other: $(tail -n 3 err)"
    grep "1 of 2 ranks ended early" err >/dev/null || fail "a rank with $other: $(tail -n 3 err)"
done

# Retrieval: ranks share the keys.
"$ZSC" simulate -q --rows 900 --seed 4 --splits all --unseen-species 0.5 --image-encoders 2 --dna-encoders 2 --image-dim 8 --dna-dim 8 -o s.h5 || exit 99
"$ZSC" simulate -q --rows 300 --seed 4 --splits all --unseen-species 0.5 --image-encoders 0 --dna-encoders 1 --dna-dim 6 -o narrow.h5 || exit 99
printf 'kind: retrieval\nkeys: [s.h5:*, narrow.h5:sim_dna]\nqueries: [s.h5:*]\nkey-split: train+key_unseen\nquery-split: [test, test_unseen]\nk: [1, 3]\n' >pairs.yaml
"$ZSC" sweep -q -o pairs pairs.yaml >out 2>err
[ $? -eq 5 ] && grep -q "20 pairs: 16 computed, 0 there already, 4 failed" out || fail "retrieval, serial: $(cat out err)"
tables() { for f in "$1"/*.h5; do basename "$f" && "$ZSC" ls "$f" --format json | sed -n '/"retrieval"/,/provenance/p'; done; }
tables pairs >wanted
for n in 1 2 3; do
    mpirun -n $n "$ZSC" sweep -t 1 -o pairs$n pairs.yaml >out 2>err
    status=$?
    [ $status -eq 5 ] || fail "retrieval, $n ranks: status $status: $(tail -n 3 err)"
    grep "20 pairs: 16 computed, 0 there already, 4 failed" out >/dev/null || fail "retrieval, $n ranks: $(cat out)"
    tables pairs$n | cmp -s - wanted || fail "retrieval, $n ranks: results differ"
    [ "$("$ZSC" ls pairs$n --format csv | cut -d, -f2)" = "$("$ZSC" ls pairs --format csv | cut -d, -f2)" ] || fail "retrieval, $n ranks: another order"
done
mpirun -n 2 "$ZSC" sweep -t 1 -o pairs2 pairs.yaml >out 2>err
grep "20 pairs: 0 computed, 16 there already, 4 failed" out >/dev/null || fail "retrieval again: $(cat out err)"
sed 's/kind: .*/kind: probe/; s/k: .*/epochs: 3/' pairs.yaml >probes.yaml
"$ZSC" sweep -q -o probes probes.yaml >out 2>err
[ $? -eq 5 ] && grep -q "20 pairs: 16 computed, 0 there already, 4 failed" out || fail "probes, serial: $(cat out err)"
mpirun -n 2 "$ZSC" sweep -t 1 -o probes2 probes.yaml >out 2>err
[ $? -eq 5 ] && [ "$(tables probes2)" = "$(tables probes)" ] || fail "probes, 2 ranks: $(cat out err)"
sed 's/k: .*/k: 1/' pairs.yaml >other.yaml
timeout 120 mpirun -n 1 "$ZSC" sweep -t 1 -o mixed pairs.yaml : -n 1 "$ZSC" sweep -t 1 -o mixed other.yaml >out 2>err
grep "start all ranks with the same sweep file and options" err >/dev/null || fail "retrieval, ranks with other plans: $(tail -n 3 err)"
timeout 120 mpirun -n 1 "$ZSC" sweep -t 1 -o early2 pairs.yaml : -n 1 "$ZSC" sweep -t 1 -o early2 no.yaml >out 2>err
grep "1 of 2 ranks ended early" err >/dev/null || fail "retrieval, a rank without a plan: $(tail -n 3 err)"
tables early2 | cmp -s - wanted || fail "retrieval, a rank without a plan: results differ"
finish
