#!/bin/sh
# Progress: one line that is updated on a terminal, lines with times elsewhere, and --log-file.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
"$ZSC" simulate -q --rows 1500 --image-encoders 1 --image-dim 32 --dna-encoders 0 -o e.h5 || fail "simulate"
printf 'embeddings: e.h5\nepochs: 1e6\nseed: 0-1\noutput: long\n' >long.yaml

# off a terminal: a line after ten seconds, with its time; meanwhile the terminal is tested
"$ZSC" run -e e.h5 --epochs 1e6 --log-file away.log >away.out 2>away.err &
pid=$!
${PYTHON3-/usr/bin/python3} "$ZSC_SRCDIR/tests/cli/terminal.py" e.h5 || fail "the line of progress on a terminal"
time='^[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9] zsc run:'
while kill -0 $pid 2>/dev/null && ! grep -q '%' away.err; do sleep 0.2; done
kill -TERM $pid 2>/dev/null
wait $pid
[ $? -eq 130 ] || fail "an interrupted run: $(cat away.err)"
grep "$time layout [0-9]*%\(, [0-9.]* [a-z]* left\)\{0,1\}$" away.err >lines || fail "no time before a line of progress: $(cat away.err)"
grep -v '%' away.err | grep -q "$time" && fail "other messages have times: $(cat away.err)"
tr -d '[:print:]\n' <away.err | grep -q . && fail "carriage returns or escape codes off a terminal"
grep -qFx -e "$(head -n 1 lines)" away.log || fail "the log lacks a line of progress: $(cat away.log)"

# --log-file: all of --verbose, from several commands, whatever is shown; errors too
run "$ZSC" run -q -e e.h5 --epochs 5 -o "a folder" --log-file x.log
[ "$status" -eq 0 ] && [ ! -s err ] || fail "run -q --log-file: $(cat err)"
grep -v "$time" x.log && fail "lines without times"
grep -q "$time layout: [0-9.]* s$" x.log && grep -q "$time wrote a folder/" x.log && grep -q " run: zsc .*: zsc run -q -e e.h5 --epochs 5 -o 'a folder' --log-file x.log$" x.log || fail "the log: $(cat x.log)"
n=$(wc -l <x.log)
expect 3 "no such file: 'nope.h5'" "$ZSC" run -q -e nope.h5 --log-file x.log
[ "$(wc -l <x.log)" -eq $((n + 2)) ] && tail -n 1 x.log | grep -q "$time .*no such file: 'nope.h5'" || fail "the log after an error: $(tail -n 3 x.log)"
for n in 1 2 3; do "$ZSC" sweep -q long.yaml --status --log-file x.log >/dev/null 2>&1 & done
wait
grep -c 'zsc sweep: .*--status --log-file' x.log | grep -qx 3 && ! grep -v '^[0-9-]*T[0-9:]* zsc ' x.log || fail "three processes in one log: $(cat x.log)"
# one warning of several runs and inputs, read in several passes, is shown once on stderr and in the log, with the number of those of runs
cat >rows.py <<'EOF'
import h5py, numpy
rng = numpy.random.default_rng(0)
with h5py.File("warn.h5", "w") as f:
    x = rng.normal(size=(60, 4))
    x[:, 1] = 1 + 1e-12 * numpy.arange(60) # the same in single precision
    f["embeddings/x"], f["embeddings/y"] = x, rng.normal(size=(60, 4))
    f["id"], f["species"] = [b"r%d" % i for i in range(60)], [b"s%d" % (i % 3) for i in range(60)]
EOF
${PYTHON3-/usr/bin/python3} rows.py || fail "rows.py"
printf 'embeddings: [warn.h5:x, warn.h5:y]\nepochs: 5\nneighbors: [4, 5]\nclusterer: [kmeans, agglomerative]\nmax-iter: 1\nclusters: 3\nseed: 0-2\noutput: w\n' >warn.yaml
run "$ZSC" sweep -q warn.yaml --log-file warn.log
[ "$status" -eq 0 ] && grep -q 'warning: k-means has not converged' err && grep -q 'warning: [0-9]* times in all: k-means has not converged' err &&
    grep -q "warning: embeddings 'warn.h5': 1 of 4 columns of x differ" err || fail "warnings of a sweep: $(cat err)"
[ -z "$(sort err | uniq -d)" ] || fail "twice: $(sort err | uniq -d)"
[ "$(grep -c warning: err)" -eq "$(grep -c warning: warn.log)" ] && [ "$(grep -c warning: err)" -eq 3 ] || fail "warnings: $(cat err warn.log)"
# what is there stays
cp e.h5 copy.h5
expect 2 "it would be lost" "$ZSC" run -q -e copy.h5 --epochs 5 --log-file copy.h5
echo "processid,species" >m.csv
expect 3 "is there already and is no log of zsc" "$ZSC" run -q -e e.h5 --epochs 5 --log-file m.csv
expect 2 "two outputs name the same file" "$ZSC" umap -q -e e.h5 --n-epochs 5 -o u.npy --log-file u.npy
expect 3 "cannot write the log" "$ZSC" run -q -e e.h5 --epochs 5 --log-file no/such/folder.log
cmp -s e.h5 copy.h5 && grep -qx "processid,species" m.csv && [ "$(wc -l <m.csv)" -eq 1 ] || fail "a refused log changed a file"
"$ZSC" info e.h5 --log-file /dev/null >/dev/null || fail "a device as a log"
if [ -w /dev/full ]; then expect 3 "cannot write all lines of the log '/dev/full'" "$ZSC" run -q -e e.h5 --epochs 5 --log-file /dev/full; fi
finish
