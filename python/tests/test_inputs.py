"""Arrays of every stride and type, and options that are refused, by name."""
import pickle

import numpy as np
import pytest

import zsc

ESTIMATORS = [zsc.UMAP(n_epochs=20), zsc.AgglomerativeClustering(6), zsc.HDBSCAN(), zsc.KMeans(6)]


def answer(estimator, x):
    estimator.fit(x)
    return getattr(estimator, "labels_", None) if hasattr(estimator, "labels_") else estimator.embedding_


# Rows in types that have more digits than float32 are centred before they become float32 (UMAP, KMeans, HDBSCAN), so
# that they are compared among themselves.
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("convert", [
    lambda x: np.asfortranarray(x), lambda x: np.repeat(x, 2, axis=0)[::2], lambda x: x[::-1][::-1],
    lambda x: np.repeat(x, 3, axis=1)[:, ::3], lambda x: x.astype(">f4"), lambda x: np.ma.masked_array(x),
], ids=["fortran", "rows", "backwards", "columns", "big-endian", "masked"])
def test_any_array_of_the_same_numbers(estimator, convert, blobs):
    x = blobs[0]
    assert (answer(estimator, convert(x)) == answer(estimator, x)).all()


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("convert", [
    lambda x: x.tolist(), lambda x: x.astype(object), lambda x: x.astype(np.longdouble), lambda x: x.astype(">f8"),
], ids=["list", "objects", "long", "big-endian"])
def test_any_array_of_the_same_double_numbers(estimator, convert, blobs):
    x = blobs[0].astype(np.float64)
    assert (answer(estimator, convert(x)) == answer(estimator, x)).all()


@pytest.mark.parametrize("dtype, like", [(bool, "f4"), (np.int8, "f4"), (np.uint16, "f4"), (np.float16, "f4"),
                                         (np.int32, "f8"), (np.int64, "f8"), (np.uint64, "f8")])
def test_any_type_of_numbers(dtype, like, blobs):
    x = (blobs[0] > 0) if dtype is bool else np.abs(np.round(blobs[0]))
    for estimator in ESTIMATORS:
        own = "f8" if isinstance(estimator, zsc.AgglomerativeClustering) else like
        assert (answer(estimator, x.astype(dtype)) == answer(estimator, x.astype(own))).all()


def test_double_precision_is_kept_where_zero_is_far():
    """Differences of 1e-3 around 1e6, of which float32 keeps none."""
    labels = np.arange(90) % 3
    x = np.random.default_rng(0).normal(size=(90, 4)) * 1e-5 + labels[:, None] * 1e-3
    far = x + 1e6
    for estimator in (zsc.KMeans(3), zsc.HDBSCAN()):
        assert zsc.adjusted_rand_score(estimator.fit_predict(far), labels) == 1
    model = zsc.KMeans(3).fit(far)
    assert (model.predict(far) == model.labels_).all()
    assert np.allclose(np.sort(model.cluster_centers_[:, 0]), 1e6 + np.arange(3) * 1e-3, atol=1e-5)
    index = zsc.NearestNeighbors(n_neighbors=5).fit(far).kneighbors(return_distance=False)
    assert (labels[index] == labels[:, None]).all()
    layout = zsc.UMAP(n_neighbors=10, n_epochs=50).fit(far)
    assert zsc.trustworthiness(far, layout.embedding_) > 0.9
    assert (layout.transform(far[:7]) == layout.embedding_[:7]).all()


def test_the_callers_array_is_not_written(blobs):
    x = blobs[0].copy()
    x.flags.writeable = False
    for estimator in ESTIMATORS:
        answer(estimator, x)
    assert (x == blobs[0]).all()


@pytest.mark.parametrize("estimator", [*ESTIMATORS, zsc.NearestNeighbors()], ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("value, error, said", [
    (np.zeros((0, 3)), ValueError, "0 sample"), (np.zeros((9, 0)), ValueError, "0 feature"),
    (np.zeros(9), ValueError, "2D"), (np.zeros((3, 3, 3)), ValueError, "2D"), ([["a", "b"]] * 9, ValueError, "."),
    (np.full((9, 2), np.nan), ValueError, "NaN"),
    ([[1e300, -1e300]] * 5 + [[-1e300, 1e300]] * 5, ValueError, "infinity|NaN|single precision|float"),
    (np.zeros((9, 2), complex), ValueError, "Complex"), (None, ValueError, "2D"),
    (np.ma.array(np.eye(9), mask=np.eye(9)), ValueError, "masked in 9 places"),
    (np.zeros((9, 2), "M8[D]"), ValueError, "dates"), (np.zeros((9, 2), "m8[s]"), ValueError, "durations"),
])
def test_rows_that_are_refused(estimator, value, error, said):
    if isinstance(estimator, zsc.AgglomerativeClustering) and "float" in said:
        pytest.skip("clusters in double precision")
    with pytest.raises(error, match=said):
        estimator.fit(value)


def test_missing_numbers_of_pandas_are_refused():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match="pandas.NA"):
        zsc.KMeans(2).fit(pandas.DataFrame({"a": pandas.array([1, None] * 5, dtype="Int64")}))
    whole = pandas.DataFrame({"a": pandas.array([1, 9] * 5, dtype="Int64")})
    assert zsc.KMeans(2).fit_predict(whole).tolist() == [0, 1] * 5


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_refusals_without_warnings():
    """Infinities of both signs have no sum, and large numbers an infinite one."""
    for value in (np.array([[np.inf, 1], [-np.inf, 2]]), np.array([[np.inf, 1], [-np.inf, 2]], np.float32)):
        with pytest.raises(ValueError, match=r"2 of 2 rows, first row 0, column 0 \(from 0\)"):
            zsc.linkage(value)
    assert zsc.linkage([1.7e308] * 6)[:, 2].tolist() == [1.7e308] * 3


def test_masked_arrays_without_a_mask_are_rows(blobs):
    x = blobs[0]
    assert (zsc.KMeans(6).fit_predict(np.ma.array(x)) == zsc.KMeans(6).fit_predict(x)).all()


@pytest.mark.parametrize("call", [
    lambda: zsc.linkage([1j, 2, 3]), lambda: zsc.linkage(np.ma.array([1.0, 2, 3], mask=[1, 0, 0])),
    lambda: zsc.KMeans(2, init=[[1j], [2]]).fit([[1.0], [2.0]]),
    lambda: zsc.UMAP(init=np.zeros((9, 2), complex), n_neighbors=3).fit(np.eye(9)),
])
def test_other_numbers_that_are_refused(call):
    with pytest.raises(ValueError, match="Complex|masked"):
        call()


@pytest.mark.parametrize("estimator", [
    zsc.UMAP(n_neighbors=10**30), zsc.UMAP(n_components=10**30), zsc.UMAP(n_epochs=10**30),
    zsc.UMAP(negative_sample_rate=10**30), zsc.HDBSCAN(min_cluster_size=10**30), zsc.HDBSCAN(min_samples=10**30),
    zsc.KMeans(2, max_iter=10**30), zsc.KMeans(2, n_init=10**30),
], ids=repr)
def test_numbers_beyond_the_machine_are_refused(estimator, blobs):
    with pytest.raises(ValueError, match="whole number"):
        estimator.fit(blobs[0])


@pytest.mark.parametrize("change, said", [
    (lambda i, d: (i + 2**32, d), "whole numbers from 0 to 59"), (lambda i, d: (i + 0.5, d), "float64"),
    (lambda i, d: (i - 100, d), "whole numbers"), (lambda i, d: (i,), "two arrays"),
])
def test_neighbours_that_are_refused(change, said, blobs):
    x = blobs[0][:60]
    distance, index = zsc.NearestNeighbors(n_neighbors=5).fit(x).kneighbors(x)
    zsc.UMAP(n_neighbors=5, n_epochs=2, precomputed_knn=(index, distance)).fit(x)
    with pytest.raises(ValueError, match=said):
        zsc.UMAP(n_neighbors=5, n_epochs=2, precomputed_knn=change(index, distance)).fit(x)


def test_hdbscan_of_noise_alone():
    model = zsc.HDBSCAN(min_cluster_size=9, store_centers="centroid").fit(np.eye(9))
    assert (model.labels_ == -1).all() and model.stabilities_.shape == (0,) and model.centroids_.shape == (0, 9)


def test_nan_is_told_with_its_row():
    x = np.zeros((9, 2), np.float32)
    x[7, 1] = np.nan
    with pytest.raises(ValueError, match=r"1 of 9 rows, first row 7, column 1 \(from 0\)"):
        zsc.KMeans(2).fit(x)


def test_sentences_of_the_library_count_rows_from_0():
    z = zsc.linkage(np.arange(8.0)[:, None], "average")
    z[3, 0] = 99
    with pytest.raises(ValueError, match="row 3 of the linkage matrix merges cluster 99"):
        zsc.ami_curve(z, np.arange(8) % 2)


@pytest.mark.parametrize("estimator, name", [
    (zsc.UMAP(densmap=True), "densmap"), (zsc.UMAP(output_metric="haversine"), "output_metric"),
    (zsc.UMAP(metric="poincare"), "poincare"), (zsc.UMAP(transform_mode="graph"), "transform_mode"),
    (zsc.KMeans(init="random"), "init"), (zsc.HDBSCAN(alpha=2.0), "alpha"), (zsc.HDBSCAN(metric="haversine"), "metric"),
    (zsc.HDBSCAN(store_centers="medoid"), "store_centers"), (zsc.AgglomerativeClustering(memory="/tmp"), "memory"),
    (zsc.NearestNeighbors(metric="minkowski", p=3), "metric"),
], ids=lambda v: v if isinstance(v, str) else "")
def test_options_that_zsc_lacks(estimator, name, blobs):
    with pytest.raises(NotImplementedError, match=name):
        estimator.fit(np.abs(blobs[0]))


def test_methods_and_arguments_that_zsc_lacks(blobs):
    x = blobs[0]
    for call, name in [
        (lambda: zsc.KMeans(2).fit(x, sample_weight=np.ones(len(x))), "sample_weight"),
        (lambda: zsc.NearestNeighbors().fit(x).radius_neighbors(x), "radius_neighbors"),
        (lambda: zsc.UMAP(n_epochs=5).fit(x).inverse_transform(np.zeros((1, 2))), "inverse_transform"),
    ]:
        with pytest.raises(NotImplementedError, match=name):
            call()


def test_neighbours_are_those_of_every_pair(blobs):
    x = blobs[0][:200].astype(np.float64)
    distances = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
    found = zsc.NearestNeighbors(n_neighbors=4).fit(x)
    distance, index = found.kneighbors(x)
    assert (index == np.argsort(distances, axis=1, kind="stable")[:, :4]).all()
    assert np.allclose(distance, np.sort(distances, axis=1)[:, :4], atol=1e-5)
    assert (found.kneighbors(return_distance=False) == np.argsort(distances, axis=1)[:, 1:5]).all()
    graph = found.kneighbors_graph(mode="distance")
    assert graph.shape == (200, 200) and graph.nnz == 800


def test_umap_of_given_and_other_distances(blobs):
    scipy_distance = pytest.importorskip("scipy.spatial.distance")
    x = blobs[0][:150]
    table = scipy_distance.cdist(x.astype(np.float64), x.astype(np.float64))
    for estimator, rows in [
        (zsc.UMAP(metric="precomputed", n_epochs=30), table),
        (zsc.UMAP(metric="braycurtis", n_epochs=30), np.abs(x)),
        (zsc.UMAP(metric=lambda a, b: np.abs(a - b).sum(), n_neighbors=5, n_epochs=30), x[:30]),
    ]:
        layout = estimator.fit_transform(rows)
        assert layout.shape == (len(rows), 2) and np.isfinite(layout).all()


def test_umap_places(blobs):
    x = blobs[0]
    model = zsc.UMAP(n_neighbors=10).fit(x)
    assert (model.transform(x[5:9]) == model.embedding_[5:9]).all()
    one_by_one = np.concatenate([model.transform(x[i : i + 1] + 0.01) for i in range(20)])
    assert (model.transform(x[:20] + 0.01) == one_by_one).all()
    graph = model.graph_
    assert graph.shape == (600, 600) and abs(graph - graph.T).max() == 0
    assert 0 < graph.data.min() <= graph.data.max() <= 1
    start = np.random.default_rng(2).normal(size=(600, 2))
    kept = start.copy()
    given = [zsc.UMAP(init=s, n_epochs=0).fit_transform(x) for s in (start, start.astype(np.float32))]
    assert (given[0] == given[1]).all()
    assert (start == kept).all()


def test_kmeans_predicts_its_own_labels(blobs):
    model = zsc.KMeans(6, random_state=3).fit(blobs[0])
    assert (model.predict(blobs[0]) == model.labels_).all()
    assert (model.transform(blobs[0]).argmin(axis=1) == model.labels_).all()
    assert -model.score(blobs[0]) == pytest.approx(model.inertia_, rel=1e-5)
    assert zsc.adjusted_rand_score(blobs[1], model.labels_) == 1
    again = zsc.KMeans(6, init=model.cluster_centers_).fit(blobs[0])
    assert (again.labels_ == model.labels_).all()


def test_seeds():
    x = np.random.default_rng(0).normal(size=(100, 4))
    same = [zsc.UMAP(n_epochs=9, random_state=s).fit_transform(x).tobytes() for s in (None, 0, np.int64(0))]
    assert len(set(same)) == 1
    assert zsc.UMAP(n_epochs=9, random_state=1).fit_transform(x).tobytes() != same[0]
    drawn = [zsc.UMAP(n_epochs=9, random_state=np.random.RandomState(4)).fit_transform(x).tobytes() for _ in range(2)]
    assert drawn[0] == drawn[1]
    with pytest.raises(ValueError, match="seed"):
        zsc.UMAP(random_state="one").fit(x)


def test_fitted_models_are_kept_by_pickle(blobs):
    for estimator in ESTIMATORS:
        estimator.fit(blobs[0])
        copy = pickle.loads(pickle.dumps(estimator))
        assert repr(copy) == repr(estimator)
        assert copy.get_params() == estimator.get_params()
    model = zsc.UMAP(n_epochs=5).fit(blobs[0])
    assert (pickle.loads(pickle.dumps(model)).transform(blobs[0] + 1) == model.transform(blobs[0] + 1)).all()


def test_a_supervised_layout(blobs):
    """Rows of no structure, which labels tell apart; of other types, the same labels give the same layout."""
    generator = np.random.default_rng(8)
    x, labels = generator.normal(size=(300, 6)), np.arange(300) % 3
    plain, supervised = zsc.UMAP().fit_transform(x), zsc.UMAP(target_weight=0.9).fit(x, labels)

    def silhouette(layout):
        return zsc.silhouette_score(layout, labels)

    assert silhouette(supervised.embedding_) > silhouette(plain) + 0.3
    names = np.array([f"species {i}" for i in labels], dtype=object)
    assert (zsc.UMAP(target_weight=0.9).fit_transform(x, names) == supervised.embedding_).all()
    some, unnamed = labels.copy(), names.copy()
    some[::4], unnamed[::4] = -1, None
    partly = zsc.UMAP().fit_transform(x, some)
    assert (zsc.UMAP().fit_transform(x, unnamed) == partly).all() and (partly != plain).any()
    assert supervised.graph_.nnz <= zsc.UMAP().fit(x).graph_.nnz
    with pytest.raises(ValueError, match="299 rows"):
        zsc.UMAP().fit(x, labels[:299])
    with pytest.raises(NotImplementedError, match="target_metric"):
        zsc.UMAP(target_metric="l2").fit(x, labels)


def test_rows_that_are_far_from_all(blobs):
    x = blobs[0].copy()
    x[17] += 1000
    with pytest.warns(UserWarning, match="few.*1 of 600 rows"):
        model = zsc.UMAP(disconnection_distance=100.0).fit(x)
    assert np.isnan(model.embedding_[17]).all() and np.isfinite(np.delete(model.embedding_, 17, axis=0)).all()
    assert model.graph_[17].nnz == 0 and np.isfinite(model.transform(x[:5] + 0.1)).all()


def test_new_rows_by_other_distances(blobs):
    """transform() where neighbours are searched in Python: near rows are put near, rows of the layout stay."""
    distance = pytest.importorskip("scipy.spatial.distance")
    sparse = pytest.importorskip("scipy.sparse")
    x = np.abs(blobs[0][:200].astype(np.float64))
    near = x[:30] + 1e-4
    for metric in ("hellinger", "braycurtis", lambda a, b: np.abs(a - b).sum()):
        rows = 60 if callable(metric) else 200
        model = zsc.UMAP(metric=metric, n_neighbors=8, n_epochs=50).fit(x[:rows])
        assert (model.transform(x[:9]) == model.embedding_[:9]).all()
        spread = np.ptp(model.embedding_, axis=0).max()
        assert np.median(np.abs(model.transform(near) - model.embedding_[:30]).max(axis=1)) < spread / 4
    table = distance.cdist(x, x)
    model = zsc.UMAP(metric="precomputed", n_neighbors=8, n_epochs=50).fit(table)
    assert (model.transform(table[:9]) == model.embedding_[:9]).all()
    nearest = np.where(np.argsort(np.argsort(table, axis=1), axis=1) < 20, table, 0)  # of each row the nearest 20
    few = zsc.UMAP(metric="precomputed", n_neighbors=8, n_epochs=50).fit(sparse.csr_matrix(nearest))
    assert (few.graph_ != model.graph_).nnz == 0
    with pytest.raises(ValueError, match="fewer than 8 distances"):
        zsc.UMAP(metric="precomputed", n_neighbors=8).fit(sparse.csr_matrix(np.where(nearest > 2, 0, nearest)))
    with pytest.raises(ValueError, match="0 or more"):
        zsc.UMAP(metric="precomputed").fit(-table)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_that_are_added(dtype, blobs):
    """update() has the neighbours of a fit of all rows, and leaves rows near where they were."""
    x = blobs[0].astype(dtype)
    model = zsc.UMAP(n_neighbors=10).fit(x[:550])
    before = model.embedding_.copy()
    model.update(x[550:])
    assert model.embedding_.shape == (600, 2)
    assert (model.graph_ != zsc.UMAP(n_neighbors=10).fit(x).graph_).nnz == 0
    assert zsc.trustworthiness(before, model.embedding_[:550]) > 0.9
    with pytest.raises(ValueError, match="supervised"):
        zsc.UMAP(n_epochs=5).fit(x, blobs[1]).update(x)
