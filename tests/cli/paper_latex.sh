#!/bin/sh
# zsc paper's document, paper.tex: every item in the order of the page with the paper's number, what is missing in words, headings
# that columns share, labels that LaTeX would take for commands; with pdflatex it compiles, and nothing stands beyond the margins.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v gnuplot >/dev/null || skip "gnuplot is not installed"

"$ZSC" simulate -q --release r --scale 0.003 || fail "simulate --release"
# fewer encoders, one of odd signs, one whose files are not there
{
    awk '/^  - label/ || /^[a-z#]/ || /^$/ { drop = /VICReg|MoCo|CLIP|MAE|DNABERT/ } !drop' r/paper.yaml |
        sed 's/label: ResNet-50 DINO/label: "50% R\&D_#1 {x} ~^\\\\"/; s/random_resnet50/gone/'
    echo 'linear: {solver: lbfgs, weight-decay: 1e-4, epochs: 20}'
    echo 'seeds: 0-1'
} >r/odd.yaml
run "$ZSC" paper r/odd.yaml -o all --sound
[ "$status" = 5 ] || fail "zsc paper: status $status $(cat err)"

items='Table 2|Table 3|Figure 3|Table 4|Figure 6|Table 5|Figure A1|Figure A3|Table A4|Table A5|Table A6|Figure A7|Figure A8|Figure A9|Figure A10|Table A9|Table A10|Table A11|Table A12|Table A13|Table A14|Table A15|Figure A11|Table A16|Table A17|Figure A12'
echo "$items" | tr '|' '\n' >wanted
grep -A 1 '^% [TF]' all/paper.tex | sed -n 's/^\\paperitem{\([A0-9]*\)}{.*/\1/p' >numbers
sed -n 's/^% \([TF].*\)/\1/p' all/paper.tex >names
sed 's/.* //' names | cmp -s - numbers || fail "numbers: $(tr '\n' ' ' <numbers)"
uniq names >got
cmp -s wanted got || fail "items: $(tr '\n' ' ' <got)"
[ "$(grep -c 'As it is sound' all/paper.tex)" -eq 7 ] || fail "$(grep -c 'As it is sound' all/paper.tex) items have a second column"
sed -n 's/.*\\input{\([^}]*\)}.*/\1/p; s/.*\\paperfigure{\([^}#]*\)}.*/\1/p' all/paper.tex | sort -u >named
(cd all && ls tables/*.tex figures/*.tex figures/*.pdf) | sort -u >there
cmp -s named there || fail "files that the document takes in: $(diff named there)"
grep -q 'Without ResNet-50 random: ' all/paper.tex || fail "the document does not say what is left out"
[ "$(grep -c 'includegraphics.*pictures/SIM' all/paper.tex)" -gt 50 ] || fail "Figure A12 has no pictures"

# columns that share a heading
grep -qF ' &  & \multicolumn{3}{c}{DNA to DNA} & \multicolumn{3}{c}{Image to Image} & \multicolumn{3}{c}{Image to DNA} \\' all/tables/table-5.tex || fail "headings of Table 5: $(sed 9q all/tables/table-5.tex)"
grep -qF '\cmidrule(lr){3-5}\cmidrule(lr){6-8}\cmidrule(lr){9-11}' all/tables/table-5.tex || fail "rules of Table 5"
grep -qF 'Taxon & Embeddings & seen & unseen & H.M. & seen' all/tables/table-5.tex || fail "second row of Table 5"
grep -qF 'column & categories & n & \% & n & \% & imbalance' all/tables/table-2.tex || fail "headings of Table 2: $(sed 10q all/tables/table-2.tex)"
grep -qF 'Modality & Encoder & 1-NN, Genus, test\_unseen & Linear, Species, test' all/tables/table-4.tex || fail "Table 4 needs no second row: $(sed 10q all/tables/table-4.tex)"

# without inputs
printf 'metadata: bioscan5m/metadata/csv/BIOSCAN_5M_Insect_Dataset_metadata.csv\n' >r/bare.yaml
run "$ZSC" paper r/bare.yaml -o bare --only 2,5,figure-A12
[ "$status" = 0 ] && [ "$(grep -c 'Not made: the configuration names no model under retrieval\.' bare/paper.tex)" = 2 ] || fail "missing items: $(cat err)"

command -v pdflatex >/dev/null && kpsewhich booktabs.sty >/dev/null || {
    [ "$failures" -gt 0 ] || skip "the document is not compiled: no pdflatex with booktabs (texlive-latex-recommended)"
    finish
}
for folder in all bare; do
    (cd $folder && pdflatex -interaction=nonstopmode -halt-on-error paper.tex >log 2>&1) || fail "$folder/paper.tex does not compile: $(grep -A 3 '^!' $folder/paper.log | head -5)"
    # a caption's line may be a little too long, a table or figure not
    awk '/^Overfull .hbox/ { gsub(/[(]|pt/, " "); if ($3 > 5) print }' $folder/paper.log >wide
    [ ! -s wide ] || fail "$folder: $(cat wide)"
    ! grep -q 'Overfull .vbox' $folder/paper.log || fail "$folder: higher than a page: $(grep 'Overfull .vbox' $folder/paper.log)"
    ! grep -q 'undefined\|Missing character' $folder/paper.log || fail "$folder: $(grep 'undefined\|Missing character' $folder/paper.log)"
done
if command -v pdftotext >/dev/null; then
    pdftotext -layout all/paper.pdf text
    tr -s ' \f' '  ' <text >words
    echo "$items" | tr '|' '\n' | while read -r item; do grep -q "^ *$item[:.]" words || echo "$item"; done >lost
    [ ! -s lost ] || fail "the PDF lacks $(tr '\n' ' ' <lost)"
    grep -q '50% R&D_#1 {x}' words || fail "the label of odd signs: $(grep '50%' words | head -3)"
fi
finish
