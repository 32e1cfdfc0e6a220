"""stability.py subsamples ZSC Y.npy JSON SEED OPTIONS...: --stability's numbers between subsamples, recomputed.

Rows are drawn by SplitMix64 as in src/base/random.h; each subsample is clustered by SciPy (Ward) or by zsc cluster with
OPTIONS; AMI is scikit-learn's. stability.py seeds JSON LABELS.npy...: those between seeds, of the labels of single runs.
stability.py columns COMPARE.csv ENCODER K REPEATS SEEDS: what zsc compare prints of an encoder, the means over its runs:
seed s has the layout ENCODER-s.npy, and the labels of its seeds are s, ..., s + REPEATS - 1 of ENCODER-labels-s.npy."""
import csv
import itertools
import json
import os
import subprocess
import sys

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

MASK = (1 << 64) - 1
PURPOSE = 19


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def draw(seed, b, n, m):
    key = mix((seed + 0x9E3779B97F4A7C15) & MASK)
    key = mix(key ^ ((PURPOSE + 0xD1B54A32D192ED03) & MASK))
    state = mix(key ^ ((b * 0xAEF17502108EF2D9 + 1) & MASK))
    rows = []
    for i in range(n):
        if len(rows) == m:
            break
        state = (state + 0x9E3779B97F4A7C15) & MASK
        if (mix(state) * (n - i)) >> 64 < m - len(rows):
            rows.append(i)
    return np.array(rows)


def ward(x, k):
    from scipy.cluster.hierarchy import linkage

    parent = np.arange(2 * len(x) - 1)
    for i, merge in enumerate(linkage(x.astype(float), "ward")[: len(x) - k]):
        parent[int(merge[0])] = parent[int(merge[1])] = len(x) + i
    for i in range(len(parent) - 1, -1, -1):
        parent[i] = parent[parent[i]]
    return parent[: len(x)]


def compare(labels):
    ami = []
    for a, b in itertools.combinations(labels, 2):
        shared = sorted(a.keys() & b.keys())
        x, y = [a[i] for i in shared], [b[i] for i in shared]
        if len(set(x)) > 1 and len(set(y)) > 1:
            ami.append(adjusted_mutual_info_score(x, y))
    return np.mean(ami), np.std(ami, ddof=1) if len(ami) > 1 else float("nan")


def check(name, got, wanted):
    for what, value in zip(("mean", "sd"), wanted):
        if not abs(got[what] - value) < 1e-9:
            print(f"{name}: {what} is {got[what]}, expected {value}")
            sys.exit(1)


def stability(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)["runs"][0]


def subsamples(y, k, seed, repeats):
    labels = []
    for b in range(repeats):
        rows = draw(seed, b, len(y), round(0.8 * len(y)))
        labels.append(dict(zip(rows.tolist(), ward(y[rows], k).tolist())))
    return compare(labels)[0]


def columns():
    path, encoder, k, repeats = sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    seeds = [int(s) for s in sys.argv[6].split(",")]
    with open(path, encoding="utf-8", newline="") as f:
        got = {r["other"]: float(r["ami"]) for r in csv.DictReader(f) if r["kind"] == "clusters" and r["encoder"] == encoder}
    load = lambda s: dict(enumerate(np.load(f"{encoder}-labels-{s}.npy")))
    wanted = {
        "stability_subsamples": np.mean([subsamples(np.load(f"{encoder}-{s}.npy"), k, s, repeats) for s in seeds]),
        "stability_seeds": np.mean([compare([load(s + i) for i in range(repeats)])[0] for s in seeds]),
    }
    for name, value in wanted.items():
        if not abs(got[name] - value) < 1e-9:
            print(f"{encoder}: {name} is {got[name]}, expected {value}")
            sys.exit(1)


def main():
    if sys.argv[1] == "columns":
        columns()
        return
    if sys.argv[1] == "seeds":
        labels = [dict(enumerate(np.load(path))) for path in sys.argv[3:]]
        check("seeds", stability(sys.argv[2])["stability"]["seeds"], compare(labels))
        return
    zsc, path, result, seed, options = sys.argv[2], sys.argv[3], stability(sys.argv[4]), int(sys.argv[5]), sys.argv[6:]
    y, labels = np.load(path), []
    for b in range(result["stability"]["repeats"]):
        rows = draw(seed, b, len(y), round(0.8 * len(y)))
        if options:
            np.save("part.npy", y[rows])
            subprocess.run([zsc, "cluster", "-q", "-e", "part.npy", "-o", "part-labels.npy", "--force", *options],
                           check=True, stdout=subprocess.DEVNULL)
            found = np.load("part-labels.npy")
            os.remove("part-labels.npy")
        else:
            found = ward(y[rows], result["clusters"])
        labels.append(dict(zip(rows.tolist(), found.tolist())))
    check("subsamples", result["stability"]["subsamples"], compare(labels))


main()
