#!/bin/sh
# The command line itself: what is refused and how, help with live defaults, man pages and completions of every command.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

expect 2 "no command given" "$ZSC"
expect 2 "did you mean 'sweep'" "$ZSC" swep
expect 2 "there is no command 'frobnicate'" "$ZSC" frobnicate
expect 2 "did you mean --neighbors" "$ZSC" run --neighbours=3
expect 2 "--dim expects a whole number, not 'x'" "$ZSC" run --dim x
expect 2 "--dim expects a number from 1" "$ZSC" run --dim 0
expect 2 "--dim expects a whole number, not '-3'" "$ZSC" run --dim -3
expect 2 "--dim needs an argument" "$ZSC" run --dim
expect 2 "--curve takes no argument" "$ZSC" run --curve=yes
expect 2 "expects one of umap|pca|none, not 'tsne'" "$ZSC" run --reduce tsne
expect 2 "expects seeds" "$ZSC" run --seed 1,x
expect 2 "expects seeds" "$ZSC" run --seed 3-1
expect 2 "expects a size" "$ZSC" run --memory-limit lots
expect 2 "there is no option -Z" "$ZSC" run -Z
expect 2 "unexpected word 'stray'" "$ZSC" run -e x.h5 stray

run "$ZSC" --version
[ "$status" -eq 0 ] && grep "^zsc [0-9]" out >/dev/null || fail "--version"
run "$ZSC" run --help
grep -F -- "--neighbors=N" out >/dev/null || fail "no --neighbors in help"
grep -F "UMAP: neighbours per row, including the row itself [30]" out >/dev/null || fail "help does not show the live default"

"$ZSC" help >all || fail "help"
sed -n 's/^  \([a-z][a-z]*\( [a-z][a-z]*\)\{0,1\}\)  .*/\1/p' all >commands
[ "$(wc -l <commands)" -ge 10 ] || fail "help lists $(wc -l <commands) commands"
while read -r command; do
    # shellcheck disable=SC2086  # "embed kmer" is two words
    "$ZSC" $command --help >"help.$command" 2>err || fail "$command --help: $(cat err)"
    # shellcheck disable=SC2086
    "$ZSC" help --form=man $command >page.1 2>err || fail "man page of $command: $(cat err)"
    grep '^\.SH OPTIONS' page.1 >/dev/null || fail "man page of $command has no options"
    # every option of the help is in the man page
    grep -oE '^ +(-., )?--[a-z0-9-]+' "help.$command" | grep -oE -- '--[a-z0-9-]+' | sort -u >in.help
    sed 's/\\f.//g; s/\\//g' page.1 | grep -oE -- '--[a-z0-9-]+' | sort -u | comm -23 in.help - >lacking
    [ ! -s lacking ] || fail "man page of $command lacks $(tr '\n' ' ' <lacking)"
    if command -v groff >/dev/null; then
        groff -man -ww -Tutf8 page.1 2>&1 >/dev/null | grep . && fail "groff warns of the page of $command"
    fi
    awk 'length($0) > 120 { print; exit 1 }' "help.$command" || fail "$command --help has a line of more than 120 columns"
done <commands

"$ZSC" help --completion=bash >zsc.bash || fail "completion"
"$ZSC" help --completion=zsh >zsc.zsh || fail "completion of zsh"
grep -oE -- '--[a-z0-9-]+' zsc.zsh | sort -u >in.zsh
# every option of the help of every command, and no other, is completed by both shells
while read -r command; do
    sed -n '/^Options:/,/^Examples:/p' "help.$command" | grep -oE '^ +(-., )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort >in.help
    grep -F "'$command') options='" zsc.bash | sed "s/.*options='//; s/'.*//" | tr ' ' '\n' | sort >in.bash
    cmp -s in.help in.bash || fail "bash completes other options of $command than its help has: $(diff in.help in.bash)"
    sort -u in.help | comm -23 - in.zsh >lacking
    [ ! -s lacking ] || fail "zsh does not complete these options of $command: $(tr '\n' ' ' <lacking)"
done <commands
if command -v bash >/dev/null; then
    bash -n zsc.bash || fail "the completion is not bash"
    words=$(bash -c '. ./zsc.bash; COMP_WORDS=(zsc run --red); COMP_CWORD=2; _zsc; echo "${COMPREPLY[@]}"')
    [ "$words" = "--reduce" ] || fail "completion of --red: $words"
    words=$(bash -c '. ./zsc.bash; COMP_WORDS=(zsc run --reduce ""); COMP_CWORD=3; _zsc; echo "${COMPREPLY[@]}"')
    [ "$words" = "umap pca none" ] || fail "completion of --reduce: $words"
    words=$(bash -c '. ./zsc.bash; COMP_WORDS=(zsc sw); COMP_CWORD=1; _zsc; echo "${COMPREPLY[@]}"')
    [ "$words" = "sweep" ] || fail "completion of sw: $words"
fi
finish
