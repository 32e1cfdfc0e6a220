"""HDBSCAN with scikit-learn's interface (doc/hdbscan.md)."""
from __future__ import annotations

import numpy as np

from . import _core
from ._estimator import Clusterer, real, whole
from ._execution import execution
from ._metrics import metric_number


class HDBSCAN(Clusterer):
    """Clusters of different density; -1 is noise (Campello, Moulavi and Sander 2013).

    Parameters are scikit-learn's. Computed in single precision. Attributes after fit(): labels_ (n, int64, numbered by
    the first row of each), probabilities_ (n), stabilities_ (one per cluster), n_features_in_, and centroids_
    (clusters x d) with store_centers="centroid"."""

    def __init__(self, min_cluster_size=5, min_samples=None, cluster_selection_epsilon=0.0, max_cluster_size=None,
                 metric="euclidean", metric_params=None, alpha=1.0, algorithm="auto", leaf_size=40, n_jobs=None,
                 cluster_selection_method="eom", allow_single_cluster=False, store_centers=None, copy=False):
        self.min_cluster_size = min_cluster_size
        self.min_samples = min_samples
        self.cluster_selection_epsilon = cluster_selection_epsilon
        self.max_cluster_size = max_cluster_size
        self.metric = metric
        self.metric_params = metric_params
        self.alpha = alpha
        self.algorithm = algorithm
        self.leaf_size = leaf_size
        self.n_jobs = n_jobs
        self.cluster_selection_method = cluster_selection_method
        self.allow_single_cluster = allow_single_cluster
        self.store_centers = store_centers
        self.copy = copy

    def _options(self) -> tuple:
        if self.cluster_selection_method not in _core.SELECTIONS:
            raise ValueError(f"cluster_selection_method expects eom or leaf, not {self.cluster_selection_method!r}")
        if self.algorithm not in ("auto", "brute", "kd_tree", "kdtree", "ball_tree", "balltree"):
            raise ValueError(f"algorithm is unknown: {self.algorithm!r}")
        self._refuse(alpha=(1.0, 1), store_centers=(None, "centroid"))
        return (
            whole("min_cluster_size", self.min_cluster_size, 2),
            0 if self.min_samples is None else whole("min_samples", self.min_samples, 1),
            0 if self.max_cluster_size is None else whole("max_cluster_size", self.max_cluster_size, 1),
            real("cluster_selection_epsilon", self.cluster_selection_epsilon),
            bool(self.allow_single_cluster),
            _core.SELECTIONS[self.cluster_selection_method],
            metric_number(self.metric, self.metric_params, "HDBSCAN"),
        )

    def fit(self, X, y=None, **unsupported):
        """Clusters the rows of X (n x d). y is not used. NotImplementedError: metric="precomputed"."""
        self._refuse_arguments(unsupported)
        options = self._options()
        rows, x = self._single_rows_to_fit(X, options[-1])
        labels, probabilities = np.empty(len(x), np.int32), np.empty(len(x), np.float32)
        with execution(self.n_jobs) as run:
            stability = _core.hdbscan(x, labels, probabilities, options, run)
        self.labels_, self.probabilities_ = labels.astype(np.int64), probabilities.astype(np.float64)
        self.stabilities_ = np.frombuffer(stability, np.float64).copy()
        if self.store_centers:
            self.centroids_ = np.empty((len(self.stabilities_), rows.shape[1]))
            for c, centroid in enumerate(self.centroids_):
                centroid[:] = np.average(rows[labels == c], axis=0, weights=probabilities[labels == c])
        return self
