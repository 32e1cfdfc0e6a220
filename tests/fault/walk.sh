#!/bin/bash
# Lets the k-th allocation, open, read, write, fsync, close or rename of each command fail, for many k, and expects: the
# command succeeds with the right output, or fails with one of the documented statuses and a message; a file under its
# final name is the old one or the whole new one; no temporary file is left; no memory is lost (LeakSanitizer, preloaded).
#
# Sampled k of one call of each command by default; every k, and more ways of calling them, with ZSC_CHECK_LONG set.
# ZSC_FAULT_EVERY=N: of kinds with more than 200 calls, every N-th alone. `walk.sh NAME...` walks the named calls only;
# `walk.sh --count NAME...` says how many faults there are to walk; `walk.sh NAME KIND:K` shows one case.
set -u
lib=$ZSC_BUILDDIR/tests/fault/.libs/inject.so
[ -e "$lib" ] || { echo "skipped: the library of faults is not built here (static build or sanitizers)"; exit 77; }
grep -q __asan_init "$ZSC" && { echo "skipped: the library of faults does not go with AddressSanitizer"; exit 77; }
LC_ALL=C; export LC_ALL
long=${ZSC_CHECK_LONG:-} counting=
if [ "${1-}" = --count ]; then counting=yes; shift; fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMP_NUM_THREADS=1

# LeakSanitizer, which comes with gcc, behind the library of faults: a run that loses memory ends with status 99.
preload=$lib
lsan=$(${ZSC_CC:-cc} -print-file-name=liblsan.so 2> /dev/null)
# Whole stacks of every allocation take half of the time, so that only a run that seems to lose memory is repeated with them:
# what libraries lose on their own is known by its stack (lsan.supp).
leaks=exitcode=99:print_suppressions=0:suppressions=$ZSC_SRCDIR/tests/fault/lsan.supp
stacks=:fast_unwind_on_malloc=0
LSAN_OPTIONS=$leaks$stacks; export LSAN_OPTIONS
if [ -e "$lsan" ]; then
    ZSC_FAULT_LEAK=1 LD_PRELOAD="$lib $lsan" "$ZSC" version > /dev/null 2>&1
    if [ $? = 99 ] && LD_PRELOAD="$lib $lsan" "$ZSC" version > /dev/null 2>&1; then preload="$lib $lsan"; fi
fi
[ "$preload" != "$lib" ] || echo "no LeakSanitizer here (gcc's liblsan, and leave to trace processes): lost memory is not looked for"

# --- Inputs
"$ZSC" simulate --rows 48 --seed 3 -o in.h5 --metadata-output in.csv -q || exit 1
sed '0~4s/,test,/,val,/' in.csv > val.csv # every fourth row
printf 'a,b\n1,x\n1,x\n2,y\n2,z\n3,z\n' > labels.csv
cat > sweep.yaml <<'YAML'
embeddings: [in.h5:sim_dna, in.h5:sim_image_1]
reduce: none
clusters: [species, 5]
seed: [0]
output: out
YAML
sed -e 's/^reduce: none/epochs: 2\ndim: 2\nneighbors: 4/' -e 's/^seed: .*/seed: [0, 1]/' sweep.yaml > sweep-umap.yaml
printf 'embeddings: in.h5:sim_dna\nreduce: none\nclusters: [species, each-rank]\n' > study.yaml
printf 'metadata: in.csv\nencoders: [{label: a, file: "in.h5:sim_dna", modality: dna}]\n' > paper.yaml
printf '0 0\n9 5\n\n1 2\n3 4\n' > coast.txt
printf 'kind: retrieval\nkeys: in.h5:sim_image_1\nqueries: [in.h5:sim_image_2, in.h5:sim_image_3]\nmetadata: in.csv\nknown-queries: others\nk: 1\nranks: species\noutput: out\n' > pairs.yaml
printf 'id,0,1,2\na,1,2,3\nb,2,3,4\nc,0,1,0\nd,5,5,5\n' > vectors.csv

igraph=$("$ZSC" version | grep '^igraph  *[0-9]') # whether there is one

# --- The commands: a name, what it writes ("-": stdout alone; a folder of results ends in /, one of any files in //), and how it is called
cases() {
    echo "simulate|o.h5 o.csv|simulate --rows 48 --seed 5 -t 1 -o o.h5 --metadata-output o.csv"
    echo "embed kmer|o.h5|embed kmer -m in.csv -k 2,3 -t 1 -o o.h5"
    echo "info|-|info in.h5"
    echo "stats|-|stats in.csv --kind splits -f csv"
    echo "check|o.csv o.changes.csv|check in.csv --fix o.csv"
    echo "split|o.csv o.why.csv|split in.csv -o o.csv --explain o.why.csv"
    echo "info result|-|info result.h5"
    echo "score|-|score labels.csv:a labels.csv:b --format json"
    echo "score h5|-|score in.h5:/labels/species in.h5:/labels/genus"
    echo "knn|o.h5|knn -e in.h5:sim_dna --neighbors 5 -t 1 -o o.h5"
    echo "knn queries|o.h5|knn -e in.h5:sim_dna --queries in.h5:sim_dna --neighbors 5 -t 1 -o o.h5"
    echo "retrieve|-|retrieve -e in.h5:sim_dna -m in.csv --known-queries others --k 1,2 -t 1 --format json"
    echo "probe|-|probe -e in.h5:sim_dna -m val.csv --known-queries keep --ranks genus --epochs 2 --stopping-split val --key-split test -t 1 --format json"
    echo "probe lbfgs|-|probe -e in.h5:sim_dna -m in.csv --known-queries keep --ranks genus --epochs 3 --solver lbfgs --key-split test -t 1 --format csv"
    echo "umap|o.h5|umap -e in.h5:sim_dna --n-neighbors 5 --n-components 3 --n-epochs 5 -t 1 -o o.h5"
    echo "ward|o.h5|ward -e in.h5:sim_dna --clusters 5 -t 1 -o o.h5"
    echo "cluster|o.csv|cluster -e in.h5:sim_dna --min-cluster-size 3 -t 1 -o o.csv"
    echo "cluster model|o.h5|cluster -e in.h5:sim_dna --scale zscore --min-cluster-size 3 --keep-model -t 1 -o o.h5"
    echo "umap model|o.h5|umap -e in.h5:sim_dna --scale zscore --n-neighbors 5 --n-components 3 --n-epochs 5 --keep-model -t 1 -o o.h5"
    echo "assign|o.h5|assign -e in.h5:sim_image_1 --model clustered.h5 --by neighbor -t 1 -o o.h5"
    echo "assign layout|o.csv|assign -e in.h5:sim_dna --model layout.h5 --clusters five.csv:cluster -t 1 -o o.csv"
    echo "run hdbscan|out/|run -e in.h5:sim_dna --reduce none --clusterer hdbscan --min-cluster-size 3 -t 1 -o out"
    [ -z "$igraph" ] || echo "cluster leiden|o.csv|cluster -e in.h5:sim_dna --clusterer leiden -t 1 -o o.csv"
    echo "run layers|out/|run -e in.h5:sim_dna --reduce none --clusterer layers --min-cluster-size 3 -t 1 -o out"
    echo "run stability|out/|run -e in.h5:sim_dna --reduce none --stability 2 -t 1 -o out"
    echo "run|out/|run -e in.h5:sim_dna --reduce none -t 1 -o out"
    echo "run umap|-|run -e in.h5:sim_dna --neighbors 5 --dim 3 --epochs 5 -t 1 --format csv"
    echo "run checkpoint|-|run -e in.h5:sim_dna --neighbors 5 --dim 3 --epochs 5 -t 1 --format csv --checkpoint stopped --checkpoint-every 0"
    echo "retrieve store|kept/|retrieve -e in.h5:sim_dna -m in.csv --known-queries others --k 1 --ranks species -t 1 --store kept --format csv"
    echo "sweep retrieval|out/|sweep pairs.yaml -t 1"
    echo "sweep|out/|sweep sweep.yaml -t 1"
    echo "sensitivity|out/ o.svg|sensitivity study.yaml --figure o.svg -t 1 -o out"
    echo "import|o.h5|import in.h5 -o o.h5"
    echo "collect|o.csv|collect done -o o.csv"
    echo "curve|o.csv|curve result.h5 -o o.csv"
    echo "compare|-|compare done --resamples 5"
    echo "table|o.tex|table ranks done --format latex -o o.tex"
    echo "plot ranks|o.svg|plot ranks done -o o.svg"
    echo "report|o.html|report done -o o.html"
    echo "atlas|o.html|atlas kept.h5 --layout pca --metadata in.csv --columns country -t 1 -o o.html"
    echo "paper|out/|paper paper.yaml -o out --only 2 -t 1"
    echo "select|o.h5|select -e in.h5:sim_dna -m in.csv --scale zscore -t 1 -o o.h5"
    echo "trust|-|trust in.h5:sim_dna in.h5:sim_image_1 -k 3 -t 1"
    echo "export|o.csv|export result.h5 -o o.csv"
    echo "rerun|-|rerun result.h5 -t 1"
    echo "ls|-|ls done"
    echo "rm|-|rm done --where reduce=none --dry-run"
    echo "help|-|help --completion=bash"
    echo "version|-|version"
}
long_cases() {
    echo "simulate release|o.rel//|simulate --release o.rel --scale 0.0005 -t 1"
    echo "help man|-|help --form=man run"
    echo "atlas umap|o.html|atlas kept.h5 done --metadata in.csv --image {processid}.jpg -t 1 -o o.html"
    echo "atlas file|o.html|atlas kept.h5 --layout plane.csv -t 1 -o o.html"
    echo "retrieve votes|-|retrieve -e in.h5:sim_dna -m in.csv --key-split test --query-split test_unseen --weighted --k 3 -t 1 --format csv"
    echo "stats ranks|-|stats in.csv"
    echo "stats also|o.csv o.tex|stats in.csv --only species --also o.csv --also o.tex"
    echo "paper plan|-|paper paper.yaml -n -o out --only 2"
    echo "stats sizes|-|stats in.csv --kind sizes -f json"
    echo "check json|-|check in.csv --format json"
    echo "info csv|-|info in.csv --format json"
    echo "import csv|o.h5|import vectors.csv --name v -t 1 -o o.h5"
    echo "import npy|o.h5|import reduced.npy -m in.csv --name v -t 1 -o o.h5"
    echo "knn approx|o.h5|knn -e in.h5:sim_dna --knn approx --neighbors 5 -t 1 -o o.h5"
    echo "umap pieces|o.h5|umap -e in.h5:sim_dna --knn approx --n-neighbors 3 --n-epochs 2 -t 1 -o o.h5"
    echo "ward newick|o.h5 o.nwk|ward -e in.h5:sim_dna --linkage average --newick o.nwk -t 1 -o o.h5"
    echo "run curve|out/|run -e in.h5:sim_dna -m in.csv --reduce pca --dim 4 --clusters each-rank --curve --internal --keep-reduced -t 1 -o out"
    echo "run barcode|out/|run -e in.h5:sim_dna -e in.h5:sim_image_1 --scale zscore --one-per-barcode --reduce none -t 1 -o out --format csv"
    echo "sweep cache|out/|sweep sweep-umap.yaml --cache cache -t 1"
    echo "sweep plan|-|sweep --dry-run sweep.yaml"
    echo "sweep status|-|sweep --status swept.yaml"
    echo "collect order|-|collect swept --where neighbors=4 --format json"
    echo "compare where|-|compare swept --where seed=0 --resamples 5"
    echo "collect json|-|collect done pairs --format json"
    echo "compare csv|-|compare done --resamples 5 --unit specimens --format csv"
    echo "curve labels|o.h5|curve result.h5 -l in.csv:species -o o.h5"
    echo "export npy|o.npy|export result.h5 --what linkage -o o.npy"
    echo "export h5ad|o.h5ad|export kept.h5 -o o.h5ad"
    echo "table crossmodal|o.html|table crossmodal done pairs --format html -o o.html"
    echo "table sensitivity|o.md|table sensitivity swept -o o.md"
    echo "table retrieval|o.tex|table retrieval ret.json -o o.tex"
    echo "probe store|kept/|probe -e in.h5:sim_dna -m in.csv --known-queries keep --ranks genus --epochs 2 --key-split test -t 1 --store kept --format csv"
    echo "table probe|o.tex|table probe ret.json lin.json -o o.tex"
    echo "plot clusters|o.svg|plot clusters result.h5 -o o.svg"
    echo "plot heatmap|o.svg|plot heatmap done pairs -o o.svg"
    echo "plot scatter|o.svg|plot scatter kept.h5 -o o.svg"
    echo "plot dendrogram|o.svg|plot dendrogram result.h5 -o o.svg"
    echo "plot compare|o.svg|plot compare done --resamples 5 -o o.svg"
    echo "plot stages|o.tex|plot stages done -o o.tex"
    echo "plot growth|-|plot growth done --dumb"
    echo "plot sensitivity|o.svg|plot sensitivity swept -o o.svg"
    echo "plot measures|o.svg|plot measures agree -o o.svg"
    echo "plot retrieval|o.svg|plot retrieval ret.json -o o.svg"
    echo "plot prevalence|o.svg|plot prevalence in.csv -o o.svg"
    echo "plot composition|-|plot composition in.csv --dumb"
    echo "plot map|o.svg|plot map in.csv --coastline coast.txt -o o.svg"
}

failures=0 tried=0 failed_well=0 unharmed=0
wrong() { echo "WRONG: zsc $args with ZSC_FAULT=$fault: $1" >&2; [ -s err ] && sed 's/^/    /' err | tail -3 >&2; failures=$((failures + 1)); }

# What is compared of an output: results hold times, so their contents stand for them; other files their bytes.
digest() {
    case $1 in
    *//) find "$1" -type f ! -name '*.tmp-*' -exec cksum {} + | sort -k 3 ;;
    */) for f in "$1"*.h5; do [ -e "$f" ] && { "$ZSC_BUILDDIR/tests/fault/whole" "$f" || echo "$f is not whole"; }; done ;;
    *) [ -e "$1" ] && cksum < "$1" ;;
    esac
}

call() { # with the fault, if there is one
    # shellcheck disable=SC2086
    # files are read by HDF5 too
    case $fault in read*) export ZSC_FAULT_ALL=1 ;; *) unset ZSC_FAULT_ALL ;; esac
    timeout 300 env ZSC_FAULT=$fault ZSC_FAULT_COUNT=$work/counts LD_PRELOAD="$preload" "$ZSC" $args > out.txt 2> err
    local status=$?
    # an estimate depends on how fast the machine is at the moment
    [ "$name" != "sweep plan" ] || sed -i -E 's/ [0-9.]+( seconds in all)?/ \1/g' out.txt
    return $status
}

clear_outputs() { rm -rf out o.* cache; }

prepare() { # "old" if the outputs are there before
    clear_outputs
    [ "$1" != old ] || for o in $outputs; do case $o in -|*/) ;; *) echo "an older file" > "$o" ;; esac; done
}

try() { # fault, "old" if the outputs are there before
    fault=$1
    prepare "$2"
    LSAN_OPTIONS=$leaks call; local status=$?
    if [ $status = 99 ]; then prepare "$2"; call; status=$?; fi
    tried=$((tried + 1))
    case $status in
    0)  unharmed=$((unharmed + 1))
        cmp -s out.txt "$ref/out.txt" || wrong "status 0 and another output than without the fault"
        for o in $outputs; do [ "$o" = - ] || [ "$(digest "$o")" = "$(cat "$ref/${o%%/*}.sum")" ] || wrong "status 0, but $o is not what it should be"; done ;;
    1|2|3|4|5)
        failed_well=$((failed_well + 1))
        tail -1 err | grep -Eq '^(zsc[a-z ]*|libgomp): *[^ ]' || wrong "status $status without a message"
        for o in $outputs; do
            case $o in
            -) ;;
            *//) if [ -d "$o" ] && digest "$o" | grep -vxFf "$ref/${o%%/*}.sum"; then wrong "$o holds a file that is not whole"; fi ;;
            */) digest "$o" | grep 'not whole' && wrong "$o holds a result that is not whole" ;;
            *)  [ ! -e "$o" ] || [ "$(digest "$o")" = "$(cat "$ref/$o.sum")" ] || { [ "$2" = old ] && [ "$(cat "$o")" = "an older file" ]; } ||
                    wrong "$o is neither the old file nor the whole new one" ;;
            esac
        done ;;
    99) wrong "it loses memory"; grep -A 12 'leak of' err >&2 ;;
    124) wrong "it does not end" ;;
    *) wrong "status $status" ;;
    esac
    left=$(find . -name '*.tmp-*' | head -1)
    [ -z "$left" ] || { wrong "$left is left behind"; find . -name '*.tmp-*' -delete; }
}

sample() { # how many calls, how many to try: numbers from 1 to $1
    if [ -n "$long" ] && [ "$1" -gt 200 ]; then seq 1 "${ZSC_FAULT_EVERY:-1}" "$1"; return; fi
    if [ -n "$long" ] || [ "$1" -le "$2" ]; then seq 1 "$1"; return; fi
    for i in $(seq 0 $(($2 - 1))); do echo $((1 + i * ($1 - 1) / ($2 - 1))); done
}

walk() { # name|outputs|arguments
    name=${1%%|*} args=${1##*|} outputs=${1#*|}; outputs=${outputs%|*}
    ref=$work/ref; rm -rf "$ref"; mkdir "$ref"
    fault=none; clear_outputs; call || { wrong "fails without a fault"; return; }
    cp out.txt counts "$ref/"
    fault=read; call; grep '^read' counts > more; grep -v '^read' "$ref/counts" >> more; mv more "$ref/counts"
    for o in $outputs; do [ "$o" = - ] || digest "$o" > "$ref/${o%%/*}.sum"; done
    if [ -n "$counting" ]; then
        awk -v name="$name" '{ n += $2; if ($1 == "alloc" || $1 == "write-enospc") n += int($2 / 3) } END { print name ": " n " faults in all" }' "$ref/counts"
        return
    fi
    while read -r kind n; do
        case $name:$kind in *:alloc) few=4 ;; report:read-eio) few=6 ;; *) few=2 ;; esac # a page's figures are read in pieces
        for k in $(sample "$n" $few); do
            if [ $((k % 2)) = 0 ]; then before=old; else before=new; fi
            try "$kind:$k" $before
            case $kind in alloc|write-enospc) [ $((k % 3)) != 0 ] || try "$kind:$k+" $before ;; esac
        done
    done < "$ref/counts"
}

# A folder of results for the commands that read them.
"$ZSC" run -e in.h5:sim_dna --reduce none --curve -o done -q > /dev/null || exit 1
"$ZSC" run -e in.h5:sim_image_1 --reduce none --curve -o done -q > /dev/null || exit 1
"$ZSC" run -e in.h5:sim_dna --reduce none --internal -o agree -q > /dev/null || exit 1
sed 's/^output: .*/output: swept/' sweep-umap.yaml > swept.yaml && "$ZSC" sweep -q swept.yaml > /dev/null || exit 1
"$ZSC" cluster -e in.h5:sim_image_1 --clusterer kmeans -k 5 --keep-model -o clustered.h5 -q > /dev/null || exit 1
"$ZSC" umap -e in.h5:sim_dna --scale zscore --n-neighbors 5 --n-components 3 --n-epochs 5 --keep-model -o layout.h5 -q || exit 1
"$ZSC" cluster -e layout.h5:umap --clusterer kmeans -k 5 -o five.csv -q > /dev/null || exit 1
for f in done/*.h5; do cp "$f" result.h5; done
"$ZSC" retrieve -e in.h5:sim_dna -m in.csv --known-queries others --k 1 -o ret.json -q || exit 1
"$ZSC" probe -e in.h5:sim_dna -m in.csv --known-queries keep --ranks genus --epochs 2 -o lin.json -q || exit 1
"$ZSC" run -e in.h5:sim_image_1 -e in.h5:sim_dna --reduce none -o pairs -q > /dev/null || exit 1
"$ZSC" run -e in.h5:sim_image_2 --reduce pca --dim 3 --keep-reduced -o kept -q > /dev/null || exit 1
for f in kept/*.h5; do cp "$f" kept.h5; done
"$ZSC" export kept.h5 --what reduced -o reduced.npy -q || exit 1
"$ZSC" export kept.h5 --what reduced -o plane.csv -q || exit 1
if [ $# = 2 ] && [ "${2#*:}" != "$2" ]; then # one case, seen
    { cases; long_cases; } | grep "^$1|" | while IFS='|' read -r _ _ args; do
        # shellcheck disable=SC2086
        ZSC_FAULT=$2 ZSC_FAULT_TRACE=1 LD_PRELOAD="$preload" "$ZSC" $args
        echo "status $?"
    done
    exit
fi
cases > list
"$ZSC" help --form=names | while read -r name; do # no command is forgotten
    grep -q "|$name\( \|$\)" list || echo "$name"
done > forgotten
[ ! -s forgotten ] || { echo "WRONG: no call of these commands is walked: $(tr '\n' ' ' < forgotten)" >&2; exit 1; }
if [ -n "$long$counting" ] || [ $# -gt 0 ]; then long_cases >> list; fi
while IFS= read -r line <&3; do
    word=${line%%|*}
    if [ $# -gt 0 ]; then wanted=no; for w in "$@"; do [ "$w" != "$word" ] || wanted=yes; done; [ $wanted = yes ] || continue; fi
    first=$tried
    walk "$line"
    [ -n "$counting" ] || echo "$word: $((tried - first)) faults"
done 3< list
[ -z "$counting" ] || exit 0
echo "$tried faults: $unharmed without effect, $failed_well reported, $failures wrong"
[ "$failures" = 0 ] && [ "$tried" -gt 0 ]
