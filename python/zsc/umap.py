"""UMAP with umap-learn's interface (doc/umap.md has the algorithm, doc/python.md the differences)."""
from __future__ import annotations

import warnings

import numpy as np

from . import _arrays, _core
from ._estimator import Estimator, real, whole
from ._execution import execution, seed_of
from ._metrics import metric_number
from ._neighbor_lists import lists_by_function, lists_of_table, needs_function, table_of

_OUTPUT_METRICS = ("euclidean", "l2")


class UMAP(Estimator):
    """Reduces rows to n_components dimensions, keeping neighbours together (McInnes, Healy, Melville 2018).

    Parameters are umap-learn's, with its defaults. random_state=None is seed 0: the same layout at every run, at any
    number of threads. init is "spectral", "pca", "random" or an array of n x n_components. NotImplementedError
    names an option that zsc lacks.

    Attributes after fit(): embedding_ (n x n_components, float32; NaN where a row has no neighbour nearer than
    disconnection_distance), graph_ (n x n sparse matrix, made when asked for),
    n_features_in_. Time about O(n) for the layout; the exact neighbours take most of it where n is small.
    """

    _keeps_dtypes = ("float32",)

    def __init__(self, n_neighbors=15, n_components=2, metric="euclidean", metric_kwds=None, output_metric="euclidean",
                 output_metric_kwds=None, n_epochs=None, learning_rate=1.0, init="spectral", min_dist=0.1, spread=1.0,
                 low_memory=True, n_jobs=-1, set_op_mix_ratio=1.0, local_connectivity=1.0, repulsion_strength=1.0,
                 negative_sample_rate=5, transform_queue_size=4.0, a=None, b=None, random_state=None,
                 angular_rp_forest=False, target_n_neighbors=-1, target_metric="categorical", target_metric_kwds=None,
                 target_weight=0.5, transform_seed=42, transform_mode="embedding", force_approximation_algorithm=False,
                 verbose=False, tqdm_kwds=None, unique=False, densmap=False, dens_lambda=2.0, dens_frac=0.3,
                 dens_var_shift=0.1, output_dens=False, disconnection_distance=None,
                 precomputed_knn=(None, None, None)):
        self.n_neighbors = n_neighbors
        self.n_components = n_components
        self.metric = metric
        self.metric_kwds = metric_kwds
        self.output_metric = output_metric
        self.output_metric_kwds = output_metric_kwds
        self.n_epochs = n_epochs
        self.learning_rate = learning_rate
        self.init = init
        self.min_dist = min_dist
        self.spread = spread
        self.low_memory = low_memory
        self.n_jobs = n_jobs
        self.set_op_mix_ratio = set_op_mix_ratio
        self.local_connectivity = local_connectivity
        self.repulsion_strength = repulsion_strength
        self.negative_sample_rate = negative_sample_rate
        self.transform_queue_size = transform_queue_size
        self.a = a
        self.b = b
        self.random_state = random_state
        self.angular_rp_forest = angular_rp_forest
        self.target_n_neighbors = target_n_neighbors
        self.target_metric = target_metric
        self.target_metric_kwds = target_metric_kwds
        self.target_weight = target_weight
        self.transform_seed = transform_seed
        self.transform_mode = transform_mode
        self.force_approximation_algorithm = force_approximation_algorithm
        self.verbose = verbose
        self.tqdm_kwds = tqdm_kwds
        self.unique = unique
        self.densmap = densmap
        self.dens_lambda = dens_lambda
        self.dens_frac = dens_frac
        self.dens_var_shift = dens_var_shift
        self.output_dens = output_dens
        self.disconnection_distance = disconnection_distance
        self.precomputed_knn = precomputed_knn

    # --- options
    def _check_values(self):
        """ValueError: an option is outside of its limits."""
        real("min_dist", self.min_dist, 0, real("spread", self.spread))
        for name, low, high in (("set_op_mix_ratio", 0, 1), ("local_connectivity", 0, 1e6), ("learning_rate", 0, 1e6),
                                ("repulsion_strength", 0, 1e6), ("dens_lambda", 0, 1e300), ("dens_frac", 0, 1),
                                ("dens_var_shift", 0, 1e300), ("target_weight", 0, 1)):
            real(name, getattr(self, name), low, high)
        whole("n_neighbors", self.n_neighbors, 2)
        whole("n_components", self.n_components, 1)
        whole("negative_sample_rate", self.negative_sample_rate, 0)
        if self.n_epochs is not None:
            whole("n_epochs", self.n_epochs, 0)
        if self.target_n_neighbors != -1:
            whole("target_n_neighbors", self.target_n_neighbors, 2)
        if self.n_jobs is not None and self.n_jobs != -1:
            whole("n_jobs", self.n_jobs, 1)
        if self.tqdm_kwds is not None and not isinstance(self.tqdm_kwds, dict):
            raise ValueError(f"tqdm_kwds expects a dictionary, not {self.tqdm_kwds!r}")
        if self.disconnection_distance is not None:
            real("disconnection_distance", self.disconnection_distance)
        if isinstance(self.init, str) and self.init not in ("spectral", "pca", "random"):
            raise ValueError(f"init expects spectral, pca, random or an array, not {self.init!r}")
        if self.metric == "precomputed" and self.unique:
            raise ValueError("unique rows are not defined for metric='precomputed'")

    def _check_output_metric(self):
        metric = self.output_metric
        if isinstance(metric, str) and metric in _OUTPUT_METRICS:
            return
        if self.densmap:
            raise ValueError("densmap is defined for the Euclidean output_metric alone")
        if metric == "haversine" and self.n_components != 2:
            raise ValueError("output_metric='haversine' is defined for n_components=2 alone")
        with_gradient = ("manhattan", "chebyshev", "minkowski", "cosine", "correlation", "haversine", "mahalanobis",
                         "hyperboloid", "gaussian_energy", "canberra", "braycurtis", "seuclidean", "wminkowski")
        if isinstance(metric, str) and metric in with_gradient:
            raise NotImplementedError(f"UMAP: output_metric={metric!r} is not in zsc: layouts are Euclidean")
        if callable(metric) and np.ndim(metric(np.zeros(2), np.ones(2))) > 0:
            raise NotImplementedError("UMAP: output_metric as a function is not in zsc: layouts are Euclidean")
        raise ValueError(f"output_metric expects a distance that has a gradient, not {metric!r}")

    def _check_options(self):
        self._check_values()
        self._check_output_metric()
        self._refuse(densmap=(False,), output_dens=(False,), transform_mode=("embedding",),
                     output_metric_kwds=(None, {}), target_metric_kwds=(None, {}))

    def _options(self, n: int, metric: int) -> tuple:
        """The tuple that the module takes; umap_check refuses what is outside of limits."""
        self._a, self._b = (self.a, self.b) if self.a and self.b else _core.umap_fit_ab(self.spread, self.min_dist)
        init = _core.INITS[self.init if isinstance(self.init, str) else "given"]
        given = self.a and self.b
        method = _core.KNN_METHODS["approx" if self.force_approximation_algorithm else "auto"]
        options = (self.n_components, self.n_neighbors, metric, method, self.min_dist, self.spread,
                   self.a if given else 0.0, self.b if given else 0.0, self.set_op_mix_ratio, self.local_connectivity,
                   -1 if self.n_epochs is None else self.n_epochs, self.learning_rate, self.repulsion_strength,
                   self.negative_sample_rate, init, self.unique, seed_of(self.random_state),
                   self._disconnection_distance(), self.target_weight)
        _core.umap_check(options)
        return options

    def _disconnection_distance(self) -> float:
        """As in umap-learn: of bounded distances the largest one joins nothing; 0: all neighbours are joined."""
        if self.disconnection_distance is None:
            return 1.0 if self.metric in ("jaccard", "dice", "hellinger") else 0.0
        return 0.0 if np.isinf(self.disconnection_distance) else self.disconnection_distance

    def _initial_layout(self, n: int) -> np.ndarray:
        if isinstance(self.init, str):
            return np.empty((n, self.n_components), np.float32)
        y = np.array(_arrays.real_numbers(self.init, "UMAP", "init"), dtype=np.float32, order="C")
        if y.shape != (n, self.n_components):
            raise ValueError(f"init expects an array of {n} x {self.n_components} numbers, and found {y.shape}")
        return y

    # --- neighbours
    def _lists(self, x, metric, run):
        """Indices and distances of the neighbours of x; None, None: the module searches them."""
        k = min(self.n_neighbors, len(x) - 1)
        given = self.precomputed_knn[0] if self.precomputed_knn is not None else None
        if given is not None:
            if self.unique:
                raise ValueError("unique rows and precomputed_knn exclude each other")
            return _checked_lists(self.precomputed_knn, len(x), k)
        if self.metric == "precomputed":
            return lists_of_table(self._table, k, own=True)
        if metric is None:
            return lists_by_function(x, x, self.metric, self.metric_kwds, k, own=True)
        return None, None

    def fit(self, X, y=None):
        """Lays the rows of X (n x d, or n x n distances with metric="precomputed") out. y: categories of any type that
        supervise the layout, missing where they are -1, NaN, None or an empty text.

        ValueError: options or X; NotImplementedError: an option that zsc lacks."""
        self._check_options()
        x = self._distances_to_fit(X) if self.metric == "precomputed" else self._vectors_to_fit(X)
        self._labels = self._target(y, len(x))
        self._sparse_data = _arrays.is_sparse(X)
        options = self._options(len(x), self._number or 0)
        self._warn_of_few_rows(len(x))
        self._lay_out(x, options, self._initial_layout(len(x)))
        self._fitted_options = options
        return self

    def _vectors_to_fit(self, X):
        rows = self._rows_to_fit(X, _arrays.exact_float, sparse=True)
        if self.metric == "hellinger" and rows.min() < 0:
            raise ValueError("metric='hellinger' is not defined for numbers below 0")
        self._number = self._metric_number_for(rows.shape[1])
        return self._narrowed_vectors(rows)

    def _narrowed_vectors(self, rows):
        self._rows = rows  # the caller's array, where no copy was needed: for update(), which centres all rows anew
        return self._narrowed_to_fit(rows, _core.METRICS["cosine"] if self._number is None else self._number)

    def _distances_to_fit(self, X):
        """Distances as what stands for rows, where there are no vectors: only initialisation looks at them."""
        self._rows_to_fit(X, sparse=True)
        self._number, self._centre, self._table = None, None, table_of(X)
        if self._table.shape[0] != self._table.shape[1]:
            raise ValueError(f"metric='precomputed' expects as many columns as rows, and found {self._table.shape}")
        return _finite(self._table)

    def _metric_number_for(self, columns: int):
        """libzsc's number of the metric; None: neighbours are searched here."""
        if needs_function(self.metric, columns, self.metric_kwds):
            return None
        return metric_number(self.metric, self.metric_kwds, "UMAP")

    def _lay_out(self, x, options, layout):
        """Lays x out from what layout holds, where that is given; x and the layout are kept."""
        self._layout, self._raw_data, disconnected = layout, x, np.zeros(len(x), bool)
        self.__dict__.pop("_graph", None)
        if len(x) == 1:
            self._layout[:], self._n_neighbors = 0, 1
        else:
            with execution(self.n_jobs, self.verbose, self.tqdm_kwds) as run:
                index, distance = self._lists(x, self._number, run)
                report = _core.umap_fit(x, self._layout, options, index, distance, self._labels, disconnected, run)
            self._n_neighbors = report[1]
        self.embedding_ = self._layout
        if disconnected.any():  # as umap-learn: they have no place
            few = disconnected.sum() < len(x) / 10
            warnings.warn(f"A {'few' if few else 'large number'} of your vertices are disconnected from the manifold: "
                          f"{disconnected.sum()} of {len(x)} rows have no neighbour nearer than "
                          f"disconnection_distance={self._disconnection_distance()}; their coordinates are NaN")
            self.embedding_ = self._layout.copy()
            self.embedding_[disconnected] = np.nan

    def _warn_of_few_rows(self, n):
        if self.n_neighbors >= n > 1:
            warnings.warn(f"n_neighbors is larger than the dataset size; truncating to {n - 1}")

    def _target(self, y, n):
        if y is None:
            return None
        if self.target_metric != "categorical":
            raise NotImplementedError(f"UMAP: target_metric={self.target_metric!r} is not in zsc, but categorical")
        labels = _arrays.target_codes(y)
        if len(labels) != n:
            raise ValueError(f"y has {len(labels)} rows, where X has {n}")
        return labels

    def fit_transform(self, X, y=None):
        """fit(X, y) and embedding_."""
        return self.fit(X, y).embedding_

    def transform(self, X):
        """Coordinates (m x n_components) of new rows in the layout; with metric="precomputed" of distances (m x n) to
        its rows. A row's result does not depend on the others; a row of the layout gets its own coordinates."""
        self._check_is_fitted()
        if len(self._raw_data) == 1:
            raise ValueError("UMAP.transform is not defined for a layout of one row")
        return self._transform(*self._new_rows(X))

    def _new_rows(self, X):
        """New rows as float32, and their neighbours where the module does not search them."""
        k = min(self.n_neighbors, len(self._raw_data))
        if self.metric == "precomputed":
            self._rows_like_fitted(X, sparse=True)
            table = table_of(X)
            return _finite(table), *lists_of_table(table, k, own=False)
        _, x = self._single_rows_like_fitted(X, sparse=True)
        if self._number is None:
            return x, *lists_by_function(x, self._raw_data, self.metric, self.metric_kwds, k, own=False)
        return x, None, None

    def _transform(self, x, index, distance):
        out = np.empty((len(x), self.embedding_.shape[1]), np.float32)
        layout = np.where(np.isnan(self.embedding_), self._layout, self.embedding_).astype(np.float32, order="C")
        with execution(self.n_jobs, self.verbose, self.tqdm_kwds) as run:
            _core.umap_transform(self._raw_data, layout, x, out, self._fitted_options, index, distance, run)
        return out

    def inverse_transform(self, X):
        """Not in zsc. ValueError where umap-learn has none either."""
        self._check_is_fitted()
        if self._sparse_data or self._number is None:
            raise ValueError(f"inverse_transform is not defined for sparse rows and metric={self.metric!r}")
        raise NotImplementedError("UMAP.inverse_transform is not in zsc")

    def update(self, X):
        """Adds the rows of X (m x d) to the layout: they start where transform() puts them, the others where they are,
        and all are laid out again. ValueError: metric="precomputed", or a supervised layout."""
        self._check_is_fitted()
        if self.metric == "precomputed" or self._labels is not None:
            raise ValueError("update is not defined for metric='precomputed' or a supervised layout")
        layout = np.concatenate([self._layout, self._transform(*self._new_rows(X))])
        rows = self._rows_like_fitted(X, _arrays.exact_float, sparse=True)
        options = (*self._fitted_options[:14], _core.INITS["given"], *self._fitted_options[15:])
        self._lay_out(self._narrowed_vectors(np.concatenate([self._rows, rows])), options, layout)
        return self

    def get_feature_names_out(self, input_features=None):
        """umap0, umap1, ..., as scikit-learn names the columns of transform()."""
        self._check_is_fitted()
        return np.array([f"umap{i}" for i in range(self.embedding_.shape[1])], dtype=object)

    # --- what umap-learn has as attributes, made when asked for
    @property
    def graph_(self):
        """The fuzzy simplicial set: a sparse n x n matrix of SciPy's, weights in (0, 1]. Searches the neighbours
        again."""
        if "_graph" not in self.__dict__:
            self._check_is_fitted()
            self._make_graph()
        return self._graph

    def _make_graph(self):
        from scipy.sparse import csr_matrix

        x, k = self._raw_data, max(1, min(self.n_neighbors, len(self._raw_data) - 1))
        with execution(self.n_jobs) as run:
            index, distance = self._lists(x, self._number, run)
            if index is None:
                index, distance = np.empty((len(x), k), np.int32), np.empty((len(x), k), np.float32)
                method, seed = self._fitted_options[3], self._fitted_options[16]
                _core.knn_search(x, index, distance, self._number, method, seed, run)
            if self._disconnection_distance() > 0:
                far = distance >= self._disconnection_distance()
                index, distance = np.where(far, np.int32(-1), index), np.where(far, np.float32(np.inf), distance)
            self._sigmas, self._rhos = np.empty(len(x), np.float32), np.empty(len(x), np.float32)
            offset, column, weight = _core.fuzzy_simplicial_set(
                index, distance, self.local_connectivity, self.set_op_mix_ratio, self._labels, self.target_weight,
                self._sigmas, self._rhos, run)
        self._knn_indices, self._knn_dists = index, distance
        parts = np.frombuffer(weight, np.float32), np.frombuffer(column, np.int32), np.frombuffer(offset, np.uintp)
        self._graph = csr_matrix((parts[0], parts[1], parts[2].astype(np.int64)), shape=(len(x), len(x)))


def _finite(table: np.ndarray) -> np.ndarray:
    """Distances, with the largest one where they are infinite."""
    infinite = np.isinf(table)
    return np.where(infinite, table[~infinite].max(initial=0), table) if infinite.any() else table


def _checked_lists(knn, n: int, k: int):
    """precomputed_knn's indices and distances, k of each row."""
    index, distance = knn[:2] if len(knn) > 1 else (None, None)
    if not isinstance(index, np.ndarray) or not isinstance(distance, np.ndarray):
        raise ValueError("precomputed_knn expects two arrays of NumPy: indices and distances")
    if index.shape != distance.shape or index.ndim != 2 or len(index) != n or index.shape[1] < k:
        raise ValueError(f"precomputed_knn expects two arrays of {n} x {k} or more, and found {index.shape} and "
                         f"{distance.shape}")
    if index.dtype.kind not in "iu" or index.min() < -1 or index.max() >= n:
        raise ValueError(f"precomputed_knn expects whole numbers from 0 to {n - 1} as indices, or -1 for none, and "
                         f"found {index.dtype} from {index.min()} to {index.max()}")
    return (np.ascontiguousarray(index[:, :k], np.int32), np.ascontiguousarray(distance[:, :k], np.float32))
