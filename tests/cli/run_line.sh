#!/bin/sh
# The command line that zsc info prints runs the file as it stands, once METADATA.csv and EMBEDDINGS are replaced.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
PYTHON=${PYTHON3-/usr/bin/python3}
"$PYTHON" -c 'import h5py, numpy' 2>/dev/null || skip "h5py or numpy is not installed (Debian packages python3-h5py, python3-numpy)"
mkdir bin && ln -s "$ZSC" bin/zsc && PATH=$PWD/bin:$PATH || exit 99

"$ZSC" simulate -q --rows 60 --seed 1 -o "it's a.h5" --metadata-output m.csv || exit 99
"$PYTHON" - <<'E' || exit 99
import csv, h5py, numpy as np
rows = list(csv.DictReader(open("m.csv")))
x = np.random.default_rng(0).standard_normal((60, 6)).astype("f4")
np.save("x.npy", x)
with h5py.File("odd.h5", "w") as f:
    f["model/features"] = x
    f["names"] = np.array([r["processid"] for r in rows], dtype="S20")
with h5py.File("two.h5", "w") as f:
    f["a"] = x
    f["b"] = x
with open("t.csv", "w") as f:
    f.write("name;genus;f1;f2\n")
    for r, v in zip(rows, x):
        f.write("%s;%s;%s;%s\n" % (r["processid"], r["genus"], str(v[0]).replace(".", ","), str(v[1]).replace(".", ",")))
E

# line FILE [OPTION...]: what info prints
line() { "$ZSC" info "$@" 2>/dev/null | sed -n 's/^use it by  //p'; }

# check WORDS FILE [OPTION...]: the line is WORDS, and it runs
check() {
    words=$1
    shift
    got=$(line "$@")
    [ "$got" = "$words" ] || fail "info $*: '$got', expected '$words'"
    rm -rf results
    echo "$got" | sed "s/METADATA.csv/m.csv/; s/EMBEDDINGS/x.npy/; s/-o results/-q --epochs 5 --clusters 5 -o results/" >script
    sh script >out 2>err || fail "info $*: '$(cat script)' does not run: $(cat err)"
    case $words in *rerun*) ;; *) ls results/*.h5 >/dev/null || fail "info $*: no result" ;; esac
}
check "zsc run -e 'it'\\''s a.h5:*' -o results" "it's a.h5"
check "zsc run -e 'it'\\''s a.h5:sim_dna' -o results" "it's a.h5:sim_dna"
check "zsc run -e EMBEDDINGS -m m.csv -o results" m.csv
check "zsc run -e x.npy -m METADATA.csv -o results" x.npy
check "zsc run -e odd.h5 --h5-embedding /model/features --h5-id /names -m METADATA.csv -o results" odd.h5
check "zsc run -e t.csv --id-column name --label-column genus -o results" t.csv --id-column name --label-column genus
mv results/*.h5 r.h5
check "zsc rerun r.h5" r.h5
[ -z "$(line two.h5)" ] || fail "a file with two matrices: $(line two.h5)"
"$ZSC" info x.npy --format json | grep '"run": "zsc run -e x.npy -m METADATA.csv -o results"' >/dev/null || fail "JSON"
finish
