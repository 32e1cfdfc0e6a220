#!/bin/sh
# Numbers wider than floats: runs without a reduction, their internal scores and zsc ward compute in double precision as
# SciPy does; elsewhere it is said, with counts, what is lost. Finite numbers are never called infinity.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import anndata, h5py, numpy' 2>/dev/null || skip "$python with anndata, h5py and numpy is needed to write the files"
"$python" - <<'PY'
import anndata, h5py, numpy as np, pandas as pd, warnings
warnings.simplefilter('ignore')
r = np.random.default_rng(3)
g = np.repeat([0, 1], 20)
y = r.standard_normal((40, 3)) + 8.0 * g[:, None]
forms = {'far': y + 1e9, 'tiny': y * 1e-60, 'huge': y * 1e90, 'plain': y,
         'whole': (y * 1e9).astype('i8'), 'whole_far': (y * 8).astype('i8') + 2**40, 'twice': np.repeat(y[::2], 2, 0)}
y1 = y.copy(); y1[5, 1] = 1e39; forms['one'] = y1
for power in -1060, -800, 0, 800, 1000: np.save(f'power{power}.npy', np.ldexp(y, power)) # squares below and beyond doubles
y1 = y.copy(); y1[5, 1] = 1e300; np.save('spread.npy', y1)
ids = [f's{i:02d}' for i in range(40)]
for name, x in forms.items():
    np.save(name + '.npy', x); np.save(name + '_f.npy', np.asfortranarray(x)); np.savez(name + '.npz', embeddings=x, processid=ids)
    pd.DataFrame(x, index=pd.Index(ids, name='processid')).to_csv(name + '.csv')
    with h5py.File(name + '.h5', 'w') as h: h['embeddings/e'] = x; h['id'] = ids
    with h5py.File(name + '_samples.h5', 'w') as h:
        for i, row in zip(ids, x): h[i] = row.astype('f8')
    anndata.AnnData(x.astype('f8'), dtype='f8', obs=pd.DataFrame({'species': ['ab'[k] for k in g]}, index=ids)).write_h5ad(name + '.h5ad')
    for k in 0, 1: np.savez(f'{name}_part{k}.npz', embeddings=x[k * 20:k * 20 + 20], processid=ids[k * 20:k * 20 + 20])
with open('ids.csv', 'w') as f: f.write('processid,species\n' + ''.join(f'{i},{"ab"[k]}\n' for i, k in zip(ids, g)))
columns = {'vanishing': y * [1, 1e-60, 1], 'far_column': y + [0, 1e12, 0], 'some_vanish': np.where(y < 0.5, 1e-60, y)}
for name, x in columns.items():
    with h5py.File(name + '.h5', 'w') as h: h['embeddings/e'] = x; h['id'] = ids
    np.save(name + '.npy', x)
np.savez('narrow.npz', embeddings=y[:, :2].astype('f4'), processid=ids)
PY
forms='.npy _f.npy .npz .csv .h5 _samples.h5 .h5ad'

# single precision: what it makes equal is said, and what it cannot hold is refused
for form in $forms; do
    for name in far tiny whole_far; do
        run "$ZSC" run --neighbors 5 --dim 2 --epochs 0 -e $name$form -m ids.csv -o results --force
        grep -E "warning: embeddings '$name$form': [1-9][0-9]* of 40 rows of .* differ from others in the file and are equal to them in single precision" err >/dev/null ||
            fail "$name$form: $(cat err)"
    done
    for name in plain whole twice; do # rows that are equal in the file are no loss
        run "$ZSC" run --neighbors 5 --dim 2 --epochs 0 -e $name$form -m ids.csv -o results --force
        [ "$status" -eq 0 ] && ! grep -q warning err || fail "$name$form: $(cat err)"
    done
    expect 3 "40 of 40 rows of" "$ZSC" run --neighbors 5 -e huge$form -m ids.csv -o results
    grep -q 'beyond single precision, in which zsc computes, such as .*e+' err || fail "huge$form: $(cat err)"
    grep -q infinity err && fail "huge$form: $(cat err)"
    expect 3 "hold numbers beyond single precision, in which zsc computes, such as 1e+39 (divide all by a constant), first at row 6 (id s05)" \
        "$ZSC" run --neighbors 5 -e one$form -m ids.csv -o results
done
# a column that loses all that differs in it: by the same rule, whether or not rows become equal
for form in npy h5; do
    for name in vanishing far_column; do
        run "$ZSC" run --neighbors 5 --dim 2 --epochs 0 -e $name.$form -m ids.csv -o results --force
        grep "warning: embeddings '$name.$form': 1 of 3 columns of .* differ between rows in the file and are the same in all rows in single precision.* first column 2, which becomes" err >/dev/null && [ "$status" -eq 0 ] &&
            ! grep 'equal to them' err >/dev/null || fail "$name.$form: $(cat err)"
        run "$ZSC" run --reduce none --clusters 2 -e $name.$form -m ids.csv -o results --force
        [ "$status" -eq 0 ] && ! grep -q warning err || fail "$name.$form in double precision: $(cat err)"
    done
    run "$ZSC" run --neighbors 5 --dim 2 --epochs 0 -e some_vanish.$form -m ids.csv -o results --force
    [ "$status" -eq 0 ] && ! grep -q warning err || fail "some_vanish.$form: numbers that are 0 beside others: $(cat err)"
done
expect 3 "'huge.npy' holds numbers beyond single precision, such as" "$ZSC" umap -e huge.npy -o u.npy

# double precision: SciPy's heights and clusters, and scores by the definitions, from every layout
for form in $forms; do
    for name in far tiny huge whole_far one plain; do
        rm -rf results
        run "$ZSC" run --reduce none --internal --clusters 2 -e $name$form -m ids.csv -o results
        [ "$status" -eq 0 ] && ! grep -q warning err || fail "$name$form, --reduce none: $status $(cat err)"
        mv results/*.h5 run_$name$form.h5
    done
    case $form in *npy) set -- ;; *) set -- -m ids.csv ;; esac
    expect 0 '' "$ZSC" ward -e far$form "$@" -o ward_far$form.h5
done
for scale in zscore l2 zscore-average; do
    rm -rf results
    expect 0 '' "$ZSC" run --reduce none --clusters 2 --scale $scale -e far.h5 -m ids.csv -o results
    mv results/*.h5 scaled_$scale.h5
done
for power in -1060 -800 0 800 1000; do
    for scale in zscore l2 l2-sqrt-dim zscore-average; do
        rm -rf results
        expect 0 '' "$ZSC" run --reduce none --clusters 2 --scale $scale -e power$power.npy -m ids.csv -o results
        mv results/*.h5 power${power}_$scale.h5
    done
done
rm -rf results
expect 0 '' "$ZSC" run --reduce none --clusters 2 --scale zscore -e spread.npy -m ids.csv -o results
mv results/*.h5 spread_zscore.h5
# squares of distances that vanish beside others leave the order of merges to chance: that is said
expect 0 '' "$ZSC" run --reduce none --clusters 2 -e spread.npy -m ids.csv
grep -q 'warning: clustering: 38 of 39 merges are of rows that differ by less than 1e-144 of the widest range' err || fail "spread: $(cat err)"
rm -rf results
expect 0 '' "$ZSC" run --reduce none --clusters 2 -e far_part0.npz+far_part1.npz -m ids.csv -o results
mv results/*.h5 parts.h5
expect 0 '' "$ZSC" run --reduce none --clusters 2 -e far.csv -e narrow.npz -m ids.csv -o results2 # doubles beside floats
mv results2/*.h5 beside.h5
# runs of one input with and without a reduction, in either order, are the runs that zsc run makes
printf 'output: first\nembeddings: far.h5\nmetadata: ids.csv\nneighbors: 5\ndim: 2\nclusters: 2\nseed: 0\nreduce: [umap, none, pca]\n' >first.yaml
sed 's/first/second/; s/umap, none, pca/none, pca, umap/' first.yaml >second.yaml
for reduce in 'umap --neighbors 5 --dim 2' none 'pca --dim 2'; do
    # shellcheck disable=SC2086
    expect 0 '' "$ZSC" run --reduce $reduce --clusters 2 -e far.h5 -m ids.csv -o alone
done
expect 0 '' "$ZSC" sweep first.yaml
expect 0 '' "$ZSC" sweep second.yaml
for results in first second; do
    (cd $results && ls *.h5) >$results.list
    (cd alone && ls *.h5) | cmp -s - $results.list || fail "$results: other keys than those of zsc run"
done

"$python" - $forms <<'PY' || fail "double precision"
import h5py, numpy as np, sys
def ward(x): # by the definition, on centred rows, in long double; heights alone
    x = np.asarray(x, 'f8'); x = x - x[0]
    c, w, heights = [r.astype('f16') if hasattr(np, 'float128') else r for r in x], [1] * len(x), []
    while len(c) > 1:
        best = min(((2 * w[i] * w[j] / (w[i] + w[j]) * ((c[i] - c[j]) ** 2).sum(), i, j)
                    for i in range(len(c)) for j in range(i)), key=lambda t: t[0])
        d, i, j = best
        heights.append(float(np.sqrt(d)))
        c.append((w[i] * c[i] + w[j] * c[j]) / (w[i] + w[j])); w.append(w[i] + w[j])
        for k in sorted((i, j), reverse=True): del c[k], w[k]
    return np.array(heights)
def internal(x, label):
    x = np.asarray(x, 'f8'); x = x - x[0]; s = np.abs(x).max(); x = x / s
    D = np.sqrt(((x[:, None] - x[None]) ** 2).sum(2)); a = [D[i][(label == l) & (np.arange(len(x)) != i)].mean() for i, l in enumerate(label)]
    b = [D[i][label != l].mean() for i, l in enumerate(label)]
    sil = np.mean([(v - u) / max(u, v) for u, v in zip(a, b)])
    m = [x[label == k].mean(0) for k in (0, 1)]; S = [np.sqrt(((x[label == k] - m[k]) ** 2).sum(1)).mean() for k in (0, 1)]
    B = sum((label == k).sum() * ((m[k] - x.mean(0)) ** 2).sum() for k in (0, 1))
    W = sum(((x[label == k] - m[k]) ** 2).sum() for k in (0, 1))
    return sil, (S[0] + S[1]) / np.sqrt(((m[0] - m[1]) ** 2).sum()), B * (len(x) - 2) / W
def read(path):
    with h5py.File(path) as h:
        return h['linkage'][:], h['clusters'][:], [h['scores/' + k][0] for k in ('silhouette', 'davies_bouldin', 'calinski_harabasz')]
truth = np.repeat([0, 1], 20)
for name in 'far', 'tiny', 'huge', 'whole_far', 'one', 'plain':
    x = np.load(name + '.npy'); want = ward(x)
    for form in sys.argv[1:]:
        z, label, scores = read(f'run_{name}{form}.h5')
        assert np.allclose(z[:, 2], want, rtol=1e-7 if name != 'far' else 1e-5, atol=0), (name, form, z[:3, 2], want[:3])
        assert np.allclose(scores, internal(x, truth), rtol=1e-5), (name, form, scores, internal(x, truth))
        if name != 'one': assert (label == truth).all(), (name, form, label)
x = np.load('far.npy')
for form in sys.argv[1:]:
    with h5py.File(f'ward_far{form}.h5') as h: z = h['linkage'][:]
    assert (z == read(f'run_far{form}.h5')[0]).all(), form
assert (read('parts.h5')[0] == read('run_far.h5.h5')[0]).all()
import glob
for folder in 'alone', 'first', 'second': # the run without a reduction is that of doubles, in each
    heights = [read(p)[0][:, 2] for p in glob.glob(folder + '/*.h5')]
    assert sum(np.allclose(h, ward(x), rtol=1e-5) for h in heights) == 1 and len(heights) == 3, folder
both = np.hstack([x, np.load('narrow.npz')['embeddings'].astype('f8')])
assert np.allclose(read('beside.h5')[0][:, 2], ward(both), rtol=1e-5)
for scale in 'zscore', 'l2', 'l2-sqrt-dim', 'zscore-average': # scaling takes constant factors away
    want = read(f'power0_{scale}.h5')[0]
    for power in -1060, -800, 800, 1000:
        z = read(f'power{power}_{scale}.h5')[0]
        assert np.allclose(z[:, 2], want[:, 2], rtol=1e-9 if power > -1000 else 1e-2, atol=0), (scale, power, z[:3], want[:3])
spread = np.load('spread.npy') / np.array([1, 1e300, 1])
assert np.allclose(read('spread_zscore.h5')[0][:, 2], ward((spread - spread.mean(0)) / spread.std(0)), rtol=1e-9)
sd = x.std(0)
for scale, y in ('zscore', (x - x.mean(0)) / sd), ('zscore-average', (x - x.mean(0)) / sd.mean()), ('l2', x / np.sqrt((x * x).sum(1, keepdims=True))):
    assert np.allclose(read(f'scaled_{scale}.h5')[0][:, 2], ward(y), rtol=1e-3 if scale == 'l2' else 1e-5, atol=0), scale
PY
finish
