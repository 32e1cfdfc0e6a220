#!/bin/sh
# Tables of numbers as spreadsheets, pandas, NumPy and R write them: the same rows, features, ids and labels whatever the form;
# what is taken for what is said, and what is ambiguous is refused with the option that decides.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

# 24 rows in two groups; the features are the same numbers in each file
awk 'BEGIN { for (i = 0; i < 24; i++) { g = i % 2; printf "s%d %.4f %.4f %.4f %s %d\n", i, 9 * g + (i * 7 % 11) / 10, -9 * g + (i * 5 % 13) / 10, (i * 3 % 7) / 10, g ? "Bombus" : "Apis", g } }' >rows
of() { awk -v OFS="$1" "$2" rows; } # DELIMITER PROGRAM
{ echo 'processid,f1,f2,f3,species'; of , '{ print $1, $2, $3, $4, $5 }'; } >plain.csv
{ echo processid,species; of , '{ print $1, $5 }'; } >ids.csv

# read ARGUMENTS...: rows, features, and AMI at the first rank
read_as() {
    run "$ZSC" run --reduce none --clusters 2 --format csv --force -o results "$@"
    [ "$status" -eq 0 ] || { echo "refused: $(tail -n 1 err)"; return; }
    size=$(sed -n 's/.*: \([0-9]*\) of [0-9]* rows, \([0-9]*\) columns.*/\1 x \2/p' err)
    echo "$size $(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { print $c["rank"], $c["ami"] }' out)"
}
good() { # EXPECTED WORDS ARGUMENTS...: and the note
    expected=$1 words=$2
    shift 2
    got=$(read_as "$@")
    [ "$got" = "$expected" ] || fail "$*: $got, not $expected"
    [ -z "$words" ] || grep -F -e "$words" err >/dev/null || fail "$*: no '$words' in: $(cat err)"
}
good '24 x 3 species 1' '' -e plain.csv
grep -q "'plain.csv'" err && fail "a table that names its columns: $(cat err)"

# no header; a header that is a comment; pandas' own names
of , '{ print $2, $3, $4 }' >bare.csv
good '24 x 3 species 1' 'no header, since the first row holds numbers: the columns are called c1 to c3; features: 3 columns' -e bare.csv -m ids.csv
of , '{ print $2, $3, $4, $5 }' >bare_label.csv
good '24 x 3 c4 1' 'labels: c4; features: 3 columns' -e bare_label.csv
of , '{ print $1, $2, $3, $4 }' >bare_ids.csv
good '24 x 3 species 1' 'no header' -e bare_ids.csv -m ids.csv
{ echo '# f1,f2,f3'; cat bare.csv; } >savetxt.csv
good '24 x 3 species 1' 'the header is the comment before the first row' -e savetxt.csv -m ids.csv
{ echo '#processid,f1,f2,f3,species'; sed 1d plain.csv; } >comment.csv
good '24 x 3 species 1' 'the header is the comment' -e comment.csv
{ echo '# made on a Tuesday, by hand'; cat plain.csv; } >made.csv
good '24 x 3 species 1' '' -e made.csv
{ echo 0,1,2; cat bare.csv; } >unnamed.csv
good '24 x 3 species 1' '' -e unnamed.csv -m ids.csv
{ echo ,0,1,2; of , '{ print NR - 1, $2, $3, $4 }'; } >index.csv
{ echo processid,species; of , '{ print NR - 1, $5 }'; } >numbers.csv
good '24 x 3 species 1' 'ids: column 1, which has no name' -e index.csv -m numbers.csv

# ids: names that are all different, in the first column or in that which is called so; never a feature
{ echo f1,f2,f3; of , '{ print $2, $3, $4 }'; } >no_id.csv
good '24 x 3 species 1' 'have no ids' -e no_id.csv -m ids.csv
{ echo record,f1,f2,f3; of , '{ print $1, $2, $3, $4 }'; } >record.csv
good '24 x 3 species 1' 'ids: column record' -e record.csv -m ids.csv
{ echo kind,f1,f2,f3; of , '{ print $5, $2, $3, $4 }'; } >kind.csv
good '24 x 3 kind 1' 'labels: kind; features: 3 columns' -e kind.csv
{ echo n,f1,f2,f3; of , '{ print NR, $2, $3, $4 }'; } >counted.csv
{ echo processid,species; of , '{ print NR, $5 }'; } >numbers1.csv
good '24 x 3 species 1' 'ids: column n' -e counted.csv -m numbers1.csv
good '24 x 4 species 1' 'have no ids' -e counted.csv -m ids.csv --id-column none --scale zscore
{ echo a,b,c; of , '{ print NR * 3, int($2 * 10), int($3 * 10) }'; } >whole.csv
expect 3 "column a holds whole numbers that are all different, as ids do, and so may the features; --id-column a takes it for the ids, --id-column none for a feature" \
    "$ZSC" run --reduce none -e whole.csv -m numbers1.csv -o results
good '24 x 3 species 1' '' -e whole.csv -m numbers1.csv --id-column none --scale zscore
{ echo processid,species; of , '{ print NR * 3, $5 }'; } >numbers3.csv
good '24 x 2 species 1' '' -e whole.csv -m numbers3.csv --id-column a
sed '3s/,[^,]*$/,nan/' whole.csv >whole_nan.csv # no number is no fraction either
expect 3 'column a holds whole numbers that are all different' "$ZSC" run --reduce none -e whole_nan.csv -m numbers1.csv -o results
expect 3 "no column b9, which id-column names" "$ZSC" run --reduce none -e whole.csv -m ids.csv --id-column b9 -o results

# names without regard to case; labels are no features
{ echo ProcessID,F1,F2,F3,Species; sed 1d plain.csv; } >capital.csv
good '24 x 3 species 1' '' -e capital.csv
{ echo PROCESSID,SPECIES; sed 1d ids.csv; } >capital_ids.csv
good '24 x 3 species 1' '' -e no_id.csv -m capital_ids.csv
for name in target Label y class_id; do
    { echo f1,f2,f3,$name; of , '{ print $2, $3, $4, $6 }'; } >target.csv
    good "24 x 3 $name 1" "labels: $name; features: 3 columns" -e target.csv
done
{ echo x,y,z; of , '{ print $2, $3, $4 }'; } >xyz.csv
good '24 x 3 species 1' '' -e xyz.csv -m ids.csv
{ echo f1,f2,f3,target; of , '{ print $2, $3, $4, $4 / 2 }'; } >regression.csv
good '24 x 4 species 1' '' -e regression.csv -m ids.csv
{ echo f1,f2,f3,site; of , '{ print $2, $3, $4, $6 }'; } >site.csv
good '24 x 3 site 1' 'labels: site' -e site.csv --label-column site
good '24 x 4 species 1' '' -e site.csv -m ids.csv

# delimiters and decimals
{ echo 'processid;f1;f2;f3;species'; of ';' '{ print $1, $2, $3, $4, $5 }' | tr . ,; } >german.csv
good '24 x 3 species 1' 'fields are separated by semicolons; decimal commas' -e german.csv
{ echo 'processid;species'; of ';' '{ print $1, $5 }'; } >german_ids.csv
good '24 x 3 species 1' '' -e no_id.csv -m german_ids.csv
of ' ' '{ print "  " $2, "  " $3, $4 " " }' >matrix.txt
good '24 x 3 species 1' 'fields are separated by blanks' -e matrix.txt -m ids.csv
{ echo 'processid|f1|f2|f3|species'; of '|' '{ print $1, $2, $3, $4, $5 }'; } >pipe.csv
good '24 x 3 species 1' '' -e pipe.csv --delimiter '|'
expect 2 "delimiter expects one of , ; | tab whitespace, not 'x'" "$ZSC" run --reduce none -e matrix.txt -m ids.csv --delimiter x -o results
expect 2 'decimal expects . or , not' "$ZSC" run --reduce none -e matrix.txt -m ids.csv --decimal x -o results
sed '5s/,/./g' german.csv >mixed.csv
expect 3 "line 5, column f1: '10.0000' is not a number" "$ZSC" run --reduce none -e mixed.csv -o results
expect 3 'these columns hold text: processid, f1, f2, f3, species' "$ZSC" run --reduce none -e german.csv --delimiter ';' --decimal . -o results
sed '4s/,[0-9.]*,Apis/,0x10,Apis/' plain.csv >hex.csv
expect 3 "line 4, column f3: '0x10' is not a number" "$ZSC" run --reduce none -e hex.csv -o results

# R: row names without a name, quoted TSV, blanks
{ printf '"f1"\t"f2"\t"f3"\t"species"\n'; awk '{ printf "\"%s\"\t%s\t%s\t%s\t\"%s\"\n", $1, $2, $3, $4, $5 }' rows; } >write_table.tsv
good '24 x 3 species 1' 'rows have one field more than the header, the first: names of rows, as R writes them; ids: column row.names' -e write_table.tsv
tr '\t' ' ' <write_table.tsv >write_table.txt
good '24 x 3 species 1' 'fields are separated by blanks' -e write_table.txt
{ printf '"processid"\t"species"\n'; awk '{ printf "\"%s\"\t\"%s\"\n", $1, $5 }' rows; } >quoted.tsv
good '24 x 3 species 1' '' -e no_id.csv -m quoted.tsv
sed 's/$/,/' plain.csv | sed '1s/,$//' >trailing.csv
expect 3 'line 2: 6 fields, expected 5 as in the header' "$ZSC" run --reduce none -e trailing.csv -o results
printf 'processid\tspecies\n' >bold.tsv
awk '{ printf "%s\t%s \"x\n", $1, $5 }' rows >>bold.tsv # a quote within TSV is a letter
good '24 x 3 species 1' '' -e no_id.csv -m bold.tsv

"$ZSC" info bare.csv >out 2>err || fail "info: $(cat err)"
grep -q 'no header' out || fail "info says what was guessed: $(cat out)"

# ids that begin with #: rows, where a table has no header; comments are other lines before the first row or the header
{ echo processid,species; awk '{ print (NR % 3 == 1 ? "#" : "r") NR "," $5 }' rows; } >hashes.csv
bare_hashes() { awk '{ print (NR % 3 == 1 ? "#" : "r") NR "," $2 "," $3 "," $4 }' rows; }
bare_hashes >bare_hashes.csv
good '24 x 3 species 1' 'no header, since the first row holds numbers: the columns are called c1 to c4; the first row begins with #, which is part of its id' -e bare_hashes.csv -m hashes.csv
{ echo '# made by a program'; echo '# 2,3,4,5'; bare_hashes; } >commented.csv
good '24 x 3 species 1' 'of the lines that begin with # have as many fields: taken for comments' -e commented.csv -m hashes.csv
{ echo '#id,x,y,z'; bare_hashes; } >hash_header.csv
good '24 x 3 species 1' 'the header is the comment before the first row' -e hash_header.csv -m hashes.csv
{ echo 'id,x,y,z'; bare_hashes; } >plain_header.csv
good '24 x 3 species 1' '' -e plain_header.csv -m hashes.csv
{ echo '#0,0.5,0.5,0.5'; echo 'id,x,y,z'; bare_hashes; } >hash_row_header.csv # a row that was commented out
good '24 x 3 species 1' '' -e hash_row_header.csv -m hashes.csv
sed 's/^r/#/' hashes.csv >all_hashes.csv
bare_hashes | sed 's/^r/#/' >all_bare_hashes.csv
good '24 x 3 species 1' 'no header' -e all_bare_hashes.csv -m all_hashes.csv
{ echo '#a,1,2,3'; bare_hashes; } >rising.csv # a header of numbers, or a row
"$ZSC" info rising.csv --no-header | grep -qx 'rows *25' || fail "--no-header: $("$ZSC" info rising.csv --no-header)"
"$ZSC" info rising.csv | grep -qx 'rows *24' || fail "a comment before rows: $("$ZSC" info rising.csv)"
{ echo '# made by a program'; cat hashes.csv; } >commented_hashes.csv
good '24 x 3 species 1' '' -e plain_header.csv -m commented_hashes.csv

# rows that could be a header: the first row of whole numbers after an id is a row, rising ones are names, and that is said
{ echo processid,species; awk '{ print "r" NR "," $5 }' rows; } >rs.csv
awk '{ print "r" NR "," int($2 * 10 + 90) "," int($3 * 10 + 90) "," int($4 * 10) }' rows >whole_bare.csv
good '24 x 3 species 1' 'no header, since the first row holds numbers' -e whole_bare.csv -m rs.csv
{ echo r,400,410,420; awk '{ print "r" NR "," $2 "," $3 "," $4 }' rows; } >spectra.csv
good '24 x 3 species 1' 'the first row, from r to 420, is the header (--no-header takes it for a row)' -e spectra.csv -m rs.csv
of , '{ print $2 }' >one.csv
good '24 x 1 species 1' 'no header' -e one.csv -m ids.csv
# fractions with a text among them are neither ids nor labels
{ echo f1,f2,species; of , '{ print NR == 3 ? "NA" : $2 + NR / 1000, $3, $5 }'; } >na_first.csv
expect 3 "column f1 holds fractions, and in row 3 'NA', which is not a number" "$ZSC" run --reduce none -e na_first.csv -o results
{ echo processid,f1,target; of , '{ print $1, $2, NR == 4 ? "NA" : $3 }'; } >na_target.csv
expect 3 "column target holds fractions, and in row 4 'NA'" "$ZSC" run --reduce none -e na_target.csv -o results
# -1 among labels that are whole numbers is missing, as in files of other formats
{ echo processid,f1,f2,f3,species; of , '{ print $1, $2, $3, $4, NR == 3 || NR == 7 ? -1 : $6 }'; } >minus_one.csv
good '24 x 3 species 1' '' -e minus_one.csv
{ echo processid,f1,f2,f3,species; of , '{ print $1, $2, $3, $4, NR == 3 || NR == 7 ? "-1" : $5 }'; } >name.csv
"$ZSC" info name.csv | grep -E -q '^species +3 +24 +0 ' || fail "-1 among names is a name: $("$ZSC" info name.csv)"
# beside a column of ids, numbers and names of rows are no features: pandas' and R's index, written once more or not
{ echo ,ID,f1,f2,f3,species; of , '{ print NR - 1, $1, $2, $3, $4, $5 }'; } >counted.csv
good '24 x 3 species 1' 'column 1 without a name names or counts the rows, and is left out' -e counted.csv
{ echo X,processid,f1,f2,f3,species; of , '{ print NR, $1, $2, $3, $4, $5 }'; } >counted_r.csv
good '24 x 3 species 1' 'column 1, X names or counts the rows, and is left out' -e counted_r.csv
{ echo processid,rownames,f1,f2,f3,species; of , '{ print $1, "row " NR, $2, $3, $4, $5 }'; } >named_rows.csv
good '24 x 3 species 1' 'column 2, rownames names or counts the rows, and is left out' -e named_rows.csv
{ echo processid,X,f2,f3,species; of , '{ print $1, $2, $3, $4, $5 }'; } >coordinate.csv # X is a feature
good '24 x 3 species 1' '' -e coordinate.csv
{ echo processid,index,f2,f3,species; of , '{ print $1, NR % 7, $3, $4, $5 }'; } >index.csv # and so is an index of something else
"$ZSC" info index.csv | grep -E -q '^index +- +24 +3 ' || fail "a feature called index: $("$ZSC" info index.csv)"
# tens of thousands of columns, as features and in metadata: time in proportion to them
awk 'BEGIN { n = 30000; for (r = 0; r < 4; r++) { printf r ? "s" r : "id"; for (i = 0; i < n; i++) printf r ? "," r * i + 0.5 : ",c" i; print "" } }' >wide.csv
run timeout 20 "$ZSC" select -e wide.csv
[ "$status" -eq 0 ] && grep -q '^kept  *3$' out || fail "30,000 features: $status $(cat err)"
run timeout 20 "$ZSC" info wide.csv
[ "$status" -eq 0 ] || fail "30,000 columns in info: $status $(cat err)"
{ echo id,f1,f2; for s in 1 2 3; do echo "s$s,$s.5,1.5"; done; } >narrow.csv
run timeout 20 "$ZSC" select -e narrow.csv -m wide.csv
[ "$status" -eq 0 ] && grep -q "metadata 'wide.csv' has 30001 columns, too many to find the ranks among them: --ranks" err ||
    fail "30,000 columns of metadata: $status $(cat err)"
# which words are missing is the user's word here, too: for the first row, and for -1 among whole numbers
missing() { # FILE WORDS...: rows that the first rank scores
    file=$1; shift
    run "$ZSC" run --reduce none --clusters 2 --format csv -e "$file" "$@"
    [ "$status" -eq 0 ] || { echo "refused: $(tail -n 1 err)"; return; }
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { print $c["rank"], $c["rows"], $c["classes"] }' out
}
{ echo 'processid,f1,f2,species'; of , '{ print $1, $2, $3, NR == 5 ? "unknown" : NR < 4 ? -1 : NR % 2 }'; } >codes.csv
got=$(missing codes.csv --missing-values unknown)
[ "$got" = 'species 20 2' ] || fail "-1 among whole numbers with --missing-values: $got"
got=$(missing codes.csv)
[ "$got" = 'species 24 4' ] || fail "-1 beside a word that is no missing label: $got"
{ echo 'processid,f1,f2,species'; of , '{ print $1, $2, $3, NR == 5 ? "NA" : NR < 4 ? -1 : NR % 2 }'; } >na_codes.csv
got=$(missing na_codes.csv)
[ "$got" = 'species 20 2' ] || fail "-1 beside NA: $got"
got=$(missing na_codes.csv --missing-values unknown)
[ "$got" = 'species 24 4' ] || fail "-1 beside NA, which is a name: $got"
{ echo 'processid,f1,f2,target'; of , '{ print $1, $2, $3, NR == 1 ? "unknown" : NR % 2 }'; } >first.csv
got=$(missing first.csv --missing-values unknown)
[ "$got" = 'target 23 2' ] || fail "a missing label in the first row: $got"
for what in run info import; do # every command that opens the table
    case $what in
    run) set -- run --reduce none --clusters 2 -e codes.csv ;;
    info) set -- info codes.csv ;;
    import) set -- import codes.csv -o codes.h5 ;;
    esac
    run "$ZSC" "$@" --missing-values unknown
    [ "$status" -eq 0 ] || fail "$what: $(cat err)"
done
run "$ZSC" info codes.h5
grep -E 'species .*20' out >/dev/null || fail "import: $(cat out)"
finish
