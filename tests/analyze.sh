#!/bin/sh
# Static analysis: gcc -fanalyzer, clang-tidy and cppcheck, each with the configuration kept in this repository.
#   tests/analyze.sh BUILDDIR [gcc] [clang-tidy] [cppcheck] [-- FILE...]
# Fails if any of them finds something. A tool that is not installed is said to be missing.
set -u
build=$1; shift
source=$(cd "$(dirname "$0")/.." && pwd)
cd "$source" || exit 1
tools="" files="" status=0
while [ $# -gt 0 ]; do case $1 in --) shift; files=$*; break ;; *) tools="$tools $1"; shift ;; esac; done
[ -n "$tools" ] || tools="gcc clang-tidy cppcheck"
[ -n "$files" ] || files=$(find src -name '*.c' | sort)
flags="-std=gnu17 -DHAVE_CONFIG_H -I$build -Iinclude -Isrc -DZSC_PLOTS_DIR=\"/\" $(pkg-config --cflags openblas lapacke gsl hdf5 jansson yaml-0.1 libzip libzstd) -fopenmp"
# ranks.c alone needs MPI, and only where it is configured
for tool in $tools; do
    case $tool in
    gcc) command -v gcc > /dev/null || { echo "gcc: not installed"; continue; }
        # shellcheck disable=SC2086
        for f in $files; do gcc $flags -O1 -fanalyzer -Wall -Wextra -fdiagnostics-plain-output -c -o /dev/null "$f"; done 2> "$build/analyze.log"
        sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: warning: .*\[-W\([^]]*\)\]$/\1 \2/p' "$build/analyze.log" | sort -u > "$build/analyze.found"
        grep -q ': error: ' "$build/analyze.log" && { grep ': error: ' "$build/analyze.log"; status=1; }
        while read -r f warning; do
            case $f in src/*) ;; *) continue ;; esac
            grep -q "^$f $warning " tests/analyze.gcc || { grep "^$f:.*$warning" "$build/analyze.log"; status=1; }
        done < "$build/analyze.found" ;;
    clang-tidy) command -v clang-tidy > /dev/null || { echo "clang-tidy: not installed"; continue; }
        # shellcheck disable=SC2086
        clang-tidy --quiet $files -- $flags 2> /dev/null || status=1 ;;
    cppcheck) command -v cppcheck > /dev/null || { echo "cppcheck: not installed"; continue; }
        # shellcheck disable=SC2086
        cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
            --suppressions-list=tests/analyze.cppcheck -I"$build" -Iinclude -Isrc -DHAVE_CONFIG_H $files || status=1 ;;
    esac
    [ $status = 0 ] && echo "$tool: clean" || echo "$tool: findings"
done
exit $status
