#!/bin/sh
# Bad input to zsc run: one clear sentence, the right exit status, nothing half written.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 300 --seed 1 || exit 99
"$ZSC" embed kmer -q -m sim.csv -k 3 -o k.h5 || exit 99
zsc() { "$ZSC" run -q -o res "$@"; }

expect 2 "no embeddings" zsc
expect 3 "no-such.h5" zsc -e no-such.h5
echo "not hdf5, but text of some length to be sure of it" >text.h5
expect 3 "text.h5" zsc -e text.h5
head -c 20000 k.h5 >cut.h5
expect 3 "cut.h5" zsc -e cut.h5
expect 3 "kmer3" zsc -e k.h5:kmer9          # lists those that are there
expect 2 "did you mean --neighbors" zsc -e k.h5 --neighbours 5
expect 2 "expects one of" zsc -e k.h5 --scale z
expect 2 "from 2 to" zsc -e k.h5 --neighbors 1
expect 3 "fewer than the" zsc -e k.h5 --neighbors 5000
expect 3 "there are only 300 rows" zsc -e k.h5 --clusters 301
expect 3 "expected a rank of the data" zsc -e k.h5 --clusters kingdom

# metadata
expect 3 "no-such.csv" zsc -e k.h5 -m no-such.csv
sed 's/^processid,/key,/' sim.csv >noid.csv
expect 3 "processid" zsc -e k.h5 -m noid.csv
{ head -n 3 sim.csv; printf '"torn,quote\n'; } >torn.csv
expect 3 "torn.csv" zsc -e k.h5 -m torn.csv
{ head -n 3 sim.csv; printf 'a\000b,c\n'; } >nul.csv
expect 3 "nul.csv" zsc -e k.h5 -m nul.csv
{ cat sim.csv; sed -n 2p sim.csv; } >twice.csv
expect 3 "twice" zsc -e k.h5 -m twice.csv
sed '2,$s/^/X/' sim.csv >others.csv
expect 3 "others.csv" zsc -e k.h5 -m others.csv
nothing_left res

# one row, one species
first=$(sed -n 2p sim.csv | cut -d, -f1)
{ sed -n 1p sim.csv; sed -n 2p sim.csv; } >one.csv
expect 3 "1 row is left" zsc -e k.h5 -m one.csv --reduce none
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "species") s = i } { if (NR > 1) $s = "Only one"; print }' OFS=, sim.csv >mono.csv
expect 3 "single class" zsc -e k.h5 -m mono.csv --reduce none
nothing_left res

# accepted: Windows line ends, a byte order mark, ids that match in some rows only
sed 's/$/\r/' sim.csv >dos.csv
{ printf '\357\273\277'; cat sim.csv; } >bom.csv
head -n 151 sim.csv >half.csv
run "$ZSC" run -q -e k.h5 -m sim.csv --reduce none --format csv && cut -d, -f7- out >plain.out
for f in dos bom; do
    run "$ZSC" run -q -e k.h5 -m $f.csv --reduce none --format csv
    [ "$status" -eq 0 ] || fail "$f.csv: $(cat err)"
    cut -d, -f7- out | cmp -s - plain.out || fail "$f.csv changes the result"
done
run "$ZSC" run -e k.h5 -m half.csv --reduce none
[ "$status" -eq 0 ] || fail "half.csv: $(cat err)"
grep -F "150 rows whose id is not in every file" err >/dev/null || fail "no count of rows without metadata: $(cat err)"

# places that cannot be written
echo file >blocked
expect 3 "blocked" "$ZSC" run -q -e k.h5 --reduce none -o blocked/results
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod 500 locked
    expect 3 "Permission denied" "$ZSC" run -q -e k.h5 --reduce none -o locked/results
fi
full() { (trap '' XFSZ; ulimit -f 8; exec "$ZSC" run -q -e k.h5 --reduce none -o full); }
expect 3 "full/" full
nothing_left full
for f in full/*; do [ -f "$f" ] && fail "half written: $f"; done
if [ -w /dev/full ]; then
    "$ZSC" run -q -e k.h5 --reduce none >/dev/full 2>err
    status=$?
    [ $status -eq 3 ] || fail "full standard output: status $status"
    grep -F "standard output" err >/dev/null || fail "full standard output: $(cat err)"
fi
finish
