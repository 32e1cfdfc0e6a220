#!/bin/sh
# doc/design.md's tables of modules, libraries and names hold for the code: see structure.pl.
exec perl "$ZSC_SRCDIR/tests/house/structure.pl" "$ZSC_SRCDIR" "$ZSC_BUILDDIR"
