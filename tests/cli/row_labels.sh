#!/bin/sh
# Labels that are no table with ids (-m): arrays, texts of one label per line, files of embeddings that hold labels. The
# scores are those of a table with the same labels; where it cannot be told which label is whose, both counts are said.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"
"$python" - <<'PY' || exit 99
import gzip, h5py, numpy as np
r = np.random.default_rng(3); n = 120
g = r.permutation(np.repeat(np.arange(4), n // 4)); x = r.standard_normal((n, 5)) + 6 * np.eye(5)[g] * (r.random(n) < 0.8)[:, None]
names = np.array(['Apis', 'Bombus "b"', 'Carabus, c', 'Dermestes ä'])[g]
missing = np.where(np.arange(n) % 10 == 3, -1, g)
ids = np.array([f'S{i * 37 % n:03d}' for i in range(n)]) # in another order than the rows
w = lambda path, lines, end='\n': open(path, 'w', newline='').write(''.join(l + end for l in lines))
np.save('x.npy', x); np.save('dino_test.npy', x); np.save('half.npy', x[:60]); np.savez('x.npz', embeddings=x); np.savez('with_ids.npz', embeddings=x, id=ids)
np.savetxt('bare.csv', x, delimiter=',')
w('table.csv', ['processid,y,z,t'] + [f'{i},{a},{b},"{c}"' for i, a, b, c in zip(ids, g, missing, [s.replace('"', '""') for s in names])])
w('row_table.csv', ['processid,y,z'] + [f'r{k:03d},{a},{"" if b < 0 else b}' for k, (a, b) in enumerate(zip(g, missing))])
np.save('y.npy', g); np.save('column.npy', g[:, None].astype('u1')); np.save('t.npy', names); np.save('z.npy', missing)
gzip.open('packed.npy.gz', 'wb').write(open('y.npy', 'rb').read())
w('y.txt', map(str, g)); w('windows.txt', map(str, g), '\r\n'); open('no_end.txt', 'w').write('\n'.join(map(str, g)))
w('headed.txt', ['target'] + list(map(str, g))); w('named.csv', ['family'] + list(names)); w('other.csv', ['my labels'] + list(map(str, g)))
w('z.txt', ['' if b < 0 else str(b) for b in missing]); w('quoted.txt', [f'"{a}"' for a in g]); gzip.open('y.txt.gz', 'wt').write('\n'.join(map(str, g)))
np.savez('y.npz', X=x[::-1], y=g); turn = r.permutation(n)
np.savez('turned.npz', embeddings=x[turn], id=ids[turn], species=names[turn])
with h5py.File('labels.h5', 'w') as h: h['id'] = ids[turn].tolist(); h['embeddings/e'] = x[turn]; h['labels/genus'] = names[turn].tolist()
np.save('short.npy', g[:-1]); np.save('floats.npy', g * 1.0); np.save('objects.npy', names.astype(object)); np.savez('no_labels.npz', embeddings=x, id=ids)
w('short.txt', map(str, g[:-2]))
PY
# scores ARGS...: of the only rank
scores() { "$ZSC" run --reduce none --clusters 4 --format csv "$@" 2>err | tail -n 1 | awk -F, '{ for (i = 1; i <= NF; i++) if ($i ~ /^[0-9.-]+$/) printf "%s ", $i; print "" }' | cut -d' ' -f1-12; }
ranks() { "$ZSC" run --reduce none --clusters 4 --format csv "$@" 2>/dev/null | sed 1d | awk -F, '{ print $2 }' | tr '\n' ' '; }
want=$(scores -e x.npy -m row_table.csv --ranks y) # rows in the order of the table
[ -n "$want" ] || fail "the table: $(cat err)"
same() { # RANK ARGS...
    rank=$1
    shift
    got=$(scores "$@" --ranks "$rank")
    [ "$got" = "$want" ] || fail "$*: '$got', not '$want': $(cat err)"
}
for file in y.npy y.txt; do
    same y -e x.npy -m $file
    grep -q "neither '$file' nor embeddings 'x.npy' have ids: their 120 rows are taken for the same, in this order" err || fail "$file: $(cat err)"
done
same column -e x.npy -m column.npy
same t -e x.npy -m t.npy
same packed -e x.npy -m packed.npy.gz
for file in windows no_end quoted; do same $file -e x.npy -m $file.txt; done
same target -e x.npy -m headed.txt
same family -e x.npy -m named.csv
same 'my labels' -e x.npy -m other.csv
same y -e x.npy -m y.txt.gz
same y -e x.npz -m y.npy # rows in their order, not sorted as texts
same y -e bare.csv -m y.npy
same y -e dino_test.npy -m y.npy
same y -e x.npy -m y.npz
same species -e with_ids.npz -m turned.npz # by the ids
same genus -e with_ids.npz -m labels.h5
cat y.npy | "$ZSC" run --reduce none --clusters 4 -e x.npy -m /dev/stdin -o piped >/dev/null 2>&1 || fail "a pipe"
[ "$(ranks -e x.npy -m y.npy)" = "$(ranks -e x.npy -m row_table.csv --ranks y)" ] || fail "the rank: $(ranks -e x.npy -m y.npy)"
want=$(scores -e x.npy -m row_table.csv --ranks z) # missing ones
for file in z.npy z.txt; do same z -e x.npy -m $file; done
want=$(scores -e x.npy -e half.npy+half.npy -m row_table.csv --ranks y)
same y -e x.npy -e half.npy+half.npy -m y.npy

# a run, a sweep, and the run again
"$ZSC" run --reduce none --clusters 4 -e x.npy -m y.npy -o r --quiet >/dev/null || fail "run"
printf 'embeddings: x.npy\nmetadata: y.npy\nreduce: none\nclusters: [4, 5]\noutput: s\n' >s.yaml
"$ZSC" sweep s.yaml >/dev/null 2>err || fail "sweep: $(cat err)"
[ "$(ls s/*.h5 | wc -l)" -eq 2 ] && [ -e "s/$(ls r)" ] || fail "sweep: other keys"
"$ZSC" rerun r/*.h5 >out 2>err || fail "rerun: $(cat out err)"

R="run --reduce none --clusters 4 -o no"
expect_() { words=$1; shift; expect 3 "$words" "$ZSC" $R "$@"; }
expect_ "metadata: 'short.npy' holds 119 labels without ids, and embeddings 'x.npy' have 120 rows: expected one label per row" -e x.npy -m short.npy
expect_ "metadata: 'short.txt' holds 118 labels without ids, and embeddings 'x.npy' have 120 rows" -e x.npy -m short.txt
expect_ "metadata: 'y.npy' holds 120 labels without ids, and embeddings 'with_ids.npz' have ids (120 rows): expected a table with the columns processid and y" \
    -e with_ids.npz -m y.npy
expect_ "metadata: 'y.txt' holds 120 labels without ids, and embeddings 'with_ids.npz' have ids" -e with_ids.npz -m y.txt
expect_ "'x.npy' is a NumPy array of 2 dimensions, float64; labels are strings or whole numbers of shape (n,)" -e x.npy -m x.npy
expect_ "'floats.npy' is a NumPy array of 1 dimensions, float64; labels are strings or whole numbers" -e x.npy -m floats.npy
expect_ "Python objects (a pickle), which zsc never loads" -e x.npy -m objects.npy
expect_ "'no_labels.npz' holds embeddings and no labels" -e x.npy -m no_labels.npz
expect_ "'turned.npz (its labels)' has no column Fam" -e with_ids.npz -m turned.npz --column family=Fam
finish
