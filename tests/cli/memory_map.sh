#!/bin/sh
# zsc run --memory-map: the same results as in memory, under a limit that the matrix exceeds, and nothing is left in the folder.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
mkdir disk
[ "$(stat -f -c %T disk)" != tmpfs ] || skip "$work is in memory (tmpfs); set TMPDIR to a folder on a disk"

"$ZSC" simulate -q --rows 600 --image-encoders 1 --image-dim 90 --dna-dim 20 --seed 2 -o s.h5 --metadata-output m.csv || exit 99
same() { # RUN-OPTIONS...
    "$ZSC" run -q --format csv "$@" >plain.csv || fail "run $*"
    "$ZSC" run -q --format csv "$@" --memory-map disk >mapped.csv || fail "run $* --memory-map"
    cmp -s plain.csv mapped.csv || fail "other results with --memory-map: $*"
}
same -e s.h5:sim_image_1 --reduce pca --dim 5
same -e s.h5:sim_image_1 -e s.h5:sim_dna --scale zscore --epochs 5 --seed 0,1
same -e s.h5:sim_dna --knn approx --epochs 5
same -e s.h5:sim_dna --reduce none --internal
# numbers that are wider than floats
printf 'processid,a,b\n' >wide.csv
awk -F, 'NR > 1 { printf "%s,%.15g,%.15g\n", $1, sin(NR) * 1e3 + 1 / NR, cos(NR * NR) }' m.csv >>wide.csv
same -e wide.csv -m m.csv --reduce none

# a limit below the 12 MB of the matrix
"$ZSC" simulate -q --rows 12000 --image-encoders 0 --dna-dim 250 --seed 2 -o more.h5 || exit 99
few="-e more.h5:sim_dna --reduce pca --dim 3 --memory-limit 8M"
# shellcheck disable=SC2086
{
    expect 2 "the matrix of embeddings needs about 12.0 MB of memory" "$ZSC" run -q $few
    run "$ZSC" run -q $few --memory-map disk
    [ "$status" -eq 0 ] || fail "a limit below the matrix: $(cat err)"
}
expect 3 "cannot keep the matrix of embeddings in a file in folder 'absent': No such file or directory" "$ZSC" run -q -e s.h5:sim_dna --memory-map absent
if [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ]; then
    expect 2 "is in memory itself (tmpfs)" "$ZSC" run -q -e s.h5:sim_dna --memory-map /dev/shm
fi
[ -z "$(ls -A disk)" ] || fail "left in the folder: $(ls -A disk)"
finish
