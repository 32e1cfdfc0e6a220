#!/bin/sh
# HDBSCAN finds the clusters that R's package dbscan finds, up to their names, or those that its spanning tree gives by
# the definition of stability (hdbscan_r.R says where dbscan departs from that).
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v Rscript >/dev/null || skip "R is not installed (Debian package r-base-core)"
Rscript -e 'quit(status = !requireNamespace("dbscan", quietly = TRUE))' >/dev/null 2>&1 ||
    skip "R's package dbscan is not installed (Debian package r-cran-dbscan)"

cases=0 same=0
while read -r shape n d seed size; do
    "${ZSC_BUILDDIR:?}/tests/cli/hdbscan_rows" "$shape" "$n" "$d" "$seed" "$size" || exit 99
    [ "$(sort -u clusters.txt | wc -l)" -gt 1 ] || fail "$shape $n $d $seed $size: all rows have one label"
    said=$(Rscript "$ZSC_SRCDIR/tests/cli/hdbscan_r.R" "$size" 2>err) || fail "$shape $n $d $seed $size: $(cat err)"
    cases=$((cases + 1))
    [ "$said" != same ] || same=$((same + 1))
done <<END
blobs 200 2 1 5
blobs 1000 10 2 5
blobs 1000 3 3 12
moons 500 2 4 5
moons 1500 2 5 20
nested 800 4 6 5
nested 2000 2 7 8
uniform 600 2 8 5
uniform 1500 3 9 5
uniform 400 5 10 3
END
echo "$same of $cases are dbscan's own"
[ "$cases" -eq 10 ] && [ "$same" -ge 5 ] || fail "only $same of $cases are dbscan's own"
finish
