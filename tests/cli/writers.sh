#!/bin/sh
# The programs of doc/writing.md for PyTorch and NumPy, and other ways of NumPy and h5py to write a file: zsc finds every
# id, label and number.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
. "$ZSC_SRCDIR/tests/cli/writers_lib.sh"

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
{ cat data.py; program 2 python; } >program.py
"$PYTHON" program.py || fail "the program for NumPy"
check numpy.npz numpy

"$PYTHON" - <<'E' || exit 99
exec(open("data.py").read())
import h5py
np.save("array.npy", x)
np.savez_compressed("packed.npz", X=x, IDs=np.array(ids), Species=np.array(species))
np.savetxt("text.txt", x, fmt="%.3f")
np.savetxt("commas.csv", x, fmt="%.3f", delimiter=",", header=",".join("abcdefg"))
np.savetxt("rows.csv", x, fmt="%.18e", delimiter=",", header=",".join("abcdefg"), comments="")
with h5py.File("plain.h5", "w") as h: # as a script of one's own writes it
    h["features"], h["names"], h["y"] = x, ids, species
with h5py.File("fixed.h5", "w") as h:
    h.create_dataset("id", data=np.array(ids, "S")), h.create_dataset("labels/species", data=np.array(species, "S"))
    h.create_dataset("embeddings/fixed", data=x.astype("f8"), chunks=(7, 3), compression="gzip", shuffle=True)
with h5py.File("samples.h5", "w") as h:
    for i, v in zip(ids, x): h.create_dataset(i.replace("/", "|"), data=v)
E
check array.npy array -m m.csv
check packed.npz X
for file in text.txt commas.csv rows.csv; do check $file ${file%.*} -m m.csv; done
check plain.h5 features --h5-embedding /features --h5-id /names --h5-label species=/y
check fixed.h5 fixed
sed 's|/|\||' m.csv >bars.csv
"$ZSC" import -q samples.h5 -m bars.csv -o s.h5 && "$PYTHON" - <<'E' || fail "samples.h5"
exec(open("data.py").read())
import h5py
with h5py.File("s.h5") as h:
    order = sorted(range(30), key=lambda i: ids[i])
    assert [i.replace("|", "/") for i in h["id"].asstr()] == [ids[i] for i in order]
    assert np.array_equal(h["embeddings/samples"][:], x[order]) and list(h["labels/species"].asstr()) == [species[i] for i in order]
E
finish
