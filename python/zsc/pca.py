"""Principal components with scikit-learn's interface."""
from __future__ import annotations

import numpy as np

from . import _arrays, _core
from ._estimator import Estimator, whole
from ._execution import execution

_SHIFTED = _core.METRICS["euclidean"]  # rows may be centred before they become float32


class PCA(Estimator):
    """The coordinates of rows along the axes of largest variance.

    Parameters are scikit-learn's. n_components is a whole number, a share of the variance below 1, or None for all.
    Axes are exact under every name of a solver; each has its largest loading positive, as in scikit-learn from 1.5 on.
    Coordinates are of single precision.

    Attributes after fit(): components_ (k x d), explained_variance_, explained_variance_ratio_, singular_values_ (k),
    mean_ (d), noise_variance_, n_components_, n_samples_, n_features_in_."""

    def __init__(self, n_components=None, *, copy=True, whiten=False, svd_solver="auto", tol=0.0, iterated_power="auto",
                 n_oversamples=10, power_iteration_normalizer="auto", random_state=None):
        self.n_components = n_components
        self.copy = copy
        self.whiten = whiten
        self.svd_solver = svd_solver
        self.tol = tol
        self.iterated_power = iterated_power
        self.n_oversamples = n_oversamples
        self.power_iteration_normalizer = power_iteration_normalizer
        self.random_state = random_state

    def _axes_to_compute(self, most: int) -> int:
        """ValueError: n_components; NotImplementedError: "mle"."""
        if self.svd_solver not in ("auto", "full", "covariance_eigh", "arpack", "randomized"):
            raise ValueError(f"svd_solver expects auto, full, covariance_eigh, arpack or randomized, not "
                             f"{self.svd_solver!r}")
        if self.n_components == "mle":
            raise NotImplementedError("PCA: n_components='mle' is not in zsc")
        share = isinstance(self.n_components, (float, np.floating)) and 0 < self.n_components < 1
        return most if self.n_components is None or share else whole("n_components", self.n_components, 1, most)

    def _axes_to_keep(self, ratio) -> int:
        """The fewest axes whose share of the variance is above n_components, where that is a share."""
        if not isinstance(self.n_components, (float, np.floating)):
            return len(ratio)
        return min(int(np.searchsorted(np.cumsum(ratio), self.n_components, side="right")) + 1, len(ratio))

    def fit(self, X, y=None):
        """Finds the axes of the rows of X (n x d). y is not used."""
        self._fit(X)
        return self

    def _fit(self, X):
        rows, x = self._single_rows_to_fit(X, _SHIFTED)
        if len(x) < 2:
            raise ValueError(f"PCA expects 2 rows or more, and found n_samples = {len(x)}")
        dim = self._axes_to_compute(min(x.shape))
        mean, axis, variance = np.empty(x.shape[1]), np.empty((dim, x.shape[1])), np.empty(dim)
        with execution() as run:
            total = _core.pca_fit(x, mean, axis, variance, run)
        self._single_mean, self._total = mean, total
        self._keep(axis, np.maximum(variance, 0), rows)
        return rows, x

    def _keep(self, axis, variance, rows):
        n, most = len(rows), min(rows.shape)
        ratio = variance / self._total if self._total > 0 else np.zeros_like(variance)
        k = self._axes_to_keep(ratio)
        self._axis = np.ascontiguousarray(axis[:k])
        self.components_ = self._axis.astype(rows.dtype)
        self.mean_ = (self._single_mean + (0 if self._centre is None else self._centre)).astype(rows.dtype)
        self.explained_variance_, self.explained_variance_ratio_ = variance[:k].copy(), ratio[:k].copy()
        self.singular_values_ = np.sqrt(variance[:k] * (n - 1))
        self.noise_variance_ = float(max(0, self._total - variance[:k].sum()) / (most - k)) if k < most else 0.0
        self.n_components_, self.n_samples_ = k, n

    def _scaled(self, y, dtype):
        y = y.astype(dtype)
        if self.whiten:
            y /= np.sqrt(np.maximum(self.explained_variance_, np.finfo(dtype).tiny)).astype(dtype)
        return y

    def _project(self, rows, x):
        y = np.empty((len(x), self.n_components_), np.float32)
        with execution() as run:
            _core.pca_project(self._single_mean, self._axis, x, y, run)
        return self._scaled(y, rows.dtype)

    def fit_transform(self, X, y=None):
        """fit(X) and the rows' coordinates (n x k)."""
        rows, x = self._fit(X)
        if len(x) >= x.shape[1]:
            return self._project(rows, x)
        layout = np.empty((len(x), self.n_components_), np.float32)  # the program's own, where they round otherwise
        with execution() as run:
            _core.pca(x, layout, run)
        return self._scaled(layout, rows.dtype)

    def transform(self, X):
        """Coordinates (m x k) of rows."""
        return self._project(*self._single_rows_like_fitted(X))

    def inverse_transform(self, X):
        """Rows (m x d) that have these coordinates (m x k) along the axes, and none along others."""
        self._check_is_fitted()
        y = _arrays.as_matrix(X, "PCA.inverse_transform", _arrays.own_float)
        scale = np.sqrt(self.explained_variance_) if self.whiten else 1
        return (y * scale) @ self.components_ + self.mean_

    def get_feature_names_out(self, input_features=None):
        """pca0, pca1, ..."""
        self._check_is_fitted()
        return np.array([f"pca{i}" for i in range(self.n_components_)], dtype=object)
