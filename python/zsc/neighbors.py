"""Nearest neighbours with scikit-learn's interface, and trustworthiness (doc/knn.md)."""
from __future__ import annotations

import numpy as np

from . import _arrays, _core
from ._estimator import Estimator, whole
from ._execution import execution
from ._metrics import metric_number

_EXACT = _core.KNN_METHODS["exact"]


class NearestNeighbors(Estimator):
    """The nearest rows, searched exactly whatever the algorithm is called; equal distances by growing index.

    Parameters are scikit-learn's. Distances are computed in single precision and given as float64, indices as int64.
    Attributes after fit(): n_samples_fit_, effective_metric_, n_features_in_."""

    def __init__(self, *, n_neighbors=5, radius=1.0, algorithm="auto", leaf_size=30, metric="minkowski", p=2,
                 metric_params=None, n_jobs=None):
        self.n_neighbors = n_neighbors
        self.radius = radius
        self.algorithm = algorithm
        self.leaf_size = leaf_size
        self.metric = metric
        self.p = p
        self.metric_params = metric_params
        self.n_jobs = n_jobs

    def fit(self, X, y=None):
        """Keeps the rows of X (n x d). y is not used."""
        whole("n_neighbors", self.n_neighbors, 1)
        if self.algorithm not in ("auto", "brute", "kd_tree", "ball_tree"):
            raise ValueError(f"unrecognized algorithm: {self.algorithm!r}")
        kwds = {"p": self.p, **(self.metric_params or {})}
        self._metric = metric_number(self.metric, kwds, "NearestNeighbors")
        self.effective_metric_ = next(name for name, number in _core.METRICS.items() if number == self._metric)
        _, self._fit_X = self._single_rows_to_fit(X, self._metric)
        self.n_samples_fit_ = len(self._fit_X)
        return self

    def kneighbors(self, X=None, n_neighbors=None, return_distance: bool = True):
        """Distances (m x k) and indices (m x k) of the nearest rows of each row of X; without X of each fitted row, the
        row itself left out."""
        self._check_is_fitted()
        k = whole("n_neighbors", self.n_neighbors if n_neighbors is None else n_neighbors, 1)
        most = self.n_samples_fit_ - (X is None)
        if k > most:
            raise ValueError(f"Expected n_neighbors <= n_samples, but n_samples = {most}, n_neighbors = {k}")
        index, distance = self._own(k) if X is None else self._of_queries(X, k)
        index = index.astype(np.int64)
        return (distance.astype(np.float64), index) if return_distance else index

    def _own(self, k):
        shape = (self.n_samples_fit_, k + 1)
        index, distance = np.empty(shape, np.int32), np.empty(shape, np.float32)
        with execution(self.n_jobs) as run:
            _core.knn_search(self._fit_X, index, distance, self._metric, _EXACT, 0, run)
        return index[:, 1:], distance[:, 1:]

    def _of_queries(self, X, k):
        _, x = self._single_rows_like_fitted(X)
        index, distance = np.empty((len(x), k), np.int32), np.empty((len(x), k), np.float32)
        with execution(self.n_jobs) as run:
            _core.knn_query(x, self._fit_X, index, distance, self._metric, run)
        return index, distance

    def kneighbors_graph(self, X=None, n_neighbors=None, mode: str = "connectivity"):
        """The same as a sparse matrix of SciPy's, m x n: ones, or distances with mode="distance"."""
        from scipy.sparse import csr_matrix

        if mode not in ("connectivity", "distance"):
            raise ValueError(f"mode expects connectivity or distance, not {mode!r}")
        distance, index = self.kneighbors(X, n_neighbors)
        values = np.ones_like(distance) if mode == "connectivity" else distance
        offsets = np.arange(0, index.size + 1, index.shape[1])
        return csr_matrix((values.ravel(), index.ravel(), offsets), shape=(len(index), self.n_samples_fit_))

    def radius_neighbors(self, X=None, radius=None, return_distance=True, sort_results=False):
        """Not in zsc."""
        raise NotImplementedError("NearestNeighbors.radius_neighbors is not in zsc")

    def radius_neighbors_graph(self, X=None, radius=None, mode="connectivity", sort_results=False):
        """Not in zsc."""
        raise NotImplementedError("NearestNeighbors.radius_neighbors_graph is not in zsc")


def _single(rows, metric: int, name: str):
    """Rows as float32, with the means of columns taken off where they had more digits."""
    x = _arrays.as_matrix(rows, "trustworthiness", _arrays.exact_float, name=name)
    _arrays.check_finite(x, "trustworthiness", name)
    if x.dtype == np.float32:
        return x
    centre = np.empty(x.shape[1])
    with execution() as run:
        _core.centre_of_rows(x, centre, metric, run)
        return _arrays.narrowed(x, centre, run)


def trustworthiness(X, X_embedded, *, n_neighbors: int = 5, metric="euclidean", n_jobs=None) -> float:
    """How far the neighbours that X_embedded (n x dim) shows are neighbours in X (n x d): 1 is all (Venna and Kaski
    2001). ValueError: n_neighbors is not below n / 2."""
    number = metric_number(metric, caller="trustworthiness")
    x = _single(X, number, "X")
    y = _single(X_embedded, _core.METRICS["euclidean"], "X_embedded")
    if len(x) != len(y):
        raise ValueError(f"X has {len(x)} rows, and X_embedded {len(y)}")
    if whole("n_neighbors", n_neighbors, 1) >= len(x) / 2:
        raise ValueError(f"n_neighbors ({n_neighbors}) should be less than n_samples / 2 ({len(x) / 2})")
    with execution(n_jobs) as run:
        return _core.trustworthiness(x, y, n_neighbors, number, run)
