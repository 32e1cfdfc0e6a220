"""Scores against scikit-learn's, curves against single cuts; labels of every type."""
import numpy as np
import pytest

import zsc

metrics = pytest.importorskip("sklearn.metrics")
cluster = pytest.importorskip("sklearn.metrics.cluster")

EXTERNAL = ["adjusted_mutual_info_score", "adjusted_rand_score", "completeness_score", "fowlkes_mallows_score",
            "homogeneity_score", "mutual_info_score", "normalized_mutual_info_score", "rand_score", "v_measure_score"]
INTERNAL = ["calinski_harabasz_score", "davies_bouldin_score", "silhouette_score", "silhouette_samples"]


@pytest.mark.parametrize("name", EXTERNAL)
@pytest.mark.parametrize("seed", range(5))
def test_external_scores_are_scikit_learns(name, seed):
    generator = np.random.default_rng(seed)
    true, pred = generator.integers(0, 1 + 7 * seed, 300), generator.integers(-3, 9, 300)
    assert getattr(zsc, name)(true, pred) == pytest.approx(getattr(metrics, name)(true, pred), abs=1e-12)


@pytest.mark.parametrize("name", INTERNAL)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_internal_scores_are_scikit_learns(name, dtype, blobs):
    x, labels = blobs
    x = x.astype(dtype)
    assert np.allclose(getattr(zsc, name)(x, labels), getattr(metrics, name)(x.astype(np.float64), labels), atol=1e-12)


@pytest.mark.parametrize("metric", ["manhattan", "cosine", "precomputed"])
def test_silhouettes_of_other_distances(metric, blobs):
    x, labels = blobs[0].astype(np.float64), blobs[1]
    if metric == "precomputed":
        x = metrics.pairwise_distances(x)
    ours = zsc.silhouette_samples(x, labels, metric=metric)
    assert np.allclose(ours, metrics.silhouette_samples(x, labels, metric=metric), atol=1e-12)


def test_means_of_entropies_and_weights():
    true, pred = [0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 2, 0]
    for mean in ("arithmetic", "geometric", "min", "max"):
        for name in ("adjusted_mutual_info_score", "normalized_mutual_info_score"):
            ours = getattr(zsc, name)(true, pred, average_method=mean)
            assert ours == pytest.approx(getattr(metrics, name)(true, pred, average_method=mean), abs=1e-12)
    assert zsc.v_measure_score(true, pred, beta=0.3) == pytest.approx(metrics.v_measure_score(true, pred, beta=0.3))
    with pytest.raises(ValueError, match="average_method"):
        zsc.adjusted_mutual_info_score(true, pred, average_method="mean")


def test_tables_of_counts():
    generator = np.random.default_rng(0)
    true, pred = generator.integers(0, 5, 100), generator.integers(0, 4, 100)
    table = cluster.contingency_matrix(true, pred)
    assert (zsc.contingency_matrix(true, pred) == table).all()
    assert (zsc.contingency_matrix(true, pred, sparse=True).toarray() == table).all()
    assert (zsc.pair_confusion_matrix(true, pred) == cluster.pair_confusion_matrix(true, pred)).all()
    assert zsc.expected_mutual_information(table, 100) == pytest.approx(
        cluster.expected_mutual_information(table, 100), abs=1e-12)
    assert zsc.entropy(true) == pytest.approx(cluster.entropy(true))
    assert zsc.mutual_info_score(None, None, contingency=table) == pytest.approx(metrics.mutual_info_score(true, pred))


@pytest.mark.parametrize("convert", [
    list, tuple, lambda v: np.array(v, np.int8), lambda v: np.array(v, np.uint64), lambda v: np.array(v, float),
    lambda v: np.array(v, bool), lambda v: [f"Genus species {i}" for i in v],
    lambda v: np.array([str(i) for i in v], "S9"),
    lambda v: np.array([(i, "x") if i else None for i in v] + [0], dtype=object)[:-1],
    lambda v: np.array([v, v], np.int16).T[:, 0], lambda v: np.array(v)[::-1][::-1],
])
def test_labels_of_any_type(convert):
    labels, clusters = [0, 1, 1, 0, 1, 1, 0], [5, 7, 7, 5, 5, 7, 5]
    assert zsc.adjusted_rand_score(convert(labels), clusters) == zsc.adjusted_rand_score(labels, clusters)
    assert zsc.adjusted_rand_score(clusters, convert(labels)) == zsc.adjusted_rand_score(labels, clusters)


def test_labels_that_are_refused():
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[2, 3\]"):
        zsc.rand_score([0, 1], [0, 1, 2])
    with pytest.raises(ValueError, match="1D"):
        zsc.rand_score([[0, 1]], [0, 1])
    with pytest.raises(ValueError, match="NaN"):
        zsc.rand_score([0, np.nan], [0, 1])
    for unknown in (float("nan"), np.datetime64("NaT")):
        with pytest.raises(ValueError, match="labels_true contains NaN"):
            zsc.rand_score(np.array(["a", unknown, "b"], dtype=object), [0, 1, 1])
    with pytest.raises(ValueError, match="labels_pred contains NaN"):
        zsc.adjusted_mutual_info_score([0, 1, 1], np.ma.array([0, 1, 1], mask=[0, 0, 1]))
    with pytest.raises(ValueError, match="labels contains NaN"):
        zsc.silhouette_score([[0.0], [1.0], [2.0]], np.array(["a", np.nan, "b"], dtype=object))
    with pytest.raises(ValueError, match="Number of labels is 1"):
        zsc.silhouette_score([[0.0], [1.0], [2.0]], [1, 1, 1])


def test_labels_of_pandas():
    pandas = pytest.importorskip("pandas")
    texts, codes = ["b", "a", "b", "a", "c"], [1, 0, 1, 0, 2]
    for labels in (pandas.Categorical(texts), pandas.Series(texts, dtype="string"), pandas.array(codes, dtype="Int64"),
                   pandas.Series([(text, 1) for text in texts])):
        assert zsc.adjusted_rand_score(labels, codes) == 1
    for labels in (pandas.Categorical(["a", None, "b"]), pandas.array(["a", None, "b"], dtype="string"),
                   pandas.array([0, None, 1], dtype="Int64"), pandas.to_datetime(["2020-01-01", None, "2020-01-02"])):
        with pytest.raises(ValueError, match="NaN"):
            zsc.adjusted_rand_score(labels, [0, 1, 2])


def missing_labels_of_every_kind():
    """Six labels of three classes, of which the second and fifth row lack one."""
    nan, texts = float("nan"), ["c", None, "b", "a", None, "c"]
    days = np.array(["2020-01-03", "NaT", "2020-01-02", "2020-01-01", "NaT", "2020-01-03"], "M8[D]")
    kinds = [texts, np.array([2, nan, 1, 0, nan, 2]), np.array([2.0, nan, 1.0, 0.0, float("nan"), 2.0], object),
             np.array(["c", nan, "b", "a", "", "c"], object), ["c", "", "b", "a", "", "c"], [2, -1, 1, 0, -1, 2],
             np.ma.array([2, 1, 1, 0, 0, 2], mask=[0, 1, 0, 0, 1, 0]), days]
    try:
        import pandas
    except ImportError:
        return kinds
    return [*kinds, pandas.array(texts, dtype="string"), pandas.Categorical(texts),
            pandas.array([2, None, 1, 0, None, 2], dtype="Int64")]


@pytest.mark.parametrize("labels", missing_labels_of_every_kind(), ids=lambda v: str(getattr(v, "dtype", "list")))
def test_missing_labels(labels):
    """Numbers that are sorted with NaN among them come apart: none is two classes."""
    x = np.array([[0.0], [5.0], [10.0], [20.0], [30.0], [0.5]])
    curve = zsc.ami_curve(zsc.linkage(x, "ward"), labels)
    assert (curve.rows, curve.missing, curve.classes) == (4, 2, 3)
    codes = zsc._arrays.target_codes(labels)
    assert codes[1] == codes[4] == -1 and codes[0] == codes[5] != -1
    assert len({*codes[[0, 2, 3]]}) == 3


def test_numbers_as_objects_with_nan_among_them(blobs):
    x, labels = blobs
    some = labels.astype(object)
    some[::5] = float("nan")
    z = zsc.linkage(x, "ward")
    assert zsc.ami_curve(z, some).classes == 6
    assert (zsc.ami_curve(z, some).ami[1:-1] == zsc.ami_curve(z, some.astype(float)).ami[1:-1]).all()


def test_silhouette_of_equal_distances_is_0():
    """As scikit-learn has it: the fourth row is as far from both."""
    x, labels = [[0.0], [1.0], [1.0], [2.0], [3.0], [3.0]], [0, 1, 1, 1, 2, 2]
    for metric in ("euclidean", "manhattan"):
        assert zsc.silhouette_samples(x, labels, metric=metric).tolist() == [0, 0.5, 0.5, 0, 1, 1]


def test_curve_is_ami_of_each_cut(blobs):
    x, labels = blobs
    z = zsc.linkage(x, "ward")
    names = np.array([f"species {i}" for i in labels], dtype=object)
    names[::17] = None
    curve = zsc.ami_curve(z, names)
    known = np.array([name is not None for name in names])
    assert (curve.rows, curve.missing, curve.classes) == (known.sum(), (~known).sum(), 6)
    for k in (2, 6, 40, 599):
        cut = zsc.AgglomerativeClustering(k).fit_predict(x)
        ami = zsc.adjusted_mutual_info_score(names[known].astype(str), cut[known])
        assert curve.ami[k - 1] == pytest.approx(ami, abs=1e-12)
    assert curve.best_clusters == 6 and curve.best_ami == np.nanmax(curve.ami)
    assert zsc.ami_curve(z, names, missing="class").classes == 7
