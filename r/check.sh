#!/bin/sh
# The R package beside stats::hclust, and against the program: r/zsc/tests/beside_stats.R.
. "$ZSC_SRCDIR/tests/cli/lib.sh"
[ -n "${ZSC_R-}" ] && [ -d "$ZSC_BUILDDIR/r-package/zsc" ] || skip "the R package is not built (configure --with-r)"
case ${ZSC_TEST_LDFLAGS-} in *-fsanitize*) skip "R cannot load a library with sanitizers" ;; esac
"$ZSC" simulate -q --rows 150 --seed 1 -o s.h5 || fail "simulate"
"$ZSC" select -q -e s.h5:sim_dna -o rows.npy >/dev/null || fail "select"
"$ZSC" umap -q -e s.h5:sim_dna --min-dist 0.01 --n-epochs 50 --seed 3 -o layout.csv || fail "umap"
"$ZSC" run -q -e s.h5:sim_dna --epochs 20 --dim 3 -o results >/dev/null || fail "run"
"$ZSC" collect -q results -o table.csv || fail "collect"
R_LIBS=$ZSC_BUILDDIR/r-package PATH=$(dirname "$ZSC"):$PATH "$ZSC_R" --no-echo --no-restore --file="$ZSC_SRCDIR/r/zsc/tests/beside_stats.R" \
  >out 2>&1 || fail "beside_stats.R: $(tail -n 20 out)"
grep -q '^all checks passed' out || fail "beside_stats.R did not reach its end: $(tail -n 5 out)"
finish
