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
with store('levels.h5') as h:
    frame(h, 'emb', [(c4, x)], c4, None)
    h['emb/axis1_level0'] = S(ids); h['emb/axis1_level1'] = S(ids)
with store('no_index.h5') as h: frame(h, 'emb', [(c4, x)], c4, None)
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
def char(texts): # a text per row, padded with blanks
    width = max(map(len, texts))
    return np.array([[ord(c) for c in t.ljust(width)] for t in texts], 'u2').T
names = char(ids)
matlab('one.mat', X=(x.T, 'double'))
matlab('more.mat', X=(x.T, 'double'), Y=(y.T, 'single'), names=(names, 'char'), k=(np.arange(30.0)[None], 'double'), T=(np.eye(3), 'double'))
def cells(path, texts, more=(), **arrays): # cell arrays: references to one array each
    matlab(path, **arrays)
    with h5py.File(path, 'r+') as h:
        for k, (values, column) in texts.items():
            refs = []
            for v in values:
                name = f'#refs#/{k}{len(refs)}'
                if isinstance(v, str) and v:
                    h[name] = np.frombuffer(v.encode('utf-16-le'), 'u2')[:, None]; h[name].attrs['MATLAB_int_decode'] = np.int32(2)
                elif isinstance(v, str):
                    h[name] = np.zeros(2, 'u8'); h[name].attrs['MATLAB_empty'] = np.uint8(1)
                else: h[name] = np.atleast_2d(v).astype('f8')
                h[name].attrs['MATLAB_class'] = np.bytes_('char' if isinstance(v, str) else 'double')
                refs.append(h[name].ref)
            a = np.array(refs, dtype=h5py.ref_dtype)
            h.create_dataset(k, data=a[None] if column else a[:, None], dtype=h5py.ref_dtype).attrs['MATLAB_class'] = np.bytes_('cell')
        for k, c in more: # objects of MATLAB's own: what stands there is the number of an object
            h[k] = np.zeros((1, 6), 'u4'); h[k].attrs['MATLAB_class'] = np.bytes_(c); h[k].attrs['MATLAB_object_decode'] = np.int32(3)
species = ['Apis mellifera', '', 'Bombus \u00e4\U0001f41d'] * 10
X = dict(X=(x.T, 'double'))
back = ids[::-1]
cells('ids_cell.mat', {'ids': (back, True), 'Species': (species, False)} , note=(char(['by hand']), 'char'), **X)
cells('ids_char.mat', {}, processid=(char(['A', 'b b'] + back[2:]), 'char'), genus=(char(['Apis', 'Bo'] * 15), 'char'), **X)
cells('ids_number.mat', {'class': (list(range(30)), True)}, id=(np.arange(100, 130)[:, None], 'int32'), genus=(np.where(np.arange(30) % 3, np.arange(30) % 5, np.nan)[None], 'double'), **X)
cells('ids_number_row.mat', {}, id=(np.arange(100.0, 130)[None], 'double'), y=(np.arange(30.0)[None] % 4 - 1, 'double'), **X)
cells('structure.mat', {'s/names': (ids, True), 's/taxon': (species, True)}, **{'s/X': (x.T, 'double')})
cells('string.mat', {}, [('ids', 'string')], **X)
cells('objects.mat', {'id': (ids, True)}, [('species', 'categorical'), ('t', 'table')], **X)
cells('ids_few.mat', {'id': (ids[:9], True)}, **X)
cells('ids_mixed.mat', {'id': (ids[:29] + [np.ones((2, 2))], True)}, **X)
cells('ids_half.mat', {}, id=(np.arange(30)[None] / 2, 'double'), **X)
cells('labels_mixed.mat', {'id': (ids, True), 'genus': (['Apis'] * 29 + [0.5], True)}, **X)
cells('zero.mat', {'id': (ids[:29] + ['a\0b'], True)}, **X)
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
expect 3 "'no_index.h5:/emb' has no index: /emb/axis1 is not there" "$ZSC" select -e no_index.h5 -m m.csv
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
    grep -q "/names' holds another text in each row, so that it names no classes; as ids it is read under the name id" out || fail "more.mat: $(cat out)"
run "$ZSC" select -e more.mat -m m.csv --h5-embedding /Y -o path.h5
grep -q '/Y is a matrix of MATLAB, whose columns are stored together, and is transposed: 30 rows of 3 columns' err || fail "by path: $(cat err)"
"$python" -c 'import h5py, numpy as np
assert (h5py.File("path.h5")["embeddings/Y"][:] == np.load("want_y.npz")["embeddings"]).all()' || fail "by path: other values"
expect 3 "is a file of MATLAB 7.3 without a matrix of numbers" "$ZSC" select -e none.mat -m m.csv

# texts and numbers of MATLAB as ids and labels, value by value
"$ZSC" import ids_cell.mat -o cell.h5 --quiet >/dev/null || fail "ids_cell.mat"
"$ZSC" import ids_char.mat -o char.h5 --quiet >/dev/null || fail "ids_char.mat"
"$ZSC" import ids_number.mat -o number.h5 --quiet >/dev/null || fail "ids_number.mat"
"$ZSC" import ids_number_row.mat -o number_row.h5 --quiet >/dev/null || fail "ids_number_row.mat"
"$ZSC" import structure.mat --h5-embedding /s/X --h5-id /s/names --h5-label species=/s/taxon -o structure.h5 --quiet >/dev/null || fail "structure.mat"
"$python" - <<'PY' || fail "texts of MATLAB: other values"
import h5py, numpy as np
x = np.load('want_x.npz')['embeddings'].astype('f4')
ids = [f's{i:02d}' for i in range(30)]; back = ids[::-1]
species = ['Apis mellifera', '', 'Bombus \u00e4\U0001f41d'] * 10
def check(path, want_ids, **labels):
    h = h5py.File(path)
    assert (list(h['embeddings'].values())[0][:] == x).all() and list(h['id'].asstr()) == want_ids, path
    got = {k: list(v.asstr()) for k, v in h['labels'].items()} if 'labels' in h else {}
    assert got == labels, (path, got)
check('cell.h5', back, species=species)
check('char.h5', ['A', 'b b'] + back[2:], genus=['Apis', 'Bo'] * 15)
number = [str(i) for i in range(100, 130)]
check('number.h5', number, **{'class': [str(i) for i in range(30)]}, genus=['' if i % 3 == 0 else str(i % 5) for i in range(30)])
check('number_row.h5', number, y=['', '0', '1', '2'] * 7 + ['', '0'])
check('structure.h5', ids, species=species)
PY
expect 3 "ids: 'string.mat:/ids' is a string of MATLAB, which is kept in a form of MATLAB's own; in MATLAB: x = cellstr(x)" "$ZSC" select -e string.mat -m m.csv
run "$ZSC" select -e objects.mat -m m.csv
[ "$status" -eq 0 ] && grep -q "left out: 'objects.mat:/species' is a categorical of MATLAB" err && grep -q "/t' is a table of MATLAB.*writetable(x, 'x.csv')" err ||
    fail "objects.mat: $(cat err)"
expect 3 "'ids_few.mat:/id' has 9 ids, and the matrices have 30 rows" "$ZSC" select -e ids_few.mat -m m.csv
expect 3 "'ids_mixed.mat:/id': element 30 of the cell array is double, expected one text or whole number" "$ZSC" select -e ids_mixed.mat -m m.csv
expect 3 "'ids_half.mat:/id': element 2 is 0.5, expected a whole number" "$ZSC" select -e ids_half.mat -m m.csv
run "$ZSC" select -e labels_mixed.mat -m m.csv
[ "$status" -eq 0 ] && grep -q "left out: 'labels_mixed.mat:/genus': element 30 of the cell array is a fraction" err || fail "labels_mixed.mat: $(cat err)"
expect 3 "'zero.mat:/id': text 30 holds a zero" "$ZSC" select -e zero.mat -m m.csv
finish
