"""The notebook of examples/: every cell runs, and the last one is the figure."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "ami.ipynb"


def value_of(code: str, names: dict):
    """Runs a cell; the value of its last line where that is an expression, as notebooks show it."""
    import ast

    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def test_cells_one_after_another(program):
    pytest.importorskip("pandas")
    if not shutil.which("gnuplot"):
        pytest.skip("gnuplot is not installed")
    names: dict = {}
    cells = [cell for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]
    values = [value_of("".join(cell["source"]), names) for cell in cells]
    ami, curve, scores, figure = values[1:]
    assert list(ami) == ["family", "genus", "species"] and ami["species"] > 0.9
    assert curve[1] >= ami["species"]
    assert len(scores) == 2 * 2 * 3
    sharp = scores.set_index(["encoders", "rank", "seed"])["ami"]["sharp", "species", 0]
    assert round(sharp, 3) == ami["species"]
    svg = figure._repr_svg_()
    assert "<svg" in svg and "sharp" in svg and "blurred" in svg


def test_nbconvert_executes_it(program, tmp_path):
    pytest.importorskip("nbconvert", reason="nbconvert is not installed (jupyter-nbconvert, python3-ipykernel)")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    folders = {"JUPYTER_RUNTIME_DIR": str(tmp_path), "IPYTHONDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", tmp_path,
                    NOTEBOOK], check=True, env={**os.environ, **folders})
    assert "image/svg+xml" in (tmp_path / NOTEBOOK.name).read_text()
