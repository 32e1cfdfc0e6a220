#!/bin/bash
# zsc built by gcc and by clang at -O1 and -O3: the same bytes of every stage on every set of data of tests/same_cases.sh.
#   compilers.sh BUILDDIR       ZSC_SAME_LEVEL=short leaves the larger sets out
set -u
build=$1 level=${ZSC_SAME_LEVEL-long}
source=$(cd "$(dirname "$0")/.." && pwd)
LC_ALL=C; export LC_ALL
mkdir -p "$build"
cd "$build" || exit 1
made= status=0
for cc in gcc clang; do
    command -v $cc > /dev/null || { echo "$cc: not installed"; continue; }
    for level_of in O1 O3; do
        b=$cc-$level_of
        mkdir -p $b
        (cd $b && { [ -e Makefile ] || "$source/configure" -q --disable-static CC="${CCACHE-} $cc" CFLAGS="-g -$level_of"; } && make -s -j2 zsc) > $b.log 2>&1 ||
            { echo "$cc -$level_of does not build"; tail -3 $b.log; exit 1; }
        made="$made $b"
    done
done
first=${made# }; first=${first%% *}
"$source/tests/same_cases.sh" inputs "$build/cases" "$level" "$build/$first/zsc" || exit 1
for b in $made; do
    "$source/tests/same_cases.sh" digests "$build/cases" "$level" "$build/$b/zsc" > "$b.digests"
    if grep failed "$b.digests"; then status=1; fi
    if cmp -s "$first.digests" "$b.digests"; then echo "$b: $(wc -l < "$b.digests") digests, the same as of $first"
    else echo "$b: other bytes than $first:"; diff "$first.digests" "$b.digests"; status=1; fi
done
exit $status
