"""Neighbours that libzsc does not search: from given distances, and by distances that SciPy or the caller computes."""
from __future__ import annotations

import numpy as np

from ._core import METRICS

_SCIPY = frozenset(("braycurtis", "canberra", "dice", "hamming", "jaccard", "jensenshannon", "kulsinski", "mahalanobis",
                    "matching", "minkowski", "rogerstanimoto", "russellrao", "seuclidean", "sokalmichener",
                    "sokalsneath", "sqeuclidean", "yule"))
# umap-learn's further names, which are refused as what zsc lacks and not as unknown
_LACKING = frozenset(("hellinger", "ll_dirichlet", "poincare", "hyperboloid", "symmetric_kl", "wminkowski",
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
    if metric in _SCIPY:
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


def lists_of_precomputed(distances: np.ndarray, k: int):
    """Neighbours from an n x n matrix of distances, whose diagonal is taken as 0."""
    distances = distances.copy()
    np.fill_diagonal(distances, 0)
    if (distances < 0).any():
        raise ValueError("metric='precomputed' expects distances of 0 or more")
    index, distance = nearest(distances, k)
    own_first(index, distance)
    return index, distance


def _block(rows, keys, metric, kwds):
    from scipy.spatial.distance import cdist

    if callable(metric):
        def value(a, b):
            result = metric(a, b, **(kwds or {}))
            return result[0] if np.ndim(result) or isinstance(result, tuple) else result  # (distance, gradient)
        return np.array([[value(a, b) for b in keys] for a in rows], dtype=np.float64).reshape(len(rows), len(keys))
    return cdist(rows.astype(np.float64), keys.astype(np.float64), metric, **(kwds or {}))


def lists_by_function(rows, keys, metric, kwds, k: int, own: bool):
    """The k nearest keys of each row, every pair being measured; own: rows and keys are the same."""
    step = max(1, _BLOCK_BYTES // (8 * len(keys)))
    parts = [nearest(np.nan_to_num(_block(rows[i : i + step], keys, metric, kwds), copy=False), k)
             for i in range(0, len(rows), step)]
    index, distance = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    if own:
        own_first(index, distance)
    return index, distance
