#!/usr/bin/env python3
"""Seconds of the Python package beside umap-learn, scikit-learn and fastcluster, in one process: a table in Markdown.

    ZSC=BUILD/zsc PYTHONPATH=BUILD/python-package /usr/bin/python3 tests/bench/package.py [ROWS...]

ROWS are 5000 and 47260 (the paper's test set) where none are given. Embeddings are simulated ones (`zsc simulate`,
h5py). Both sides have as many threads as the process may use; set OMP_NUM_THREADS and NUMBA_NUM_THREADS for fewer.
What is compiled at the first call is called once before on 200 rows. A peer that is not installed is left out. On a
machine that does other work the processor seconds, in brackets, say more than the others."""
import os
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

import zsc


def simulated(rows: int, folder: str):
    """Embeddings (float32) and species of `zsc simulate`."""
    path = os.path.join(folder, f"{rows}.h5")
    program = os.environ.get("ZSC", "zsc")
    subprocess.run([program, "simulate", "--rows", str(rows), "--seed", "1", "-q", "-o", path], check=True)
    with h5py.File(path) as file:
        x = file["embeddings"]["sim_dna"][...].astype(np.float32)
        species = np.unique(file["labels"]["species"][...], return_inverse=True)[1]
    return x, species


def seconds(call):
    """Wall and processor seconds of a call, and its result."""
    wall, busy = time.perf_counter(), time.process_time()
    result = call()
    return time.perf_counter() - wall, time.process_time() - busy, result


def row(rows, what, ours, peer, name):
    """One line of the table; what ours gave."""
    a = seconds(ours)
    line = f"| {rows} | {what} | {a[0]:.2f} ({a[1]:.2f}) |"
    if peer:
        b = seconds(peer)
        print(line, f"{name} {b[0]:.2f} ({b[1]:.2f}) | {b[0] / a[0]:.1f} |", flush=True)
    else:
        print(line, "- | - |", flush=True)
    return a[2]


def module(name):
    try:
        return __import__(name, fromlist=["x"])
    except ImportError:
        return None


def main(sizes):
    umap, fast = module("umap"), module("fastcluster")
    cluster, metrics, neighbors, decomposition = (module("sklearn." + n) for n in
                                                  ("cluster", "metrics", "neighbors", "decomposition"))
    print("| rows | what | zsc, s | peer, s | peer / zsc |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        small = simulated(200, folder)[0]
        for rows in sizes:
            x, species = simulated(rows, folder)
            k = int(species.max()) + 1
            options = {"n_neighbors": 30, "n_components": 50, "min_dist": 0.0, "random_state": 0}
            if umap:
                umap.UMAP(**{**options, "n_components": 5}).fit(small)
            y = row(rows, "UMAP to 50 dimensions", lambda: zsc.UMAP(**options).fit_transform(x),
                    umap and (lambda: umap.UMAP(**options).fit_transform(x)), "umap-learn")
            row(rows, "30 neighbours", lambda: zsc.NearestNeighbors(n_neighbors=30).fit(x).kneighbors(),
                neighbors and (lambda: neighbors.NearestNeighbors(n_neighbors=30, n_jobs=-1).fit(x).kneighbors()),
                "scikit-learn")
            row(rows, "PCA to 50 dimensions", lambda: zsc.PCA(50).fit_transform(x),
                decomposition and (lambda: decomposition.PCA(50).fit_transform(x)), "scikit-learn")
            z = row(rows, "Ward, linkage matrix", lambda: zsc.linkage(y, "ward"),
                    fast and (lambda: fast.linkage_vector(y.astype(np.float64), method="ward")), "fastcluster")
            small_enough = rows <= 10000  # its table of distances is 4 n^2 bytes
            labels = row(rows, "Ward, labels", lambda: zsc.AgglomerativeClustering(k).fit_predict(y),
                         cluster and small_enough and (lambda: cluster.AgglomerativeClustering(k).fit_predict(y)),
                         "scikit-learn")
            row(rows, "k-means", lambda: zsc.KMeans(k).fit_predict(y),
                cluster and (lambda: cluster.KMeans(k, n_init=1).fit_predict(y)), "scikit-learn")
            row(rows, "AMI", lambda: zsc.adjusted_mutual_info_score(species, labels),
                metrics and (lambda: metrics.adjusted_mutual_info_score(species, labels)), "scikit-learn")
            row(rows, "silhouette", lambda: zsc.silhouette_score(y, labels),
                metrics and (lambda: metrics.silhouette_score(y, labels)), "scikit-learn")
            row(rows, "AMI at every cut", lambda: zsc.ami_curve(z, species), None, "")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [5000, 47260])
