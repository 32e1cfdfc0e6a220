"""What callers pass, as arrays that the compiled module takes. Messages of refusals follow scikit-learn's, which its
checks of estimators look for."""
from __future__ import annotations

import numpy as np


def is_sparse(x) -> bool:
    """Whether x is a sparse matrix or array of SciPy's, or looks like one."""
    return hasattr(x, "toarray") and hasattr(x, "nnz")


def own_float(dtype) -> type:
    """float32 for itself, float64 for other types."""
    return np.float32 if dtype.kind == "f" and dtype.itemsize == 4 else np.float64


def exact_float(dtype) -> type:
    """float32 where it holds every number of the type, else float64."""
    return np.float32 if np.can_cast(dtype, np.float32) else np.float64


def real_numbers(x, caller: str, name: str = "X") -> np.ndarray:
    """x as an array of numbers, of its own type. ValueError: x is complex, of dates or durations, is masked somewhere,
    or lacks numbers (pandas.NA)."""
    if np.ma.is_masked(x):
        raise ValueError(f"{name} is masked in {np.ma.count_masked(x)} places, which {caller} does not accept: leave "
                         "such rows out, or pass x.filled(...)")
    x = np.asarray(x)
    if np.iscomplexobj(x):
        raise ValueError(f"Complex data not supported: {caller} expects real numbers")
    if x.dtype.kind in "mM":
        raise ValueError(f"{name} is of dates or durations ({x.dtype}): {caller} expects real numbers")
    if x.dtype.kind == "O" and any(_is_pandas_na(value) for value in x.flat):
        raise ValueError(f"Input {name} contains NaN or infinity (pandas.NA), which {caller} does not accept")
    return x


def as_matrix(x, caller: str, dtype=np.float32, min_rows: int = 1, sparse: bool = False, name: str = "X"):
    """x as a C-contiguous n x d array of dtype, or of what dtype() gives for its own where that is own_float or
    exact_float.

    ValueError: x is not two-dimensional, not of real numbers, has no rows or columns, or has fewer than min_rows;
    TypeError: x is sparse and sparse matrices are not taken. NaN and infinity are found by the module, with their row.
    No copy is made where x is already such an array."""
    if is_sparse(x):
        if not sparse:
            raise TypeError(f"{caller} takes no sparse matrices: pass {name}.toarray()")
        x = x.toarray()
    x = real_numbers(x, caller, name)
    if x.ndim != 2:
        raise ValueError(
            f"{caller} expects a 2D array, rows by features, and found {x.ndim} dimension(s). Reshape your data: "
            "array.reshape(-1, 1) if it is one feature, array.reshape(1, -1) if it is one sample"
        )
    if x.shape[0] < max(min_rows, 1):
        raise ValueError(
            f"Found array with {x.shape[0]} sample(s) (shape={x.shape}) while a minimum of {max(min_rows, 1)} is "
            f"required by {caller}: n_samples = {x.shape[0]}"
        )
    if x.shape[1] < 1:
        raise ValueError(
            f"Found array with {x.shape[1]} feature(s) (shape={x.shape}) while a minimum of 1 is required by {caller}."
        )
    if dtype in (own_float, exact_float):
        dtype = dtype(x.dtype)
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, which is refused with its row
        return np.ascontiguousarray(x, dtype=dtype)


def check_finite(x: np.ndarray, caller: str, name: str = "X") -> None:
    """ValueError, with the first row and column, where x holds NaN or infinity."""
    if x.dtype.kind != "f":
        return
    with np.errstate(all="ignore"):  # a sum of large numbers may be infinite
        total = x.sum(dtype=np.float64)
    if np.isfinite(total):
        return
    bad = ~np.isfinite(x)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"Input {name} contains NaN or infinity, which {caller} does not accept: {int(bad.any(axis=1).sum())} of "
            f"{len(x)} rows, first row {row}, column {column} (from 0)"
        )


def as_codes(labels, name: str = "labels") -> np.ndarray:
    """Labels of any type as int32 codes, from 0 in the order of np.unique. None and NaN are labels like any other."""
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise ValueError(f"{name} must be 1D: shape is {labels.shape!r}")
    try:
        if labels.dtype.kind == "O" and nan_labels(labels)[0].any():
            raise TypeError("NaN has no order, and labels that are sorted with it may come apart")
        _, codes = np.unique(labels, return_inverse=True)
    except TypeError:  # of several types, which have no order
        seen: dict = {}
        codes = np.fromiter((seen.setdefault(label, len(seen)) for label in labels), np.int32, len(labels))
    return np.ascontiguousarray(codes.reshape(-1), dtype=np.int32)


def _is_pandas_na(value) -> bool:
    return type(value).__name__ == "NAType"  # pandas is not imported for it


def is_absent(value) -> bool:
    """Whether a label is None, NaN, NaT or pandas.NA."""
    if value is None or _is_pandas_na(value):
        return True
    differs = value != value
    return isinstance(differs, (bool, np.bool_)) and bool(differs)


def nan_labels(labels) -> np.ndarray:
    """Where labels (n, of any type) are NaN, NaT, pandas.NA or masked, and where they are None: two arrays of bool."""
    masked = np.ma.getmaskarray(labels) if isinstance(labels, np.ma.MaskedArray) else False
    labels = np.asarray(labels)
    nothing = np.zeros(labels.shape, bool)
    if labels.dtype.kind == "O":
        nothing = np.fromiter((value is None for value in labels.flat), bool, labels.size).reshape(labels.shape)
        absent = np.fromiter((is_absent(value) for value in labels.flat), bool, labels.size).reshape(labels.shape)
    elif labels.dtype.kind in "fcmM":
        absent = labels != labels
    else:
        absent = nothing
    return (absent & ~nothing) | masked, nothing


def _absent(labels) -> np.ndarray:
    """Where labels are missing (n): those of nan_labels, and empty texts."""
    unknown, nothing = nan_labels(labels)
    labels = np.asarray(labels)
    absent = (unknown | nothing).reshape(-1)
    if labels.dtype.kind in "US":
        absent |= np.char.str_len(labels).reshape(-1) == 0
    elif labels.dtype.kind == "O":
        absent |= np.fromiter((isinstance(v, (str, bytes)) and not v for v in labels.flat), bool, labels.size)
    return absent


def missing_codes(labels, name: str = "labels") -> np.ndarray:
    """The same, with -1 where a label is missing: None, NaN, NaT, pandas.NA, masked, an empty text, or below 0."""
    codes, absent = as_codes(labels, name), _absent(labels)
    labels = np.asarray(labels)
    if labels.dtype.kind in "if":
        absent |= labels.reshape(-1) < 0
    codes[absent] = -1
    return codes


def target_codes(y, name: str = "y") -> np.ndarray:
    """Categories as int32 codes; -1 where one is missing: as of missing_codes, but of numbers -1 alone."""
    codes, absent = as_codes(y, name), _absent(y)
    y = np.asarray(y)
    if y.dtype.kind in "if":
        absent |= y.reshape(-1) == -1
    codes[absent] = -1
    return codes


def narrowed(x: np.ndarray, centre, run) -> np.ndarray:
    """Rows (float32 or float64) minus centre (d, float64, or None) as float32. ValueError: beyond float32."""
    if x.dtype == np.float32 and centre is None:
        return x
    from . import _core

    out = np.empty(x.shape, np.float32)
    _core.narrow_rows(np.ascontiguousarray(x, np.float64), centre, out, run)
    return out
