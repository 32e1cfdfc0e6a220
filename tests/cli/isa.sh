#!/bin/bash
# The same bytes from every copy of the kernels (ZSC_ISA) and every set of OpenBLAS's (OPENBLAS_CORETYPE), of every stage
# and set of data of tests/same_cases.sh; with ZSC_CHECK_LONG the larger ones, too.
set -u
LC_ALL=C; export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"$ZSC" simulate --rows 400 --seed 4 -o in.h5 -q || exit 1
status=0
env ZSC_ISA=sse9 "$ZSC" score in.h5:/labels/species in.h5:/labels/genus > out 2> err
[ $? = 2 ] && [ "$(cat err)" = "zsc: the environment variable ZSC_ISA is 'sse9'; expected plain, avx2, avx512 or neon, or nothing for the best that there is" ] && [ ! -s out ] ||
    { echo "an unknown ZSC_ISA: $(cat out err)"; status=1; }
env ZSC_ISA= "$ZSC" score in.h5:/labels/species in.h5:/labels/genus > out 2> err || { echo "an empty ZSC_ISA: $(cat err)"; status=1; }
# every stage of every set of data
level=short
[ -n "${ZSC_CHECK_LONG-}" ] && level=long
cases="$ZSC_SRCDIR/tests/same_cases.sh"
ways='ZSC_ISA=plain ZSC_ISA=avx2 OPENBLAS_CORETYPE=Sandybridge OPENBLAS_CORETYPE=Haswell OPENBLAS_CORETYPE=Zen'
grep -q avx2 /proc/cpuinfo || ways='ZSC_ISA=plain OPENBLAS_CORETYPE=Nehalem'
grep -q avx512vl /proc/cpuinfo && ways="$ways OPENBLAS_CORETYPE=SkylakeX"
"$cases" inputs "$work/cases" $level "$ZSC" || exit 1
"$cases" digests "$work/cases" $level "$ZSC" > best
grep failed best && status=1
[ "$(wc -l < best)" -ge 45 ] || { echo "few digests:"; cat best; status=1; }
for way in $ways; do
    "$cases" digests "$work/cases" $level env "$way" "$ZSC" > other
    cmp -s best other || { echo "$way: other bytes than with the best kernels:"; diff best other; status=1; }
    [ -n "${ZSC_CHECK_LONG-}" ] && echo "$way: $(wc -l < other) digests"
done
d=in.h5:sim_dna
# a result of one set of kernels is computed again by another, to the byte, without a warning
env ZSC_ISA=plain "$ZSC" run -q -e $d --dim 5 --epochs 20 --internal -o made >/dev/null || status=1
"$ZSC" rerun made/*.h5 > out 2> err && ! grep -q ' no$' out && ! grep -qE 'kernels|bytes may differ' err ||
    { echo "rerun with other kernels: $(cat out err)"; status=1; }
exit $status
