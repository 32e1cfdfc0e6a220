"""Writes one embedding in every layout, by the layout's own writer, and files that are wrong in some way."""
import csv, io, sys, zipfile
import h5py, numpy as np
source, metadata, encoder = sys.argv[1:4]
ranks = ['class', 'order', 'family', 'subfamily', 'genus', 'species', 'dna_bin']
with h5py.File(source) as h:
    order = np.argsort(h['id'][:])  # zs-ssl-clustering's order
    ids = h['id'][:][order]
    x = h['embeddings/' + encoder][:][order].astype('f4')
    x = x.astype('f2').astype('f4')  # numbers that every width holds
    split = h['split'][:][order]
    label = {r: h['labels/' + r][:][order] for r in ranks}
text = lambda a: np.array([v.decode() for v in a], object)
n, d = x.shape
string = h5py.string_dtype('utf-8')

def native(name, data, key='id', strings=lambda a: a, rows=slice(None), **options):
    with h5py.File(name, 'w') as h:
        h.create_dataset('embeddings/' + encoder, data=data[rows], **options)
        for k, v in [(key, ids), ('split', split)] + [('labels/' + r, label[r]) for r in ranks]: put(h, k, strings(v[rows]))
def put(h, name, value): # (a list of strings, its HDF5 type), or an array
    if isinstance(value, tuple):
        dataset = h5py.h5d.create(h.require_group('/' + name.rpartition('/')[0]).id, name.rpartition('/')[2].encode(), value[1],
                                  h5py.h5s.create_simple((len(value[0]),)))
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, value[0], value[1])
    else: h[name] = value
vlen = lambda a: text(a).astype(string)
vlen_ascii = lambda a: text(a).astype(h5py.string_dtype('ascii'))
fixed_utf8 = lambda a: np.array(a, h5py.string_dtype('utf-8', 60))
def blanks(a): # as Fortran pads
    t = h5py.h5t.C_S1.copy(); t.set_size(60); t.set_strpad(h5py.h5t.STR_SPACEPAD)
    return np.array([v.ljust(60) for v in a], 'S60'), t
def ended(a): # with a zero at the end, always
    t = h5py.h5t.C_S1.copy(); t.set_size(61); t.set_strpad(h5py.h5t.STR_NULLTERM)
    return np.array(a, 'S61'), t
native('native.h5', x)
native('processid.h5', x, 'processid', vlen)
native('half.h5', x.astype('f2'))
native('double.h5', x.astype('f8'))
native('big.h5', x.astype('>f4'))
native('bighalf.h5', x.astype('>f2'))
native('chunks.h5', x, chunks=(7, 3))
native('gzip.h5', x, compression='gzip', shuffle=True, chunks=(50, d))
native('lzf.h5', x, compression='lzf', shuffle=True)
native('lzf16.h5', x.astype('f2'), compression='lzf', chunks=(33, 4))
native('checksum.h5', x, fletcher32=True)
native('ascii.h5', x, strings=vlen_ascii)
native('utf8.h5', x, strings=fixed_utf8)
native('blanks.h5', x, strings=blanks)
native('ended.h5', x, strings=ended)
turn = np.random.default_rng(0).permutation(n)
native('turned.h5', x, rows=turn)
native('by_split.h5', x, rows=np.concatenate([np.flatnonzero(split == s) for s in sorted(set(split))]))

# CLIBD: one file a split
for s in sorted(set(split)):
    k = split == s
    with h5py.File(f'extracted_features_of_{s.decode()}.hdf5', 'w') as h:
        h['encoded_image_feature'] = x[k]
        h['encoded_dna_feature'] = -x[k]
        h['file_name'] = np.array([b'pictures/' + i + b'.jpg' for i in ids[k]])
        for r in ('order', 'family', 'genus', 'species'):
            h[r + '_list'] = np.array([v or b'not_classified' for v in label[r][k]])

# zs-ssl-clustering: rows in order of processid, no ids; codes of the species
names = sorted(set(label['species']) - {b''})
code = np.array([names.index(v) if v else -1 for v in label['species']])
np.savez('zsssl.npz', embeddings=x, y_true=code)
np.savez_compressed('zsssl_packed.npz', embeddings=x.astype('f8'), y_true=code.astype('i2'))
np.savez('zsssl_wrong.npz', embeddings=x, y_true=np.roll(code, 1))
for s in sorted(set(split)):
    np.savez(f'parts_{s.decode()}.npz', embeddings=x[split == s], y_true=code[split == s])
np.savez('with_ids.npz', embeddings=x[turn], processid=text(ids[turn]).astype('U'))
# ids under every name, type and shape; the rows are not in the order of the ids, which a guess would take them for
named = text(ids[turn]).astype('U')
np.savez('id_upper.npz', embeddings=x[turn], ID=named)
np.savez('id_mixed.npz', embeddings=x[turn], ProcessID=named[:, None], id=np.arange(n))
np.savez('id_column.npz', embeddings=x[turn], ids=named.astype('S')[:, None])
number = np.random.default_rng(1).permutation(n) + 9 # as text, other orders than as numbers
numbers_of = {'id_int.npz': ('id', number), 'id_int_column.npz': ('processid', number.astype('>u2')[:, None]),
              'id_negative.npz': ('Ids', number - 10)}
for name, (key, value) in numbers_of.items(): np.savez(name, embeddings=x, y_true=code[:, None], **{key: value})
for name, shift in (('m_number.csv', 0), ('m_negative.csv', -10)):
    with open(name, 'w') as f:
        print('processid,species,split', file=f)
        for i in range(n): print(number[i] + shift, label['species'][i].decode(), 'test', sep=',', file=f)

# one dataset per sample
with h5py.File('samples.h5', 'w') as h:
    for i in range(n): h[ids[i].decode()] = x[i] if i % 2 else x[i:i + 1]

# npy: rows in the order of the metadata
place = {i.decode(): k for k, i in enumerate(ids)}
rows = [place[r['processid']] for r in csv.DictReader(open(metadata))]
native('by_row.h5', x, rows=rows)
np.save('c.npy', x[rows]); np.save('fortran.npy', np.asfortranarray(x[rows])); np.save('half.npy', x[rows].astype('>f2'))

# CSV and TSV of numbers
for name, mark in (('numbers.csv', ','), ('numbers.tsv', '\t')):
    with open(name, 'w') as f:
        print(*['name'] + [f'e{j}' for j in range(d)] + ['species'], sep=mark, file=f)
        for i in range(n): print(*[ids[i].decode()] + [repr(float(v)) for v in x[i]] + [label['species'][i].decode()], sep=mark, file=f)

# by paths
with h5py.File('own.h5', 'w') as h:
    h['model/features'] = x
    h['model/bits'] = (x.view('u4') >> 16).astype('u2')
    h['names'] = text(ids).astype(string)
    h['rows/1'] = np.arange(n)
    h['y/species'] = label['species']; h['y/split'] = split; h['y/number'] = np.arange(n) * 1.5
    h['flat'] = x[0]; h['none'] = np.zeros((n, 0), 'f4'); h['short'] = text(ids[:-1]).astype(string)
for s in sorted(set(split)): # parts that are one, by paths
    with h5py.File(f'pointed_{s.decode()}.h5', 'w') as h:
        k = split == s
        h['z'] = x[k]; h['names'] = text(ids[k]).astype(string); h['y/species'] = label['species'][k]
with h5py.File('rounded.h5', 'w') as h:
    h['embeddings/' + encoder] = (x.view('u4') & 0xffff0000).view('f4')
    h['id'] = ids

# AnnData, by hand in both encodings (and by the package where it is there)
def categorical(h, name, values, old=False):
    levels = sorted(set(values) - {b''})
    codes = np.array([levels.index(v) if v else -1 for v in values], 'i1' if len(levels) < 128 else 'i2')
    if old:
        h['obs/__categories/' + name] = text(levels).astype(string)
        h['obs/' + name] = codes
        h['obs/' + name].attrs['categories'] = h['obs/__categories/' + name].ref
    else:
        g = h.create_group('obs/' + name); g.attrs['encoding-type'] = 'categorical'
        g['codes'] = codes; g['categories'] = text(levels).astype(string)
for old in (False, True):
    with h5py.File('old.h5ad' if old else 'new.h5ad', 'w') as h:
        h['X'] = np.zeros((n, 2), 'f4'); h['obsm/X_' + encoder] = x
        h['obs/name'] = text(ids).astype(string); h['obs'].attrs['_index'] = 'name'
        h['obs/count'] = np.arange(n); h['obs/split'] = text(split).astype(string)
        for r in ranks: categorical(h, r, label[r], old)
try:
    import anndata, pandas
    obs = pandas.DataFrame({r: pandas.Categorical([v or None for v in text(label[r])]) for r in ranks}, index=list(text(ids)))
    obs['split'] = list(text(split)); obs['depth'] = np.arange(n) * .5; obs['good'] = True
    anndata.AnnData(x, obs=obs, obsm={'X_' + encoder: x}, dtype='f4').write_h5ad('package.h5ad')
except ImportError:
    print('no anndata')

# --- Wrong files
def wrong(name, **what):
    with h5py.File(name, 'w') as h:
        for k, v in what.items():
            if v is not None: h[k.replace('__', '/')] = v
wrong('w_shape.h5', id=ids, embeddings__a=x[0])
wrong('w_cube.h5', id=ids, embeddings__a=x[:, :, None])
wrong('w_length.h5', id=ids[:-1], embeddings__a=x)
wrong('w_label_length.h5', id=ids, embeddings__a=x, labels__species=label['species'][:-1])
wrong('w_no_id.h5', embeddings__a=x)
wrong('w_none.h5', id=ids, embeddings__a=np.zeros((n, 0), 'f4'))
wrong('w_no_rows.h5', id=ids[:0], embeddings__a=x[:0])
wrong('w_text.h5', id=ids, embeddings__a=label['species'])
twice = ids.copy(); twice[9] = twice[3]
wrong('w_twice.h5', id=twice, embeddings__a=x)
same = x.copy(); same[9] = same[3]
wrong('w_twice_same.h5', id=twice, embeddings__a=same)
bad = x.copy(); bad[16, 1] = np.nan; bad[20, 2] = np.nan; bad[30] = np.nan
wrong('w_nan.h5', id=ids, embeddings__a=bad)
bad = x.copy(); bad[5, 0] = np.inf
wrong('w_infinite.h5', id=ids, embeddings__a=bad)
latin = ids.astype('S20'); latin[2] = 'Gyn\xe9'.encode('latin1')
wrong('w_latin.h5', id=latin, embeddings__a=x)
with h5py.File('w_filter.h5', 'w') as h: # a filter that nobody has
    h['id'] = ids
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((10, d)); p.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, ())
    s = h5py.h5d.create(h.create_group('embeddings').id, b'a', h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((n, d)), p)
    s.write_direct_chunk((0, 0), b'\0' * 40)
latin = label['species'].astype('S60'); latin[4] = 'Gyn\xe9'.encode('latin1')
wrong('w_latin_label.h5', id=ids, embeddings__a=x, labels__species=latin)
wrong('w_id_real.h5', id=np.arange(n) * .5, embeddings__a=x)
wrong('w_label_short.h5', id=ids, embeddings__a=x, labels__species=label['species'][:1])
for name, columns in (('w_none.npy', 0), ('w_zero_rows.npy', d)): np.save(name, np.zeros((n if columns == 0 else 0, columns), 'f4'))
np.savez('w_none.npz', embeddings=np.zeros((n, 0), 'f4'))
with h5py.File('w_none.h5ad', 'w') as h:
    h['obsm/a'] = np.zeros((n, 0), 'f4'); h['obs/_index'] = text(ids).astype(string)
with h5py.File('w_none.hdf5', 'w') as h:
    h['encoded_dna_feature'] = np.zeros((n, 0), 'f4'); h['processid'] = ids
with h5py.File('w_length.hdf5', 'w') as h:
    h['encoded_dna_feature'] = x; h['processid'] = ids[1:]
with h5py.File('w_ragged.h5', 'w') as h: # one dataset per sample, of two lengths
    for i in range(n): h[ids[i].decode()] = x[i] if i != 50 else x[i, 1:]
data = open('native.h5', 'rb').read()
open('w_cut.h5', 'wb').write(data[:len(data) * 2 // 3])
class Runs: # a pickle that leaves a trace when it is loaded
    def __reduce__(self): return open, ('executed', 'w')
np.savez('w_object.npz', embeddings=np.array([{}, 1], object))
np.savez('w_pickle.npz', embeddings=x, y_true=np.array([Runs()] * n, object))
np.save('w_pickle.npy', np.array([[Runs()]] * n, object))
open('w_bare.npy', 'wb').write(__import__('pickle').dumps(x))
for name, key, value in (('flat', 'processid', np.array('x')), ('two', 'id', np.stack([named, named], 1)), ('row', 'ID', named[None]),
                         ('real', 'Id', np.arange(n) * 1.), ('bool', 'ids', np.arange(n) > 3), ('cube', 'processid', np.zeros((n, 1, 1), int)),
                         ('numbers', 'id', np.zeros((n, 2), int)), ('short', 'ID', np.arange(n - 1))):
    np.savez(f'w_id_{name}.npz', embeddings=x, **{key: value})
np.savez('w_id_twice.npz', embeddings=x, id=named, ID=named)
np.savez('w_long.npz', embeddings=x, y_true=code[:-1])
np.savez('w_rows.npz', embeddings=x[:-1], y_true=code[:-1])
np.savez('w_flat.npz', embeddings=x[0])
np.savez('w_nothing.npz', y_true=code)
data = open('zsssl_packed.npz', 'rb').read()
open('w_cut.npz', 'wb').write(data[:len(data) // 2])
data = open('c.npy', 'rb').read()
open('w_cut.npy', 'wb').write(data[:-100])
head = io.BytesIO(); np.lib.format.write_array_header_1_0(head, {'descr': '<f4', 'fortran_order': False, 'shape': (1 << 40, 8)})
with zipfile.ZipFile('w_bomb.npz', 'w', zipfile.ZIP_DEFLATED) as z: # says 35 TB, holds 100 MB of zeros in 100 KB
    z.writestr('embeddings.npy', head.getvalue() + bytes(100_000_000))
with zipfile.ZipFile('w_size.npz', 'w', zipfile.ZIP_DEFLATED) as z: # a directory that says 35 TB, and a member that does not
    z.writestr('embeddings.npy', head.getvalue() + bytes(1000))
    z.filelist[0].file_size = 1 << 45
class Stream: # as to a pipe: the member leaves it to the directory to say how large it is
    def __init__(self, name): self.file = open(name, 'wb')
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
with zipfile.ZipFile(Stream('w_claims.npz'), 'w', zipfile.ZIP_DEFLATED) as z: # and this one says 35 TB
    z.writestr('embeddings.npy', head.getvalue() + bytes(1000))
    z.filelist[0].file_size = 1 << 45
with zipfile.ZipFile(Stream('streamed.npz'), 'w', zipfile.ZIP_DEFLATED) as z: # and one that is right
    whole = io.BytesIO(); np.save(whole, x); z.writestr('embeddings.npy', whole.getvalue())
with open('last_id.csv', 'w') as f: # ids in the last column, in capitals, beside numbers that are called id
    print(*[f'e{j}' for j in range(d)] + ['id', 'ProcessID', 'species'], sep=',', file=f)
    for i in range(n): print(*[repr(float(v)) for v in x[i]] + [7, ids[i].decode(), label['species'][i].decode()], sep=',', file=f)
lines = open('numbers.csv').read().split('\n')
lines[7] = lines[7].replace(lines[7].split(',')[2], 'twelve')
open('w_word.csv', 'w').write('\n'.join(lines))
with h5py.File('w_code.h5ad', 'w') as h:
    h['obsm/a'] = x; h['obs/_index'] = text(ids).astype(string)
    categorical(h, 'species', label['species']); h['obs/species/codes'][4] = 100
with h5py.File('w_sparse.h5ad', 'w') as h:
    h['X/data'] = x[0]; h['X'].attrs['encoding-type'] = 'csr_matrix'; h['obs/_index'] = text(ids).astype(string)
