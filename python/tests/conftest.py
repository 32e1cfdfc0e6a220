"""What the tests share. They run against the package that PYTHONPATH names (python/tests/check.sh)."""
import os
import subprocess

import numpy as np
import pytest


@pytest.fixture(scope="session")
def blobs():
    """600 rows of 12 columns in 6 groups, float32, and their groups."""
    generator = np.random.default_rng(1)
    labels = np.arange(600) % 6
    centres = generator.normal(size=(6, 12)) * 4
    return (centres[labels] + generator.normal(size=(600, 12))).astype(np.float32), labels


@pytest.fixture(scope="session")
def program():
    """Runs the zsc program with arguments; its stdout."""
    path = os.environ.get("ZSC")
    if not path:
        pytest.skip("ZSC does not name the program")

    def run(*arguments, cwd):
        done = subprocess.run([path, *map(str, arguments)], cwd=cwd, check=True, capture_output=True, text=True)
        return done.stdout

    return run
