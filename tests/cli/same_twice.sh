#!/bin/sh
# What is named twice, or said in two places: the same file in one list, the same encoder in one concatenation, an option
# that takes one file, two conditions on one column, labels of one id in two files. What would count rows twice is
# refused; what has a clear meaning is said.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "no h5py (Debian package python3-h5py)"
"$python" - <<'PY'
import h5py, numpy as np
n = 60
x = np.random.default_rng(0).normal(size=(n, 5)).astype('f4')
ids, species = [f'r{i}' for i in range(n)], [f's{i % 6}' for i in range(n)]
np.save('plain.npy', x)
def write(path, order, species, encoder):
    with h5py.File(path, 'w') as h:
        h['id'] = [ids[i].encode() for i in order]
        h['embeddings/' + encoder] = x[order]
        h['labels/species'] = [species[i].encode() for i in order]
write('a.h5', range(n), species, 'x')
write('same.h5', list(range(n))[::-1], species, 'y')      # the same labels in another order
write('fewer.h5', range(10, n), [s if s != 's0' else 'NA' for s in species], 'y')  # some missing, some rows not there
other = list(species); other[7], other[3] = 's9', 'other'
write('other.h5', list(range(n))[::-1], other, 'y')
write('in_order.h5', range(n), other, 'y')
for p in 0, 1: write(f'o{p}.h5', range(30 * p, 30 * p + 30), other, 'y')
bar = [s.replace('s0', 's1|s2') for s in species]
write('bar.h5', range(n), bar, 'x')
with open('m.csv', 'w') as f: f.write('processid,species,sex\n' + ''.join(f'{i},{s},{"f" if k % 3 else "m"}\n' for k, (i, s) in enumerate(zip(ids, species))))
PY
R="$ZSC run --reduce none"

# --- one file twice: its rows would count twice
expect 3 "'plain.npy+plain.npy' names 'plain.npy' twice: its rows would count twice" $R -e plain.npy+plain.npy --clusters 3
expect 3 "'./plain.npy' and 'plain.npy', parts of './plain.npy+plain.npy', are one file" $R -e ./plain.npy+plain.npy --clusters 3
expect 3 "'a.h5+a.h5' names 'a.h5' twice" $R -e a.h5+a.h5:x
expect 3 "names 'plain.npy' twice" "$ZSC" import plain.npy+plain.npy -o i.h5
mkdir links && cp plain.npy links/p1.npy && ln links/p1.npy links/p2.npy
expect 3 "'links/p1.npy' and 'links/p2.npy', parts of 'links', are one file under two names (links)" $R -e links --clusters 3
rm links/p2.npy && ln -s p1.npy links/p2.npy
expect 3 "are one file under two names" $R -e links --clusters 3
rm links/p2.npy && cp links/p1.npy links/p2.npy # other files may hold the same numbers
run $R -e links --clusters 3
[ "$status" -eq 0 ] && grep -q '120 of 120 rows' err || fail "two files: $(cat err)"

# --- one encoder twice in a concatenation; options given again
run $R -e a.h5:x -e ./a.h5:x
[ "$status" -eq 0 ] && grep -q "warning: embeddings 'a.h5:x' and './a.h5:x' are one encoder, which counts twice" err || fail "x twice: $(cat err)"
run $R -e a.h5:x --scale zscore --scale none # of settings the last counts, as usual
[ "$status" -eq 0 ] && ! grep -q warning err || fail "--scale twice: $(cat err)"
run $R -e a.h5:x -e same.h5:y --where sex=m --where sex=m -m m.csv
[ "$status" -eq 0 ] && ! grep -q warning err || fail "nothing twice: $(cat err)"

# --- two conditions on one column
expect 2 "where has two conditions on column species, 's1' and 's2', and a row must meet all conditions: write 'species=s1|s2' for rows with either value" \
    $R -e a.h5:x --where species=s1 --where Species=s2
expect 2 "two conditions on column sex" "$ZSC" select -e a.h5:x -m m.csv --where sex=f --where sex=
expect 2 "two conditions on column species" "$ZSC" info --where species=s1 --where species=s2 m.csv
printf 'embeddings: a.h5:x\nreduce: none\nwhere: [species=s1, species=s2]\n' >s.yaml
expect 3 "two conditions on column species" "$ZSC" sweep s.yaml -o swept
count() { "$ZSC" select -q --format csv "$@" | awk -F, '$1 == "kept" { print $2 }'; } # ARGUMENTS: rows kept
[ "$(count -e a.h5:x --where 'species=s1|s2')" = 20 ] || fail "either value: $(count -e a.h5:x --where 'species=s1|s2')"
[ "$(count -e a.h5:x -m m.csv --where 'species=s1|s3' --where sex=m)" = 10 ] || fail "either value, and another column"
[ "$(count -e bar.h5:x --where 'species=s1|s2')" = 30 ] || fail "a name with a |: it, and either value"
[ "$(count -e fewer.h5:y --where 'species=|s1')" = 16 ] || fail "a missing label or a value: $(count -e fewer.h5:y --where 'species=|s1')"
expect 3 "no row has species 's8'" "$ZSC" select -e a.h5:x --where 'species=s1|s8'
rm -rf results && "$ZSC" run -q --reduce none -e a.h5:x -o results >out
expect 3 "'scale=none' and 'scale=zscore' are on one column; write 'scale=none|zscore' for either value" "$ZSC" table ranks results --where scale=none --where scale=zscore
expect 3 "'seed=1' and 'seed=2' are on one setting; write 'seed=1|2' for either value" "$ZSC" rm results --where seed=1 --where seed=2
run "$ZSC" ls results --where seed=1 --where seed=2
grep -q "write 'seed=1|2' for either value" err || fail "ls: $(cat err)"

# --- labels of the second file
run $R -e a.h5:x -e other.h5:y
[ "$status" -eq 0 ] && grep -q "warning: species of 2 of 60 rows is another in 'a.h5' than in 'other.h5', first in row 4 (id r3): 's3' and 'other'; the first file's are used" err ||
    fail "other labels: $(cat err)"
run $R -e a.h5:x -e o0.h5+o1.h5:y
[ "$(grep -c 'warning: species of' err)" -eq 1 ] && grep -q "2 of 60 rows is another in 'a.h5' than in 'o0.h5', first in row 4 (id r3)" err || fail "parts: $(cat err)"
run $R -e a.h5:x -e other.h5:y -m m.csv
grep -q "warning: species of 2 of 60 rows is another in metadata 'm.csv' than in 'other.h5', first in row 4 (id r3): 's3' and 'other'; the metadata's are used" err ||
    fail "other labels beside -m: $(cat err)"
for second in same fewer; do
    run $R -e a.h5:x -e $second.h5:y
    [ "$status" -eq 0 ] && ! grep -q 'is another in' err || fail "$second.h5: $(cat err)"
done
"$ZSC" import -q a.h5:x -o imported.h5 || fail import
"$python" -c "
import h5py
with h5py.File('in_order.h5') as a, h5py.File('tribes.h5', 'w') as b:
    for name in a: a.copy(name, b)
    b['labels/tribe'] = ['t'] * 60"
run "$ZSC" import tribes.h5:y -o imported.h5
[ "$status" -eq 0 ] && grep -q "labels of 'tribes.h5' that 'imported.h5' lacks are left out: tribe; labels are those of the first file, or of --metadata" err ||
    fail "labels that are left out: $(cat err)"
mkdir beside && cp a.h5 beside/a.h5 && cp in_order.h5 beside/b.h5
run $R -e beside:y
grep -q "species of 2 of 60 rows is another in 'beside/a.h5' than in 'beside/b.h5', first in row 4" err || fail "files beside each other: $(cat err)"
printf 'embeddings: [[a.h5:x, other.h5:y]]\nreduce: none\nscale: [none, zscore]\nmetadata: m.csv\n' >s.yaml
run "$ZSC" sweep s.yaml -o swept2
[ "$status" -eq 0 ] && [ "$(grep -c 'is another in metadata' err)" -eq 1 ] || fail "a sweep: $(cat err)"
"$python" -c "
import h5py
for name, word in ('train.h5', b'train'), ('test.h5', b'test'):
    with h5py.File('in_order.h5' if word == b'test' else 'a.h5') as a, h5py.File(name, 'w') as b:
        for key in a: a.copy(key, b)
        b['split'] = [word] * 59 + [b'val']"
"$ZSC" import -q train.h5 -o splits.h5 && run "$ZSC" import test.h5 --name z -o splits.h5
[ "$status" -eq 0 ] && grep -q "warning: split of 59 of 60 rows is another in 'splits.h5' than in 'test.h5', first in row 1 (id r0): 'train' and 'test'; the first file's are used" err ||
    fail "splits of the second file: $(cat err)"
run "$ZSC" run -e train.h5 -e test.h5 --split train --reduce none
grep -q "split of 59 of 60 rows is another in 'train.h5' than in 'test.h5'" err || fail "splits of a concatenation: $(cat err)"

# --- an option that takes one list, in any command; one file named twice alike is one file
expect 2 "option --split is given twice, as test and as train, and counts once; keep one of the two, or join them with +" "$ZSC" import test.h5 --split test --split train -o twice.h5
expect 2 "option --rank is given twice, as species and as genus" "$ZSC" plot prevalence m.csv --rank species --rank genus -o f.svg
expect 2 "option --name is given twice, as a and as b" "$ZSC" import plain.npy --name a --name b -o twice.h5
run $R -e a.h5:x -m m.csv -m m.csv
[ "$status" -eq 0 ] && ! grep -q warning err || fail "-m twice: $(cat err)"
finish
