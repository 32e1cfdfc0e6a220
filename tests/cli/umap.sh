#!/bin/sh
# zsc umap: formats, threads, stop and resume, refusals.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
fail() { echo "umap.sh: $*" >&2; exit 1; }
# expect STATUS WORDS COMMAND...: the exit status, and words of the message
expect() {
    want=$1 words=$2; shift 2
    status=0; "$@" >out 2>err || status=$?
    [ "$status" -eq "$want" ] || { cat err >&2; fail "status $status, not $want: $*"; }
    grep -q -- "$words" err || { cat err >&2; fail "no '$words' in the message of: $*"; }
}

"$ZSC" simulate -q -o sim.h5 --rows 300 --seed 3
set -- -e sim.h5:sim_dna --n-neighbors 10 --n-components 3 --n-epochs 60 --seed 5

# Any number of threads: the same file.
"$ZSC" umap -q "$@" -t 1 -o one.h5
"$ZSC" umap -q "$@" -t 3 -o three.h5
cmp one.h5 three.h5 || fail "1 and 3 threads differ"
# The output is an embeddings file with ids and labels.
"$ZSC" info one.h5 >info
grep -q umap info || fail "info does not see the encoder"
grep -q species info || fail "labels did not come along"

# Stopped and resumed twice: the same file as at once.
"$ZSC" umap -q "$@" -o part.h5 --stop-at-epoch 7
"$ZSC" umap -q "$@" -o more.h5 --resume part.h5 --stop-at-epoch 41
"$ZSC" umap -q "$@" -o whole.h5 --resume more.h5
cmp one.h5 whole.h5 || fail "resumed differs from uninterrupted"
if cmp -s one.h5 part.h5; then fail "stopping had no effect"; fi
expect 2 "was made with --seed 5, and here it is 6" "$ZSC" umap "$@" --seed 6 -o x.h5 --resume part.h5
for change in "--metric euclidean:--metric cosine" "--init spectral:--init random" "--negative-sample-rate 5:--negative-sample-rate 7"; do
    # shellcheck disable=SC2086
    expect 2 "with ${change%:*}, and here it is with ${change#*:}: give the same options" "$ZSC" umap "$@" ${change#*:} -o x.h5 --resume part.h5
done
expect 2 "was made without --unique, and here it is with --unique" "$ZSC" umap "$@" --unique -o x.h5 --resume part.h5
expect 2 "was made without --a, and here it is with --a 2" "$ZSC" umap "$@" --a 2 --b 1 -o x.h5 --resume part.h5
expect 2 "--min-dist 0.1, and here it is with --min-dist 0.3" "$ZSC" umap "$@" --min-dist 0.3 -o x.h5 --resume part.h5
expect 3 "other embeddings" "$ZSC" umap -e sim.h5:sim_image_1 --n-neighbors 10 --n-components 3 --n-epochs 60 --seed 5 -o x.h5 --resume part.h5
grep -q "embeddings sim.h5:sim_dna, and here sim.h5:sim_image_1" err || fail "what differs is not named: $(cat err)"
expect 3 "scale none, and here zscore" "$ZSC" umap "$@" --scale zscore -o x.h5 --resume part.h5
# npy out, and npy in: the same places as from HDF5.
"$ZSC" umap -q "$@" -o places.npy
"$ZSC" umap -q -e places.npy --n-neighbors 10 --n-epochs 20 -o again.npy
"$ZSC" umap -q -e one.h5:umap --n-neighbors 10 --n-epochs 20 -o again2.npy
cmp again.npy again2.npy || fail "npy and HDF5 input differ"
# A given start, from either format.
"$ZSC" umap -q "$@" --init places.npy -o given.npy
"$ZSC" umap -q "$@" --init one.h5:umap -o given2.npy
cmp given.npy given2.npy || fail "starts from npy and HDF5 differ"
if cmp -s given.npy places.npy; then fail "the given start had no effect"; fi
# Every parameter changes the result.
for option in "--n-neighbors 12" "--metric cosine" "--min-dist 0.4" "--spread 2" "--a 1.2" "--b 0.7" "--n-epochs 61" \
    "--learning-rate 0.5" "--init pca" "--init random" "--set-op-mix-ratio 0.5" "--local-connectivity 2" \
    "--repulsion-strength 2" "--negative-sample-rate 7" "--unique" "--seed 6" "--scale zscore"; do
    # shellcheck disable=SC2086
    "$ZSC" umap -q "$@" $option -o changed.npy
    if cmp -s changed.npy places.npy; then fail "$option had no effect"; fi
done

# No epochs: the initialisation, which the epoch before the first update is too.
"$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 0 -o epochs0.npy
"$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 1 -o epochs1.npy
"$ZSC" umap -q -e sim.h5:sim_dna -o epochs.npy
cmp epochs0.npy epochs1.npy || fail "--n-epochs 0 is not the initialisation"
if cmp -s epochs0.npy epochs.npy; then fail "--n-epochs 0 has the default number of epochs"; fi
for option in "--a 0" "--b 0" "--a 0 --b 0"; do
    # shellcheck disable=SC2086
    expect 2 "from 1e-09" "$ZSC" umap "$@" $option -o x.h5
done

# Neighbours from a file, where zsc knn is there.
if "$ZSC" help knn >/dev/null 2>&1; then
    "$ZSC" knn -q -e sim.h5:sim_dna -k 14 -o knn.h5
    "$ZSC" umap -q "$@" --knn-file knn.h5 -o fromfile.h5
    cmp one.h5 fromfile.h5 || fail "neighbours from a file give another result"
    # a file is said to be what its attributes say
    "$ZSC" umap "$@" --knn-file knn.h5 -o said.h5 2> err && grep -q 'exact, from a file' err || fail "exact neighbours: $(cat err)"
    expect 2 "holds 14" "$ZSC" umap "$@" --n-neighbors 20 --knn-file knn.h5 -o x.h5
    expect 2 "metric" "$ZSC" umap "$@" --metric cosine --knn-file knn.h5 -o x.h5
    expect 3 "/knn/index" "$ZSC" umap -e places.npy --knn-file one.h5 -o x.h5
    # of other embeddings, of another scaling, of other values at the same place: by the digest of the matrix that was searched
    other() { # NEIGHBOURS EMBEDDINGS OPTIONS...
        f=$1 e=$2; shift 2
        expect 3 "the neighbours in '$f' are not those of '$e'" "$ZSC" umap -e "$e" --n-neighbors 10 --n-epochs 5 --knn-file "$f" "$@" -o x.h5
        [ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
        [ ! -e x.h5 ] || fail "refused neighbours left a file"
    }
    takes() { f=$1 e=$2; shift 2; "$ZSC" umap -q -e "$e" --n-neighbors 10 --n-epochs 5 --knn-file "$f" "$@" -o taken.h5 || fail "not taken: $f $e $*"; }
    "$ZSC" knn -q -e sim.h5:sim_dna --scale l2 -k 10 -o scaled.h5
    "$ZSC" knn -q -e places.npy -k 10 -o places.h5
    refusals() { # the same by digests and by distances
        other knn.h5 sim.h5:sim_image_1
        other knn.h5 sim.h5:sim_dna --scale l2
        grep -q "with --scale l2: search again by zsc knn" err || fail "the scaling is not named: $(cat err)"
        other scaled.h5 sim.h5:sim_dna
        other scaled.h5 sim.h5:sim_dna --scale zscore
        other knn.h5 places.npy
        other places.h5 places.npy --scale zscore
        takes knn.h5 sim.h5:sim_dna
        takes scaled.h5 sim.h5:sim_dna --scale l2
        takes places.h5 places.npy
    }
    refusals
    # files without a digest: by the distances of a sample of rows, under every metric
    python=${PYTHON3-/usr/bin/python3}
    if "$python" -c 'import h5py' 2>/dev/null; then
        "$python" -c 'import h5py
for name in "knn", "scaled", "places":
    del h5py.File(name + ".h5", "r+")["knn"].attrs["matrix"]'
        refusals
        for metric in cosine correlation manhattan chebyshev; do
            "$ZSC" knn -q -e sim.h5:sim_dna --metric $metric -k 10 -o m.h5
            "$python" -c 'import h5py; del h5py.File("m.h5", "r+")["knn"].attrs["matrix"]'
            takes m.h5 sim.h5:sim_dna --metric $metric
            other m.h5 sim.h5:sim_image_1 --metric $metric
        done
        said() { "$ZSC" umap -e sim.h5:sim_dna --n-neighbors 10 --n-epochs 5 --knn-file m.h5 --metric chebyshev -o said.h5 2> err && grep -q "$1" err || fail "no '$1': $(cat err)"; }
        "$python" -c 'import h5py; h5py.File("m.h5", "r+")["knn"].attrs["search"] = "approx"'
        said 'neighbours, approx, from a file'
        "$python" -c 'import h5py; a = h5py.File("m.h5", "r+")["knn"].attrs; del a["search"]; a["method"] = 2'
        said 'neighbours, approx, from a file' # as it was written once
        "$python" -c 'import h5py; del h5py.File("m.h5", "r+")["knn"].attrs["method"]'
        said 'neighbours, searched elsewhere, from a file'
        # lists of other programs: without the row itself, or in another order, are put in order; impossible ones are refused
        "$ZSC" knn -q -e sim.h5:sim_dna -k 11 -o eleven.h5
        "$python" -c '
import h5py, shutil
import numpy as np
def write(name, index, distance):
    shutil.copy("eleven.h5", name)
    h = h5py.File(name, "r+"); g = h["knn"]; attrs = {a: g.attrs[a] for a in g.attrs if a not in ("matrix", "checksum")}; del h["knn"]
    g = h.create_group("knn"); g["index"] = index; g["distance"] = distance
    for a in attrs: g.attrs[a] = attrs[a]
h = h5py.File("eleven.h5", "r"); i = h["knn/index"][:]; d = h["knn/distance"][:]; h.close()
write("noself.h5", i[:, 1:], d[:, 1:])
order = np.random.default_rng(0).permuted(np.tile(np.arange(11), (len(i), 1)), axis=1)
write("unsorted.h5", np.take_along_axis(i, order, 1), np.take_along_axis(d, order, 1))
twice = i.copy(); twice[7, 3] = twice[7, 4]; write("twice.h5", twice, d)
nan = d.copy(); nan[9, 2] = np.nan; write("nan.h5", i, nan)'
        "$ZSC" umap -q "$@" --knn-file eleven.h5 -o eleven.out.h5
        for f in noself unsorted; do
            "$ZSC" umap -q "$@" --knn-file $f.h5 -o $f.out.h5 || fail "$f"
            cmp eleven.out.h5 $f.out.h5 || fail "$f: another layout"
        done
        expect 3 "appears twice among the neighbours of row 8" "$ZSC" umap "$@" --knn-file twice.h5 -o x.h5
        expect 3 "of row 10" "$ZSC" umap "$@" --knn-file nan.h5 -o x.h5
        # rounding by other programs is taken, and gives another graph
        cp knn.h5 other.h5
        "$python" -c 'import h5py
h = h5py.File("other.h5", "r+"); v = h["knn/distance"][:]; v[:, 9:] *= 1.0005; h["knn/distance"][:] = v'
        expect 3 "the neighbours in 'other.h5' are damaged" "$ZSC" umap "$@" --knn-file other.h5 -o x.h5
        "$python" -c 'import h5py; del h5py.File("other.h5", "r+")["knn"].attrs["checksum"]'
        # A graph of other neighbours would give another layout: from a file, by another search, with the first half's file left out.
        "$ZSC" umap -q "$@" --knn-file other.h5 -o half.h5 --stop-at-epoch 7
        expect 2 "other neighbours: there file 'other.h5', here exact search" "$ZSC" umap "$@" -o x.h5 --resume half.h5
        expect 2 "other neighbours: there exact search, here file 'other.h5'" "$ZSC" umap "$@" --knn-file other.h5 -o x.h5 --resume part.h5
        [ ! -e x.h5 ] || fail "a refused resume left a file"
        "$ZSC" umap -q "$@" --knn-file other.h5 -o both.h5 --resume half.h5
        "$ZSC" umap -q "$@" --knn-file other.h5 -o straight.h5
        cmp both.h5 straight.h5 || fail "resumed with the same neighbours differs from uninterrupted"
        # one wrong distance in every row is found
        "$python" -c 'import h5py
h = h5py.File("other.h5", "r+"); v = h["knn/distance"][:]; v[:, 5] *= 1.02; h["knn/distance"][:] = v'
        other other.h5 sim.h5:sim_dna
    fi
fi

# Refusals.
expect 2 "limit" "$ZSC" umap "$@" --memory-limit 10k -o x.h5
expect 2 "--embeddings" "$ZSC" umap -o x.h5
expect 2 "--output" "$ZSC" umap -e sim.h5:sim_dna
expect 2 "n-components" "$ZSC" umap -e sim.h5:sim_dna --n-components 257 -o x.h5
expect 2 "min_dist" "$ZSC" umap -e sim.h5:sim_dna --min-dist 3 -o x.h5
expect 2 "epochs" "$ZSC" umap "$@" --stop-at-epoch 61 -o x.h5
expect 3 "init" "$ZSC" umap "$@" --init spectrum -o x.h5
expect 3 "expected 300 x 2" "$ZSC" umap "$@" --n-components 2 --init places.npy -o x.h5
[ ! -e x.h5 ] || fail "a refused run left a file"
# Fewer rows than neighbours: a warning, and as many as there are.
"$ZSC" umap -e sim.h5:sim_dna --n-neighbors 400 --n-epochs 5 -o few.h5 2>err
grep -q "299 are used" err || fail "no warning of too few rows"
# What TSV cannot hold is refused, not changed; CSV keeps it.
printf 'id,a,b,genus\n"p\t1",1,2,g\n' | sed 's/\\t/\t/' >tab.csv
i=2; while [ $i -lt 20 ]; do echo "p$i,$i,$((i * i % 7)),g"; i=$((i + 1)); done >>tab.csv
expect 3 "the id of row 1 has a tab or the end of a line in it, which TSV cannot hold; write .csv instead" "$ZSC" umap -q -e tab.csv --n-neighbors 5 -o tab.tsv
expect 3 "the id of row 1 has a tab" "$ZSC" ward -q -e tab.csv --clusters 3 -o tab.tsv
sed '2s/p	1/p1/; 3s/g$/"g\
h"/' tab.csv >end.csv
expect 3 "the genus of row 2 has a tab or the end of a line" "$ZSC" umap -q -e end.csv --label-column genus --n-neighbors 5 -o tab.tsv
[ ! -e tab.tsv ] || fail "a refused run left a file"
"$ZSC" umap -q -e tab.csv --n-neighbors 5 --n-epochs 5 -o kept.csv
grep -q '^"\{0,1\}p	1' kept.csv || fail "the id in CSV: $(head -2 kept.csv)"
echo ok

# New rows in a finished layout: those of the layout have their own coordinates, others are alone or together the same.
"$ZSC" umap -q "$@" --unique --keep-model -o model.h5
"$ZSC" umap -q "$@" --unique -o unique.npy
"$ZSC" umap -q -e sim.h5:sim_dna --transform model.h5 -o own.npy
cmp own.npy unique.npy || fail "rows of the layout do not have their own coordinates"
"$ZSC" simulate -q -o others.h5 --rows 50 --seed 4
"$ZSC" umap -q -e others.h5:sim_dna --transform model.h5 -t 1 -o all.csv
"$ZSC" umap -q -e others.h5:sim_dna --transform model.h5 -t 3 -o all3.csv
cmp all.csv all3.csv || fail "new rows: 1 and 3 threads differ"
sed -n 12p all.csv | cut -d, -f1 >one.txt
"$ZSC" umap -q -e others.h5:sim_dna --ids one.txt --transform model.h5 -o alone.csv
[ "$(sed -n 12p all.csv)" = "$(sed -n 2p alone.csv)" ] || fail "a new row depends on the others"
"$ZSC" umap -q -e others.h5:sim_dna --transform model.h5 -o new.h5
"$ZSC" info new.h5 | grep -q "umap .* 50  *3 " || fail "new rows are no embeddings file of 50 x 3"
expect 3 "rows of 128 columns, and these have 3" "$ZSC" umap -e new.h5:umap --transform model.h5 -o x.h5
expect 3 "keeps no model" "$ZSC" umap -e others.h5:sim_dna --transform one.h5 -o x.h5
expect 2 "has no effect here: new rows are put into the layout with the options" "$ZSC" umap -e others.h5:sim_dna --transform model.h5 --seed 5 -o x.h5
expect 2 "needs an HDF5 file" "$ZSC" umap "$@" --keep-model -o x.npy
expect 2 "the layout is not finished" "$ZSC" umap "$@" --keep-model --stop-at-epoch 5 -o x.h5
# Rows are scaled as those of the layout were.
for scale in l2 zscore zscore-average; do
    "$ZSC" umap -q "$@" --unique --keep-model --scale $scale -o scaled.h5 --force
    "$ZSC" umap -q "$@" --unique --scale $scale -o scaled.npy --force
    "$ZSC" umap -q -e sim.h5:sim_dna --transform scaled.h5 -o own.npy --force
    cmp own.npy scaled.npy || fail "$scale: new rows are not scaled as those of the layout"
    "$ZSC" umap -q -e scaled.npy --n-epochs 5 --n-neighbors 8 --unique --scale $scale --keep-model -o bare.h5 --force
    "$ZSC" umap -q -e scaled.npy --n-epochs 5 --n-neighbors 8 --unique --scale $scale -o bare.npy --force
    "$ZSC" umap -q -e scaled.npy --transform bare.h5 -o bare2.npy --force
    cmp bare.npy bare2.npy || fail "$scale: rows of a .npy are not scaled as those of the layout"
done

# A model that was altered, rows, layout or settings, places no row; a layout that was altered is not resumed.
if "${PYTHON3-/usr/bin/python3}" -c 'import h5py' 2>/dev/null; then
    for what in model/rows embeddings/umap n_neighbors local_connectivity scale; do
        cp model.h5 altered.h5
        "${PYTHON3-/usr/bin/python3}" - "$what" <<'PY'
import h5py, sys
with h5py.File('altered.h5', 'r+') as h:
    a, what = h['embeddings/umap'].attrs, sys.argv[1]
    if what == 'scale': a[what] = 'l2'
    elif what in a: a[what] = a[what] + 1
    else: h[what][0] += 1
PY
        expect 3 "'altered.h5' is damaged: the checksum of " "$ZSC" umap -e others.h5:sim_dna --transform altered.h5 -o x.h5
    done
    cp part.h5 altered.h5
    "${PYTHON3-/usr/bin/python3}" -c "import h5py; h5py.File('altered.h5', 'r+')['embeddings/umap'][0] += 1"
    expect 3 "'altered.h5' is damaged" "$ZSC" umap "$@" -o x.h5 --resume altered.h5
fi

# Under cosine and correlation other rows may be at distance 0: each row of the layout has its own coordinates.
awk 'BEGIN { srand(3); print "id,a,b,c,d"; for (i = 0; i < 30; i++) { for (c = 0; c < 4; c++) x[c] = i == 1 || i == 2 ? 2 * x[c] : int(64 * rand()) - 32; print "r" i "," x[0] "," x[1] "," x[2] "," x[3] } }' >multiples.csv
for metric in cosine correlation; do
    "$ZSC" umap -q -e multiples.csv -o multiples.h5 --keep-model --metric $metric --n-neighbors 8 --n-epochs 20 --force
    "$ZSC" umap -q -e multiples.csv -o again.npy --transform multiples.h5 --force
    "$ZSC" umap -q -e multiples.csv -o multiples.npy --metric $metric --n-neighbors 8 --n-epochs 20 --force
    cmp again.npy multiples.npy || fail "$metric: rows of the layout do not have their own coordinates"
done

# Supervised by a rank: resumed with the same labels alone; without neighbours near enough, rows are counted.
"$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 30 --target genus -o genus.h5 && "$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 30 -o none.h5
cmp -s genus.h5 none.h5 && fail "labels change nothing"
"$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 30 --target genus --stop-at-epoch 11 -o stopped.h5
expect 2 "was made with --target genus, and here with --target order" "$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 30 --target order --resume stopped.h5 -o x.h5
expect 2 "was made with --target genus, and here without --target" "$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 30 --resume stopped.h5 -o x.h5
expect 2 "with --target-weight 0.5, and here it is with --target-weight 0.25" "$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 30 --target genus --target-weight 0.25 --resume stopped.h5 -o x.h5
expect 2 "no labels of that rank" "$ZSC" umap -q -e sim.h5:sim_dna --target genius -o x.h5
"$ZSC" umap -q -e sim.h5:sim_dna --n-epochs 30 --target genus --resume stopped.h5 -o resumed.h5
cmp genus.h5 resumed.h5 || fail "a supervised layout that was stopped is another"
"$ZSC" umap -e sim.h5:sim_dna --n-epochs 30 --disconnection-distance 0.001 -o apart.npy 2>err
grep -q ' rows are disconnected' err || fail "disconnected rows are not counted: $(cat err)"
