#!/bin/sh
# zsc check, rule by rule: each fault is found by its rule alone, and what comes close to it without being one is not. --fix: the rule of
# 90 %, and labels cut off at the rank above. The AMI of equal barcodes is that of zsc score.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

barcode() { awk -v n="$1" -v head="${2-}" 'BEGIN { s = head; while (length(s) < n) s = s "GCC"; print substr(s, 1, n) }'; }
# a barcode per number, without T, hence without stop codons
code() { barcode 600 "$(awk -v n="$1" 'BEGIN { for (i = 0; i < 9; i++) { printf "%s", substr("ACG", n % 3 + 1, 1); n = int(n / 3) } }')"; }
# Twenty faultless rows, of two species in each of two genera in each of two families; then the row of the case.
awk 'BEGIN { print "processid,order,family,subfamily,genus,species,dna_bin,dna_barcode,coord-lat,coord-lon,split" }' >base.csv
row=1000
while [ $row -lt 1020 ]; do
    case $((row % 4)) in
    0) taxa="Diptera,Muscidae,,Musca,Musca domestica,BOLD:AAA1001" ;;
    1) taxa="Diptera,Muscidae,,Fannia,Fannia scalaris,BOLD:AAA1002" ;;
    2) taxa="Diptera,Culicidae,Culicinae,Culex,Culex pipiens,BOLD:AAA1003" ;;
    3) taxa="Diptera,Culicidae,Culicinae,Aedes,Aedes vexans,BOLD:AAA1004" ;;
    esac
    echo "p$row,$taxa,$(code $row),1$((row % 10)).5,2$((row % 10)),train" >>base.csv
    row=$((row + 1))
done
run "$ZSC" check base.csv --format csv
[ "$(cat out)" = rule,row,rows,finding ] || fail "the base has findings: $(cat out)"
tried=" "
rules() { { cat base.csv; for line in "$@"; do echo "$line"; done; } >case.csv; "$ZSC" check case.csv --format csv 2>err | sed 1d | cut -d, -f1 | sort -u | tr '\n' ' ' | sed 's/ $//'; }
# finds RULES ROW...: these rules, separated by blanks, and no other. clean ROW...: none.
finds() {
    wanted=$1
    shift
    got=$(rules "$@")
    tried="$tried$got "
    [ "$got" = "$wanted" ] || fail "$(echo "$*" | sed 's/\([A-Z-]\{8\}\)[A-Z]\{100,\}/\1.../g'): found '$got', not '$wanted' $(cat err)"
}
clean() { finds "" "$@"; }
M="Diptera,Muscidae,,Musca,Musca domestica,BOLD:AAA1001"
n=$(code 2000)

clean "x,$M,$n,1,1,train"
finds repeated-id "p1003,$M,$n,1,1,train"
clean "P1003,$M,$n,1,1,train" "p10030,$M,$(code 2001),1,1,train"
finds empty-id ",$M,$n,1,1,train"
# one barcode, several names, or another depth; N at the end and small letters do not make another
finds "barcode-conflict barcode-repeated" "x,Diptera,Muscidae,,Fannia,Fannia scalaris,BOLD:AAA1001,$(code 1000),1,1,train"
finds "barcode-conflict barcode-repeated" "x,Diptera,Muscidae,,Fannia,Fannia scalaris,BOLD:AAA1001,$(code 1000)NNN,1,1,train"
finds "barcode-conflict barcode-repeated" "x,Diptera,Muscidae,,Fannia,Fannia scalaris,BOLD:AAA1001,$(code 1000 | tr A-Z a-z),1,1,train"
finds "barcode-depth barcode-repeated" "x,Diptera,Muscidae,,Musca,,BOLD:AAA1001,$(code 1000),1,1,train"
finds barcode-repeated "x,$M,$(code 1000),1,1,train"
clean "x,Diptera,Muscidae,,Fannia,Fannia scalaris,BOLD:AAA1001,$(code 1000 | sed 's/G$/C/; s/C$/G/'),1,1,train"
clean "x,Diptera,Muscidae,,Fannia,Fannia scalaris,BOLD:AAA1002,,1,1,train" "y,$M,,1,1,train"
# taxa in taxa
finds two-parents "x,Diptera,Culicidae,Culicinae,Musca,Musca domestica,BOLD:AAA1001,$n,1,1,train"
clean "x,Diptera,Muscidae,Muscinae,Musca,Musca domestica,BOLD:AAA1001,$n,1,1,train"
finds genus-of-species "x,Diptera,Muscidae,,Musca,Fannia canicularis,BOLD:AAA1005,$n,1,1,train"
finds genus-of-species "x,Diptera,Muscidae,,Musca,Muscax autumnalis,BOLD:AAA1005,$n,1,1,train"
finds placeholder "x,Diptera,Muscidae,,Musca,malaiseM autumnalis,BOLD:AAA1005,$n,1,1,train"
finds hole "x,Diptera,,,Musca,Musca domestica,BOLD:AAA1001,$n,1,1,train"
finds hole "x,Diptera,Muscidae,,,Musca domestica,BOLD:AAA1001,$n,1,1,train"
clean "x,Diptera,Culicidae,,Aedes,Aedes vexans,BOLD:AAA1004,$n,1,1,train" "y,Diptera,Culicidae,,Aedes,,,$(code 2001),1,1,train" "z,Diptera,,,,,,$(code 2002),1,1,train"
# names that identify nothing; with a code they are placeholders
for word in sp. sp cf. nr. aff. indet. spp. Sp.; do finds not-identified "x,Diptera,Muscidae,,Musca,Musca $word,,$n,1,1,train"; done
finds not-identified "x,Diptera,Muscidae,,Musca,Musca cf. domestica,,$n,1,1,train"
finds placeholder "x,Diptera,Muscidae,,Musca,Musca sp. 1ABC,,$n,1,1,train"
finds placeholder "x,Diptera,Muscidae,,Musca,Musca nr. alba2,,$n,1,1,train"
clean "x,Diptera,Muscidae,,Musca,Musca spinosa,,$n,1,1,train" "y,Diptera,Muscidae,,Musca,Musca affinis,,$(code 2001),1,1,train" "z,Diptera,Muscidae,,Musca,Musca cfera,,$(code 2002),1,1,train"
for species in "Musca alba." "Musca BOLD12" "musca alba" "Musca malaisei"; do
    case $species in musca*) finds placeholder "x,Diptera,Muscidae,,Musca,$species,,$n,1,1,train" ;; *) finds placeholder "x,Diptera,Muscidae,,Musca,$species,,$n,1,1,train" ;; esac
done
clean "x,Diptera,Muscidae,,Musca,Musca alba-longa,,$n,1,1,train"
# spellings: case, blanks, hyphens, zeros; one letter where one name is rare, in one parent
for species in "Musca Domestica" "Musca  domestica" "Musca-domestica" "Musca domestica "; do
    got=$(rules "x,Diptera,Muscidae,,Musca,$species,,$n,1,1,train")
    case " $got " in *" similar-names "*) ;; *) fail "'$species': found '$got'" ;; esac
done
finds similar-names "x,Diptera,Muscidae,,Musca,Musca domesticus,,$n,1,1,train" "y,Diptera,Muscidae,,Musca,Musca domestcus,,$(code 2001),1,1,train" "z,Diptera,Muscidae,,Musca,Musca domesticus,,$(code 2002),1,1,train"
for species in "Musca domestika" "Musca domestia" "Musca domesticca"; do finds similar-names "x,Diptera,Muscidae,,Musca,$species,,$n,1,1,train"; done
clean "x,Diptera,Muscidae,,Musca,Musca domestikka,,$n,1,1,train"
clean "x,Diptera,Muscidae,,Fannia,Fannia domestica,,$n,1,1,train" "y,Diptera,Culicidae,Culicinae,Culex,Culex domestika,,$(code 2001),1,1,train"
finds similar-names "x,$(echo "$M" | sed 's/AAA1001/AAA01001/'),$n,1,1,train"
clean "x,$(echo "$M" | sed 's/AAA1001/AAA10010/'),$n,1,1,train"
# barcodes: 500 bases, 1 % of N within, stop codons in all three frames
finds barcode-length "x,$M,$(barcode 499 GGC),1,1,train"
clean "x,$M,$(barcode 500 GGC),1,1,train" "y,$M,$(barcode 500 GCG)NNNNNNNNNNNNNNNNNNNN,1,1,train"
finds barcode-length "x,$M,$(barcode 499 GGC)NNNNN,1,1,train"
finds barcode-n "x,$M,NNNNNN$(barcode 594 GGC),1,1,train"
clean "x,$M,NNNNN$(barcode 595 GGC),1,1,train"
finds barcode-ambiguous "x,$M,R$(barcode 599 GGC),1,1,train"
finds barcode-letters "x,$M,E$(barcode 599 GGC),1,1,train"
clean "x,$M,-$(barcode 599 GGC),1,1,train"
finds barcode-stop "x,$M,$(barcode 600 GGCTAACTAGCTAA),1,1,train"
finds barcode-stop "x,$M,$(barcode 600 ggctaactagctaa),1,1,train"
clean "x,$M,$(barcode 600 GGCTAACTAG),1,1,train" "y,$M,$(barcode 600 TGATGATGATGA),1,1,train" "z,$M,$(barcode 600 TAACCTAACC),1,1,train"
# splits, places
finds "barcode-repeated split-leak" "x,$M,$(code 1000),1,1,test"
clean "x,$M,$n,1,1,test"
for at in 90.001,0 1,-180.5 ,5 5, 0,0 1E,2 NaNs,2; do finds coordinates "x,$M,$n,$at,train"; done
for at in 90,180 -90,-180 0,0.001 , 1e1,2; do clean "x,$M,$n,$at,train"; done
for rule in $("$ZSC" check base.csv --format json | sed -n 's/.*"rule": "\(.*\)",/\1/p'); do
    case $tried in *" $rule "*) ;; *) fail "no case of $rule" ;; esac
done

# 90 %: nine of ten rows of a barcode decide, eight of nine do not; then the rank above stays.
many() { # COUNT-OF-THE-MAJORITY
    echo processid,family,genus,species,dna_barcode
    for i in $(seq "$1"); do echo "a$i,Muscidae,Musca,Musca domestica,$n"; done
    echo "b,Muscidae,Musca,Musca vicina,$n"
}
many 9 >nine.csv
"$ZSC" check -q nine.csv --fix o.csv >/dev/null && [ "$(cut -d, -f4 o.csv | sed 1d | sort | uniq -c | awk '{ print $1, $3 }')" = "10 domestica" ] || fail "nine of ten: $(cat o.csv)"
many 8 >eight.csv
"$ZSC" check -q eight.csv --fix o8.csv >/dev/null && [ "$(cut -d, -f2-4 o8.csv | sed 1d | sort | uniq -c | awk '{ print $1, $2 }')" = "9 Muscidae,Musca," ] || fail "eight of nine: $(cat o8.csv)"
{ many 9; echo "c,Culicidae,Culex,Culex pipiens,$n"; echo "d,Culicidae,Culex,Culex pipiens,$n"; } >above.csv
"$ZSC" check -q above.csv --fix oa.csv >/dev/null && [ "$(cut -d, -f2-4 oa.csv | sed 1d | sort -u)" = ",," ] || fail "a family without a majority takes what is finer along: $(cat oa.csv)"
[ "$(sed 1d oa.changes.csv | wc -l)" -eq 36 ] || fail "every change is logged: $(wc -l <oa.changes.csv)"
"$ZSC" check nine.csv --fix o9.csv -q >/dev/null && "$ZSC" check o9.csv --strict >/dev/null || fail "what was fixed is not found again"

# The AMI of equal barcodes.
"$ZSC" simulate -q --rows 2000 --seed 7 --image-encoders 0 --dna-encoders 0 -o s.h5 --metadata-output m.csv || fail simulate
awk -F, -v OFS=, '{ sub(/N+$/, "", $12) } 1' m.csv >trimmed.csv
ami=$("$ZSC" check m.csv --format csv | sed -n 's/.*have AMI \(.*\) at species.*/\1/p')
scored=$("$ZSC" score trimmed.csv:species trimmed.csv:dna_barcode --format json | sed -n 's/^ *"ami": \([0-9.]*\).*/\1/p' | head -n 1)
awk -v a="$ami" -v b="$scored" 'BEGIN { exit !(b > 0 && (a - b) ^ 2 < 0.0006 ^ 2) }' || fail "AMI of equal barcodes: $ami, zsc score: $scored"
finish
