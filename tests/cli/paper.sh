#!/bin/sh
# zsc paper: all items of a small stand-in, valid and equal to what the commands give by hand; nothing is made twice; a run that is killed resumes; --only, --skip, --sound, --shard,
# --jobs, --launcher, --look; inputs that are missing or change; failing commands; one sentence, with file and line, for each mistake.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
command -v gnuplot >/dev/null || skip "gnuplot is not installed"

home="it's a \"place\"" # names that a shell and YAML would take apart
mkdir "$home"
"$ZSC" simulate -q --rows 30000 --seed 4 --splits all --unseen-species 0.3 --aligned --image-encoders 3 --dna-encoders 2 --image-dim 16 --dna-dim 16 --classes 2 --orders 6 --families 20 \
    --subfamilies 30 --genera 60 --species 120 -o "$home/all.h5" --metadata-output "$home/meta data.csv" || fail "simulate"
mkdir "$home/pictures" "$home/pictures/test" && printf 'JPEG\n' >picture
cat >"$home/paper.yaml" <<'END'
metadata: meta data.csv
images: pictures
encoders:
  - {label: "One, R50", file: "all.h5:sim_image_1", modality: image, pretraining: One, architecture: ResNet-50}
  - {label: "One \"ViT\"", file: "all.h5:sim_image_2", modality: image, pretraining: One, architecture: ViT-B}
  - {label: DNA & co, file: "all.h5:sim_dna_1", modality: dna, pretraining: A, architecture: Transformer}
probes:
  - {label: DNA <one>, file: "all.h5:sim_dna_1"}
  - {label: Image one, file: "all.h5:sim_image_1"}
linear: {solver: lbfgs, epochs: 30, weight-decay: 1e-4}
retrieval:
  - {label: Aligned, image: "all.h5:sim_image_1", dna: "all.h5:sim_dna_1"}
seeds: 0-1
END
config="$home/paper.yaml"

# made FOLDER NUMBER: so many items of the page are made
made() { [ "$(grep -c '"state": "made"' "$1/paper.json")" = "$2" ] || fail "$1: $(grep -c '"state": "made"' "$1/paper.json") items are made, not $2: $(grep '"reason"' "$1/paper.json")"; }
counts() { sed -n 's/ steps made, / /; s/ there already.*//p' out; }

# --- the dry run writes nothing to the output folder and says what is to do
run "$ZSC" paper "$config" -n -o all
[ "$status" = 0 ] && grep -q '^37 steps to do: about [0-9]* seconds' out && grep -q '^cross-modal  *to do  *[0-9.]* .*Table A16$' out && [ ! -e all ] || fail "dry run: $(cat out err)"

# --- the whole
run "$ZSC" paper "$config" -o all
[ "$status" = 0 ] && grep -q '^37 steps made, 0 there already, 0 failed, 0 left out; see all/index.html$' out || fail "the whole: $status $(cat out err)"
made all 26
for item in table-2 table-3 table-4 table-5 table-A4 table-A5 table-A6 table-A9 table-A10 table-A11 table-A12 table-A13 table-A14 table-A15 table-A16 table-A17; do
    grep -q '^\\begin{table}' all/tables/$item.tex && grep -q '^\\end{table}' all/tables/$item.tex && grep -q '</table>' all/tables/$item.html && [ "$(wc -l <all/tables/$item.csv)" -gt 1 ] || fail "$item"
    grep -q "id=\"$item\"" all/index.html || fail "no $item on the page"
done
for item in figure-3 figure-6 figure-A1 figure-A3 figure-A7 figure-A8 figure-A9 figure-A10 figure-A11; do
    head -c 5 all/figures/$item.pdf | grep -q '%PDF-' && grep -q '</svg>' all/figures/$item.svg || fail "$item"
    grep -q "id=\"$item\"" all/index.html && grep -q "src=\"figures/$item.svg\"" all/index.html || fail "no $item on the page"
done
for label in 'One, R50' 'One &quot;ViT&quot;' 'DNA &amp; co' 'DNA &lt;one&gt;' Aligned; do grep -q "$label" all/index.html || fail "'$label' is not on the page"; done
grep -q 'id="figure-A12"' all/index.html && [ "$(grep -c '<h3>' all/index.html)" = 3 ] && grep -q 'In words' all/index.html || fail "Figure A12"
grep -q '<pre>zsc plot ranks all/results/1/clustering' all/index.html && grep -q '<dt class="digest">[0-9a-f]\{32\}</dt><dd>it&#39;s a &quot;place&quot;/meta data.csv, ' all/index.html || fail "commands and digests are not on the page"
nothing_left all
# what comes first stands first, on the page and in the list for programs
steps_of() { sed -n "/<section id=\"$1\"/,/<\/section>/s/^<p class=\"soft\">\([a-zA-Z0-9_-]*\): [0-9].*/\1/p" all/index.html | tr '\n' ' '; }
[ "$(steps_of table-5)" = "retrieval-1-dna-dna retrieval-1-image-image retrieval-1-image-dna table-5 " ] && [ "$(steps_of figure-6)" = "clustering figure-6 " ] || fail "order on the page: $(steps_of table-5); $(steps_of figure-6)"
steps=$(awk '/"number": "4"/ { item = 1 } item && /"steps": \[/ { on = 1; next } on && /\]/ { exit } on' all/paper.json | tr -d ' ,"' | tr '\n' ' ')
[ "${steps% table-4 }" != "$steps" ] || fail "order in paper.json: $steps"

# what it shows is what the commands give by hand
"$ZSC" run -q -e "$home/all.h5:sim_dna_1" -m "$home/meta data.csv" --split test+test_unseen --missing class --seed 0 --format csv >by_hand.csv || fail "run"
ami=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["rank"] == "species" { printf "%.1f", 100 * $c["ami"] }' by_hand.csv)
grep -q ",DNA & co,.*,$ami," all/figures/figure-6.csv || fail "Figure 6 has another AMI than zsc run ($ami): $(cat all/figures/figure-6.csv)"
"$ZSC" retrieve -q -e "$home/all.h5:sim_dna_1" --queries "$home/all.h5:sim_image_1" -m "$home/meta data.csv" --key-split train+key_unseen --query-split test,test_unseen --k 1 --ranks species --format csv >by_hand.csv || fail "retrieve"
macro=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["split"] == "test" { printf "%.1f", 100 * $c["macro"] }' by_hand.csv)
grep -q "^Species,Aligned,.*,$macro,[0-9.]*,[0-9.]*$" all/tables/table-5.csv || fail "Table 5 has another accuracy than zsc retrieve ($macro): $(cat all/tables/table-5.csv)"

# commands.sh makes the same files
cp -r all/tables first && cp all/figures/*.csv first && rm -r all/tables all/figures/*
(cd / && ZSC="$ZSC" sh "$work/all/commands.sh") >out 2>err || fail "commands.sh: $(tail -3 err)"
for f in first/table*; do cmp -s "$f" "all/tables/${f#first/}" || fail "commands.sh makes another $f"; done
for f in first/figure*; do cmp -s "$f" "all/figures/${f#first/}" || fail "commands.sh makes another $f"; done

# --- nothing is made again, until something changes
run "$ZSC" paper "$config" -o all
[ "$(counts)" = "0 37" ] && ! grep -q warning err || fail "again: $(cat out err)"
touch "$home/all.h5" "$home/meta data.csv"
run "$ZSC" paper "$config" -o all
[ "$(counts)" = "0 37" ] || fail "touched inputs: $(cat out err)"
cp -r all moved && run "$ZSC" paper "$config" -o moved && [ "$(counts)" = "0 37" ] || fail "a moved folder: $(cat out err)"
rm moved/tables/table-2.csv # the others have no mark any more that zsc wrote them, but their contents
run "$ZSC" paper "$config" -o moved && [ "$(counts)" = "1 36" ] || fail "what a moved folder holds is replaced: $(cat out err)"
rm moved/tables/table-2.csv && echo '% mine' >>moved/tables/table-2.tex
run "$ZSC" paper "$config" -o moved && [ "$status" = 5 ] && grep -q '^% mine$' moved/tables/table-2.tex && grep -q "table-2: zsc stats: 'moved/tables/table-2.tex' is there already, and zsc did not write it" err || fail "a table that was changed by hand is replaced: $(cat out err)"
run "$ZSC" paper "$config" -o moved --only 2 --force && [ "$(counts)" = "1 0" ] && cmp -s first/table-2.tex moved/tables/table-2.tex || fail "--force does not replace a table that was changed by hand: $(cat out err)"
echo '% mine' >>moved/tables/table-2.tex
run "$ZSC" paper "$config" -o moved && [ "$(counts)" = "0 37" ] && grep -q '^% mine$' moved/tables/table-2.tex && grep -q "'moved/tables/table-2.tex' .*changed after zsc paper made .*; --force makes" err || fail "a table that was changed by hand: $(cat out err)"
mkdir elsewhere && (cd elsewhere && "$ZSC" paper "../$config" -o ../all) >out 2>err && [ "$(counts)" = "0 37" ] || fail "started elsewhere: $(cat out err)"
rm all/tables/table-A4.csv
run "$ZSC" paper "$config" -o all
[ "$(counts)" = "1 36" ] && cmp -s first/table-A4.csv all/tables/table-A4.csv || fail "a file that was removed: $(cat out err)"
sed 's/DNA & co/DNA and co/' "$config" >"$home/other label.yaml"
run "$ZSC" paper "$home/other label.yaml" -o all
[ "$(counts)" = "3 34" ] && grep -q 'DNA and co' all/figures/figure-6.csv || fail "another label draws three items again: $(cat out err)"

# --- what is asked for
run "$ZSC" paper "$config" -o some --only A16,6 --skip figure-A16,table-6
[ "$status" = 2 ] || fail "--skip of what is not there"
run "$ZSC" paper "$config" -o some --only A16,6
[ "$(counts)" = "4 0" ] && [ "$(ls some/tables some/figures | tr '\n' ' ')" = "some/figures: figure-6.csv figure-6.dat figure-6.html figure-6.pdf figure-6.svg figure-6.tex  some/tables: table-A16.csv table-A16.html table-A16.tex " ] ||
    fail "--only A16,6: $(cat out err; ls some/*)"
cmp -s first/figure-6.csv some/figures/figure-6.csv && cmp -s first/table-A16.tex some/tables/table-A16.tex || fail "--only gives other numbers"
run "$ZSC" paper "$config" -n -o new --only a11 && grep -q 'Table A11$' out && grep -q 'Figure A11$' out || fail "--only a11: $(cat out)"
run "$ZSC" paper "$config" -n -o new --only table-A11 && ! grep -q 'Figure' out || fail "--only table-A11: $(cat out)"
run "$ZSC" paper "$config" -n -o new --only "2 , 3" --skip figure-3 && grep -q '^2 steps to do' out || fail "--skip: $(cat out)"
expect 2 "option --only: there is no table or figure 'A99'; there are table-2, table-3, figure-3, " "$ZSC" paper "$config" -o new --only A99
expect 2 "option --skip: there is no table or figure 'table-A7'" "$ZSC" paper "$config" -o new --skip table-A7
[ ! -e new ] || fail "a refused command left a folder"

# --- Figures 6 and A11 as in the paper, or not; their file of styles
grep -q '^y_step	10$' some/figures/figure-6.dat && grep -q 'ResNet-50' some/figures/figure-6.dat || fail "the paper's look: $(grep y_step some/figures/figure-6.dat)"
run "$ZSC" paper "$config" -o some --only A16,6 --look zsc
[ "$(counts)" = "1 3" ] && ! grep -q 'look paper' some/commands.sh && ! grep -q '^Transformer' some/figures/figure-6.dat || fail "--look zsc: $(cat out err)"

# --- the second column
run "$ZSC" paper "$config" -o all --sound
[ "$status" = 0 ] || fail "--sound: $(cat out err)"
made all 33
for f in tables/table-4-sound.tex tables/table-4-sound.csv tables/table-5-sound.tex figures/figure-6-sound.pdf figures/figure-A11-sound.svg tables/table-A15-sound.csv tables/table-A16-sound.tex tables/table-A17-sound.tex; do
    [ -s all/$f ] || fail "no $f"
done
grep -q 'Species AMI % sd' all/figures/figure-6-sound.csv && grep -q 'perfect' all/figures/figure-6-sound.csv && grep -q '\[' all/tables/table-5-sound.tex && grep -q 'Linear, Species, test low' all/tables/table-4-sound.csv || fail "seeds, ceilings and intervals: $(head -1 all/figures/figure-6-sound.csv)"
cmp -s first/figure-6.csv all/figures/figure-6.csv || fail "the first column changes with the second"
grep -q 'Several seeds, intervals, ceilings' all/index.html || fail "the page has no second column"

# --- parts, and several at a time, give the same
for part in 2 1; do run "$ZSC" paper "$config" -o parts --only 5,6 --shard $part/2 && [ "$status" = 0 ] && [ ! -e parts/figures/figure-6.pdf ] || fail "part $part: $(cat out err)"; done
run "$ZSC" paper "$config" -o parts --only 5,6
[ "$(counts)" = "3 3" ] && grep -q '3 computed' parts/logs/clustering.log && fail "a part computed nothing"
[ -s parts/logs/clustering-1-of-2.log ] && [ -s parts/logs/clustering-2-of-2.log ] || fail "logs of parts: $(ls parts/logs)"
cmp -s first/figure-6.csv parts/figures/figure-6.csv && cmp -s first/table-5.csv parts/tables/table-5.csv || fail "parts give other numbers: $(cat out err)"
expect 2 "option --shard expects I/N" "$ZSC" paper "$config" -o parts --shard 3/2
run "$ZSC" paper "$config" -o jobs --only 4,5,6,A11 --jobs 3 --threads 2 --memory-limit 2G
[ "$status" = 0 ] && cmp -s first/figure-6.csv jobs/figures/figure-6.csv && cmp -s first/table-4.csv jobs/tables/table-4.csv || fail "--jobs 3: $(cat out err)"
run "$ZSC" paper "$config" -o launched --only 6 --launcher "env LAUNCHED=yes sh -c" # sh -c runs zsc without its words, which prints what commands there are
[ "$status" = 5 ] && grep -q 'no command given' launched/logs/clustering.log || fail "--launcher: $status $(cat out err)"
run "$ZSC" paper "$config" -o launched --only 6 --launcher "env LAUNCHED=yes" && [ "$status" = 0 ] && cmp -s first/figure-6.csv launched/figures/figure-6.csv || fail "--launcher env: $(cat out err)"

# --- interrupted and killed: what is made stays, the rest is made by the next
until_made() { # until_made FOLDER STEP PID
    n=0
    while [ ! -e "$1/state/steps/$2.json" ] && [ $n -lt 600 ] && kill -0 "$3" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
}
for signal in TERM KILL; do
    rm -rf cut
    "$ZSC" paper "$config" -o cut --only 5,6,A16 >cut.out 2>cut.err &
    until_made cut clustering $!
    kill -$signal $!
    wait $! 2>/dev/null
    ended=$?
    [ $signal = KILL ] || { [ $ended = 130 ] && [ "$(tail -n 1 cut.err)" = "zsc paper: interrupted" ] && nothing_left cut && grep -q 'Not made yet' cut/index.html; } || fail "$signal: $ended $(cat cut.err)"
    sleep 0.3 # its children end too
    run "$ZSC" paper "$config" -o cut --only 5,6,A16
    [ "$status" = 0 ] && [ "$(counts | cut -d' ' -f2)" -ge 1 ] && [ "$(counts | awk '{ print $1 + $2 }')" = 8 ] || fail "after $signal: $(cat out err)"
    cmp -s first/figure-6.csv cut/figures/figure-6.csv && cmp -s first/table-5.csv cut/tables/table-5.csv && cmp -s first/table-A16.csv cut/tables/table-A16.csv || fail "after $signal: other numbers"
done

# --- pictures of Figure A12, in folders as the authors have them
for id in $(awk -F, 'NR > 1 { print $1; print $5 }' all/retrieval/*-examples.csv | sort -u | head -5); do cp picture "$home/pictures/test/$id.jpg"; done
run "$ZSC" paper "$config" -o all
[ "$(ls all/pictures | wc -l)" = 5 ] && grep -q '<img loading="lazy" src="pictures/' all/index.html || fail "pictures: $(ls all/pictures) $(cat err)"

run "$ZSC" paper "$config" -o all --only 2 && [ "$(counts)" = "0 1" ] && made all 26 && grep -q '# figure-6$' all/commands.sh && grep -q 'paperitem{5}' all/paper.tex || fail "what is made is not shown with --only: $(cat out err)"
sed 's/^images: .*/images: photos/' "$config" >"$home/no images.yaml"
run "$ZSC" paper "$home/no images.yaml" -o all --only figure-A12
[ "$status" = 5 ] && [ "$(tail -n 1 err)" = "zsc paper: 'it's a \"place\"/photos' is not there; the page says what lacks it" ] && grep -q 'Without pictures: .*photos&#39; is not there\.' all/index.html || fail "no folder of images: $(cat out err)"

# --- inputs that are not named, and that are not there
grep -v -e 'Aligned' -e '^retrieval' "$config" >"$home/fewer.yaml"
run "$ZSC" paper "$home/fewer.yaml" -o all
[ "$status" = 0 ] && [ "$(grep -c '"state": "missing"' all/paper.json)" = 3 ] && grep -q 'Not made: the configuration names no model under retrieval\.' all/index.html || fail "without retrieval: $(cat out err)"
sed 's/all.h5:sim_image_2/gone.npz/; s/all.h5:sim_image_1", dna/no.h5:x", dna/' "$config" >"$home/absent.yaml"
run "$ZSC" paper "$home/absent.yaml" -o absent --only 5,6,A16
[ "$status" = 5 ] && [ "$(tail -n 1 err)" = "zsc paper: 'it's a \"place\"/gone.npz' is not there (and 1 more of the configuration's inputs); the page says what lacks them" ] && grep -q "Without One &quot;ViT&quot;: &#39;it&#39;s a &quot;place&quot;/gone.npz&#39; is not there\." absent/index.html &&
    grep -q "Not made: Aligned: &#39;it&#39;s a &quot;place&quot;/no.h5&#39; is not there\." absent/index.html && [ "$(wc -l <absent/figures/figure-6.csv)" = 3 ] || fail "absent files: $status $(cat out err)"
run "$ZSC" paper "$home/absent.yaml" -n -o absent --only 5,6 && grep -q "^Table 5: not made: Aligned: .* is not there$" out && grep -q "^Figure 6: without One \"ViT\": " out || fail "the dry run says nothing of absent files: $(cat out)"
sed 's/^probes:/  - {label: DNA two, file: gone.h5, modality: dna}\
probes:/' "$home/absent.yaml" >"$home/two absent.yaml"
run "$ZSC" paper "$home/two absent.yaml" -n -o absent --only A16
grep -q "^Table A16: without One \"ViT\": .*gone.npz' is not there; DNA two: .*gone.h5' is not there$" out || fail "an image and a DNA encoder are absent: $(cat out err)"
sed 's/meta data.csv/none.csv/' "$config" >"$home/no metadata.yaml"
run "$ZSC" paper "$home/no metadata.yaml" -o bare
[ "$status" = 5 ] && grep -q ', 0 left out; 26 items lack inputs; see' out && [ "$(grep -c '"state": "missing"' bare/paper.json)" = 26 ] && grep -q "none.csv&#39; is not there" bare/index.html || fail "no metadata: $(cat out err)"

# an encoder that is left out is left out of figures and tables, and is not computed again when it is back
grep -v 'ViT-B' "$config" >"$home/one less.yaml"
run "$ZSC" paper "$home/one less.yaml" -o some --only A16,6
[ "$status" = 0 ] && [ "$(wc -l <some/figures/figure-6.csv)" = 3 ] && ! grep -q ViT some/tables/table-A16.csv || fail "an encoder less: $(cat out err some/figures/figure-6.csv)"
run "$ZSC" paper "$config" -o some --only A16,6
cmp -s first/table-A16.csv some/tables/table-A16.csv && grep -q '3 runs: 0 computed, 3 there already' some/logs/clustering.log || fail "the encoder is back: $(cat out err)"
# other vectors under the same name: results of the old ones are not shown
cp "$home/all.h5" "$home/kept.h5" && "$ZSC" simulate -q --rows 30000 --seed 5 --splits all --unseen-species 0.3 --aligned --image-encoders 3 --dna-encoders 2 --image-dim 16 --dna-dim 16 --classes 2 --orders 6 --families 20 \
    --subfamilies 30 --genera 60 --species 120 -o "$home/all.h5" --metadata-output "$home/meta data.csv" --force || fail "simulate"
run "$ZSC" paper "$config" -o some --only A16,6
[ "$status" = 0 ] && [ "$(counts)" = "4 0" ] && [ "$(wc -l <some/figures/figure-6.csv)" = 4 ] && ! cmp -s first/figure-6.csv some/figures/figure-6.csv && [ "$(ls some/results | tr '\n' ' ')" = "1 2 " ] || fail "other vectors: $(cat out err)"

# --- commands that fail: their message, the others go on
sed '2,$s/^/X/' "$home/meta data.csv" >"$home/broken.csv" # other ids
sed 's/meta data.csv/broken.csv/' "$config" >"$home/broken.yaml"
run "$ZSC" paper "$home/broken.yaml" -o broken --only 2,3,5
[ "$status" = 5 ] && grep -q '^3 steps made, 0 there already, 3 failed, 1 left out' out && [ "$(tail -n 1 err)" = "zsc paper: 3 steps failed, see the page" ] && grep -q '<p class="failed">Failed: retrieval-1-[a-z-]* failed: zsc retrieve: ' broken/index.html && made broken 3 || fail "failing commands: $status $(cat out err)"
run "$ZSC" paper "$home/broken.yaml" -o broken --only 6
[ "$status" = 5 ] && grep -q 'clustering: .* 3 of 3 runs failed; .*; one of them: .*sim_' err && grep -q 'runs failed; .*; one of them: .*sim_' broken/index.html || fail "the message of a run: $(cat out err)"

# --- of several, those that are there: a sweep of which some runs fail, searches of which one fails, a damaged file
"$ZSC" select -q -e "$home/kept.h5:sim_image_2" -m "$home/meta data.csv" --split test+test_unseen -o "$home/test rows.csv" >/dev/null || fail "select"
sed '2,$s/,[^,]*$/,nan/' "$home/test rows.csv" >"$home/one nan.csv"
sed 's/all.h5:sim_image_2/one nan.csv/; s/"all.h5:sim_image_1"}$/"one nan.csv"}/' "$config" >"$home/some fail.yaml"
run "$ZSC" paper "$home/some fail.yaml" -o partly --only A15,A16,6
[ "$status" = 5 ] && grep -q '^4 steps made, 0 there already, 3 failed, 0 left out' out && [ "$(wc -l <partly/figures/figure-6.csv)" = 3 ] && [ "$(wc -l <partly/tables/table-A15.csv)" = 2 ] || fail "of several, one fails: $(cat out err)"
for why in 'Without clustering: zsc sweep: 1 of 3 runs failed; .*one nan.csv' 'Without cross-modal: zsc sweep: ' 'Without nearest-val_unseen-2: zsc retrieve: '; do
    grep -q "$why" partly/index.html || fail "the page does not say '$why': $(grep Without partly/index.html)"
done
made partly 3
grep -q 'neighbours of 3 inputs made of 2 embeddings' partly/logs/cross-modal.log || fail "one embedding that cannot be used keeps the others from being searched together: $(cat partly/logs/cross-modal.log)"
grep -q 'Without clustering: zsc sweep' partly/paper.tex || fail "the document does not say what figures lack"
run "$ZSC" paper "$home/some fail.yaml" -o partly --only A15,A16,6
[ "$status" = 5 ] && [ "$(counts)" = "3 1" ] && grep -q '3 runs: 0 computed, 2 there already' partly/logs/clustering.log || fail "what lacks something is made again: $(cat out err partly/logs/clustering.log)"
cp "$home/test rows.csv" "$home/one nan.csv"
run "$ZSC" paper "$home/some fail.yaml" -o partly --only 6
[ "$status" = 0 ] && [ "$(wc -l <partly/figures/figure-6.csv)" = 4 ] && ! grep -q 'Without clustering' partly/index.html || fail "a file that is whole again: $(cat out err)"
head -c 20000 "$home/kept.h5" >"$home/damaged.h5"
sed 's/all.h5:sim_image_2/damaged.h5/' "$config" >"$home/damaged.yaml"
run "$ZSC" paper "$home/damaged.yaml" -o damaged --only 5,6
[ "$status" = 5 ] && grep -q '^6 steps made, .* 0 failed, 0 left out' out && grep -q "damaged.h5' is truncated.*; the page says what lacks it$" err && [ "$(wc -l <damaged/figures/figure-6.csv)" = 3 ] && grep -q 'Without One &quot;ViT&quot;: .*damaged.h5&#39; is truncated' damaged/index.html || fail "a damaged file: $(cat out err)"
# two at once: the second waits, and finds everything made
"$ZSC" paper "$config" -o twice --only 6,2 >first.out 2>first.err &
run "$ZSC" paper "$config" -o twice --only 6,2
wait $! || fail "the first of two: $(cat first.err)"
[ "$status" = 0 ] && [ "$(cat out first.out | awk '/steps made/ { made += $1; there += $4 } END { print made, there }')" = "3 3" ] && nothing_left twice || fail "two at once: $(cat out first.out err)"

# --- mistakes
bad() { # bad WORDS LINES...: a configuration of these lines is refused with these words
    words=$1
    shift
    printf '%s\n' "$@" >"$home/bad.yaml"
    expect 3 "$home/bad.yaml:$words" "$ZSC" paper "$home/bad.yaml" -o new
    [ "$(wc -l <err)" = 1 ] && [ ! -e new ] || fail "$words: $(cat err)"
}
M='metadata: meta data.csv'
bad "1: expected keys such as metadata and their values" "- a"
bad "2: there is no key 'encoder' here; did you mean 'encoders'?" "$M" "encoder: []"
bad "1: the configuration has no metadata" "encoders: []"
bad "1: metadata expects one text" "metadata: [a, b]"
bad "2: encoders expects a list, each entry with a label and a file" "$M" "encoders: all.h5"
bad "3: an encoder expects keys such as label and their values" "$M" "encoders:" "  - all.h5:sim_dna_1"
bad "3: an encoder has no label" "$M" "encoders:" "  - {file: 'all.h5:sim_dna_1', modality: dna}"
bad "3: the encoder has no file" "$M" "encoders:" "  - {label: a, modality: dna}"
bad "3: the encoder has no modality" "$M" "encoders:" "  - {label: a, file: 'all.h5:sim_dna_1'}"
bad "3: modality expects image or dna, not 'text'" "$M" "encoders:" "  - {label: a, file: 'all.h5:sim_dna_1', modality: text}"
bad "3: there is no key 'pretrained' here; did you mean 'pretraining'?" "$M" "encoders:" "  - {label: a, file: 'all.h5:sim_dna_1', modality: dna, pretrained: x}"
bad "3: embeddings 'it's a \"place\"/all.h5': no encoder 'sim_dna'" "$M" "encoders:" "  - {label: a, file: 'all.h5:sim_dna', modality: dna}"
bad "3: 'it's a \"place\"/all.h5:*' stands for several encoders; name one" "$M" "encoders:" "  - {label: a, file: 'all.h5:*', modality: dna}"
bad "3: file expects FILE[:ENCODER], or a list of files" "$M" "encoders:" "  - {label: a, file: {b: c}, modality: dna}"
bad "3: parts of one embedding name two encoders, 'sim_dna_1' and 'sim_dna_2'; expected one" "$M" "encoders:" "  - {label: a, file: ['all.h5:sim_dna_1', 'all.h5:sim_dna_2'], modality: dna}"
bad "4: the label 'a' is that of line 3 too; expected another" "$M" "encoders:" "  - {label: a, file: 'all.h5:sim_dna_1', modality: dna}" "  - {label: a, file: 'all.h5:sim_dna_2', modality: dna}"
bad "4: its file calls this encoder 'sim_dna_1', as that of line 3 does" "$M" "encoders:" "  - {label: a, file: 'all.h5:sim_dna_1', modality: dna}" "  - {label: b, file: 'kept.h5:sim_dna_1', modality: dna}"
bad "3: the model has no dna" "$M" "retrieval:" "  - {label: a, image: 'all.h5:sim_image_1'}"
bad "2: there is no key 'solve' here; did you mean 'solver'?" "$M" "linear: {solve: sgd}"
bad "2: epochs expects a whole number, not 'many'" "$M" "linear: {epochs: many}"
bad "2: seeds " "$M" "seeds: x"
bad "" "$M" "encoders: [" # no YAML
expect 3 "cannot read 'all': it is a folder; a YAML file is expected" "$ZSC" paper all -n
expect 3 "no.yaml" "$ZSC" paper no.yaml -o new
expect 2 "expected one configuration; zsc paper --example prints one" "$ZSC" paper
mkdir mine && echo mine >mine/notes
expect 3 "'mine' holds files, and zsc paper did not make it; name a new folder, or --force uses this one" "$ZSC" paper "$config" -o mine
[ "$(ls mine)" = notes ] || fail "something was written to a folder of the user's"
expect 3 "'picture' is a file" "$ZSC" paper "$config" -o picture
run "$ZSC" paper "$config" -o mine --only 2 --force && [ "$status" = 0 ] && [ "$(cat mine/notes)" = mine ] && [ -s mine/tables/table-2.tex ] || fail "--force: $(cat err)"
run "$ZSC" paper "$config" -o mine --only 2 --force && [ "$(counts)" = "1 0" ] || fail "--force makes again: $(cat out)"
"$ZSC" paper --example >example.yaml && run "$ZSC" paper example.yaml -o new -n && grep -q "^Table 2: not made: 'BIOSCAN_5M_Insect_Dataset_metadata.csv' is not there$" out || fail "--example: $(cat out err)"
finish
