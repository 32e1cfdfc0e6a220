#!/bin/sh
# zsc plot ranks: every form, sizes, hostile names, and gnuplot missing, old, failing.
set -u
. "$ZSC_SRCDIR/tests/cli/pictures.sh"
needs_gnuplot
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT

awk 'BEGIN {
    print "key,encoders,modalities,per_barcode,seed,rank,ami,simulated"
    n = split("vitb-dino image resnet50-clip image hyenadna dna barcodebert dna", e, " ")
    ranks = split("class order family genus species dna_bin", r, " ")
    for (i = 1; i < n; i += 2) for (b = 0; b < 2; b++) for (s = 0; s < 3; s++) for (k = 1; k <= ranks; k++)
        printf "k%d-%d-%d,%s,%s,%s,%d,%s,%.4f,true\n", i, b, s, e[i], e[i+1], b ? "random" : "all", s, r[k], (e[i+1] == "dna" ? k / 7 : (4 - (k - 3)^2 / 3) / 10) + s / 50 - b / 20
}' > tidy.csv

for form in pdf svg png eps tex; do
    $ZSC plot ranks tidy.csv -o "two.$form" --columns 2 --height 3 --dpi 100 > said || fail "two.$form: status $?"
    test "$(cat said)" = "two.$form" || fail "two.$form: the path is not what stdout says"
    picture "two.$form" 7 3
    $ZSC plot ranks tidy.csv -o "own.$form" --width 4.25 --height 3.5 --dpi 100 >/dev/null || fail "own.$form: status $?"
    picture "own.$form" 4.25 3.5
done
nothing_left .
grep -q 'ViT-B DINO' two.svg || fail "the built-in label is not in the legend"
grep -q 'simulated data' two.svg || fail "simulated data is not labelled"
grep -q 'one per barcode' two.svg || fail "no legend for dashed curves"
grep -q 'stroke-dasharray' two.svg || fail "no dashed curves"
grep -q '>Image<' two.svg && grep -q '>DNA<' two.svg || fail "no titles of panels"
# means over seeds: 1/7, 1/7 + .02, 1/7 + .04 have mean 16.29 % and sd 2 %
awk -F '\t' '$1 == 1 && $4 == 3 && ($2 - 16.29)^2 < 1e-10 && ($3 - 2)^2 < 1e-10 { n++ } END { exit n < 2 }' two.dat || fail "mean and sd over seeds"

# the data file alone is enough
mkdir by-hand && cp two.dat by-hand/fig.dat
(cd by-hand && gnuplot -e "data='fig.dat'" "$ZSC_SRCDIR/plots/ranks.gp" && gnuplot -e "data='fig.dat'; format='svg'; output='x.svg'" "$ZSC_SRCDIR/plots/ranks.gp") || fail "by hand"
picture by-hand/fig.pdf 7 3
picture by-hand/x.svg 7 3

$ZSC plot ranks tidy.csv --dumb --text-columns 90 --text-rows 30 > dumb || fail "dumb: status $?"
test "$(wc -l < dumb)" -ge 29 && grep -q 'Species' dumb || fail "dumb drew nothing"
test ! -e figure.dat || fail "dumb left a file"
$ZSC plot ranks tidy.csv -o all.svg --rows all --ranks order,species --encoders hyenadna >/dev/null || fail "choices"
grep -q 'Genus' all.svg && fail "--ranks was ignored"
grep -q 'BarcodeBERT' all.svg && fail "--encoders was ignored"
grep -q 'stroke-dasharray' all.svg && fail "--rows was ignored"
$ZSC plot ranks tidy.csv -o big.svg --font-size 12 --font 'DejaVu Serif' >/dev/null && grep -q 'font-family="DejaVu Serif"  *font-size="12' big.svg || fail "font"
$ZSC plot ranks tidy.csv -o titled.svg --title 'A & "B"' >/dev/null && grep -q 'A &amp; "B"' titled.svg || fail "title"
printf 'encoder,label,colour,marker\nhyenadna,My Hyena,#123456,star\n' > style.csv
$ZSC plot ranks tidy.csv -o styled.svg --style style.csv >/dev/null && grep -q 'My Hyena' styled.svg && grep -qi "#123456\|rgb( *18, *52, *86)" styled.svg || fail "style file"
printf 'encoder,colour\nhyenadna,blue\n' > style.csv
$ZSC plot ranks tidy.csv -o styled.svg --style style.csv 2> err; test $? -eq 3 && grep -q "expected a colour" err || fail "bad colour"

# names that would be commands or markup
cat > hostile.csv <<'EOF'
encoders,modalities,rank,ami
"a""b' {x}^2_i&@~y",dna,species,0.5
"`touch pwned`$(touch pwned) %s%d \n\\x",dna,species,0.6
"; system('touch pwned') # | < > \input{/etc/passwd}",dna,species,0.4
Ñandú-漢字,dna,species,0.3
"a""b' {x}^2_i&@~y",dna,"r_`touch pwned`""' %d",0.5
EOF
for form in pdf svg png eps tex; do
    $ZSC plot ranks hostile.csv -o "h.$form" --width 6 --height 3 --dpi 100 --title "'; system('touch pwned') \`touch pwned\` \"" --font "Sans'; system('touch pwned');'" >/dev/null || fail "h.$form: status $?"
    picture "h.$form" 6 3
done
$ZSC plot ranks hostile.csv --dumb > /dev/null || fail "hostile dumb"
sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' h.svg > h.txt
for name in "a\"b' {x}^2_i&@~y" '`touch pwned`$(touch pwned) %s%d \n\\x' "; system('touch pwned') # | < > \\input{/etc/passwd}" 'Ñandú-漢字'; do
    grep -qF ">$name<" h.txt || fail "in SVG, not as itself: $name"
done
grep -qF 'a\symbol{34}b\textquotesingle{} \{x\}\textasciicircum{}2\_i\&@\textasciitilde{}y' h.tex || fail "in LaTeX, not as itself"
mkdir "o'; system('touch pwned'); '" && $ZSC plot ranks tidy.csv -o "o'; system('touch pwned'); '/|touch pwned.svg" >/dev/null && test -s "o'; system('touch pwned'); '/|touch pwned.svg" || fail "hostile path"
$ZSC plot ranks tidy.csv -o '|touch pwned.png' >/dev/null && test -s '|touch pwned.png' || fail "a name that starts with |"
test -z "$(find . -name pwned)" || fail "a name was run as a command"

# gnuplot missing, old, failing: status 3, one sentence, data and script kept
mkdir bin out
ZSC_GNUPLOT=/nowhere/gnuplot $ZSC plot ranks tidy.csv -o out/f.pdf 2> err; test $? -eq 3 || fail "missing gnuplot: status"
grep -q 'gnuplot-nox' err && grep -q 'out/f.dat' err && test -s out/f.dat && test ! -e out/f.pdf || fail "missing gnuplot: $(cat err)"
test "$(wc -l < err)" -eq 1 || fail "more than one line"
printf '#!/bin/sh\necho gnuplot 4.6 patchlevel 6\n' > bin/gnuplot && chmod +x bin/gnuplot
PATH=$PWD/bin:$PATH $ZSC plot ranks tidy.csv -o out/g.pdf 2> err; test $? -eq 3 && grep -q 'found 4.6' err && grep -q 'gnuplot-nox' err && test -s out/g.dat || fail "old gnuplot: $(cat err)"
printf '#!/bin/sh\ncase $1 in --version) echo gnuplot 5.4 patchlevel 4;; *) echo "boom on line 3" >&2; exit 1;; esac\n' > bin/gnuplot
PATH=$PWD/bin:$PATH $ZSC plot ranks tidy.csv -o out/h.pdf 2> err; test $? -eq 3 && grep -q 'boom on line 3' err && test -s out/h.dat && test ! -e out/h.pdf || fail "failing gnuplot: $(cat err)"
printf '#!/bin/sh\ncase $1 in --version) echo gnuplot 5.4 patchlevel 4;; esac\n' > bin/gnuplot
PATH=$PWD/bin:$PATH $ZSC plot ranks tidy.csv -o out/i.pdf 2> err; test $? -eq 3 && grep -q 'drew nothing' err && test ! -e out/i.pdf || fail "idle gnuplot: $(cat err)"
nothing_left out

# usage and input
$ZSC plot rank tidy.csv -o x.pdf 2> err; test $? -eq 2 && grep -q "did you mean 'ranks'" err || fail "kind"
$ZSC plot ranks tidy.csv -o x.jpg 2> err; test $? -eq 2 && grep -q '\.pdf' err || fail "ending"
# of one rank alone, curves stand side by side; of several, at their ranks
places() { awk -F'\t' '/^# one curve/ { k = 1; next } k && NF == 4 { print $1 }' "$1" | sort -u | wc -l; }
$ZSC plot ranks tidy.csv -o alone.svg --ranks species --rows all > said && test "$(places alone.dat)" -eq 2 || fail "one rank: $(places alone.dat) places"
$ZSC plot ranks tidy.csv -o six.svg --rows all > said && test "$(places six.dat)" -eq 6 || fail "six ranks: $(places six.dat) places"
$ZSC plot ranks tidy.csv 2> err; test $? -eq 2 || fail "no output"
$ZSC plot ranks nowhere.csv -o x.pdf 2> err; test $? -eq 3 && grep -q 'nowhere.csv' err || fail "no such results"
$ZSC plot ranks tidy.csv -o x.pdf --ranks tribe 2> err; test $? -eq 3 && grep -q 'tribe' err || fail "no such rank"
$ZSC plot ranks tidy.csv -o x.pdf --encoders nobody 2> err; test $? -eq 3 || fail "no such encoder"
$ZSC plot ranks tidy.csv -o nowhere/x.pdf 2> err; test $? -eq 3 && grep -q 'nowhere/x' err || fail "no such folder"
$ZSC plot ranks tidy.csv -o 'a b.tex' 2> err; test $? -eq 2 || fail "a name that LaTeX cannot include"
mkdir empty; $ZSC plot ranks empty -o x.pdf 2> err; test $? -eq 3 && grep -q 'no results' err || fail "empty folder"
finish
