#!/bin/sh
# Labels of score and curve from files of every kind: archives of NumPy arrays, MATLAB, AnnData, zsc's own by a name. The scores
# are those of a table with the same labels. Names of encoders and labels that other files could not hold are refused.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"
"$python" - <<'PY' || exit 99
import h5py, numpy as np
r = np.random.default_rng(9); n = 60
g = r.integers(0, 4, n); c = r.integers(-1, 3, n); ids = [f's{i:02d}' for i in range(n)]; turn = r.permutation(n)
x = (r.standard_normal((n, 3)) + 5 * np.eye(3)[np.minimum(g, 2)]).astype('f4')
names = np.array(['Apis', 'Bombus', 'NA', 'Osmia \u00e4'])[g]
with open('want.csv', 'w') as f:
    f.write('id,species,y,clusters\n' + ''.join(f'{i},{s},{a},{b}\n' for i, s, a, b in zip(ids, names, g, c)))
np.savez('ids.npz', embeddings=x[turn], id=np.array(ids)[turn], species=names[turn], Y=g[turn].astype('u1'), clusters=c[turn])
np.savez_compressed('bare.npz', species=names, y=g[:, None], clusters=c.astype('>i2'), x=x, weight=x[:, 0])
np.savez('numbers.npz', id=np.arange(n), y=g); np.savez('short.npz', ids=ids[1:], y=g); np.savez('no_labels.npz', x=x)
np.savez('objects.npz', y=np.array([{}] * n)); np.save('x.npy', x)
with h5py.File('own.h5', 'w') as h: h['embeddings/e'] = x; h['id'] = ids; h['labels/species'] = [str(s) for s in names]; h['labels/y'] = g
with h5py.File('cells.h5ad', 'w') as h:
    h.attrs['encoding-type'] = 'anndata'; h['X'] = x; o = h.create_group('obs'); o.attrs.update({'encoding-type': 'dataframe', '_index': 'cell'})
    o['cell'] = ids; q = o.create_group('kind'); q.attrs['encoding-type'] = 'categorical'
    q['codes'] = np.where(g == 2, -1, g).astype('i1'); q['categories'] = ['Apis', 'Bombus', 'none', 'Osmia \u00e4']
def char(texts):
    width = max(map(len, texts)); return np.array([[ord(k) for k in t.ljust(width)] for t in texts], 'u2').T
with h5py.File('m.mat', 'w', userblock_size=512) as h:
    for k, a, kind in (('X', x.T, 'single'), ('y', g[None].astype('f8'), 'double'), ('column', g[:, None].astype('i4'), 'int32'),
                       ('species', char(list(names)), 'char'), ('id', char(ids), 'char'), ('half', g[None] / 2, 'double'), ('s', np.zeros((1, 6), 'u4'), 'string')):
        h[k] = a; h[k].attrs['MATLAB_class'] = np.bytes_(kind)
open('m.mat', 'r+b').write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64'.ljust(124) + b'\0\2IM')
PY
# same WANTED LABELS [CLUSTERS]: of two sources of labels, against the clusters of want.csv
same() {
    "$ZSC" score "want.csv:$1" want.csv:clusters --format csv >want 2>/dev/null
    run "$ZSC" score "$2" "${3:-want.csv:clusters}" --format csv
    [ "$status" -eq 0 ] && cmp -s want out || fail "score $2 ${3-}: $(cat out err)"
}
for labels in ids.npz:species bare.npz:species own.h5:species own.h5:/labels/species cells.h5ad:kind cells.h5ad:/obs/kind m.mat:/species m.mat:species; do same species $labels; done
for labels in ids.npz:Y ids.npz:y bare.npz:y bare.npz:/y m.mat:y m.mat:/column own.h5:y; do same y $labels; done
for clusters in ids.npz:clusters bare.npz:clusters; do same species want.csv:species $clusters; done # -1 is a cluster, as in a table
"$ZSC" ward -q -e own.h5 -o tree.h5 && "$ZSC" curve -q tree.h5 -l want.csv:species --format csv >want || exit 99
for labels in ids.npz:species cells.h5ad:kind m.mat:/species; do
    run "$ZSC" curve -q tree.h5 -l $labels --format csv
    [ "$status" -eq 0 ] && [ "$(sed 's/^[^,]*//' want)" = "$(sed 's/^[^,]*//' out)" ] || fail "curve -l $labels: $(cat out err)"
done
to() { words=$1 labels=$2; shift 2; expect "${1:-3}" "$words" "$ZSC" score "$labels" want.csv:clusters; }
to "'bare.npz' is an archive of NumPy arrays (.npz); name the one of the labels: bare.npz:ARRAY; arrays of labels in it: species, y, clusters" bare.npz 2
to "'no_labels.npz' is an archive of NumPy arrays (.npz); name the one of the labels" no_labels.npz 2
to "'bare.npz' has no array 'genus'; arrays of labels in it: species, y, clusters" bare.npz:genus
to "'bare.npz:x.npy' holds float32 in 2 dimensions, expected labels: strings or whole numbers of shape (n,)" bare.npz:x
to "'bare.npz:weight.npy' holds float32 in 1 dimensions, expected labels" bare.npz:weight
to "ids: 'short.npz:ids.npy' has 59 rows, and there are 60 labels; expected one id per label" short.npz:y
to "Python objects (a pickle), which zsc never loads" objects.npz:y
to "'m.mat:/X' is a single of MATLAB in several rows and columns, expected one label per row" m.mat:/X
to "labels '/half' have the value 0.5 in row" m.mat:/half
to "'m.mat:/s' is a string of MATLAB, which is kept in a form of MATLAB's own; in MATLAB: x = cellstr(x), and save it again" m.mat:/s
to "'cells.h5ad' has no nothing" cells.h5ad:nothing
expect 3 "no such file: 'want.csv:species'; metadata are a whole file, named without a column: 'want.csv'" "$ZSC" run -e own.h5 -m want.csv:species
expect 3 "no such file: 'bare.npz:y'; metadata are a whole file, named without a column: 'bare.npz'" "$ZSC" run -e own.h5 -m bare.npz:y
"$ZSC" score numbers.npz:y numbers.npz:y --format csv >out 2>err && grep -q '^60,0,4,4,1' out || fail "ids that are numbers: $(cat out err)"

# names: of bytes that are not UTF-8, and of two lines
latin=$(printf 'no\377')
line=$(printf 'a\nb')
expect 2 "cannot be the name of an encoder: it is not UTF-8, or has a line end in it" "$ZSC" import own.h5 --name "$line" -o named.h5
expect 2 "is not UTF-8, as the results are" "$ZSC" import own.h5 --name "$latin" -o named.h5
for option in label modality architecture; do
    expect 2 "is not UTF-8, or has a line end in it" "$ZSC" import own.h5 --$option "$line" -o named.h5
    expect 2 "is not UTF-8, as the results are" "$ZSC" import own.h5 --$option "$latin" -o named.h5
done
cp x.npy "$latin.npy" && cp x.npy "$line.npy"
for command in 'run -m want.csv -o named' 'select -o named.npy'; do
    # shellcheck disable=SC2086
    expect 3 "is not UTF-8, or has a line end in it: rename the file, or name the encoder by zsc import --name" "$ZSC" $command -e "$line.npy"
    # shellcheck disable=SC2086
    expect 2 "is not UTF-8, as the results that name it are; rename the file (mv), or link to it (ln -s)" "$ZSC" $command -e "$latin.npy"
done
ln -s "$latin.npy" linked.npy
for file in linked.npy "$line.npy"; do
    "$ZSC" import -q "$file" -m want.csv --name good -o "named.h5" --overwrite || fail "import under another name"
    "$ZSC" info named.h5 | grep -q '^good ' || fail "the name: $("$ZSC" info named.h5)"
    rm named.h5
done
[ ! -e named.npy ] || fail "an output of a refusal"
cp x.npy dino_v1.5 && "$ZSC" info dino_v1.5 | grep -q '^dino_v1.5 ' || fail "a name with a number: $("$ZSC" info dino_v1.5)"
finish
