#!/bin/sh
# The programs of doc/writing.md write files in which zsc finds every id, label and number.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
PYTHON=${PYTHON3-/usr/bin/python3}
"$PYTHON" -c 'import h5py, numpy' 2>/dev/null || skip "h5py or numpy is not installed (Debian packages python3-h5py, python3-numpy)"

# program N LANGUAGE: the Nth block of that language
program() { awk -v n="$1" -v fence='```'"$2" '$0 == fence { k++; on = k == n; next } /^```$/ { on = 0 } on' "$ZSC_SRCDIR/doc/writing.md"; }

# the same numbers everywhere: thousandths, which decimal text and floats hold exactly enough
cat >data.py <<'E'
import numpy as np
x = np.round(np.random.default_rng(0).standard_normal((30, 7)), 3).astype("f4")
ids = ["BIO-%02d/a b" % i for i in range(30)]
species = ["" if i % 5 == 0 else "Apis mellifera" if i % 2 else "Bombus, terrestris" for i in range(30)]
E
"$PYTHON" - <<'E' || exit 99
exec(open("data.py").read())
np.savetxt("x.txt", x, fmt="%.3f")
open("ids.txt", "w").write("".join(i + "\n" for i in ids))
open("species.txt", "w").write("".join(s + "\n" for s in species))
E
printf 'x <- unname(as.matrix(read.table("x.txt")))\nids <- readLines("ids.txt")\nspecies <- readLines("species.txt")\n' >data.r

# check FILE ENCODER
check() {
    "$ZSC" import -q "$1" -o "$1.zsc.h5" || { fail "import $1"; return; }
    "$PYTHON" - "$1.zsc.h5" "$2" <<'E' || fail "$1: not what was written"
import sys, h5py
exec(open("data.py").read())
with h5py.File(sys.argv[1]) as h:
    assert list(h["embeddings"]) == [sys.argv[2]], list(h["embeddings"])
    assert list(h["id"].asstr()) == ids, list(h["id"].asstr())
    assert list(h["labels/species"].asstr()) == species
    assert np.array_equal(h["embeddings/" + sys.argv[2]][:], x)
E
}

python() { # N FILE ENCODER MODULE
    if "$PYTHON" -c "import $4" 2>/dev/null; then
        { cat data.py; program "$1" python; } >program.py
        "$PYTHON" program.py || fail "the program for $4"
        check "$2" "$3"
    else
        echo "not tried: $4 is not installed" >&2
    fi
}

# PyTorch's loader and encoder are the reader's own: two batches, and the identity
if "$PYTHON" -c "import torch" 2>/dev/null; then
    { cat data.py
      echo 'import torch; whole, all_ids, names = x, ids, species; encoder = lambda images: images'
      echo 'loader = [(torch.tensor(whole[a:b]), all_ids[a:b], names[a:b]) for a, b in ((0, 20), (20, 30))]'
      program 1 python; } >program.py
    "$PYTHON" program.py || fail "the program for PyTorch"
    check torch.h5 my_encoder
else # a tensor that does what the program asks of it
    { cat data.py
      cat <<'E'
import sys, types, contextlib
torch = types.ModuleType("torch"); sys.modules["torch"] = torch
class Tensor(np.ndarray):
    float = lambda t: t.astype("f4"); cpu = lambda t: t; numpy = lambda t: np.asarray(t)
torch.no_grad = contextlib.nullcontext
torch.cat = lambda parts: np.concatenate(parts).view(Tensor)
encoder = lambda images: images
loader = [(x[a:b].view(Tensor), ids[a:b], species[a:b]) for a, b in ((0, 20), (20, 30))]
E
      program 1 python; } >program.py
    "$PYTHON" program.py || fail "the program for PyTorch, with arrays in place of tensors"
    check torch.h5 my_encoder
fi
python 2 numpy.npz numpy numpy
python 3 pandas.csv pandas pandas
if command -v Rscript >/dev/null; then
    { cat data.r; program 1 r; } >program.r
    Rscript program.r >r.out 2>&1 || fail "the program for R: $(cat r.out)"
    check r.csv r
    if Rscript -e 'quit(status = !requireNamespace("rhdf5", quietly = TRUE))' >/dev/null 2>&1; then
        { cat data.r; program 2 r; } >program.r
        Rscript program.r >r.out 2>&1 || fail "the program for rhdf5: $(cat r.out)"
        check r.h5 my_encoder
    else
        echo "not tried: rhdf5 is not installed (Debian package r-bioc-rhdf5)" >&2
    fi
    if Rscript -e 'quit(status = !requireNamespace("data.table", quietly = TRUE))' >/dev/null 2>&1; then
        { cat data.r; program 1 r | sed 's/write.csv(/data.table::fwrite(/; s/"r.csv", row.names = FALSE/"fwrite.csv"/'; } >program.r
        Rscript program.r >r.out 2>&1 || fail "the program for fwrite: $(cat r.out)"
        check fwrite.csv fwrite
    else
        echo "not tried: data.table is not installed (Debian package r-cran-data.table)" >&2
    fi
else
    echo "not tried: R is not installed (Debian package r-base-core)" >&2
fi
finish
