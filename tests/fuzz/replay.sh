#!/bin/sh
# Every input of the corpus, those that once crashed among them, goes through its target.
set -u
status=0
for target in csv yaml npy text h5 layout packed store vectors styles labels; do
    folder=$ZSC_SRCDIR/tests/fuzz/corpus/$target
    set -- "$folder"/*
    [ -e "$1" ] || { echo "no corpus in $folder"; exit 1; }
    printf '%s: ' "$target"
    "$ZSC_BUILDDIR/tests/fuzz/fuzz_$target" "$@" || { echo "fuzz_$target failed"; status=1; }
done
exit $status
