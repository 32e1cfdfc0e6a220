"""Writes small files of kinds that people really have, on which a reader falls short: cases.py FOLDER. Of each kind the case
that showed the fault, and two or more further members; tests/cli/cases.md lists them, tests/cli/cases.sh says what is right."""
import os, sys, zipfile
import h5py, numpy as np

os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])
r = np.random.default_rng(11)
S = h5py.string_dtype()
N = 40
ids = [f's{i}' for i in range(N)]
g = np.arange(N) % 2
x = (r.standard_normal((N, 4)) + 9 * np.array([[1, -1, 1, -1], [-1, 1, 1, -1]])[g]).astype('f4')
y = x[:, :3].astype('f8')
names = np.array(['Apis mellifera', 'Bombus terrestris'], object)[g]
genus = [s.split()[0] for s in names]

def write(name, text):
    with open(name, 'w', newline='') as f: f.write(text)
def table(name, rows, header=None, sep=',', end='\n'):
    write(name, ''.join(sep.join(map(str, q)) + end for q in ([header] if header else []) + list(rows)))
def h5(name, **k): return h5py.File(name, 'w', **k)
def texts(h, path, values): h.create_dataset(path, data=np.array(values, object), dtype=S)
def native(name, id=ids, labels=names, data=x, **k):
    with h5(name, **k) as h:
        h['embeddings/e'] = data
        texts(h, 'id', id) if isinstance(id[0], str) else h.create_dataset('id', data=id)
        texts(h, 'labels/species', labels) if labels.dtype == object else h.create_dataset('labels/species', data=labels)
table('ids40.csv', zip(ids, names), ['processid', 'species'])
table('counted.csv', [(i, s) for i, s in enumerate(names)], ['processid', 'species'])

# tables of numbers without a header, or without ids
f4 = ['f1', 'f2', 'f3', 'f4']
table('numbers_no_header.csv', x)
table('numbers_no_id.csv', x, f4)
write('german_no_header.csv', '\n'.join(';'.join(map(str, v)) for v in x).replace('.', ',') + '\n')
np.savetxt('savetxt_header.txt', x, header=' '.join(f4), fmt='%.6f')
table('repeated_first.tsv', [[i % 3] + list(v) for i, v in enumerate(x)], ['f0'] + f4, '\t')   # numbers that repeat are no ids
table('fractions_first.csv', x + 0.125, ['n'] + f4[1:])                                        # nor are fractions, if all differ

# labels among the features
table('flowers.csv', [list(v) + [s] for v, s in zip(x, names)], ['sepal.length', 'sepal.width', 'petal.length', 'petal.width', 'variety'])
table('Id_capital.csv', [[i + 1] + list(v) + [s] for i, (v, s) in enumerate(zip(x, names))], ['Id', 'A', 'B', 'C', 'D', 'Species'])
table('target_integer.csv', [list(v) + [int(q)] for v, q in zip(x, g)], f4 + ['target'])
table('CLASS_first.tsv', [[s, i] + list(v) for v, s, i in zip(x, genus, ids)], ['CLASS', 'specimen'] + f4, '\t')
table('Y_integer.csv', [[i] + list(v) + [int(q) + 1] for i, v, q in zip(ids, x, g)], ['ID'] + f4 + ['Y'])
table('label_quoted.csv', [['"%s, 1758"' % s] + list(v) for v, s in zip(x, names)], ['Label'] + f4, end='\r\n')

# float64 that float32 cannot hold
np.save('far_from_origin.npy', y + 1e9); np.save('tiny.npy', y * 1e-60); np.save('huge.npy', y * 1e300)
np.save('whole_far.npy', (y * 8).astype('i8') + 2 ** 45)
native('seconds.h5', data=y + 1.7e9)
table('far.csv', [[i] + ['%.17g' % q for q in v] for i, v in zip(ids, y * 1e-70)], ['processid', 'a', 'b', 'c'])
np.savez('huge.npz', embeddings=y * 1e150, processid=ids)
np.savez('largest.npz', embeddings=y / np.abs(y).max() * 1.7e308, processid=ids)

# missing labels: one rule in every command and file
marks = ['', 'NA', 'N/A', 'n/a', 'nan', 'NaN', 'None', 'NULL', 'null', '<NA>', '#N/A']
g3 = np.arange(90) % 3
ids90 = [f's{i}' for i in range(90)]
z = (r.standard_normal((90, 3)) + 9 * np.eye(3)[g3]).astype('f4')
def with_marks(mark): return [('Apis', 'Bombus', mark(i))[q] for i, q in enumerate(g3)]
np.save('three.npy', z)
table('three_none.csv', zip(ids90, with_marks(lambda i: 'None')), ['processid', 'species'])
table('marks_of_missing.csv', zip(ids90, with_marks(lambda i: marks[i // 3 % len(marks)])), ['processid', 'species'])
table('three_nan.tsv', zip(ids90, with_marks(lambda i: '"nan"')), ['"processid"', '"species"'], '\t')
with h5('three_null.h5') as h: h['embeddings/e'] = z; texts(h, 'id', ids90); texts(h, 'labels/species', with_marks(lambda i: 'NULL'))
np.savez('three_marks.npz', embeddings=z, processid=ids90, species=with_marks(lambda i: marks[i // 3 % len(marks)]))
table('marks.tsv', zip(ids90, with_marks(lambda i: '"%s"' % marks[i // 3 % len(marks)])), ['"processid"', '"species"'], '\t')
with h5('marks.h5') as h: h['embeddings/e'] = z; texts(h, 'id', ids90); texts(h, 'labels/species', with_marks(lambda i: marks[i // 3 % len(marks)]))

# labels that another program's syntax knows
for name, label in (('hash', '#N/A'), ('quote', '"'), ('braces', '{/*2 x}_^@&'), ('backslash', '\\"\\n'), ('question', '?')):
    with h5(name + '_label.h5') as h:
        h['embeddings/e'] = z[:24]; texts(h, 'id', ids90[:24]); texts(h, 'labels/species', [(label, 'Apis', 'Bombus')[q] for q in g3[:24]])

# barcodes
b = 'ACGTTGCAAC' * 6
def barcodes(name, key, spell, sep=','):
    rows = [('upper', 'A', b), ('lower', 'A', spell(b)), ('half', 'A', b[:30] + spell(b[30:])), ('other', 'B', 'GGATCCATTA' * 6)]
    table(name, rows, ['processid', 'species', key], sep)
barcodes('lower_case.csv', 'dna_barcode', str.lower)
barcodes('mixed_case.tsv', 'nucraw', lambda t: ''.join(c.lower() if i % 3 else c for i, c in enumerate(t)), '\t')
barcodes('lower_n.csv', 'Nuc', lambda t: t.lower() + 'nnnn')

# several rows of a specimen
rows = [('AAA001-20', 'COI-5P', 'ACGTTGCAAC' * 6), ('AAA001-20', '16S', 'GGGTTTAACC' * 5), ('AAA002-20', 'COI-5P', 'ACGTTGCATT' * 6),
        ('AAA003-20', 'COI-5P', 'GGATCCATTA' * 6), ('AAA003-20', 'ITS', 'TTTTCCCCAA' * 6)]
def bold(name, rows, nuc='nuc', marker='marker_code', sep='\t'):
    table(name, [(p, 'Aeshna ' + 'abc'[int(p[5]) - 1], s, m) for p, m, s in rows], ['processid', 'species', nuc, marker], sep)
coi = [q for q in rows if q[1] == 'COI-5P']
bold('bold_two_markers.tsv', rows)
bold('bold_nucraw.tsv', coi, 'nucraw')
bold('markers_last.csv', sorted(rows, key=lambda q: q[1]), marker='Marker', sep=',')           # the other markers come first
bold('two_reads.tsv', coi + [(p, 'read 2', s[::-1]) for p, _, s in coi], marker='run')
bold('NUC.csv', coi, 'NUC', sep=',')
bold('nucRaw_quoted.tsv', [(p, m, s.lower()) for p, m, s in coi], '"nucRaw"')

# AnnData's nullable columns
def frame(o, index, columns):
    o.attrs.update({'encoding-type': 'dataframe', 'encoding-version': '0.2.0', '_index': index})
    o.attrs['column-order'] = np.array(columns, object)
def nullable(o, key, v, mask, kind='string-array'):
    q = o.create_group(key); q.attrs.update({'encoding-type': 'nullable-' + kind, 'encoding-version': '0.1.0'})
    texts(q, 'values', v) if isinstance(v[0], str) else q.create_dataset('values', data=v)
    q['mask'] = np.array(mask, bool)
def category(o, key, codes, fill):
    q = o.create_group(key); q.attrs.update({'encoding-type': 'categorical', 'encoding-version': '0.2.0', 'ordered': False}); q['codes'] = codes.astype('i1'); fill(q)
masked = [i % 7 == 3 for i in range(N)]
def h5ad(name, fill, columns):
    with h5(name) as h:
        h.attrs['encoding-type'] = 'anndata'; h['X'] = x; o = h.create_group('obs'); frame(o, '_index', columns); fill(o)
h5ad('nullable_strings.h5ad', lambda o: (nullable(o, '_index', ids, [False] * N), nullable(o, 'species', list(names), masked),
     category(o, 'genus', np.where(np.arange(N) == 39, -1, g), lambda q: nullable(q, 'categories', ['Apis', 'Bombus'], [False] * 2))), ['species', 'genus'])
h5ad('nullable_integers.h5ad', lambda o: (texts(o, '_index', ids), nullable(o, 'species', g, masked, 'integer')), ['species'])
h5ad('nullable_truth.h5ad', lambda o: (texts(o, '_index', ids), nullable(o, 'species', g.astype(bool), masked, 'boolean')), ['species'])
h5ad('integer_categories.h5ad', lambda o: (texts(o, '_index', ids), category(o, 'species', np.where(masked, -1, g), lambda q: q.create_dataset('categories', data=[11, 7]))), ['species'])

# HDF5 as it comes
native('user_block.h5', userblock_size=512)
native('user_block_1024.hdf5', userblock_size=1024)
native('user_block_64k.dat', userblock_size=65536)
native('integers.h5', np.arange(N), g)
native('unsigned_big_endian.h5', (np.arange(N, dtype='u8') + np.uint64(2 ** 63)).astype('>u8'), g.astype('>u2'))
native('truth_labels.h5', np.arange(N).astype('f8'), g.astype(bool))
def enumeration(name, values, members, kind):
    with h5(name) as h: h['embeddings/e'] = x; texts(h, 'id', ids); h.create_dataset('labels/species', data=values.astype(kind), dtype=h5py.enum_dtype(members, kind))
enumeration('enum_labels.h5', g, {'Apis': 0, 'Bombus': 1}, 'i1')
enumeration('enum_wide.h5', g * 70000 - 5, {'Bombus': 69995, 'Apis': -5, 'Osmia': 3}, '>i4')
enumeration('enum_column.h5', g[:, None], {'Apis': 0, 'Bombus': 1}, 'u2')
def beside(name, put):
    with h5(name) as h: h['embeddings/e'] = x; put(h); texts(h, 'id', ids); texts(h, 'labels/species', names)
beside('dangling_link.h5', lambda h: h.__setitem__('embeddings/gone', h5py.SoftLink('/nowhere')))
beside('dangling_external.h5', lambda h: h.__setitem__('embeddings/gone', h5py.ExternalLink('nowhere.h5', '/x')))
beside('link_to_itself.h5', lambda h: h.__setitem__('embeddings/gone', h5py.SoftLink('/embeddings/gone')))
beside('compound_beside.h5', lambda h: h.__setitem__('embeddings/gone', np.zeros(N, [('a', 'f4'), ('b', 'i4')])))

# one dataset or group per sample
def samples(name, put):
    with h5(name) as h:
        for k, (i, v) in enumerate(zip(ids, x)): put(h, k, i, v)
        return h.filename
samples('per_sample_and_more.h5', lambda h, k, i, v: (h.__setitem__(i, v), k == 39 and h.__setitem__('AA_lengths', np.arange(N))))
samples('per_sample_original_id.h5', lambda h, k, i, v: h.create_dataset(str(k), data=v).attrs.__setitem__('original_id', i))
samples('per_sample_groups.h5', lambda h, k, i, v: h.__setitem__(f'{i}/mean_representations', v))
samples('per_sample_zz_more.h5', lambda h, k, i, v: (h.__setitem__(i, v[None]), k == 39 and (texts(h, 'zz', names), h.__setitem__('step', 7))))
samples('per_sample_id_of_group.h5', lambda h, k, i, v: (h.__setitem__(f'row {k}/v', v.astype('>f8')), h[f'row {k}'].attrs.__setitem__('original_id', i)))
samples('per_sample_layer.h5', lambda h, k, i, v: (h.__setitem__(f'{i}/representations/33', v), h.__setitem__(f'{i}/logits', np.zeros((k % 4 + 2, 5), 'f4'))))

# neighbours from elsewhere
np.save('forty.npy', x); np.save('forty_others.npy', x[r.permutation(N)] + r.standard_normal(x.shape).astype('f4'))
np.save('forty_turned.npy', x[::-1]); np.save('forty_double.npy', x * 2)
d = np.sqrt(((x[:, None].astype('f8') - x[None]) ** 2).sum(-1)); near = np.argsort(d, 1, 'stable')
def knn(name, index, distance=None):
    with h5(name) as h: h['knn/index'] = index; h['knn/distance'] = (np.take_along_axis(d, index, 1) if distance is None else distance).astype('f4')
knn('knn_without_self.h5', near[:, 1:16].astype('i4')); knn('knn_unsorted.h5', near[:, 14::-1].astype('i4')); knn('knn_good.h5', near[:, :15].astype('i4'))
knn('knn_self_last.h5', np.roll(near[:, :15], -1, 1).astype('i8'))
knn('knn_shuffled_without_self.h5', r.permuted(near[:, 1:16], axis=1).astype('i4'))

# the published study's files
def study(folder, file, n, lo, data): os.makedirs(folder, exist_ok=True); np.savez(f'{folder}/{file}.npz', embeddings=data[lo:lo + n], y_true=g[lo:lo + n])
for split, n, lo in (('test', 24, 0), ('test_unseen', 16, 24)):
    study(f'{split}__z1.0', 'bioscan5m__mocov3_vit_base', n, lo, x); study(f'{split}__z1.0', 'bioscan5m__dino_vitb16', n, lo, x[:, ::-1])
    study(f'{split}__maxlen660', 'bioscan5m__dnabert-2', n, lo, x)
    study(f'{split}__z0.5', 'bioscan5m__timm_vit_base_patch16_224.mae', n, lo, x)
table('study.csv', [(f'P{i:03d}', s, 'test' if i < 24 else 'test_unseen') for i, s in enumerate(names)], ['processid', 'species', 'split'])
def clibd(name, rows):
    with h5(f'extracted_features_of_{name}.hdf5') as h:
        h['encoded_image_feature'] = x[rows]; h['processid'] = np.array([f'P{i:03d}' for i in range(N)][rows], 'S'); h['species_list'] = names[rows].astype('S')
for name, rows in (('seen_test', slice(0, 24)), ('unseen_test', slice(24, 40)), ('seen_val', slice(0, 10)), ('unseen_val', slice(10, 20)), ('seen_keys', slice(20, 31)), ('unseen_keys', slice(31, 40))): clibd(name, rows)

# files that are something else
pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n'
write('lfs_pointer.h5', pointer); write('lfs_pointer.npz', pointer); write('annex_pointer.npy', '/annex/objects/SHA256E-s12--00.npy\n')
def npz(name, array):
    with zipfile.ZipFile(name, 'w') as a, a.open('embeddings.npy', 'w') as f: np.lib.format.write_array(f, array)
npz('longdouble.npz', x.astype(np.longdouble)); npz('complex.npz', x + 1j); npz('dates.npz', (x * 1e6).astype('M8[s]'))
np.save('longdouble.npy', y.astype(np.longdouble)); np.save('fields.npy', np.zeros(N, [('a', 'f4'), ('b', 'f4')]))
