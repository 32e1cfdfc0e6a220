"""The base of the estimators: scikit-learn's interface without importing scikit-learn, which takes longer than most of
the computations here. clone(), pipelines and searches of parameters take these classes as they are."""
from __future__ import annotations

import sys

import numpy as np

from . import _arrays
from ._execution import execution


class NotFittedError(ValueError, AttributeError):
    """A method was called that needs fit() first. scikit-learn's own class is raised where that is loaded."""


def _not_fitted_class():
    exceptions = sys.modules.get("sklearn.exceptions")
    return exceptions.NotFittedError if exceptions else NotFittedError


class Estimator:
    """Parameters are those of __init__, kept under their names and checked in fit()."""

    _estimator_type: str | None = None
    _keeps_dtypes = ("float64", "float32")  # of transform's output

    @classmethod
    def _parameters(cls):
        code = cls.__init__.__code__
        return sorted(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])

    @classmethod
    def _get_param_names(cls):
        return cls._parameters()

    def get_params(self, deep: bool = True) -> dict:
        """The parameters and their values; deep is taken for compatibility: there are no nested estimators."""
        return {name: getattr(self, name) for name in self._parameters()}

    def set_params(self, **params):
        """Sets parameters by name. ValueError: there is no such parameter."""
        known = self._parameters()
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {type(self).__name__}. Valid parameters are: {known!r}."
                )
            setattr(self, name, value)
        return self

    def __repr__(self, N_CHAR_MAX: int = 700):  # scikit-learn's printing passes the limit by this name
        defaults = type(self)()
        changed = (
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if value is not getattr(defaults, name) and repr(value) != repr(getattr(defaults, name))
        )
        text = f"{type(self).__name__}({', '.join(changed)})"
        return text if N_CHAR_MAX is None or len(text) <= N_CHAR_MAX else text[: N_CHAR_MAX - 4] + "...)"

    def _more_tags(self):
        """Of scikit-learn up to 1.5."""
        return {"preserves_dtype": [np.dtype(name).type for name in self._keeps_dtypes]}

    def __sklearn_tags__(self):
        """Of scikit-learn from 1.6 on."""
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        transforms = TransformerTags(preserves_dtype=list(self._keeps_dtypes)) if hasattr(self, "transform") else None
        return Tags(estimator_type=self._estimator_type, target_tags=TargetTags(required=False),
                    transformer_tags=transforms, input_tags=InputTags())

    # --- what methods share
    def _refuse(self, **options):
        """NotImplementedError for the first option whose value is not among those that zsc has.

        options: name=(the values that change nothing). A value is compared by identity or equality."""
        for name, allowed in options.items():
            value = getattr(self, name)
            if not any(value is a or (type(value) is type(a) and value == a) for a in allowed):
                raise NotImplementedError(f"{type(self).__name__}: {name}={value!r} is not in zsc")

    def _refuse_arguments(self, arguments: dict):
        for name, value in arguments.items():
            if value is not None:
                raise NotImplementedError(f"{type(self).__name__}.fit: {name} is not in zsc")

    def _rows_to_fit(self, X, dtype=np.float32, min_rows: int = 1, sparse: bool = False):
        """X as an array, with n_features_in_ and feature_names_in_ taken from it."""
        names = getattr(X, "columns", None)
        x = _arrays.as_matrix(X, type(self).__name__, dtype, min_rows, sparse)
        _arrays.check_finite(x, type(self).__name__)
        self.n_features_in_ = x.shape[1]
        self.__dict__.pop("feature_names_in_", None)
        if names is not None and all(isinstance(name, str) for name in names):
            self.feature_names_in_ = np.asarray(names, dtype=object)
        return x

    def _rows_like_fitted(self, X, dtype=np.float32, sparse: bool = False):
        """X as an array of as many columns as fit() has seen."""
        self._check_is_fitted()
        x = _arrays.as_matrix(X, type(self).__name__, dtype, 1, sparse)
        if x.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {x.shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_} features "
                "as input"
            )
        _arrays.check_finite(x, type(self).__name__)
        return x

    def _single_rows_to_fit(self, X, metric: int):
        """X as it is, and as float32 by _narrowed_to_fit."""
        x = self._rows_to_fit(X, _arrays.exact_float)
        return x, self._narrowed_to_fit(x, metric)

    def _narrowed_to_fit(self, x, metric: int):
        """Rows as float32, from which the mean of each column is taken off before in double precision, where their type
        has more digits than float32 and the metric does not mind."""
        self._centre = None
        if x.dtype == np.float32:
            return x
        from ._core import centre_of_rows

        self._centre = np.empty(x.shape[1])
        with execution() as run:
            centre_of_rows(x, self._centre, metric, run)
            return _arrays.narrowed(x, self._centre, run)

    def _single_rows_like_fitted(self, X, sparse: bool = False):
        """The same of new rows, with the means of the fitted ones."""
        x = self._rows_like_fitted(X, _arrays.exact_float, sparse)
        with execution() as run:
            return x, _arrays.narrowed(x, self._centre, run)

    def _check_is_fitted(self):
        if not hasattr(self, "n_features_in_"):
            raise _not_fitted_class()(
                f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with appropriate arguments before "
                "using this estimator."
            )


class Clusterer(Estimator):
    """fit() sets labels_."""

    _estimator_type = "clusterer"

    def fit_predict(self, X, y=None, **arguments):
        """fit(X) and labels_."""
        return self.fit(X, **arguments).labels_


def whole(name: str, value, low: int, high: int | None = None) -> int:
    """value as an int. ValueError: it is not a whole number from low (to high)."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        if low <= value <= (sys.maxsize if high is None else high):
            return int(value)
    limits = f"of {low} or more" if high is None else f"from {low} to {high}"
    raise ValueError(f"{name} expects a whole number {limits}, not {value!r}")


def real(name: str, value, low: float = 0.0, high: float = float("inf")) -> float:
    """value as a float. ValueError: it is not a number from low to high."""
    if isinstance(value, (int, float, np.integer, np.floating)) and low <= value <= high:
        return float(value)
    limits = f"of {low} or more" if high == float("inf") else f"from {low} to {high}"
    raise ValueError(f"{name} expects a number {limits}, not {value!r}")
