#!/bin/sh
# coverage.sh BUILD [STUDIES [SPLITS [accuracy|fixed]]]: the tables of coverage in doc/metrics.md, to standard output:
# of a simulated population, and with ZSC_REAL_DATA of a model of real COI (4-mers and 3-mers with noise;
# tests/bench/coverage.c) of 20 times as many species. STUDIES of 20 species, half as many of the larger designs, and
# twice as many of accuracy, which is fast. With "accuracy", that table alone; with "fixed", without clustering anew,
# which takes most of the time.
set -eu
build=$(cd "${1:?"usage: coverage.sh BUILD [STUDIES [SPLITS [accuracy|fixed]]]"}" && pwd)
studies=${2:-1000} splits=${3:-80} only=${4:-} fixed=
[ "$only" != fixed ] || fixed=fixed
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
zsc=$build/zsc coverage=$build/tests/bench/coverage
"$zsc" simulate -q -n 12000 --families 40 --genera 500 --species 2000 --missing-species 0 --image-dim 0 --dna-dim 32 \
    --dna-encoders 2 -o sim.h5
real=${ZSC_REAL_DATA:+yes}
if [ "$real" ]; then
    for k in 3 4; do "$zsc" embed kmer -q -m "$ZSC_REAL_DATA/coi-example.csv" -k $k -o coi$k.h5; done
else
    echo "coverage.sh: ZSC_REAL_DATA is not set: no real COI" >&2
fi
of_clusters() {
    echo "| *$1* | | | | | | | | | | | | | |"
    shift
    "$coverage" "$1" "$2" species 20 "$studies" "$splits" "$3" "$4" $fixed
    "$coverage" "$1" "$2" species 60 "$((studies / 2))" "$splits" "$3" "$4" $fixed
    "$coverage" "$1" "$2" specimens 200 "$((studies / 2))" "$splits" "$3" "$4" $fixed
}
of_accuracy() {
    echo "| *$1* | | | | | | | | | | | | | |"
    shift
    for classes in 20 60 200; do "$coverage" "$1" "$2" classes $classes "$((2 * studies))" "$splits" "$3" "$4"; done
}
of_populations() {
    "$1" simulated sim.h5:sim_dna_1 sim.h5:sim_dna_2 0 1
    if [ "$real" ]; then "$1" 'like real COI' coi4.h5:kmer4 coi3.h5:kmer3 0.4 20; fi
}
rule='|---|---|---|---|---|---|---|---|---|---|---|---|---|---|'
if [ "$only" != accuracy ]; then
    echo '| units | clusters | family | genus | species | difference, family | genus | species | any joint misses | Monte Carlo error | effective units of scores | of differences | refused for these, % | else, % |'
    echo "$rule"
    of_populations of_clusters
    echo
fi
echo '| units | keys | macro | micro | harmonic mean | difference, macro | micro | harmonic mean | any joint misses | Monte Carlo error | effective units of scores | of differences | refused for these, % | else, % |'
echo "$rule"
of_populations of_accuracy
