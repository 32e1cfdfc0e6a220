"""k-means with scikit-learn's interface (doc/clusterers.md)."""
from __future__ import annotations

import numpy as np

from . import _arrays, _core
from ._estimator import Clusterer, real, whole
from ._execution import execution, seed_of

_EUCLIDEAN = _core.METRICS["euclidean"]


class KMeans(Clusterer):
    """Lloyd's iterations from centres that k-means++ chooses, or from given ones.

    Parameters are scikit-learn's. random_state=None is seed 0. Computed in single precision. Attributes after fit():
    cluster_centers_ (k x d), labels_ (n, int32, numbered by the first row of each), inertia_, n_iter_, n_features_in_.
    k is below n_clusters where X has fewer distinct rows."""

    def __init__(self, n_clusters=8, *, init="k-means++", n_init="auto", max_iter=300, tol=1e-4, verbose=0,
                 random_state=None, copy_x=True, algorithm="lloyd"):
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.copy_x = copy_x
        self.algorithm = algorithm

    def _starts(self, given: bool) -> int:
        if self.n_init in ("auto", "warn") or given:
            return 1
        return whole("n_init", self.n_init, 1)

    def _initial_centres(self, columns: int, run):
        if isinstance(self.init, str) and self.init == "k-means++":
            return None
        if isinstance(self.init, str) or callable(self.init):
            raise NotImplementedError(f"KMeans: init={self.init!r} is not in zsc, which has k-means++ and given "
                                      "centres")
        centres = _arrays.real_numbers(self.init, "KMeans", "init").astype(np.float64)
        if centres.shape != (self.n_clusters, columns):
            raise ValueError(f"init expects {self.n_clusters} x {columns} numbers, and found {centres.shape}")
        return _arrays.narrowed(centres, self._centre, run)

    def fit(self, X, y=None, **unsupported):
        """Clusters the rows of X (n x d). y is not used. NotImplementedError: sample_weight."""
        self._refuse_arguments(unsupported)
        whole("n_clusters", self.n_clusters, 1)
        whole("max_iter", self.max_iter, 1)
        if self.algorithm not in ("lloyd", "auto", "full", "elkan"):
            raise ValueError(f"algorithm expects lloyd or elkan, whose results are the same, not {self.algorithm!r}")
        rows, x = self._single_rows_to_fit(X, _EUCLIDEAN)
        if len(x) < self.n_clusters:
            raise ValueError(f"n_samples={len(x)} should be >= n_clusters={self.n_clusters}.")
        labels, centres = np.empty(len(x), np.int32), np.empty((self.n_clusters, x.shape[1]), np.float32)
        with execution(None, self.verbose) as run:
            init = self._initial_centres(x.shape[1], run)
            found, self.inertia_, self.n_iter_, _ = _core.kmeans(
                x, labels, centres, self._starts(init is not None), self.max_iter, real("tol", self.tol),
                seed_of(self.random_state), init, run)
        self.labels_, self.cluster_centers_ = labels, centres[:found].astype(rows.dtype)
        if self._centre is not None:
            self.cluster_centers_ += self._centre
        return self

    def _distances(self, X, k):
        rows, x = self._single_rows_like_fitted(X)
        index, distance = np.empty((len(x), k), np.int32), np.empty((len(x), k), np.float32)
        with execution() as run:
            centres = _arrays.narrowed(self.cluster_centers_, self._centre, run)
            _core.knn_query(x, centres, index, distance, _EUCLIDEAN, run)
        return rows, index, distance

    def predict(self, X):
        """The nearest centre of each row, of several as near the first."""
        self._check_is_fitted()
        return self._distances(X, 1)[1][:, 0].copy()

    def transform(self, X):
        """Distances (m x k) of the rows to the centres."""
        self._check_is_fitted()
        x, index, distance = self._distances(X, len(self.cluster_centers_))
        out = np.empty(distance.shape, x.dtype)
        np.put_along_axis(out, index.astype(np.int64), distance.astype(x.dtype), 1)
        return out

    def fit_transform(self, X, y=None):
        """fit(X) and transform(X)."""
        return self.fit(X).transform(X)

    def score(self, X, y=None):
        """Minus the sum of squared distances of the rows to their nearest centres."""
        self._check_is_fitted()
        return -float(np.square(self._distances(X, 1)[2], dtype=np.float64).sum())

    def get_feature_names_out(self, input_features=None):
        """kmeans0, kmeans1, ..."""
        self._check_is_fitted()
        return np.array([f"kmeans{i}" for i in range(len(self.cluster_centers_))], dtype=object)
