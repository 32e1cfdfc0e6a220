"""scikit-learn's scores of a clustering (doc/metrics.md), and AMI at every cut of a dendrogram.

Labels are arrays or lists of any type; all scores with two labellings are of the same contingency table. scikit-learn's
limit cases hold: two labellings of one class each agree, with a score of 1."""
from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import sqrt

import numpy as np

from . import _arrays, _core
from ._execution import execution
from ._metrics import metric_number

_AVERAGES = ("arithmetic", "max", "min", "geometric")  # in the order of zsc_average
_EPS = np.finfo(np.float64).eps


def _refuse_nan(labels, name: str) -> None:
    unknown, _ = _arrays.nan_labels(labels)
    if unknown.any() or (np.asarray(labels).dtype.kind == "f" and np.isinf(labels).any()):
        raise ValueError(f"{name} contains NaN or infinity; leave such rows out, or name them")


def _labellings(labels_true, labels_pred):
    """Both labellings as arrays. ValueError: not 1D, of different lengths, or with NaN."""
    pair = []
    for name, labels in (("labels_true", labels_true), ("labels_pred", labels_pred)):
        _refuse_nan(labels, name)
        labels = np.asarray(labels)
        if labels.ndim != 1:
            raise ValueError(f"{name} must be 1D: shape is {labels.shape!r}")
        if labels.dtype.kind == "f" and len(labels) and (labels != np.floor(labels)).any():
            warnings.warn("Clustering metrics expects discrete values but received continuous values for "
                          f"{name.replace('labels_', 'label')[:5]}, and {name} are taken as they are", UserWarning)
        pair.append(labels)
    if len(pair[0]) != len(pair[1]):
        raise ValueError(f"Found input variables with inconsistent numbers of samples: [{len(pair[0])}, "
                         f"{len(pair[1])}]")
    return pair


def _numbers(labels) -> np.ndarray:
    """Labels as int64: whole numbers as they are, others by codes."""
    if labels.dtype.kind in "iub" and labels.dtype != np.uint64:
        return np.ascontiguousarray(labels, np.int64)
    return _arrays.as_codes(labels).astype(np.int64)


def _scores(labels_true, labels_pred) -> dict:
    true, pred = _labellings(labels_true, labels_pred)
    with execution() as run:
        return _core.score(_numbers(true), _numbers(pred), run)


def _trivial(s: dict) -> bool:
    """Both labellings have one class at most: nothing is divided."""
    return s["classes"] == s["clusters"] <= 1


def _average_number(average_method: str) -> int:
    if average_method not in _AVERAGES:
        raise ValueError(f"'average_method' must be 'min', 'geometric', 'arithmetic', or 'max', got {average_method!r}")
    return _AVERAGES.index(average_method)


def _mean(u: float, v: float, number: int) -> float:
    return ((u + v) / 2, max(u, v), min(u, v), sqrt(u * v))[number]


def adjusted_mutual_info_score(labels_true, labels_pred, *, average_method: str = "arithmetic") -> float:
    """AMI: 1 is perfect agreement, 0 what chance gives (Vinh et al. 2010). average_method: arithmetic, max, min,
    geometric."""
    number, s = _average_number(average_method), _scores(labels_true, labels_pred)
    if _trivial(s):
        return 1.0
    ami = s["ami"][number]
    if ami == ami:
        return ami
    return 1.0 if s["classes"] == s["clusters"] == s["rows"] else 0.0  # all rows are alone in both, or one is undivided


def normalized_mutual_info_score(labels_true, labels_pred, *, average_method: str = "arithmetic") -> float:
    """Mutual information by the mean of the entropies, 0 to 1."""
    number, s = _average_number(average_method), _scores(labels_true, labels_pred)
    if _trivial(s):
        return 1.0
    if s["mi"] <= _EPS:
        return 0.0
    nmi = s["nmi"][number]
    return nmi if nmi == nmi else s["mi"] / max(_mean(s["h_classes"], s["h_clusters"], number), _EPS)


def mutual_info_score(labels_true, labels_pred, *, contingency=None) -> float:
    """Mutual information in nats; contingency: a table of counts (classes x clusters) in place of the labels."""
    if contingency is not None:
        labels_true, labels_pred = _labels_of_table(contingency)
    return _scores(labels_true, labels_pred)["mi"]


def _labels_of_table(contingency):
    table = np.asarray(contingency.todense() if hasattr(contingency, "todense") else contingency)
    counts = table.ravel()
    if (counts != np.floor(counts)).any() or (counts < 0).any():
        raise NotImplementedError("contingency tables of other than whole numbers are not in zsc")
    cell = np.repeat(np.arange(table.size), counts.astype(np.int64))
    return cell // table.shape[1], cell % table.shape[1]


def expected_mutual_information(contingency, n_samples) -> float:
    """The mean mutual information, in nats, of random labellings with the sums of this table (classes x clusters)."""
    true, pred = _labels_of_table(contingency)
    if len(true) != n_samples:
        raise ValueError(f"n_samples is {n_samples}, where the table counts {len(true)}")
    return _scores(true, pred)["emi"]


def entropy(labels) -> float:
    """Entropy in nats; 1.0 of no labels, as scikit-learn has it."""
    return _scores(labels, np.zeros(len(labels), np.int32))["h_classes"] if len(labels) else 1.0


def _one_if_undivided(s: dict, name: str) -> float:
    value = s[name]
    return value if value == value else 1.0


def adjusted_rand_score(labels_true, labels_pred) -> float:
    """ARI: 1 is perfect agreement, 0 what chance gives."""
    return _one_if_undivided(_scores(labels_true, labels_pred), "ari")


def fowlkes_mallows_score(labels_true, labels_pred, *, sparse: bool = False) -> float:
    """The geometric mean of the precision and recall of pairs; sparse has no effect: no table is made."""
    value = _scores(labels_true, labels_pred)["fmi"]
    return value if value == value else 0.0


def homogeneity_score(labels_true, labels_pred) -> float:
    """1 where each cluster has rows of one class."""
    return _one_if_undivided(_scores(labels_true, labels_pred), "homogeneity")


def completeness_score(labels_true, labels_pred) -> float:
    """1 where the rows of each class are in one cluster."""
    return _one_if_undivided(_scores(labels_true, labels_pred), "completeness")


def homogeneity_completeness_v_measure(labels_true, labels_pred, *, beta: float = 1.0):
    """Homogeneity, completeness and their weighted harmonic mean."""
    s = _scores(labels_true, labels_pred)
    if not s["rows"]:
        return 1.0, 1.0, 1.0
    h, c = s["homogeneity"], s["completeness"]
    return h, c, (1 + beta) * h * c / (beta * h + c) if h + c > 0 else 0.0


def v_measure_score(labels_true, labels_pred, *, beta: float = 1.0) -> float:
    """The harmonic mean of homogeneity and completeness, the latter with a weight of beta."""
    return homogeneity_completeness_v_measure(labels_true, labels_pred, beta=beta)[2]


def pair_confusion_matrix(labels_true, labels_pred):
    """Ordered pairs of rows, 2 x 2 (int64): apart or together by labels_true (row), by labels_pred (column)."""
    return np.array(_scores(labels_true, labels_pred)["pairs"], np.int64)


def rand_score(labels_true, labels_pred) -> float:
    """The share of pairs of rows on which both labellings agree."""
    return _one_if_undivided(_scores(labels_true, labels_pred), "ri")


def contingency_matrix(labels_true, labels_pred, *, eps=None, sparse: bool = False, dtype=np.int64):
    """Counts of rows, classes x clusters; eps is added to each, sparse gives a CSR matrix of SciPy's."""
    true, pred = (_arrays.as_codes(labels) for labels in _labellings(labels_true, labels_pred))
    shape = (int(true.max()) + 1, int(pred.max()) + 1) if len(true) else (0, 0)
    if sparse:
        if eps is not None:
            raise ValueError("Cannot set 'eps' when sparse=True")
        from scipy.sparse import coo_matrix

        table = coo_matrix((np.ones(len(true), dtype), (true, pred)), shape=shape, dtype=dtype).tocsr()
        table.sum_duplicates()
        return table
    cells = np.bincount(true.astype(np.int64) * shape[1] + pred, minlength=shape[0] * shape[1])
    table = cells.reshape(shape).astype(dtype)
    return table if eps is None else table + eps


# --- without labels
def _rows_and_codes(X, labels, caller: str):
    """X as an array, labels as codes. ValueError: not as many labels as rows, or not 2 .. n - 1 clusters."""
    x = _arrays.as_matrix(X, caller, _arrays.own_float)
    _arrays.check_finite(x, caller)
    _refuse_nan(labels, "labels")
    codes = _arrays.as_codes(labels)
    if len(codes) != len(x):
        raise ValueError(f"Found input variables with inconsistent numbers of samples: [{len(x)}, {len(codes)}]")
    clusters = int(codes.max()) + 1
    if not 1 < clusters < len(x):
        raise ValueError(f"Number of labels is {clusters}. Valid values are 2 to n_samples - 1 (inclusive)")
    return x, codes


def _internal_scores(X, labels, caller: str):
    x, codes = _rows_and_codes(X, labels, caller)
    with execution() as run:
        return _core.score_internal(x, codes, run)


def _table_of(x, metric: str, kwds, caller: str):
    """Distances of all pairs (n x n, float64): x itself where they are given."""
    if metric == "precomputed":
        if x.shape[0] != x.shape[1]:
            raise ValueError(f"{caller}: metric='precomputed' expects as many columns as rows, and found {x.shape}")
        if (np.abs(np.diagonal(x)) > 100 * np.finfo(x.dtype).eps).any():
            raise ValueError("The precomputed distance matrix contains non-zero elements on the diagonal. Use "
                             "np.fill_diagonal(X, 0).")
        return x
    condensed = np.empty(len(x) * (len(x) - 1) // 2)
    with execution() as run:
        _core.pairwise_distances(x, condensed, metric_number(metric, kwds, caller), run)
    table = np.zeros((len(x), len(x)))
    table[np.triu_indices(len(x), 1)] = condensed
    return table + table.T


def _silhouettes_of_table(table, codes):
    """Silhouettes from n x n distances (Rousseeuw 1987)."""
    member = np.zeros((len(codes), int(codes.max()) + 1))
    member[np.arange(len(codes)), codes] = 1
    sums, sizes, own = table @ member, member.sum(axis=0), (np.arange(len(codes)), codes)
    within = sums[own] / np.maximum(sizes[codes] - 1, 1)
    sums /= sizes
    sums[own] = np.inf
    between = sums.min(axis=1)
    with np.errstate(invalid="ignore"):
        values = (between - within) / np.maximum(within, between)
    values[(sizes[codes] == 1) | np.isnan(values) | (np.abs(values) <= 4 * _EPS)] = 0  # as for the Euclidean distance
    return values


def silhouette_samples(X, labels, *, metric="euclidean", **kwds):
    """The silhouette of each row of X (n x d; n x n distances with metric="precomputed"), -1 to 1, 0 where a row is
    alone. Of metrics other than euclidean a table of n x n distances is made."""
    x, codes = _rows_and_codes(X, labels, "silhouette_samples")
    if metric in ("euclidean", "l2") and not kwds:
        values = np.empty(len(x))
        with execution() as run:
            _core.silhouette_samples(x, codes, values, run)
        return values
    return _silhouettes_of_table(_table_of(x, metric, kwds, "silhouette_samples"), codes)


def silhouette_score(X, labels, *, metric="euclidean", sample_size=None, random_state=None, **kwds) -> float:
    """The mean silhouette of the rows of X (n x d), -1 to 1. O(n^2 d) time; O(n + clusters d) memory of the Euclidean
    distance, n^2 of others. sample_size: of so many rows that random_state draws."""
    if sample_size is not None:
        generator = random_state if hasattr(random_state, "permutation") else np.random.RandomState(random_state)
        chosen = generator.permutation(len(labels))[:sample_size]
        X, labels = np.asarray(X)[chosen], np.asarray(labels)[chosen]
        X = X[:, chosen] if metric == "precomputed" else X
    if metric in ("euclidean", "l2") and not kwds:
        return _internal_scores(X, labels, "silhouette_score")[0]
    return float(np.mean(silhouette_samples(X, labels, metric=metric, **kwds)))


def davies_bouldin_score(X, labels) -> float:
    """The mean over clusters of the largest similarity to another one; lower is better."""
    return _internal_scores(X, labels, "davies_bouldin_score")[1]


def calinski_harabasz_score(X, labels) -> float:
    """Variance between clusters by that within; higher is better."""
    return _internal_scores(X, labels, "calinski_harabasz_score")[2]


# --- over all cuts
@dataclass(frozen=True)
class AmiCurve:
    """AMI at every number of clusters of one dendrogram: ami[k - 1] at k clusters, NaN where it is not defined."""

    ami: np.ndarray
    rows: int
    missing: int
    classes: int
    best_clusters: int
    best_ami: float


def ami_curve(Z, labels, *, missing: str = "drop") -> AmiCurve:
    """AMI (arithmetic mean) with labels at every cut of the linkage matrix Z ((n - 1) x 4), in O(n log n).

    Labels are missing where they are None, NaN, an empty text or below 0: such rows are left out, or are one class more
    with missing="class"."""
    if missing not in ("drop", "class"):
        raise ValueError(f"missing expects drop or class, not {missing!r}")
    z = _arrays.as_matrix(Z, "ami_curve", np.float64, name="Z")
    codes = _arrays.missing_codes(labels)
    if len(codes) != len(z) + 1:
        raise ValueError(f"labels has {len(codes)} rows, where the dendrogram has {len(z) + 1}")
    with execution() as run:
        ami, *rest = _core.ami_curve(z, codes, missing == "class", run)
    return AmiCurve(np.frombuffer(ami, np.float64).copy(), *rest)
