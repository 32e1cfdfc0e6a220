#!/bin/sh
# zsc atlas: what its page holds is what the results and the metadata hold; layouts, and what it refuses.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o s.h5 --metadata-output m.csv --rows 240 --missing-species 0.2 --seed 3 || exit 99
"$ZSC" run -q -e s.h5:sim_dna -m m.csv --epochs 30 --dim 4 --keep-reduced --curve -o a >/dev/null 2>&1 || fail "run"
"$ZSC" run -q -e s.h5:sim_image_1 -m m.csv --epochs 30 --dim 4 --keep-reduced --missing class --where split=test -o b >/dev/null 2>&1 || fail "run"
"$ZSC" run -q -e s.h5:sim_dna -m m.csv --reduce none --clusterer hdbscan --min-cluster-size 3 -o c >/dev/null 2>&1 || fail "run hdbscan"
"$ZSC" run -q -e s.h5:sim_dna -m m.csv --epochs 30 --dim 2 --keep-reduced -o plane >/dev/null 2>&1 || fail "run"
a=$(ls a/*.h5) b=$(ls b/*.h5) c=$(ls c/*.h5) plane=$(ls plane/*.h5)

# the bundle of libraries is the one whose checksum is kept
(cd "$ZSC_SRCDIR/share/atlas" && sha256sum -c libraries.sha256 >/dev/null 2>&1) || fail "share/atlas/libraries.js is not what its checksum says"

# --- layouts
for layout in umap2d pca; do
    run "$ZSC" atlas "$a" "$b" --layout $layout -o $layout.html
    [ "$status" -eq 0 ] && [ "$(cat out)" = $layout.html ] || fail "--layout $layout: $(cat err)"
done
"$ZSC" atlas -q "$c" -o found.html >/dev/null || fail "a result without a dendrogram"
"$ZSC" atlas -q "$plane" -o plane.html >/dev/null && grep -q 'the layout that was clustered' plane.html || fail "a layout of two dimensions is not taken"
"$ZSC" export "$a" --what reduced -o reduced.csv -q && cut -d, -f1-3 reduced.csv >xy.csv
"$ZSC" atlas -q "$a" --layout xy.csv -o file.html >/dev/null || fail "--layout FILE"
# the same bytes at any number of threads
"$ZSC" atlas -q "$a" "$b" -t 1 -o again.html >/dev/null && cmp umap2d.html again.html || fail "one thread makes another page"
# nothing outside the page is referred to
for page in umap2d pca found; do
    grep -Eo '(src|href)="[^"#]*"' $page.html && fail "$page.html points elsewhere"
    grep -q "default-src 'none'" $page.html || fail "$page.html has no policy"
done
# embeddings that are gone: of the reduced vectors, or said
mv s.h5 away.h5
run "$ZSC" atlas "$a" -o gone.html
[ "$status" -eq 0 ] && grep -q "cannot be read" err && grep -q 'UMAP of the reduced vectors' gone.html || fail "without the embeddings: $(cat err)"
expect 3 "keeps no reduced vectors" "$ZSC" atlas "$c" -o no.html
mv away.h5 s.h5

# --- what is refused
expect 2 "expected -o FILE.html" "$ZSC" atlas "$a"
expect 2 "must end in .html or .htm" "$ZSC" atlas "$a" -o x.pdf
expect 3 "neither umap2d nor pca, and no file of coordinates" "$ZSC" atlas "$a" --layout umap -o x.html
head -n 50 xy.csv >short.csv
expect 3 "has no coordinates of" "$ZSC" atlas "$a" --layout short.csv -o x.html
sed '7s/,[^,]*$/,north/' xy.csv >word.csv
expect 3 "'word.csv', line 7: expected a coordinate, found 'north'" "$ZSC" atlas "$a" --layout word.csv -o x.html
cut -d, -f1,2 xy.csv >one.csv
expect 3 "has no two columns of coordinates" "$ZSC" atlas "$a" --layout one.csv -o x.html
"$ZSC" export -q "$a" --what reduced -o reduced.npy
expect 3 "is an array 240 x 4; expected one row of two coordinates for each of the 240 rows" "$ZSC" atlas "$a" --layout reduced.npy -o x.html
"$ZSC" export -q "$plane" --what reduced -o plane.npy
"$ZSC" atlas -q "$a" --layout plane.npy -o npy.html >/dev/null || fail "--layout of an .npy"
expect 3 "has no column 'colour'; it has processid" "$ZSC" atlas "$a" --columns colour -o x.html
expect 2 "names no column, such as {processid}" "$ZSC" atlas "$a" --image pictures/one.jpg -o x.html
expect 2 "expected the name of a column between { and }" "$ZSC" atlas "$a" --image 'x/{processid' -o x.html
expect 3 "there is no column 'day'; there are processid" "$ZSC" atlas "$a" --image 'x/{day}/{processid}.jpg' -o x.html
expect 3 "cannot read 'nothing'" "$ZSC" atlas nothing -o x.html
expect 3 "0 results; a page shows 1 to 16" "$ZSC" atlas "$a" --where seed=5 -o x.html
expect 3 "no such file: 'none.csv'" "$ZSC" atlas "$a" --metadata none.csv -o x.html
echo mine >x.html
expect 3 "zsc did not write it" "$ZSC" atlas "$a" -o x.html
"$ZSC" atlas -q "$a" -o x.html --force >/dev/null && "$ZSC" atlas -q "$a" -o x.html >/dev/null || fail "--force"
echo mine >y.bin
expect 3 "zsc did not write it" "$ZSC" atlas "$a" --split-data -o y.html
[ "$(cat y.bin)" = mine ] && [ ! -e y.html ] || fail "a file of another's is lost"
nothing_left '*.html'

# --- links from the report: to the page, and to each run in it
"$ZSC" report -q a b --no-figures --resamples 0 --taxa none --atlas "maps/a b'\"<.html" -o report.html >/dev/null || fail "report --atlas"
grep -q '<a href="maps/a%20b%27%22%3C.html">Atlas of specimens</a>' report.html || fail "the report does not link to the atlas"
[ "$(grep -c '<a href="maps/a%20b%27%22%3C.html#key=[0-9a-f]*">' report.html)" -eq 2 ] || fail "runs of the report do not link to the atlas"
"$ZSC" report -q a --no-figures --resamples 0 --taxa none -o report.html >/dev/null && ! grep -q Atlas report.html || fail "a link to no atlas"

# --- the data itself
if /usr/bin/env python3 -c 'import h5py, numpy' 2>/dev/null; then python=python3
elif /usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null; then python=/usr/bin/python3
else skip "python3 has no h5py or NumPy (Debian packages python3-h5py, python3-numpy): the packed data is not compared"; fi
for page in umap2d pca; do
    $python "$ZSC_SRCDIR/tests/cli/atlas.py" "$ZSC_SRCDIR" $page.html m.csv "$a" "$b" || fail "the data of $page.html"
done
$python "$ZSC_SRCDIR/tests/cli/atlas.py" "$ZSC_SRCDIR" found.html m.csv "$c" || fail "the data of found.html"
# columns of numbers that pictures are named by keep their texts, zeros in front and all; so do columns named as JavaScript's own are
awk -F, 'NR == 1 { print "processid,__proto__,constructor,folder" } NR > 1 { printf "%s,p%d,%d,%03d\n", $1, NR % 3, 7000 * NR, NR % 40 }' m.csv >folders.csv
"$ZSC" atlas -q "$a" --metadata folders.csv --image 'p/{folder}/{constructor}/{processid}.jpg' -o folders.html >/dev/null || fail "pictures in numbered folders"
$python "$ZSC_SRCDIR/tests/cli/atlas.py" "$ZSC_SRCDIR" folders.html folders.csv "$a" || fail "the data of folders.html"
$python - "$ZSC_SRCDIR" <<'END' || fail "numbered folders"
import sys
sys.path.insert(0, sys.argv[1] + "/tests/atlas")
from page_data import Page
page = Page("folders.html")
folder = page.column("folder")
assert folder["kind"] == "number" and sorted(folder["levels"]) == [f"{i:03d}" for i in range(40)], folder
assert page.column("constructor")["levels"][0] == "14000" and page.column("__proto__")["kind"] == "text"
END
$python - "$ZSC_SRCDIR" <<'END' || fail "coordinates from a file"
import csv, sys
sys.path.insert(0, sys.argv[1] + "/tests/atlas")
from page_data import Page
page = Page("file.html")
rows = {r[0]: r[1:3] for r in csv.reader(open("xy.csv"))}
step = page.head["results"][0]["step"]
for name, (x, y) in zip(page.texts(page.head["ids"]), page.xy(0)):
    assert abs(x - float(rows[name][0])) <= .51 * step and abs(y - float(rows[name][1])) <= .51 * step, name
END

# --- real barcodes: the map keeps neighbours as umap-learn 0.5.3 does
# (n_neighbors 30, min_dist 0.1, one specimen per barcode; mean trustworthiness at 15 of its seeds 0 to 4)
if [ -n "${ZSC_REAL_DATA:-}" ]; then
    "$ZSC" embed kmer -q -m "$ZSC_REAL_DATA/coi-example.csv" -k 5 -o coi.h5 >/dev/null || fail "embed kmer"
    "$ZSC" run -q -e coi.h5:kmer5 -m "$ZSC_REAL_DATA/coi-example.csv" --one-per-barcode=first --seed 0-4 --epochs 20 -o coi >/dev/null 2>&1 || fail "run of real barcodes"
    "$ZSC" atlas -q coi -o coi.html >/dev/null || fail "atlas of real barcodes"
    $python - "$ZSC_SRCDIR" <<'END' || fail "coordinates of real barcodes"
import sys
import numpy
sys.path.insert(0, sys.argv[1] + "/tests/atlas")
from page_data import Page
page = Page("coi.html")
ids = page.texts(page.head["ids"])
for r in range(len(page.head["results"])):
    with open(f"xy{r}.csv", "w") as file:
        file.write("processid,x,y\n" + "".join(f"{i},{x:.9g},{y:.9g}\n" for i, (x, y) in zip(ids, page.xy(r))))
END
    for r in 0 1 2 3 4; do "$ZSC" trust -q coi.h5:kmer5 xy$r.csv --ids xy$r.csv -k 15 --format csv | tail -n 1; done >trust.csv
    awk -F, -v reference=".9545" '{ sum += $NF } END { mean = sum / NR; print "trustworthiness at 15:", mean, "umap-learn:", reference; exit !(NR == 5 && mean >= reference - .005) }' trust.csv ||
        fail "the map of real barcodes: $(cat trust.csv)"
fi
finish
