"""zsc: zero-shot clustering analysis, from Python.

Classes and functions have the names, parameters and attributes of umap-learn, scikit-learn and SciPy; what differs is
in doc/python.md. All of them give the same bytes at every run and at any number of threads. Importing the package loads
neither NumPy nor the compiled module: both come with the first name that is used.
"""
import importlib

# Where each public name is defined.
_PLACES = {
    "UMAP": "umap",
    "AgglomerativeClustering": "agglomerative",
    "linkage": "agglomerative",
    "fcluster": "agglomerative",
    "HDBSCAN": "hdbscan",
    "KMeans": "kmeans",
    "NearestNeighbors": "neighbors",
    "trustworthiness": "neighbors",
    "PCA": "pca",
    "adjusted_mutual_info_score": "scores",
    "adjusted_rand_score": "scores",
    "ami_curve": "scores",
    "AmiCurve": "scores",
    "calinski_harabasz_score": "scores",
    "completeness_score": "scores",
    "contingency_matrix": "scores",
    "davies_bouldin_score": "scores",
    "entropy": "scores",
    "expected_mutual_information": "scores",
    "fowlkes_mallows_score": "scores",
    "homogeneity_completeness_v_measure": "scores",
    "homogeneity_score": "scores",
    "mutual_info_score": "scores",
    "normalized_mutual_info_score": "scores",
    "pair_confusion_matrix": "scores",
    "rand_score": "scores",
    "silhouette_samples": "scores",
    "silhouette_score": "scores",
    "v_measure_score": "scores",
    "Results": "results",
    "run": "results",
}
__all__ = [*_PLACES, "accel"]


def __getattr__(name: str):
    if name == "accel":
        return importlib.import_module(".accel", __name__)
    if name == "__version__":
        return importlib.import_module("._core", __name__).version
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module("." + _PLACES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__, "__version__"})
