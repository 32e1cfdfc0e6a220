"""scikit-learn's checks of estimators, every one of them, for every class."""
import pytest

import zsc

checks = pytest.importorskip("sklearn.utils.estimator_checks", reason="scikit-learn is not installed")

CLASSES = [zsc.UMAP, zsc.AgglomerativeClustering, zsc.HDBSCAN, zsc.KMeans, zsc.NearestNeighbors, zsc.PCA]


def all_checks():
    """check_estimator's, and those of clusterers, which scikit-learn below 1.6 yields for its own base class alone."""
    for cls in CLASSES:
        estimator = cls()
        yield from checks.check_estimator(estimator, generate_only=True)
        if estimator._estimator_type == "clusterer" and hasattr(checks, "_yield_clustering_checks"):
            try:
                clustering = list(checks._yield_clustering_checks(estimator))
            except TypeError:  # of 1.6 and later, which have yielded them by the tag
                continue
            for check in clustering:
                yield estimator, _named(check, cls.__name__)


def _named(check, name):
    def run(estimator):
        return check(name, estimator)

    run.__name__ = getattr(check, "func", check).__name__ + str(getattr(check, "keywords", "") or "")
    return run


def _id(value):
    if isinstance(value, tuple(CLASSES)):
        return type(value).__name__
    return getattr(getattr(value, "func", value), "__name__", None)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator, check", list(all_checks()), ids=_id)
def test_scikit_learn_check(estimator, check):
    check(estimator)
