#!/bin/sh
# From given centres k-means ends at most 0.1 % above scikit-learn's inertia, and HDBSCAN's spanning tree has the lengths of
# SciPy's minimum spanning tree of the whole graph of mutual reachability: from a fixture, and of more rows where both are
# installed.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
program=${ZSC_BUILDDIR:?}/tests/clusterers/beside_scipy

compare() { # FOLDER
    "$program" kmeans "$1/kmeans-x.npy" "$1/kmeans-init.npy" >inertia || fail "k-means"
    paste inertia "$1/inertia.txt" | awk '{ n++; if (!($1 > 0 && $1 <= 1.001 * $2)) bad = 1 } END { exit bad || n != 1 }' ||
        fail "$1: inertia $(cat inertia), scikit-learn's $(cat "$1/inertia.txt")"
    "$program" tree "$1/tree-x.npy" 4 >tree || fail "spanning tree"
    # distances are of single precision where zsc searches, and of double where SciPy does
    paste tree "$1/tree.txt" | awk 'NF != 2 || $1 > $2 * (1 + 1e-6) || $1 < $2 * (1 - 1e-6) { print "edge " NR ": " $0; bad = 1 } END { exit bad || NR < 200 }' >difference ||
        fail "$1: lengths of the spanning tree: $(head -n 3 difference)"
    # the same tree with another min_samples is another one: the comparison can fail
    "$program" tree "$1/tree-x.npy" 3 | cmp -s - tree && fail "$1: min_samples does not change the tree"
}
compare "$ZSC_SRCDIR/tests/fixtures/clusterers"
python=${PYTHON3-/usr/bin/python3}
if "$python" -c 'import scipy, sklearn' 2>/dev/null; then
    for seed in 1 2; do
        mkdir "seed$seed" && "$python" -W ignore "$ZSC_SRCDIR/tests/clusterers/beside_scipy.py" "seed$seed" $seed || fail "scikit-learn"
        compare "seed$seed"
    done
elif [ $failures -eq 0 ]; then
    skip "SciPy or scikit-learn is not installed (python3-scipy, python3-sklearn): only stored numbers were compared"
fi
finish
