#!/bin/sh
# The Python package's tests, run by pytest against the build. Skipped where the package was not built (--with-python) or
# its interpreter lacks NumPy or pytest.
set -u
if [ -z "${ZSC_PYTHON-}" ]; then echo "skip: configured without --with-python"; exit 77; fi
PYTHONPATH=$ZSC_BUILDDIR/python-package PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH PYTHONDONTWRITEBYTECODE
"$ZSC_PYTHON" -c 'import numpy, pytest' 2>/dev/null ||
  { echo "skip: $ZSC_PYTHON has not NumPy and pytest (python3-numpy python3-pytest)"; exit 77; }
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
"$ZSC_PYTHON" -m pytest -q -p no:cacheprovider --basetemp="$folder/pytest" --ignore="$ZSC_SRCDIR/python/tests/peers" \
  --rootdir="$ZSC_SRCDIR/python/tests" "$ZSC_SRCDIR/python/tests"
