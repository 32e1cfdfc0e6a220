"""Best and second of `zsc table ranks`: within groups of the same rows, splits and settings, the same in all formats."""

import csv
import io
import json
import os
import re
import subprocess

RANKS = ["order", "family", "species"]
NAMES = ["Order", "Family", "Species"]
NOT_DEFINED = None


def table(path, *options):
    """Its text, and its rows as {column: text}."""
    return subprocess.run([os.environ["ZSC"], "table", "ranks", path, *options], capture_output=True, text=True, check=True).stdout


def write(path, runs):
    """RUNS: (encoder, subset, row_set, neighbors, seed, {rank: ami}, silhouette)."""
    columns = "key,encoders,modalities,subset,reduce,seed,rows,rank,ami,settings,row_set,silhouette,davies_bouldin,calinski_harabasz"
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(columns.split(","))
        for i, (encoder, subset, rows, neighbors, seed, ami, silhouette) in enumerate(runs):
            for rank, value in ami.items():
                internal = ["", "", ""] if silhouette is None else [silhouette, 1.5, 20]
                out.writerow([i, encoder, "dna" if encoder[0] == "d" else "image", subset, "umap", seed, 90, rank, "" if value is None else value,
                              json.dumps({"neighbors": neighbors}), rows, *internal])


def expected(runs):
    """{(subset, rows, neighbors): {encoder: [(printed value or "-" or "", mark)]}}, by definition."""
    groups = {}
    for encoder, subset, rows, neighbors, _, ami, _ in runs:
        cells = groups.setdefault((subset, rows, neighbors), {}).setdefault(encoder, [[] for _ in RANKS])
        for r, rank in enumerate(RANKS):
            if rank in ami:
                cells[r].append(ami[rank])
    marked = {}
    for key, encoders in groups.items():
        printed = {e: [None] * len(RANKS) for e in encoders}
        for e, cells in encoders.items():
            for r, values in enumerate(cells):
                defined = [v for v in values if v is not NOT_DEFINED]
                printed[e][r] = f"{100 * sum(defined) / len(defined):.1f}" if defined else "-" if values else ""
        marked[key] = {e: [] for e in encoders}
        for r in range(len(RANKS)):
            values = sorted({float(printed[e][r]) for e in encoders if printed[e][r] not in ("-", "")}, reverse=True)
            for e in encoders:
                text = printed[e][r]
                alone = len(encoders) == 1 and len(groups) > 1
                mark = "" if text in ("-", "") or alone else "best" if float(text) == values[0] else "second" if len(values) > 1 and float(text) == values[1] else ""
                marked[key][e].append((text, mark))
    return marked


def cell(text, best, second):
    """(value without spread, mark) of a cell."""
    text = re.split(" ± |\\\\,", text.strip())[0].strip()
    for mark, pattern in ("best", best), ("second", second):
        if found := re.fullmatch(pattern, text):
            return found[1], mark
    return ("-" if text == "--" else text), ""


def parse(form, text):
    """[(group, encoder, [(value, mark)])] of a table in that form; no marks where it holds none."""
    lines = text.splitlines()
    if form in ("csv", "tsv"):
        rows = list(csv.DictReader(io.StringIO(text), delimiter="," if form == "csv" else "\t"))
        return [(r.get("Group", ""), r["Encoder"], [(r[n + " AMI %"], None) for n in NAMES]) for r in rows]
    if form == "json":
        return [(r.get("Group", ""), r["Encoder"], [("" if r[n] is None else f"{r[n]:.1f}", None) for n in NAMES]) for r in json.loads(text)["rows"]]
    if form == "markdown":
        cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line.startswith("|") and not line.startswith("|:")]
        marks = r"\*\*(.*)\*\*", "<u>(.*)</u>"
    elif form == "html":
        cells = [re.findall("<t[hd](?: [^>]*)?>(.*?)</t[hd]>", line) for line in lines if "<tr" in line]
        marks = "<b>(.*)</b>", "<u>(.*)</u>"
    else:
        cells = [[c.strip() for c in line.replace(r" \\", "").split(" & ")] for line in lines if " & " in line]
        marks = r"\\textbf\{(.*)\}", r"\\underline\{(.*)\}"
    head, out, group = cells[0], [], ""
    for row in cells[1:]:
        row = dict(zip(head, row))
        group = row.get("Group", "") or group
        out.append((group.replace("\\_", "_"), row["Encoder"].replace("\\_", "_"), [cell(row[n], *marks) for n in NAMES]))
    return out


def check(name, runs):
    write("marks.csv", runs)
    want, seen = expected(runs), {}
    for form in "markdown", "latex", "html", "csv", "tsv", "json":
        rows = parse(form, table("marks.csv", "--format", form))
        assert len(rows) == sum(len(g) for g in want.values()), (name, form, rows)
        found = {}
        for group, encoder, cells in rows:
            found.setdefault(group, {})[re.split(r" \(", encoder)[0]] = cells
        assert len(found) == len(want), (name, form, "groups", list(found))
        for key, encoders in want.items():
            plain = [{e: [c if form not in ("csv", "tsv", "json") else ("" if c[0] == "-" else c[0], None) for c in cells] for e, cells in encoders.items()}]
            assert any(g in plain for g in found.values()), (name, form, key, plain, found)
        seen[form] = list(found)
    assert all(names == seen["csv"] for names in seen.values()), (name, "names of groups", seen)
    return seen["csv"]


def scores(order, family, species):
    return {"order": order, "family": family, "species": species}


one = [("a", "test", "r1", 15, 0, scores(0.5, 0.6, 0.7), None), ("b", "test", "r1", 15, 0, scores(0.5, 0.5, 0.9), None)]
assert check("one group", one) == [""]
assert check("one row", one[:1]) == [""]
ties = [(e, "test", "r1", 15, 0, scores(0.50049, v, None), None) for e, v in (("a", 0.7), ("b", 0.7004), ("c", 0.6), ("d", 0.6001))]
check("ties by what is printed, one class at species", ties)
rows = one + [("a", "test", "r2", 15, 0, scores(0.9, 0.1, 0.2), None), ("b", "test", "r2", 15, 0, scores(0.8, 0.2, 0.1), None)]
names = check("two sets of rows", rows)
assert names == ["rows r1", "rows r2"], names
splits = one + [("a", "train", "r3", 15, 0, scores(0.99, 0.98, 0.97), None), ("c", "train", "r3", 15, 0, scores(None, 0.99, 0.98), None)]
names = check("two splits, an encoder in one of them", splits)
assert names == ["test", "train"], names
sweep = [(e, "test", "r1", k, s, scores(0.1 * k / 5 + 0.01 * s + i / 50, 0.4, None if k == 5 else 0.3 + i / 10), None)
         for i, e in enumerate("abc") for k in (5, 10, 15) for s in (0, 1)]
names = check("a sweep over neighbors and seeds", sweep)
assert names == ["neighbors 5", "neighbors 10", "neighbors 15"], names
lone = one + [("c", "test", "r1", 30, 0, scores(0.99, 0.99, 0.99), None)]
names = check("an encoder with settings of its own", lone)
assert names == ["neighbors 15", "neighbors 30"], names
write("marks.csv", lone)
caption = table("marks.csv").splitlines()[0]
assert caption.startswith("AMI (%)") and "marked within groups: the same rows, labels and settings" in caption, caption
by_modality = parse("markdown", table("marks.csv", "--marks", "modality"))
assert by_modality[0][2][0][1] == "best", by_modality
modality = [(e, "test", "r1", k, 0, scores(v, v, v), None) for k in (15, 30) for e, v in (("a", 0.2), ("b", 0.1), ("d", 0.9), ("dd", 0.8))]
write("marks.csv", modality)
marks = [[m for _, m in cells] for _, _, cells in parse("latex", table("marks.csv", "--marks", "modality", "--format", "latex"))]
assert marks == [["best"] * 3, ["second"] * 3] * 4, marks
write("marks.csv", [r for r in sweep if r[0] == "a"])
for form in "markdown", "latex", "html", "csv":
    rows = parse(form, table("marks.csv", "--format", form))
    assert [r[:2] for r in rows] == [("", f"a (neighbors {k})") for k in (5, 10, 15)] and not any(m for r in rows for _, m in r[2]), rows
assert "nothing is marked" in table("marks.csv").splitlines()[0], "a caption of lines that all differ"
missing = [("a", "test", "r1", 15, 0, {"order": 0.5}, None), ("b", "test", "r1", 15, 0, scores(None, None, 0.5), None)]
check("ranks that a run lacks, and one class", missing)

# internal scores, of the runs that have them, as fractions, in all formats and never marked
inside = [("a", "test", "r1", 15, s, scores(0.5, 0.6, 0.7), 0.25 + 0.5 * s) for s in (0, 1)] + one[1:]
write("marks.csv", inside)
assert "silhouette is from -1 to 1" in table("marks.csv").splitlines()[0]
row = next(r for r in csv.DictReader(io.StringIO(table("marks.csv", "--format", "csv"))) if r["Encoder"] == "a")
assert (row["Silhouette"], row["Silhouette sd"], row["Davies-Bouldin"], row["Calinski-Harabasz"]) == ("0.500", "0.354", "1.500", "20.0"), row
row = json.loads(table("marks.csv", "--format", "json"))["rows"]
assert row[0]["Silhouette"] == 0.5 and row[1]["Silhouette"] is None, row
for form, text in ("markdown", "| 0.500 ± 0.354 |"), ("html", '<td class="n">0.500 ± 0.354</td>'), ("latex", r" & 0.500\,{\scriptsize$\pm$\,0.354} & 1.500"):
    assert text in table("marks.csv", "--format", form), (form, table("marks.csv", "--format", form))
write("marks.csv", one)
assert all("Silhouette" not in table("marks.csv", "--format", f) for f in ("markdown", "csv", "json", "latex", "html"))

# a cross-modal table whose pairs are of other settings has no marks, and says so
with open("pairs.csv", "w") as f:
    f.write("key,encoders,modalities,subset,rank,ami,row_set,settings\n")
    for i, (pair, k, v) in enumerate((("i+d", 5, 0.5), ("j+d", 10, 0.6))):
        f.write(f'{i},{pair},image+dna,test,species,{v},r1,"{{""neighbors"": {k}}}"\n')
text = subprocess.run([os.environ["ZSC"], "table", "crossmodal", "pairs.csv"], capture_output=True, text=True, check=True).stdout
assert "nothing is marked" in text and "**" not in text, text
