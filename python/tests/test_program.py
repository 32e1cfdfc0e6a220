"""The same bytes as the zsc program's; runs of it, and their results."""
import numpy as np
import pytest

import zsc


@pytest.fixture(scope="module")
def files(tmp_path_factory, blobs):
    folder = tmp_path_factory.mktemp("files")
    x, labels = blobs
    np.save(folder / "x.npy", x)
    np.savetxt(folder / "labels.csv", np.c_[np.arange(len(x)), labels], "%d,species %d", header="id,species",
               comments="")
    return folder


def test_umap_has_the_programs_bytes(files, blobs, program):
    program("umap", "-e", "x.npy", "--n-neighbors=12", "--seed=5", "-o", "y.npy", cwd=files)
    layout = zsc.UMAP(n_neighbors=12, random_state=5).fit_transform(blobs[0])
    assert layout.tobytes() == np.load(files / "y.npy").tobytes()


@pytest.mark.parametrize("method", ["ward", "average", "single", "complete"])
def test_linkage_has_the_programs_bytes(files, blobs, program, method):
    program("ward", "-e", "x.npy", f"--linkage={method}", "-o", f"{method}.npy", cwd=files)
    assert zsc.linkage(blobs[0], method).tobytes() == np.load(files / f"{method}.npy").tobytes()


def test_clusterers_have_the_programs_bytes(files, blobs, program):
    for name, ours in (("hdbscan", zsc.HDBSCAN()), ("kmeans", zsc.KMeans(6, max_iter=1000))):
        arguments = ["--clusters=6"] if name == "kmeans" else []
        program("cluster", "-e", "x.npy", f"--clusterer={name}", *arguments, "-o", f"{name}.npy", cwd=files)
        assert (ours.fit_predict(blobs[0]) == np.load(files / f"{name}.npy")).all()


def test_neighbours_have_the_programs_bytes(files, blobs, program):
    h5py = pytest.importorskip("h5py")
    program("knn", "-e", "x.npy", "--neighbors=9", "-o", "knn.h5", cwd=files)
    distance, index = zsc.NearestNeighbors(n_neighbors=8).fit(blobs[0]).kneighbors()
    with h5py.File(files / "knn.h5") as file:
        assert (file["knn/index"][:, 1:] == index).all()
        assert (file["knn/distance"][:, 1:] == distance.astype(np.float32)).all()


def test_the_whole_run_from_arrays(files, blobs, program, tmp_path):
    pytest.importorskip("pandas")
    x, labels = blobs
    columns = {"genus": [f"genus {i // 2}" for i in labels], "species": [f"species {i}" for i in labels]}
    columns["species"][3] = None
    results = zsc.run(x, columns, output=tmp_path / "r", neighbors=12, dim=5, keep_reduced=True)
    assert list(results.scores["rank"]) == ["genus", "species"]
    row = results.scores.set_index("rank").loc["species"]
    assert (row["scored"], row["missing"], row["clusters"]) == (599, 1, 6)
    clusters = results.clusters()
    known = clusters["species"] != ""
    ami = zsc.adjusted_mutual_info_score(clusters["species"][known], clusters["cluster"][known])
    assert ami == pytest.approx(row["ami"], abs=1e-12)
    reduced = zsc.UMAP(n_neighbors=12, n_components=5, min_dist=0.0).fit_transform(x)
    assert reduced.tobytes() == results.reduced().tobytes()
    z = zsc.linkage(reduced, "ward")
    assert z.tobytes() == results.linkage().tobytes()
    curve = zsc.ami_curve(z, columns["species"])
    assert curve.ami[5] == pytest.approx(row["ami"], abs=1e-12)
    assert len(results.runs) == 1 and results.path().exists()


def test_runs_of_files(files, program, tmp_path):
    pytest.importorskip("pandas")
    results = zsc.run(files / "x.npy", files / "labels.csv", output=tmp_path, clusterer="kmeans", seed=[1, 2])
    assert sorted(results.runs["seed"]) == [1, 2]
    assert list(results.collect(where="seed=1")["seed"]) == [1]
    with pytest.raises(KeyError, match="expected one"):
        results.clusters()
    assert len(results.clusters(results.keys[0][:8])) == 600


def test_what_the_program_refuses(blobs, program, tmp_path):
    x, labels = blobs
    with pytest.raises(NotImplementedError, match="--neighbours"):
        zsc.run(x, labels, neighbours=5)
    with pytest.raises(ValueError, match="neighbors"):
        zsc.run(x, labels, neighbors=601)
    with pytest.raises(ValueError, match="species.*5 rows"):
        zsc.run(x, [1] * 5)
    with pytest.raises(ValueError, match="labels"):
        zsc.run(x)
    with pytest.raises(ValueError, match="path of metadata"):
        zsc.run("rows.npy", labels)
    with pytest.raises(ValueError, match="embeddings is masked in 1 places"):
        zsc.run(np.ma.array([[1.0, 2.0]], mask=[[0, 1]]), ["a"])


def test_results_that_are_not_there(program, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        zsc.Results(tmp_path / "nowhere")
    pytest.importorskip("pandas")
    results = zsc.Results(tmp_path)
    for part in (lambda: results.runs, lambda: results.scores, results.clusters, results.plot):
        with pytest.raises(ValueError, match="holds no results"):
            part()
    (tmp_path / "0123.h5").write_bytes(b"no HDF5" * 99)
    for part in (lambda: results.runs, lambda: results.scores, results.clusters, results.plot):
        with pytest.raises(ValueError, match="0123.h5' is not an HDF5 file"):
            part()


def test_labels_that_pandas_lacks(program, blobs, tmp_path):
    pandas = pytest.importorskip("pandas")
    x, labels = blobs
    texts = [None if i % 50 == 0 else f"g{label}" for i, label in enumerate(labels)]
    frame = pandas.DataFrame({"genus": pandas.array(texts, dtype="string"), "species": labels})
    scores = zsc.run(x, frame, neighbors=5, epochs=5).scores.set_index("rank")
    assert (scores.loc["genus", "missing"], scores.loc["species", "missing"]) == (12, 0)


def test_no_program(monkeypatch, blobs):
    monkeypatch.delenv("ZSC", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FileNotFoundError, match="environment variable ZSC"):
        zsc.run(*blobs)


@pytest.mark.parametrize("path, error", [("/nowhere/zsc", FileNotFoundError), (__file__, PermissionError)])
def test_a_program_that_cannot_be_run(path, error, monkeypatch, blobs):
    monkeypatch.setenv("ZSC", path)
    with pytest.raises(error, match="cannot run the zsc program.*environment variable ZSC"):
        zsc.run(*blobs)
