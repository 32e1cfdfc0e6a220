"""Principal components against scikit-learn's, by axis up to its sign, and against the program's bytes."""
import numpy as np
import pytest

import zsc

decomposition = pytest.importorskip("sklearn.decomposition")


@pytest.mark.parametrize("shape, settings", [
    ((300, 12), {}), ((300, 12), {"n_components": 4}), ((300, 12), {"n_components": 0.7}),
    ((20, 50), {"n_components": 7}),
    ((300, 12), {"n_components": 5, "whiten": True}), ((400, 300), {"n_components": 10}), ((2, 3), {}),
])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_components_are_scikit_learns(shape, settings, dtype):
    x = (np.random.default_rng(1).normal(size=shape) * np.arange(1, shape[1] + 1) + 7).astype(dtype)
    ours = zsc.PCA(**settings).fit(x)
    theirs = decomposition.PCA(svd_solver="full", **settings).fit(x.astype(np.float64))
    sign = np.sign((ours.components_ * theirs.components_).sum(axis=1))
    rank = min(shape[0] - 1, shape[1])
    assert ours.n_components_ == theirs.n_components_
    assert np.allclose((ours.components_ * sign[:, None])[:rank], theirs.components_[:rank], atol=1e-5)
    for name in ("explained_variance_", "explained_variance_ratio_", "singular_values_", "mean_", "noise_variance_"):
        scale = np.abs(getattr(theirs, name)).max() + 1
        assert np.allclose(getattr(ours, name), getattr(theirs, name), atol=1e-6 * scale), name
    y = ours.fit_transform(x)
    assert y.dtype == dtype
    scale = np.abs(theirs.transform(x)).max()
    assert np.allclose((y * sign)[:, :rank], theirs.transform(x)[:, :rank], atol=2e-5 * scale)
    back = theirs.inverse_transform(theirs.transform(x))
    assert np.allclose(ours.inverse_transform(y), back, atol=1e-5 * np.abs(x).max())


def test_signs_are_those_of_the_largest_loading():
    axes = zsc.PCA().fit(np.random.default_rng(2).normal(size=(60, 5))).components_
    assert (axes[np.arange(5), np.abs(axes).argmax(axis=1)] > 0).all()


@pytest.mark.parametrize("rows", [600, 9])
def test_pca_has_the_programs_bytes(rows, blobs, program, tmp_path):
    pytest.importorskip("pandas")
    x, labels = blobs[0][:rows], blobs[1][:rows]
    results = zsc.run(x, labels.tolist(), output=tmp_path, reduce="pca", dim=5, keep_reduced=True, clusters=3)
    assert zsc.PCA(5).fit_transform(x).tobytes() == results.reduced().tobytes()


def test_what_is_refused(blobs):
    for settings, error, said in [({"n_components": 13}, ValueError, "n_components"),
                                  ({"n_components": 0}, ValueError, "1 to"),
                                  ({"n_components": "mle"}, NotImplementedError, "mle"),
                                  ({"svd_solver": "foo"}, ValueError, "svd_solver")]:
        with pytest.raises(error, match=said):
            zsc.PCA(**settings).fit(blobs[0])
