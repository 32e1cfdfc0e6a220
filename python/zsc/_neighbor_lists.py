"""Neighbours that libzsc does not search: from given distances, and by distances that SciPy or the caller computes."""
from __future__ import annotations

import numpy as np

from ._core import METRICS

# of which elements count that are not 0, and what they are does not matter
_BINARY = frozenset(("dice", "jaccard", "kulsinski", "matching", "rogerstanimoto", "russellrao", "sokalmichener",
                     "sokalsneath", "yule"))
_SCIPY = _BINARY | {"braycurtis", "canberra", "hamming", "jensenshannon", "mahalanobis", "minkowski", "seuclidean",
                    "sqeuclidean"}
# umap-learn's further names, which are refused as what zsc lacks and not as unknown
_LACKING = frozenset(("ll_dirichlet", "poincare", "hyperboloid", "symmetric_kl", "wminkowski",
                      "weighted_minkowski", "standardised_euclidean", "true_angular", "count_distance", "ordinal",
                      "hierarchical_categorical", "categorical", "string", "spectral_wasserstein", "wasserstein"))
_BLOCK_BYTES = 64 << 20


def needs_function(metric, columns: int, kwds=None) -> bool:
    """Whether neighbours under metric are searched here. ValueError: there is no such metric; NotImplementedError: zsc
    lacks it."""
    if callable(metric) or metric == "precomputed":
        return True
    if metric == "minkowski" and (kwds or {}).get("p", 2) in (1, 2, float("inf")):
        return False
    if not isinstance(metric, str):
        raise ValueError(f"metric expects the name of a distance or a function, not {metric!r}")
    if metric in _SCIPY or metric == "hellinger":
        return True
    if metric == "haversine" and columns != 2:
        raise ValueError(f"metric='haversine' expects 2 columns, latitude and longitude, and found {columns}")
    if metric in _LACKING or metric == "haversine":
        raise NotImplementedError(f"metric={metric!r} is not in zsc")
    if metric not in METRICS:
        raise ValueError(f"metric={metric!r} is unknown; zsc has {', '.join(sorted(METRICS))}, and SciPy's")
    return False


def nearest(distances: np.ndarray, k: int):
    """The k smallest of each row, ascending in (distance, index)."""
    index = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return (np.ascontiguousarray(index, np.int32),
            np.ascontiguousarray(np.take_along_axis(distances, index, 1), np.float32))


def own_first(index: np.ndarray, distance: np.ndarray) -> None:
    """Puts each row first in its own list, as the graph expects, also where repeats are as near."""
    for i in np.flatnonzero(index[:, 0] != np.arange(len(index))):
        at = np.flatnonzero(index[i] == i)
        end = at[0] if len(at) else index.shape[1] - 1
        index[i, 1 : end + 1], distance[i, 1 : end + 1] = index[i, :end].copy(), distance[i, :end].copy()
        index[i, 0], distance[i, 0] = i, 0


def table_of(distances) -> np.ndarray:
    """Given distances as float32: of a sparse matrix, those that it lacks are infinite. ValueError: below 0, or NaN."""
    if hasattr(distances, "tocoo"):
        sparse = distances.tocoo()
        table = np.full(sparse.shape, np.inf, np.float32)
        table[sparse.row, sparse.col] = sparse.data
    else:
        table = np.array(distances, dtype=np.float32)
    if not (table >= 0).all():
        raise ValueError("metric='precomputed' expects distances of 0 or more, and no NaN")
    return table


def lists_of_table(table: np.ndarray, k: int, own: bool):
    """The k nearest of each row of distances; own: rows and columns are the same, and the diagonal is 0. ValueError: a
    row has fewer finite distances."""
    if own:
        np.fill_diagonal(table, 0)
    index, distance = nearest(table, k)
    if np.isinf(distance).any():
        row = np.flatnonzero(np.isinf(distance).any(axis=1))[0]
        raise ValueError(f"row {row} (from 0) has fewer than {k} distances")
    if own:
        own_first(index, distance)
    return index, distance


def _hellinger(rows, keys):
    """umap-learn's: 0 between rows of zeros, 1 to others."""
    product = np.sqrt(rows) @ np.sqrt(keys).T
    scale = np.sqrt(np.outer(rows.sum(axis=1), keys.sum(axis=1)))
    share = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
    share[np.ix_(rows.sum(axis=1) == 0, keys.sum(axis=1) == 0)] = 1
    share[share > 1 - 1e-12] = 1  # rows in proportion, but for rounding
    return np.sqrt(np.maximum(0, 1 - share))


def _by_calls(rows, keys, metric, kwds):
    """Distances by a function of two rows, which may give its gradient as well: (distance, gradient)."""
    def value(a, b):
        result = metric(a, b, **kwds)
        return result[0] if isinstance(result, (tuple, list)) else result

    return np.array([[value(a, b) for b in keys] for a in rows], dtype=np.float64).reshape(len(rows), len(keys))


def _block(rows, keys, metric, kwds):
    kwds = kwds or {}
    if callable(metric):
        return _by_calls(rows, keys, metric, kwds)
    rows, keys = rows.astype(np.float64), keys.astype(np.float64)
    if metric == "hellinger":
        return _hellinger(rows, keys)
    from scipy.spatial.distance import cdist

    if metric in _BINARY:
        rows, keys = rows != 0, keys != 0
    return cdist(rows, keys, metric, **kwds)


def lists_by_function(rows, keys, metric, kwds, k: int, own: bool):
    """The k nearest keys of each row, every pair being measured; own: rows and keys are the same."""
    step = max(1, _BLOCK_BYTES // (8 * len(keys)))
    parts = [nearest(np.nan_to_num(_block(rows[i : i + step], keys, metric, kwds), copy=False), k)
             for i in range(0, len(rows), step)]
    index, distance = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    if own:
        own_first(index, distance)
    return index, distance
