"""zsc under scikit-learn and umap-learn, where its answer is the same.

install() replaces functions of theirs by ones that compute with zsc, and fall back to the originals for whatever zsc
does otherwise, or not at all; programs that use the libraries stay as they are. uninstall() puts the originals back.

What is replaced: scikit-learn's scores of clusterings; its unstructured trees of Ward, complete and average linkage
(Euclidean, in double precision, where no merge is a tie); umap-learn's search of neighbours, which becomes exact. What
is not: single linkage (scikit-learn lists the two parts of a merge in the order of its spanning tree), layouts of UMAP
(other random numbers), k-means and HDBSCAN (other random numbers, other numbering)."""
from __future__ import annotations

import functools
import importlib
import sys

import numpy as np

_SCORES = ("adjusted_mutual_info_score", "adjusted_rand_score", "completeness_score", "fowlkes_mallows_score",
           "homogeneity_completeness_v_measure", "homogeneity_score", "normalized_mutual_info_score", "rand_score",
           "v_measure_score", "pair_confusion_matrix")
_replaced: list[tuple[object, str, object]] = []


def install() -> list[str]:
    """Puts zsc under scikit-learn and umap-learn, as far as they are installed; the names of what it replaces.

    Names that other modules have imported from theirs before are replaced there too."""
    if _replaced:
        return installed()
    for put in (_scores, _trees, _neighbors):
        try:
            put()
        except ImportError:
            continue
    return installed()


def installed() -> list[str]:
    """The names that are replaced at present."""
    functions = [(name, original) for place, name, original in _replaced if not isinstance(place, dict)]
    return sorted({f"{original.__module__}.{name}" for name, original in functions})


def uninstall() -> None:
    """Puts the originals back."""
    while _replaced:
        place, name, original = _replaced.pop()
        if isinstance(place, dict):
            place[name] = original
        else:
            setattr(place, name, original)


def _replace(module: str, name: str, make) -> None:
    """Puts make(original) wherever the libraries' modules, and whoever imported from them, hold the original."""
    original = getattr(importlib.import_module(module), name)
    new = functools.wraps(original)(make(original))
    for place in list(sys.modules.values()):
        if place is not None and getattr(place, "__dict__", {}).get(name) is original:
            _replaced.append((place, name, original))
            setattr(place, name, new)


# --- scikit-learn: scores
def _scores():
    from . import scores

    importlib.import_module("sklearn.metrics.cluster")
    for name in _SCORES:
        _replace("sklearn.metrics.cluster", name, functools.partial(_score, getattr(scores, name)))


def _score(ours, original):
    """Labels that are not integers or texts go to the original, which warns of them."""

    def plain(labels):
        texts = labels.dtype.kind == "O" and all(isinstance(label, str) for label in labels.flat)
        return labels.ndim == 1 and (texts or labels.dtype.kind in "iubUS")

    def call(labels_true, labels_pred, **kwargs):
        pair = [np.asarray(labels) for labels in (labels_true, labels_pred)]
        if len(pair[0]) != len(pair[1]) or not all(map(plain, pair)):
            return original(labels_true, labels_pred, **kwargs)
        return ours(*pair, **kwargs)

    return call


# --- scikit-learn: trees
def _trees():
    module = importlib.import_module("sklearn.cluster._agglomerative")
    _replace(module.__name__, "ward_tree", _ward_tree)
    _replace(module.__name__, "linkage_tree", _linkage_tree)
    builders = module._TREE_BUILDERS
    for method in ("ward", "complete", "average"):
        _replaced.append((builders, method, builders[method]))
        ours = functools.partial(module.linkage_tree, linkage=method)
        builders[method] = module.ward_tree if method == "ward" else ours


def _tree(x, method: str, metric: str, return_distance: bool):
    """(children, n_connected_components, n_leaves, parents[, distances]), or None where merges tie: their order is each
    library's own."""
    from .agglomerative import linkage

    x = np.asarray(x)
    if x.ndim != 2 or len(x) < 2 or x.dtype.kind not in "fiu":
        return None
    z = linkage(np.asarray(x, np.float64), method, metric)
    heights = z[:, 2]
    if (np.diff(heights) <= 1e-12 * heights[1:]).any():
        return None
    children = z[:, :2].astype(np.intp)
    return (children, 1, len(x), None, heights.copy()) if return_distance else (children, 1, len(x), None)


def _ward_tree(original):
    def call(X, *, connectivity=None, n_clusters=None, return_distance=False):
        if connectivity is None and n_clusters is None:
            tree = _tree(X, "ward", "euclidean", return_distance)
            if tree is not None:
                return tree
        return original(X, connectivity=connectivity, n_clusters=n_clusters, return_distance=return_distance)

    return call


def _linkage_tree(original):
    def call(X, connectivity=None, n_clusters=None, linkage="complete", affinity="euclidean", return_distance=False):
        known = linkage in ("complete", "average") and isinstance(affinity, str)
        if known and connectivity is None and n_clusters is None and affinity in ("euclidean", "l2"):
            tree = _tree(X, linkage, "euclidean", return_distance)
            if tree is not None:
                return tree
        return original(X, connectivity=connectivity, n_clusters=n_clusters, linkage=linkage, affinity=affinity,
                        return_distance=return_distance)

    return call


# --- umap-learn: neighbours
def _exact_lists(x, k: int, metric: str):
    from ._core import KNN_METHODS, METRICS, knn_search
    from ._execution import execution

    index, distance = np.empty((len(x), k), np.int32), np.empty((len(x), k), np.float32)
    with execution() as run:
        knn_search(x, index, distance, METRICS[metric], KNN_METHODS["exact"], 0, run)
    return index, distance


class ExactIndex:
    """Stands where umap-learn keeps its NN-descent index, with what it uses of it."""

    _angular_trees = False

    def __init__(self, x, k: int, metric: str):
        self._raw_data, self._k, self._metric = x, k, metric

    def prepare(self):
        """Nothing has to be prepared."""

    def query(self, X, k: int = 10, epsilon: float = 0.0):
        """Indices and distances (m x k) of the nearest rows; epsilon has no effect: they are exact."""
        from .neighbors import NearestNeighbors

        distance, index = NearestNeighbors(metric=self._metric).fit(self._raw_data).kneighbors(X, k)
        return index.astype(np.int32), distance.astype(np.float32)

    def update(self, X):
        """Adds rows."""
        self._raw_data = np.concatenate([self._raw_data, np.ascontiguousarray(X, np.float32)])

    @property
    def neighbor_graph(self):
        """Indices and distances (n x k) of each row's nearest rows, itself first."""
        return _exact_lists(self._raw_data, self._k, self._metric)


def _neighbors():
    importlib.import_module("umap.umap_")
    _replace("umap.umap_", "nearest_neighbors", _nearest_neighbors)


def _nearest_neighbors(original):
    from ._core import METRICS

    def call(X, n_neighbors, metric, metric_kwds, *args, **kwargs):
        plain = isinstance(X, np.ndarray) and X.ndim == 2 and isinstance(metric, str) and metric in METRICS
        if not plain or metric_kwds or n_neighbors > len(X):
            return original(X, n_neighbors, metric, metric_kwds, *args, **kwargs)
        index = ExactIndex(np.ascontiguousarray(X, np.float32), n_neighbors, metric)
        return *index.neighbor_graph, index

    return call
