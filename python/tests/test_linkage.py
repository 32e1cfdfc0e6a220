"""Dendrograms and cuts against SciPy and scikit-learn."""
import numpy as np
import pytest

import zsc

hierarchy = pytest.importorskip("scipy.cluster.hierarchy")
METHODS = ["single", "complete", "average", "weighted", "centroid", "median", "ward"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("of_rows", [True, False])
def test_linkage_is_scipys(method, of_rows):
    x = np.random.default_rng(3).normal(size=(160, 5))
    y = x if of_rows else hierarchy.distance.pdist(x)
    ours, peers = zsc.linkage(y, method), hierarchy.linkage(y, method)
    assert np.abs(ours[:, 2] - peers[:, 2]).max() <= 1e-13 * peers[:, 2].max()
    assert (ours[:, [0, 1, 3]] == peers[:, [0, 1, 3]]).all()


@pytest.mark.parametrize("method", METHODS)
def test_linkage_is_fastclusters(method):
    """Heights at 1e-13 of the largest, of rows and of distances; its linkage_vector where that has the method."""
    fastcluster = pytest.importorskip("fastcluster")
    for seed, shape in enumerate([(2, 3), (3, 1), (40, 2), (300, 10)]):
        x = np.random.default_rng(seed).normal(size=shape)
        distances = hierarchy.distance.pdist(x)
        pairs = [(zsc.linkage(x, method), fastcluster.linkage(x, method)),
                 (zsc.linkage(distances, method), fastcluster.linkage(distances, method))]
        if method in ("single", "centroid", "median", "ward"):
            pairs.append((zsc.linkage(x, method), fastcluster.linkage_vector(x, method)))
        for ours, theirs in pairs:
            assert np.abs(ours[:, 2] - theirs[:, 2]).max() <= 1e-13 * theirs[:, 2].max()
            assert (ours[:, [0, 1, 3]] == theirs[:, [0, 1, 3]]).all()


@pytest.mark.parametrize("metric", ["cosine", "cityblock", "chebyshev", "correlation"])
def test_linkage_of_other_distances(metric):
    x = np.random.default_rng(4).normal(size=(90, 6))
    ours, peers = zsc.linkage(x, "average", metric), hierarchy.linkage(x, "average", metric)
    assert np.abs(ours - peers).max() < 1e-12


def test_flat_clusters_are_scipys():
    for seed in range(20):
        x = np.random.default_rng(seed).integers(0, 4 + seed, size=(60, 2)).astype(float)
        z = zsc.linkage(x, "average")
        for t in (1, 2, 5, 30, 60):
            assert (zsc.fcluster(z, t, "maxclust") == hierarchy.fcluster(z, t, "maxclust")).all()
        for t in (0, 0.5, 2, 100):
            assert (zsc.fcluster(z, t, "distance") == hierarchy.fcluster(z, t, "distance")).all()


@pytest.mark.parametrize("linkage", ["ward", "complete", "average", "single"])
def test_labels_are_scikit_learns(linkage):
    peers = pytest.importorskip("sklearn.cluster")
    x = np.random.default_rng(5).normal(size=(150, 4))
    for settings in ({"n_clusters": 7}, {"n_clusters": 1}, {"n_clusters": 150},
                     {"n_clusters": None, "distance_threshold": 1.1}):
        ours = zsc.AgglomerativeClustering(linkage=linkage, **settings).fit(x)
        theirs = peers.AgglomerativeClustering(linkage=linkage, compute_full_tree=True, **settings).fit(x)
        if linkage == "single":  # scikit-learn lists the parts of a merge in another order, and numbers by it
            assert zsc.adjusted_rand_score(ours.labels_, theirs.labels_) == 1
        else:
            assert (ours.labels_ == theirs.labels_).all()
        assert (np.sort(ours.children_, 1) == np.sort(theirs.children_, 1)).all()
        assert ours.n_clusters_ == theirs.n_clusters_


def test_given_distances_cluster_as_their_rows():
    x = np.random.default_rng(6).normal(size=(80, 3))
    table = hierarchy.distance.squareform(hierarchy.distance.pdist(x))
    of_rows = zsc.AgglomerativeClustering(5, linkage="average").fit_predict(x)
    assert (zsc.AgglomerativeClustering(5, linkage="average", metric="precomputed").fit_predict(table) == of_rows).all()


def test_what_is_refused():
    x = np.random.default_rng(7).normal(size=(10, 3))
    for call, error, said in [
        (lambda: zsc.linkage(x, "foo"), ValueError, "foo"),
        (lambda: zsc.linkage(x, "ward", "cosine"), ValueError, "Euclidean"),
        (lambda: zsc.linkage(x, "single", "hamming"), NotImplementedError, "hamming"),
        (lambda: zsc.linkage(x, optimal_ordering=True), NotImplementedError, "optimal_ordering"),
        (lambda: zsc.linkage(np.ones(5)), ValueError, "5 condensed distances"),
        (lambda: zsc.linkage(np.array([1.0, np.nan, 2.0])), ValueError, "NaN"),
        (lambda: zsc.fcluster(zsc.linkage(x), 1), NotImplementedError, "inconsistent"),
        (lambda: zsc.fcluster(np.zeros((3, 4)), 2, "maxclust"), ValueError, "row"),
        (lambda: zsc.AgglomerativeClustering(connectivity=np.eye(10)).fit(x), NotImplementedError, "connectivity"),
        (lambda: zsc.AgglomerativeClustering(11).fit(x), ValueError, "11"),
        (lambda: zsc.AgglomerativeClustering(2, distance_threshold=1).fit(x), ValueError, "Exactly one"),
    ]:
        with pytest.raises(error, match=said):
            call()
