#!/bin/sh
# zsc plot retrieval and confusion: their numbers are those of the files; every form and size; text fits; what cannot be drawn
# says why. zsc report shows both.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
. "$ZSC_SRCDIR/tests/cli/pictures.sh"
needs_gnuplot
python=${PYTHON3-/usr/bin/python3}

"$ZSC" simulate -q --rows 30000 --seed 1 --splits all --unseen-species 0.4 --image-encoders 1 --dna-encoders 1 --image-dim 32 --dna-dim 32 -o s.h5 || fail simulate
for e in sim_dna sim_image_1; do
    "$ZSC" retrieve -q -e s.h5:$e --key-split train+key_unseen --query-split test,test_unseen --k 1,5 --store all -o $e.json --confusions $e.csv --per-class class-$e.csv || fail "retrieve $e"
done
"$ZSC" run -q -e s.h5:sim_dna --split test --reduce none -o all >/dev/null || fail run
for form in svg pdf png eps tex; do
    "$ZSC" plot retrieval all -o retrieval.$form --width 5 --height 3.25 --dpi 100 >/dev/null 2>err || fail "retrieval.$form: $(cat err)"
    "$ZSC" plot confusion sim_image_1.json -o confusion.$form --width 5 --height 4.5 --dpi 100 >/dev/null 2>err || fail "confusion.$form: $(cat err)"
    picture retrieval.$form 5 3.25
    picture confusion.$form 5 4.5
done
for kind in retrieval confusion; do
    grep -q 'simulated data' $kind.svg || fail "$kind does not say that the data is simulated"
    "$ZSC" plot $kind sim_image_1.json --dumb >dumb 2>err && [ "$(wc -l <dumb)" -gt 30 ] || fail "$kind --dumb: $(cat err)"
    for use in '--columns 1' '--columns 2' '--size talk --dark' '--size poster --columns 2'; do
        # shellcheck disable=SC2086
        "$ZSC" plot $kind sim_image_1.json $use -o one.svg >/dev/null 2>err || fail "$kind $use: $(cat err)"
        if "$python" -c 'import xml' 2>/dev/null; then
            "$python" "$ZSC_SRCDIR/tests/cli/figure_text.py" one.svg >faults
            [ ! -s faults ] || fail "$kind $use: $(head -n 3 faults)"
        fi
    done
done
mkdir -p by-hand && cp confusion.dat by-hand/fig.dat
(cd by-hand && gnuplot -e "data='fig.dat'; format='pdf'" "$ZSC_SRCDIR/plots/confusion.gp" 2>err) || fail "by hand: $(cat by-hand/err)"
nothing_left .

# The numbers: a curve per file and split; percentages of the rows' queries.
"$ZSC" plot retrieval sim_dna.json sim_image_1.json --ranks order,species --score micro --k 5 -o r.svg >/dev/null || fail retrieval
"$ZSC" collect --retrieval sim_dna.json sim_image_1.json | awk -F, '$5 == 5 && ($4 == "order" || $4 == "species") { printf "%s %s %.6f\n", $6, $4, 100 * $13 }' | sort >wanted
awk -F '\t' '/^# one curve/ { c++; n = 0; next } /^# legend/ || /^# end/ { c = 99 } c && c < 99 && NF == 4 { n++; printf "%s %s %.6f\n", (c > 2 ? "test_unseen" : "test"), (n == 1 ? "order" : "species"), $2 }' r.dat | sort >got
[ -s got ] && cmp -s got wanted || fail "retrieval: $(diff got wanted)"
grep -q '>seen<' r.svg && grep -q '>unseen<' r.svg && grep -q 'Micro accuracy, k 5 (%)' r.svg || fail "retrieval: panels and axis"
"$ZSC" plot confusion sim_image_1.json --rank genus --split test_unseen --k 5 --taxa 9 -o c.svg >/dev/null || fail confusion
awk -F, 'FILENAME ~ /class/ { if ($1 == "genus" && $2 == 5 && $3 == "test_unseen") n[$4] = $6; next } $1 == "genus" && $2 == 5 && $3 == "test_unseen" && $5 != "" { printf "%s %s %.4f\n", $4, $5, 100 * $6 / n[$4] }' class-sim_image_1.csv sim_image_1.csv >listed
awk -F '\t' '/^# taxa/ { on = 1; next } /^# cells/ { on = 2; next } /^# end/ { on = 0 } on == 1 && NF { name[++t] = $1 } on == 2 && NF == 6 && $6 == 0 { printf "%s %s %.4f\n", name[$2], name[$1], $3 }' c.dat >shown
[ -s shown ] || fail "confusion shows nothing"
while read -r line; do grep -qxF "$line" listed || fail "confusion: '$line' is not in the list"; done <shown

# What cannot be drawn.
expect 3 "draws one result of zsc retrieve or zsc probe, and there are 2" "$ZSC" plot confusion all -o x.svg
expect 3 "has no classes of rank tribe" "$ZSC" plot confusion sim_dna.json --rank tribe -o x.svg
expect 3 "has no classes of rank species and split val" "$ZSC" plot confusion sim_dna.json --split val -o x.svg
expect 3 "has no scores for k 3; choose another --k" "$ZSC" plot confusion sim_dna.json --k 3 -o x.svg
expect 3 "is taken for another class at k 1" "$ZSC" plot confusion sim_dna.json --rank class -o x.svg
expect 3 "no file has scores at rank tribe" "$ZSC" plot retrieval sim_dna.json --ranks tribe -o x.svg
expect 2 "--where has no effect here" "$ZSC" plot retrieval sim_dna.json --where k=1 -o x.svg

# The page.
"$ZSC" report -q all --resamples 0 -o page.html >/dev/null 2>err || fail "report: $(cat err)"
grep -q '<section id="retrieval">' page.html && grep -q 'Macro accuracy, k 1' page.html && grep -q 'DNA to DNA, H.M.' page.html && grep -q 'data-name="taken-' page.html || fail "the page lacks retrieval"
"$ZSC" report -q all --resamples 0 --no-figures -o page.html >/dev/null && grep -q 'DNA to DNA, H.M.' page.html || fail "the page without figures"
finish
