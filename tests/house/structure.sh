#!/bin/sh
# doc/design.md's tables of modules, libraries and names hold for the code (structure.pl), and every test is in a makefile
# and can be run.
cd "$ZSC_SRCDIR" || exit 99
failed=0
for test in tests/*/*.sh tests/*/*.c tests/*/*.py; do
    grep -qF "$test" Makefile.am tests/*.mk || { echo "$test is in no makefile"; failed=1; }
    case $test in *lib.sh | *.c | *.py) continue ;; esac
    [ -x "$test" ] || { echo "$test cannot be run: chmod +x $test"; failed=1; }
done
cd - >/dev/null || exit 99
perl "$ZSC_SRCDIR/tests/house/structure.pl" "$ZSC_SRCDIR" "$ZSC_BUILDDIR" || failed=1
exit $failed
