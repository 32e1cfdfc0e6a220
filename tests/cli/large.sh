#!/bin/sh
# Files of more than 2^31 numbers, whose chunks were never written: HDF5 gives the fill value for those, and the file is
# small. Rows at their ends are selected, with memory for what is selected alone. make check-long reads five million rows too.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"

cat >write.py <<'END'
import sys, h5py, numpy as np
n, d, chunk, path = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with h5py.File(path, 'w', libver='latest') as h:
    x = h.create_dataset('x', (n, d), 'f2', chunks=(chunk, d), compression='gzip', fillvalue=0.5)
    x[n - 30:] = (np.arange(30 * d).reshape(30, d) * 7919 % 2039).astype('f2')
    h['names'] = np.arange(n)
    h['split'] = np.where(np.arange(n) < n - 20, 1, 7)
END
cat >check.py <<'END'
import sys, h5py, numpy as np
n, d, name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
with h5py.File(name) as h:
    x = h['embeddings/x'][:]
    want = (np.arange(30 * d).reshape(30, d) * 7919 % 2039).astype('f2')[10:]
    assert x.shape == (20, d) and x.tobytes() == want.tobytes(), 'values'
    assert [int(i) for i in h['id'][:]] == list(range(n - 20, n)), 'ids'
END
P="--h5-embedding /x --h5-id /names --h5-label split=/split"
select_rows() { # N D CHUNK MEGABYTES: the limit on memory, far below the matrix
    "$python" write.py "$1" "$2" "$3" big.h5 || { fail "writing $1 x $2"; return; }
    run "$ZSC" import big.h5 $P --split 7 -o few.h5 --overwrite
    [ "$status" -eq 0 ] || { fail "$1 x $2: $(cat err)"; return; }
    "$python" check.py "$1" "$2" few.h5 || fail "$1 x $2: other values"
    peak=$(sed -n 's/.* \([0-9]*\)[.0-9]* MB peak memory$/\1/p' err)
    [ -n "$peak" ] && [ "$peak" -lt "$4" ] || fail "$1 x $2: $(tail -n 1 err), expected less than $4 MB"
}
# 2.6e9 numbers; the limit is above what sanitizers add
select_rows 40000 65536 10 600
"$ZSC" umap -q -e big.h5 $P --split 7 --n-neighbors 5 --n-components 2 --n-epochs 10 -o y.npy 2>err || fail "umap of rows at the end: $(cat err)"
"$ZSC" umap -q -e few.h5 --n-neighbors 5 --n-components 2 --n-epochs 10 -o z.npy || fail "umap of the imported rows"
cmp -s y.npy z.npy || fail "umap of rows at the end of a big file, and of the same rows in a small one, differ"
if [ -n "${ZSC_CHECK_LONG-}" ]; then
    select_rows 5000000 512 1000 900
    run "$ZSC" info --format json big.h5 $P
    [ "$status" -eq 0 ] || fail "info: $(cat err)"
    grep '"rows": 5000000' out >/dev/null && grep '"repeated_rows": 4999969' out >/dev/null || fail "info: $(grep rows out)"
fi
finish
