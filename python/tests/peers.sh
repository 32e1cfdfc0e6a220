#!/bin/sh
# How many of the peers' own tests pass with zsc in the place of the peer: scikit-learn's and SciPy's as they are
# installed, umap-learn's from a checkout of release 0.5.3 (github.com/lmcinnes/umap), and fastcluster's from one of
# github.com/dmuellner/fastcluster, which hold them.
#
#   ZSC_BUILDDIR=BUILD python/tests/peers.sh [UMAP-CHECKOUT [FASTCLUSTER-CHECKOUT]]
#
# Prints one line per set of tests, and the table of doc/python.md, which says what fails and why. Not a part of make
# check: the counts are those of the installed versions. Logs are written to the folder peers-logs.
set -u
here=$(cd "$(dirname "$0")" && pwd)
python=${ZSC_PYTHON:-/usr/bin/python3}
umap=${1-} fastcluster=${2-}
export PYTHONPATH="${ZSC_BUILDDIR:?}/python-package:$here/peers" PYTHONDONTWRITEBYTECODE=1
mkdir -p peers-logs
logs=$(cd peers-logs && pwd)
folder=$(mktemp -d) # the peers' tests alone, so that the installed peers are imported and not the checkouts
trap 'rm -rf "$folder"' EXIT
: >"$logs/counts"

note() { # TITLE SUBSTITUTE LOG: its last line, "27 failed, 39 passed in 24.84s"
  said=$(tail -n 1 "$3")
  printf '%-34s %-24s %s\n' "$1" "$2" "$said"
  echo "$1|$2|$said" >>"$logs/counts"
}

log_of() { echo "$logs/$(echo "$1 $2" | tr -c 'a-zA-Z0-9\n' -).log"; }

count() { # TITLE SUBSTITUTE PYTEST-ARGUMENTS...
  title=$1 ZSC_SUBSTITUTE=$2; shift 2
  export ZSC_SUBSTITUTE
  log=$(log_of "$title" "$ZSC_SUBSTITUTE")
  "$python" -m pytest -q -p substitute -p no:cacheprovider -W ignore -rfE --tb=short "$@" >"$log" 2>&1
  note "$title" "$ZSC_SUBSTITUTE" "$log"
}

sklearn=sklearn.metrics.cluster.tests
for set in supervised common unsupervised; do
  for with in none sklearn-scores accel; do count "scikit-learn, test_$set" $with --pyargs $sklearn.test_$set; done
done
for with in none sklearn-cluster accel; do
  count "scikit-learn, test_hierarchical" $with --pyargs sklearn.cluster.tests.test_hierarchical
done
for with in none sklearn-trustworthiness; do
  count "scikit-learn, test_t_sne, trustworthiness" $with --pyargs sklearn.manifold.tests.test_t_sne -k trustworthiness
done
for with in none scipy-hierarchy; do
  count "SciPy, test_hierarchy" $with --pyargs scipy.cluster.tests.test_hierarchy
done
if [ -n "$fastcluster" ]; then
  git -C "$fastcluster" archive HEAD tests | tar x -C "$folder"
  for with in none fastcluster; do
    log=$(log_of fastcluster $with)
    "$python" "$here/peers/fastcluster_checks.py" "$folder/tests" $with >"$log" 2>&1
    note "fastcluster, dendrograms" $with "$log"
  done
else
  echo "fastcluster: no checkout given"
fi
if [ -n "$umap" ]; then
  git -C "$umap" archive "${ZSC_UMAP_RELEASE:-0.5.3}" umap/tests | tar x -C "$folder"
  cd "$folder/umap/tests" && rm -f __init__.py || exit 1
  set -- # the files whose tests make models; others are of umap-learn's own functions, plots and networks
  for topic in on_iris ops repeated_data trustworthiness validation_params nn; do set -- "$@" test_umap_$topic.py; done
  for with in none umap accel; do
    count "umap-learn, tests that make models" $with "$@" test_composite_models.py test_densmap.py
  done
else
  echo "umap-learn: no checkout given"
fi

printf '\n| tests | the peer itself | zsc | `zsc.accel` |\n|---|---|---|---|\n'
awk -F'|' '
  function number(text, word) { return match(text, "[0-9]+ " word) ? substr(text, RSTART, RLENGTH) + 0 : 0 }
  { if (!($1 in known)) { known[$1] = 1; title[++n] = $1 }
    column = $2 == "none" || $2 == "accel" ? $2 : "zsc"
    passed = number($3, "passed"); all = passed + number($3, "failed") + number($3, "error")
    cell[$1, column] = column == "none" ? passed " of " all : passed }
  END { for (i = 1; i <= n; i++) { t = title[i]
          print "| " t " | " cell[t, "none"] " | " cell[t, "zsc"] " | " ((t, "accel") in cell ? cell[t, "accel"] : "not replaced") " |" } }' "$logs/counts"
