"""fastcluster's own checks of dendrograms (tests/test.py and tests/vectortest.py of its repository), with zsc.linkage
in the place of its functions: each merge of a dendrogram joins two nearest clusters, at their distance, to 1e-13 of it.

    fastcluster_checks.py TESTS none|fastcluster      TESTS: the folder of these two files

Prints how many dendrograms pass, in pytest's words. One of rows is checked where zsc has the metric."""
import contextlib
import importlib.util
import io
import os
import sys
import types

import numpy as np
from scipy.spatial.distance import pdist

SEEDS = 25
METHODS = ["single", "complete", "average", "weighted", "ward", "centroid", "median"]
METRICS = ["euclidean", "cityblock", "chebychev", "cosine", "correlation"]


def load(folder: str, name: str):
    spec = importlib.util.spec_from_file_location("fastcluster_" + name, os.path.join(folder, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.rtol = 1e-13
    return module


def substitute() -> None:
    import zsc

    module = types.ModuleType("fastcluster")
    module.__version__ = "1.2.3"
    module.linkage = lambda d, method="single": zsc.linkage(d, method)
    module.linkage_vector = lambda x, method="single", metric="euclidean": zsc.linkage(
        np.asarray(x, float), method, {"chebychev": "chebyshev"}.get(metric, metric))
    sys.modules["fastcluster"] = module


def dendrograms(fast):
    """Name, the linkage matrix, condensed distances and the file whose check they go to."""
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        n, d = int(random.integers(5, 100)), int(random.integers(2, 13))
        distances = pdist(random.normal(size=(n, d)))
        for kind, values in (("real", distances), ("integer", np.round(distances * n / 4))):
            for method in METHODS:
                yield (f"{kind}, {method}, {seed}", (lambda v=values, m=method: fast.linkage(v, m)), values, method,
                       "test")
        rows = random.integers(-10, 11, (n, d)).astype(float)
        for metric in METRICS:
            if np.isnan(pdist(rows, metric)).any():  # of a constant row there is no correlation
                continue
            yield (f"{metric}, {seed}", (lambda x=rows, m=metric: fast.linkage_vector(x, "single", m)),
                   pdist(rows, metric), "single", "vectortest")
        yield (f"ward of rows, {seed}", (lambda x=rows: fast.linkage_vector(x, "ward")), pdist(rows), "ward",
               "vectortest")


def main(folder: str, how: str) -> None:
    if how != "none":
        substitute()
    with contextlib.redirect_stdout(io.StringIO()):
        files = {name: load(folder, name) for name in ("test", "vectortest")}
    import fastcluster

    passed, failed = 0, []
    for name, make, distances, method, file in dendrograms(fastcluster):
        try:
            with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
                z = make()
                check = files[file].check
                check(z, distances.copy(), method) if file == "test" else check(z, method, distances.copy())
            passed += 1
        except Exception as error:  # as pytest counts
            failed.append(f"{name}: {error}")
    for line in failed:
        print("FAILED", line)
    print(f"{len(failed)} failed, {passed} passed" if failed else f"{passed} passed", flush=True)
    os._exit(0)  # its atexit handlers print seeds


main(sys.argv[1], sys.argv[2])
