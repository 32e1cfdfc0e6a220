"""Numbers of scikit-learn and SciPy, for beside_scipy.sh.

beside_scipy.py FOLDER SEED: rows and centres of k-means (kmeans-x.npy, kmeans-init.npy) with scikit-learn's inertia from
there (inertia.txt); rows (tree-x.npy) and, for min_samples 4, the lengths of SciPy's minimum spanning tree of the whole
graph of mutual reachability, ascending (tree.txt). tests/fixtures/clusterers has those of seed 0."""
import sys

import numpy as np


def make(folder, seed):
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial.distance import cdist
    from sklearn.cluster import KMeans

    r = np.random.default_rng(seed)
    n, d, k = (400, 5, 25) if seed == 0 else (4000, 12, 150)
    x = (4 * r.normal(size=(k, d))[r.integers(k, size=n)] + r.normal(size=(n, d))).astype(np.float32)
    init = x[r.choice(n, k, replace=False)]
    found = KMeans(k, init=init, n_init=1, max_iter=1000, tol=1e-4).fit(x)
    np.save(f"{folder}/kmeans-x.npy", x)
    np.save(f"{folder}/kmeans-init.npy", init)
    print(repr(float(found.inertia_)), file=open(f"{folder}/inertia.txt", "w"))

    n = 240 if seed == 0 else 1500
    x = np.concatenate([r.normal(size=(n // 2, 4)), 0.2 * r.normal(size=(n - n // 2, 4)) + 3]).astype(np.float32)
    distance = cdist(x.astype(float), x.astype(float))
    core = np.sort(distance, axis=1)[:, 3]
    reach = np.maximum(distance, np.maximum(core[:, None], core[None, :]))
    np.save(f"{folder}/tree-x.npy", x)
    np.savetxt(f"{folder}/tree.txt", np.sort(minimum_spanning_tree(np.triu(reach, 1)).data), "%.17g")


make(sys.argv[1], int(sys.argv[2]))
