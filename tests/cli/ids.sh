#!/bin/sh
# --ids FILE: exactly these rows, in every command that chooses rows; what a list may look like, and what is refused. The
# list is a part of what a run is, by what it holds and not by its name.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "$python with h5py and numpy is needed to write the files"
"$ZSC" simulate -o e.h5 --metadata-output m.csv --rows 300 --missing-species 0.2 --quiet || exit 99
"$python" - <<'PY'
import csv, gzip, h5py, numpy as np
rows = list(csv.DictReader(open('m.csv')))
r = np.random.default_rng(1)
pick = r.permutation(len(rows))[:60]
ids = [rows[i]['processid'] for i in pick]
w = lambda name, text: open(name, 'w', newline='').write(text)
w('plain.txt', '\n'.join(ids) + '\n')
w('sorted.txt', '\n'.join(sorted(ids)))
w('windows.txt', '\ufeff' + ''.join(f'  {i}\t\r\n\r\n' for i in ids))
w('quoted.txt', ''.join(f'"{i}"\n' for i in ids))
w('table.csv', 'Order,ProcessID,x\n' + ''.join(f'"a, b",{i},1\n' for i in ids))
w('one.csv', 'id\n' + '\n'.join(ids) + '\n')
w('tabs.tsv', 'x\tprocessid\n' + ''.join(f'1\t{i}\n' for i in ids))
gzip.open('packed.txt.gz', 'wt').write('\n'.join(ids) + '\n')
w('twice.txt', '\n'.join(ids[:5] + ids[2:3]) + '\n')
w('unknown.txt', '\n'.join(ids[:3] + ['NO1', 'NO2'] + ids[3:6] + ['NO3', 'NO4']) + '\n')
w('noheader.csv', ''.join(f'{i},1\n' for i in ids))
w('blank.txt', '\n \n')
open('zero.txt', 'wb').write(b'a\0b\n')
# metadata in which rows that are not listed stand twice
w('twice.csv', open('m.csv').read() + ''.join(','.join(rows[i].values()) + '\n' for i in range(len(rows)) if i not in set(pick)))
np.save('x.npy', h5py.File('e.h5')['embeddings/sim_dna'][:])
PY
ids() { "$python" -c 'import h5py, sys
for i in h5py.File(sys.argv[1])["id"].asstr()[:]: print(i)' "$1"; }

# as a set: in the order of the embeddings; in order: in that of the list
ids e.h5 | grep -Fxf plain.txt >set.want
for list in plain.txt sorted.txt windows.txt quoted.txt table.csv one.csv tabs.tsv packed.txt.gz; do
    run "$ZSC" select -e e.h5:sim_dna -m m.csv --ids $list -o s.h5
    [ "$status" -eq 0 ] && grep -q 'not in the list of --ids  *240$' out && ids s.h5 | cmp -s - set.want || fail "$list: $(cat out err)"
    [ $list = sorted.txt ] && want=sorted.txt || want=plain.txt
    expect 0 '' "$ZSC" select -e e.h5:sim_dna -m m.csv --ids $list --ids-in-order -o o.h5
    ids o.h5 | diff -q - $want >/dev/null || { ids o.h5; echo; } | tr -d '\n' | cmp -s - "$(tr -d '\n' <$want >flat && echo flat)" || fail "$list: order"
done
"$python" - <<'PY' || fail "rows in order"
import h5py, numpy as np
e, o = h5py.File('e.h5'), h5py.File('o.h5')
at = {i: k for k, i in enumerate(e['id'].asstr()[:])}
rows = [at[i] for i in o['id'].asstr()[:]]
assert (e['embeddings/sim_dna'][:][rows] == o['embeddings/sim_dna'][:]).all()
for rank in o['labels']: assert (e['labels/' + rank].asstr()[:][rows] == o['labels/' + rank].asstr()[:]).all(), rank
PY
expect 0 '' "$ZSC" select -e x.npy -m m.csv --ids - -o n.h5 <plain.txt
cat plain.txt | "$ZSC" select -e x.npy -m m.csv --ids - -o p.h5 >/dev/null 2>&1 || fail "a pipe"
[ "$(ids n.h5 | sort)" = "$(sort plain.txt)" ] && [ "$(ids p.h5 | sort)" = "$(sort plain.txt)" ] || fail "rows of an array, by standard input"
run "$ZSC" select -e e.h5:sim_dna -m twice.csv --ids plain.txt # identity is asked of the rows that are listed
[ "$status" -eq 0 ] || fail "other rows stand twice: $(cat err)"
"$ZSC" select -e e.h5:sim_dna -m m.csv --split test --format csv >test.csv 2>/dev/null
run "$ZSC" select -e e.h5:sim_dna -m m.csv --ids plain.txt --split test --format json
"$python" -c 'import json, csv
d = json.load(open("out")); s = {r["processid"] for r in csv.DictReader(open("m.csv")) if r["split"] == "test"}
l = set(open("plain.txt").read().split()); assert d["kept"] == len(l & s) and d["not_listed"] == 240 and d["other_split"] == len(l - s), d' ||
    fail "with --split: $(cat out)"

# ids that differ in blanks are different ids; blanks that no id has are those of the list
"$python" - <<'PY2'
import h5py, numpy as np
with h5py.File('blanks.h5', 'w') as h:
    h['embeddings/a'] = np.arange(12.0).reshape(6, 2)
    h['id'] = np.array([b'P0', b'P0 ', b' P0', b'P0\t', b'P1', b'P2'], 'S4')
    h['labels/species'] = np.array([b'a', b'b', b'a', b'b', b'a', b'b'])
PY2
takes() { # LINES IDS
    printf '%b' "$1" >blanks.txt
    run "$ZSC" select -e blanks.h5 --ids blanks.txt -o b.h5
    [ "$status" -eq 0 ] && [ "$(ids b.h5 | sed 's/.*/<&>/' | tr -d '\n')" = "$(printf '%b' "$2")" ] || fail "$1: $(ids b.h5 | tr '\n' ,) $(cat err)"
}
takes 'P0 \n' '<P0 >'
takes ' P0\r\nP0\t' '< P0><P0\t>'
takes '"P0 "\n' '<P0 >'
takes 'P0\nP0 \n' '<P0><P0 >'
takes 'P1 \n  P0\n' '<P0><P1>'
takes 'P0\rP1\r' '<P0><P1>'
printf 'P0 \nP3 \n' >blanks.txt
expect 3 "ids 'blanks.txt': 1 of 2 are in no row of the embeddings and the metadata: 'P3 ' (line 2)" "$ZSC" select -e blanks.h5 --ids blanks.txt

# refusals
expect 3 "ids 'twice.txt': lines 3 and 6 have the same id" "$ZSC" select -e e.h5:sim_dna --ids twice.txt
expect 3 "ids 'unknown.txt': 4 of 10 are in no row of the embeddings and the metadata: first 'NO1' (line 4), 'NO2' (line 5), 'NO3' (line 9)" \
    "$ZSC" select -e e.h5:sim_dna --ids unknown.txt
expect 3 "a table of ids needs a header with processid or id" "$ZSC" select -e e.h5:sim_dna --ids noheader.csv
expect 3 "ids 'blank.txt': there are none" "$ZSC" select -e e.h5:sim_dna --ids blank.txt
expect 3 "a zero byte" "$ZSC" select -e e.h5:sim_dna --ids zero.txt
expect 3 "no such file: 'none.txt'" "$ZSC" select -e e.h5:sim_dna --ids none.txt
expect 2 "option --ids-in-order has no effect here" "$ZSC" select -e e.h5:sim_dna --ids-in-order
head -n 100 m.csv >part.csv
expect 3 "of 60 are in no row of the embeddings and the metadata" "$ZSC" select -e e.h5:sim_dna -m part.csv --ids plain.txt
expect 2 "cannot be combined with other embeddings, --metadata, --column, --split, --ids" "$ZSC" ward -e x.npy --ids plain.txt -o w.h5
expect 2 "option --ids needs ids" "$ZSC" umap -e x.npy --ids plain.txt -o y.npy

# the steps on their own, on the same rows
for step in "knn -k 5" "ward" "umap --neighbors 10 --dim 2 --epochs 5"; do
    # shellcheck disable=SC2086
    expect 0 '' "$ZSC" $step -e e.h5:sim_dna --ids plain.txt -o step1.h5
    # shellcheck disable=SC2086
    expect 0 '' "$ZSC" $step -e s.h5 -o step2.h5
    "$python" - "$step" <<'PY' || fail "$step"
import h5py, sys, numpy as np
a, b = h5py.File('step1.h5'), h5py.File('step2.h5')
n = []
a.visititems(lambda k, o: n.append(k) if isinstance(o, h5py.Dataset) else None)
assert n and a['id'].shape[0] == 60
assert all((a[k][()] == b[k][()]).all() for k in n), n
PY
done
expect 0 '' "$ZSC" umap -e e.h5:sim_dna --neighbors 10 --dim 2 --epochs 5 -o all.h5
run "$ZSC" trust e.h5:sim_dna all.h5 -k 5 --ids plain.txt
[ "$status" -eq 0 ] && grep -q '^ *60 ' out || fail "trust: $(cat out err)"

# a run: another list is another run, another name of the list is not; in order is another
for list in plain.txt sorted.txt table.csv; do
    expect 0 '' "$ZSC" run -e e.h5:sim_dna --reduce none --clusters 5 --ids $list -o res
done
[ "$(ls res/*.h5 | wc -l)" -eq 1 ] || fail "$(ls res): one list under three names"
expect 0 '' "$ZSC" run -e e.h5:sim_dna --reduce none --clusters 5 --ids plain.txt --ids-in-order -o res
head -n 59 plain.txt >fewer.txt
expect 0 '' "$ZSC" run -e e.h5:sim_dna --reduce none --clusters 5 --ids fewer.txt -o res
[ "$(ls res/*.h5 | wc -l)" -eq 3 ] || fail "$(ls res): three runs"
"$python" - <<'PY' || fail "the configuration and the provenance of runs"
import glob, h5py, json
runs = [h5py.File(p) for p in glob.glob('res/*.h5')]
digests = {json.loads(r.attrs['config'])['ids'] for r in runs}
assert len(digests) == 3 and all(len(d) == 32 for d in digests), digests
text = lambda a: a.decode() if isinstance(a, bytes) else str(a)
assert sorted(text(r.attrs['subset']) for r in runs) == sorted('ids ' + d[:8] for d in digests)
assert sorted(r['id'].shape[0] for r in runs) == [59, 60, 60]
assert {json.loads(r.attrs['provenance'])['options']['ids'] for r in runs} == {'plain.txt', 'fewer.txt'}
PY
# a sweep of two lists is those runs; a list that changes makes a new one
printf 'output: sw\nembeddings: e.h5:sim_dna\nreduce: none\nclusters: 5\nseed: 0\nids: [plain.txt, fewer.txt]\n' >sweep.yaml
expect 0 '' "$ZSC" sweep sweep.yaml
for key in sw/*.h5; do [ -e "res/$(basename "$key")" ] || fail "sweep: $key is none of the runs"; done
[ "$(ls sw/*.h5 | wc -l)" -eq 2 ] || fail "sweep: $(ls sw)"
head -n 58 plain.txt >fewer.txt
expect 0 '' "$ZSC" sweep sweep.yaml
[ "$(ls sw/*.h5 | wc -l)" -eq 3 ] || fail "a list that changed: $(ls sw)"
run "$ZSC" sweep sweep.yaml
grep -q '0 computed, 2 there already' out err || fail "again: $(cat out err)"

# commands that read metadata or labels alone
for list in plain.txt sorted.txt table.csv; do
    expect 0 '' "$ZSC" embed kmer -m m.csv -k 2 --ids $list -o kset.h5
    ids kset.h5 | diff - set.want >/dev/null || fail "embed kmer, $list: the set"
    expect 0 '' "$ZSC" embed kmer -m m.csv -k 2,5 --ids $list --ids-in-order -o korder.h5
    [ $list = sorted.txt ] && want=sorted.txt || want=plain.txt
    [ "$(ids korder.h5)" = "$(cat $want)" ] || fail "embed kmer, $list: the order"
done
expect 0 '' "$ZSC" embed kmer -m m.csv -k 2,5 -o kall.h5
expect 0 '' "$ZSC" embed kmer -m m.csv -k 5 --ids plain.txt --ids-in-order --split test -o ksplit.h5
expect 0 '' "$ZSC" embed kmer -m twice.csv -k 2 --ids plain.txt -o ktwice.h5 # rows that are not listed stand twice
"$python" - <<'PY' || fail "embed kmer in order: other values"
import h5py
a, o, s = h5py.File('kall.h5'), h5py.File('korder.h5'), h5py.File('ksplit.h5')
at = {i: k for k, i in enumerate(a['id'].asstr()[:])}
for f in o, s:
    rows = [at[i] for i in f['id'].asstr()[:]]
    for name, x in f['embeddings'].items(): assert (a['embeddings/' + name][:][rows] == x[:]).all(), name
    for name in ['labels/' + rank for rank in f['labels']] + ['split', 'dna_barcode']:
        assert (a[name].asstr()[:][rows] == f[name].asstr()[:]).all(), name
test = [i for i in open('plain.txt').read().split() if a['split'].asstr()[at[i]] == 'test']
assert list(s['id'].asstr()) == test and 0 < len(test) < 60
PY
expect 3 "'m.csv': ids 'unknown.txt': 4 of 10 are in no row of the metadata: first 'NO1' (line 4)" "$ZSC" embed kmer -m m.csv --ids unknown.txt -o k.h5
expect 2 "option --ids-in-order has no effect here" "$ZSC" embed kmer -m m.csv --ids-in-order -o k.h5

for option in "" --ids-in-order; do
    # shellcheck disable=SC2086
    expect 0 '' "$ZSC" import e.h5:sim_dna -m m.csv --ids plain.txt $option -o imported.h5
    [ "$option" ] && want=plain.txt || want=set.want
    [ "$(ids imported.h5)" = "$(cat $want)" ] || fail "import $option"
    rm imported.h5
done
order=$(sed 1d m.csv | cut -d, -f"$(head -n 1 m.csv | tr , '\n' | grep -nx order | cut -d: -f1)" | sort | uniq -c | sort -n | awk 'END { print $2 }')
"$ZSC" select -e e.h5:sim_dna -m m.csv --where order="$order" -o where.h5 --quiet >/dev/null
expect 0 '' "$ZSC" import e.h5:sim_dna -m m.csv --where order="$order" -o imported.h5
[ "$(ids imported.h5)" = "$(ids where.h5)" ] && [ "$(ids where.h5 | wc -l)" -lt 300 ] || fail "import --where"
for step in "knn -k 5" "ward" "umap --neighbors 10 --dim 2 --epochs 5"; do
    # shellcheck disable=SC2086
    expect 0 '' "$ZSC" $step -e e.h5:sim_dna --where order="$order" -o step1.h5
    # shellcheck disable=SC2086
    expect 0 '' "$ZSC" $step -e where.h5 -o step2.h5
    "$python" -c 'import h5py
a, b = h5py.File("step1.h5"), h5py.File("step2.h5"); n = []
a.visititems(lambda k, o: n.append(k) if isinstance(o, h5py.Dataset) else None)
assert n and all((a[k][()] == b[k][()]).all() for k in n), n' || fail "$step --where"
done
expect 2 "cannot be combined with other embeddings" "$ZSC" ward -e x.npy --where order=x -o w.h5
expect 2 "option --where needs labels" "$ZSC" umap -e x.npy --where order=x -o y.npy

# info: as of files that hold these rows alone
"$python" - <<'PY'
import csv
rows = list(csv.DictReader(open('m.csv'))); listed = set(open('plain.txt').read().split())
def write(path, rows):
    with open(path, 'w', newline='') as f: w = csv.DictWriter(f, rows[0]); w.writeheader(); w.writerows(rows)
write('listed.csv', [r for r in rows if r['processid'] in listed])
write('blank.csv', [r if r['processid'] in listed else dict(r, species='') for r in rows])
write('named.csv', [dict(r, species=r['species'] or 'none') if r['processid'] in listed else dict(r, species='') for r in rows])
write('markers.csv', [dict(r, marker=m, species=r['species'] if m == 'COI' else 'x') for r in rows for m in ('COI', 'ITS')])
PY
"$ZSC" info listed.csv | sed '1d; /^use it/d' >want
"$ZSC" info m.csv --ids plain.txt | sed '1d; /^use it/d' | cmp -s - want || fail "info of metadata: $("$ZSC" info m.csv --ids plain.txt)"
"$ZSC" info m.csv --ids plain.txt --where order="$order" >out
grep -q "^use it by  zsc run -e EMBEDDINGS -m m.csv --where order=$order --ids plain.txt -o results" out || fail "info: $(cat out)"
"$ZSC" import e.h5 --ids plain.txt -o part.h5 --quiet
"$ZSC" info part.h5 | sed '1d; /^use it/d' >want
"$ZSC" info e.h5 --ids plain.txt | sed '1d; /^use it/d' | cmp -s - want || fail "info of embeddings: $("$ZSC" info e.h5 --ids plain.txt | diff - want)"
"$ZSC" stats listed.csv >want && "$ZSC" stats m.csv --ids plain.txt | sed 's/m\.csv/listed.csv/' | cmp -s - want || fail "stats"
for command in "info m.csv" "info e.h5" "stats m.csv"; do
    # shellcheck disable=SC2086
    expect 3 "ids 'unknown.txt': 4 of 10 are in no row of the" "$ZSC" $command --ids unknown.txt
done
expect 2 "a list of ids needs ids, and 'x.npy' has none" "$ZSC" info x.npy --ids plain.txt

# score and curve
"$ZSC" score listed.csv:species listed.csv:genus >want
expect 0 '' "$ZSC" score m.csv:species m.csv:genus --ids plain.txt
cmp -s out want && grep -q 'left out: 240 rows that are not in the list' err || fail "score: $(cat out err)"
"$ZSC" ward -e e.h5:sim_dna -m m.csv -k 5 -o tree.h5 --quiet
"$ZSC" score listed.csv:species tree.h5:/clusters/5 >want 2>/dev/null
expect 0 '' "$ZSC" score m.csv:species tree.h5:/clusters/5 --ids plain.txt
cmp -s out want || fail "score of clusters: $(cat out err)"
expect 0 '' "$ZSC" score tree.h5:/clusters/5 m.csv:species --ids plain.txt
expect 3 "ids 'unknown.txt': 4 of 10 are in no row of the labels" "$ZSC" score m.csv:species m.csv:genus --ids unknown.txt
cut -d, -f2- m.csv >bare.csv
expect 2 "option --ids needs ids, and 'bare.csv:genus' has none" "$ZSC" score bare.csv:genus bare.csv:genus --ids plain.txt
expect 3 "have the same id" "$ZSC" score markers.csv:species tree.h5:/clusters/5
"$ZSC" score m.csv:species tree.h5:/clusters/5 >want
run "$ZSC" score markers.csv:species tree.h5:/clusters/5 --where marker=COI
cmp -s out want || fail "score --where: $(cat out err)"
expect 3 "no table among the labels has a column marker, which --where names" "$ZSC" score m.csv:species tree.h5:/clusters/5 --where marker=COI
expect 3 "'markers.csv': no row has the values" "$ZSC" score markers.csv:species tree.h5:/clusters/5 --where marker=none
expect 3 "'markers.csv' has no column nothing, which chooses rows beside others" \
    "$ZSC" score markers.csv:species tree.h5:/clusters/5 --where marker=COI --where nothing=1
"$ZSC" curve tree.h5 -l blank.csv:species -o want.csv --quiet >/dev/null
expect 0 '' "$ZSC" curve tree.h5 -l m.csv:species --ids plain.txt -o curve.csv
cmp -s curve.csv want.csv || fail "curve"
awk '$1 == "species" && $2 + $3 == 60 { found = 1 } END { exit !found }' out || fail "curve: rows and missing ones: $(cat out)"
"$ZSC" curve tree.h5 -l named.csv:species -o want.csv --quiet >/dev/null
expect 0 '' "$ZSC" curve tree.h5 -l m.csv:species --ids plain.txt --missing class -o curve.csv
cmp -s curve.csv want.csv || fail "curve with missing labels as a class"
"$ZSC" curve tree.h5 -l m.csv:species -o want.csv --quiet >/dev/null
expect 0 '' "$ZSC" curve tree.h5 -l markers.csv:species --where marker=COI -o curve.csv
cmp -s curve.csv want.csv || fail "curve --where"
finish
