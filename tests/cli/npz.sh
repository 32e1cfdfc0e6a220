#!/bin/sh
# Members of an .npz that are no embeddings, ids or labels of the layout: each is named, with what to do to have it read.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import numpy' 2>/dev/null || skip "$python with numpy is needed to write the files"

# arrays of an .npz that are not read are named; whole numbers that are called as a rank are labels
"$python" - <<'PY' || exit 99
import numpy as np
r = np.random.default_rng(1); n = 40; g = np.repeat([0, 1], n // 2)
x = r.standard_normal((n, 4)) + 20 * g[:, None]
np.savez('named.npz', embeddings=x, id=np.array([f's{i}' for i in range(n)]), Species=g, weights=r.standard_normal(n), cube=np.zeros((n, 2, 2)),
         code=g, k=3, order=np.array(['a'] * n, object), words=np.array([['a', 'b']] * n), settings=np.array({'a': 1}, object))
PY
run "$ZSC" run --reduce none --force --format csv --ranks species -e named.npz -o named
grep -q ',species,40,2,2,1,' out || fail "a rank of whole numbers in an .npz: $(cat out err)"
for what in code order words; do grep -q "warning: left out: .*array '$what'" err || fail "array $what: $(cat err)"; done
grep -q "array 'weights'" err && fail "weights are no labels: $(cat err)"
"$ZSC" info named.npz >out 2>err || fail "info of an .npz: $(cat err)"
for what in weights cube code k order words; do grep -q "left out: 'named.npz': array '$what' is " out || fail "info does not name $what: $(cat out)"; done
grep -q settings out && fail "a pickle that is no labels: $(cat out)"
expect 3 "array 'weights' is float64 of shape (40,), which is not read: to read an encoder of one column, save it with shape (n, 1)" \
    "$ZSC" run --reduce none -e named.npz:weights -o named

# whole numbers called y, labels and the like are labels, in any order of the arrays, if there is one per row
"$python" - <<'PY' || exit 99
import numpy as np
r = np.random.default_rng(1); n = 40; g = np.repeat([0, 1, 2, -1], n // 4)
x = r.standard_normal((n, 4)) + 20 * np.maximum(g, 0)[:, None]
np.savez('y_first.npz', y=g, X=x)
np.savez('column.npz', X=x, Labels=g[:, None])
np.savez('short.npz', X=x, target=np.arange(7))
PY
for file in y_first:y column:Labels; do
    run "$ZSC" run --reduce none --format csv -e "${file%:*}.npz"
    grep -q ",${file#*:},30,3,3,1,1," out || fail "$file: $(cat out err)"
done
expect 3 "have no labels at any rank" "$ZSC" run --reduce none -e short.npz
"$ZSC" info short.npz >out 2>err && grep -q "left out: 'short.npz': array 'target' is int64 of shape (7,)" out || fail "7 labels of 40 rows: $(cat out err)"

# packed files: an array is read and called as the file without packing and format; one array in several packings is one
# run; what HDF5 and zip archives pack themselves is refused by name
"$python" - <<'PY' || exit 99
import gzip, numpy as np
r = np.random.default_rng(2); n = 30
x = r.standard_normal((n, 4)).astype('f4')
np.save('vit_b.16.npy', x); np.savez('z.npz', embeddings=x, id=np.arange(n))
np.savetxt('vit_b.16.csv', x, delimiter=',', fmt='%.9g')
open('m.csv', 'w').write('processid,species,split\n' + ''.join(f's{i:02d},{"abc"[i % 3]},{"test" if i < 20 else "val"}\n' for i in range(n)))
for ending in 'npy', 'csv':
    for to in '.gz', '.GZ': gzip.open(f'vit_b.16.{ending}{to}', 'wb').write(open(f'vit_b.16.{ending}', 'rb').read())
gzip.open('v1.5.gz', 'wb').write(open('vit_b.16.csv', 'rb').read())
np.save('dino_test.npy', x[:20]); gzip.open('dino_test.npy.gz', 'wb').write(open('dino_test.npy', 'rb').read())
for name in 'z.npz', 'h.h5':
    gzip.open(name + '.gz', 'wb').write(open(name, 'rb').read() if name == 'z.npz' else b'\x89HDF\r\n\x1a\n' + bytes(99))
gzip.open('t.pt.gz', 'wb').write(b'PK\3\4\x14' + bytes(5) + b'archive/data.pkl')
gzip.open('p.pkl.gz', 'wb').write(b'\x80\4\x95\n')
gzip.open('m.mat.gz', 'wb').write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64')
whole = gzip.compress(open('vit_b.16.npy', 'rb').read()); open('cut.npy.gz', 'wb').write(whole[:len(whole) // 2])
PY
if command -v zstd >/dev/null; then zstd -q vit_b.16.npy vit_b.16.csv z.npz; fi
name_of() { "$ZSC" info --format json "$1" | sed -n 's/.*"encoder": "\(.*\)",/\1/p'; }
for file in vit_b.16.*; do
    [ "$(name_of $file)" = vit_b.16 ] || fail "$file is called $(name_of $file)"
    run "$ZSC" run --reduce none --clusters 3 -q -e $file -m m.csv -o packed
    [ "$status" -eq 0 ] || fail "$file: $(cat err)"
done
[ "$(ls packed/*.h5 | wc -l)" -eq 2 ] || # floats of the array, doubles of the table fail "one array in several packings: $(ls packed)"
[ "$(name_of v1.5.gz)" = v1.5 ] || fail "v1.5.gz is called $(name_of v1.5.gz)"
run "$ZSC" run --reduce none --clusters 3 -e dino_test.npy.gz -m m.csv # the split is that of the name
[ "$status" -eq 0 ] && grep -q '^species    20 ' out || fail "dino_test.npy.gz: $(cat out err)"
expect 3 "'z.npz.gz' is a zip archive, such as .npz, that is packed once more: unpack it" "$ZSC" run -e z.npz.gz -m m.csv -o packed
[ ! -e z.npz.zst ] || expect 3 "'z.npz.zst' is a zip archive" "$ZSC" info z.npz.zst
expect 3 "'h.h5.gz' is an HDF5 file that is packed as a whole, which HDF5 cannot read: unpack it" "$ZSC" info h.h5.gz
expect 3 "'m.mat.gz' is a file of MATLAB 7.3 that is packed as a whole" "$ZSC" run -e m.mat.gz -m m.csv -o packed
expect 3 "'t.pt.gz' is a PyTorch file (a pickle)" "$ZSC" run -e t.pt.gz -m m.csv -o packed
expect 3 "'p.pkl.gz' is a Python pickle" "$ZSC" run -e p.pkl.gz -m m.csv -o packed
expect 3 "'cut.npy.gz' is truncated" "$ZSC" run -e cut.npy.gz -m m.csv -o packed
# encoders without ids of one sweep: ids and labels of a split are read once, results are those of single runs, and y_true is held against the species of each file
"$python" - <<'PY' || exit 99
import os, numpy as np
r = np.random.default_rng(2); n = 30; g = np.arange(n) % 3
ids = np.array([f'id{i:02d}' for i in range(n)]); parts = np.where(np.arange(n) < 18, 'test', 'test_unseen')
with open('idless.csv', 'w') as f:
    f.write('processid,species,genus,split\n')
    for i in r.permutation(n): f.write(f'{ids[i]},Aus b{g[i]},Aus,{parts[i]}\n')
for split in ('test', 'test_unseen'):
    rows = parts == split
    for name in ('one', 'two', 'wrong'):
        y = g[rows] if name != 'wrong' else np.roll(g[rows], 1) * (np.arange(rows.sum()) > 3)
        np.savez(f'{name}_{split}.npz', embeddings=r.standard_normal((rows.sum(), 3)) + 9 * g[rows][:, None], y_true=y)
PY
printf 'metadata: idless.csv\nsplit: test+test_unseen\nreduce: none\nembeddings: [one_test.npz+one_test_unseen.npz, two_test.npz+two_test_unseen.npz]\noutput: idless\n' >idless.yaml
"$ZSC" sweep -q idless.yaml >out 2>err || fail "encoders without ids: $(cat err)"
for name in one two; do "$ZSC" run -q --reduce none -m idless.csv --split test+test_unseen -e "${name}_test.npz+${name}_test_unseen.npz" -o single >/dev/null 2>err || fail "$name alone: $(cat err)"; done
scores_of idless >of_sweep && scores_of single >of_runs && cmp -s of_sweep of_runs && [ "$(wc -l <of_sweep)" = 5 ] || fail "a sweep gives other scores than single runs: $(cat of_sweep of_runs)"
sed 's/two_/wrong_/g' idless.yaml >wrong.yaml
run "$ZSC" sweep -q wrong.yaml
[ "$status" = 5 ] && grep -q "y_true is [0-9] in row [0-9]*, whose species would be" err || fail "a y_true that is not that of the species, behind a file that is right: $status $(cat out err)"
finish
