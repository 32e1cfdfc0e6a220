#!/bin/sh
# HDF5 as people have it: ids and labels of any type, files of one dataset per sample in all their forms, AnnData's nullable
# columns, elements that cannot be read beside those that are asked for. The files are written by h5py.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"

cat >write.py <<'PY'
import h5py, numpy as np
r = np.random.default_rng(7)
S = h5py.string_dtype()
N = 40
g = np.repeat([0, 1], N // 2)
x = (r.standard_normal((N, 4)) + 9 * r.standard_normal((2, 4))[g]).astype('f4')
ids = [f's{i}' for i in range(N)]
names = np.array(['Apis', 'Bombus'], object)[g]
h5 = lambda name, **k: h5py.File(name + '.h5', 'w', **k)
with open('ids.csv', 'w') as f: f.write('processid,species\n' + ''.join(f'{i},{s}\n' for i, s in zip(ids, names)))

def native(name, id=ids, labels=names, **k):
    with h5(name, **k) as h:
        h['embeddings/e'] = x
        h.create_dataset('id', data=np.array(id, object), dtype=S) if isinstance(id[0], str) else h.create_dataset('id', data=id)
        if labels.dtype == object: h.create_dataset('labels/species', data=labels, dtype=S)
        else: h['labels/species'] = labels
        return h.filename

native('user_block', userblock_size=512)
native('user_block_2048', userblock_size=2048)
native('integers', np.arange(N), g)
native('unsigned_big', np.arange(N, dtype='u8') + np.uint64(2 ** 64 - N), g.astype('u1'))
native('big_endian', np.arange(N).astype('>i4'), g.astype('>i2'))
native('whole_floats', np.arange(N).astype('f8'), g.astype('f8'))
native('columns', np.arange(N)[:, None], g[:, None])
y = g.astype('f8'); y[3] = np.nan
native('float_and_missing', ids, y)
y = g.copy(); y[3] = -1
native('minus_one', np.arange(N) - 1, y)                  # -1 is an id as any other, and no label
for kind in ('i1', 'i4', '>u2'):
    with h5(f'enumeration_{kind.strip(">")}') as h:
        h['embeddings/e'] = x; h.create_dataset('id', data=ids, dtype=S)
        h.create_dataset('labels/species', data=g.astype(kind), dtype=h5py.enum_dtype({'Bombus': 1, 'Apis': 0, 'Osmia': 7}, kind))
native('truth', ids, g.astype(bool))
with h5('no_member') as h:
    h['embeddings/e'] = x; h.create_dataset('id', data=ids, dtype=S)
    h.create_dataset('labels/species', data=(g * 5).astype('i1'), dtype=h5py.enum_dtype({'Apis': 0}, 'i1'))
with h5('paths') as h:
    y = g.astype('i4'); y[3] = -1
    h['model/x'] = x; h['model/id'] = np.arange(N) - 1; h['model/code'] = y; h['model/big'] = g.astype('u8') + np.uint64(2**64 - 2)
    h.create_dataset('model/kind', data=g.astype('i1'), dtype=h5py.enum_dtype({'Bombus': 1, 'Apis': 0}, 'i1'))
wide = x.astype('f8') + 100; close = wide.copy(); close[1] = close[0] + 1e-9
for name, v in (('narrow', x), ('wide', wide), ('close', close)):
    with h5(name) as h:
        h['embeddings/e'] = v[np.arange(N) % 30] if name == 'narrow' else v # some rows twice
        h.create_dataset('id', data=[name + i for i in ids], dtype=S)
with h5('beside') as h:                                  # what is not asked for does not matter
    h['embeddings/e'] = x; h['embeddings/cube'] = np.zeros((N, 2, 2), 'f4'); h['embeddings/gone'] = h5py.SoftLink('/nowhere')
    h.create_dataset('embeddings/words', data=names, dtype=S); h.create_group('embeddings/more/of_them')
    h.create_dataset('id', data=ids, dtype=S); h.create_dataset('labels/species', data=names, dtype=S)
    h['labels/weight'] = r.standard_normal(N); h['labels/short'] = np.arange(3); h['labels/pairs'] = np.zeros((N, 2), 'i4')
native('fractions', ids, r.standard_normal(N))

def sample(name):
    return h5('sample_' + name)
with sample('more') as h:
    for i, v in zip(ids, x): h[i] = v
    h['AA_lengths'] = np.arange(N); h['mean'] = r.standard_normal(9); h.create_dataset('zz_text', data=names, dtype=S)
with sample('original') as h:
    for k, (i, v) in enumerate(zip(ids, x)): h.create_dataset(str(k), data=v).attrs['original_id'] = i
with sample('original_group') as h:
    for k, (i, v) in enumerate(zip(ids, x)): h[f'{k}/v'] = v; h[str(k)].attrs['original_id'] = i
with sample('groups') as h:
    for i, v in zip(ids, x): h[f'{i}/mean_representations'] = v[None]
with sample('deep') as h:
    for i, v in zip(ids, x): h[f'{i}/mean_representations/33'] = v
with sample('two') as h:                                 # two encoders; per-residue matrices are no vectors
    for i, v in zip(ids, x): h[f'{i}/first'] = v[:3]; h[f'{i}/second'] = v
with sample('slash') as h:
    for i, v in zip(ids, x): h['COI/' + i] = v
with open('slash.csv', 'w') as f: f.write('processid,species\n' + ''.join(f'COI/{i},{s}\n' for i, s in zip(ids, names)))
without = {'half': range(20, N), 'first': [0], 'one': [5], 'last': [N - 1]} # samples that have no original_id
for name, lack in without.items():
    with sample(f'original_{name}') as h:
        for k, (i, v) in enumerate(zip(ids, x)):
            h[f'{k:02}'] = v
            if k not in lack: h[f'{k:02}'].attrs['original_id'] = i
with sample('original_first_group') as h:
    for k, (i, v) in enumerate(zip(ids, x)):
        h[f'{k:02}/v'] = v
        if k: h[f'{k:02}'].attrs['original_id'] = i

# ids with slashes, of which some share a first or a last part
def slashes(name, paths):
    with sample(name) as h:
        for p, v in zip(paths, x): h[p] = v
    with open(name + '.csv', 'w') as f: f.write('processid,species\n' + ''.join(f'{p},{s}\n' for p, s in zip(paths, names)))
slashes('first_parts', ['A/1', 'B/1', 'C/2'] + [f'D{i}/{i}' for i in range(3, N)])
slashes('last_parts', [f'{i}/{1 + (i > 24)}' for i in range(N)])
slashes('plates', [f'{"AB"[i // 20]}/{i % 20}' for i in range(N)])
slashes('nested', [f'{"XY"[i % 2]}/{i // 8}/{i % 8}' for i in range(N)])
slashes('some', [('X/' if i % 2 else '') + f's{i}' for i in range(N)])

# what samples hold beside their vectors; a sample without one of two
with sample('residues') as h:
    for k, (i, v) in enumerate(zip(ids, x)):
        h[i + '/mean'] = v; h[i + '/residues'] = np.zeros((1 if k == 3 else 2 + k % 5, 4), 'f4')
        h[i + '/contacts'] = np.zeros((3, 3), 'f4'); h[i + '/sequence'] = 'MKV'; h[i + '/length'] = 3
with sample('gap') as h:
    for k, (i, v) in enumerate(zip(ids, x)):
        h[i + '/second'] = v
        if k != 7: h[i + '/first'] = v[:3]

def frame(grp, index, columns):
    grp.attrs.update({'encoding-type': 'dataframe', 'encoding-version': '0.2.0', '_index': index})
    grp.attrs['column-order'] = np.array(columns, dtype=object) if columns else np.array([], 'f8')
def nullable(grp, key, v, mask):
    q = grp.create_group(key); q.attrs.update({'encoding-type': 'nullable-string-array', 'encoding-version': '0.1.0'})
    if isinstance(v[0], str): q.create_dataset('values', data=np.array(v, object), dtype=S)
    else: q['values'] = v
    q['mask'] = np.array(mask, bool)
def category(grp, key, codes, fill):
    q = grp.create_group(key); q.attrs.update({'encoding-type': 'categorical', 'encoding-version': '0.2.0', 'ordered': False})
    q.create_dataset('codes', data=codes.astype('i1')); fill(q)
def h5ad(name):
    h = h5py.File(name + '.h5ad', 'w')
    h['X'] = x
    o = h.create_group('obs')
    return h, o
masked = [i % 7 == 3 for i in range(N)]
h, o = h5ad('nullable'); frame(o, '_index', ['species', 'genus'])
nullable(o, '_index', ids, [False] * N); nullable(o, 'species', list(names), masked)
category(o, 'genus', np.where(np.arange(N) == 39, -1, g), lambda q: nullable(q, 'categories', ['Apis', 'Bombus'], [False, False])); h.close()
h, o = h5ad('numbers'); frame(o, 'cell', ['species', 'genus', 'depth', 'bin'])
o['cell'] = np.arange(N); o['species'] = g; o['depth'] = r.standard_normal(N); nullable(o, 'genus', g, masked)
category(o, 'bin', g, lambda q: q.create_dataset('categories', data=np.array([0.25, 0.5]))); h.close()
y = g.copy(); y[3] = -1
for name, fill in (('plain', lambda o: o.create_dataset('species', data=y)), ('float', lambda o: o.create_dataset('species', data=np.where(y < 0, np.nan, y))),
                   ('category', lambda o: category(o, 'species', y + 1, lambda q: q.create_dataset('categories', data=np.array([-1, 0, 1])))),
                   ('nullable', lambda o: nullable(o, 'species', y, [False] * N))):
    h, o = h5ad('minus_one_' + name); frame(o, '_index', ['species']); o.create_dataset('_index', data=ids, dtype=S); fill(o); h.close()
h, o = h5ad('capitals'); frame(o, '_index', ['Species', 'GENUS', 'Split']); o.create_dataset('_index', data=ids, dtype=S)
o['Species'] = g; o.create_dataset('GENUS', data=names, dtype=S); o.create_dataset('Split', data=['test' if i % 4 else 'val' for i in range(N)], dtype=S); h.close()
wrong = names.copy(); wrong[3] = 'Osmia'
h, o = h5ad('two_cases'); frame(o, '_index', ['SPECIES', 'Species', 'species']); o.create_dataset('_index', data=ids, dtype=S)
for k, v in (('SPECIES', wrong), ('Species', wrong), ('species', names)): o.create_dataset(k, data=v, dtype=S)
h.close()
with h5('label_capitals') as h:
    h['embeddings/e'] = x; h.create_dataset('id', data=ids, dtype=S); h.create_dataset('labels/Species', data=wrong, dtype=S)
with open('other.csv', 'w') as f: f.write('processid,species\n' + ''.join(f'{i},{s if k > 1 else "NA"}\n' for k, (i, s) in enumerate(zip(ids, names))))
h, o = h5ad('beside'); frame(o, '_index', ['species'])
o.create_dataset('_index', data=ids, dtype=S); category(o, 'species', g, lambda q: q.create_dataset('categories', data=np.array([3, 11])))
del h['X']; m = h.create_group('obsm'); m['dense'] = x
f = m.create_group('frame'); frame(f, '_index', ['a']); f['a'] = x[:, 0]
s = m.create_group('sparse'); s.attrs['encoding-type'] = 'csr_matrix'; s['data'] = x[0]; s['indices'] = np.arange(4); s['indptr'] = np.zeros(N + 1, 'i4')
o.create_dataset('short', data=names[:3], dtype=S); h.close()
PY
"$python" write.py || exit 99

# scored ROWS CLASSES ARGUMENTS...: the number of rows that count at species, and of classes; the two groups are found
scored() {
    rows=$1 classes=$2
    shift 2
    run "$ZSC" run --reduce none --ranks species --format csv --force -o results "$@"
    [ "$status" -eq 0 ] || { fail "run $*: $(cat err)"; return; }
    got=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { print $c["rows"], $c["classes"], $c["ami"] }' out)
    [ "$got" = "$rows $classes 1" ] || fail "run $*: $got, not $rows $classes 1"
}
for f in user_block user_block_2048 integers unsigned_big big_endian whole_floats columns enumeration_i1 enumeration_i4 enumeration_u2 truth beside; do
    scored 40 2 -e $f.h5:e
done
scored 39 2 -e float_and_missing.h5:e
scored 39 2 -e minus_one.h5:e
# the ids themselves
ids() {
    rm -rf ids ids.out
    "$ZSC" run -q --reduce none --clusters 2 --ranks species -o ids -e "$1" >/dev/null
    "$ZSC" export -q ids/*.h5 --force -o ids.out.csv && awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } NR == 2 { printf "%s ", $c["id"] } { last = $c["id"] } END { print last " " }' ids.out.csv
}
[ "$(ids unsigned_big.h5:e)" = '18446744073709551576 18446744073709551615 ' ] || fail "ids above 2^63: $(ids unsigned_big.h5:e)"
[ "$(ids minus_one.h5:e)" = '-1 38 ' ] || fail "ids from -1: $(ids minus_one.h5:e)"
"$ZSC" info enumeration_i4.h5 | grep -q 'species .*2 .*Apis' || fail "names of an enumeration: $("$ZSC" info enumeration_i4.h5)"
expect 3 "row 21 holds 5, which its enumeration does not name" "$ZSC" run --reduce none --ranks species -e no_member.h5:e -o results
run "$ZSC" run --reduce none --clusters 2 -e fractions.h5:e -m ids.csv -o results
grep -q "warning: left out: .*fractions.h5:/labels/species.*expected a whole number, which is the name of an id or a class" err || fail "fractions: $(cat err)"

# what cannot be read: said where it is asked for, and by info; a warning where labels are left out
run "$ZSC" run --reduce none --ranks species -e beside.h5:e -o results --force
[ "$(grep -c 'left out' err)" -eq 3 ] || fail "labels left out: $(cat err)"
expect 3 "/embeddings/cube' has 3 dimensions, expected rows and columns" "$ZSC" run -e beside.h5:cube -o results
expect 3 "has no /embeddings/gone" "$ZSC" run -e beside.h5:gone -o results
expect 3 "/embeddings/words' holds string, expected numbers" "$ZSC" run -e beside.h5:words -o results
"$ZSC" info beside.h5 >out 2>err || fail "info: $(cat err)"
[ "$(grep -c 'left out' out)" -eq 7 ] || fail "info of what is left out: $(cat out err)"

# one dataset per sample
for f in more original original_group groups deep; do scored 40 2 -e sample_$f.h5 -m ids.csv; done
for e in first second; do scored 40 2 -e sample_two.h5:$e -m ids.csv; done
scored 40 2 -e sample_slash.h5 -m slash.csv
run "$ZSC" run --reduce none --ranks species -e sample_more.h5 -m ids.csv -o results --force
for what in AA_lengths zz_text mean; do grep -q "warning: left out: 'sample_more.h5:/$what'" err || fail "$what: $(cat err)"; done
for f in half:20:20:00 first:00:39:01 one:05:39:00 last:39:39:00 first_group:00:39:01; do
    IFS=: read -r name lacks given first <<END
$f
END
    expect 3 "sample $lacks has no attribute original_id, as $given of 40 samples have (the first is $first)" "$ZSC" run --reduce none \
        -e "sample_original_$name.h5" -m ids.csv -o results
done
for f in first_parts last_parts plates nested some; do scored 40 2 -e sample_$f.h5 -m $f.csv; done
scored 40 2 -e sample_residues.h5 -m ids.csv
"$ZSC" info sample_residues.h5 >out 2>err || fail "info of residues: $(cat err)"
for what in residues contacts sequence length; do grep -q "left out: 'sample_residues.h5:/s0/$what' holds .*, and 40 samples have this" out || fail "$what: $(cat out)"; done
expect 3 "'sample_residues.h5:/s0/residues' holds float32 in 2 dimensions" "$ZSC" run --reduce none -e sample_residues.h5:residues -m ids.csv -o results
scored 40 2 -e sample_gap.h5:second -m ids.csv
expect 3 'sample s7 has no vector first of 3 numbers, as 39 of 40 samples have' "$ZSC" run --reduce none -e sample_gap.h5:first -m ids.csv -o results

# AnnData
scored 34 2 -e nullable.h5ad:X
scored 40 2 -e numbers.h5ad:X
scored 40 2 -e beside.h5ad:dense
"$ZSC" info --format json nullable.h5ad | tr -d ' \n' | grep -q '"genus","classes":2,"labelled":39,"missing":1' || fail "genus: $("$ZSC" info --format json nullable.h5ad)"
"$ZSC" info numbers.h5ad | grep -E -q '^(depth|bin) ' && fail 'numbers are no ranks'
expect 3 "is a data frame, expected a dense matrix; in Python: adata.obsm['frame'] = adata.obsm['frame'].to_numpy()" "$ZSC" run -e beside.h5ad:frame -o results
expect 3 "is a sparse matrix (csr_matrix), expected a dense one; in Python: adata.obsm['sparse'] = adata.obsm['sparse'].toarray()" "$ZSC" run -e beside.h5ad:sparse -o results

# ranks in capitals are ranks in every format; of two that differ in case alone, the one in small letters is
scored 40 2 -e capitals.h5ad:X
scored 30 2 -e capitals.h5ad:X --split test
scored 40 2 -e capitals.h5ad:X --clusters Species
run "$ZSC" run --reduce none --ranks SPECIES --clusters Species --format csv -e capitals.h5ad:X
[ "$status" -eq 0 ] && grep -q ',species,40,2,2,1,1,' out || fail "--ranks SPECIES: $(cat out err)"
scored 40 2 -e two_cases.h5ad:X
"$ZSC" info two_cases.h5ad | grep -E -c '^(species|Species|SPECIES) ' | grep -qx 3 || fail "three columns: $("$ZSC" info two_cases.h5ad)"
run "$ZSC" run --reduce none --ranks species --format csv --force -e label_capitals.h5:e -o results
grep -q ',species,40,3,3,' out || fail "labels/Species: $(cat out err)"

# a file's own labels beside metadata: said, and compared
scored 40 2 -e label_capitals.h5:e -m ids.csv
grep -q "labels of 'label_capitals.h5' are not used: metadata 'ids.csv' names species" err || fail "labels that are not used: $(cat err)"
grep -q "warning: species of 1 of 40 rows is another in metadata 'ids.csv' than in 'label_capitals.h5', first in row 4 (id s3): 'Apis' and 'Osmia'" err || \
    fail "other labels: $(cat err)"
scored 38 2 -e two_cases.h5ad:X -m other.csv
grep -q "species of 2 of 40 rows is another in metadata 'other.csv' than in 'two_cases.h5ad', first in row 1 (id s0): '' and 'Apis'" err || fail "labels that metadata lack: $(cat err)"
scored 40 2 -e two_cases.h5ad:X -m ids.csv
grep -q 'is another in' err && fail "equal labels: $(cat err)"
scored 40 2 -e integers.h5:e
grep -q 'are not used' err && fail "no metadata: $(cat err)"

for form in plain float category nullable; do scored 39 2 -e minus_one_$form.h5ad:X; done
# by paths: ids and labels of any type, too
"$ZSC" import -q --h5-embedding /model/x --h5-id /model/id --h5-label species=/model/code --h5-label genus=/model/kind --h5-label order=/model/big \
    paths.h5 -o imported.h5 --force || fail 'import by paths'
"$python" - imported.h5 <<'PY' || fail 'ids and labels by paths'
import h5py, sys
h = h5py.File(sys.argv[1])
assert h['id'].asstr()[0] == '-1' and h['id'].asstr()[39] == '38', h['id'][:]
t = lambda name: list(h['labels/' + name].asstr()[:])
assert t('species')[3] == '' and t('species')[0] == '0', t('species')
assert t('order')[0] == '18446744073709551614' and t('order')[39] == '18446744073709551615', t('order')
assert t('genus')[0] == 'Apis' and t('genus')[39] == 'Bombus', t('genus')
PY
# float32 beside float64 in one series: nothing is said of rows that are equal in both
run "$ZSC" select -e narrow.h5+wide.h5:e -o s.h5 --force
[ "$status" -eq 0 ] && ! grep -q 'single precision' err || fail "parts of two types: $(cat err)"
run "$ZSC" select -e narrow.h5+close.h5:e -o s.h5 --force
grep -q '2 of 80 rows of e differ from others' err || fail "parts of two types, two rows close: $(cat err)"
finish
