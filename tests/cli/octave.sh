#!/bin/sh
# Octave's files (save -hdf5): read value by value, or refused with the line that converts them. Files of exactly their form are
# written by h5py; where Octave is there, it writes them, too.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"
"$python" - <<'PY' || exit 99
import h5py, numpy as np
r = np.random.default_rng(5); n = 30
x = r.standard_normal((n, 4)) + 9.0 * (np.arange(n) % 3)[:, None]; y = r.standard_normal((n, 2)).astype('f4')
ids = [f's{i:02d}' for i in range(n)]; species = ['Apis mellifera', '', 'Bombus \u00e4'] * 10
open('m.csv', 'w').write('processid,species\n' + ''.join(f'{i},{"abc"[k % 3]}\n' for k, i in enumerate(ids)))
np.savez('want_x.npz', embeddings=x, processid=ids); np.savez('want_y.npz', embeddings=y, processid=ids)
def put(h, name, kind, value, empty=False): # a variable: a group with its type and value
    g = h.create_group(name); g.attrs['OCTAVE_NEW_FORMAT'] = np.array([1], 'u1')
    g['type'] = np.bytes_(kind)
    if empty: g.attrs['OCTAVE_EMPTY_MATRIX'] = np.array([1], 'u1'); value = np.array(value, 'i8')
    if value is not None: g['value'] = value
    return g
def letters(texts, kind='sq_string'): # a text per row, padded with blanks
    width = max(len(t.encode()) for t in texts)
    return kind, np.array([list(t.encode().ljust(width)) for t in texts], 'u1').astype('i1').T
def cell(h, name, values, column=True):
    g = put(h, name, 'cell', None).create_group('value')
    for i, v in enumerate(values):
        at = f'_{i:0{len(str(len(values)))}}'
        if v == '': put(g, at, 'null_sq_string' if i % 2 else 'sq_string', [0, 0], True)
        elif isinstance(v, str): put(g, at, *letters([v]))
        elif isinstance(v, list): put(g, at, *letters(v))
        else: put(g, at, 'scalar', float(v))
    g['dims'] = np.array([1, len(values)] if column else [len(values), 1], 'i8')
def file(name, *more):
    with h5py.File(name, 'w') as h:
        put(h, 'X', 'matrix', x.T)
        for m in more: m(h)
file('one.h5')
file('embeddings.h5', lambda h: put(h, 'embeddings', 'matrix', x.T), lambda h: h.__delitem__('X'))
file('more.h5', lambda h: put(h, 'Y', 'float matrix', y.T), lambda h: put(h, 'k', 'scalar', 3.0), lambda h: put(h, 'T', 'matrix', np.eye(3)),
     lambda h: put(h, 'E', 'matrix', [0, 0], True), lambda h: put(h, 'B', 'bool matrix', (x.T > 0).astype('u1')), lambda h: put(h, 'note', *letters(['by hand'], 'string')))
file('whole.h5', lambda h: put(h, 'W', 'int32 matrix', (y * 100).astype('i4').T))
file('ids_cell.h5', lambda h: cell(h, 'ids', ids[::-1]), lambda h: cell(h, 'Species', species, False))
file('ids_char.h5', lambda h: put(h, 'ID', *letters(['A', 'b b'] + ids[2:])), lambda h: put(h, 'genus', *letters(['Apis', 'Bo'] * 15, 'string')))
file('ids_number.h5', lambda h: put(h, 'id', 'int64 matrix', np.arange(100, 130)[None]), lambda h: put(h, 'y', 'matrix', np.arange(30.0)[:, None] % 4 - 1))
file('structure.h5', lambda h: (put(h, 's', 'scalar struct', None).create_group('value'), put(h['s/value'], 'X', 'matrix', x.T), cell(h['s/value'], 'names', ids), cell(h['s/value'], 'taxon', species)))
file('ids_range.h5', lambda h: put(h, 'ids', 'double_range', np.array((1, 30, 1), [('base', 'f8'), ('limit', 'f8'), ('increment', 'f8')])))
file('ids_few.h5', lambda h: cell(h, 'id', ids[:9]))
file('ids_mixed.h5', lambda h: cell(h, 'id', ids[:29] + [['a', 'b']]))
file('ids_half.h5', lambda h: put(h, 'id', 'matrix', np.arange(30)[None] / 2))
file('labels_half.h5', lambda h: cell(h, 'id', ids), lambda h: cell(h, 'genus', ['Apis'] * 29 + [0.5]))
with h5py.File('none.h5', 'w') as h: put(h, 'k', 'matrix', np.arange(30.0)[None]); put(h, 'Z', 'complex matrix', (x + 1j).T)
PY
# read NAME FILE: what select writes of -e FILE is that of want_NAME.npz
read_as() {
    run "$ZSC" select -e "$2" -m m.csv -o got.h5
    [ "$status" -eq 0 ] || { fail "$2: $(cat err)"; return; }
    "$ZSC" select -e "want_$1.npz" -m m.csv -o want.h5 --quiet >/dev/null
    "$python" -c 'import h5py
a, b = h5py.File("got.h5"), h5py.File("want.h5")
v = lambda h: list(h["embeddings"].values())[0][:]
assert (v(a) == v(b)).all() and (a["id"][:] == b["id"][:]).all() and (a["labels/species"][:] == b["labels/species"][:]).all()' || fail "$2: other values"
    rm -f got.h5 want.h5
}
# holds FILE 'IDS...' RANK 'LABELS...' OPTIONS...: the first three of each
holds() {
    file=$1 ids=$2 rank=$3 labels=$4
    shift 4
    run "$ZSC" import -q "$file" -o held.h5 --overwrite "$@"
    [ "$status" -eq 0 ] || { fail "$file: $(cat err)"; return; }
    "$python" - held.h5 "$ids" "$rank" "$labels" <<'PY' || fail "$file: other ids or labels"
import h5py, numpy as np, sys
h = h5py.File(sys.argv[1]); x, = h['embeddings'].values()
i, l = h['id'].asstr()[:], h['labels/' + sys.argv[3]].asstr()[:]
assert '|'.join(i[:3]) == sys.argv[2], i[:3]
assert '|'.join(l[:3]) == sys.argv[4], l[:3]
assert np.array_equal(x[:].astype('f4'), np.load('want_x.npz')['embeddings'].astype('f4')), 'values'
PY
}
for file in one.h5 embeddings.h5 more.h5:X structure.h5:X whole.h5:X; do read_as x $file; done
read_as y more.h5:Y
read_as x structure.h5 --h5-embedding /s/value/X
holds ids_cell.h5 's29|s28|s27' species 'Apis mellifera||Bombus ä'
holds ids_char.h5 'A|b b|s02' genus 'Apis|Bo|Apis'
holds ids_number.h5 '100|101|102' y '|0|1'
holds structure.h5 's00|s01|s02' species 'Apis mellifera||Bombus ä' --h5-embedding /s/value/X --h5-id /s/value/names --h5-label species=/s/value/taxon
holds structure.h5 's00|s01|s02' species 'Apis mellifera||Bombus ä' --h5-embedding /X/value --h5-id /s/value/names --h5-label species=/s/value/taxon
run "$ZSC" info ids_cell.h5
grep -q '^layout *octave: ' out && grep -q 'matrices of Octave, a row per specimen: 30 rows of 4 columns in X; ids: ids' out || fail "info: $(cat out err)"
run "$ZSC" info more.h5
grep -q 'left out: .*/T. has 3 rows, and other matrices have 30; --h5-embedding /T reads it' out || fail "a matrix of other rows: $(cat out)"
# labels of score by their path
"$ZSC" score ids_number.h5:y ids_number.h5:/y --format csv >out 2>err && grep -q '^22,8,3,3,1,' out || fail "score: $(cat out err)"
"$ZSC" score ids_cell.h5:/Species ids_cell.h5:/ids --format csv >out 2>err && grep -q '^20,10,2,20,' out || fail "score of texts: $(cat out err)"
expect 3 "'ids_range.h5:/ids/value' is a range of Octave, which is kept in a form of Octave's own; in Octave: x = x(:), and save it again" "$ZSC" select -e ids_range.h5 -m m.csv
expect 3 "'ids_few.h5:/id' has 9 ids, and the matrices have 30 rows; expected one id per row" "$ZSC" select -e ids_few.h5 -m m.csv
expect 3 "'ids_mixed.h5:/id/value/_29' is several texts, expected one text or whole number" "$ZSC" select -e ids_mixed.h5 -m m.csv
expect 3 "'ids_half.h5:/id/value': element 2 is 0.5, expected a whole number up to 2^53, since it names a row" "$ZSC" select -e ids_half.h5 -m m.csv
run "$ZSC" select -e labels_half.h5 -m m.csv
grep -q "warning: left out: 'labels_half.h5:/genus/value/_29' is a fraction" err || fail "a fraction among labels: $(cat err)"
expect 3 "'none.h5' is a file of Octave without a matrix of numbers; in Octave: save -hdf5 x.h5 x with x of a row per specimen" "$ZSC" select -e none.h5 -m m.csv
expect 3 "'one.h5:/X' is a double of Octave in several rows and columns, expected one label per row" "$ZSC" score one.h5:/X one.h5:/X
expect 3 'is a binary file of Octave; in Octave: save -hdf5 x.h5 x' sh -c 'printf "Octave-1-L\0" >x.bin && "$ZSC" select -e x.bin -m m.csv'

# what Octave itself writes
if command -v octave-cli >/dev/null && octave-cli --no-init-file --eval 1 >/dev/null 2>&1; then
    cat >write.m <<'M'
x = csvread('x.csv'); ids = cell(30, 1);
for i = 1:30 ids{i} = sprintf('s%02d', i - 1); end
species = repmat({'Apis mellifera'; ''; "Bombus \303\244"}, 10, 1);
f = single(x); y = mod(0:29, 4) - 1; names = char(ids);
save -hdf5 real_cell.h5 x ids species
save -hdf5 -zip real_zip.h5 x ids species
save -float-hdf5 real_float.h5 x ids species
id = names; save -hdf5 real_char.h5 f id y
M
    "$python" -c 'import numpy as np; np.savetxt("x.csv", np.load("want_x.npz")["embeddings"], delimiter=",", fmt="%.17g")'
    octave-cli --no-init-file write.m >octave.log 2>&1
    for file in cell zip float; do holds real_$file.h5 's00|s01|s02' species 'Apis mellifera||Bombus ä'; done
    holds real_char.h5 's00|s01|s02' y '|0|1'
    read_as x real_cell.h5
else
    echo "Octave is not there (Debian package octave): files of its form alone"
fi
finish
