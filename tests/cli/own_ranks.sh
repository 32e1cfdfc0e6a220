#!/bin/sh
# Ranks are the user's: columns of labels that zsc does not know become ranks, coarse to fine, and the finest gives the
# number of clusters and the unit of resampling. With BIOSCAN's ranks it is species.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

python=${PYTHON3-/usr/bin/python3}
"$python" -W ignore - <<'PY' || skip "no numpy"
import csv
import random
import numpy as np

random.seed(1)
n = 120
sub = [i * 7 % 12 for i in range(n)]
genre = [s // 3 for s in sub]
x = np.array([[3.0 * (s == c) + random.gauss(0, 0.4) for c in range(12)] for s in sub], "f4")
ids = ["w%d" % i for i in range(n)]
subs, genres = ["s%02d" % s for s in sub], ["g%d" % g for g in genre]
curator = [["ann", "bob", "cyd"][i // 5 % 3] for i in range(n)]
np.savez("m.npz", ids=ids, embeddings=x)
np.savez("own.npz", ids=ids, embeddings=x, subgenre=subs, genre=genres)


def table(path, **columns):
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id"] + list(columns))
        out.writerows(zip(ids, *columns.values()))


seconds = ["%.3f" % random.random() for _ in ids]
table("m.csv", subgenre=subs, file=[i + ".wav" for i in ids], seconds=seconds, curator=curator, genre=genres)
table("generic.csv", subclass=subs, **{"class": genres})
table("constant.csv", species=["human"] * n, cell_type=subs)
table("taxa.csv", order=genres, family=subs, country=curator)
table("one.csv", species=subs, country=curator)
table("bin.csv", family=genres, dna_bin=subs)
table("numbers.csv", digit=sub, year=[2000 + i // 60 for i in range(n)], length=seconds)
table("coded.csv", kind=genres, target=sub)
slip = list(genres)
slip[7] = "g3" if genres[7] != "g3" else "g0"  # one row in 120 lies in another genre
table("slip.csv", subgenre=subs, genre=slip)
sparse = [s if i < 24 else "" for i, s in enumerate(subs)]  # fine, and rarely known
table("sparse.csv", style=sparse, genre=["%s-%d" % (g, i % 2) for i, g in enumerate(genres)])
table("slash.csv", **{"sub/genre": subs, "genre": genres, "Genre": curator})
table("within.csv", **{"sub": subs, "sub/genre": genres})
table("dot.csv", **{".": genres, "sub": subs})
table("cluster.csv", cluster=subs, label_cluster=genres)
table("none.csv", file=[i + ".wav" for i in ids], length=seconds)
try:
    import anndata
    import pandas as pd

    obs = pd.DataFrame({"species": ["human"] * n, "subtype": subs, "type": genres}, index=ids).astype("category")
    anndata.AnnData(x, obs=obs).write_h5ad("a.h5ad")
except ImportError:
    pass
PY
fast="--neighbors 10 --dim 3 --epochs 10"

# ranks OUTPUT RULE ARGS...: the ranks in order, and the rule of the number of clusters
ranks() {
    wanted=$1 rule=$2
    shift 2
    # shellcheck disable=SC2086
    run "$ZSC" run "$@" $fast --format csv
    found=$(sed 1d out | cut -d, -f8 | tr '\n' ' ')
    [ "$status $found" = "0 $wanted " ] || fail "ranks '$found', not '$wanted': $* ($(tail -n 1 err))"
    # shellcheck disable=SC2086
    used=$("$ZSC" run -q "$@" $fast --format json | sed -n 's/.*"clusters": "\(.*\)",*/\1/p')
    [ "$used" = "$rule" ] || fail "clusters of '$used', not '$rule': $*"
}
ranks "curator genre subgenre" subgenre -e m.npz -m m.csv
grep -q "ranks, coarse to fine: curator,genre,subgenre (the columns of labels; --ranks chooses others)" err || fail "the ranks are not said: $(cat err)"
grep -q "12 clusters, as many as subgenre has classes, the finest rank" err || fail "K is not said: $(cat err)"
ranks "genre subgenre" subgenre -e own.npz
ranks "class subclass" subclass -e m.npz -m generic.csv
ranks "species cell_type" cell_type -e m.npz -m constant.csv
ranks "order family" family -e m.npz -m taxa.csv
ranks "species" species -e m.npz -m one.csv
grep -q "finest" err && fail "species is no guess: $(cat err)"
ranks "family dna_bin" family -e m.npz -m bin.csv
ranks "year digit" digit -e m.npz -m numbers.csv
ranks "kind target" target -e m.npz -m coded.csv
ranks "genre subgenre" subgenre -e m.npz -m slip.csv
ranks "genre style" style -e m.npz -m sparse.csv
ranks "subgenre curator" subgenre -e m.npz -m m.csv --ranks subgenre,curator
ranks "genre" genre -e m.npz -m m.csv --ranks genre
ranks "style" style -e m.npz -m m.csv --column style=genre
if [ -f a.h5ad ]; then ranks "species type subtype" subtype -e a.h5ad; fi
expect 3 "the 120 rows have no labels at any rank" "$ZSC" run -e m.npz -m none.csv
# shellcheck disable=SC2086
run "$ZSC" run -q -e m.npz -m none.csv $fast --clusters 5
[ "$status" -eq 0 ] || fail "a number of clusters needs no labels: $(cat err)"

# what is read afterwards: the unit of resampling, the rank of pairs, in sweep files too
cat >s.yaml <<'YAML'
metadata: m.csv
embeddings: [m.npz, own.npz]
pairs: [[m.npz], [own.npz]]
ranks: genre, subgenre
neighbors: 10
dim: 3
epochs: 10
output: r
YAML
run "$ZSC" sweep -q s.yaml
[ "$status" -eq 0 ] || fail "sweep: $(cat err)"
run "$ZSC" compare r --resamples 20
grep -q "from 20 random splits into halves of 12 subgenre$" out || fail "unit: $(head -n 2 out)"
run "$ZSC" compare r --resamples 20 --format json
grep -q '"unit": "subgenre"' out || fail "unit in JSON"
run "$ZSC" table crossmodal r
[ "$status" -eq 0 ] && grep -q "at rank subgenre" out || fail "crossmodal: $(cat out err)"
run "$ZSC" report r --no-figures -o r.html
[ "$status" -eq 0 ] && ! grep -q "at rank 'species'" r.html && grep -q "at rank subgenre" r.html || fail "report: $(cat err)"

# tables and figures keep the order of ranks of the results where one that zsc knows is among the user's own; settings
# are in the order of their numbers
sed '1s/subgenre/species/; 1s/genre/genus/; 1s/curator/Familia/' m.csv >mixed.csv
for neighbors in 5 40 10; do
    run "$ZSC" run -q -e m.npz -m mixed.csv --ranks Familia,genus,species --neighbors $neighbors --dim 3 --epochs 10 -o mixed
done
run "$ZSC" table ranks mixed --format csv
[ "$(head -n 1 out | grep -o 'Familia.*')" = "Familia AMI %,Genus AMI %,Species AMI %" ] || fail "order of ranks: $(cat out)"
[ "$(grep -o 'neighbors [0-9]*' out | tr -d '\n')" = "neighbors 5neighbors 10neighbors 40" ] || fail "order of settings: $(cat out)"

# one run again, with fewer ranks: the tables count it once, and so do figures of single runs
"$ZSC" run -q -e m.npz -m mixed.csv --ranks Familia,genus,species --reduce pca --dim 2 --keep-reduced -o once >/dev/null && "$ZSC" run -q -e m.npz -m mixed.csv --ranks genus,species --reduce pca --dim 2 --keep-reduced -o once >/dev/null || fail "run"
[ "$(find once -name '*.h5' | wc -l)" -eq 2 ] || fail "two results were expected"
run "$ZSC" plot scatter once --dumb
[ "$status" -eq 0 ] && grep -q 'counts once' err || fail "a figure of one run with its repetition: $(cat err)"

# rows without a label are no species
"$ZSC" simulate -q --rows 200 --missing-species 0.3 --seed 1 -o s.h5 2>/dev/null || "$ZSC" simulate -q --rows 200 --seed 1 -o s.h5
labelled=$("$ZSC" run -q -e s.h5:sim_dna --dim 3 --epochs 5 -o t --format csv | awk -F, '$8 == "species" { print $10, 200 - $9 }')
"$ZSC" compare -q t --resamples 20 >out 2>err
wanted="halves of ${labelled% *} species and of ${labelled#* } rows without a label at species"
sed -n '2,3p' out | tr '\n' ' ' | grep -q "$wanted $" || fail "units: $(head -n 2 out), expected '$wanted'"

works() { run "$@"; [ "$status" -eq 0 ] || fail "$*: $(cat err)"; }
# names with slashes, such as BOLD's country/ocean, in every file that holds labels; names that differ in case alone
seen() { "$ZSC" info "$1" | awk '/^rank / { on = 1; next } on && !NF { exit } on { print $1 }' | tr '\n' ' '; }
works "$ZSC" select -q -e m.npz -m slash.csv -o slash.h5
[ "$(seen slash.h5)" = "Genre genre sub/genre " ] || fail "names with slashes in select: $(seen slash.h5)"
works "$ZSC" import -q slash.h5 -o slash2.h5
[ "$(seen slash2.h5)" = "Genre genre sub/genre " ] || fail "names with slashes in import: $(seen slash2.h5)"
works "$ZSC" run -q -e slash.h5 --reduce none -o slash --format csv
cut -d, -f8,10 out | tr '\n' ' ' | grep -q 'genre,4 .*sub/genre,12 ' || fail "names with slashes in run: $(cat out err)"
run "$ZSC" curve slash/*.h5
grep -q '^sub/genre ' out || fail "names with slashes in curve: $(cat out err)"
for names in "within 'sub' beside 'sub/genre'" "dot '.'"; do
    expect 3 "an HDF5 file cannot hold labels that are called ${names#* }" "$ZSC" run -q -e m.npz -m "${names%% *}.csv" --reduce none -o refused
    expect 3 "an HDF5 file cannot hold labels that are called ${names#* }" "$ZSC" select -q -e m.npz -m "${names%% *}.csv" -o refused.h5
    works "$ZSC" run -q -e m.npz -m "${names%% *}.csv" --reduce none
done

# a rank that is called as a column of the output
works "$ZSC" run -q -e m.npz -m cluster.csv --reduce none -o named
expect 0 "a column cluster of its own: the rank of that name is column label_label_cluster" "$ZSC" export named/*.h5 -q -o named.csv
[ "$(head -n 1 named.csv)" = id,cluster,label_cluster,label_label_cluster ] || fail "columns: $(head -n 1 named.csv)"
works "$ZSC" score named.csv:label_label_cluster named.csv:cluster
works "$ZSC" export named/*.h5 -q -o named.h5ad
finish
