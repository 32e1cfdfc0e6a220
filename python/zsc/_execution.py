"""How computations are carried out: threads, progress, seeds. Nothing here changes a result, but for seeds."""
from __future__ import annotations

import numbers
import os


def threads_of(n_jobs) -> int:
    """Threads by scikit-learn's n_jobs: None and -1 are as many as OpenMP has (OMP_NUM_THREADS, threadpoolctl, the
    processors that the process may use), which is 0 for libzsc; -2 is all processors but one. ValueError: 0."""
    if n_jobs is None or n_jobs == -1:
        return 0
    if not isinstance(n_jobs, numbers.Integral):
        raise ValueError(f"n_jobs expects None or a whole number, not {n_jobs!r}")
    if n_jobs == 0:
        raise ValueError("n_jobs == 0 has no meaning: -1 takes all processors")
    if n_jobs < 0:
        return max(1, len(os.sched_getaffinity(0)) + 1 + int(n_jobs))
    return min(int(n_jobs), 2**31 - 1)  # of int, which libzsc takes; it starts no more than there is work for


class _Bars:
    """Progress of the stages of a computation: one bar of tqdm each, or a line on stderr where tqdm is missing."""

    def __init__(self, options):
        self.stage, self.bar, self.options = None, None, dict(options or {})

    def __call__(self, stage: str, done: float, total: float) -> None:
        if stage != self.stage:
            self.close()
            self.stage, self.bar = stage, self._open(stage, total)
        if self.bar is not None:
            self.bar.total = total
            self.bar.update(done - self.bar.n)

    def _open(self, stage, total):
        try:
            from tqdm.auto import tqdm
        except ImportError:
            import sys

            print(f"zsc: {stage}", file=sys.stderr)
            return None
        return tqdm(**{"total": total, "desc": stage, "leave": False, "bar_format": "{desc}: {percentage:3.0f}%|{bar}|",
                       **self.options})

    def close(self):
        if self.bar is not None:
            self.bar.close()
        self.bar = None


class execution:
    """Context that gives the settings of a computation to the compiled module: (threads, bytes, progress function)."""

    def __init__(self, n_jobs=None, verbose=False, tqdm_kwds=None, memory_limit: int = 0):
        self.bars = _Bars(tqdm_kwds) if verbose else None
        self.settings = (threads_of(n_jobs), memory_limit, self.bars)

    def __enter__(self):
        return self.settings

    def __exit__(self, *_):
        if self.bars:
            self.bars.close()


def seed_of(random_state) -> int:
    """The seed of scikit-learn's random_state: None is 0, so that results repeat; an integer is itself; a generator of
    NumPy is drawn from. ValueError: anything else, or below 0."""
    if random_state is None:
        return 0
    if isinstance(random_state, numbers.Integral):
        if 0 <= random_state < 2**64:
            return int(random_state)
    elif hasattr(random_state, "randint"):
        return int(random_state.randint(2**31 - 1))
    elif hasattr(random_state, "integers"):
        return int(random_state.integers(2**63 - 1))
    raise ValueError(f"{random_state!r} cannot be used to seed zsc: expected None, a whole number of 0 or more, or a "
                     "random generator of NumPy")
