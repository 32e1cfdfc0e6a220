"""A plugin of pytest (-p substitute) that puts zsc in the place of a peer before the peer's own tests are imported.

The environment variable ZSC_SUBSTITUTE says how: sklearn-cluster, sklearn-scores, sklearn-trustworthiness,
scipy-hierarchy and umap put zsc's classes and functions there whatever their answer is; accel calls
zsc.accel.install(), which keeps to what is the same."""
import functools
import importlib
import os
import sys

import zsc


def everywhere(module: str, names, ours=None) -> None:
    """Replaces names of a module wherever a module of the same library holds them."""
    library = module.split(".")[0]
    for name in names:
        original = getattr(importlib.import_module(module), name)
        new = getattr(ours or zsc, name)
        for key, place in list(sys.modules.items()):
            if key.split(".")[0] == library and getattr(place, "__dict__", {}).get(name) is original:
                setattr(place, name, new)


def or_peer(ours, peer):
    """Ours, or the peer's where zsc says that it lacks an option: what a user would do, who imports both."""

    @functools.wraps(peer)
    def call(*args, **kwargs):
        try:
            return ours(*args, **kwargs)
        except NotImplementedError:
            return peer(*args, **kwargs)

    return call


SCORES = ["adjusted_mutual_info_score", "adjusted_rand_score", "completeness_score", "contingency_matrix", "entropy",
          "expected_mutual_information", "fowlkes_mallows_score", "homogeneity_completeness_v_measure",
          "homogeneity_score", "mutual_info_score", "normalized_mutual_info_score", "pair_confusion_matrix",
          "rand_score", "v_measure_score"]
INTERNAL = ["calinski_harabasz_score", "davies_bouldin_score", "silhouette_samples", "silhouette_score"]


def scores():
    import sklearn.metrics.cluster._supervised  # noqa: F401
    import sklearn.metrics.cluster._unsupervised  # noqa: F401

    everywhere("sklearn.metrics.cluster._supervised", SCORES)
    everywhere("sklearn.metrics.cluster._unsupervised", INTERNAL)
    import sklearn.metrics.cluster._expected_mutual_info_fast as fast

    del fast


def cluster():
    import sklearn.cluster

    everywhere("sklearn.cluster", ["AgglomerativeClustering"])


def trust():
    import sklearn.manifold  # noqa: F401

    everywhere("sklearn.manifold", ["trustworthiness"])


def hierarchy():
    import scipy.cluster.hierarchy as peer

    for name in ("linkage", "fcluster"):
        setattr(peer, name, or_peer(getattr(zsc, name), getattr(peer, name)))


def umap():
    import umap.umap_

    everywhere("umap.umap_", ["UMAP"])


def accel():
    import zsc.accel

    print("zsc.accel:", *zsc.accel.install())


{"sklearn-scores": scores, "sklearn-cluster": cluster, "sklearn-trustworthiness": trust, "scipy-hierarchy": hierarchy,
 "umap": umap, "accel": accel, "none": lambda: None}[os.environ.get("ZSC_SUBSTITUTE", "none")]()
