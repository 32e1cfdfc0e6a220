#!/bin/sh
# Files that are parts of one: what a folder or a list stands for is what is read, hashed and listed.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "no h5py (Debian package python3-h5py)"

cat >make.py <<'END'
import os, sys, h5py, numpy as np
# make.py FILE SEED FIRST LAST: rows FIRST .. LAST - 1 with the encoders x and ns:y
path, seed, first, last = sys.argv[1], *map(int, sys.argv[2:])
os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
rows = np.arange(first, last)
x = np.random.default_rng(seed).normal(size=(200, 4)).astype('f4')[rows] + (rows % 4)[:, None].astype('f4')
with h5py.File(path, 'w') as h:
    h['id'] = [b'id%d' % i for i in rows]
    h['labels/species'] = [b's%d' % (i % 4) for i in rows]
    h['embeddings/x'] = x
    h['embeddings/ns:y'] = x[:, :2]
END
make() { "$python" make.py "$@" || exit 99; }
parts() { for i in 0 1 2 3; do make "$1/p$i.h5" "$2" $((50 * i)) $((50 * i + 50)); done; } # FOLDER SEED
parts whole 1
same() { # WHAT: the last run's table is that of the whole folder
    [ "$status" -eq 0 ] || fail "$1: status $status: $(tail -n 1 err)"
    cut -d, -f2- out >table
    cmp -s table whole.table || fail "$1: other scores"
}
score() { run "$ZSC" run --reduce none --clusters 4 --format csv -e "$1"; cut -d, -f1,3-12 out >table.all; mv table.all out; }
score whole:x
cut -d, -f2- out >whole.table
[ "$status" -eq 0 ] && [ -s whole.table ] || fail "whole: $(cat err)"
[ "$(grep -c "embeddings 'whole' of 4 files: whole/p0.h5, whole/p1.h5, whole/p2.h5, whole/p3.h5$" err)" -eq 1 ] || fail "parts are not listed once: $(cat err)"

# --- what else lies in a folder
parts other 1
echo 'about the parts' >other/README
cp other/p3.h5 other/p4.h5.tmp-123-0 # of a writer that was killed
cp other/p3.h5 other/.p5.h5.Xy12ab   # of a copy under way
score other:x
same "leftovers in the folder"
grep "of 4 files: .*; left out: other/README (no embeddings)$" err >/dev/null || fail "what is left out is not told: $(cat err)"
run "$ZSC" info --format json other
"$python" -c 'import json; o = json.load(open("out")); assert o["rows"] == 200 and o["parts"] == ["other/p%d.h5" % i for i in range(4)] and o["left_out"] == ["other/README"], o' || fail "info: parts"
run "$ZSC" info other
grep "^parts     other/p0.h5, other/p1.h5, other/p2.h5, other/p3.h5$" out >/dev/null || fail "info: $(head -n 5 out)"
expect 3 "temporary file of a writer" "$ZSC" run -e other/p4.h5.tmp-123-0:x
expect 3 "temporary file of a writer" "$ZSC" run -e other/p3.h5+other/p4.h5.tmp-123-0:x
score other/p0.h5+other/p1.h5+other/p2.h5+other/p3.h5:x
same "a list of the parts"

# --- parts that are damaged: never left out
damaged() { # WHAT WORDS: other/p2.h5 is damaged
    expect 3 "$2" "$ZSC" run --reduce none --clusters 4 -e other:x
    grep "other/p2.h5" err >/dev/null || fail "$1: which part? $(cat err)"
    expect 3 "other/p2.h5" "$ZSC" info other
    make other/p2.h5 1 100 150
}
head -c 5000 other/p2.h5 >cut && cat cut >other/p2.h5
damaged truncated "other/p2.h5"
: >other/p2.h5
damaged empty "holds no embeddings"
printf 'garbage!' | dd of=other/p2.h5 conv=notrunc 2>/dev/null
damaged "without its signature" "holds no embeddings"
"$python" -c 'import h5py; h = h5py.File("other/p2.h5", "r+"); del h["embeddings"]'
damaged "without embeddings" "holds no embeddings"
rm other/p2.h5 && ln -s nowhere.h5 other/p2.h5
expect 3 "cannot read 'other/p2.h5'" "$ZSC" run --reduce none --clusters 4 -e other:x
rm other/p2.h5 && mkdir other/p2.h5
expect 3 "other/p2.h5" "$ZSC" run --reduce none --clusters 4 -e other:x
rmdir other/p2.h5
make other/p2.h5 1 100 150
score other:x
same "the part restored"
expect 3 "no such file: 'other/p9.h5', of 'other/p0.h5+other/p9.h5'" "$ZSC" run -e other/p0.h5+other/p9.h5:x

# --- a sweep of lists, folders and encoders with colons: A's matrices are not B's
make A/p.h5 1 0 100 && make A/q.h5 1 100 200
make B/p.h5 2 0 100 && make B/q.h5 2 100 200
cat >sweep.yaml <<END
output: store
embeddings: [A/p.h5+A/q.h5:x, B/p.h5+B/q.h5:x, "A/p.h5+A/q.h5:ns:y", "B:ns:*"]
reduce: none
clusters: 4
END
alone() { # every run of the sweep is the run alone, and no other result is current
    for e in A/p.h5+A/q.h5:x B/p.h5+B/q.h5:x A/p.h5+A/q.h5:ns:y B:ns:y; do
        rm -rf one
        "$ZSC" run -q --reduce none --clusters 4 -e $e -o one >/dev/null 2>err || fail "$e: $(cat err)"
        f=$(ls one/*.h5)
        [ -f "store/$(basename "$f")" ] && [ "$(rows_of "$f")" = "$(rows_of "store/$(basename "$f")")" ] || fail "$1: $e is not the run alone"
    done
}
run "$ZSC" sweep sweep.yaml
[ "$status" -eq 0 ] && grep "4 runs: 4 computed" out >/dev/null || fail "sweep: $(cat out err)"
[ "$(grep -c "'A/p.h5+A/q.h5' of 2 files" err)" -eq 1 ] && [ "$(grep -c "'B' of 2 files" err)" -eq 1 ] || fail "a sweep lists parts once each: $(cat err)"
alone first
run "$ZSC" sweep sweep.yaml
grep "4 runs: 0 computed, 4 there already" out >/dev/null || fail "again: $(cat out)"
# other contents of the same size, at the same time
touch -r B/q.h5 then
make B/q.h5 3 100 200
touch -r then B/q.h5
run "$ZSC" sweep sweep.yaml
grep "4 runs: 2 computed, 2 there already" out >/dev/null || fail "B changed: $(cat out)"
alone "B changed"
# a new file in the folder

make B/a.h5 4 190 200 && make B/q.h5 3 100 190
run "$ZSC" sweep sweep.yaml
grep "4 runs: 2 computed, 2 there already" out >/dev/null || fail "a part more: $(cat out)"
make A/q.h5 5 100 200
touch -r then A/q.h5
run "$ZSC" sweep sweep.yaml
grep "4 runs: 2 computed, 2 there already" out >/dev/null || fail "A changed: $(cat out)"
alone "A changed"
# a failure's message goes when its cause has gone, whatever the file is by then
rm A/q.h5 && cp A/p.h5 A/q.h5
run "$ZSC" sweep sweep.yaml
[ "$status" -eq 5 ] && [ "$(ls store/.failed | wc -l)" -eq 2 ] || fail "repeated ids: status $status"
make A/q.h5 6 100 200
run "$ZSC" sweep sweep.yaml
[ "$status" -eq 0 ] && [ "$(ls store/.failed | wc -l)" -eq 0 ] || fail "messages of failures stay: $(ls store/.failed)"

# --- neighbours searched together go to the runs that they were made for
cat >joint.yaml <<END
output: joint
embeddings: [[A:x, B:x]]
metric: [cosine, euclidean]
knn: [exact, approx]
neighbors: 8
dim: 2
epochs: 5
clusters: 4
END
make B/q.h5 3 100 200 && rm B/a.h5
run "$ZSC" sweep --cache near joint.yaml
[ "$status" -eq 0 ] || fail "joint: $(cat err)"
for metric in euclidean cosine; do
    rm -rf one
    "$ZSC" run -q -e A:x -e B:x --metric $metric --knn exact --neighbors 8 --dim 2 --epochs 5 --clusters 4 -o one >/dev/null || fail "$metric alone"
    f=$(ls one/*.h5)
    [ "$(rows_of "$f")" = "$(rows_of "joint/$(basename "$f")")" ] || fail "$metric of the sweep is not the run alone"
done
# neighbours under another's name are not taken
f=$(ls near/*.h5 | head -n 1) g=$(ls near/*.h5 | tail -n 1)
cp "$f" "$g"
rm -rf joint
run "$ZSC" sweep --cache near joint.yaml
grep "carry another key than their name; they are computed again" err >/dev/null || fail "another's neighbours: $(cat err)"
f=$(ls one/*.h5)
[ "$(rows_of "$f")" = "$(rows_of "joint/$(basename "$f")")" ] || fail "neighbours of another run were taken"
finish
