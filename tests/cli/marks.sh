#!/bin/sh
# Best and second are marked among rows with the same rows, splits and settings alone, and all formats agree.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
${PYTHON3-/usr/bin/python3} "$ZSC_SRCDIR/tests/cli/marks.py" || fail "marks"
finish
