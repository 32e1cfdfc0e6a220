#!/bin/sh
# Numbers wider than floats: what is lost where they are narrowed is said, with counts; finite numbers are never called infinity.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"
"$python" - <<'PY'
import h5py, numpy as np
r = np.random.default_rng(3)
g = np.repeat([0, 1], 20)
y = r.standard_normal((40, 3)) + 8.0 * g[:, None]
forms = {'far': y + 1e9, 'tiny': y * 1e-60, 'huge': y * 1e300, 'plain': y,
         'whole': (y * 1e9).astype('i8'), 'whole_far': (y * 8).astype('i8') + 2**40, 'twice': np.repeat(y[::2], 2, 0)}
y1 = y.copy(); y1[5, 1] = 1e39; forms['one'] = y1
for name, x in forms.items():
    np.save(name + '.npy', x); np.save(name + '_f.npy', np.asfortranarray(x)); np.savez(name + '.npz', embeddings=x, processid=[f's{i:02d}' for i in range(40)])
    np.savetxt(name + '.csv', x, delimiter=',')
    with h5py.File(name + '.h5', 'w') as h: h['embeddings/e'] = x; h['id'] = [f's{i:02d}' for i in range(40)]
with open('ids.csv', 'w') as f: f.write('processid,species\n' + ''.join(f's{i:02d},{"ab"[k]}\n' for i, k in enumerate(g)))
PY
for form in .npy _f.npy .npz .csv .h5; do
    for name in far tiny whole_far; do
        run "$ZSC" run --reduce none -e $name$form -m ids.csv -o results --force
        grep -E "warning: embeddings '$name$form': [1-9][0-9]* of 40 rows of .* differ from others in the file and are equal to them in single precision" err >/dev/null ||
            fail "$name$form: $(cat err)"
    done
    for name in plain whole twice; do # rows that are equal in the file are no loss
        run "$ZSC" run --reduce none -e $name$form -m ids.csv -o results --force
        [ "$status" -eq 0 ] && ! grep -q warning err || fail "$name$form: $(cat err)"
    done
    expect 3 "40 of 40 rows of" "$ZSC" run --reduce none -e huge$form -m ids.csv -o results
    grep -q 'beyond single precision, in which zsc computes, such as .*e+30' err || fail "huge$form: $(cat err)"
    grep -q infinity err && fail "huge$form: $(cat err)"
    expect 3 "hold numbers beyond single precision, in which zsc computes, such as 1e+39 (divide all by a constant), first at row 6 (id s05)" \
        "$ZSC" run --reduce none -e one$form -m ids.csv -o results
done
expect 3 "'huge.npy' holds numbers beyond single precision, such as" "$ZSC" umap -e huge.npy -o u.npy
finish
