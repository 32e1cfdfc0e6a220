#!/bin/sh
# Text of figures with 2, 17 and 55 encoders, in one and two columns: nothing leaves the figure, nothing touches, every
# encoder is named; no two encoders look the same, and an encoder looks the same in every figure.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v gnuplot >/dev/null || skip "gnuplot is not installed (Debian package gnuplot-nox)"
python=/usr/bin/python3
[ -x $python ] || python=python3
"$python" -c 'import h5py, numpy' 2>/dev/null || skip "needs Python with h5py and numpy"
check() { "$python" "$ZSC_SRCDIR/tests/cli/figure_text.py" "$@" >faults; [ ! -s faults ] || fail "$(head -n 5 faults)"; }

# rows of `zsc collect` and pairs of encoders, for figures that need no result files
tidy() { # N
    awk -v n="$1" 'BEGIN {
        print "key,encoders,modalities,per_barcode,seed,rank,ami,rows,seconds,peak_rss,stages,simulated"
        ranks = split("class order family subfamily genus species dna_bin", r, " ")
        for (i = 1; i <= n; i++) for (b = 0; b < 2; b++) for (s = 1; s < 4; s++) for (k = 1; k <= ranks; k++)
            printf "k%d-%d-%d,encoder_number_%d,%s,%s,%d,%s,%.4f,%d,%.3f,%d,load=0.1;knn=%.2f;layout=0.5;ward=0.01,true\n", i, b, s, i, i % 2 ? "image" : "dna", b ? "random" : "all", s, r[k], (i * 7919 % 97) / 97 * k / 8 + s / 50, 1000 * s * s, s ^ 1.3 + i / 50, 5e7 * s + i * 1e5, i / 9
    }' >"t$1.csv"
}
pairs() { # N
    awk -v n="$1" 'BEGIN {
        print "key,encoders,modalities,architectures,rank,ami"
        for (i = 1; i <= n; i++) {
            printf "i%d,image_encoder_%d,image,%s,species,%.3f\nd%d,dna_encoder_%d,dna,Transformer,species,%.3f\n", i, i, i <= n / 2 ? "ViT-B" : "ResNet-50", i / 60, i, i, i / 70
            for (j = 1; j <= n; j++) printf "p%d-%d,image_encoder_%d+dna_encoder_%d,image+dna,x+y,species,%.3f\n", i, j, i, j, (i * j) % 97 / 97
        }
    }' >"h$1.csv"
}
names() { awk -v n="$1" -v name="${2:-encoder_number_}" 'BEGIN { for (i = 1; i <= n; i++) print name i }'; }
draw() { # FILE ARGUMENTS...
    file=$1
    shift
    run "$ZSC" plot "$@" -o "$file" --force
    [ "$status" -eq 0 ] || fail "zsc plot $*: $(tail -n 1 err)"
}
# looks FILE.dat: label, colour, marker of its curves
looks() { awk -F '\t' '/^# (curves|series): / { on = 1; next } NF == 0 || /^#/ { on = 0 } on { print $1 "\t" $2 "\t" $3 }' "$1"; }

"$python" "$ZSC_SRCDIR/tests/cli/figure_text.py" --data many.h5 55 || exit 99
{ echo 'output: r55'; echo 'reduce: none'; echo 'curve: true'; echo 'embeddings:'; names 55 '  - many.h5:encoder_number_'; } >many.yaml
run "$ZSC" sweep -q many.yaml
[ "$status" -eq 0 ] || fail "sweep: $(tail -n 1 err)"
for n in 2 17 55; do
    tidy $n
    pairs $n
    only=$(names $n | paste -s -d, -)
    for columns in 1 2; do
        draw ranks.svg ranks t$n.csv --columns $columns
        check ranks.svg $(names $n)
        looks ranks.dat | cut -f 2,3 | sort | uniq -c | awk '$1 != 2' | grep . && fail "ranks of $n: two encoders share colour and marker"
        draw stages.svg stages t$n.csv --rows all --columns $columns
        check stages.svg $(names $n)
        draw growth.svg growth t$n.csv --rows all --columns $columns
        check growth.svg $(names $n)
        looks growth.dat | cut -f 2,3 | sort | uniq -d | grep . && fail "growth of $n: two encoders share colour and marker"
        looks growth.dat | sort >one
        looks ranks.dat | sort -u >two
        cmp -s one two || fail "colours of $n encoders differ between ranks and growth"
        draw heatmap.svg heatmap h$n.csv --columns $columns
        check heatmap.svg $(names $n image_encoder_) $(names $n dna_encoder_)
        draw compare.svg compare r55 --encoders "$only" --resamples 40 --columns $columns
        check compare.svg $(names $n)
        draw compare.svg compare r55 --encoders "$only" --resamples 2 --level 0.999 --columns $columns # axes of -100 to 100
        check compare.svg $(names $n)
    done
done
draw few.svg ranks t55.csv --encoders encoder_number_9,encoder_number_50
looks few.dat | sort -u >one
draw all.svg ranks t55.csv
looks all.dat | sort -u | grep -e '_9	' -e '_50	' >two
cmp -s one two || fail "colours depend on which encoders are shown"

# a curve at every cut, with the longest title that is shown whole
for columns in 1 2; do
    draw clusters.svg clusters r55 --encoders encoder_number_1,encoder_number_2,encoder_number_3,encoder_number_4 --columns $columns
    check clusters.svg $(names 4)
done

# for a talk and a poster, light and dark: the same figure in other sizes; every colour is that of the background or differs
# from it
run "$ZSC" run -q -e many.h5:encoder_number_1 --reduce pca --dim 2 --keep-reduced -o plane
for use in 'talk 15' 'poster 28'; do
    size=${use% *} points=${use#* }
    for kind in ranks stages growth heatmap compare clusters scatter dendrogram; do
        case $kind in
        ranks | stages | growth) from=t17.csv ;;
        heatmap) from=h17.csv ;;
        compare) from="r55 --encoders $(names 17 | paste -s -d, -) --resamples 40" ;;
        clusters) from="r55 --encoders encoder_number_1,encoder_number_2" ;;
        *) from=plane ;;
        esac
        # shellcheck disable=SC2086 # words of FROM are arguments
        draw $kind.svg $kind $from --size $size --dark
        check $kind.svg
        grep -q "font-size=\"$points" $kind.svg || fail "$kind --size $size: text is not of $points points"
        grep -q 'fill="#161616"' $kind.svg || fail "$kind --dark: no dark background"
        grep -iq '"#332288"\|rgb( *51, *34, *136)\|rgb( *34, *34, *34)' $kind.svg && [ $kind != heatmap ] && fail "$kind --dark: dark on dark"
    done
done
expect 2 '--dumb' "$ZSC" plot ranks t2.csv --dumb --dark
expect 2 '--dumb' "$ZSC" plot ranks t2.csv --dumb --size talk

# a height that leaves no space for the text is refused, and the message says which does
expect 3 'set --height' "$ZSC" plot ranks t55.csv -o low.svg --height 2
least=$(sed -n 's/.*set --height \([0-9.]*\).*/\1/p' err)
draw low.svg ranks t55.csv --height "$least"
check low.svg $(names 55)
finish
