"""Shapes that graphs of neighbours tell apart, with the labels of scikit-learn's SpectralClustering.

Usage: spectral.py FOLDER [SEED]: writes FOLDER/NAME-K-NEIGHBOURS.csv, columns id, x1, ..., sklearn.
tests/fixtures/clusterers has some of those of seed 0."""
import sys

import numpy as np
from sklearn.cluster import SpectralClustering


def shapes(r):
    angle, radius = r.uniform(0, 2 * np.pi, 160), np.repeat([1, 5], 80)
    yield "rings", 2, np.c_[radius * np.cos(angle), radius * np.sin(angle)] + 0.1 * r.normal(size=(160, 2)), 10
    stripe = np.repeat(np.arange(4), 40)
    yield "stripes", 4, np.c_[np.tile(np.linspace(0, 20, 40), 4), 4.0 * stripe] + 0.1 * r.normal(size=(160, 2)), 10
    blob = np.arange(600) % 6
    yield "blobs", 6, 12 * r.normal(size=(6, 8))[blob] + r.normal(size=(600, 8)), 10
    yield "joined", 3, np.c_[7 * (np.arange(90) % 3), np.zeros(90)] + r.normal(size=(90, 2)), 40


folder, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
for name, k, x, neighbors in shapes(np.random.default_rng(seed)):
    x = x.astype(np.float32).round(4)
    found = SpectralClustering(k, affinity="nearest_neighbors", n_neighbors=neighbors, random_state=0).fit(x).labels_
    with open(f"{folder}/{name}-{k}-{neighbors}.csv", "w") as out:
        print("id", *(f"x{j + 1}" for j in range(x.shape[1])), "sklearn", sep=",", file=out)
        for i, row in enumerate(x):
            print(f"r{i}", *(f"{v:g}" for v in row), f"c{found[i]}", sep=",", file=out)
