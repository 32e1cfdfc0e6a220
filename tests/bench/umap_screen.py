#!/usr/bin/python3
"""UMAP of zsc beside umap-learn's over many settings and seeds: AMI of Ward's clusters, and trustworthiness.

    tests/bench/umap_screen.py ZSC OUTPUT.csv [--seeds 8] [--only NAME] [--settings N] [--skip N] [--peer-csv OLDER.csv]

Data: wine, breast cancer and digits of scikit-learn; where ZSC_REAL_DATA names the folder of real barcodes, their 5-mers, all rows and
one per barcode. One line per data set, setting and program: mean and standard deviation over the seeds; at the end differences in
standard errors, and the largest that chance allows among so many (two-sided 5 %, Sidak). --peer-csv takes umap-learn's lines from an
older output. Both layouts are clustered and scored by the same code (SciPy and scikit-learn), in one thread."""

import argparse
import csv
import itertools
import os
import subprocess
import sys
import tempfile

import numpy as np

for variable in "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS":
    os.environ.setdefault(variable, "1")

BASE = {"metric": "euclidean", "n_components": 50, "n_neighbors": 30, "min_dist": 0.0}


def settings():
    """15 settings: metric x components x neighbours, and min_dist 0.1 in three of them."""
    for metric, dim, neighbors in itertools.product(("euclidean", "cosine"), (2, 10, 50), (15, 30)):
        yield dict(BASE, metric=metric, n_components=dim, n_neighbors=neighbors)
    for metric, dim in ("euclidean", 2), ("euclidean", 50), ("cosine", 10):
        yield dict(BASE, metric=metric, n_components=dim, n_neighbors=15, min_dist=0.1)


def barcodes(zsc, folder, *options):
    """5-mers and species of real barcodes."""
    import h5py

    run = lambda *words: subprocess.run([zsc, *words, "-q", "--force"], check=True, stdout=subprocess.DEVNULL)
    run("embed", "kmer", "-m", os.path.join(os.environ["ZSC_REAL_DATA"], "coi-example.csv"), "-k", "5", "-o", f"{folder}/coi.h5")
    run("select", "-e", f"{folder}/coi.h5", *options, "-o", f"{folder}/rows.h5")
    with h5py.File(f"{folder}/rows.h5") as f:
        x = f["embeddings/kmer5"][:]
        labels = f["labels/species"][:] if "labels/species" in f else f["species"][:]
    return x.astype(np.float32), np.unique(labels, return_inverse=True)[1]


def data_sets(zsc, folder):
    from sklearn import datasets

    for name, load in ("wine", datasets.load_wine), ("breast-cancer", datasets.load_breast_cancer), ("digits", datasets.load_digits):
        x, y = load(return_X_y=True)
        yield name, x.astype(np.float32), y
    if os.environ.get("ZSC_REAL_DATA"):
        yield ("coi", *barcodes(zsc, folder))
        yield ("coi-one-per-barcode", *barcodes(zsc, folder, "--one-per-barcode"))


def ours(zsc, folder, x, setting, seed):
    words = [zsc, "umap", "-q", "--force", "-e", f"{folder}/x.npy", "-o", f"{folder}/y.npy", "--seed", str(seed), "--threads", "1"]
    for name, value in setting.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    np.save(f"{folder}/x.npy", x)
    subprocess.run(words, check=True)
    return np.load(f"{folder}/y.npy")


def peers(x, setting, seed):
    import warnings

    warnings.filterwarnings("ignore")
    import umap

    return umap.UMAP(random_state=seed, **setting).fit_transform(x)


def measures(x, y, labels, metric):
    from scipy.cluster.hierarchy import fcluster, linkage
    from sklearn.manifold import trustworthiness
    from sklearn.metrics import adjusted_mutual_info_score

    clusters = fcluster(linkage(y.astype(np.float64), "ward"), len(np.unique(labels)), "maxclust")
    return 100 * adjusted_mutual_info_score(labels, clusters), trustworthiness(x, y, n_neighbors=15, metric=metric)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("zsc")
    parser.add_argument("output")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--only")
    parser.add_argument("--settings", type=int, help="the first N settings only; 0: those of the paper")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first N of these settings")
    parser.add_argument("--peer-csv")
    args = parser.parse_args()
    older = {}
    if args.peer_csv:
        for row in csv.DictReader(open(args.peer_csv)):
            if row["program"] == "umap-learn":
                older[row["data"], row["setting"]] = row
    chosen = [BASE] if args.settings == 0 else list(settings())[args.skip : args.settings]
    names = ("ami", "trustworthiness")
    fields = ["data", "setting", "program", "seeds"] + [f"{n}_{s}" for n in names for s in ("mean", "sd")]
    differences = []
    with tempfile.TemporaryDirectory() as folder, open(args.output, "w", newline="") as out:
        writer = csv.DictWriter(out, fields)
        writer.writeheader()
        for data, x, labels in data_sets(args.zsc, folder):
            if args.only and args.only != data:
                continue
            for setting in chosen:
                word, rows = " ".join(f"{k}={v}" for k, v in setting.items()), {}
                for program in "zsc", "umap-learn":
                    if program == "umap-learn" and (data, word) in older:
                        rows[program] = older[data, word]
                    else:
                        make = peers if program == "umap-learn" else lambda *a: ours(args.zsc, folder, *a)
                        values = np.array([measures(x, make(x, setting, s), labels, setting["metric"]) for s in range(args.seeds)])
                        rows[program] = {"data": data, "setting": word, "program": program, "seeds": args.seeds}
                        for i, name in enumerate(names):
                            rows[program][f"{name}_mean"] = f"{values[:, i].mean():.6f}"
                            rows[program][f"{name}_sd"] = f"{values[:, i].std(ddof=1):.6f}"
                    writer.writerow(rows[program])
                    out.flush()
                for name in names:
                    mean = [float(rows[p][f"{name}_mean"]) for p in ("zsc", "umap-learn")]
                    error = np.sqrt(sum(float(rows[p][f"{name}_sd"]) ** 2 / float(rows[p]["seeds"]) for p in ("zsc", "umap-learn")))
                    differences.append((name, (mean[0] - mean[1]) / max(error, 1e-9), data, word, mean[0], mean[1]))
                    print("%-16s %6.2f standard errors  %s: %s: %.4f, umap-learn %.4f" % differences[-1], flush=True)
    from scipy.stats import norm

    for name in names:
        t = np.array([d[1] for d in differences if d[0] == name])
        limit = norm.isf((1 - 0.95 ** (1 / len(t))) / 2)
        print(f"{name}: {len(t)} settings: {(t < -3).sum()} below -3, {(t > 3).sum()} above 3; beyond {limit:.2f}: {(t < -limit).sum()} below, {(t > limit).sum()} above")


if __name__ == "__main__":
    sys.exit(main())
