#!/bin/sh
# zsc plot measures: its points and correlations are those of zsc compare --measures; every form and size; text fits, also of
# many encoders; what is left out or cannot be drawn says why.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
. "$ZSC_SRCDIR/tests/cli/pictures.sh"
needs_gnuplot
python=${PYTHON3-/usr/bin/python3}
fits() { ! "$python" -c 'import xml' 2>/dev/null || { "$python" "$ZSC_SRCDIR/tests/cli/figure_text.py" "$@" >faults; [ ! -s faults ] || fail "$1: $(head -n 3 faults)"; }; }

"$ZSC" simulate -q --rows 6000 --seed 2 --splits all --unseen-species 0.5 --image-encoders 3 --dna-encoders 1 --image-dim 16 --dna-dim 16 -o s.h5 || fail simulate
for e in sim_dna sim_image_1 sim_image_2 sim_image_3; do
    "$ZSC" run -q -e s.h5:$e --split test+test_unseen --reduce none --internal -o r >/dev/null || fail "run $e"
    k=1,5
    [ $e != sim_image_3 ] || k=5
    "$ZSC" retrieve -q -e s.h5:$e --key-split train+key_unseen --query-split test --k $k --store r >/dev/null || fail "retrieve $e"
done
for form in svg pdf png eps tex; do
    "$ZSC" plot measures r -o m.$form --width 5 --height 5.5 --dpi 100 >/dev/null 2>err || fail "m.$form: $(cat err)"
    picture m.$form 5 5.5
done
grep -q "warning: 1 of 4 encoders are left out of the panel of 1-NN accuracy: they have none (zsc retrieve --k 1" err || fail "no warning: $(cat err)"
grep -q 'simulated data' m.svg && grep -q '>Species AMI (%)<' m.svg && grep -q '>Species 1-NN accuracy (%)<' m.svg || fail "texts"
"$ZSC" plot measures r --dumb >dumb 2>err && [ "$(wc -l <dumb)" -gt 30 ] && grep -q 'Species AMI (%)' dumb || fail "--dumb: $(cat err)"
for use in '--columns 1' '--columns 2' '--size talk --dark' '--size poster --columns 2'; do
    # shellcheck disable=SC2086
    "$ZSC" plot measures r $use -o one.svg >/dev/null 2>err || fail "$use: $(cat err)"
    fits one.svg 'Simulated DNA' 'Simulated image 3'
done
mkdir -p by-hand && "$ZSC" plot measures r -o fig.svg >/dev/null 2>&1 && cp fig.dat by-hand
(cd by-hand && gnuplot -e "data='fig.dat'; format='pdf'" "$ZSC_SRCDIR/plots/measures.gp" 2>err && [ -s fig.pdf ]) || fail "by hand: $(cat by-hand/err)"
nothing_left .

# The numbers, as fractions with six decimals: encoder, what is on the x axis, AMI.
"$ZSC" plot measures r --rank genus -o g.svg >/dev/null 2>&1 || fail genus
"$ZSC" compare --measures r --ranks genus --format csv >c.csv || fail compare
awk -F, 'NR > 1 { if ($4 != "") printf "1 %s %.6f %.6f\n", $1, $4, $3; if ($5 != "") printf "2 %s %.6f %.6f\n", $1, $5, $3 }' c.csv | sort >wanted
awk -F '\t' '/^# one panel/ { p++; next } NF == 0 || /^#/ { next } p && NF == 5 { printf "%d %s %.6f %.6f\n", p, $1, $2 / (p == 1 ? 100 : 1), $3 / 100 }' g.dat | sort >got
[ "$(wc -l <got)" -eq 7 ] && cmp -s got wanted || fail "points: $(diff got wanted)"
"$ZSC" compare --measures r --ranks genus 2>/dev/null | sed -n 's/^Spearman of .*: \([-0-9.]*\) (\([0-9]*\) encoders)$/>Spearman'"'"'s rho \1, \2 encoders</p' >titles
[ "$(wc -l <titles)" -eq 2 ] || fail "titles: $(cat titles)"
while read -r line; do grep -qF -- "$line" g.svg || fail "the figure lacks $line"; done <titles
"$ZSC" plot measures r --encoders sim_dna,sim_image_1 -o two.svg >/dev/null 2>&1 && grep -q ">Spearman's rho undefined, 2 encoders<" two.svg || fail "two encoders"
fits two.svg 'Simulated DNA'

# Many encoders, of a table: silhouettes alone, one of them negative, one encoder without.
for n in 17 55; do
    awk -v n=$n 'BEGIN { print "key,encoders,modalities,per_barcode,seed,rank,ami,rows,silhouette"; for (i = 1; i <= n; i++) printf "k%d,encoder_number_%d,dna,all,0,species,%.4f,900,%s\n", i, i, i * 37 % n / n, i == 3 ? "" : i * 11 % n / n - 0.3 }' >t$n.csv
    for columns in 1 2; do
        "$ZSC" plot measures t$n.csv --columns $columns -o t.svg >/dev/null 2>err || fail "$n encoders: $(cat err)"
        grep -q "warning: $n of $n encoders are left out of the panel of 1-NN accuracy" err && grep -q "warning: 1 of $n encoders are left out of the panel of silhouettes" err || fail "warnings: $(cat err)"
        fits t.svg encoder_number_1 encoder_number_$n
        ! grep -q 'encoder_number_3<' t.svg || fail "an encoder without a point is in the legend"
        grep -q "$((n - 1)) encoders" t.svg && ! grep -q 'accuracy' t.svg || fail "panels of $n encoders"
    done
done

# What cannot be drawn.
expect 3 "no result of a run has the rank tribe" "$ZSC" plot measures r --rank tribe -o x.svg
cut -d, -f1-8 t17.csv >bare.csv
expect 3 "no encoder has a measure to draw AMI against" "$ZSC" plot measures bare.csv -o x.svg
expect 2 "--ranks has no effect here" "$ZSC" plot measures r --ranks genus -o x.svg
finish
