"""Clusters, distances and novelty of zsc assign against NumPy: assign.py ZSC, in the folder of assign.sh."""
import json
import subprocess
import sys

import h5py
import numpy as np

zsc = sys.argv[1]


def run(*words):
    return subprocess.run([zsc, *words], check=True, capture_output=True, text=True).stdout


def distances(a, b, metric):
    a, b = a.astype(float), b.astype(float)
    if metric == "correlation":
        a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
    if metric in ("cosine", "correlation"):
        a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
        return 1 - a @ b.T
    gap = np.abs(a[:, None, :] - b[None, :, :])
    return {"euclidean": lambda: np.sqrt((gap**2).sum(2)), "manhattan": lambda: gap.sum(2),
            "chebyshev": lambda: gap.max(2)}[metric]()


def expected(x, label, rows, by, metric, quantile):
    """label, distance, nearest and limit, by definition."""
    kept = np.flatnonzero(label >= 0)
    names = np.unique(label[kept])
    if by == "centroid":
        centroids = np.array([x[label == name].astype(float).mean(0) for name in names]).astype(np.float32)
        all_distances, own = distances(rows, centroids, metric), distances(x[kept], centroids, metric).min(1)
        found = names[all_distances.argmin(1)]
        nearest = None
    else:
        all_distances, among = distances(rows, x[kept], metric), distances(x[kept], x[kept], metric)
        np.fill_diagonal(among, np.inf)
        own, nearest = among.min(1), kept[all_distances.argmin(1)]
        found = label[nearest]
    return found, all_distances.min(1), nearest, np.quantile(own, quantile)


def compare(name, h, wanted):
    found, distance, nearest, limit = wanted
    scale = max(1e-12, np.abs(distance).max())
    got = h["distance"][:].astype(float)
    assert np.allclose(got, distance, rtol=1e-5, atol=2e-6 * scale), (name, np.abs(got - distance).max())
    assert np.isclose(h["novel"].attrs["limit"], limit, rtol=1e-5, atol=2e-6 * scale), (name, limit)
    assert (h["clusters"][:] == found).mean() > 0.99, name  # but for ties within rounding
    if nearest is not None:
        assert (h["nearest"][:] == nearest).mean() > 0.99, name
    assert (h["novel"][:] == (got > h["novel"].attrs["limit"])).all(), name


def scaled(x, statistics_of, how):
    x, of = x.astype(float), statistics_of.astype(float)
    if how == "none":
        return x
    if how in ("l2", "l2-sqrt-dim"):
        return x / np.linalg.norm(x, axis=1, keepdims=True) * (1 if how == "l2" else np.sqrt(x.shape[1]))
    sd = of.std(0)
    return (x - of.mean(0)) / (sd if how == "zscore" else sd.mean())


with h5py.File("train.h5") as h, h5py.File("new.h5") as g:
    train, new = h["embeddings/sim_dna"][:], g["embeddings/sim_dna"][:]

# In the layout, and by neighbours of its rows.
label = np.loadtxt("clusters.csv", delimiter=",", skiprows=1, usecols=1, dtype=int)
with h5py.File("layout.h5") as h:
    y = h["embeddings/umap"][:]
run("umap", "-q", "-e", "new.h5:sim_dna", "--transform", "layout.h5", "-o", "placed.npy")
with h5py.File("centroid.h5") as h:
    compare("layout, centroid", h, expected(y, label, np.load("placed.npy"), "centroid", "euclidean", 0.95))
with h5py.File("neighbor.h5") as h:
    compare("layout, neighbor", h, expected(train, label, new, "neighbor", "euclidean", 0.95))

# Rows that were clustered as they are: scalings, metrics, quantiles; the printed counts.
for how in ("none", "l2", "l2-sqrt-dim", "zscore", "zscore-average"):
    run("cluster", "-q", "-e", "train.h5:sim_dna", "--scale", how, "--keep-model", "-o", "c.h5", "--force")
    with h5py.File("c.h5") as h:
        label, rows = h["clusters"][:], h["model/rows"][:]
    x = scaled(train, train, how)
    assert np.allclose(rows, x, rtol=1e-5, atol=1e-5 * np.abs(x).max()), how
    for by in ("centroid", "neighbor"):
        printed = json.loads(run("assign", "-q", "-e", "new.h5:sim_dna", "--model", "c.h5", "--by", by,
                                 "--novel-quantile", "0.8", "-o", "a.h5", "--force", "--format", "json"))
        with h5py.File("a.h5") as h:
            compare((how, by), h, expected(rows, label, scaled(new, train, how), by, "euclidean", 0.8))
            assert printed["novel"] == h["novel"][:].sum() and printed["rows"] == len(new)
            assert printed["limit"] == h["novel"].attrs["limit"]
        assert printed["clustered"] == (label >= 0).sum() and printed["clusters"] == label.max() + 1
for metric in ("cosine", "correlation", "manhattan", "chebyshev"):
    run("cluster", "-q", "-e", "train.h5:sim_dna", "--metric", metric, "--keep-model", "-o", "c.h5", "--force")
    with h5py.File("c.h5") as h:
        label = h["clusters"][:]
    run("assign", "-q", "-e", "new.h5:sim_dna", "--model", "c.h5", "--by", "neighbor", "-o", "a.h5", "--force")
    with h5py.File("a.h5") as h:
        compare(metric, h, expected(train, label, new, "neighbor", metric, 0.95))
print("ok")
