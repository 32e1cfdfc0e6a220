#!/bin/sh
# HDF5 files of pandas (DataFrame.to_hdf) and MATLAB (save -v7.3): read value by value, or refused with the line that
# converts them. Files of exactly their form are written by h5py; where PyTables is there, pandas writes them, too.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy, pandas' 2>/dev/null || skip "$python with h5py, numpy and pandas is needed to write the files"
"$python" - <<'PY' || exit 99
import h5py, numpy as np, pandas as pd, warnings
warnings.simplefilter('ignore')
r = np.random.default_rng(4)
ids = [f's{i:02d}' for i in range(30)]
x = r.standard_normal((30, 4)) + 9.0 * (np.arange(30) % 3)[:, None]
y = r.standard_normal((30, 3)).astype('f4')
open('m.csv', 'w').write('processid,species\n' + ''.join(f'{i},{"abc"[k % 3]}\n' for k, i in enumerate(ids)))
np.savez('want_x.npz', embeddings=x, processid=ids); np.savez('want_y.npz', embeddings=y, processid=ids)
S = lambda a: np.array(a, 'S')
def frame(h, key, blocks, columns, index, kind='frame'):
    g = h.create_group(key)
    for k, v in dict(pandas_type=kind, pandas_version='0.15.2', encoding='UTF-8').items(): g.attrs[k] = np.bytes_(v)
    g.attrs['nblocks'] = np.int64(len(blocks)); g.attrs['ndim'] = np.int64(2)
    g['axis0'] = S(columns)
    if index is not None: g['axis1'] = index
    for b, (items, values) in enumerate(blocks):
        g[f'block{b}_items'] = S(items); g[f'block{b}_values'] = values
def store(path):
    h = h5py.File(path, 'w')
    h.attrs['CLASS'] = np.bytes_('GROUP'); h.attrs['PYTABLES_FORMAT_VERSION'] = np.bytes_('2.1')
    return h
c4, c3 = list('abcd'), list('efg')
with store('fixed.h5') as h: frame(h, 'emb', [(c4, x)], c4, S(ids))
with store('nested.h5') as h: frame(h, 'deep/er/emb', [(c4, x)], c4, S(ids))
with store('embeddings.h5') as h: frame(h, 'embeddings', [(c4, x)], c4, S(ids))
with store('two.h5') as h: frame(h, 'dino', [(c4, x)], c4, S(ids)); frame(h, 'vit', [(c3, y)], c3, S(ids))
with store('range.h5') as h: frame(h, 'emb', [(c4, x)], c4, np.arange(30))
with store('mixed.h5') as h: frame(h, 'emb', [(c4, x), (['n'], np.arange(30)[:, None])], c4 + ['n'], S(ids))
with store('others.h5') as h: frame(h, 'dino', [(c4, x)], c4, S(ids)); frame(h, 'other', [(c3, y)], c3, S(ids[::-1]))
with store('blocks.h5') as h: frame(h, 'emb', [(c4, x), (c3, y)], c4 + c3, S(ids))
with store('levels.h5') as h: frame(h, 'emb', [(c4, x)], c4, None)
with store('short.h5') as h: frame(h, 'emb', [(c4, x)], c4, S(ids[:29]))
with store('table.h5') as h:
    g = h.create_group('emb'); g.attrs['pandas_type'] = np.bytes_('frame_table')
    g['table'] = np.zeros(30, [('index', 'S3'), ('values_block_0', 'f8', (4,))])
with store('series.h5') as h: g = h.create_group('emb'); g.attrs['pandas_type'] = np.bytes_('series')
with store('plain.h5') as h: h['x'] = x
with store('native.h5') as h: h['id'] = S(ids); h['embeddings/dino'] = x # PyTables alone, in zsc's own layout
with store('dates.h5') as h: frame(h, 'emb', [(c4, x)], c4, np.arange(30) * 86400 * 10**9); h['emb/axis1'].attrs['kind'] = np.bytes_('datetime64')
with store('names.h5') as h: frame(h, 'emb', [(c4[:3], x)], c4, S(ids))
with store('big.h5') as h: frame(h, 'emb', [(c4, x.astype('>f8'))], c4, S(ids))
try:
    import tables
    f = pd.DataFrame(x, index=ids, columns=c4)
    f.to_hdf('real_fixed.h5', key='emb'); f.to_hdf('real_table.h5', key='emb', format='table')
    f.to_hdf('real_packed.h5', key='emb', complevel=5, complib='zlib')
    f.assign(species=['abc'[k % 3] for k in range(30)], n=range(30)).to_hdf('real_mixed.h5', key='emb')
except ImportError: print('PyTables is not there: files of its form alone')

def matlab(path, **arrays):
    with h5py.File(path, 'w', userblock_size=512) as h:
        for k, (a, c) in arrays.items(): h[k] = a; h[k].attrs['MATLAB_class'] = np.bytes_(c)
    with open(path, 'r+b') as f:
        f.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Sun Nov 29 2026 HDF5 schema 1.00 .'.ljust(116) + bytes(8) + b'\0\2IM')
names = np.array([[ord(c) for c in i] for i in ids], 'u2').T
matlab('one.mat', X=(x.T, 'double'))
matlab('more.mat', X=(x.T, 'double'), Y=(y.T, 'single'), names=(names, 'char'), k=(np.arange(30.0)[None], 'double'), T=(np.eye(3), 'double'))
matlab('none.mat', k=(np.arange(30.0)[None], 'double'))
PY
# read NAME FILE... : what select writes of -e FILE is that of want_NAME.npz
read_as() {
    want=$1
    shift
    run "$ZSC" select -e "$1" -m m.csv -o got.h5
    [ "$status" -eq 0 ] || fail "$1: $(cat err)"
    "$ZSC" select -e "want_$want.npz" -m m.csv -o want.h5 --quiet >/dev/null
    "$python" -c 'import h5py, sys
a, b = h5py.File("got.h5"), h5py.File("want.h5")
v = lambda h: list(h["embeddings"].values())[0][:]
assert (v(a) == v(b)).all() and (a["id"][:] == b["id"][:]).all() and (a["labels/species"][:] == b["labels/species"][:]).all()' || fail "$1: other values"
    rm -f got.h5 want.h5
}
for file in fixed nested embeddings range mixed native big two.h5:dino others.h5:dino real_fixed real_packed real_mixed; do
    case $file in *:*) spec=$file ;; *) spec=$file.h5 ;; esac
    [ -e "${spec%%:*}" ] && read_as x "$spec"
done
read_as y two.h5:vit
run "$ZSC" select -e range.h5 -m m.csv
grep -q "embeddings 'range.h5' have no ids: their rows are taken in the order" err || fail "range: $(cat err)"
run "$ZSC" info mixed.h5
grep -q "holds whole numbers in the columns n; zsc reads its floats" out || fail "mixed: $(cat out)"
run "$ZSC" run -e fixed.h5 -m m.csv --reduce none --clusters 3 -o r # in double precision, as the file is
"$ZSC" run -e want_x.npz -m m.csv --reduce none --clusters 3 -o w --quiet >/dev/null
"$python" -c 'import glob, h5py
a, b = [h5py.File(glob.glob(d + "/*.h5")[0]) for d in "rw"]
assert (a["linkage"][:] == b["linkage"][:]).all()' || fail "a run"
expect 3 "'others.h5:/other' has other rows than '/dino', expected the same index" "$ZSC" select -e others.h5:other -m m.csv
expect 3 "'blocks.h5:/emb' has 2 blocks of floats, expected one; in Python:" "$ZSC" select -e blocks.h5 -m m.csv
expect 3 "'levels.h5:/emb' has an index of several levels" "$ZSC" select -e levels.h5 -m m.csv
expect 3 "has 30 rows, and its index has 29" "$ZSC" select -e short.h5 -m m.csv
for file in table.h5 real_table.h5; do
    [ -e $file ] && expect 3 "'$file:/emb' is a frame of pandas in the table format, which zsc does not read; in Python: pandas.read_hdf('x.h5', 'emb').to_csv('x.csv')" \
        "$ZSC" select -e $file -m m.csv
done
expect 3 "'series.h5:/emb' is a series of pandas, which zsc does not read" "$ZSC" select -e series.h5 -m m.csv
expect 3 "'dates.h5:/emb' has an index of type datetime64, expected strings or whole numbers" "$ZSC" select -e dates.h5 -m m.csv
expect 3 "has 4 columns, and their names in '/emb/block0_items' are 3" "$ZSC" select -e names.h5 -m m.csv
expect 3 "h5-embedding" "$ZSC" select -e plain.h5 -m m.csv
run "$ZSC" select -e plain.h5 -m m.csv --h5-embedding /x
[ "$status" -eq 0 ] || fail "plain.h5 by its path: $(cat err)"

read_as x one.mat
read_as x more.mat:X
read_as y more.mat:Y
run "$ZSC" info more.mat
grep -q "matrices of MATLAB, a row per specimen: 30 rows of 4 columns in X" out && grep -q "T' has 3 rows, and other matrices have 30; --h5-embedding /T reads it" out &&
    grep -q "names' holds texts of MATLAB, which zsc does not read" out || fail "more.mat: $(cat out)"
run "$ZSC" select -e more.mat -m m.csv --h5-embedding /Y -o path.h5
grep -q '/Y is a matrix of MATLAB, whose columns are stored together, and is transposed: 30 rows of 3 columns' err || fail "by path: $(cat err)"
"$python" -c 'import h5py, numpy as np
assert (h5py.File("path.h5")["embeddings/Y"][:] == np.load("want_y.npz")["embeddings"]).all()' || fail "by path: other values"
expect 3 "is a file of MATLAB 7.3 without a matrix of numbers" "$ZSC" select -e none.mat -m m.csv
finish
