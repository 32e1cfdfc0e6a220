# What the tests of writers share: the same rows in every language, and the comparison with what zsc reads. Sourced
# after lib.sh.
PYTHON=${PYTHON3-/usr/bin/python3}
"$PYTHON" -c 'import h5py, numpy' 2>/dev/null || skip "h5py or numpy is not installed (Debian packages python3-h5py, python3-numpy)"

# program N LANGUAGE: the Nth block of that language in doc/writing.md
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
open("m.csv", "w").write("processid,species\n" + "".join('%s,"%s"\n' % p for p in zip(ids, species)))
E

# check FILE ENCODER [OPTION...]: zsc reads the ids, labels and numbers
check() {
    file=$1 encoder=$2
    shift 2
    "$ZSC" import -q "$file" -o "$file.zsc.h5" "$@" 2>err || { fail "import $file: $(cat err)"; return; }
    "$PYTHON" - "$file.zsc.h5" "$encoder" <<'E' || fail "$file: not what was written"
import sys, h5py
exec(open("data.py").read())
with h5py.File(sys.argv[1]) as h:
    assert list(h["embeddings"]) == [sys.argv[2]], list(h["embeddings"])
    assert list(h["id"].asstr()) == ids, list(h["id"].asstr())
    assert list(h["labels"]) == ["species"], list(h["labels"])
    assert list(h["labels/species"].asstr()) == species, list(h["labels/species"].asstr())
    assert np.array_equal(h["embeddings/" + sys.argv[2]][:], x)
E
}
