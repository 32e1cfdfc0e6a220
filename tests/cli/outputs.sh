#!/bin/sh
# Outputs: nothing of the user's is replaced without a word; what is no regular file is written through; options that would be
# ignored beside others are refused; a result says how it was made.
. "$ZSC_SRCDIR/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 80 --image-encoders 1 --image-dim 6 --dna-dim 5 --seed 2 -o e.h5 --metadata-output m.csv || exit 99
"$ZSC" run -q --reduce none --clusters 9 -e e.h5:sim_dna -o res >/dev/null || exit 99
"$ZSC" embed kmer -q -m m.csv -k 2 -o k.h5 || exit 99
key=$(basename res/*.h5)

# same FILE COPY: a refusal left it as it was
same() { cmp -s "$1" "$2" || fail "$1 was changed"; }

# --- an option that names an input elsewhere names no output
cp m.csv mine.csv
echo "# mine" >>mine.csv && cp mine.csv kept.csv
expect 2 'did you mean --metadata-output' "$ZSC" simulate --rows 50 -o x.h5 -m mine.csv
expect 2 'did you mean --metadata-output' "$ZSC" simulate --rows 50 -o x.h5 --metadata mine.csv
expect 3 'mine.csv' "$ZSC" simulate --rows 50 -o x.h5 --metadata-output mine.csv
same mine.csv kept.csv

# --- an output is none of the inputs: by itself, by links, as a part of a list or of a folder
mkdir parts && cp e.h5 parts/a.h5
ln -s m.csv soft.csv && ln m.csv hard.csv
ln -s e.h5 soft.h5
"$ZSC" ward -q -e e.h5:sim_dna -o tree.h5 || exit 99
"$ZSC" knn -q -e e.h5:sim_dna -k 5 -o knn.h5 || exit 99
cp e.h5 e.kept && cp m.csv m.kept && cp tree.h5 tree.kept && cp knn.h5 knn.kept
refused() { expect 2 "$1" "$ZSC" $2 --force $3; }
refused 'is the input --metadata' 'embed kmer' '-m m.csv -o m.csv'
expect 2 'is the input --metadata' "$ZSC" embed kmer --force -m m.csv -o soft.csv
expect 2 'is the input --metadata' "$ZSC" embed kmer --force -m hard.csv -o m.csv
refused 'is the input' knn '-e soft.h5:sim_dna -o e.h5'
refused 'is the input' umap '-e e.h5:sim_dna -o ./e.h5'
refused 'is the input --knn-file' umap '-e e.h5:sim_dna --knn-file knn.h5 -o knn.h5'
refused 'is the input' ward '-e e.h5:sim_dna -e k.h5:kmer2 -o e.h5'
refused 'is the input' ward '-e e.h5:sim_dna -o z.h5 --newick e.h5'
refused 'is the input' select '-e e.h5:sim_dna -m m.csv -o e.h5'
refused 'is the input' select '-e e.h5+k.h5:sim_dna -o k.h5'
refused 'is a part of the input' select '-e parts:sim_dna -o parts/a.h5'
refused 'would be read as one of them' select '-e parts:sim_dna -o parts/b.h5'
refused 'is the input' import 'e.h5:sim_dna -o e.h5'
refused 'is the input --metadata' import 'e.h5:sim_dna -m m.csv -o m.csv'
refused 'is the input' curve 'tree.h5 -o tree.h5'
refused 'is the input --labels' curve 'tree.h5 -l m.csv:species -o m.csv'
refused 'is a part of the input' collect "res -o res/$key"
refused 'is a part of the input' table "ranks res -o res/$key"
refused 'is the input' report "res/$key -o res/$key"
expect 2 'is the input' "$ZSC" run --force --reduce none -e parts:sim_dna -o parts
expect 3 'is a file' "$ZSC" run --reduce none -e e.h5:sim_dna -o m.csv
expect 2 'name the same file' "$ZSC" simulate --rows 50 -o x.h5 --metadata-output ./x.h5
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -o x.npy --newick x.npy
# files beside an output, of numbers and of a rank; links to files that are not there yet, in this folder or another
mkdir beside && ln -s ./beside folder
ln -s d.h5 d.csv && ln -s w.h5 w.nwk && ln -s w.nwk w2.nwk && ln -s f.svg f.dat && ln -s t-4.npy to4 && ln -s u.nwk u-6.npy
ln -s beside/x.h5 x.nwk && ln -s parts/new.h5 new.h5
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -k 3 -o z.npy --newick z-3.npy
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -k 5,03 -o z.npy --newick ./z-3.npy
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -k species -o z.npy --newick z-3.npy
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna --cut-height 1 -o beside/z.npy --newick folder/z-3.npy
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -k 4 -o t.npy --newick to4
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -k species -o t.npy --newick to4
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -k species -o u.npy --newick u.nwk
expect 2 'name the same file' "$ZSC" simulate --rows 50 -o d.h5 --metadata-output d.csv
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -o w.h5 --newick w.nwk
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -o w.h5 --newick w2.nwk
expect 2 'name the same file' "$ZSC" ward -e e.h5:sim_dna -o folder/x.h5 --newick x.nwk
expect 2 'name the same file' "$ZSC" plot ranks res -o f.svg
expect 2 'would be read as one of them' "$ZSC" select -e parts:sim_dna -o new.h5
nothing_left z.npy && nothing_left z-3.npy && nothing_left t-4.npy && nothing_left u.nwk && nothing_left d.h5
nothing_left w.h5 && nothing_left f.svg && nothing_left beside/z.npy && nothing_left beside/x.h5 && nothing_left parts/new.h5
run "$ZSC" ward -q -e e.h5:sim_dna -k 3,3 -o z.npy --newick z-4.npy # of another number
[ "$status" -eq 0 ] && [ -s z-3.npy ] && [ -s z-4.npy ] || fail "three outputs: $(cat err)"
rm -f z.npy z-3.npy z-4.npy
run "$ZSC" ward -q -e e.h5:sim_dna -o w.h5 --newick x.nwk # through a link, to another file
[ "$status" -eq 0 ] && [ -s w.h5 ] && [ -s beside/x.h5 ] || fail "two outputs: $(cat err)"
same e.h5 e.kept && same m.csv m.kept && same tree.h5 tree.kept && same knn.h5 knn.kept
nothing_left x.h5

# --- what zsc did not write stays, unless --force
for form in npy csv h5; do
    echo "my notes" >"own.$form"
    expect 3 'zsc did not write it' "$ZSC" select -e e.h5:sim_dna -o "own.$form"
    [ "$(cat "own.$form")" = "my notes" ] || fail "own.$form is gone"
    run "$ZSC" select -q -e e.h5:sim_dna -o "own.$form" --force
    [ "$status" -eq 0 ] && [ "$(cat "own.$form")" != "my notes" ] || fail "--force: own.$form: $(cat err)"
done
: >empty.csv
run "$ZSC" collect res -o empty.csv
[ "$status" -eq 0 ] && [ -s empty.csv ] || fail "an empty file holds nothing to lose: $(cat err)"
echo "my notes" >t.html
expect 3 'zsc did not write it' "$ZSC" report --no-figures res -o t.html
echo "my notes" >z-9.npy
expect 3 'z-9.npy' "$ZSC" ward -e e.h5:sim_dna -k 9 -o z.npy
echo "my notes" >fig.dat
expect 3 'fig.dat' "$ZSC" plot ranks res -o fig.svg
echo "my notes" >tex.pdf
expect 3 'tex.pdf' "$ZSC" plot ranks res -o tex.tex
expect 3 'zsc did not write it' "$ZSC" import k.h5 -o tex.pdf
[ "$(cat t.html z-9.npy fig.dat tex.pdf | sort -u)" = "my notes" ] || fail "a file of the user's was replaced"
nothing_left z.npy && nothing_left fig.svg && nothing_left tex.tex

# its own it replaces: marked in the file where the form has a place
cp k.h5 copied.h5
run "$ZSC" embed kmer -q -m m.csv -k 3 -o copied.h5
[ "$status" -eq 0 ] || fail "a copy of an HDF5 file of zsc: $(cat err)"
"$ZSC" report -q --no-figures res -o page.html >/dev/null && cp page.html page2.html
run "$ZSC" report -q --no-figures res -o page2.html
[ "$status" -eq 0 ] || fail "a copy of a page of zsc: $(cat err)"
"$ZSC" collect res -o own2.csv && echo x >own2.csv # edited since
expect 3 'changed since' "$ZSC" collect res -o own2.csv

# --- links stay, modes are kept
mkdir there
"$ZSC" collect res -o there/t.csv && chmod 640 there/t.csv && ln -s there/t.csv link.csv
run "$ZSC" collect res -o link.csv --force
[ -h link.csv ] || fail "the link was replaced"
[ -s there/t.csv ] && [ "$(stat -c %a there/t.csv)" = 640 ] || fail "mode $(stat -c %a there/t.csv), expected 640"
cp k.h5 there/k.h5 && chmod 600 there/k.h5 && ln -s there/k.h5 link.h5
run "$ZSC" embed kmer -q -m m.csv -k 4 -o link.h5
[ -h link.h5 ] && [ "$(stat -c %a there/k.h5)" = 600 ] || fail "HDF5 through a link: mode $(stat -c %a there/k.h5)"
"$ZSC" info link.h5 | grep kmer4 >/dev/null || fail "HDF5 through a link: $("$ZSC" info link.h5)"
nothing_left there
# a file with several names is replaced under one only by --force
"$ZSC" collect res -o there/one.csv && ln there/one.csv there/two.csv && cp there/one.csv before.csv
expect 3 "'there/one.csv' is a file of 2 names (hard links)" "$ZSC" collect res -o there/one.csv
[ there/one.csv -ef there/two.csv ] || fail 'the hard link was broken'
run "$ZSC" collect res -o there/one.csv --force
[ "$status" -eq 0 ] && ! [ there/one.csv -ef there/two.csv ] && cmp -s there/two.csv before.csv || fail "--force on a hard link: $(cat err)"
ln there/k.h5 there/k2.h5
expect 3 "'link.h5' is a file of 2 names" "$ZSC" embed kmer -q -m m.csv -k 3 -o link.h5
rm there/k2.h5
run "$ZSC" embed kmer -q -m m.csv -k 3 -o link.h5
[ "$status" -eq 0 ] || fail "one name again: $(cat err)"
nothing_left there

# --- pipes and devices
mkfifo pipe
cat pipe >through & reader=$!
run "$ZSC" collect res -o pipe
wait $reader
[ -p pipe ] || fail "the pipe was replaced"
"$ZSC" collect res | cmp -s - through || fail "what came through the pipe differs: $(cat err)"
expect 3 'it is a pipe' "$ZSC" simulate --rows 50 -o pipe
[ -p pipe ] || fail "the pipe was replaced by HDF5"
"$ZSC" collect res -o /dev/stdout | cmp -s - through || fail "/dev/stdout, a pipe"
echo before >log && "$ZSC" collect res -o /dev/stdout >>log
[ "$(head -n 1 log)" = before ] && tail -n +2 log | cmp -s - through || fail "/dev/stdout, a file that is appended to"
if mknod null c 1 3 2>/dev/null && : >null 2>/dev/null; then
    for command in "simulate -q --rows 50 -o null" "collect res -o null" "select -q -e e.h5:sim_dna -o null.npy" \
        "import -q k.h5 -o null"; do
        run "$ZSC" $command
        [ -c null ] || { fail "the device was replaced: $command"; break; }
        case $command in *null.npy) ;; *) [ "$status" -eq 0 ] || fail "into a device: $command: $(cat err)" ;; esac
    done
fi

# --- a pipe is no result and no embeddings: refused by name, where a reader would wait for a writer
mkdir piped && cp "res/$key" piped/ && mkfifo piped/z.h5 && mkdir pparts && cp e.h5 pparts/a.h5 && mkfifo pparts/b.h5
for command in "table ranks piped" "collect piped" "report --no-figures piped -o p.html" "compare piped" \
    "plot ranks piped -o p.svg" "collect piped/z.h5" "info piped/z.h5" "ward -e piped/z.h5:x -o p.h5" \
    "curve piped/z.h5" "umap -e e.h5:sim_dna --knn-file piped/z.h5 -o p.h5"; do
    expect 3 'piped/z.h5' timeout 30 "$ZSC" $command
done
expect 3 'pparts/b.h5' timeout 30 "$ZSC" knn -e pparts:sim_dna -o p.h5
mkdir again && mkfifo "again/$key"
expect 3 "again/$key" timeout 30 "$ZSC" run -q --reduce none --clusters 9 -e e.h5:sim_dna -o again
[ -p "again/$key" ] || fail "the pipe of a result's name was replaced"
rm -r piped pparts again

# --- several imports into one file at once: none is lost
i=0
while [ $i -lt 6 ]; do
    "$ZSC" import -q k.h5:kmer2 --name "enc$i" -o joint.h5 2>"import$i.err" &
    i=$((i + 1))
done
wait
found=$("$ZSC" info joint.h5 | grep -o '^enc[0-9]' | sort -u | wc -l)
[ "$found" -eq 6 ] || fail "of 6 encoders that were imported at once, $found are there: $(cat import?.err)"
[ "$(ls -A | grep joint)" = joint.h5 ] || fail "left behind: $(ls -A | grep joint)"

# --- a second signal ends it at once, and leaves no temporary file
mkfifo slow.csv
sleep 60 >slow.csv & writer=$! # holds the pipe open and writes nothing
for signal in TERM INT; do
    env --default-signal=INT "$ZSC" collect slow.csv -o "ended$signal.csv" 2>err & pid=$!
    i=0
    while [ $i -lt 200 ] && ! ls "ended$signal.csv".tmp-* >/dev/null 2>&1; do sleep 0.05; i=$((i + 1)); done
    kill -$signal $pid
    sleep 0.3
    kill -$signal $pid 2>/dev/null
    wait $pid
    status=$?
    case $signal$status in TERM143 | INT130 | TERM130) ;; *) fail "two times $signal: status $status" ;; esac
    nothing_left "ended$signal.csv"
done
kill $writer 2>/dev/null

# --- a terminal that goes, a limit on processor time or on the size of files: an error, and no temporary file; not under nohup
until_written() { # FILE: its temporary file is there
    i=0
    while [ $i -lt 400 ] && ! ls "$1".tmp-* >/dev/null 2>&1; do sleep 0.05; i=$((i + 1)); done
}
for signal in HUP XCPU; do
    env --default-signal=HUP "$ZSC" simulate -q --rows 60000 --dna-dim 64 -o "gone$signal.h5" 2>err & pid=$!
    until_written "gone$signal.h5"
    kill -$signal $pid
    wait $pid
    status=$?
    [ "$status" -eq 130 ] && [ ! -e "gone$signal.h5" ] || fail "$signal: status $status: $(cat err)"
    nothing_left "gone$signal.h5"
done
# what the caller ignores stays ignored, as by nohup, or by a script of what it starts with &
env --ignore-signal=HUP,INT,TERM "$ZSC" simulate -q --rows 60000 --dna-dim 64 -o nohup.h5 2>err & pid=$!
until_written nohup.h5
for signal in HUP INT TERM; do kill -$signal $pid; done
wait $pid
[ $? -eq 0 ] && [ -e nohup.h5 ] || fail "signals that the caller ignores: $(cat err)"
for command in "run --reduce none -e e.h5:sim_dna -o large" "import e.h5:sim_dna -o large.h5"; do
    run sh -c "ulimit -f 8 && exec $ZSC $command"
    [ "$status" -eq 3 ] && grep -q 'File too large' err || fail "ulimit -f: $command: status $status: $(cat err)"
    [ -z "$(find . -name '*large*.tmp-*' -o -path '*large*/*.tmp-*')" ] || fail "ulimit -f: $command leaves a temporary file"
done

# --- options that others make useless
R="run --reduce none -e e.h5:sim_dna"
for ignored in "--dim 3" "--neighbors 5" "--min-dist 0.1" "--metric cosine" "--epochs 9" "--knn exact" "--seed 1" \
    "--barcode-max-length 9" "--barcode-seed 4" "--scale-scope split" "--keep-reduced" "--force"; do
    expect 2 'has no effect here' "$ZSC" $R $ignored
done
expect 2 'option --clusters has no effect here' "$ZSC" run -e e.h5:sim_dna --cut-height 1 --clusters 5
expect 2 'option --neighbors has no effect here' "$ZSC" run -e e.h5:sim_dna --reduce pca --dim 3 --neighbors 5
expect 2 'h5-embedding' "$ZSC" run -e e.h5:sim_dna --h5-id /x
expect 2 'option --cache-memory has no effect' "$ZSC" sweep --example --cache-memory 1G
expect 2 'option --replace has no effect' "$ZSC" import k.h5 -o q.h5 --overwrite --replace
expect 2 'option --seed has no effect' "$ZSC" knn -e e.h5:sim_dna --knn exact --seed 3 -o q.h5
expect 2 'option --knn has no effect' "$ZSC" umap -e e.h5:sim_dna --knn-file knn.h5 --knn exact -o q.h5
expect 2 'option --spread has no effect' "$ZSC" umap -e e.h5:sim_dna --a 1 --b 1 --spread 2 -o q.h5
expect 2 'option --dpi has no effect' "$ZSC" plot ranks res --dumb --dpi 100
expect 2 'option --taxa has no effect' "$ZSC" plot ranks res -o q.svg --taxa 3
expect 2 'option --marks has no effect' "$ZSC" table crossmodal res --marks column
nothing_left q.h5

# --- a result says the command line and the options
"$ZSC" run -q --threads 1 --reduce none --clusters 7 -e e.h5:sim_dna -m m.csv -o told >/dev/null || fail "run"
strings -a told/*.h5 | tr -d '\n' >text
for words in '"--clusters","7"' '"clusters":"7"' '"threads":"1"' '"metadata":"m.csv"' '"folder":'; do
    grep -F -e "$words" text >/dev/null || fail "provenance without $words"
done
odd=$(printf 'odd\351')
run "$ZSC" run -q --reduce none --clusters 7 -e e.h5:sim_dna -o "$odd"
[ "$status" -eq 0 ] || fail "a name that is not UTF-8: $(cat err)"

# --- a name in a store that would be read as a result; two outputs that are one pipe
expect 2 'it would be read as one of them' "$ZSC" collect res -o res/x.h5
"$ZSC" collect res -o res/x.csv || fail "a table beside results"
expect 2 'they would be mixed' "$ZSC" ward -e e.h5:sim_dna -o /dev/stdout --newick /dev/stdout
"$ZSC" ward -q -e e.h5:sim_dna -o /dev/null --newick /dev/null || fail "two outputs to /dev/null"
# --- labels from two sources, and a rank that is labelled twice
expect 2 'names the rank species twice' "$ZSC" run -e e.h5 --h5-embedding /embeddings/sim_dna --h5-label species=/id --h5-label species=/labels/genus
expect 2 'give one of the two' "$ZSC" run -e e.h5 --h5-embedding /embeddings/sim_dna --h5-label species=/labels/genus -m m.csv
gzip -c e.h5 >packed.h5.gz
expect 3 'unpack it (gunzip, unzstd)' "$ZSC" run -e packed.h5.gz
finish
