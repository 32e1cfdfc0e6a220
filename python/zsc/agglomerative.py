"""Agglomerative clustering: scikit-learn's class, SciPy's functions (doc/ward.md)."""
from __future__ import annotations

import warnings

import numpy as np

from . import _arrays, _core
from ._estimator import Clusterer, real, whole
from ._execution import execution
from ._metrics import metric_number



_OF_ROWS = ("ward", "complete", "average", "single")  # methods that need no table of distances
_EUCLIDEAN_ONLY = ("ward", "centroid", "median")


def _method_number(method, caller: str) -> int:
    if method not in _core.LINKAGES:
        raise ValueError(f"{caller}: invalid method {method!r}; zsc has {', '.join(_core.LINKAGES)}")
    return _core.LINKAGES[method]


def _of_rows(x, method: str, metric, n_jobs=None, verbose=False, caller: str = "linkage"):
    """The linkage matrix of rows; a table of their distances is made where the method needs one."""
    number, of = _method_number(method, caller), metric_number(metric, caller=caller)
    if method in _EUCLIDEAN_ONLY and of != _core.METRICS["euclidean"]:
        raise ValueError(f"{caller}: {method} works with the Euclidean distance alone, and {metric!r} was given")
    z = np.empty((len(x) - 1, 4))
    with execution(n_jobs, verbose) as run:
        if method in _OF_ROWS:
            _core.linkage(x, z, number, of, run)
        else:
            distances = np.empty(len(x) * (len(x) - 1) // 2)
            _core.pairwise_distances(x, distances, of, run)
            _core.linkage_distances(distances, z, number, run)
    return z


def _of_distances(distances, method: str, verbose=False, caller: str = "linkage"):
    """The linkage matrix of condensed distances."""
    number = _method_number(method, caller)
    distances = np.ascontiguousarray(distances, np.float64)
    n = int(np.ceil(np.sqrt(2 * len(distances))))
    if not len(distances) or n * (n - 1) // 2 != len(distances):
        raise ValueError(f"{caller}: {len(distances)} condensed distances are not n (n - 1) / 2 of any n of 2 or more")
    z = np.empty((n - 1, 4))
    with execution(None, verbose) as run:
        _core.linkage_distances(distances, z, number, run)
    return z


def linkage(y, method: str = "single", metric="euclidean", optimal_ordering: bool = False, *, n_jobs=None,
            verbose: bool = False):
    """SciPy's linkage matrix ((n - 1) x 4, float64) of the rows of y (n x d), or of n (n - 1) / 2 condensed distances.

    method: single, complete, average, ward, weighted, centroid or median; metric: of zsc's. float32 rows are clustered
    as they are, others in double precision. Of rows, the first four need O(n d) memory or little more; equal distances
    merge by doc/ward.md's rule, and of condensed ones as in SciPy. ValueError: y, the method or the combination;
    NotImplementedError: a metric, or optimal_ordering."""
    if optimal_ordering:
        raise NotImplementedError("linkage: optimal_ordering=True is not in zsc")
    _method_number(method, "linkage")
    if np.ndim(y) == 1:
        distances = _arrays.real_numbers(y, "linkage", "y").astype(np.float64)
        _arrays.check_finite(distances.reshape(-1, 1), "linkage", "y")
        return _of_distances(distances, method, verbose)
    x = _arrays.as_matrix(y, "linkage", _arrays.own_float, 2, name="y")
    _arrays.check_finite(x, "linkage", "y")
    return _of_rows(x, method, metric, n_jobs, verbose)


def fcluster(Z, t, criterion: str = "inconsistent", depth: int = 2, R=None, monocrit=None):
    """SciPy's flat clusters of a dendrogram: labels from 1 (n, int32), in SciPy's order. criterion: maxclust or
    distance."""
    if criterion not in ("maxclust", "distance"):
        raise NotImplementedError(f"fcluster: criterion={criterion!r} is not in zsc, which has distance and maxclust")
    z = _arrays.as_matrix(Z, "fcluster", np.float64, name="Z")
    labels = np.empty(len(z) + 1, np.int32)
    _core.cut_scipy(z, criterion == "maxclust", float(t), labels)
    return labels


class AgglomerativeClustering(Clusterer):
    """Merges the two nearest clusters until n_clusters are left, or none nearer than distance_threshold.

    Parameters are scikit-learn's; linkage is ward, complete, average or single. Attributes after fit(): labels_ (n,
    int64, numbered as in scikit-learn), children_ ((n - 1) x 2), n_clusters_, n_leaves_, n_connected_components_,
    n_features_in_, and distances_ (n - 1) with distance_threshold or compute_distances. All merges are computed always,
    whatever compute_full_tree is."""

    def __init__(self, n_clusters=2, *, affinity="deprecated", metric=None, memory=None, connectivity=None,
                 compute_full_tree="auto", linkage="ward", distance_threshold=None, compute_distances=False):
        self.n_clusters = n_clusters
        self.affinity = affinity
        self.metric = metric
        self.memory = memory
        self.connectivity = connectivity
        self.compute_full_tree = compute_full_tree
        self.linkage = linkage
        self.distance_threshold = distance_threshold
        self.compute_distances = compute_distances

    def _check_options(self):
        if (self.n_clusters is None) == (self.distance_threshold is None):
            raise ValueError("Exactly one of n_clusters and distance_threshold has to be set, and the other needs to "
                             "be None.")
        if self.n_clusters is not None:
            whole("n_clusters", self.n_clusters, 1)
        else:
            real("distance_threshold", self.distance_threshold)
            if self.compute_full_tree not in ("auto", True):
                raise ValueError("compute_full_tree must be True if distance_threshold is set.")
        if self.linkage not in _OF_ROWS:
            raise ValueError(f"linkage expects one of {', '.join(_OF_ROWS)}, not {self.linkage!r}")
        self._refuse(memory=(None,), connectivity=(None,))

    def _metric(self):
        if self.affinity == "deprecated":
            return "euclidean" if self.metric is None else self.metric
        if self.metric is not None:
            raise ValueError("Both `affinity` and `metric` attributes were set. Attribute `affinity` was deprecated in "
                             "scikit-learn 1.2: set `metric` alone")
        warnings.warn("Attribute `affinity` was deprecated in version 1.2 and will be removed in 1.4. Use `metric` "
                      "instead", FutureWarning)
        return self.affinity

    def fit(self, X, y=None, **unsupported):
        """Clusters the rows of X (n x d, or n x n distances with metric="precomputed"). y is not used."""
        self._refuse_arguments(unsupported)
        self._check_options()
        x = self._rows_to_fit(X, _arrays.own_float, min_rows=2)
        n = len(x)
        if self.n_clusters is not None and self.n_clusters > n:
            raise ValueError(f"Cannot extract more clusters than samples: {self.n_clusters} clusters where given for a "
                             f"tree with {n} leaves.")
        z = self._dendrogram(x)
        self.children_ = z[:, :2].astype(np.int64)
        self.__dict__.pop("distances_", None)
        if self.compute_distances or self.distance_threshold is not None:
            self.distances_ = z[:, 2].copy()
        self.n_leaves_, self.n_connected_components_ = n, 1
        self.labels_ = self._cut(z)
        return self

    def _dendrogram(self, x):
        caller, metric = type(self).__name__, self._metric()
        if metric != "precomputed":
            return _of_rows(x, self.linkage, metric, caller=caller)
        if self.linkage == "ward":
            raise ValueError(f"{caller}: ward works with the Euclidean distance alone, and 'precomputed' was given")
        if x.shape[0] != x.shape[1]:
            raise ValueError(f"Distance matrix should be square, got matrix of shape {x.shape}")
        return _of_distances(np.asarray(x, np.float64)[np.triu_indices(len(x), 1)], self.linkage,
                             caller=caller)

    def _cut(self, z):
        n = len(z) + 1
        self.n_clusters_ = self.n_clusters
        if self.n_clusters is None:
            self.n_clusters_ = int(np.count_nonzero(self.distances_ >= self.distance_threshold)) + 1
        labels = np.empty(n, np.int32)
        _core.cut_scikit_learn(z, self.n_clusters_, labels)
        return labels.astype(np.int64)
