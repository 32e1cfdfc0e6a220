#!/bin/sh
# A rank with one class has no AMI: "-" in tables, empty in CSV, null with a reason in JSON, no point in figures.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# scores of RANK in the JSON of run
python3 - <<'EOF' || fail "the files"
import random
random.seed(1)
with open("x.csv", "w") as x, open("m.csv", "w") as m:
    x.write("id,a,b,c\n")
    m.write("processid,class,order,species\n")
    for i in range(60):
        o, s = i % 3, i % 9
        x.write("r%d,%f,%f,%f\n" % (i, 5 * o + random.random(), 3 * s + random.random(), random.random()))
        m.write("r%d,Insecta,o%d,s%d\n" % (i, o, s))
EOF
run "$ZSC" run -q -e x.csv -m m.csv --reduce none --curve -o r
[ "$status" -eq 0 ] || fail "run: $(cat err)"
awk '$1 == "class" && $3 == 1 && $5 == "-" { n++ } END { exit n != 1 }' out || fail "the table: $(cat out)"
run "$ZSC" run -q -e x.csv -m m.csv --reduce none --curve -o r --format json
cat >check.py <<'EOF'
import json, sys
runs = json.load(open(sys.argv[1]))["runs"]
for s in runs[0]["scores"]:
    if s["rank"] == "class":
        assert s["ami"] is None and s["ami_undefined"] == "one class" and "best" not in s, s
    else:
        assert s["ami"] > 0.2 and "ami_undefined" not in s and s["best"]["ami"] >= s["ami"], s
EOF
python3 check.py out || fail "JSON of run"

"$ZSC" collect -q r >c.csv && awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    $c["rank"] == "class" { n++; bad += $c["ami"] != "" || $c["best_ami"] != "" || $c["classes"] != 1 }
    $c["rank"] == "order" { n++; bad += $c["ami"] == "" } END { exit n != 2 || bad }' c.csv || fail "CSV of collect"
"$ZSC" collect -q r --format json >c.json
python3 -c 'import json
for r in json.load(open("c.json")):
    assert (r["ami"] is None) == (r["rank"] == "class") == (r.get("ami_undefined") == "one class"), r' || fail "JSON of collect"
# what an earlier version wrote: 1 is no score there either
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR > 1 && $c["rank"] == "class" { $c["ami"] = 1 } { print }' c.csv >old.csv
for results in r c.csv old.csv; do
    "$ZSC" table ranks -q "$results" >t.md || fail "table of $results"
    tail -n 1 t.md | awk -F'|' '$5 ~ /^ - $/ && $6 ~ /\*\*/ { n++ } END { exit n != 1 }' || fail "table of $results: $(cat t.md)"
    "$ZSC" table ranks -q "$results" --format csv | tail -n 1 | grep -q ',,' || fail "CSV table of $results"
done

for form in latex:' & -- & ' html:'<td class="n">-</td>' tsv:"$(printf '\t\t')"; do
    "$ZSC" table ranks -q r --format "${form%%:*}" | grep -qF -e "${form#*:}" || fail "a table in ${form%%:*}"
done
"$ZSC" table ranks -q r --format json | python3 -c 'import json, sys
for r in json.load(sys.stdin)["rows"]: assert r["Class"] is None and r["Order"] > 20, r' || fail "a table in JSON"

# ls and info: the finest rank with its score, and a reason beside each null
"$ZSC" ls r --format json >l.json
python3 -c 'import json
for r in json.load(open("l.json"))["results"]:
    assert r["ami"]["class"] is None and r["ami_undefined"] == {"class": "one class"} and r["ami"]["order"] > 0.2, r' || fail "JSON of ls"
run "$ZSC" run -q -e x.csv -m m.csv --ranks class --reduce none --clusters 4 -o k
for list in "ls k" "info k" "info $(echo k/*.h5)"; do
    # shellcheck disable=SC2086
    "$ZSC" $list | awk '$2 == "x" { for (i = 1; i <= NF; i++) n += $i == "class" && $(i + 1) == "-" } END { exit n != 1 }' || fail "zsc $list: $("$ZSC" $list | head -n 3)"
done
"$ZSC" ls k --format csv | grep -q ',class,,' || fail "CSV of ls: $("$ZSC" ls k --format csv)"
expect 3 "AMI is not defined at rank 'class'" "$ZSC" plot settings r k --rank class --dumb
run "$ZSC" report -q r -o r.html
[ "$status" -eq 0 ] && [ "$(sed 's,<script>.*</script>,,' r.html | grep -c '>nan<\|>NaN<\|>-nan<')" -eq 0 ] || fail "report: $(cat err)"

run "$ZSC" compare -q r --resamples 20 --unit specimens
[ "$status" -eq 0 ] || fail "compare: $(cat err)"
run "$ZSC" compare -q r --resamples 20 --unit specimens --format json
python3 -c 'import json
for r in json.load(open("out"))["groups"][0]["ranks"]:
    e = r["encoders"][0]
    assert (e["ami"] is None) == (r["rank"] == "class"), e
    assert r["rank"] != "class" or e["place"] == 0 and e["ami_undefined"], e' || fail "compare"

# score: one class, whatever the clusters; one cluster is a poor clustering, not an undefined one
"$ZSC" score -q m.csv:class m.csv:species >out && grep -E '^AMI +-$' out >/dev/null || fail "score"
"$ZSC" score -q m.csv:class m.csv:class --format json >out && python3 -c 'import json
s = json.load(open("out"))["scores"]; assert s["ami"] is None and s["ami_undefined"] == "one class" and s["nmi"] == 1.0, s' || fail "JSON of score"
"$ZSC" score -q m.csv:species m.csv:class --format csv | tail -n 1 | cut -d, -f5 | grep -qx 0 || fail "one cluster"
"$ZSC" score -q m.csv:processid m.csv:processid --format json >out && python3 -c 'import json
s = json.load(open("out"))["scores"]; assert s["ami"] is None and "agree" in s["ami_undefined"], s' || fail "single rows"
"$ZSC" help --form=man score | tr -d '\\' | tr '\n' ' ' | grep -q 'scikit-learn gives 1.0 or 0.0' || fail "man page of score"

# curve: no spike, no best
result=$(echo r/*.h5)
"$ZSC" curve -q "$result" -o k.csv --format json >out || fail "curve"
python3 -c 'import json
for r in json.load(open("out"))["ranks"]:
    assert (r["best"] is None) == (r["rank"] == "class") == (r.get("ami_undefined") == "one class"), r' || fail "JSON of curve"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { bad += $c["class"] != "" || $c["order"] == "" } END { exit bad || NR != 61 }' k.csv || fail "the curve itself"
if command -v gnuplot >/dev/null; then
    "$ZSC" plot ranks -q r -o ranks.svg >/dev/null || fail "plot ranks"
    awk -F'\t' '/^# one curve/ { on = 1; next } on && $1 == 1 { n += $2 == "NaN" } on && $1 > 1 { n += $2 > 20 } END { exit n != 3 }' ranks.dat || fail "points of plot ranks"
    "$ZSC" plot clusters -q r -o clusters.svg >/dev/null || fail "plot clusters"
    awk -F'\t' '/^# / { on = /^# marks/ } on && $2 == 1 { n += $4 == "NaN" && $6 == "NaN" } on && $2 > 1 { n += $4 > 10 } END { exit n != 3 }' clusters.dat || fail "marks of plot clusters"
    "$ZSC" plot ranks -q r --ranks class --dumb >out 2>err || fail "plot of nothing but one class: $(cat err)"
fi
finish
