#!/bin/bash
# The same bytes from every copy of the kernels (ZSC_ISA) and every set of OpenBLAS's (OPENBLAS_CORETYPE): layouts,
# linkages, clusters, components and scores, probes, through whole commands; and zsc version --verify.
set -u
LC_ALL=C; export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"$ZSC" simulate --rows 400 --seed 4 -o in.h5 -q || exit 1
# two clouds that are far from each other: a graph of two components
awk 'BEGIN { srand(3); print "processid,a,b,c"
             for (i = 0; i < 160; i++) printf "r%d,%g,%g,%g\n", i, rand() + 90 * (i % 2), rand(), rand() }' > two.csv
status=0
env ZSC_ISA=sse9 "$ZSC" score in.h5:/labels/species in.h5:/labels/genus > out 2> err
[ $? = 2 ] && [ "$(cat err)" = "zsc: the environment variable ZSC_ISA is 'sse9'; expected plain, avx2 or avx512, or nothing for the best that there is" ] && [ ! -s out ] ||
    { echo "an unknown ZSC_ISA: $(cat out err)"; status=1; }
env ZSC_ISA= "$ZSC" score in.h5:/labels/species in.h5:/labels/genus > out 2> err || { echo "an empty ZSC_ISA: $(cat err)"; status=1; }
same() { # WHAT FILE COMMAND...: the command writes FILE
    what=$1 file=$2; shift 2
    for way in ZSC_ISA=plain ZSC_ISA=avx2 ZSC_ISA=avx512 $cores; do
        rm -rf "$file"
        env "$way" "$@" > out 2> err || { echo "$what, $way: failed"; cat err; status=1; return; }
        [ -f "$file" ] || mv out "$file"
        [ -s "$file" ] || { echo "$what, $way: no output"; status=1; return; }
        [ "$way" = ZSC_ISA=plain ] && { cp "$file" first; continue; }
        cmp -s first "$file" || { echo "$what, $way: other bytes than with ZSC_ISA=plain"; status=1; }
    done
}
cores='OPENBLAS_CORETYPE=Sandybridge OPENBLAS_CORETYPE=Haswell OPENBLAS_CORETYPE=Zen'
grep -q avx2 /proc/cpuinfo || cores=OPENBLAS_CORETYPE=Nehalem
grep -q avx512vl /proc/cpuinfo && cores="$cores OPENBLAS_CORETYPE=SkylakeX"
d=in.h5:sim_dna
same 'the fixed problem' verify.txt sh -c '"$ZSC" version --verify >all.txt && sed -n "/^stage/,\$p" all.txt >verify.txt'
grep -c ' yes$' first >out
[ "$(cat out)" = 11 ] || { echo "the fixed problem: $(cat first)"; status=1; }
same 'scores of labels' score.csv "$ZSC" score in.h5:/labels/species in.h5:/labels/genus --format csv
same 'initialisation, dense' init.npy "$ZSC" umap -e $d -o init.npy --n-components 5 --n-epochs 0 -q
same 'initialisation, two components' two.npy "$ZSC" umap -e two.csv -o two.npy --n-components 2 --n-epochs 0 --n-neighbors 8 -q
same 'layout' layout.npy "$ZSC" umap -e $d -o layout.npy --n-components 50 --n-epochs 30 -q
same 'layout, cosine, 8 dimensions' cosine.npy "$ZSC" umap -e $d -o cosine.npy --metric cosine --n-components 8 --n-epochs 30 -q
same 'layout, 3 negatives' few.npy "$ZSC" umap -e $d -o few.npy --n-components 2 --n-epochs 20 --negative-sample-rate 3 -q
same 'linkage' ward.npy "$ZSC" ward -e $d -o ward.npy -q
same 'k-means' kmeans.csv "$ZSC" cluster -e $d --clusterer kmeans -k 40 -o kmeans.csv -q
same 'HDBSCAN' hdbscan.csv "$ZSC" cluster -e $d --clusterer hdbscan -o hdbscan.csv -q
same 'spectral clustering, QR' qr.csv "$ZSC" cluster -e $d --clusterer spectral --assign-labels cluster_qr -k 20 -o qr.csv -q
probe() { what=$1; shift; same "$what" probe.json "$ZSC" probe -e $d --queries $d --known-queries keep --ranks genus -o probe.json -q "$@"; }
probe 'probe by descent' --epochs 4
probe 'probe by L-BFGS' --solver lbfgs --epochs 30
run() { what=$1; shift; same "$what" run.csv "$ZSC" run -e $d --format csv --internal -q "$@"; }
run 'run without reduction' --reduce none
run 'run, principal components' --reduce pca --dim 10
run 'run, UMAP' --dim 8 --neighbors 15 --epochs 50
# a result of one set of kernels is computed again by another, to the byte, without a warning
env ZSC_ISA=plain "$ZSC" run -q -e $d --dim 5 --epochs 20 --internal -o made >/dev/null || status=1
"$ZSC" rerun made/*.h5 > out 2> err && ! grep -q ' no$' out && ! grep -qE 'kernels|bytes may differ' err ||
    { echo "rerun with other kernels: $(cat out err)"; status=1; }
exit $status
