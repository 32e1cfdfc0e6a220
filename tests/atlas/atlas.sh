#!/bin/sh
# The page of zsc atlas in Chromium: it loads without a word on the console, draws, and does what it is for. page.py has the checks.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    skip "there is no browser (Debian package chromium)"
command -v python3 >/dev/null || skip "python3, which drives the browser, is not installed"
python3 -c 'import json, select, subprocess, http.server' 2>/dev/null || skip "python3 lacks its library"
command -v bash >/dev/null || skip "bash is not installed"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 600 --seed 4 || exit 99
for encoder in sim_image_2 sim_dna; do
    "$ZSC" run -q -e sim.h5:$encoder -m sim.csv --epochs 60 -o two >/dev/null 2>&1 || { fail "run"; finish; }
done
"$ZSC" run -q -e sim.h5:sim_dna -m sim.csv --reduce none --clusterer hdbscan --min-cluster-size 4 -o found >/dev/null 2>&1 || fail "run hdbscan"
"$ZSC" run -q -e sim.h5:sim_image_1 -m sim.csv --where split=test --epochs 60 -o one >/dev/null 2>&1 || fail "run of one split"

# pictures, of all specimens but one: two pixels by one, a GIF
mkdir -p pictures/test pictures/test_unseen
sed 1d sim.csv | cut -d, -f1 >ids
last=$(tail -n 1 ids)
while read -r id; do
    [ "$id" = "$last" ] && continue
    for split in test test_unseen; do
        printf 'GIF89a\002\000\001\000\200\000\000\000\000\000\377\377\377,\000\000\000\000\002\000\001\000\000\002\002\014\n\000;' >"pictures/$split/$id.gif"
    done
done <ids
UNPICTURED=$last
"$ZSC" atlas -q two -o page.html --image 'pictures/{split}/{processid}.gif' >/dev/null || fail "atlas of two results"
"$ZSC" atlas -q one --neighbors 3 -o single.html >/dev/null || fail "atlas of one result"
"$ZSC" atlas -q found -o found.html >/dev/null || fail "atlas of a result without a dendrogram"

# the left result's scores at every cut
first=$(python3 -c 'import json, re; t = open("page.html").read(); print(json.loads(re.search(r"id=\"zsc-head\">(.*?)</script>", t).group(1))["results"][0]["key"])')
"$ZSC" curve -q "two/$first.h5" -o curve.csv >/dev/null || fail "curve"

"$ZSC" select -q -e sim.h5:sim_dna -o v.npy >/dev/null && "$ZSC" run -q -e v.npy --clusters 9 --epochs 30 -o bare >/dev/null 2>&1 || fail "run without labels"
"$ZSC" atlas -q bare -o bare.html >/dev/null || fail "atlas of a result without labels"

# names that would act, of taxa, ids and a column
cat >names <<'END'
</script><script>window.pwned=1</script>
<img src=x onerror="window.pwned=1">
"><svg onload=window.pwned=1>
javascript:window.pwned=1
${window.pwned=1} {{window.pwned=1}} `x`
'; window.pwned=1; //
&lt;b&gt; &amp; <b>bold</b> \u003cscript\u003e
<!-- <script> ]]> #{}
Ähre–蟲 __proto__
END
python3 - <<'END' || fail "hostile metadata"
import csv
names = open("names", encoding="utf-8").read().split("\n")[:-1]
rows = list(csv.DictReader(open("sim.csv", encoding="utf-8")))
families = [f for f, _ in sorted(((f, sum(r["family"] == f for r in rows)) for f in {r["family"] for r in rows} if f), key=lambda p: (-p[1], p[0]))]
new = dict(zip(families, names))
column = '<img src=x onerror="window.pwned=1">'
with open("hostile.csv", "w", encoding="utf-8", newline="") as file:
    out = csv.DictWriter(file, [*rows[0], column])
    out.writeheader()
    for i, row in enumerate(rows):
        row["family"] = new.get(row["family"], row["family"])
        row[column] = names[i % 5]
        out.writerow(row)
END
"$ZSC" embed kmer -q -m hostile.csv -k 3 -o k.h5 >/dev/null || fail "embed"
"$ZSC" run -q -e k.h5 -m hostile.csv --epochs 30 -o evil >/dev/null 2>&1 || fail "run of hostile names"
"$ZSC" atlas -q evil -o evil.html --title '</title><script>window.pwned=1</script>' >/dev/null || fail "atlas of hostile names"

# more than 20 MB, most of it lists of neighbours
"$ZSC" simulate -q -o big.h5 --rows 9000 --seed 5 --image-encoders 0 --dna-dim 16 || exit 99
for dim in 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    "$ZSC" run -q -e big.h5 --reduce pca --dim $dim --keep-reduced -o big >/dev/null 2>&1 || { fail "run of many rows"; break; }
done
mkdir -p beside
"$ZSC" atlas -q big --layout pca --neighbors 100 --split-data -o beside/big.html >/dev/null || fail "atlas with data beside it"

export UNPICTURED CURVE="$PWD/curve.csv" HOSTILE_NAMES="$PWD/names"
python3 "$ZSC_SRCDIR/tests/atlas/page.py" "$ZSC_SRCDIR" page.html single.html evil.html beside/big.html found.html bare.html || fail "the page in Chromium"
finish
