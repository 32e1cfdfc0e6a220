#!/bin/sh
# Linkage of distances and cuts, beside SciPy and scikit-learn: the same matrices, also where distances are equal, and
# the same numbers of clusters.
. "$ZSC_SRCDIR/tests/cli/lib.sh"
. "$ZSC_SRCDIR/tests/cli/peers_lib.sh"
peers 'numpy, scipy, sklearn'
core_library "$work/core.so"
"$python" "$ZSC_SRCDIR/tests/cli/peer_cuts.py" "$work/core.so" || fail "differs from SciPy or scikit-learn"
finish
