#!/bin/sh
# Identifiers, messages, comments and documents use the field's words: see words.pl and words.txt.
exec perl "$ZSC_SRCDIR/tests/house/words.pl" "$ZSC_SRCDIR"
