#!/bin/sh
# Files that are something else than they are taken for: said by name, with what converts them, by every command that reads
# embeddings, metadata, labels, lists of ids, results or dendrograms.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
printf 'processid,f,g\na,1.5,2\nb,2.5,1\n' >e.csv
refuse() { # WORDS: of `file`, which nothing reads
    expect 3 "'file' is $1" "$ZSC" run -e file -o results
    expect 3 "'file' is $1" "$ZSC" run -e e.csv -m file -o results
    table "$1"
}
table() { # WORDS: the readers of tables, lists, results and dendrograms
    for command in "embed kmer -m file -o k.h5" "score file:species e.csv:f" "check file" "stats file" "split file -o s.csv" "select -e e.csv --ids file" "curve file"; do
        # shellcheck disable=SC2086
        expect 3 "'file' is $1" "$ZSC" $command
    done
}
is() { # WORDS CONTENTS: printf's format
    # shellcheck disable=SC2059
    printf "$2" >file
    refuse "$1"
    expect 3 "'file' is $1" "$ZSC" score file e.csv:f
    expect 3 "'file' is $1" "$ZSC" info file
    expect 3 "'file' is $1" "$ZSC" table ranks file
}
is 'a git-lfs pointer, not the file itself: git lfs pull fetches it' 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n'
is 'a Parquet file; python3 -c "import pandas;' 'PAR1\025\004\025'
is 'a Feather (Arrow) file' 'ARROW1\000\000'
is 'a Python pickle, which is a program and never run' '\200\004\225\012'
is 'a Python pickle, which is a program and never run' '(dp0\nVa\np1\nI1\ns.'
is 'a PyTorch file (a pickle)' 'PK\003\004\024\000\000\000\000\000archive/data.pkl'
is 'a spreadsheet of Excel; save it as CSV' 'PK\003\004\024\000\000\000\000\000xl/workbook.xml'
is 'a zip archive: unzip unpacks it' 'PK\003\004\024\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\005\000\000\000m.csvprocessid\n'
is 'a MATLAB file before version 7.3' 'MATLAB 5.0 MAT-file, Platform: GLNXA64'
is 'a binary file of Octave; in Octave: save -hdf5 x.h5 x' 'Octave-1-L\000\001'
is 'an SQLite database' 'SQLite format 3\000'
is 'an R object (.rds); in R: write.csv(readRDS' 'X\n\000\000\000\003\000\004'
is 'an SPSS file; save it as CSV' '$FL2@(#) SPSS DATA FILE'
is 'a Stata file' '<stata_dta><header>'
is 'a NetCDF file before version 4; nccopy' 'CDF\001\000\000'
is 'a safetensors file; in Python' '\100\000\000\000\000\000\000\000{"x":{"dtype":"F32"}}'
is 'a web page' '<!DOCTYPE html>\n<html>\n'
is 'a web page' '\n <HTML><body>'
is 'XML' '<?xml version="1.0"?>\n'
is 'a FASTA file' '>ABC1\nACGTACGT\n'
is 'a FASTQ file' '@ABC1\nACGTACGT\n+\nIIIIIIII\n'
is 'an ARFF file' '@RELATION iris\n@DATA\n1.5\n'
is 'a PNG image' '\211PNG\015\012\032\012\000'
is 'a PDF file' '%%PDF-1.7\n%%a b\n'
is 'a tar archive' "$(printf '%257s' '' | tr ' ' m)ustar"
is 'compressed with bzip2: bunzip2 unpacks it' 'BZh91AY'
is 'a 7z archive: 7z x unpacks it' '7z\274\257\047\034'
is 'UTF-16, expected UTF-8: iconv -f UTF-16 -t UTF-8 converts it' '\377\376p\000r\000'
printf '%%PDF-1.7\n%%a b\n' | gzip -c >file && refuse 'a PDF file'
for text in '[{"processid": "a"}]' '{\n "a": 1}' '[1, 2]'; do
    # shellcheck disable=SC2059
    printf "$text" >file
    table JSON
done
# what other commands read: with what is expected here
printf '\223NUMPY\001\000v\000%-117s\n' "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }" >file
expect 3 "'file' is a NumPy array, and a table (CSV or TSV) is expected" "$ZSC" embed kmer -m file -o k.h5
expect 3 "'file' is a NumPy array, and a list of ids (a text with one per line, or a table) is expected" "$ZSC" select -e e.csv --ids file
expect 3 "'file' is a NumPy array, and an HDF5 file is expected" "$ZSC" curve file
printf 'PK\003\004\024\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\005\000\000\000y.npy\223NUMPY' >file
expect 3 "'file' is an archive of NumPy arrays (.npz), and a table (CSV or TSV) is expected" "$ZSC" stats file
printf 'MATLAB 7.3 MAT-file, Platform: GLNXA64\000' >file
expect 3 "'file' is a file of MATLAB 7.3, and a table (CSV or TSV) is expected" "$ZSC" stats file
# tables that only begin like them
printf '>id,f\na,1.5\nb,2.5\n' >file
run "$ZSC" select -e file
[ "$status" -eq 0 ] || fail "a header that begins with >: $(cat err)"
printf '[id];f\na;1.5\nb;2.5\n' >file
run "$ZSC" select -e file
[ "$status" -eq 0 ] || fail "a header that begins with [: $(cat err)"
finish
