#!/bin/sh
# What doc/reliability.md promises of strings and files of strangers: no way to a shell is linked in, nothing is written through a
# link that lies in the way, an archive writes nowhere. (Escapes: fuzz_styles, plot-ranks.sh, tables.sh; sizes: tests/unit/limits.)
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# --- No shell, no names for temporary files that can be guessed and taken, no copies without a bound
if grep -q __asan_init "$ZSC"; then echo "sanitizers bring functions of their own: symbols are not looked at" >&2
elif ! command -v nm >/dev/null; then echo "nm is not there: symbols are not looked at" >&2
else
    nm -D --undefined-only "$ZSC" | awk '{print $NF}' | sed 's/@.*//' >symbols
    grep -qx posix_spawnp symbols || fail "nm shows no symbols"
    # execve is that of cli/preinit.c, which starts the program itself
    [ "$(cd "$ZSC_SRCDIR/src" && grep -rlw execve .)" = ./cli/preinit.c ] || fail "execve is called outside of cli/preinit.c"
    # zsc paper starts zsc, or the launcher that it is given, without a shell
    [ "$(cd "$ZSC_SRCDIR/src" && grep -rlE '\<(fork|execvp)\(' --include='*.c' .)" = ./paper/paper_run.c ] || fail "processes are started outside of paper/paper_run.c"
    grep -xE 'system|popen|execl|execl[pe]|execv|execvpe|fexecve|wordexp|vfork|posix_spawn|tmpnam|tempnam|mktemp|tmpfile|gets|strcpy|strcat|v?sprintf' symbols >bad &&
        fail "linked in: $(tr '\n' ' ' <bad)"
fi

# --- Links where the temporary file would be: exec keeps the number of the process
run "$ZSC" simulate --rows 60 --seed 3 -o in.h5 --metadata-output in.csv -q
[ "$status" -eq 0 ] || fail "simulate: $(cat err)"
printf 'key,encoders,modalities,rank,ami\n1,a,dna,species,0.5\n' >tidy.csv
echo "not to be touched" >victim
laid() { # OUTPUT COMMAND...
    output=$1; shift
    sh -c 'for n in 0 1 2; do ln -s victim "$0.tmp-$$-$n"; done; exec "$@"' "$output" "$@" >out 2>err || fail "$*: $(cat err)"
    [ "$(cat victim)" = "not to be touched" ] || fail "$*: written through a link"
    [ -f "$output" ] && [ ! -L "$output" ] || fail "$*: no $output"
    [ "$(find . -name "$output.tmp-*" -type l | wc -l)" -eq 3 ] || fail "$*: the links are gone"
    [ -z "$(find . -name "$output.tmp-*" -type f)" ] || fail "$*: a temporary file is left"
    rm -f "$output".tmp-*
}
laid o.h5 "$ZSC" embed kmer -m in.csv -k 3 -o o.h5 -q
laid o.csv "$ZSC" collect tidy.csv -o o.csv -q
laid o.tex "$ZSC" table ranks tidy.csv --format latex -o o.tex -q
if command -v gnuplot >/dev/null; then laid o.svg "$ZSC" plot ranks tidy.csv -o o.svg -q; fi

# --- An archive whose members want to be elsewhere: read in place or refused, and nothing appears
mkdir -p deep/er
for member in ../../evil.npy /tmp/zsc-e.npy; do
    tail -c +2 "$ZSC_SRCDIR/tests/fuzz/corpus/vectors/npz" | LC_ALL=C sed "s|embeddings.npy|$member|g" >deep/er/bad.npz
    grep -aq "$member" deep/er/bad.npz || fail "the archive holds no $member"
    find . | sort >before
    for command in "info bad.npz" "import bad.npz -o o.h5" "run -e bad.npz --reduce none"; do
        # shellcheck disable=SC2086
        (cd deep/er && "$ZSC" $command >/dev/null 2>err; echo $? >status; rm -f o.h5)
        case $(cat deep/er/status) in 0 | 2 | 3) ;; *) fail "$command with $member: status $(cat deep/er/status)" ;; esac
        rm -f deep/er/err deep/er/status
    done
    find . | sort >after
    sed -i -e '/^\.\/before$/d' -e '/^\.\/after$/d' before after
    cmp -s before after || fail "$member: $(diff before after)"
    [ ! -e /tmp/zsc-e.npy ] || fail "an archive has written to /tmp"
done
finish
