#!/bin/bash
# Threads that wait for others on small inputs: they spin for microseconds and then sleep, unless the environment says otherwise, and
# two or four threads do not take several times the processor time of one (spinning took up to ten).
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
if grep -q __asan_init "$ZSC" || grep -q __tsan_init "$ZSC"; then skip "processor time is the sanitizer's"; fi
unset GOMP_SPINCOUNT OMP_WAIT_POLICY

# GNU's OpenMP prints what it was told; libraries that do not are others
spins() { env OMP_DISPLAY_ENV=verbose "$@" 2>&1 >/dev/null | sed -n "s/.*GOMP_SPINCOUNT = '\(.*\)'.*/\1/p"; }
if [ -n "$(spins "$ZSC" version)" ]; then
    [ "$(spins "$ZSC" version)" = 100 ] || fail "spins: $(spins "$ZSC" version)"
    [ "$(spins env -i OMP_DISPLAY_ENV=verbose TERM=dumb "$ZSC" version)" = 100 ] || fail "with two variables"
    [ "$(spins GOMP_SPINCOUNT=7 "$ZSC" version)" = 7 ] || fail "GOMP_SPINCOUNT: $(spins GOMP_SPINCOUNT=7 "$ZSC" version)"
    [ "$(spins OMP_WAIT_POLICY=passive "$ZSC" version)" = 0 ] || fail "OMP_WAIT_POLICY: $(spins OMP_WAIT_POLICY=passive "$ZSC" version)"
fi

# programs that zsc starts have the environment that it was given
"$ZSC" simulate -q --rows 500 --image-encoders 1 --image-dim 64 --dna-encoders 0 -o e.h5 || fail "simulate"
"$ZSC" run -q -e e.h5 --epochs 20 -o results >/dev/null || fail "run"
mkdir bin
printf '#!/bin/sh\n/usr/bin/env >"%s/seen"\nexit 1\n' "$work" >bin/gnuplot
chmod +x bin/gnuplot
for variable in OLDPWD SHLVL LOGNAME TERM; do
    rm -f seen
    env -i PATH="$work/bin" "ZSC_PLOTS=${ZSC_PLOTS-}" "$variable=/tmp" "$ZSC" plot ranks results -o p.svg 2>err
    { [ $variable = SHLVL ] || grep -qx "$variable=/tmp" seen; } && ! grep GOMP seen || fail "$variable: $(cat err seen)"
done

# processor time, the least of three
seconds() { # THREADS COMMAND...
    threads=$1
    shift
    for i in 1 2 3; do
        { time -p "$ZSC" "$@" -q --threads "$threads" >/dev/null; } 2>&1 | awk '$1 != "real" { sum += $2 } END { print sum }'
    done | sort -n | head -n 1
}
for command in "umap -e e.h5 -o u.npy --force" "run -e e.h5 -o again --force"; do
    set -- $command
    one=$(seconds 1 "$@")
    for threads in 2 4; do
        several=$(seconds $threads "$@")
        awk -v a="$several" -v b="$one" 'BEGIN { exit !(a <= 3 * b + 0.1) }' || fail "$command: $several s CPU with $threads threads, $one s with one"
    done
done
finish
