#!/bin/sh
# Limits on address space (ulimit -v) and data (ulimit -d): a command gives the result that it gives without, or one line that says
# why not, with a status of its own. It never hangs (OpenBLAS retries forever where it cannot map its buffers), is killed or aborts.
. "$ZSC_SRCDIR/tests/cli/lib.sh"
if grep -q __asan_init "$ZSC"; then skip "AddressSanitizer maps terabytes"; fi
(ulimit -v 1000000 && ulimit -d 1000000) 2>/dev/null || skip "limits cannot be set here"
unset OPENBLAS_NUM_THREADS

"$ZSC" simulate -q --rows 700 --image-encoders 1 --image-dim 96 --dna-dim 40 --seed 2 -o e.h5 --metadata-output m.csv || exit 99
"$ZSC" umap -q -e e.h5:sim_dna --n-epochs 20 -o y.h5 || exit 99
cat >sweep.yaml <<'EOF'
embeddings: [e.h5:sim_dna, e.h5:sim_vit]
reduce: [umap, pca]
epochs: 20
dim: 4
EOF
image=$("$ZSC" info e.h5 | grep -o 'sim_[a-z0-9_]*' | grep -v sim_dna | head -n 1)
sed -i "s/sim_vit/$image/" sweep.yaml

# one command a line; OUT is its output
cat >commands <<EOF
version
knn -q -e e.h5:$image -k 10 -o OUT
umap -q -e e.h5:$image --n-epochs 20 -o OUT
ward -q -e e.h5:$image -o OUT
run -q -e e.h5:sim_dna --reduce pca --dim 4 -o OUT
trust e.h5:sim_dna y.h5
embed kmer -q -m m.csv -k 4 -o OUT
info e.h5
sweep -q sweep.yaml -o OUT
EOF

# one LIMIT KB COMMAND...: status to $status, its lines to err
one() {
    rm -rf OUT out
    option=$1 kb=$2
    shift 2
    (ulimit "$option" "$kb" && exec timeout -s KILL 100 "$ZSC" "$@") >out 2>err </dev/null
    status=$?
}

# digest: what the command gave, without what differs from one run to the next
digest() {
    if [ -d OUT ]; then
        scores_of OUT | cksum
    elif [ -e OUT ]; then
        "$ZSC" info OUT | grep -v -e '^  *made' -e seconds -e provenance | cksum
    else
        cksum <out
    fi
}

given=0 refused=0
while read -r words; do
    set -f
    set -- $words
    set +f
    rm -rf OUT
    "$ZSC" "$@" >out 2>err </dev/null || { fail "without a limit: $words: $(tail -n 1 err)"; continue; }
    wanted=$(digest)
    igraph=$("$ZSC" version | grep '^igraph  *[0-9]')
    for limit in -v:60000 -v:80000 -v:95000 -v:120000 -v:170000 -v:220000 -v:260000 -v:300000 -v:420000 -v:1000000 \
        -d:1000 -d:10000 -d:100000 -d:140000 -d:160000 -d:300000; do
        one "${limit%%:*}" "${limit##*:}" "$@"
        case $status in
        0)
            given=$((given + 1))
            [ "$(digest)" = "$wanted" ] || fail "ulimit $limit: another result: $words"
            ;;
        1 | 2)
            refused=$((refused + 1))
            # a Fortran library of igraph's ends the program as it is loaded, before zsc begins
            [ -n "$igraph" ] && grep -q '^Operating system error: Cannot allocate memory' err && continue
            [ "$(wc -l <err)" -eq 1 ] && grep -q '^zsc' err || fail "ulimit $limit: status $status: $words: $(head -n 3 err)"
            ;;
        5) tail -n 1 err | grep -q 'runs failed' || fail "ulimit $limit: status 5: $words: $(tail -n 3 err)" ;;
        127) grep -q 'error while loading shared libraries' err || fail "ulimit $limit: $words: $(head -n 3 err)" ;;
        *) fail "ulimit $limit: status $status: $words: $(tail -n 3 err)" ;;
        esac
        for f in OUT.tmp-* OUT/*.tmp-*; do
            if [ -e "$f" ]; then fail "ulimit $limit: left behind: $f: $words"; fi
        done
    done
done <commands
[ "$given" -gt 40 ] || fail "only $given commands gave a result"
[ "$refused" -gt 10 ] || fail "only $refused commands were refused"
finish
