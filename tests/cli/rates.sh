#!/bin/sh
# The rates of a machine: measured once by a dry run, kept in the user's cache folder, and measured again where they are not of this machine, this
# zsc or these kernels, or where the file is damaged.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 3000 --seed 1 -o data.h5 || fail 'simulate'
cat > sweep.yaml <<'END'
output: results
embeddings: [data.h5:sim_dna]
neighbors: 15
dim: 20
END
XDG_CACHE_HOME=$PWD/cache; export XDG_CACHE_HOME
rates=cache/zsc/rates

dry() { # what it says of the rates, in `said`
    "$ZSC" sweep sweep.yaml --dry-run -v -t 1 > out 2> err || fail "dry run: $(cat err)"
    grep 'rates of this machine' err > said || fail "nothing is said of rates: $(cat err)"
}
measured() { dry; grep -q 'were measured' said || fail "$1: not measured: $(cat said)"; }
kept() { dry; grep -q "rates of this machine: .*cache/zsc/rates" said || fail "$1: $(cat said)"; }

measured 'first'
[ "$(wc -l < $rates)" -eq 7 ] || fail "lines: $(cat $rates)"
sed 1,3d $rates | awk '$2 > 0 && NF == 2 { n++ } END { exit n != 4 }' || fail "rates: $(cat $rates)"
cp $rates first
kept 'second'
cmp -s first $rates || fail 'kept rates were written again'

sed 's/^processor .*/processor another/' first > $rates; measured 'another processor'
grep -q 'processor another' $rates && fail 'the other processor stayed'
sed 's/^search .*/search 1e9/' first > $rates; measured 'a rate beyond reason'
head -5 first > $rates; measured 'half a file'
printf 'trees 1\n' | cat first - > $rates; measured 'a line too many'
isa=$(sed -n 's/^kernels //p' first); other=plain # slow
[ "$isa" = avx512 ] && other=avx2
ZSC_ISA=$other; export ZSC_ISA
measured 'other kernels'
[ "$(sed -n 3p $rates)" = "kernels $other" ] || fail "kernels: $(cat $rates)"
unset ZSC_ISA
rm $rates; mkdir $rates; dry; rmdir $rates # a folder in its place is no error

# Where nothing can be kept, estimates are made all the same.
rm -r cache
: > file; XDG_CACHE_HOME=$PWD/file dry; grep -q 'cannot be kept' said || fail "a file as folder: $(cat said)"
grep -q 'seconds in all' out || fail 'no estimate'
(unset HOME; XDG_CACHE_HOME=; export XDG_CACHE_HOME; dry; grep -q 'cannot be kept' said) || fail 'no home'
HOME=$PWD/home XDG_CACHE_HOME= dry; [ -s home/.cache/zsc/rates ] || fail 'not in ~/.cache'

# Rates that say more time give a longer estimate.
seconds() { sed -n 's/.*; \([0-9.]*\) s CPU in all.*/\1/p' out; }
mkdir -p cache/zsc
cp home/.cache/zsc/rates $rates; kept 'as measured'; one=$(seconds)
awk 'NR <= 3 { print; next } { printf("%s %.3f\n", $1, $2 * ($1 == "layout" ? 1 : 20)) }' $rates > more
mv more $rates; kept 'twenty times'; two=$(seconds)
awk -v a="$one" -v b="$two" 'BEGIN { exit !(a > 0 && b > 2 * a) }' || fail "estimates: $one, then $two"
echo ok
