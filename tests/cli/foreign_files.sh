#!/bin/sh
# Files that are something else than they are taken for: said by name, with what converts them, as embeddings and as metadata.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
printf 'processid,f,g\na,1.5,2\nb,2.5,1\n' >e.csv
is() { # WORDS CONTENTS: printf's format
    # shellcheck disable=SC2059
    printf "$2" >file
    expect 3 "'file' is $1" "$ZSC" run -e file -o results
    expect 3 "'file' is $1" "$ZSC" run -e e.csv -m file -o results
}
is 'a git-lfs pointer, not the file itself: git lfs pull fetches it' 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n'
is 'a Parquet file; python3 -c "import pandas;' 'PAR1\025\004\025'
is 'a Feather (Arrow) file' 'ARROW1\000\000'
is 'a Python pickle, which is a program and never run' '\200\004\225\012'
is 'a PyTorch file (a pickle)' 'PK\003\004\024\000\000\000\000\000archive/data.pkl'
is 'a spreadsheet of Excel; save it as CSV' 'PK\003\004\024\000\000\000\000\000xl/workbook.xml'
is 'a MATLAB file before version 7.3' 'MATLAB 5.0 MAT-file, Platform: GLNXA64'
is 'an SQLite database' 'SQLite format 3\000'
is 'a web page' '<!DOCTYPE html>\n<html>\n'
is 'a FASTA file' '>ABC1\nACGTACGT\n'
is 'a PNG image' '\211PNG\015\012\032\012\000'
finish
