#!/bin/sh
# Static analysis: gcc -fanalyzer, clang-tidy and cppcheck, each with the configuration kept in this repository.
#   tests/analyze.sh BUILDDIR [gcc] [clang-tidy] [cppcheck] [-- FILE...]
# Of src/ and tests/, or of the files named. Fails if any of them finds something. A tool that is not installed is said to be missing.
set -u
build=$1; shift
source=$(cd "$(dirname "$0")/.." && pwd)
cd "$source" || exit 1
tools="" files="" status=0
while [ $# -gt 0 ]; do case $1 in --) shift; files=$*; break ;; *) tools="$tools $1"; shift ;; esac; done
[ -n "$tools" ] || tools="gcc clang-tidy cppcheck"
[ -n "$files" ] || files=$(find src tests -name '*.c' | sort)
flags="-std=gnu17 -DHAVE_CONFIG_H -I$build -Iinclude -Isrc -DZSC_PLOTS_DIR=\"/\" $(pkg-config --cflags openblas gsl hdf5 jansson yaml-0.1 libzip libzstd) -fopenmp"
# ranks.c alone needs MPI, and only where it is configured
gcc_analyzes() { # FILE: warnings without a place are the file's; a test for which memory runs out may crash
    case $1 in tests/*) more='-Wno-analyzer-possible-null-dereference -Wno-analyzer-possible-null-argument' ;; *) more= ;; esac
    # shellcheck disable=SC2086
    gcc $flags -O1 -fanalyzer -Wall -Wextra $more -fdiagnostics-plain-output -c -o /dev/null "$1" 2>&1 | sed "s|^cc1: warning:|$1:0:0: warning:|"
}
for tool in $tools; do
    clean=1
    case $tool in
    gcc) command -v gcc > /dev/null || { echo "gcc: not installed"; continue; }
        for f in $files; do gcc_analyzes "$f"; done > "$build/analyze.log"
        sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: warning: .*\[-W\([^]]*\)\]$/\1 \2/p' "$build/analyze.log" | sort -u > "$build/analyze.found"
        grep -q ': error: ' "$build/analyze.log" && { grep ': error: ' "$build/analyze.log"; clean=0; }
        while read -r f warning; do
            case $f in src/* | tests/*) ;; *) continue ;; esac
            grep -q "^$f $warning " tests/analyze.gcc || { grep "^$f:.*$warning" "$build/analyze.log"; clean=0; }
        done < "$build/analyze.found" ;;
    clang-tidy) command -v clang-tidy > /dev/null || { echo "clang-tidy: not installed"; continue; }
        # shellcheck disable=SC2086
        clang-tidy --quiet $files -- $flags 2> /dev/null || clean=0 ;;
    cppcheck) command -v cppcheck > /dev/null || { echo "cppcheck: not installed"; continue; }
        # shellcheck disable=SC2086
        cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
            --suppressions-list=tests/analyze.cppcheck -I"$build" -Iinclude -Isrc -DHAVE_CONFIG_H $files || clean=0 ;;
    esac
    if [ $clean = 1 ]; then echo "$tool: clean"; else echo "$tool: findings"; status=1; fi
done
exit $status
