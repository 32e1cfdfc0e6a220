#!/bin/sh
# Messages end with what to do, and say it of the right file; a reader that leaves is no error.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

printf 'id,a,b\nr1,1,2\nr2,3,4\nr3,5,7\n' >x.csv
printf 'order,sample_code,note\no,r1,a\no,r2,b\np,r3,c\n' >m.csv
expect 3 "it has: order, sample_code, note; name the column of ids: --column processid=sample_code" "$ZSC" run -e x.csv -m m.csv
expect 3 "name the column of ids: --column processid=sample_code" "$ZSC" embed kmer -m m.csv -o k.h5
run "$ZSC" run -q -e x.csv -m m.csv --column processid=sample_code --reduce none --clusters order
[ "$status" -eq 0 ] || fail "what the message says does not work: $(cat err)"
printf 'file,key\nr1,1\nr1,2\nr2,3\n' >m2.csv # named like ids, but not unique
expect 3 "--column processid=key" "$ZSC" run -e x.csv -m m2.csv
printf 'a,b\n1,1\n1,1\n' >m3.csv
expect 3 "--column processid=COLUMN" "$ZSC" run -e x.csv -m m3.csv
expect 3 "where each value comes once (add such a column if none is)" "$ZSC" run -e x.csv -m m3.csv
printf ',specimen,order\n0,r1,o\n1,r2,o\n2,r3,p\n' >pandas.csv # the row numbers that pandas writes have no name
expect 3 "--column processid=specimen" "$ZSC" run -e x.csv -m pandas.csv
printf '\223NUMPY\001\000v\000{}\n' >y.npy
expect 3 "is a NumPy array, and a table (CSV or TSV) is expected" "$ZSC" stats y.npy
gzip -c m.csv >m.csv.gz && expect 3 "--column processid=sample_code" "$ZSC" run -e x.csv -m m.csv.gz

# repeated ids: the file, the part of a folder, the metadata
printf 'id,a,b\nr1,1,2\nr2,3,4\nr1,5,7\n' >twice.csv
printf 'processid,order\nr1,o\nr2,o\nr2,p\nr3,p\n' >mtwice.csv
printf 'processid,order\nr1,o\nr2,o\nr3,p\n' >m.good
expect 3 "embeddings 'twice.csv': rows 1 and 3 have the same id r1" "$ZSC" run -e twice.csv -m m.good
expect 3 "metadata 'mtwice.csv': rows 2 and 3 have the same id r2" "$ZSC" run -e x.csv -m mtwice.csv
expect 3 "'mtwice.csv:order': rows 2 and 3 have the same id" "$ZSC" score m.good:order mtwice.csv:order
"$ZSC" simulate -q --rows 50 --seed 1 -o one.h5 && mkdir parts && cp one.h5 parts/a.h5 && cp one.h5 parts/b.h5
expect 3 "'one.h5' is an HDF5 file, and a table (CSV or TSV) is expected" "$ZSC" embed kmer -m one.h5 -o k.h5
expect 3 "no id of embeddings 'x.csv' is in metadata 'one.h5'" "$ZSC" run -e x.csv -m one.h5
expect 3 "embeddings 'parts/a.h5', row 1, and 'parts/b.h5', row 1, have the same id" "$ZSC" run -q -e parts:sim_dna

expect 2 "'embed' needs another word; did you mean 'embed kmer'?" "$ZSC" embed
expect 2 "did you mean 'embed kmer'?" "$ZSC" embed m.csv
expect 2 "unexpected word 'm.csv'; if it is a file to read, write -m m.csv" "$ZSC" embed kmer m.csv
expect 2 "write -e x.csv" "$ZSC" run x.csv
expect 2 "unexpected word 'first'; if it is for --one-per-barcode, write --one-per-barcode=first" "$ZSC" run -e x.csv --one-per-barcode first
expect 2 "write --check-recall=5" "$ZSC" knn -e x.csv --check-recall 5
expect 2 "there is no option --format here; zsc " "$ZSC" sweep --format csv s.yaml
expect 2 "--resume here: a sweep that is started again runs what is missing" "$ZSC" sweep --resume s.yaml
expect 2 "zsc sweep --status FILE.yaml says how far a sweep is" "$ZSC" status s.yaml
"$ZSC" run -q -e x.csv -m m.csv --column processid=sample_code --reduce none --clusters order -o clustered >/dev/null || fail "run"
expect 2 "unexpected word 'b.h5': expected one RESULT" "$ZSC" export a.h5 b.h5 -o c.csv
expect 3 "zsc report RESULTS -o FILE.html shows which taxa are confused" "$ZSC" plot confusion clustered -o c.svg
: >all.csv
expect 2 "'all.csv' is a file; the kind of table comes before it: ranks" "$ZSC" table all.csv r
expect 2 "--k here: --clusters gives the number of clusters" "$ZSC" run -e x.csv --k 8
for word in labels y; do
    expect 2 "--$word here: labels are read from the embeddings file, or from --metadata" "$ZSC" run -e x.csv --$word y.npy
done
for kind in plot table; do
    expect 2 "KIND is one of ranks" "$ZSC" $kind
    expect 2 "KIND is one of ranks" "$ZSC" $kind r
    # the kinds that are named are those that there are
    expect 2 "; there are " "$ZSC" $kind no-such-kind-at-all r
    there=$(sed 's/.*there are //; s/ and /, /' err | tr -d '\n')
    "$ZSC" $kind 2>err
    [ "$(sed 's/.*one of //; s/ and /, /' err | tr -d '\n')" = "$there" ] || fail "kinds of $kind: $(cat err), and there are $there"
done
if python3 -c 'import h5py' 2>/dev/null; then
    python3 -c 'import h5py, numpy; f = h5py.File("u.h5", "w"); f["a/b/c/vectors"] = numpy.zeros((3, 2)); f["z"] = numpy.zeros(5)'
    expect 3 "--h5-embedding /PATH names one of its arrays" "$ZSC" run -e u.h5
    expect 3 "--h5-embedding" "$ZSC" run -e u.h5 --h5-embedding /absent
fi

# the reader of a pipe leaves: no word, and the status of a program that ended by SIGPIPE
if command -v bash >/dev/null; then
    "$ZSC" run -q -e one.h5:sim_dna --reduce none -o r >/dev/null || fail "run"
    for command in "collect r" "help --form=man run" "run -q -e one.h5:sim_dna --reduce none" "table ranks -q r"; do
        bash -c "(sleep 0.3; \$ZSC $command 2>err; echo \$? >code) | exec true"
        [ "$(cat code)" = 141 ] && [ ! -s err ] || fail "$command: status $(cat code) and $(cat err) where nobody reads"
    done
    bash -c "trap '' PIPE; (sleep 0.3; \$ZSC collect r 2>err; echo \$? >code) | exec true"
    [ "$(cat code)" = 3 ] && grep 'Broken pipe' err >/dev/null || fail "SIGPIPE ignored by the caller: status $(cat code), $(cat err)"
fi
finish
