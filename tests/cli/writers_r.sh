#!/bin/sh
# The programs of doc/writing.md for R, and other ways of R, data.table and rhdf5 to write a file: zsc finds every id,
# label and number.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
. "$ZSC_SRCDIR/tests/cli/writers_lib.sh"
command -v Rscript >/dev/null || skip "R is not installed (Debian package r-base-core)"
Rscript -e 'quit(status = !(requireNamespace("rhdf5", quietly = TRUE) && requireNamespace("data.table", quietly = TRUE)))' >/dev/null 2>&1 ||
    skip "R's packages rhdf5 or data.table are not installed (Debian packages r-bioc-rhdf5, r-cran-data.table)"
cat >data.r <<'E'
x <- unname(as.matrix(read.table("x.txt"))); ids <- readLines("ids.txt"); species <- readLines("species.txt")
E
for n in 1 2; do
    { cat data.r; program $n r; } >program.r
    Rscript program.r >r.out 2>&1 || fail "program $n for R: $(cat r.out)"
done
check r.csv r
check r.h5 my_encoder

cat data.r - >ways.r <<'E'
frame <- data.frame(id = ids, species = species, x)
named <- data.frame(species = species, x, row.names = ids)
write.csv(frame, "numbered.csv")                                   # and the numbers of the rows
write.csv(named, "named.csv")                                      # row names under ""
write.csv2(frame, "europe.csv", row.names = FALSE)                 # semicolons and decimal commas
write.table(named, "blanks.txt")                                   # a header that is shorter by one
write.table(frame, "tabs.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
write.table(named, "quoted.tsv", sep = "\t", col.names = NA)
frame$species[frame$species == ""] <- NA
write.csv(frame, "missing.csv", row.names = FALSE)                 # NA without quotes
data.table::fwrite(frame, "fwrite.csv")                            # an empty field
data.table::fwrite(frame, "fwrite_tabs.tsv", sep = "\t", na = "NA")
data.table::fwrite(frame, "fwrite_europe.csv", sep = ";", dec = ",")
data.table::fwrite(frame, "fwrite_packed.csv.gz")
suppressMessages(library(rhdf5))
h5createFile("plain.h5")                                           # other names: by their paths
h5write(t(x), "plain.h5", "features"); h5write(ids, "plain.h5", "names"); h5write(species, "plain.h5", "taxon")
E
Rscript ways.r >r.out 2>&1 || { cat r.out >&2; exit 99; }
for file in numbered.csv named.csv europe.csv blanks.txt tabs.tsv quoted.tsv missing.csv fwrite.csv fwrite_tabs.tsv fwrite_europe.csv \
    fwrite_packed.csv.gz; do
    check $file ${file%%.*}
done
check plain.h5 features --h5-embedding /features --h5-id /names --h5-label species=/taxon
finish
