#!/bin/sh
# Examples in the help of each command name commands that exist, with options that they have.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" help --form=names >commands || fail "no names of commands"
while read -r command; do
    # shellcheck disable=SC2086  # "embed kmer" is two words
    "$ZSC" $command --help >help.txt 2>err || fail "$command --help: $(cat err)"
    # options of the command, one per line
    grep -oE '^ +(-., )?--?[a-z0-9][a-z0-9-]*' help.txt | tr -d , | tr -s ' ' '\n' >"options.$command"
    # an example that goes on in another line ends with a backslash
    sed -n '/^ *\$ zsc /,/[^\\]$/p' help.txt | sed -e :a -e '/\\$/N; s/\\\n//; ta' | sed 's/^ *\$ zsc //' >>examples
done <commands
[ "$(wc -l <examples)" -ge 40 ] || fail "$(wc -l <examples) examples"
while read -r first second rest; do
    if [ -f "options.$first $second" ]; then command="$first $second"; else command=$first; fi
    [ -f "options.$command" ] || fail "an example has zsc $command, which there is not"
    known=" $(tr '\n' ' ' <"options.$command")"
    for option in $(echo " $second $rest" | sed 's/[|;>].*//' | grep -oE ' --?[a-z][a-z0-9-]*'); do
        case $known in *" $option "*) ;; *) fail "zsc $command has no $option: $first $second $rest" ;; esac
    done
done <examples
finish
