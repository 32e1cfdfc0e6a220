"""What zsc_linkage_distances, zsc_cut_scikit_learn and zsc_cut_scipy give, beside SciPy and scikit-learn."""
import ctypes
import sys

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist
from sklearn.cluster import _agglomerative

zsc = ctypes.CDLL(sys.argv[1])
zsc.zsc_error_message.restype = ctypes.c_char_p
METHODS = {"ward": 0, "single": 1, "average": 2, "complete": 3, "weighted": 4, "centroid": 5, "median": 6}


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def check(status):
    if status != 0:
        sys.exit(zsc.zsc_error_message().decode())


def of_distances(y, n, method):
    z = np.empty((n - 1, 4))
    check(zsc.zsc_linkage_distances(pointer(y), ctypes.c_size_t(n), METHODS[method], None, pointer(z), None))
    return z


def cut(z, n, criterion, t):
    labels, k = np.empty(n, np.int32), ctypes.c_size_t()
    check(zsc.zsc_cut_scipy(pointer(z), ctypes.c_size_t(n), criterion, ctypes.c_double(t), pointer(labels), ctypes.byref(k)))
    assert k.value == len(set(labels))
    return labels


def of_scikit_learn(z, n, k):
    labels = np.empty(n, np.int32)
    check(zsc.zsc_cut_scikit_learn(pointer(z), ctypes.c_size_t(n), ctypes.c_size_t(k), pointer(labels)))
    return labels


seen = 0
for case in range(80):
    random = np.random.RandomState(case)
    n = random.randint(2, 80)
    x = random.randint(0, 4, (n, 3)).astype(float) if case % 2 else random.rand(n, 3)
    y = pdist(x)
    for method in METHODS:
        ours, theirs = of_distances(y, n, method), linkage(y, method)
        tied = case % 2 and method in ("centroid", "median")  # SciPy's order of these ties is that of its heap
        if not tied:
            assert np.array_equal(ours[:, [0, 1, 3]], theirs[:, [0, 1, 3]]), (case, method)
            assert np.allclose(ours[:, 2], theirs[:, 2], rtol=1e-13, atol=1e-13 * y.max()), (case, method)
            seen += 1
        z = np.ascontiguousarray(ours)
        for k in range(1, n + 3):
            if n > 2:  # SciPy reads beyond its array where n is 2
                assert np.array_equal(cut(z, n, 1, k), fcluster(z, k, "maxclust")), (case, method, k)
            if k <= n and method not in ("centroid", "median"):
                children = z[:, :2].astype(np.intp)
                assert np.array_equal(of_scikit_learn(z, n, k), _agglomerative._hc_cut(k, children, n)), (case, method, k)
        for t in np.concatenate([z[:, 2], z[:, 2] * 0.99, [-1, 0, 1e9]]):
            assert np.array_equal(cut(z, n, 0, t), fcluster(z, t, "distance")), (case, method, t)
assert seen > 400
