"""What a computation does to the process around it: threads, signals, forks, imports."""
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import zsc


def run_python(code: str, **environment):
    """A Python of its own that runs code; what it prints."""
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_is_quick_and_loads_nothing():
    """0.1 s with the classes, NumPy apart, which is the caller's; the best of three on a machine that may be busy."""
    code = """
import sys, time
begin = time.process_time()
import zsc
assert "numpy" not in sys.modules
bare = time.process_time() - begin
import numpy
begin = time.process_time()
for name in zsc.__all__: getattr(zsc, name)
loaded = [name for name in ("scipy", "sklearn", "pandas", "tqdm", "umap") if name in sys.modules]
assert not loaded, loaded
print(bare + time.process_time() - begin)
"""
    assert min(float(run_python(code)) for _ in range(3)) < 0.1


@pytest.mark.parametrize("task", [
    "zsc.UMAP(n_epochs=10**6).fit(x)",
    "zsc.linkage(y[:24000], 'average')",
    "zsc.NearestNeighbors(metric='manhattan').fit(y).kneighbors()",
    "zsc.silhouette_score(y, numpy.arange(len(y)) % 50)",
])
def test_interrupt_stops_within_a_second(task):
    """KeyboardInterrupt is raised in the middle of a computation, and within a second of processor time."""
    code = f"""
import os, signal, threading, time
import numpy, zsc
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it is ignored
x = numpy.random.default_rng(0).normal(size=(2000, 40)).astype("f")
y = numpy.random.default_rng(0).normal(size=(60000, 60)).astype("f")
zsc.UMAP, zsc.linkage, zsc.NearestNeighbors, zsc.silhouette_score
sent = []
def send():
    sent.append((time.perf_counter(), time.process_time()))
    os.kill(os.getpid(), signal.SIGINT)
timer = threading.Timer(0.7, send)
timer.start()
try:
    {task}
    print("done")
except KeyboardInterrupt:
    wall, busy = time.perf_counter() - sent[0][0], time.process_time() - sent[0][1]
    print("late" if wall > 1 and busy > 1 else "interrupted")
timer.cancel()
"""
    assert run_python(code) == "interrupted"


def test_other_threads_run_meanwhile(blobs):
    """The GIL is free: another thread counts on while a computation runs."""
    counts, done = [0], threading.Event()

    def count():
        while not done.is_set():
            counts[0] += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    try:
        before = counts[0]
        zsc.UMAP(n_epochs=4000, n_jobs=1).fit(blobs[0])
        assert counts[0] > before + 3
    finally:
        done.set()
        counter.join()


def test_an_exception_in_a_callback_ends_the_computation():
    from zsc import _core

    def stop(stage, done, total):
        raise RuntimeError("enough")

    x = np.random.default_rng(0).normal(size=(60000, 60)).astype("f")
    with pytest.raises(RuntimeError, match="enough"):
        _core.silhouette_samples(x, np.arange(60000, dtype=np.int32) % 50, np.empty(60000), (1, 0, stop))


def test_four_threads_get_the_same_bytes(blobs):
    expected = zsc.UMAP(n_components=3).fit_transform(blobs[0]).tobytes()
    found = [None] * 4

    def work(i):
        found[i] = zsc.UMAP(n_components=3, n_jobs=i or None).fit_transform(blobs[0]).tobytes()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_a_child_computes_the_same(blobs):
    """After a fork, which OpenMP's threads do not survive."""
    expected = zsc.UMAP(n_epochs=50).fit_transform(blobs[0]).tobytes()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(120)
            same = zsc.UMAP(n_epochs=50).fit_transform(blobs[0]).tobytes() == expected
            os.write(writer, b"same" if same else b"other")
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"same"
    os.waitpid(child, 0)


def test_blas_of_the_caller_keeps_its_threads(blobs):
    threadpoolctl = pytest.importorskip("threadpoolctl")

    def numbers():
        return sorted((p["filepath"], p["num_threads"]) for p in threadpoolctl.threadpool_info())

    zsc.linkage(blobs[0], "ward")
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        before = numbers()
        zsc.linkage(blobs[0], "ward")
        zsc.UMAP(n_epochs=5).fit(blobs[0])
        assert numbers() == before


THREADS = """
import os, numpy
import zsc
x = numpy.random.default_rng(0).normal(size=(3000, 20)).astype("f")
zsc.UMAP, zsc.linkage  # limits are of libraries that are loaded
{before}
zsc.UMAP(n_epochs=5{option}).fit(x)
zsc.linkage(x, "ward"{option}), zsc.NearestNeighbors({bare}).fit(x).kneighbors()
print(len(os.listdir("/proc/self/task")))
"""


def test_one_openmp_thread_starts_none():
    assert run_python(THREADS.format(before="", option="", bare=""), OMP_NUM_THREADS="1") == "1"


def test_n_jobs_of_one_starts_none():
    blas = {"OPENBLAS_NUM_THREADS": "1"}
    assert run_python(THREADS.format(before="", option=", n_jobs=1", bare="n_jobs=1"), **blas) == "1"


@pytest.mark.parametrize("n_jobs", [10**9, 10**12, 10**30, -2, -1000])
def test_n_jobs_beyond_the_processors(n_jobs, blobs):
    x, _ = blobs
    assert (zsc.linkage(x, "ward", n_jobs=n_jobs) == zsc.linkage(x, "ward")).all()


def test_limits_of_threadpoolctl_are_kept():
    pytest.importorskip("threadpoolctl")
    limit = "import threadpoolctl; limits = threadpoolctl.threadpool_limits(1, user_api='openmp')"
    assert run_python(THREADS.format(before=limit, option="", bare=""), OPENBLAS_NUM_THREADS="1") == "1"


def test_progress_is_shown_where_it_is_asked_for(blobs, capsys):
    pytest.importorskip("tqdm")
    zsc.UMAP(verbose=True, n_epochs=200, tqdm_kwds={"ascii": True}).fit(blobs[0])
    assert "layout" in capsys.readouterr().err
    zsc.UMAP(n_epochs=200).fit(blobs[0])
    assert capsys.readouterr().err == ""


def test_memory_that_is_not_there():
    from zsc import _core

    x = np.zeros((2000, 50), np.float32)
    x[:, 0] = np.arange(2000)
    with pytest.raises(ValueError, match="memory"):
        _core.linkage(x, np.empty((1999, 4)), _core.LINKAGES["average"], 0, (1, 1 << 20, None))
