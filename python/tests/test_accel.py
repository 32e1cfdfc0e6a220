"""zsc.accel puts zsc under scikit-learn, and takes it away again, without a change of results."""
import os
import subprocess
import sys

import pytest

pytest.importorskip("sklearn")

CODE = """
import numpy, sys
import sklearn.cluster
from sklearn.metrics import adjusted_mutual_info_score, fowlkes_mallows_score
from sklearn import metrics
x = numpy.random.default_rng(0).normal(size=(200, 5))
labels = numpy.arange(200) % 7
def answers():
    methods = ("ward", "average", "complete", "single")
    model = [sklearn.cluster.AgglomerativeClustering(9, linkage=method).fit(x) for method in methods]
    tied = sklearn.cluster.AgglomerativeClustering(9).fit(numpy.round(x))
    clusters = model[0].labels_
    scores = [metrics.adjusted_mutual_info_score(labels, clusters), adjusted_mutual_info_score(labels, clusters),
              fowlkes_mallows_score(labels, clusters), metrics.rand_score(labels, clusters)]
    return [m.labels_.tolist() for m in model + [tied]], [m.children_.tolist() for m in model + [tied]], scores
before = answers()
import zsc.accel, zsc.scores
calls = []
ours = zsc.scores.adjusted_mutual_info_score
zsc.scores.adjusted_mutual_info_score = lambda *a, **k: calls.append(1) or ours(*a, **k)
names = zsc.accel.install()
assert "sklearn.cluster._agglomerative.ward_tree" in names, names
after = answers()
assert before[:2] == after[:2] and numpy.allclose(before[2], after[2], atol=1e-12)
assert len(calls) == 2, calls  # by both names that a program may have imported it by
zsc.accel.uninstall()
assert zsc.accel.installed() == [] and answers()[:2] == before[:2] and len(calls) == 2
print("same")
"""


def test_results_stay_what_they_are():
    done = subprocess.run([sys.executable, "-c", CODE], env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.strip() == "same", done.stderr


UMAP_CODE = """
import numpy, umap, umap.umap_
import zsc.accel
zsc.accel.install()
x = numpy.random.default_rng(0).normal(size=(300, 4)).astype("f")
x = numpy.concatenate([x, x + 30])
index, distance, search = umap.umap_.nearest_neighbors(x, 7, "euclidean", {}, False, numpy.random.RandomState(0), True)
table = numpy.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
assert numpy.allclose(distance, numpy.sort(table, axis=1)[:, :7], atol=1e-4)
model = umap.UMAP(n_neighbors=7, n_epochs=30, force_approximation_algorithm=True, random_state=0).fit(x[:590])
assert isinstance(model._knn_search_index, zsc.accel.ExactIndex)
near = model.transform(x[590:])
own = model.embedding_[300:].mean(axis=0), model.embedding_[:300].mean(axis=0)
assert numpy.linalg.norm(near - own[0], axis=1).max() < numpy.linalg.norm(near - own[1], axis=1).min()
model.update(x[590:])
assert model.embedding_.shape == (600, 2)
print("same")
"""


def test_umap_learn_has_exact_neighbours():
    pytest.importorskip("umap")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", UMAP_CODE], env=os.environ, capture_output=True,
                          text=True)
    assert done.returncode == 0 and done.stdout.strip() == "same", done.stderr
