#!/bin/sh
# How many of the peers' own tests pass with zsc in the place of the peer: scikit-learn's and SciPy's as they are
# installed, umap-learn's from a checkout of release 0.5.3 (github.com/lmcinnes/umap), which holds them.
#
#   ZSC_BUILDDIR=BUILD python/tests/peers.sh [UMAP-CHECKOUT]
#
# Prints one line per set of tests. What fails, and why, is in doc/python.md. Not a part of make check: the counts are
# those of the installed versions. Logs are written to the folder peers-logs.
set -u
here=$(cd "$(dirname "$0")" && pwd)
python=${ZSC_PYTHON:-/usr/bin/python3}
checkout=${1-}
export PYTHONPATH="${ZSC_BUILDDIR:?}/python-package:$here/peers" PYTHONDONTWRITEBYTECODE=1
mkdir -p peers-logs
logs=$(cd peers-logs && pwd)

count() { # TITLE SUBSTITUTE PYTEST-ARGUMENTS...
  title=$1 ZSC_SUBSTITUTE=$2; shift 2
  export ZSC_SUBSTITUTE
  log=$logs/$(echo "$title $ZSC_SUBSTITUTE" | tr -c 'a-zA-Z0-9\n' -).log
  "$python" -m pytest -q -p substitute -p no:cacheprovider -W ignore -rfE --tb=short "$@" >"$log" 2>&1
  printf '%-34s %-24s %s\n' "$title" "$ZSC_SUBSTITUTE" "$(tail -n 1 "$log")"
}

sklearn=sklearn.metrics.cluster.tests
for set in supervised common unsupervised; do
  for with in none sklearn-scores accel; do count "scikit-learn $set" $with --pyargs $sklearn.test_$set; done
done
for with in none sklearn-cluster accel; do
  count "scikit-learn hierarchical" $with --pyargs sklearn.cluster.tests.test_hierarchical
done
for with in none sklearn-trustworthiness; do
  count "scikit-learn trustworthiness" $with --pyargs sklearn.manifold.tests.test_t_sne -k trustworthiness
done
for with in none scipy-hierarchy; do
  count "SciPy hierarchy" $with --pyargs scipy.cluster.tests.test_hierarchy
done
if [ -n "$checkout" ]; then
  tests=$(mktemp -d) # the tests alone, so that the installed umap is imported and not the checkout
  trap 'rm -rf "$tests"' EXIT
  git -C "$checkout" archive "${ZSC_UMAP_RELEASE:-0.5.3}" umap/tests | tar x -C "$tests"
  cd "$tests/umap/tests" && rm -f __init__.py || exit 1
  set -- # the files whose tests make models; others are of umap-learn's own functions, plots and networks
  for topic in on_iris ops repeated_data trustworthiness validation_params nn; do set -- "$@" test_umap_$topic.py; done
  for with in none umap accel; do count "umap-learn" $with "$@" test_composite_models.py test_densmap.py; done
else
  echo "umap-learn: no checkout given"
fi
