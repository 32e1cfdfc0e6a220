#!/bin/sh
# zsc run --checkpoint: stopped in each stage and started again, the bytes are those of a run that never stopped; files of other
# settings, and damaged ones, are not taken; a full disk does not stop a run.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

"$ZSC" simulate -q --rows 800 --seed 4 --image-encoders 0 --dna-dim 32 -o s.h5 || fail "simulate"
epochs=3000 # long enough to be interrupted
[ -z "${ZSC_CHECK_PART-}" ] || epochs=400 # as long, where sanitizers slow them down
E="-e s.h5:sim_dna --dim 4 --epochs $epochs --keep-reduced --seed 0,1"

# parts FOLDER: digests of what the results in it hold, by seed
parts() {
    for f in "$1"/*.h5; do
        for what in clusters reduced linkage; do
            "$ZSC" export -q "$f" --what $what --force -o part.npy || fail "export $f"
            cksum <part.npy
        done
    done | sort
}

# files FOLDER: names of checkpoints without their keys
files() { ls "$1" | sed 's/-.*//' | sort | uniq -c | awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }'; }

# shellcheck disable=SC2086
{
    run "$ZSC" run -q $E -o calm
    [ $status -eq 0 ] || fail "run: $(cat err)"
    cp out calm.out
    parts calm >calm.parts
    [ "$(wc -l <calm.parts)" -eq 6 ] || fail "two results have $(wc -l <calm.parts) parts"

    # resumed FOLDER WORDS: the same command has the same results; it says WORDS, and leaves no checkpoint
    resumed() {
        rm -rf again
        run "$ZSC" run $E -o again --checkpoint "$1"
        [ $status -eq 0 ] || fail "$1: status $status: $(cat err)"
        grep -e "$2" err >/dev/null || fail "$1: does not say '$2': $(cat err)"
        cmp -s out calm.out || fail "$1: other scores"
        parts again | cmp -s - calm.parts || fail "$1: other bytes"
        [ -z "$(ls "$1")" ] || fail "$1: left: $(ls "$1")"
    }

    # never interrupted
    resumed quiet "wrote again"

    # Ctrl-C in the layout of the second seed: nothing is written to an output folder, so that both seeds are there
    env --default-signal=INT "$ZSC" run $E --checkpoint kept --checkpoint-every 1000 >out 2>err &
    pid=$!
    tries=0
    until [ "$(ls kept 2>/dev/null | grep -c '^layout.*h5$')" -eq 2 ] || [ $tries -ge 3000 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    kill -INT $pid
    wait $pid
    status=$?
    [ $status -eq 130 ] || fail "interrupted: status $status: $(cat err)"
    [ "$(files kept)" = "1 graph, 2 layout, 1 linkage" ] || fail "interrupted: $(files kept)"

    # each stage that it can go on from
    cp -r kept all
    resumed all "resumed after the dendrogram, from 'all/linkage-"
    grep "resumed at epoch [1-9][0-9]* of $epochs of the layout, from 'all/layout-" err >/dev/null || fail "no epoch of the second seed: $(cat err)"
    cp -r kept layouts && rm layouts/linkage-*
    resumed layouts "resumed at epoch $epochs of $epochs of the layout"
    cp -r kept graph && rm graph/linkage-* graph/layout-*
    resumed graph "resumed after the graph, from 'graph/graph-"

    # neighbours, which a sweep leaves under the same name
    printf 'embeddings: s.h5:sim_dna\ndim: 4\nepochs: 1\nseed: 0\noutput: sw\n' >sweep.yaml
    run "$ZSC" sweep -q sweep.yaml --cache knn
    [ $status -eq 0 ] || fail "sweep: $(cat err)"
    resumed knn "resumed after the neighbours, from 'knn/knn-"

    # killed where nothing can be written any more, in the layout of the first seed, with a checkpoint of nearly every epoch
    "$ZSC" run $E --checkpoint killed --checkpoint-every 0.0001 >out 2>err &
    pid=$!
    tries=0
    until [ "$(ls killed 2>/dev/null | grep -c '^layout.*h5$')" -ge 1 ] || [ $tries -ge 3000 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    sleep 0.1
    kill -KILL $pid
    wait $pid 2>/dev/null
    rm -f killed/*.tmp-*
    resumed killed "resumed at epoch [0-9]* of $epochs of the layout"

    # killed in Ward's method, and in the search for neighbours: where the file of what is done appears, more is to be done
    "$ZSC" simulate -q --rows 50000 --seed 6 --image-encoders 1 --dna-encoders 0 --image-dim 24 -o many.h5 || fail "simulate"
    M="-e many.h5:sim_image_1 --knn approx --dim 3 --epochs 2 --keep-reduced"
    run "$ZSC" run -q $M -o many
    [ $status -eq 0 ] || fail "many: $(cat err)"
    cp out many.out
    parts many >many.parts
    # stopped_at KIND SIGNAL: the next run is stopped when it has written a file of this kind
    stopped_at() {
        : >mark
        env --default-signal=INT "$ZSC" run $M --checkpoint stages --checkpoint-every 0 >out 2>err &
        pid=$!
        tries=0
        until [ -n "$(find stages -name "$1-*.h5" -newer mark 2>/dev/null)" ] || [ $tries -ge 6000 ]; do
            sleep 0.01
            tries=$((tries + 1))
        done
        kill "-$2" $pid
        wait $pid 2>/dev/null
        status=$?
        rm -f stages/*.tmp-*
    }
    stopped_at search INT
    [ $status -eq 130 ] && [ "$(files stages)" = "1 search" ] || fail "stopped in the search: status $status, $(files stages): $(cat err)"
    stopped_at merges KILL
    grep "resumed before round [1-6] of the search for neighbours, from 'stages/search-" err >/dev/null || fail "the search: $(cat err)"
    [ "$(files stages)" = "1 graph, 1 layout, 1 merges" ] || fail "killed in Ward's method: $(files stages): $(cat err)"
    cp -r stages stages.damaged
    for f in stages.damaged/merges-*.h5; do printf 'XXXX' | dd of="$f" bs=1 seek=$(($(wc -c <"$f") * 3 / 4)) conv=notrunc 2>/dev/null; done
    cp -r stages stages.other
    for f in stages.other/merges-*.h5; do
        cp stages.other/layout-*.h5 "$f"
    done
    stopped_at merges INT
    [ $status -eq 130 ] || fail "interrupted in Ward's method: status $status: $(cat err)"
    for folder in stages stages.damaged stages.other; do
        rm -rf again
        run "$ZSC" run $M -o again --checkpoint $folder
        [ $status -eq 0 ] || fail "$folder: status $status: $(cat err)"
        cmp -s out many.out || fail "$folder: other scores"
        parts again | cmp -s - many.parts || fail "$folder: other bytes"
        [ -z "$(ls $folder)" ] || fail "$folder: left: $(ls $folder)"
        case $folder in
        stages) grep "resumed after [0-9]* merges of the dendrogram, from 'stages/merges-" err >/dev/null || fail "$folder: $(cat err)" ;;
        *) grep "the checkpoint '$folder/merges-[0-9a-f]*.h5' is not taken: .*; what it holds is computed again" err >/dev/null || fail "$folder: $(cat err)" ;;
        esac
    done

    # damaged: what can be told is computed again
    cp -r kept damaged
    for f in damaged/*.h5; do
        size=$(wc -c <"$f")
        printf 'XXXX' | dd of="$f" bs=1 seek=$((size * 3 / 4)) conv=notrunc 2>/dev/null
    done
    resumed damaged "the checkpoint 'damaged/l[a-z]*-[0-9a-f]*.h5' is not taken: .*; what it holds is computed again"
    cp -r kept empty
    for f in empty/*.h5; do : >"$f"; done
    resumed empty "the checkpoint 'empty/l[a-z]*-[0-9a-f]*.h5' is not taken: "

    # a file under the name of another
    cp -r kept swapped
    for f in swapped/layout-*.h5; do cp swapped/graph-*.h5 "$f"; done
    resumed swapped "it carries another key than its name"

    # other settings, and other rows: nothing is taken, and nothing removed
    "$ZSC" simulate -q --rows 800 --seed 5 --image-encoders 0 --dna-dim 32 -o other.h5 || fail "simulate"
    for other in "-e s.h5:sim_dna --dim 4 --epochs 40 --neighbors 9 --seed 7" "-e other.h5:sim_dna --dim 4 --epochs 40"; do
        run "$ZSC" run -q $other
        cp out before
        run "$ZSC" run $other --checkpoint kept
        [ $status -eq 0 ] && cmp -s out before || fail "$other: $(cat err)"
        grep "the checkpoints in 'kept' are of other rows, settings or seeds" err >/dev/null || fail "$other: $(cat err)"
        ! grep resumed err >/dev/null || fail "$other: resumed: $(cat err)"
        [ "$(files kept)" = "1 graph, 2 layout, 1 linkage" ] || fail "$other: $(files kept)"
    done

    # a full disk, as far as a limit on files is one: said once, and the results are there
    (
        trap '' XFSZ
        ulimit -f 16
        exec "$ZSC" run $E --checkpoint full
    ) >out 2>err
    [ $? -eq 0 ] && cmp -s out calm.out || fail "full: $(cat err)"
    [ "$(grep -c "no checkpoint is kept: .*File too large; the run goes on" err)" -eq 1 ] || fail "full: $(cat err)"
    [ -z "$(ls full)" ] || fail "full: left: $(ls full)"

    # a folder that cannot be made stops it before the work
    : >file
    run "$ZSC" run $E --checkpoint file/kept
    [ $status -ne 0 ] && [ ! -s out ] || fail "a folder in a file: status $status"
}
finish
