"""Distances by name: those that libzsc computes, and what is said of others."""
from __future__ import annotations

from ._core import METRICS


def metric_number(metric, kwds=None, caller: str = "zsc", option: str = "metric") -> int:
    """libzsc's number of a metric's name; minkowski by its p where that is 1, 2 or infinity. ValueError: no text;
    NotImplementedError: a metric that zsc lacks."""
    kwds = kwds or {}
    if metric == "minkowski":
        metric = {1: "manhattan", 2: "euclidean", float("inf"): "chebyshev"}.get(kwds.get("p", 2), metric)
    if isinstance(metric, str) and metric in METRICS:
        return METRICS[metric]
    if not isinstance(metric, str) and not callable(metric):
        raise ValueError(f"{caller}: {option} expects the name of a metric or a function, not {metric!r}")
    raise NotImplementedError(
        f"{caller}: {option}={metric!r} is not in zsc, which has {', '.join(sorted(METRICS))} and minkowski of those"
    )
