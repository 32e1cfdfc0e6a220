#!/bin/sh
# zsc table, zsc collect, zsc plot heatmap: the published table, marks, forms, hostile names.
set -u
. "$ZSC_SRCDIR/tests/cli/pictures.sh"
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
paper=$ZSC_SRCDIR/tests/fixtures/paper-table-a16.csv

# Table A16 as published: every number, and best and second of each column of image encoders and of the row of DNA alone
cat > expected.md <<'EOF'
| Architecture | Image encoder | Image-only | BarcodeBERT | DNABERT-2 | DNABERT-S | HyenaDNA | NT |
|:---|:---|---:|---:|---:|---:|---:|---:|
|  | DNA-only |  | 47 | 52 | <u>63</u> | **81** | 36 |
| ResNet-50 | X-Ent. | 5 | 30 | 26 | 32 | 9 | 12 |
|  | MoCo-v3 | 8 | 29 | 23 | 27 | 11 | 11 |
|  | DINO | 11 | 31 | 28 | 31 | 15 | 14 |
|  | VICReg | 10 | 30 | 26 | 30 | 13 | 13 |
|  | CLIP | 6 | 25 | 21 | 25 | 9 | 9 |
| ViT-B | X-Ent. | 7 | 33 | 35 | 42 | 13 | 14 |
|  | MoCo-v3 | <u>13</u> | **38** | <u>43</u> | <u>49</u> | <u>21</u> | <u>20</u> |
|  | DINO | **15** | **38** | **45** | **51** | **23** | **21** |
|  | MAE (CLS) | 5 | 33 | 33 | 40 | 10 | 13 |
|  | MAE (avg) | 3 | 29 | 26 | 32 | 7 | 9 |
|  | CLIP | 7 | <u>34</u> | 37 | 44 | 14 | 16 |
EOF
$ZSC table crossmodal "$paper" > a16.md || fail "crossmodal: status $?"
tail -n 14 a16.md | diff expected.md - || fail "the published table"
# collected and read again it is the same table
$ZSC collect "$paper" -o a16.csv && test "$(wc -l < a16.csv)" -eq 72 || fail "collect: 5 + 11 + 55 rows and a header"
$ZSC table crossmodal a16.csv | diff a16.md - || fail "the table of what was collected"
$ZSC table crossmodal "$paper" --format csv | tail -n +2 > plain.csv
grep -v '^#' "$paper" | tail -n +2 | diff - plain.csv || fail "the CSV form is the published file"
$ZSC table crossmodal "$paper" --format html -o a16.html && test "$(grep -c '<b>' a16.html)" -ge 1 && test "$(grep -o '<b>' a16.html | wc -l)" -eq 8 || fail "bold in HTML"
$ZSC table crossmodal "$paper" --format latex -o a16.tex && grep -qF ' & MoCo-v3 & \underline{13} & \textbf{38} & \underline{43}' a16.tex || fail "LaTeX"
for word in toprule midrule bottomrule 'AMI (\%)'; do grep -qF "$word" a16.tex || fail "LaTeX lacks $word"; done

# rounding half to even, ties, signs, missing scores, mean and sd, captions
cat > round.csv <<'EOF'
key,encoders,modalities,seed,rank,ami,rows,scored,classes,clusters
1,a,dna,0,order,0.125,100,90,7,12
2,b,dna,0,order,0.135,100,90,7,12
3,c,dna,0,order,-0.004,100,90,7,12
4,d,dna,0,order,,100,90,7,12
1,a,dna,0,species,0.5,100,90,33,12
5,a,dna,1,species,0.6,100,90,33,12
2,b,dna,0,species,0.5504,100,90,33,12
3,c,dna,0,species,0.1,100,90,33,12
EOF
cat > expected.md <<'EOF'
| Modality | Architecture | Encoder | Order | Species |
|:---|:---|:---|---:|---:|
| DNA |  | a | <u>12</u> | **55** ± 7 |
|  |  | b | **14** | **55** |
|  |  | c | 0 | <u>10</u> |
|  |  | d | - |  |
EOF
$ZSC table ranks round.csv --decimals 0 > round.md && tail -n 6 round.md | diff expected.md - || fail "rounding and ties"
grep -q '100 rows; 12 clusters (K); classes: order 7, species 33' round.md || fail "caption: $(head -n 1 round.md)"
$ZSC table ranks round.csv --decimals 0 --format csv | head -n 2 | tail -n 1 | grep -qx 'DNA,,a,12,55,7' || fail "sd in CSV"
$ZSC table ranks round.csv --caption 'Mine & yours' | head -n 1 | grep -qF 'Mine &amp; yours' || fail "own caption"

# hostile names come out as themselves and the LaTeX compiles
cat > hostile.csv <<'EOF'
encoders,modalities,rank,ami
"a|b*_`x` <i>&amp;""'",image,species,0.5
"50% #1 $x$ {y} ~^ \input{/etc/passwd} --,, [z]",image,species,0.6
EOF
$ZSC table ranks hostile.csv > h.md && grep -qF 'a\|b\*\_\`x\` &lt;i&gt;&amp;amp;"' h.md || fail "Markdown names"
$ZSC table ranks hostile.csv -f html > h.html && grep -qF 'a|b*_`x` &lt;i&gt;&amp;amp;&quot;&#39;' h.html || fail "HTML names"
$ZSC table ranks hostile.csv -f latex > h.tex && grep -qF '50\% \#1 \$x\$ \{y\} \textasciitilde{}\textasciicircum{} \textbackslash{}input\{/etc/passwd\} -{}-,{}, {[}z{]}' h.tex || fail "LaTeX names: $(cat h.tex)"
if command -v pdflatex >/dev/null 2>&1 && kpsewhich booktabs.sty >/dev/null; then
    printf '\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\begin{document}\\input{a16}\\input{h}\\end{document}\n' > all.tex
    pdflatex -interaction=nonstopmode -halt-on-error -no-shell-escape all.tex > latex.log 2>&1 || { tail -n 20 latex.log; fail "pdflatex"; }
    sed -i 's/\\usepackage\[T1\]{fontenc}//' all.tex
    pdflatex -interaction=nonstopmode -halt-on-error -no-shell-escape all.tex > latex.log 2>&1 || fail "pdflatex without T1"
    if command -v pdftotext >/dev/null 2>&1; then
        pdftotext -layout all.pdf - | grep -q 'MoCo-v3  *13  *38  *43  *49  *21  *20' || fail "the compiled table"
    fi
else
    echo "note: LaTeX is not compiled: no pdflatex with booktabs (Debian packages texlive-latex-base, texlive-latex-recommended)"
fi

# pairs in both orders, runs that differ, no pairs
printf 'key,encoders,modalities,scale,rank,ami\n1,d+i,dna+image,none,species,0.5\n2,i,image,none,species,0.4\n3,d,dna,none,species,0.9\n' > pairs.csv
$ZSC table crossmodal pairs.csv | grep -qF '|  | i | **40** | **50** |' || fail "a pair given as DNA + image"
printf '4,d+i,dna+image,zscore,species,0.6\n' >> pairs.csv
$ZSC table crossmodal pairs.csv 2> err; test $? -eq 3 && grep -q "differ in scale ('none' and 'zscore')" err || fail "two kinds of runs: $(cat err)"
$ZSC table crossmodal pairs.csv --where scale=zscore | grep -qF '**60**' || fail "--where"
# modalities and labels of styles, where results name none and the built-in styles have other labels
cat > named.csv <<'EOF'
key,encoders,modalities,rank,ami
1,net_a,,species,0.4
2,my_dna,,species,0.9
3,my_dna+net_a,+,species,0.5
EOF
printf 'encoder,label,modality\nnet_a,Net A,image\nmy_dna,My DNA,dna\n' > named.style.csv
$ZSC table crossmodal named.csv --style named.style.csv > named.md || fail "styles: status $?"
grep -q 'from image and DNA embeddings joined' named.md && grep -qxF '| Architecture | Image encoder | Image-only | My DNA |' named.md &&
    grep -qxF '|  | DNA-only |  | **90** |' named.md && grep -qxF '|  | Net A | **40** | **50** |' named.md || fail "modalities of styles: $(cat named.md)"
$ZSC table ranks named.csv --style named.style.csv | grep -qF '| DNA + Image |  | My DNA + Net A |' || fail "the modality of a pair in a table of ranks"
$ZSC table crossmodal named.csv > named.md
grep -q 'from first and second embeddings' named.md && grep -qF '| First encoder | First-only |' named.md && grep -qF 'Second-only' named.md || fail "modalities that nothing says: $(cat named.md)"
cat > alike.csv <<'EOF'
key,encoders,modalities,rank,ami
1,dino+barcodebert,image+dna,species,0.5
2,vitb16_dino+barcodebert,image+dna,species,0.6
3,vitb_clip+barcodebert,image+dna,species,0.7
EOF
names() { $ZSC table crossmodal alike.csv --format csv "$@" | tail -n +3 | cut -d, -f1,2 | sort | tr '\n' ';'; }
test "$(names)" = 'ViT-B,CLIP;ViT-B,dino;ViT-B,vitb16_dino;' || fail "rows that read alike: $(names)"
printf 'encoder,label\ndino,Mine\nvitb16_dino,\n' > alike.style.csv
test "$(names --style alike.style.csv)" = 'ViT-B,CLIP;ViT-B,DINO;ViT-B,Mine;' || fail "a label beside a built-in pretraining: $(names --style alike.style.csv)"
printf 'encoder,label,architecture,method\ndino,Mine,ViT-B,DINO\nvitb16_dino,Yours,ViT-B,DINO\nvitb_clip,Other,ViT-B,Clipped\n' > alike.style.csv
test "$(names --style alike.style.csv)" = 'ViT-B,Clipped;ViT-B,Mine;ViT-B,Yours;' || fail "labels of rows that read alike: $(names --style alike.style.csv)"
printf 'encoder,label\ndino,ViT-B DINO\nvitb16_dino,Yours\n' > alike.style.csv
test "$(names --style alike.style.csv)" = 'ViT-B,CLIP;ViT-B,DINO;ViT-B,Yours;' || fail "the built-in label given again: $(names --style alike.style.csv)"
$ZSC table crossmodal round.csv 2> err; test $? -eq 3 && grep -q 'no pairs' err || fail "no pairs"
$ZSC table rank round.csv 2> err; test $? -eq 2 && grep -q "did you mean 'ranks'" err || fail "kind"
$ZSC table ranks round.csv --where colour=red 2> err; test $? -eq 2 || fail "--where with a column that is not there"
printf 'encoders,rank,ami\na,species,high\n' > bad.csv
$ZSC table ranks bad.csv 2> err; test $? -eq 3 && grep -q 'bad.csv.*line 2.*ami.*high' err || fail "not a number: $(cat err)"
printf 'architecture,image_encoder,image_only,NT\nViT-B,DINO,15,x\n' > bad.csv
$ZSC table crossmodal bad.csv 2> err; test $? -eq 3 && grep -q "found 'x'" err || fail "not a number in a wide table"
$ZSC table ranks round.csv -o nowhere/t.md 2> err; test $? -eq 3 && test ! -e nowhere || fail "a folder that is not there"
$ZSC collect round.csv --format json > round.json || fail "JSON"
if command -v python3 >/dev/null 2>&1; then
    python3 -c 'import json; r = json.load(open("round.json")); assert len(r) == 8 and r[3]["ami"] is None and r[0]["ami"] == 0.125 and r[5]["seed"] == 1' || fail "JSON content"
fi

command -v gnuplot >/dev/null 2>&1 || { echo "note: no heatmap is drawn: gnuplot is not installed"; finish; }
for form in pdf svg png eps tex; do
    $ZSC plot heatmap "$paper" -o "heat.$form" --width 4 --height 4.5 --dpi 100 >/dev/null || fail "heat.$form: status $?"
    picture "heat.$form" 4 4.5
done
for word in MAE HyenaDNA 81 'DNA only' ResNet-50; do grep -q "$word" heat.svg || fail "the heatmap lacks $word"; done
mkdir by-hand && cp heat.dat by-hand/fig.dat && (cd by-hand && gnuplot -e "data='fig.dat'" "$ZSC_SRCDIR/plots/heatmap.gp") || fail "by hand"
$ZSC plot heatmap "$paper" --dumb | grep -q 'HyenaDNA' || fail "dumb heatmap"
printf 'key,encoders,modalities,rank,ami\n1,"`touch pwned`+a\\n"" %%s",image+dna,species,0.5\n' > pair.csv
$ZSC plot heatmap pair.csv -o pair.svg >/dev/null && grep -qF '>`touch pwned`<' pair.svg && grep -qF '>a\n" %s<' pair.svg && test ! -e pwned || fail "hostile names"
nothing_left .
# what differs in more than its seed is not averaged: sources, labels, contents; one seed counts once
$ZSC simulate -q -o one.h5 --metadata-output labels.csv --rows 200 --dna-dim 6 --image-dim 0 --seed 5 || fail "simulate"
mkdir -p elsewhere && $ZSC simulate -q -o elsewhere/one.h5 --rows 200 --dna-dim 6 --image-dim 0 --seed 6 || fail "simulate"
cluster() { $ZSC run -q --dim 2 --epochs 20 --neighbors 8 --clusters 9 "$@" > /dev/null || fail "run $*"; }
cluster -e one.h5:sim_dna -m labels.csv --seed 0 -o store
cluster -e one.h5:sim_dna -m labels.csv --seed 0 --curve --internal -o store
cluster -e one.h5:sim_dna -m labels.csv --seed 1 -o store
$ZSC table ranks store > once.md 2> once.err || fail "table of one seed twice"
grep -q 'over 2 seeds' once.md || fail "a seed with --curve counts twice: $(cat once.md)"
[ "$(grep -c 'seed 0: .* is there twice and counts once' once.err)" -eq 1 ] || fail "one seed twice is not said: $(cat once.err)"
$ZSC compare store --resamples 20 2> once.err | grep -q '^sim_dna  *2 ' || fail "compare: one encoder, two seeds"
grep -q 'is there twice' once.err || fail "compare says nothing of one seed twice"
$ZSC collect store -o store.csv && $ZSC table ranks store.csv 2> once.err | diff once.md - || fail "the same from tidy CSV"
cluster -e one.h5:sim_dna --seed 2 -o apart && cluster -e elsewhere/one.h5:sim_dna --seed 3 -o apart
$ZSC table ranks apart > apart.md || fail "two sources"
if grep -q 'over 2 seeds' apart.md; then fail "two sources are averaged"; fi
grep -q '(one.h5)\|(elsewhere)' apart.md && [ "$(grep -c 'simulated\|sim_dna\|DNA' apart.md)" -ge 2 ] || fail "names do not tell the sources apart: $(cat apart.md)"
grep -q 'elsewhere' apart.md || fail "names do not tell the sources apart: $(cat apart.md)"
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && NR < 60 { $(at["species"]) = "Corrected" } { print }' labels.csv > new.csv && if cmp -s labels.csv new.csv; then fail "no label was changed"; fi
cluster -e one.h5:sim_dna -m labels.csv --seed 4 -o corrected && mv new.csv labels.csv && sleep 1 && cluster -e one.h5:sim_dna -m labels.csv --seed 5 -o corrected
$ZSC table ranks corrected > corrected.md || fail "corrected labels"
if grep -q 'over 2 seeds' corrected.md; then fail "old labels are averaged with new ones"; fi
[ "$(grep -c 'labels of 20' corrected.md)" -ge 1 ] && grep -q superseded corrected.md || fail "old labels are not marked: $(cat corrected.md)"
[ "$($ZSC compare corrected --resamples 20 2> /dev/null | grep -c '^sim_dna (labels of 20[^)]*)  *1 ')" -eq 2 ] || fail "compare averages old labels with new ones"
# settings without effect tell no runs apart: the seed without UMAP, the scope of lengths, the seed of rows that are not drawn
cat > idle.yaml <<'EOF'
embeddings: one.h5:sim_dna
reduce: [none, pca]
dim: 2
scale: l2
scale-scope: [rows, split]
barcode-seed: [0, 5]
barcode-max-length: [500, 600]
seed: 0-2
ranks: species
clusters: 9
EOF
cat > resolved.yaml <<'EOF'
embeddings: one.h5:sim_dna
dim: 2
neighbors: 8
knn: [auto, exact]
barcode-seed: [0, 5]
epochs: [500]
seed: [0, 1]
ranks: species
clusters: 9
EOF
sed '/epochs/d' resolved.yaml > default.yaml
for plan in idle resolved default; do $ZSC sweep -q $plan.yaml -o $plan > /dev/null || fail "sweep $plan"; done
[ "$(ls idle/*.h5 | wc -l)" -eq 48 ] || fail "keys of runs have changed: $(ls idle/*.h5 | wc -l)"
$ZSC table ranks idle > idle.md 2> idle.err || fail "settings without effect"
[ "$(grep -c 'Simulated DNA' idle.md)" -eq 2 ] && ! grep -q 'over . seeds' idle.md || fail "settings without effect: $(cat idle.md)"
grep -q 'in which nothing is drawn at random, differ' idle.err || fail "other seeds without UMAP are not said: $(cat idle.err)"
$ZSC compare idle --resamples 20 2> /dev/null > idle.txt
[ "$(grep -c '^sim_dna.*)  *1  ' idle.txt)" -eq 2 ] || fail "compare: settings without effect: $(cat idle.txt)"
$ZSC table ranks resolved default > one.md 2> one.err || fail "resolved settings"
[ "$(grep -c 'Simulated DNA' one.md)" -eq 1 ] && grep -q 'over 2 seeds' one.md || fail "auto and exact, default epochs and 500: $(cat one.md)"
# what was computed from other contents is not averaged, whatever the path: (a) another array of one file
python=
for p in "${PYTHON:-python3}" python3 /usr/bin/python3; do
    if "$p" -c 'import h5py, numpy' 2>/dev/null; then python=$p; break; fi
done
if [ -n "$python" ]; then
    "$python" - <<'EOF' || fail "HDF5 file of two embeddings"
import h5py, numpy as np
with h5py.File("m.h5", "w") as f:
    for seed, group in enumerate("ab"):
        f[f"{group}/emb"] = np.random.default_rng(seed).normal(size=(60, 5)).astype("f4")
    f["id"] = np.array([f"r{i}" for i in range(60)], dtype=h5py.string_dtype())
    f["species"] = np.array([f"s{i % 5}" for i in range(60)], dtype=h5py.string_dtype())
EOF
    cluster -e m.h5 --h5-embedding a/emb --h5-id id --h5-label species=species --seed 0 -o arrays
    cluster -e m.h5 --h5-embedding b/emb --h5-id id --h5-label species=species --seed 1 -o arrays
    $ZSC table ranks arrays > arrays.md || fail "two arrays of one file"
    if grep -q 'over 2 seeds' arrays.md; then fail "two arrays of one file are averaged: $(cat arrays.md)"; fi
    [ "$(grep -c 'contents of 20[-0-9: ]*, matrix [0-9a-f]\{8\}' arrays.md)" -eq 2 ] || fail "names do not tell two arrays apart: $(cat arrays.md)"
fi
# (b) a file that changed between two seeds, in tables, comparisons and tidy CSV
contents() { $ZSC simulate -q -o "$1" --rows 120 --dna-dim 6 --image-dim 0 --seed "$2" ${3+"$3" "$4"} || fail "simulate $*"; }
contents old.h5 5 --metadata-output taxa.csv && contents new.h5 6
cp old.h5 now.h5 && cluster -e now.h5:sim_dna -m taxa.csv --seed 0 -o changed
cp new.h5 now.h5 && cluster -e now.h5:sim_dna -m taxa.csv --seed 1 -o changed
$ZSC table ranks changed > changed.md || fail "changed contents"
if grep -q 'over 2 seeds' changed.md; then fail "old contents are averaged with new ones: $(cat changed.md)"; fi
[ "$(grep -c 'contents of 20' changed.md)" -eq 2 ] || fail "names do not tell contents apart: $(cat changed.md)"
[ "$($ZSC compare changed --resamples 20 2> /dev/null | grep -c '^sim_dna (contents of 20[^)]*)  *1 ')" -eq 2 ] || fail "compare averages old contents with new ones"
$ZSC collect changed -o changed.csv && $ZSC table ranks changed.csv | diff changed.md - || fail "contents from tidy CSV"
[ "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "matrix") c = NF - i; next } { print $(NF - c) }' changed.csv | sort -u | grep -cE '^[0-9a-f]{32}$')" -eq 2 ] || fail "collect gives no column matrix"
# of results of an older version, which know no matrix, all else counts
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "matrix") c = NF - i + 1 } NF -= c' changed.csv > before.csv && head -n 1 before.csv | grep -q 'finished$' || fail "a tidy CSV without matrix"
$ZSC table ranks before.csv | grep -q 'over 2 seeds' || fail "a tidy CSV without matrix"
# (c) one relative path in two folders
for folder in x y; do mkdir -p "$folder"; done
cp old.h5 x/e.h5 && cp new.h5 y/e.h5
(cd x && cluster -e e.h5:sim_dna -m ../taxa.csv --seed 0 -o ../relative) && (cd y && cluster -e e.h5:sim_dna -m ../taxa.csv --seed 1 -o ../relative) || exit 1
$ZSC table ranks relative > relative.md || fail "one relative path in two folders"
if grep -q 'over 2 seeds' relative.md; then fail "one relative path in two folders is averaged"; fi
# (d) seed 0 of new contents does not take the place of seed 0 of the old ones beside seed 1
cp old.h5 now.h5 && cluster -e now.h5:sim_dna -m taxa.csv --seed 0 -o partly && cluster -e now.h5:sim_dna -m taxa.csv --seed 1 -o partly
$ZSC table ranks partly > two.md && grep -q 'over 2 seeds' two.md || fail "two seeds of one matrix: $(cat two.md)"
sleep 1 && cp new.h5 now.h5 && cluster -e now.h5:sim_dna -m taxa.csv --seed 0 -o partly
$ZSC collect partly -o partly.csv && [ "$(awk -F, 'NR > 1 { print $1 }' partly.csv | sort -u | wc -l)" -eq 3 ] || fail "a run is lost"
$ZSC table ranks partly > partly.md 2> err && [ ! -s err ] || fail "a run is left out: $(cat err)"
[ "$(grep -c '^|.*contents of 20' partly.md)" -eq 2 ] && [ "$(grep -c '^|.*superseded' partly.md)" -eq 1 ] || fail "old and new contents: $(cat partly.md)"
# contents that come back are not superseded: the store has the result, and its file has the time of the last run
cp old.h5 now.h5 && cluster -e now.h5:sim_dna -m taxa.csv --seed 0 -o partly
$ZSC table ranks partly > back.md || fail "contents that come back"
[ "$(grep -c '^|.*contents of 20' back.md)" -eq 2 ] || fail "contents that come back: $(cat back.md)"
if grep -q superseded back.md; then fail "current contents are called superseded: $(cat back.md)"; fi
# an older tidy CSV has no seeds and no sources: rows are averaged as they were
printf 'encoders,rank,ami\na,species,0.5\na,species,0.7\n' > old.csv
$ZSC table ranks old.csv --decimals 0 | grep -q '60' || fail "an older tidy CSV"
# scores that are none
printf 'encoders,rank,ami\na,species,5\n' > wrong.csv
$ZSC table ranks wrong.csv > out 2> err && fail "AMI 5 is taken"
grep -q "wrong.csv', line 2: ami is 5, expected a fraction" err || fail "AMI 5: $(cat err)"
printf 'encoders,rank,scored,ami,seed\na,species,9,0.5,0\na,species,9,,1\n' > wrong.csv
$ZSC table ranks wrong.csv > out || fail "an empty AMI"
grep -q "50" out && ! grep -q "over 2 seeds" out || fail "an empty AMI is counted as a seed: $(cat out)"
# Seven hundred ranks: time grows with the square of their number (each row names all of them), not with its cube.
awk 'BEGIN { for (r = 1; r <= 700; r++) set = set sprintf("rank%d=%016x;", r, r); print "encoders,seed,rank,ami,scored,classes,clusters,label_set"
    for (r = 1; r <= 700; r++) printf "dino,0,rank%d,0.5,10,3,3,%s\n", r, set }' >many.csv
timeout 8 "$ZSC" table ranks many.csv --format csv -q >out 2>err || fail "700 ranks: status $?: $(cat err)"
[ "$(tail -n 1 out | tr ',' '\n' | grep -c '^50.0$')" -eq 700 ] || fail "700 ranks: $(tail -c 300 out)"
finish
