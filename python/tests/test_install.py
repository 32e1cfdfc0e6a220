"""The wheel that pip makes, and what `make install` installs, can be imported and compute."""
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
USE = "import numpy, zsc; print(zsc.KMeans(2).fit_predict(numpy.eye(4)[[0, 0, 3, 3]]).tolist(), zsc.__file__)"


def use(folder) -> str:
    done = subprocess.run([sys.executable, "-c", USE], env={**os.environ, "PYTHONPATH": str(folder)},
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[0, 0, 1, 1]") and str(folder) in done.stdout
    return done.stdout


def needs_build_folder():
    build = os.environ.get("ZSC_BUILDDIR")
    if not build:
        pytest.skip("ZSC_BUILDDIR does not name the build folder")
    return build


def test_wheel(tmp_path):
    """Of a copy of the sources, which pip builds in place."""
    needs_build_folder()
    for name in ("pip", "setuptools", "wheel"):  # not imported, which would change distutils in this process
        if not importlib.util.find_spec(name):
            pytest.skip(f"{name} is not installed")
    source = tmp_path / "zsc"
    for name in ("python", "include"):
        shutil.copytree(SOURCE / name, source / name)
    shutil.copy(SOURCE / "configure.ac", source)
    for name in ("autogen.sh", "configure"):
        (source / name).touch()
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps",
                           "--wheel-dir", tmp_path, source / "python"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    wheel, = tmp_path.glob("*.whl")
    assert "-cp311-abi3-linux" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        assert {"zsc/_core.abi3.so", "zsc/py.typed", "zsc/umap.py"} <= set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    use(tmp_path / "installed")


def test_module_needs_few_libraries():
    """None of libzsc's file formats; no symbol but the entry, so that two versions do not mix."""
    module = Path(needs_build_folder()) / "python-package" / "zsc" / "_core.abi3.so"
    if not module.exists() or not shutil.which("objdump"):
        pytest.skip("no module in the build folder, or no objdump")
    text = subprocess.run(["objdump", "-p", module], check=True, capture_output=True, text=True).stdout
    needed = {line.split()[1].split(".so")[0] for line in text.splitlines() if "NEEDED" in line}
    assert not needed & {"libhdf5", "libhdf5_serial", "libzip", "libyaml-0", "libjansson", "libigraph", "libmpi",
                         "libpython3"}
    names = subprocess.run(["objdump", "-T", module], check=True, capture_output=True, text=True).stdout
    shown = [line.split()[-1] for line in names.splitlines() if " .text" in line]
    assert shown == ["PyInit__core"]
