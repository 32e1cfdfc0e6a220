"""The data of a page of zsc atlas against the results that it was made of, read by h5py and computed by NumPy.
Usage: atlas.py SRCDIR PAGE METADATA RESULT..., results in the order of the page."""
import csv
import decimal
import os
import sys

import h5py
import numpy

sys.path.insert(0, os.path.join(sys.argv[1], "tests/atlas"))
from page_data import Page  # noqa: E402

page, metadata, results = Page(sys.argv[2]), sys.argv[3], sys.argv[4:]
head = page.head
faults = 0


def check(good, words):
    global faults
    if not good:
        faults += 1
        print("FAIL:", words)


def strings(dataset):
    return [v.decode() for v in dataset[...]]


def cut(linkage, n, k):
    """Labels 0 .. k - 1 after the first n - k merges, numbered by first row."""
    member = {i: [i] for i in range(n)}
    for j in range(n - k):
        a, b = int(linkage[j, 0]), int(linkage[j, 1])
        member[n + j] = member.pop(a) + member.pop(b)
    label = numpy.empty(n, int)
    for c, rows in enumerate(sorted(member.values(), key=min)):
        label[rows] = c
    return label


ids = page.texts(head["ids"])
check(len(ids) == head["rows"] and len(set(ids)) == len(ids), "ids")
check(len(head["results"]) == len(results), "results")
place = {name: i for i, name in enumerate(ids)}
everyone = set()

for number, (view, path) in enumerate(zip(head["results"], results)):
    file = h5py.File(path)
    own = strings(file["id"])
    everyone.update(own)
    specimen = numpy.arange(len(own)) if "specimens" not in view else page.codes(view["specimens"])
    check([ids[s] for s in specimen] == own, f"{path}: rows")
    check(view["key"] == file.attrs["key"].decode() if isinstance(file.attrs["key"], bytes) else view["key"] == file.attrs["key"], f"{path}: key")
    for rank in file["labels"]:
        column = page.column(rank)
        codes = page.codes(column["codes"])
        found = ["" if codes[s] < 0 else column["levels"][codes[s]] for s in specimen]
        check(found == strings(file["labels"][rank]), f"{path}: labels of {rank}")
    clusters = file["clusters"][...].astype(int)
    check((page.codes(view["clusters"]) == clusters).all(), f"{path}: clusters")
    check(view["rows"] == len(own), f"{path}: number of rows")
    xy = page.array(view["xy"]).reshape(-1, 2).astype(int)
    span = xy.max(0) - xy.min(0)
    check(xy.max() == 65535 and xy.min() == 0 and span.max() == 65535, f"{path}: coordinates fill {span}")
    if "nearest" in view:
        near = page.codes(view["nearest"]).reshape(len(own), -1)
        check(near.shape[1] == view["neighbors"] and (near >= 0).all() and (near < len(own)).all(), f"{path}: neighbours")
        check(not (near == numpy.arange(len(own))[:, None]).any(), f"{path}: a row is its own neighbour")
    if "tree" not in view:
        check("linkage" not in file, f"{path}: it has a linkage, and the page has no tree")
        continue
    tree, linkage = view["tree"], file["linkage"][...]
    n, c = len(own), tree["clusters"]
    leaf, child = page.codes(tree["leaf"]), page.codes(tree["child"]).reshape(-1, 2)
    check((leaf == cut(linkage, n, c)).all(), f"{path}: leaves of the tree")
    check(numpy.array_equal(page.array(tree["height"]), linkage[n - c:, 2].astype("<f4")), f"{path}: heights")
    # each merge of the page joins the rows that the linkage's does
    rows = {i: frozenset(numpy.flatnonzero(leaf == i)) for i in range(c)}
    below = {i: frozenset([i]) for i in range(n)}
    for j in range(n - 1):
        below[n + j] = below[int(linkage[j, 0])] | below[int(linkage[j, 1])]
        if j >= n - c:
            top = j - (n - c)
            rows[c + top] = rows[child[top, 0]] | rows[child[top, 1]]
            check(rows[c + top] == below[n + j], f"{path}: merge {top} of the tree")
    ami = page.array(tree["ami"]).reshape(len(view["scores"]), c)
    for j, score in enumerate(view["scores"]):
        if "curve" in file:
            check(numpy.array_equal(ami[j], file["curve"][score["rank"]][:c].astype("<f4"), equal_nan=True), f"{path}: AMI at {score['rank']}")
        k = score["k"]
        stored = file["scores/ami"][...][[r.decode() for r in file["scores/rank"][...]].index(score["rank"])] if "scores/rank" in file else score["ami"]
        check(abs(ami[j, k - 1] - stored) < 1e-6, f"{path}: AMI of {score['rank']} at its own cut: {ami[j, k - 1]} {stored}")
    if view["layout"] == "principal axes of the reduced vectors":
        x = file["reduced"][...].astype(float)
        x -= x.mean(0)
        axes = numpy.linalg.svd(x, full_matrices=False)[2][:2]
        wanted = x @ axes.T
        got = page.xy(number)
        for d in range(2):
            error = min(numpy.abs(got[:, d] - s * wanted[:, d]).max() for s in (1, -1))
            check(error < view["step"], f"{path}: axis {d}: {error} with a step of {view['step']}")
        if "nearest" in view:
            far = ((x[:, None] - x[None]) ** 2).sum(2)
            far[numpy.diag_indices(n)] = numpy.inf
            listed, truth = numpy.take_along_axis(far, near, 1), numpy.sort(far, 1)[:, :near.shape[1]]
            check(numpy.allclose(listed, truth, rtol=1e-4, atol=1e-6), f"{path}: neighbours are not the nearest")

check(set(ids) == everyone, "the page's specimens are those of the results")

with open(metadata, encoding="utf-8", newline="") as file:
    table = {row["processid"]: row for row in csv.DictReader(file)}
numbers = 0
for column in head["columns"]:
    if column["kind"] == "rank":
        continue
    wanted = [table[i][column["name"]] if i in table else "" for i in ids]
    if column["kind"] == "text":
        codes = page.codes(column["codes"])
        check(["" if v < 0 else column["levels"][v] for v in codes] == wanted, f"column {column['name']}")
        continue
    numbers += 1
    values = page.array(column["values"])
    if "codes" in column:
        check(["" if v < 0 else column["levels"][v] for v in page.codes(column["codes"])] == wanted, f"texts of column {column['name']}")
    given = sorted({decimal.Decimal(t) for t in wanted if t})
    unit = max(0, *(-t.as_tuple().exponent for t in (g.normalize() for g in given)))
    check(column["exact"] == ((given[-1] - given[0]) * 10 ** unit <= 65534), f"column {column['name']}: exact {column['exact']}, decimals {unit}")
    check(max(values[values < 65535]) == column["steps"], f"column {column['name']}: greatest value")
    for value, text in zip(values, wanted):
        missing = value == 65535
        if missing != (text == "") or (not missing and abs(column["low"] + column["step"] * value - float(text)) > (1e-9 if column["exact"] else 0.51 * column["step"] + 1e-9)):
            check(False, f"column {column['name']}: {value} for {text!r}")
            break
check(numbers >= 1, "no column of numbers")
sys.exit(1 if faults else 0)
