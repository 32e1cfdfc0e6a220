#!/bin/sh
# Names of taxa with quotes, underscores, per cent signs, markup, UTF-8 and commands: they come out of scatter, dendrogram
# and report as themselves, and run nothing.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v gnuplot >/dev/null || skip "gnuplot is not installed (Debian package gnuplot-nox)"

"$ZSC" simulate -q -o sim.h5 --metadata-output sim.csv --rows 300 --seed 6 || exit 99
"$ZSC" embed kmer -q -m sim.csv -k 3 -o k.h5 || exit 99
# the five most frequent families get new names
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "family") f = i; next } $f != "" { print $f }' sim.csv | sort | uniq -c | sort -rn | awk 'NR <= 5 { print $2 }' >top
[ "$(wc -l <top)" -eq 5 ] || { fail "not five families"; finish; }
cat >names <<'EOF'
$(touch pwned)_{x}^2
`touch pwned` 50% &amp; <b>
'; system('touch pwned'); '
\input{pwned} #1 ~@ \n
Ähre–蟲 "quoted"
EOF
paste -d '\t' top names >map
awk -F, -v OFS=, '
    BEGIN { while ((getline line < "map") > 0) { tab = index(line, "\t"); new = substr(line, tab + 1); gsub(/"/, "\"\"", new); to[substr(line, 1, tab - 1)] = "\"" new "\"" } }
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "family") f = i }
    NR > 1 && ($f in to) { $f = to[$f] }
    { print }' sim.csv >hostile.csv
"$ZSC" run -q -e k.h5 -m hostile.csv --epochs 30 --dim 2 --neighbors 10 --keep-reduced --curve -o res >/dev/null || fail "run: $?"

# text of an SVG or page: tags away, entities back
plain() { sed -e 's/<[^>]*>/ /g' -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&#34;/"/g; s/&apos;/'"'"'/g; s/&amp;/\&/g' "$1" | tr -s ' \n' '  '; }
for kind in scatter dendrogram; do
    for form in svg pdf png tex; do
        run "$ZSC" plot $kind res -o $kind.$form --rank family
        [ "$status" -eq 0 ] && [ -s $kind.$form ] || fail "$kind.$form: $(cat err)"
    done
done
plain scatter.svg >scatter.txt
"$ZSC" report res -o report.html -q >/dev/null || fail "report"
plain report.html >report.txt
while read -r name; do
    grep -F -e "$(printf '%s' "$name" | tr -s ' ')" scatter.txt >/dev/null || fail "scatter lacks $name"
    grep -F -e "$(printf '%s' "$name" | tr -s ' ')" report.txt >/dev/null || fail "report lacks $name"
done <names
find . -name pwned | grep . >/dev/null && fail "a name ran a command"
finish
