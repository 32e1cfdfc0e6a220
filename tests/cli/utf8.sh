#!/bin/sh
# Text that is not UTF-8 enters no result, table or figure: names of inputs, in every role, and texts are refused by one sentence that says what to
# do. Names of outputs may be any bytes.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
byte=$(printf '\351')
"$ZSC" simulate -q -o e.h5 --metadata-output e.csv -n 120 --seed 3 || fail "simulate"
cp e.h5 "d$byte.h5" 2>/dev/null && cp e.csv "m$byte.csv" || skip "the file system takes no such name"
mkdir parts "f$byte" && cp e.h5 "f$byte/a.h5" && cp e.h5 "parts/a$byte.h5"
"$ZSC" run -q --reduce none -e e.h5:sim_dna -m e.csv -o results >/dev/null || fail "run"
cp -r results "r$byte"
printf 'P1\n' >"i$byte.txt"
tried=0
refused() {
    tried=$((tried + 1))
    expect 2 "$@"
}
refusal='is not UTF-8, as the results that name it are; rename the file'
for command in run retrieve knn umap ward info stats trust curve export select; do
    case $command in
    run | retrieve | knn | umap | ward) refused "$refusal" "$ZSC" $command -e "d$byte.h5:sim_dna" -o none ;;
    trust) refused "$refusal" "$ZSC" trust e.h5:sim_dna "d$byte.h5" ;;
    stats) refused "$refusal" "$ZSC" stats "m$byte.csv" ;;
    *) refused "$refusal" "$ZSC" $command "d$byte.h5" ;;
    esac
done
refused "$refusal" "$ZSC" run -e "f$byte:sim_dna" -o none
refused "$refusal" "$ZSC" run -e e.h5:sim_dna -m "m$byte.csv" -o none
refused "$refusal" "$ZSC" run -e e.h5:sim_dna --ids "i$byte.txt" -o none
refused "$refusal" "$ZSC" retrieve -e e.h5:sim_dna --queries "d$byte.h5:sim_dna" -o none.json
refused "$refusal" "$ZSC" score "m$byte.csv:species" e.csv:genus --format json
refused "$refusal" "$ZSC" check "m$byte.csv" --format json
refused "$refusal" "$ZSC" plot prevalence "m$byte.csv" -o f.svg
for command in ls collect compare 'table ranks' 'report -o r.html' 'plot ranks -o f.svg'; do refused "$refusal" "$ZSC" $command "r$byte"; done
expect 3 "$refusal" "$ZSC" run -e parts:sim_dna -o none
refused "$refusal" "$ZSC" curve results/*.h5 -l "m$byte.csv:species"
refused "$refusal" "$ZSC" umap -e e.h5:sim_dna --init "d$byte.h5:sim_dna" -o none.h5
text='is not UTF-8, as the results are; iconv converts it'
refused "$text" "$ZSC" table ranks results --caption "caf$byte"
refused "$text" "$ZSC" plot ranks results -o f.svg --title "caf$byte"
refused "$text" "$ZSC" run -e e.h5:sim_dna -m e.csv --where "species=caf$byte" -o none
refused "$text" "$ZSC" import e.h5 --name "caf$byte" -o none.h5
[ "$tried" -ge 25 ] || fail "$tried were tried"
[ ! -e none ] && [ ! -e none.h5 ] && [ ! -e f.svg ] || fail "a refused command wrote"

# --- Outputs under any name, and what names them is UTF-8
run "$ZSC" run -q --reduce none -e e.h5:sim_dna -m e.csv -o "o$byte"
[ "$status" -eq 0 ] || fail "an output that is not UTF-8: $(cat err)"
run "$ZSC" score e.csv:species e.csv:genus -o "s$byte.json"
[ "$status" -eq 0 ] && iconv -f UTF-8 -t UTF-8 "s$byte.json" >/dev/null || fail "a JSON that is not UTF-8"
mv "o$byte" moved
"$ZSC" ls moved --format json | iconv -f UTF-8 -t UTF-8 >/dev/null || fail "provenance that is not UTF-8"

# --- Results in a folder that is listed, and names and texts within files
mkdir listed && cp results/*.h5 "listed/r$byte.h5"
for command in ls collect compare 'table ranks' 'report -o r.html' 'plot ranks -o f.svg'; do expect 3 "$refusal" "$ZSC" $command listed; done
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || finish
"$python" - <<'PY'
import h5py, io, numpy as np, zipfile
n, bad = 40, b'caf\xe9'
x = np.random.default_rng(0).normal(size=(n, 6)).astype('f4')
ids, species, wrong = [f'P{i}' for i in range(n)], [f's{i % 4}' for i in range(n)], np.array([bad] * n)
def write(name, change, encoder='x'):
    with h5py.File(name, 'w') as h:
        h['id'], h['labels/species'] = ids, species
        if encoder: h['embeddings/' + encoder] = x
        change(h)
def put(path, value):
    def change(h):
        if isinstance(path, str) and path in h: del h[path]
        h[path] = value
    return change
def attribute(name):
    def change(h): h['embeddings/x'].attrs[name] = bad
    return change
write('encoder.h5', put(b'embeddings/' + bad, x), None)
write('beside.h5', put(b'embeddings/' + bad, x))
write('rank.h5', put(b'labels/' + bad, species))
write('label.h5', put('labels/species', wrong))
write('barcode.h5', put('dna_barcode', wrong))
write('split.h5', put('split', wrong))
write('ids.h5', put('id', np.array([bad + b'%d' % i for i in range(n)])))
write('modality.h5', attribute('modality'))
write('title.h5', attribute('label'))
write('architecture.h5', attribute('architecture'))
with h5py.File('foreign.h5', 'w') as h: h[bad] = x
def npz(name, **arrays): # a member called ARRAY_ becomes one that is not UTF-8
    with zipfile.ZipFile(name, 'w') as z:
        for key, value in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, value)
            z.writestr(zipfile.ZipInfo(key + '.npy'), buffer.getvalue())
npz('label.npz', x=x, ids=np.array(ids), species=wrong)
npz('ids.npz', x=x, ids=np.array([bad + b'%d' % i for i in range(n)]), species=np.array(species))
PY
within='not UTF-8'
for f in encoder beside rank label barcode split ids; do
    [ $f = barcode ] || expect 3 "$within" "$ZSC" run -e "$f.h5:*" --reduce none --clusters 4 -o none
    expect 3 "$within" "$ZSC" info $f.h5
    expect 3 "$within" "$ZSC" info $f.h5 --format json
    expect 3 "$within" "$ZSC" import $f.h5 -o none.h5
done
expect 3 "$within" "$ZSC" run -e "barcode.h5:x" --reduce none --clusters 4 --one-per-barcode -o none
for f in modality title architecture; do # an encoder whose description cannot be read is listed as left out, and refused by name
    "$ZSC" info $f.h5 --format json >out && iconv -f UTF-8 -t UTF-8 out >/dev/null && grep -q '"left out: .*/embeddings/x.: attribute .* is not UTF-8' out &&
        ! grep -q '"encoder": "x"' out || fail "$f: $(cat out)"
    for encoder in "" :x; do
        expect 3 "/embeddings/x': attribute $(echo $f | sed s/title/label/) is not UTF-8, as the results are" "$ZSC" run -e $f.h5$encoder --reduce none --clusters 4 -o none
    done
done
for f in label ids; do
    expect 3 "$within" "$ZSC" run -e $f.npz --reduce none --clusters 4 -o none
    expect 3 "$within" "$ZSC" info $f.npz --format json
done
expect 3 "$within" "$ZSC" info foreign.h5
[ ! -e none ] && [ ! -e none.h5 ] || fail "a refused command wrote"
finish
