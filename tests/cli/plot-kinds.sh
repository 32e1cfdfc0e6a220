#!/bin/sh
# Every kind of figure from real runs on simulated data, in every form, by zsc and by hand; and zsc report.
set -u
. "$ZSC_SRCDIR/tests/cli/pictures.sh"
needs_gnuplot
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT

$ZSC simulate -q -o sim.h5 --rows 260 --seed 3 || fail "simulate"
for encoder in sim_dna sim_image_1; do
    $ZSC run -q -e sim.h5:$encoder --seed 0,1 --epochs 20 --neighbors 10 --dim 3 --curve --keep-reduced -o runs >/dev/null || fail "run $encoder"
done
$ZSC run -q -e sim.h5:sim_image_1 -e sim.h5:sim_dna --scale zscore --epochs 20 --neighbors 10 --dim 3 -o runs >/dev/null || fail "run of a pair"
$ZSC simulate -q -o small.h5 --rows 130 --seed 3 && $ZSC run -q -e small.h5:sim_dna --epochs 20 --neighbors 10 --dim 3 -o growth >/dev/null || fail "small run"
$ZSC run -q -e sim.h5:sim_dna --epochs 20 --neighbors 10 --dim 2 --keep-reduced -o plane >/dev/null || fail "run in the plane"

# kind, its results and options
draw() { # draw FORM KIND ARGUMENTS...
    form=$1 kind=$2
    shift 2
    $ZSC plot "$kind" "$@" -o "$kind.$form" --width 5 --height 3.25 --dpi 100 >/dev/null || fail "$kind.$form: status $?"
    picture "$kind.$form" 5 3.25
}
one="--encoders sim_dna --where seed=0"
for form in svg pdf png eps tex; do
    draw $form ranks runs --encoders sim_dna,sim_image_1
    draw $form clusters runs --where seed=0 --encoders sim_dna,sim_image_1
    draw $form heatmap runs
    draw $form scatter runs $one --rank order --taxa 9
    draw $form dendrogram runs $one --leaves 12
    draw $form compare runs --encoders sim_dna,sim_image_1 --resamples 20
    draw $form stages runs
    draw $form growth runs growth --encoders sim_dna
done
nothing_left .
for kind in ranks clusters heatmap scatter dendrogram compare stages growth; do
    grep -q 'simulated data' $kind.svg || fail "$kind does not say that the data is simulated"
    mkdir -p by-hand && cp $kind.dat by-hand/fig.dat
    (cd by-hand && gnuplot -e "data='fig.dat'; format='pdf'" "$ZSC_SRCDIR/plots/$kind.gp" 2> err) || fail "$kind by hand: $(cat by-hand/err)"
    picture by-hand/fig.pdf 5 3.25
done
for kind in clusters scatter dendrogram compare stages growth; do
    case $kind in scatter | dendrogram) choice=$one ;; compare | clusters) choice="--encoders sim_dna,sim_image_1 --where seed=0" ;; *) choice= ;; esac
    test $kind = compare && choice="$choice --resamples 5"
    $ZSC plot $kind runs $choice --dumb > dumb 2> err && test "$(wc -l < dumb)" -gt 30 || fail "$kind --dumb: $(cat err)"
    $ZSC plot $kind runs $choice -o narrow.svg > /dev/null && picture narrow.svg 3.4 "$(awk '$1 == "height" { print $2; exit }' narrow.dat)" || fail "$kind in one column"
done

# what they say
grep -q '>clusters K<' clusters.svg && grep -q '>best K<' clusters.svg || fail "clusters: axis and marks"
# the curve at K = true classes is the score when cut there: the last point is at K = rows with AMI 0
awk -F '\t' '$1 == 260 && NF == 2 && $2 > -0.01 && $2 < 0.01 { n++ } END { exit n < 14 }' clusters.dat || fail "clusters: every curve ends at K = rows with AMI 0"
grep -q 'principal axis 1 of 3-d UMAP' scatter.svg || fail "scatter: axes"
$ZSC plot scatter plane -o plane.svg >/dev/null && grep -q '>UMAP 1<' plane.svg || fail "scatter in the plane"
# rows of the legend of scatter add up to all rows
awk -F '\t' '/^# taxa/ { on = 1; next } /^#/ { on = 0 } on && NF == 4 { n += $2 } END { exit n != 260 }' scatter.dat || fail "scatter: legend counts"
awk -F '\t' '/^# leaves/ { on = 1; next } /^#/ { on = 0 } on && NF == 4 { n += $2; k++ } END { exit n != 260 || k != 12 }' dendrogram.dat || fail "dendrogram: rows of the leaves"
awk -F '\t' '/^# lines/ { on = 1; next } /^#/ { on = 0 } on && NF == 4 { n++ } END { exit n != 33 }' dendrogram.dat || fail "dendrogram: three lines a merge"
awk -F '\t' '/^# one rank/ { on = 1; next } /^#/ { on = 0 } on && NF == 5 && $3 != "NaN" { n++; if (!($3 <= $4)) bad++ } END { exit n < 4 || bad }' compare.dat || fail "compare: intervals"
$ZSC plot compare runs --encoders sim_dna,sim_image_1 --resamples 20 -t 1 -o again.svg >/dev/null && cmp -s again.dat compare.dat || \
    { diff again.dat compare.dat | grep -v 'width\|height\|dpi' | grep -q '^[<>] [0-9]' && fail "compare depends on threads"; }
$ZSC plot compare runs --encoders sim_dna,sim_image_1 --resamples 10 --unit specimens --baseline sim_dna -o species.svg >/dev/null && grep -q 'AMI minus that of Simulated DNA' species.svg || fail "compare: baseline"
grep -q 'time n^' growth.svg || fail "growth: exponents"
# encoders of one name in two files: bars of each are of its own runs
for i in 1 2; do
    $ZSC simulate -q -o "same-$i.h5" --metadata-output "same-$i.csv" --rows $((80 * i)) --dna-dim 6 --image-dim 0 --seed $i || fail "simulate"
    $ZSC run -q -e "same-$i.h5:sim_dna" -m "same-$i.csv" --reduce none -o same > /dev/null || fail "run"
done
$ZSC plot stages same -o same.svg > /dev/null && $ZSC collect same -o same-name.csv || fail "stages of one name"
awk '/^# bars/ { bars = 1; next } NF == 0 { bars = 0 } bars { end[$1] = $3 } END { for (k in end) printf "%.9f\n", end[k] }' same.dat | sort > bars
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "seconds") c = i; next } { printf "%.9f\n", $c }' same-name.csv | sort -u > sums
# pairs of the two, to four digits: both are rounded, so that no digit need be the same
test "$(wc -l < sums)" -eq 2 && test "$(wc -l < bars)" -eq 2 &&
    paste sums bars | awk '{ d = $1 - $2; if ((d < 0 ? -d : d) > 1e-4 * $1) bad++ } END { exit bad > 0 }' || fail "stages mix runs of two files: $(cat sums bars)"
grep -q '>layout<' stages.svg && grep -q '>peak MB<' stages.svg || fail "stages: legend"

# what cannot be drawn says why
$ZSC plot scatter runs -o x.svg 2> err; test $? -eq 3 && grep -q 'shows 1 result' err || fail "several results for one: $(cat err)"
$ZSC plot clusters plane -o x.svg 2> err; test $? -eq 3 && grep -q -e '--curve' err || fail "no curve: $(cat err)"
$ZSC plot scatter growth -o x.svg 2> err; test $? -eq 3 && grep -q -e '--keep-reduced' err || fail "no reduction: $(cat err)"
$ZSC plot dendrogram plane --rank tribe -o x.svg 2> err; test $? -eq 3 && grep -q 'tribe' err || fail "no such rank"
$ZSC plot compare plane -o x.svg 2> err; test $? -eq 3 && grep -q 'two encoders' err || fail "one result to compare"
$ZSC plot compare runs --baseline nobody -o x.svg 2> err; test $? -eq 3 && grep -q 'nobody' err || fail "no such baseline"
$ZSC collect runs -o tidy.csv && sed 's/,[^,]*runs[^,]*\.h5,/,,/' tidy.csv > pathless.csv
$ZSC plot dendrogram pathless.csv $one -o x.svg 2> err; test $? -eq 3 && grep -q 'result files' err || fail "rows without files: $(cat err)"
$ZSC plot dendrogram tidy.csv $one -o x.svg >/dev/null || fail "tidy rows lead to their files"

# the report
$ZSC report runs -o report.html --confusions confused.csv > said && test "$(cat said)" = report.html || fail "report: status"
for word in '</html>' 'Simulated DNA' 'Simulated data' '<svg' 'Content-Security-Policy' 'How well each taxon' 'Which taxa are confused' 'Comparison of encoders' 'UMAP: neighbours per row' 'Provenance' 'one-per-barcode' 'Pairs of encoders'; do
    grep -q "$word" report.html || fail "the report lacks $word"
done
grep -Eo '(src|href)="[^"#][^"]*"' report.html && fail "the report points elsewhere"
# tooltips say what a figure is; settings are words, not JSON; runs are those of seed 0; intervals of the comparison are there
grep -q '<title>AMI of clusters and taxa against rank' report.html && grep -q 'Gnuplot\|gnuplot_plot_[0-9]*</title>' report.html && fail "tooltips"
grep '<dd>' report.html | grep -e '[{}]' -e '\[\]' -e '<dd>true' -e '<dd>null' && fail "JSON in the report"
grep -q ' clusters, seed 0, key' report.html && grep -q ' clusters, seed 1, key' report.html && fail "a run of another seed than 0 is shown"
grep -q '<td class="n">.*[0-9] <span class="soft">\[[-0-9.]*, [-0-9.]*\]</span>' report.html || fail "no intervals"
# confused specimens, counted anew from the clusters and labels that a run exports: at the run's own cut, at every rank
key=$(awk -F, '$1 == "sim_dna" { print $3; exit }' confused.csv)
$ZSC export -q runs/$key.h5 -o clusters.csv >/dev/null 2>err || fail "export: $(cat err)"
for rank in family genus species dna_bin; do
    awk -F, -v rank=$rank 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at[rank] != "" { n[$at["cluster"], $at[rank]]++; id[NR] = $1; k[NR] = $at["cluster"]; t[NR] = $at[rank]; taxa[$at[rank]] }
        END { for (r in id) { own = n[k[r], t[r]]; best = t[r]; for (u in taxa) { m = n[k[r], u]; if (m > own || (m == own && m && u < best)) { own = m; best = u } }
              if (best != t[r]) print id[r] "," t[r] "," k[r] "," best } }' clusters.csv | sort >anew
    awk -F, -v key=$key -v rank=$rank '$3 == key && $4 == rank { print $5 "," $6 "," $7 "," $8 }' confused.csv | sort >told
    cmp -s anew told || fail "confused at $rank: $(diff anew told | head -n 4)"
done
test -s told || fail "nobody is confused at the finest rank"
grep -o ' id="[^"]*"' report.html | sort | uniq -d | grep . && fail "ids that repeat"
test "$(find . -name '*.tmp-*' | wc -l)" -eq 0 || fail "temporary files"
$ZSC report runs --no-figures --taxa none --confusions c.csv -o x.html 2> err; test $? -eq 2 && grep -q 'no taxa are listed' err || fail "--confusions without taxa"
$ZSC report runs --no-figures --taxa none --resamples 0 -o x.html >/dev/null && ! grep -q 'Which taxa are confused\|id="comparison"' x.html || fail "--taxa none, --resamples 0"
$ZSC report tidy.csv --no-figures --title '<script>alert("x")</script> & co' --most-taxa 3 -o plain.html >/dev/null || fail "report without figures"
grep -q '<svg' plain.html && fail "--no-figures"
grep -q '<h1>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; co</h1>' plain.html || fail "hostile title"
ZSC_GNUPLOT=/nowhere $ZSC report runs -o none.html 2> err; test $? -eq 3 && grep -q 'gnuplot-nox' err && test ! -e none.html || fail "report without gnuplot"
if command -v xmllint >/dev/null 2>&1; then
    xmllint --html --noout --nowarning report.html 2>&1 | grep -v 'Tag \|\^\|<' | grep -i 'error' && fail "HTML"
fi

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if test -z "$browser"; then
    echo "note: the page is not opened: no Chromium (Debian package chromium)"
    finish
fi
# In a browser: no complaint on the console; a click sorts numbers down, then up.
open_page() {
    timeout 100 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$dir/profile" --enable-logging=stderr --v=0 "$@" 2> console
}
sed 's|</body>|<script>(function(){const t=document.querySelector("#overview table");const i=[...t.tHead.rows[0].cells].findIndex(c=>c.textContent==="Species");const read=()=>[...t.tBodies[0].rows].map(r=>parseFloat(r.cells[i].textContent)).join(" ");const b=t.tHead.rows[0].cells[i].querySelector("button");b.click();const down=read();b.click();document.body.setAttribute("data-sorted",down+";"+read());})()</script></body>|' report.html > click.html
open_page --dump-dom "file://$dir/click.html" > dom.html || { echo "note: Chromium does not run here: $(tail -n 1 console)"; finish; }
grep -q 'CONSOLE' console && fail "console: $(grep CONSOLE console)"
sed -n 's/.*data-sorted="\([^"]*\)".*/\1/p' dom.html > sorted
awk -F ';' 'NR == 1 { n = split($1, d, " "); m = split($2, u, " "); ok = n == m && n >= 3; for (i = 2; i <= n; i++) if (d[i] > d[i-1] || u[i] < u[i-1]) ok = 0; exit !ok } END { if (NR == 0) exit 1 }' sorted || fail "sorting: $(cat sorted)"
# at 400 pixels, all tables are as wide as the page at most, with every list open
cat > narrow.html <<'END'
<body><iframe id="f" src="report.html" style="width:400px;height:4000px;border:0"></iframe><script>
document.getElementById('f').onload=e=>{const d=e.target.contentDocument;d.querySelectorAll('details').forEach(x=>x.open=true);
const wide=[...d.querySelectorAll('td,th,figure,dl,summary')].filter(x=>x.getBoundingClientRect().right>d.documentElement.clientWidth+.5).length;
const bare=[...d.querySelectorAll('tbody td')].filter(x=>!x.dataset.label).length;
document.body.setAttribute('data-narrow',d.documentElement.scrollWidth+';'+(wide+bare));};</script></body>
END
open_page --allow-file-access-from-files --virtual-time-budget=20000 --dump-dom "file://$dir/narrow.html" > dom.html
grep -q 'data-narrow="\(3[0-9][0-9]\|400\);0"' dom.html || fail "at 400 pixels: $(grep -o 'data-narrow="[^"]*"' dom.html)"
open_page --no-pdf-header-footer --print-to-pdf="$dir/print.pdf" "file://$dir/report.html" >/dev/null && head -c 5 print.pdf | grep -q '%PDF-' || fail "printing"
finish
