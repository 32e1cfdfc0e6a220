#!/bin/sh
# Inputs from a pipe or a process substitution: the same bytes as from the file, however often and in whatever order the
# command reads it; a pipe with a name likewise, but for
# embeddings, which are refused with the sentence that says what to do. Nothing waits.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v timeout >/dev/null || skip "timeout is needed"
mkdir tmp && TMPDIR=$work/tmp && export TMPDIR
"$ZSC" simulate -o e.h5 --metadata-output m.csv --rows 300 --quiet || exit 99
"$ZSC" select -e e.h5:sim_dna -m m.csv -o x.csv --quiet >table.txt || exit 99
"$ZSC" select -e e.h5:sim_dna -m m.csv -o x.npy --quiet >/dev/null || exit 99
gzip -k x.csv m.csv

# same NAME COMMAND: run by a shell with descriptors 3 to 5 open for pipes; stdout is compared with NAME.want
same() {
    name_=$1
    timeout 60 sh -c "$2" >"$name_.got" 2>"$name_.err" || fail "$name_: $? $(cat "$name_.err")"
    cmp -s "$name_.want" "$name_.got" || fail "$name_: $(diff "$name_.want" "$name_.got" | head -3)"
    [ -z "$(ls -A tmp)" ] || fail "$name_ leaves $(ls tmp)"
}

"$ZSC" select -e x.csv -m m.csv --split test >select.want 2>/dev/null
"$ZSC" select -e x.npy -m m.csv >plain.want 2>/dev/null
for file in x.csv x.csv.gz; do
    same select "cat $file | $ZSC select -e /dev/stdin -m m.csv --split test"
    same select "cat $file | $ZSC select -e /dev/fd/0 -m m.csv --split test"
    same select "cat $file | $ZSC select -e /proc/self/fd/0 -m m.csv --split test"
    same select "cat $file | { cat m.csv.gz | $ZSC select -e /dev/fd/3 -m /dev/stdin --split test; } 3<&0"
done
same select "cat e.h5 | $ZSC select -e /dev/stdin:sim_dna -m m.csv --split test"
same plain "cat m.csv | $ZSC select -e x.npy -m /dev/stdin" # read for the order of the rows, and for labels
same plain "cat x.npy | $ZSC select -e /dev/stdin -m m.csv"
half=$(($(wc -l <m.csv) / 2))
{ head -n 1 x.csv && sed -n "2,${half}p" x.csv; } >a.csv
{ head -n 1 x.csv && sed -n "$((half + 1)),\$p" x.csv; } >b.csv
"$ZSC" select -e a.csv+b.csv -m m.csv >parts.want 2>/dev/null
same parts "cat a.csv | { cat b.csv | $ZSC select -e /dev/fd/3+/dev/stdin -m m.csv; } 3<&0"
"$ZSC" score m.csv:species m.csv:genus >score.want
same score "cat m.csv | $ZSC score /dev/stdin:species /dev/stdin:genus"
"$ZSC" embed kmer -m m.csv -k 2 -o k.h5 --quiet && "$ZSC" info k.h5 | sed '1d; /^use it by/d' >kmer.want
same kmer "cat m.csv | $ZSC embed kmer -m /dev/stdin -k 2 -o k2.h5 --quiet && $ZSC info k2.h5 | sed '1d; /^use it by/d'"
"$ZSC" info e.h5 | sed '1d; /^use it by/d' >info.want
same info "cat e.h5 | $ZSC info /dev/stdin | sed '1d; /^use it by/d'"
"$ZSC" run -e x.csv -m m.csv --reduce none --clusters 5 --quiet -o r1 >run.want && (cd r1 && ls *.h5) >key.want
sed 's/^x/stdin/' run.want >run.want2 && mv run.want2 run.want
if command -v bash >/dev/null; then
    "$ZSC" select -e x.csv -m m.csv --split test >bash.want 2>/dev/null
    same bash "bash -c '\"\$ZSC\" select -e <(zcat x.csv.gz) -m <(cat m.csv) --split test'"
fi
printf 'output: r2\nembeddings: x.csv\nmetadata: m.csv\nreduce: none\nclusters: 5\nseed: 0\n' >sweep.yaml
same key "cat sweep.yaml | $ZSC sweep /dev/stdin >/dev/null && cd r2 && ls *.h5"

# an empty pipe, a folder for temporary files that cannot be written, a damaged file
run sh -c ": | $ZSC select -e /dev/stdin -m m.csv"
[ "$status" -eq 3 ] && grep -q "'/dev/stdin' is empty" err || fail "empty: $status $(cat err)"
run sh -c "cat x.csv | TMPDIR=$work/none $ZSC select -e /dev/stdin -m m.csv"
[ "$status" -eq 3 ] && grep -q "what .*/dev/stdin.* brings: cannot create .*none/zsc-input" err || fail "no TMPDIR: $status $(cat err)"
run sh -c "head -c 3000 x.csv.gz | $ZSC select -e /dev/stdin -m m.csv"
[ "$status" -eq 3 ] && grep -q "/dev/stdin" err || fail "cut: $status $(cat err)"

# pipes with names
mkfifo named
feed() { timeout 20 cat "$1" >named & }
feed m.csv
run timeout 20 "$ZSC" select -e x.csv -m named --split test
[ "$status" -eq 0 ] && cmp -s out select.want || fail "a named pipe read once: $status $(cat err)"
wait
feed m.csv
run timeout 20 "$ZSC" embed kmer -m named -k 2 -o k3.h5 --quiet
[ "$status" -eq 0 ] && "$ZSC" info k3.h5 | sed '1d; /^use it by/d' | cmp -s - kmer.want || fail "a named pipe read twice: $status $(cat err)"
wait
# a named pipe that ends early, or brings something else: a message, and an end
refused() { # WORDS WRITER COMMAND...
    words=$1 writer=$2
    shift 2
    timeout 20 sh -c "$writer >named" &
    run timeout 20 "$@"
    [ "$status" -eq 3 ] && grep -q -e "$words" err || fail "$* from '$writer': $status $(cat err)"
    wait
}
for command in "select -e x.csv -m named" "embed kmer -m named -k 2 -o k4.h5" "import e.h5:sim_dna -m named -o i.h5" "score named:species m.csv:species" \
    "select -e x.csv --ids named"; do
    refused "'named', line 2: .* fields, expected" "head -c 420 m.csv" "$ZSC" $command
    refused "'named' is an HDF5 file, and a table\|named': a zero byte" "cat e.h5" "$ZSC" $command
done
refused "'named' has no column dna_barcode" "echo processid,species" "$ZSC" embed kmer -m named -k 2 -o k4.h5
[ -z "$(ls -A tmp)" ] || fail "named pipes leave $(ls tmp)"
run timeout 20 "$ZSC" select -e named -m m.csv
[ "$status" -eq 3 ] && grep -q "it is a pipe or a device; embeddings are read from a regular file: write it to one first" err ||
    fail "embeddings from a named pipe: $status $(cat err)"

# provenance has digests of what pipes brought: those of the files
if /usr/bin/python3 -c 'import h5py' 2>/dev/null; then
    rm -f named && mkfifo named
    "$ZSC" run -q -e x.csv -m m.csv --reduce none -o of_files >/dev/null 2>err || fail "run: $(cat err)"
    cat m.csv >named &
    timeout 60 sh -c "cat x.csv | $ZSC run -q -e /dev/stdin -m named --reduce none -o of_pipes" >/dev/null 2>err || fail "run of pipes: $(cat err)"
    wait
    digests='import glob, h5py, json, sys; print([(i["bytes"], i["digest"]) for i in json.loads(h5py.File(glob.glob(sys.argv[1] + "/*.h5")[0]).attrs["provenance"])["inputs"]])'
    of_files=$(/usr/bin/python3 -c "$digests" of_files) of_pipes=$(/usr/bin/python3 -c "$digests" of_pipes)
    [ "$of_files" = "$of_pipes" ] || fail "digests of pipes: $of_pipes, of files: $of_files"
    case $of_files in *None*) fail "no digest: $of_files" ;; esac
fi
finish
