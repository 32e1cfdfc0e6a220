#!/bin/sh
# The lines of doc/results.md that read results back, in Python and in R, as they stand there; every value is compared with
# the result. Blocks whose packages are not there are named and left out.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to compare"

# blocks of the page, one file each: NN.sh, NN.python, NN.r
awk '/^```[a-z]/ { n++; out = sprintf("%02d.%s", n, substr($0, 4)); next } /^```/ { out = ""; next } out { print > out }' \
    "$ZSC_SRCDIR/doc/results.md" || exit 99
[ "$(ls ./*.python | wc -l)" -eq 5 ] && [ "$(ls ./*.r | wc -l)" -eq 5 ] || fail "blocks of the page: $(echo ./*.python ./*.r)"

# the commands, on data that is there
"$ZSC" simulate -q --rows 150 --dna-dim 6 --image-dim 0 --missing-species 0.2 --seed 2 -o e.h5 || exit 99
mkdir bin && ln -s "$ZSC" bin/zsc
PATH=$work/bin:$PATH
while read -r command; do
    key=$(basename "$(ls results/*.h5 2>/dev/null)" .h5)
    echo "$command" | sed "s/embeddings.h5:dino/e.h5:sim_dna --dim 4 --epochs 20 --clusters 12 --threads 1/; s/KEY/$key/" >line
    sh line >log 2>&1 || fail "$command: $(cat log)"
done <01.sh
sed -i "s/KEY/$key/" ./*.python ./*.r

cat >truth.py <<'END'
import h5py, numpy as np
def truth():
    with h5py.File(RESULT) as h:
        return {'ids': h['id'].asstr()[:], 'clusters': h['clusters'][:], 'species': h['labels/species'].asstr()[:],
                'reduced': h['reduced'][:], 'linkage': h['linkage'][:]}
END
sed -i "s|RESULT|'results/$key.h5'|" truth.py
cat >check.py <<'END'
from truth import truth as _truth
import numpy as _np
_compared = []
for _name, _want in _truth().items():
    if _name not in globals(): continue
    _got = _np.asarray(globals()[_name])
    if _name == 'ids' and 'tree' in globals(): _got, _want = _np.sort(_got), _np.sort(_want) # leaves have an order of their own
    assert _got.shape == _want.shape and (_got == _want).all(), _name
    if _want.dtype.kind == 'f': assert _got.dtype == _want.dtype, _name
    _compared.append(_name)
assert 'ids' in _compared or 'linkage' in _compared
if 'ten' in globals(): assert len(set(ten)) == 10 and sorted(leaves) == list(range(150))
if 'ami' in globals(): assert len(ami) == 7 and 0 < ami['species'] < 1
END
for block in [0-9]*.python; do
    grep -E '^(import|from) ' "$block" >imports
    "$python" -W ignore imports 2>/dev/null || { echo "skipped, not all packages are there: $(head -n 1 imports)" >&2; continue; }
    cat "$block" check.py >script.py
    "$python" -W ignore script.py >log 2>&1 || fail "$block: $(cat "$block" log)"
done

command -v Rscript >/dev/null || { echo "skipped: there is no R to read results back" >&2; finish; }
"$python" -c '
from truth import truth
for name, value in truth().items():
    with open(name + ".truth", "w") as f:
        for v in value.ravel(): print(repr(v.item()) if value.dtype.kind in "if" else v, file=f)'
cat >check.R <<'END'
compared <- 0
for (name in c("ids", "clusters", "species", "reduced", "linkage")) {
  if (!exists(name)) next
  got <- get(name); want <- readLines(paste0(name, ".truth"))
  if (is.matrix(got)) got <- as.vector(t(got))
  if (name == "ids" && inherits(get0("tree"), "phylo")) { got <- sort(got); want <- sort(want) }
  stopifnot(length(got) == length(want))
  if (is.numeric(got)) {
    want <- as.numeric(want)
    # R reads decimal text to within a few units of the last place; text of floats names the float nearest to it
    stopifnot(all(abs(got - want) <= (if (name == "reduced") 2^-24 else 1e-14) * abs(want)))
  } else stopifnot(all(got == want))
  compared <- compared + 1
}
stopifnot(compared > 0)
if (exists("ten")) stopifnot(length(unique(ten)) == 10, sort(tree$order) == seq_len(150))
if (exists("ten") && requireNamespace("rhdf5", quietly = TRUE)) { # R's own clustering makes the same tree
  own <- cutree(hclust(dist(reduced), "ward.D2"), 10)
  stopifnot(max(rowSums(table(own, ten) > 0)) == 1)
}
END
for block in [0-9]*.r; do
    grep '^library' "$block" >libraries || :
    Rscript libraries >log 2>&1 || { echo "skipped, not all packages are there: $(cat libraries)" >&2; continue; }
    cat "$block" check.R >script.r
    Rscript script.r >log 2>&1 || fail "$block: $(cat "$block" log)"
done
finish
