"""Builds the compiled module of the package: `pip wheel --no-build-isolation python/` in zsc's source tree.

The module is compiled against CPython's limited API and linked to libzsc_core.a. That archive is, in this order: in the
build folder that the environment variable ZSC_BUILDDIR names; installed (pkg-config zsc_core); or made in a build
folder of its own, for which ./configure of the source tree is run (./quickstart packages lists what that needs)."""
import os
import re
import shlex
import subprocess
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).resolve().parent
TOP = HERE.parent


def version() -> str:
    return re.search(r"AC_INIT\(\[zsc\], \[([^]]+)\]", (TOP / "configure.ac").read_text()).group(1)


def output_of(*command, cwd=None) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd).stdout


def made_in(folder: Path) -> Path:
    """A configured build folder with the archive made."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (TOP / "configure").exists():
        subprocess.run([str(TOP / "autogen.sh")], check=True)
    if not (folder / "Makefile").exists():
        subprocess.run([str(TOP / "configure"), "--quiet", "--disable-static"], check=True, cwd=folder)
    subprocess.run(["make", f"-j{os.cpu_count() or 1}", "libzsc_core.a", "zsc_core.pc"], check=True, cwd=folder)
    return folder


def variable(folder: Path, name: str) -> list[str]:
    """The words of a variable of the Makefile."""
    for line in (folder / "Makefile").read_text().splitlines():
        found = re.match(rf"{name} = (.*)", line)
        if found:
            return shlex.split(found.group(1))
    return []


class BuildModule(build_ext):
    """Finds the archive, and what is linked with it."""

    def build_extension(self, extension):
        archive = self.from_build_folder() or self.from_pkg_config()
        archive = archive or self.in_folder(made_in(Path(self.build_temp).resolve() / "zsc"))
        extension.include_dirs += archive["include"]
        extension.extra_objects += archive["objects"]
        extension.extra_link_args += archive["link"]
        extension.depends += archive["objects"]
        super().build_extension(extension)

    def in_folder(self, folder: Path) -> dict:
        libraries = sum((variable(folder, name) for name in ("OPENBLAS_LIBS", "LAPACKE_LIBS", "GSL_LIBS", "XXHASH_LIBS",
                                                             "OPENMP_CFLAGS")), [])
        return {"include": [str(TOP / "include")], "objects": [str(folder / "libzsc_core.a")],
                "link": libraries + ["-lm"]}

    def from_build_folder(self):
        folder = os.environ.get("ZSC_BUILDDIR")
        return self.in_folder(made_in(Path(folder).resolve())) if folder else None

    def from_pkg_config(self):
        try:
            flags = shlex.split(output_of("pkg-config", "--cflags", "zsc_core"))
            link = shlex.split(output_of("pkg-config", "--libs", "--static", "zsc_core"))
        except (OSError, subprocess.CalledProcessError):
            return None
        include = [flag[2:] for flag in flags if flag.startswith("-I")]
        return {"include": include or ["/usr/include"], "objects": [], "link": link}


sources = sorted(str(path.relative_to(HERE)) for path in (HERE / "src").glob("*.c"))
module = Extension(
    "zsc._core", sources, py_limited_api=True, extra_compile_args=["-std=gnu17", "-fvisibility=hidden"],
    extra_link_args=["-Wl,--exclude-libs,libzsc_core.a", "-Wl,--as-needed"],
)
setup(version=version(), ext_modules=[module], cmdclass={"build_ext": BuildModule},
      options={"bdist_wheel": {"py_limited_api": "cp311"}})
