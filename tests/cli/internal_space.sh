#!/bin/sh
# --internal-space: the clusters are scored in the matrix that it names, as plain NumPy does; the default and its keys are what
# they were; results, tables, measures and the figure show both.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$ZSC" simulate -q --rows 300 --seed 4 --image-encoders 2 --dna-encoders 1 --image-dim 12 --dna-dim 12 -o s.h5 || fail simulate
made() { folder=$1; shift; "$ZSC" run -q -e s.h5:sim_dna --reduce pca --dim 3 --scale zscore --clusters 9 --keep-reduced --internal -o "$folder" "$@" --format json >"$folder.json" 2>err || fail "$folder: $(cat err)"; }
made default
made reduced --internal-space reduced
made original --internal-space original
made both --internal-space both
"$ZSC" run -q -e s.h5:sim_dna --reduce none --clusters 9 --internal --internal-space both -o none >/dev/null || fail none
key() { sed -n 's/.*"key": "\([0-9a-f]*\)".*/\1/p' "$1.json" | head -n 1; }
[ -n "$(key default)" ] && [ "$(key default)" = "$(key reduced)" ] && [ "$(key default)" != "$(key both)" ] && [ "$(key original)" != "$(key both)" ] || fail "keys: $(key default) $(key reduced) $(key original) $(key both)"

# value RUN COLUMN: of the first rank
value() { "$ZSC" collect "$1" | awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } NR == 2 { print c ? $c : "no column" }'; }
for s in silhouette davies_bouldin calinski_harabasz; do
    [ -n "$(value default $s)" ] && [ "$(value default $s)" = "$(value both $s)" ] && [ -z "$(value default ${s}_original)" ] || fail "$s of the default: $(value default $s) $(value both $s) $(value default ${s}_original)"
    [ -z "$(value original $s)" ] && [ "$(value original ${s}_original)" = "$(value both ${s}_original)" ] && [ "$(value both $s)" != "$(value both ${s}_original)" ] || fail "$s in the original space: $(value original ${s}_original) $(value both ${s}_original)"
    [ "$(value none $s)" = "$(value none ${s}_original)" ] && [ -n "$(value none $s)" ] || fail "$s without reduction: $(value none $s) $(value none ${s}_original)"
done
"$ZSC" collect both --format json | grep -q '"internal_space": *"both"' || fail "internal_space of zsc collect"
grep -q '"internal_original"' both.json && ! grep -q '"internal_original"' default.json && ! grep -q '"internal": {' original.json && grep -q '"internal": {' default.json || fail "JSON"

if "$python" -c 'import h5py, numpy' 2>/dev/null; then
    "$ZSC" select -q -e s.h5:sim_dna --scale zscore -o scaled.npy >/dev/null 2>err || fail "select: $(cat err)"
    "$python" - both/*.h5 scaled.npy <<'PYTHON' || fail "other scores than NumPy's"
import sys, h5py, numpy as np
def scores(x, c):
    x = np.asarray(x, float)
    d = np.sqrt(((x[:, None] - x[None]) ** 2).sum(2))
    ks = np.unique(c)
    sil = []
    for i in range(len(c)):
        own = c == c[i]
        if own.sum() == 1:
            sil.append(0)
            continue
        a = d[i, own].sum() / (own.sum() - 1)
        b = min(d[i, c == k].mean() for k in ks if k != c[i])
        sil.append((b - a) / max(a, b))
    centre = np.array([x[c == k].mean(0) for k in ks])
    spread = np.array([np.sqrt(((x[c == k] - m) ** 2).sum(1)).mean() for k, m in zip(ks, centre)])
    apart = np.sqrt(((centre[:, None] - centre[None]) ** 2).sum(2))
    np.fill_diagonal(apart, np.inf)
    db = ((spread[:, None] + spread[None]) / apart).max(1).mean()
    sizes = np.array([(c == k).sum() for k in ks])
    between = (sizes * ((centre - x.mean(0)) ** 2).sum(1)).sum()
    within = sum(((x[c == k] - m) ** 2).sum() for k, m in zip(ks, centre))
    return np.mean(sil), db, between / within * (len(c) - len(ks)) / (len(ks) - 1)
with h5py.File(sys.argv[1]) as f:
    clusters = f["clusters"][:]
    for name, x in (("", f["reduced"][:]), ("_original", np.load(sys.argv[2]))):
        for score, expected in zip(("silhouette", "davies_bouldin", "calinski_harabasz"), scores(x, clusters)):
            found = f.attrs[score + name]
            if abs(found - expected) > 1e-5 * abs(expected):
                sys.exit("%s is %r, expected %r" % (score + name, found, expected))
PYTHON
fi

# What shows them.
run "$ZSC" run -e s.h5:sim_dna --reduce pca --dim 3 --internal --internal-space both
grep -q '^clusters, before reduction ' out || fail "zsc run: $(cat out)"
for e in sim_image_1 sim_image_2 sim_dna; do "$ZSC" run -q -e s.h5:$e --reduce pca --dim 3 --internal --internal-space both -o m >/dev/null || fail "run $e"; done
run "$ZSC" table ranks m
grep -q 'Calinski-Harabasz.*Silhouette, original.*Calinski-Harabasz, original' out || fail "table: $(cat out)"
run "$ZSC" table ranks original
grep -q "clusters in the original space, before reduction;" out && ! grep -q "Bouldin | Cal" out || fail "table of the original space: $(cat out)"
run "$ZSC" table ranks default
! grep -q original out || fail "the table of other runs: $(cat out)"
run "$ZSC" compare --measures m
grep -q 'before reduction$' out && grep -q 'Spearman of AMI and silhouette before reduction: [-0-9.]* (3 encoders)' out || fail "measures: $(cat out)"
run "$ZSC" compare --measures default
! grep -q 'before reduction' out || fail "measures of other runs: $(cat out)"
"$ZSC" report -q m --resamples 0 --no-figures -o page.html >/dev/null && grep -q 'clusters, before reduction' page.html || fail report
if command -v gnuplot >/dev/null; then
    run "$ZSC" plot measures m -o m.svg
    grep -q '>Silhouette of the clusters<' m.svg && grep -q '>Silhouette before reduction<' m.svg || fail "figure"
fi
printf 'embeddings: s.h5:sim_dna\nreduce: pca\ndim: 3\ninternal: true\ninternal-space: [original, both]\noutput: sw\n' >s.yaml
"$ZSC" sweep -q s.yaml >/dev/null 2>err && [ "$(find sw -name '*.h5' | wc -l)" -eq 2 ] || fail "sweep: $(cat err)"
sed '/^internal:/d' s.yaml >bare.yaml
expect 3 "internal-space says where internal scores are computed: give internal, too" "$ZSC" sweep bare.yaml
expect 2 "--internal-space has no effect here" "$ZSC" run -e s.h5:sim_dna --internal-space both
expect 2 "both" "$ZSC" run -e s.h5:sim_dna --internal --internal-space all
finish
