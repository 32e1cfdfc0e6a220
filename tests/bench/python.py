#!/usr/bin/env python3
"""The same stages with the Python stack, one JSON line a stage: {"stage", "rows", "seconds", "cpu"}.
Usage: python.py FILE.h5 ENCODER CLUSTERS.  Stages whose packages are missing are left out."""
import json, os, sys, time
os.environ.setdefault("OPENBLAS_NUM_THREADS", os.environ.get("OMP_NUM_THREADS", "1"))
os.environ.setdefault("NUMBA_NUM_THREADS", os.environ.get("OMP_NUM_THREADS", "1"))
try:
    import h5py, numpy as np
except ImportError:
    sys.exit(0)

path, encoder, clusters = sys.argv[1], sys.argv[2], int(sys.argv[3])
with h5py.File(path) as f:
    x = f["embeddings"][encoder][...].astype(np.float32)
    labels = {r: np.unique(f["labels"][r][...], return_inverse=True)[1] for r in f["labels"]}


def timed(stage, fn):
    wall, cpu = time.perf_counter(), time.process_time()
    out = fn()
    print(json.dumps({"stage": stage, "rows": len(x), "seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}), flush=True)
    return out


y = x
try:
    import umap
    umap.UMAP(n_neighbors=5, n_components=2, n_epochs=2, random_state=0).fit_transform(x[:100])  # compile first
    y = timed("umap", lambda: umap.UMAP(n_neighbors=30, n_components=50, min_dist=0, random_state=0, n_jobs=1).fit_transform(x))
except ImportError:
    pass
try:
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import adjusted_mutual_info_score
    found = timed("ward", lambda: AgglomerativeClustering(n_clusters=clusters, linkage="ward").fit_predict(y))
    timed("score", lambda: [adjusted_mutual_info_score(v, found) for v in labels.values()])
except ImportError:
    pass
try:
    import fastcluster
    timed("ward (fastcluster)", lambda: fastcluster.linkage_vector(y.astype(np.float64), method="ward"))
except ImportError:
    pass
