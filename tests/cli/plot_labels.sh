#!/bin/sh
# Labels that gnuplot's data files know by another meaning: comments, missing values, quotes, numbers. Every label is data:
# figures and the report are made, with the label in them, whatever ranks the run has.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v gnuplot >/dev/null || skip "gnuplot is not installed (Debian package gnuplot-nox)"
{ echo processid,f,g,h; awk 'BEGIN { for (i = 0; i < 24; i++) printf "s%d,%.3f,%.3f,%.3f\n", i, 9 * (i % 3) + i % 5 / 10, 9 * (i % 3 == 1) + i % 7 / 10, i % 4 / 10 }'; } >e.csv
figures() { # SHOWN LABEL: in the table of labels; LABEL is quoted for CSV
    shown=$1
    { echo processid,kind; awk -v label="$2" 'BEGIN { for (i = 0; i < 24; i++) printf "s%d,%s\n", i, i % 3 == 0 ? label : i % 3 == 1 ? "Apis" : "Bombus" }'; } >labels.csv
    rm -rf res
    "$ZSC" run -q -e e.csv -m labels.csv --column kind=kind --ranks kind --clusters 3 --neighbors 5 --dim 2 --epochs 20 --keep-reduced --curve -o res >/dev/null 2>err || { fail "run: $shown: $(cat err)"; return; }
    for kind in scatter dendrogram clusters ranks heatmap; do
        run "$ZSC" plot $kind res -o figure.svg --force
        [ "$status" -eq 0 ] || [ $kind = heatmap ] || fail "$kind: $shown: $(cat err)"
        case $kind in scatter) sed -e 's/<[^>]*>//g' -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&amp;/\&/g' figure.svg | grep -F -e "$shown" >/dev/null || fail "$kind lacks $shown" ;; esac
    done
    run "$ZSC" report res -o report.html --force
    [ "$status" -eq 0 ] || fail "report: $shown: $(cat err)"
}
figures '#hash' '#hash'
figures '?' '?'
figures '# ? #' '# ? #'
figures 'A"q' '"A""q"'
figures 'B\n' 'B\\n'
figures '5' 5
figures '1e5' 1e5
figures '&#35;' '&#35;'
figures "it's" "it's"
figures '!x' '!x'
figures '%d %s' '%d %s'
finish
