#!/bin/sh
# Tables as spreadsheets and other programs write them, and HDF5 datasets whose rows are elsewhere: the same ids, numbers and
# labels as of a plain file, or the sentence that says what to do.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
awk 'BEGIN { for (i = 0; i < 12; i++) printf "s%02d %s %.3f %.3f %.3f\n", i, i % 3 == 0 ? "Apis" : i % 3 == 1 ? "Bombus" : "Osmia", i * 1.25 - 7, i * i / 8 - 3.5, (i * 7 % 5) - 2.25 }' >rows
of() { awk -v OFS="$1" '{ print $1, $2, $3, $4, $5 }' rows; }
{ echo id,species,a,b,c; of ,; } >plain.csv
{ echo processid,species; awk '{ print $1 "," $2 }' rows; } >m.csv
values() { # FILE OPTIONS...: what zsc reads of it
    from=$1
    shift
    "$ZSC" select -q -e "$from" -o values.csv --force "$@" >out 2>err && cat values.csv || cat err
    "$ZSC" select -q -e "$from" -o values.h5 --force --ranks species "$@" >out 2>err && "$ZSC" score --format csv plain.csv:species values.h5:/labels/species || cat err
}
values plain.csv >want
same() { # FILE OPTIONS...: the values of the plain table
    values "$@" >got
    cmp -s want got || fail "$1: $(diff want got | head -n 3)"
}
{ echo 'sep=;'; echo 'id;species;a;b;c'; of ';'; } >sep.csv && same sep.csv
{ echo '"sep=,"'; cat plain.csv; } >sep_quoted.csv && same sep_quoted.csv
{ printf 'sep=;\r\n'; { echo 'id;species;a;b;c'; of ';' | tr . ,; } | sed 's/$/\r/'; } >sep_german.csv && same sep_german.csv
sed 's/$/,/' plain.csv >one_more.csv && same one_more.csv
sed 's/$/,,,/' plain.csv >three_more.csv && same three_more.csv
sed '1s/,/ , /g' plain.csv >blanks.csv && same blanks.csv
sed '1s/.*/id,species,f,f,f/' plain.csv >same_names.csv && same same_names.csv
sed '1s/.*/id,species,,,/' plain.csv >no_names.csv && same no_names.csv
{ printf '\357\273\277'; cat plain.csv; } >mark.csv && same mark.csv
{ echo '12 3'; awk '{ print $1, $3, $4, $5 }' rows; } >words.vec && same words.vec -m m.csv
if command -v zstd >/dev/null; then # as pzstd writes it
    { printf '\120\052\115\030\004\000\000\000abcd'; zstd -qc plain.csv; } >pieces.csv.zst && same pieces.csv.zst
fi
sed '1s/$/,/; 2,$s/$/,u/' plain.csv >no_name.csv && same no_name.csv
tr '\n' '\r' <plain.csv >mac.csv && same mac.csv
sed 's/,/","/g; s/^/"/; s/$/"/' plain.csv | tr '\n' '\r' >mac_quoted.csv && same mac_quoted.csv
expect 3 "'twice.csv' has two columns named species, and ids and labels need names of their own" sh -c 'sed "1s/c\$/species/" plain.csv >twice.csv; "$ZSC" select -e twice.csv'

# metadata
awk '{ print $1 "," $3 "," $4 "," $5 }' rows | sed '1i id,a,b,c' >bare.csv
metadata() { same bare.csv -m "$1"; }
metadata m.csv
sed 's/,/;/; 1i sep=;' m.csv >m_sep.csv && metadata m_sep.csv
sed 's/$/,,/' m.csv >m_more.csv && metadata m_more.csv
tr '\n' '\r' <m.csv >m_mac.csv && metadata m_mac.csv
sed '1s/,/ ,  /' m.csv >m_blanks.csv && metadata m_blanks.csv
sed '1s/$/,x,x/; 2,$s/$/,1,2/' m.csv >m_names.csv && metadata m_names.csv
awk -F, 'NR == 1 { print "\"\",\"processid\",\"species\""; next } { print "\"" NR - 1 "\",\"" $1 "\",\"" $2 "\"" }' m.csv >m_r.csv && metadata m_r.csv
"$ZSC" import -q bare.csv -m m_r.csv -o imported.h5 || fail "import with R's numbers of rows"

python=${PYTHON3-/usr/bin/python3}
"$python" -c 'import h5py, numpy' 2>/dev/null || { echo "h5py is not there: no virtual datasets"; finish; }
"$python" - <<'PY' || exit 99
import h5py, numpy as np
t = [l.split() for l in open('rows')]; x = np.array([[float(v) for v in q[2:]] for q in t])
with h5py.File('source.h5', 'w') as h: h['x'] = x
for name, other in (('there', 'source.h5'), ('gone', 'nowhere.h5')):
    with h5py.File(name + '.h5', 'w') as h:
        h['id'] = [q[0] for q in t]; h['labels/species'] = [q[1] for q in t]
        v = h5py.VirtualLayout(x.shape, 'f8'); v[:5] = h5py.VirtualSource('source.h5', 'x', x.shape)[:5]; v[5:] = h5py.VirtualSource(other, 'x', x.shape)[5:]
        h.create_virtual_dataset('embeddings/e', v, fillvalue=7)
with h5py.File('complex.h5', 'w') as h: h['id'] = [q[0] for q in t]; h['embeddings/e'] = x + 1j
PY
same there.h5
mkdir below && cp there.h5 source.h5 below && same below/there.h5
expect 3 "'gone.h5:/embeddings/e' is a virtual dataset and takes rows from 'nowhere.h5:x', which cannot be read" "$ZSC" select -e gone.h5 -o gone.npy
expect 3 "'complex.h5:/embeddings/e' holds compound, expected numbers" "$ZSC" import complex.h5 -o none.h5
[ ! -e none.h5 ] || fail "an output of a refusal"
finish
