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
finish
