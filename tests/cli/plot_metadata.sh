#!/bin/sh
# zsc plot prevalence, composition and map: their numbers are pandas' counts; every form and size; text fits; what cannot be drawn
# says why.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
. "$ZSC_SRCDIR/tests/cli/pictures.sh"
needs_gnuplot
python=${PYTHON3-/usr/bin/python3}

"$ZSC" simulate -q --rows 3000 --seed 4 --splits all --missing-species 0.3 --image-encoders 0 -o s.h5 --metadata-output m.csv || fail simulate
"$ZSC" simulate -q --rows 5000 --species 5000 --seed 2 --image-encoders 0 --dna-encoders 0 -o l.h5 --metadata-output many.csv || fail simulate
{ sed -n 1p m.csv; sed -n 2,40p m.csv | awk -F, -v OFS=, '{ $10 = NR % 3 ? "Musca a" : "Fannia b"; print }'; } >two.csv
for kind in prevalence composition map; do
    for form in svg pdf png eps tex; do
        "$ZSC" plot $kind m.csv -o $kind.$form --width 5 --height 3.25 --dpi 100 >/dev/null 2>err || fail "$kind.$form: $(cat err)"
        picture $kind.$form 5 3.25
    done
    grep -q 'simulated data' $kind.svg || fail "$kind does not say that the data is simulated"
    mkdir -p by-hand && cp $kind.dat by-hand/fig.dat
    (cd by-hand && gnuplot -e "data='fig.dat'; format='pdf'" "$ZSC_SRCDIR/plots/$kind.gp" 2>err) || fail "$kind by hand: $(cat by-hand/err)"
    picture by-hand/fig.pdf 5 3.25
    "$ZSC" plot $kind m.csv --dumb >dumb 2>err && [ "$(wc -l <dumb)" -gt 30 ] || fail "$kind --dumb: $(cat err)"
    for file in two many m; do
        for use in '--columns 1' '--columns 2' '--size talk --dark' '--size poster --columns 2'; do
            # shellcheck disable=SC2086
            "$ZSC" plot $kind $file.csv $use -o one.svg >/dev/null 2>err || fail "$kind of $file $use: $(cat err)"
            if "$python" -c 'import xml' 2>/dev/null; then
                "$python" "$ZSC_SRCDIR/tests/cli/figure_text.py" one.svg >faults
                [ ! -s faults ] || fail "$kind of $file $use: $(head -n 3 faults)"
            fi
        done
    done
    [ "$("$ZSC" plot $kind m.csv -t 1 -o a.svg; cat a.dat)" = "$("$ZSC" plot $kind m.csv -t 3 -o a.svg; cat a.dat)" ] || fail "$kind depends on threads"
    cat m.csv | "$ZSC" plot $kind /dev/stdin -o p.svg >/dev/null 2>err && cmp -s p.svg a.svg || fail "$kind of a pipe: $(cat err)"
done
nothing_left .
"$ZSC" plot composition two.csv --ranks genus,species -o two.svg >/dev/null && grep -q '>Fannia b<' two.svg && grep -q '>Musca a<' two.svg ||
    fail "two species are named"
"$ZSC" plot composition many.csv --ranks species -o one.svg >/dev/null && grep -q '>4[0-9][0-9][0-9] others<' one.svg && grep -q '>0 shown<' one.svg || fail "thousands of species are merged, and the figure says how many"

# Places: the date line is inside, poles are, cells are few whatever the number of rows; a coastline is thinned and broken.
{ echo id,coord-lat,coord-lon; for i in 1 2 3; do echo "$i,-1$i.5,179.$i"; echo "b$i,-1$i,-178.$i"; done; } >fiji.csv
"$ZSC" plot map fiji.csv -o fiji.svg >/dev/null && awk -F '\t' '$1 == "x_low" { w = $2 } $1 == "x_high" { e = $2 } END { exit !(w > 170 && w < 179.2 && e > 181 && e < 192) }' fiji.dat ||
    fail "across the date line: $(grep x_ fiji.dat)"
grep -q '>180<' fiji.svg && grep -q '>-17[68]<' fiji.svg || fail "longitudes beyond the date line"
{ echo id,coord-lat,coord-lon; echo a,90,0; echo b,-90,180; echo c,0,-180; echo d,-90,180; echo e,,; echo f,91,0; echo g,x,0; echo h,5,; } >poles.csv
"$ZSC" plot map poles.csv -o poles.svg >/dev/null && grep -q '>4 rows at 3 sites; 2 without coordinates<' poles.svg && grep -q '; 2 rows out of range<' poles.svg || fail "poles: $(grep rows poles.svg)"
awk 'BEGIN { srand(1); print "id,coord-lat,coord-lon"; for (i = 0; i < 200000; i++) printf "%d,%.4f,%.4f\n", i, 180 * rand() - 90, 360 * rand() - 180 }' >full.csv
"$ZSC" plot map full.csv --columns 2 -o full.svg >/dev/null && [ "$(wc -c <full.svg)" -lt 3000000 ] || fail "a large SVG: $(wc -c <full.svg)"
"$ZSC" plot map full.csv --columns 2 -o full.pdf >/dev/null && [ "$(wc -c <full.pdf)" -lt 1500000 ] || fail "a large PDF: $(wc -c <full.pdf)"
awk 'BEGIN { print "# coast"; for (i = 0; i < 20000; i++) printf "%.5f %.5f\n", 170 + i / 1000, -20 + 5 * sin(i / 100); print "> two"; print "-10,50"; print "10\t60"; print ""; print "359 1" }' >coast.txt
"$ZSC" plot map fiji.csv --coastline coast.txt -o coast.svg >/dev/null || fail "coastline"
[ "$(awk '/^# coastline/ { on = 1; next } NF == 0 { on = 0 } on' coast.dat | wc -l)" -lt 2000 ] || fail "a coastline is thinned to what can be seen"
awk -F '\t' '/^# coastline/ { on = 1; next } NF == 0 { on = 0 } on && $1 != "NaN" && prev != "" && $1 - prev > 180 { bad = 1 } on { prev = $1 == "NaN" ? "" : $1 } END { exit bad }' coast.dat || fail "a coastline runs across the map"
"$ZSC" plot map full.csv --coastline coast.txt -o coast.svg >/dev/null && awk -F '\t' '/^# coastline/ { on = 1; next } NF == 0 { on = 0 } on && $1 != "NaN" { n++ } END { exit n < 20 }' coast.dat || fail "a coastline on the world"
printf 'id;coord-lat;coord-lon\na;52,5;5,25\nb;52,75;5,5\n' >comma.csv
"$ZSC" plot map comma.csv -o comma.svg >/dev/null && grep -q '^5.5	52.75	1$' comma.dat || fail "decimal comma"
"$ZSC" check comma.csv --format csv | grep -q coordinates && fail "check: decimal comma"

# What cannot be drawn.
expect 3 "no row has coordinates in range in the columns coord-lat and coord-lon" sh -c 'printf "id,coord-lat,coord-lon\na,,\nb,95,1\n" >e.csv; "$ZSC" plot map e.csv -o x.svg'
expect 3 "has no column coord-lat" "$ZSC" plot map coast.txt -o x.svg
expect 3 "has no column tribe" "$ZSC" plot prevalence m.csv --rank tribe -o x.svg
expect 3 "no row has a label in column species" sh -c 'printf "id,species\na,\nb,NA\n" >e.csv; "$ZSC" plot prevalence e.csv -o x.svg'
expect 3 "has none of the columns phylum" "$ZSC" plot composition fiji.csv -o x.svg
expect 3 "have no space in a figure of 1 inches: choose some with --ranks" "$ZSC" plot composition m.csv --width 1 --ranks order,family,genus,species -o x.svg
expect 3 "set --width" "$ZSC" plot map m.csv --width 1 -o x.svg
expect 3 "line 2: expected longitude and latitude, not 'here'" sh -c 'printf "1 2\nhere\n" >c.txt; "$ZSC" plot map m.csv --coastline c.txt -o x.svg'
expect 3 "line 1: expected a longitude from -180 to 360 and a latitude from -90 to 90, not 50 and 100" sh -c 'printf "50 100\n" >c.txt; "$ZSC" plot map m.csv --coastline c.txt -o x.svg'
expect 3 "holds no points" sh -c 'echo "# nothing" >c.txt; "$ZSC" plot map m.csv --coastline c.txt -o x.svg'
expect 3 "no such file: 'none.txt'" "$ZSC" plot map m.csv --coastline none.txt -o x.svg
expect 2 "draws one file of metadata, not 2" "$ZSC" plot map m.csv two.csv -o x.svg
expect 3 "set --height" "$ZSC" plot composition m.csv --height 1 -o x.svg
[ ! -e x.svg ] || fail "a figure that cannot be drawn"

"$python" -c 'import pandas, numpy' 2>/dev/null ||
    { [ $failures -eq 0 ] && skip "$python has no pandas (Debian package python3-pandas)"; finish; }
"$python" "$ZSC_SRCDIR/tests/cli/plot_metadata.py" "$ZSC" m.csv || fail "numbers differ from pandas'"
if [ -n "${ZSC_REAL_DATA:-}" ]; then
    "$python" "$ZSC_SRCDIR/tests/cli/plot_metadata.py" "$ZSC" "$ZSC_REAL_DATA/coi-example.csv" || fail "numbers of real barcodes differ from pandas'"
else
    echo "ZSC_REAL_DATA is not set: not drawn for real barcodes" >&2
fi
finish
