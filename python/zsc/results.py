"""Runs of the zsc program, and their results as data frames of pandas.

The program is the one that the environment variable ZSC names, else the zsc that PATH finds. It must be of the
package's version, or later."""
from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from . import _arrays


class ProgramError(RuntimeError):
    """The zsc program failed: .status is its exit status, the message what it said."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


def program() -> str:
    """Path of the zsc program. FileNotFoundError: there is none."""
    path = os.environ.get("ZSC") or shutil.which("zsc")
    if not path:
        raise FileNotFoundError("zsc.run and zsc.Results call the zsc program, which is not in PATH: install it, or "
                                "set the environment variable ZSC to its path")
    return path


def _call(arguments, verbose: bool = False) -> str:
    """What the program prints. Its messages go to stderr where verbose, else into the exception."""
    path = program()
    try:
        done = subprocess.run([path, *arguments], stdout=subprocess.PIPE, stderr=None if verbose else subprocess.PIPE,
                              text=True, check=False)
    except OSError as error:  # of the same class, and with what to do
        raise type(error)(error.errno, f"cannot run the zsc program ({error.strerror}); the environment variable ZSC "
                                       "and then PATH say where it is", path) from None
    if done.returncode == 0:
        return done.stdout
    said = "see its messages on stderr" if verbose else (done.stderr or "").strip()
    if done.returncode == 130:
        raise KeyboardInterrupt(said)
    if done.returncode == 2:
        raise NotImplementedError(said) if "there is no option" in said else ValueError(said)
    raise ValueError(said) if done.returncode in (3, 4) else ProgramError(done.returncode, said)


def _options(options: dict) -> list[str]:
    """neighbors=15 as --neighbors=15; True as an option without a value, None and False as none; a list of numbers
    joined by commas, another as several options."""
    words = []
    for name, value in options.items():
        word = "--" + name.replace("_", "-")
        if isinstance(value, (list, tuple)) and not any(isinstance(one, str) for one in value):
            value = ",".join(map(str, value))
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is True:
                words.append(word)
            elif one is not None and one is not False:
                words.append(f"{word}={one}")
    return words


def _is_path(value) -> bool:
    return isinstance(value, (str, os.PathLike))


def _write_labels(labels, path: Path, rows: int) -> None:
    """A CSV of row numbers and columns of labels: of a dictionary, a data frame, or one list, which is the species."""
    import csv

    columns = {str(name): labels[name] for name in labels.keys()} if hasattr(labels, "keys") else {"species": labels}
    for name, column in columns.items():
        if len(column) != rows:
            raise ValueError(f"labels: column {name!r} has {len(column)} rows, where the embeddings have {rows}")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *columns])
        for i, values in enumerate(zip(*columns.values())):
            writer.writerow([i, *("" if _arrays.is_absent(v) else v for v in values)])


def _inputs(embeddings, labels, folder: Path, encoder: str) -> list[str]:
    if _is_path(embeddings) or (isinstance(embeddings, (list, tuple)) and embeddings and _is_path(embeddings[0])):
        files = [embeddings] if _is_path(embeddings) else embeddings
        if labels is not None and not _is_path(labels):
            raise ValueError("run expects the path of metadata beside paths of embeddings, and found labels of type "
                             f"{type(labels).__name__}; pass the embeddings as an array, or write a table of ids")
        words = [f"--embeddings={os.fspath(file)}" for file in files]
        return words + ([f"--metadata={os.fspath(labels)}"] if labels is not None else [])
    x = _arrays.real_numbers(embeddings, "run", "embeddings")
    if x.ndim != 2 or x.dtype.kind not in "fiub":
        raise ValueError(f"run expects a 2D array of real numbers, or paths, and found {x.dtype} of shape {x.shape}")
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / f"{encoder}.npy", np.ascontiguousarray(x if x.dtype.kind == "f" else x.astype(np.float32)))
    words = [f"--embeddings={folder / (encoder + '.npy')}"]
    if _is_path(labels):
        return words + [f"--metadata={os.fspath(labels)}"]
    if labels is None:
        raise ValueError("run expects labels for embeddings in an array: a list, a dictionary or a data frame of "
                         "columns, or a path")
    _write_labels(labels, folder / f"{encoder}-labels.csv", len(x))
    return words + [f"--metadata={folder / (encoder + '-labels.csv')}"]


def run(embeddings, labels=None, *, output=None, encoder: str = "embeddings", verbose: bool = False, **options):
    """`zsc run`: reduces, clusters and scores one choice of embeddings; its results.

    embeddings: paths as of -e (FILE or FILE:ENCODER), or an array (n x d), which is written to output under the name
    `encoder`. labels: a path of metadata, or columns by the name of their rank (a dictionary or data frame; a list is
    the species); None, NaN and "" are missing. output: the folder of results; without it a temporary one, which is
    removed with what is returned. Options are those of `zsc run --help`, with underscores: neighbors=15, curve=True.

    ValueError: what the program refuses, in its words; NotImplementedError: an option that it lacks."""
    keep = None
    if output is None:
        keep = tempfile.TemporaryDirectory(prefix="zsc-")
        output = keep.name
    words = _inputs(embeddings, labels, Path(output), encoder)
    _call(["run", *words, f"--output={os.fspath(output)}", *_options(options)], verbose)
    results = Results(output)
    results._keep = keep
    return results


class Figure:
    """A figure that `zsc plot` drew: .svg is its text, which notebooks show; save() writes it to a file."""

    def __init__(self, svg: str):
        self.svg = svg

    def _repr_svg_(self):
        return self.svg

    def save(self, path) -> None:
        """Writes the SVG."""
        Path(path).write_text(self.svg, encoding="utf-8")


class Results:
    """The results in a folder (of `zsc run -o`, `zsc sweep`), or of one file, as data frames of pandas."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._keep = None
        if not self.folder.exists():
            raise FileNotFoundError(f"no results in '{folder}': there is no such file or folder")

    def __repr__(self):
        return f"Results({os.fspath(self.folder)!r})"

    def _table(self, arguments, **options):
        import pandas

        text = _call([*arguments, *_options(options)])
        return pandas.read_csv(io.StringIO(text), float_precision="round_trip", dtype={"key": str})

    @property
    def runs(self):
        """A row per result: key, encoders, rows, settings, clusters, seed, ami at the finest rank (a fraction)."""
        return self._table(["ls", os.fspath(self.folder)], format="csv")

    @property
    def scores(self):
        """A row per result and rank: the columns of `zsc collect`; scores are fractions."""
        return self.collect()

    def collect(self, **options):
        """The same with options of `zsc collect`: where="neighbors=15", permutations=1000, retrieval=True."""
        return self._table(["collect", os.fspath(self.folder)], format="csv", **options)

    def plot(self, kind: str = "ranks", **options) -> Figure:
        """A figure of `zsc plot KIND` (ranks: AMI against rank; clusters: AMI at every cut; ...), with its options."""
        with tempfile.TemporaryDirectory(prefix="zsc-") as folder:
            file = os.path.join(folder, f"{kind}.svg")
            _call(["plot", kind, os.fspath(self.folder), f"--output={file}", *_options(options)])
            return Figure(Path(file).read_text(encoding="utf-8"))

    @property
    def keys(self) -> list[str]:
        """The keys of the results, in the order of `zsc ls`."""
        return list(self.runs["key"])

    def path(self, key: str | None = None) -> Path:
        """The file of a result, by its key or the first digits of it; of the only one where none is given."""
        if self.folder.is_file():
            return self.folder
        found = [self.folder / f"{k}.h5" for k in self.keys if k.startswith(key or "")]
        if len(found) != 1:
            raise KeyError(f"{len(found)} results in '{self.folder}' have keys that begin with {key or ''!r}; "
                           "expected one")
        return found[0]

    def _part(self, key, what: str, ending: str):
        with tempfile.TemporaryDirectory(prefix="zsc-") as folder:
            file = os.path.join(folder, what + ending)
            _call(["export", os.fspath(self.path(key)), f"--what={what}", f"--output={file}"])
            if ending == ".npy":
                return np.load(file)
            import pandas

            return pandas.read_csv(file, dtype={"id": str}, keep_default_na=False)

    def clusters(self, key: str | None = None):
        """A row per specimen: id, cluster, labels; of HDBSCAN also probability."""
        return self._part(key, "clusters", ".csv")

    def linkage(self, key: str | None = None) -> np.ndarray:
        """The linkage matrix ((n - 1) x 4) of agglomerative clustering."""
        return self._part(key, "linkage", ".npy")

    def reduced(self, key: str | None = None) -> np.ndarray:
        """The reduced vectors (n x dim, float32), if the run kept them (keep_reduced=True)."""
        return self._part(key, "reduced", ".npy")
