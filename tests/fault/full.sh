#!/bin/bash
# A disk that is really full: every command that writes a file, on a small tmpfs with space for none, a half and nearly all of
# what it writes. It must fail with a sentence, leave nothing of its own behind, and leave alone what was there.
set -u
if [ "${1-}" != inside ]; then # a name space of its own, so that the mount goes with it
    if unshare -m true 2> /dev/null; then exec unshare -m "$0" inside
    elif unshare -rm true 2> /dev/null; then exec unshare -rm "$0" inside
    else echo "skipped: no leave to mount a small disk (root, or user name spaces)"; exit 77; fi
fi
LC_ALL=C; export LC_ALL OMP_NUM_THREADS=1
work=$(mktemp -d) || exit 1
trap 'cd / && { umount "$work/disk" 2> /dev/null; rm -rf "$work"; }' EXIT
cd "$work" && mkdir disk whole || exit 1
mount -t tmpfs -o size=64k zsc-full disk 2> mount.err || { echo "skipped: no leave to mount a small disk: $(cat mount.err)"; exit 77; }
umount disk

"$ZSC" simulate --rows 400 --seed 3 -o in.h5 --metadata-output in.csv -q || exit 1
"$ZSC" run -e in.h5:sim_dna --reduce none --curve -o done -q > run.txt || exit 1
for f in done/*.h5; do cp "$f" result.h5; done
printf 'embeddings: in.h5:sim_dna\nreduce: none\n' > sweep.yaml
cases() { # OUT stands for the folder to write in
    echo "simulate --rows 400 -o OUT/o.h5"
    echo "embed kmer -m in.csv -k 4 -o OUT/o.h5"
    echo "import in.h5 -o OUT/o.h5"
    echo "select -e in.h5:sim_dna -o OUT/o.h5"
    echo "knn -e in.h5:sim_dna -o OUT/o.h5"
    echo "umap -e in.h5:sim_dna --n-epochs 2 -o OUT/o.h5"
    echo "ward -e in.h5:sim_dna -o OUT/o.h5"
    echo "run -e in.h5:sim_dna --reduce none -o OUT/o"
    echo "sweep sweep.yaml -o OUT/o"
    echo "collect done -o OUT/o.csv"
    echo "curve result.h5 -o OUT/o.csv"
    echo "export result.h5 -o OUT/o.csv"
    echo "export result.h5 --what linkage -o OUT/o.npy"
    echo "table ranks done --format html -o OUT/o.html"
    command -v gnuplot > gnuplot.txt && for end in svg pdf png eps tex; do echo "plot ranks done -o OUT/o.$end"; done
    echo "report done --no-figures -o OUT/o.html"
}
failures=0 tried=0
wrong() { echo "WRONG: zsc $args, $space of $bytes bytes: $1" >&2; sed 's/^/    /' err | tail -2 >&2; failures=$((failures + 1)); }
attempt() { # with ROOM bytes left beside an older file, which takes a page
    mount -t tmpfs -o size=$((space + 4096)) zsc-full disk || exit 1
    echo "an older file" > disk/older
    # shellcheck disable=SC2086
    "$ZSC" ${args//OUT/disk} -q > out.txt 2> err
    status=$?
    tried=$((tried + 1))
    case $status in
    3 | 5) grep -Eq 'No space left|gnuplot drew nothing|is the disk full' err || wrong "status $status, and no word of the disk" ;;
    *) wrong "status $status" ;;
    esac
    [ "$(cat disk/older)" = "an older file" ] || wrong "the older file has changed"
    # a result that is whole may stay where a note beside it had no space; so may the data of a figure that could not be drawn
    find disk -type f ! -name older ! -path '*/.*' ! -name o.dat > left.txt
    while read -r left; do "$ZSC_BUILDDIR/tests/fault/whole" "$left" > /dev/null 2>&1 || wrong "this is left behind: $left"; done < left.txt
    umount disk
}
cases > list
while IFS= read -r args <&3; do
    rm -rf whole/*
    # shellcheck disable=SC2086
    "$ZSC" ${args//OUT/whole} -q > out.txt 2> err || { bytes=0 space=all; wrong "fails with all the space there is"; continue; }
    bytes=$(find whole -type f ! -name '.*' -exec stat -c %s {} + | awk '{ n += $1 } END { print n + 0 }')
    [ "$bytes" -gt 0 ] || { space=all; wrong "writes nothing"; continue; }
    pages=$(((bytes - 1) / 4096)) # one page less than it needs
    for space in $(printf '0\n%d\n%d\n' $((pages / 2 * 4096)) $((pages * 4096)) | sort -nu); do attempt; done
done 3< list
echo "$tried full disks: $failures wrong"
[ "$failures" = 0 ] && [ "$tried" -gt 20 ]
