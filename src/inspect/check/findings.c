#include "inspect/check/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

const zsc_rule_info zsc_rules[ZSC_CHECK_RULES] = {
    [ZSC_RULE_REPEATED_ID] = {"repeated-id", "ids", "an id stands in several rows", false},
    [ZSC_RULE_EMPTY_ID] = {"empty-id", "rows", "a row has no id", false},
    [ZSC_RULE_BARCODE_CONFLICT] = {"barcode-conflict", "barcodes", "rows of one barcode have different names at a rank",
                                   false},
    [ZSC_RULE_BARCODE_DEPTH] = {"barcode-depth", "barcodes", "rows of one barcode are named to different ranks", true},
    [ZSC_RULE_TWO_PARENTS] = {"two-parents", "names", "a taxon lies in two taxa of the rank above", false},
    [ZSC_RULE_GENUS_OF_SPECIES] = {"genus-of-species", "names", "the first word of a species is not its genus", false},
    [ZSC_RULE_HOLE] = {"hole", "names", "a rank above is missing where a finer one is named", false},
    [ZSC_RULE_NOT_IDENTIFIED] = {"not-identified", "names", "a name with sp., cf., nr. or aff. and no code", false},
    [ZSC_RULE_PLACEHOLDER] = {"placeholder", "names",
                              "a name that begins with a small letter, or has a full stop, a digit or 'malaise'", true},
    [ZSC_RULE_SIMILAR_NAMES] =
        {"similar-names", "names",
         "two names of a rank that differ in case, blanks, zeros before a number, or one letter of a rare name", false},
    [ZSC_RULE_BARCODE_LENGTH] = {"barcode-length", "rows", "a barcode of fewer than 500 bases", false},
    [ZSC_RULE_BARCODE_N] = {"barcode-n", "rows", "1 % or more of a barcode's bases are N", false},
    [ZSC_RULE_BARCODE_AMBIGUOUS] = {"barcode-ambiguous", "rows", "a barcode has ambiguity codes beside N", true},
    [ZSC_RULE_BARCODE_LETTERS] = {"barcode-letters", "rows", "a barcode has letters that stand for no base", false},
    [ZSC_RULE_BARCODE_STOP] = {"barcode-stop", "rows",
                               "a barcode has stop codons in every frame (invertebrate mitochondrial code)", false},
    [ZSC_RULE_BARCODE_REPEATED] = {"barcode-repeated", "metadata",
                                   "rows have the barcode of another, which raises AMI: --one-per-barcode", true},
    [ZSC_RULE_SPLIT_LEAK] = {"split-leak", "barcodes", "a barcode stands in several splits", false},
    [ZSC_RULE_COORDINATES] = {"coordinates", "rows",
                              "a latitude or longitude is missing beside the other, no number, out "
                              "of range, or both are 0",
                              false},
};

zsc_status zsc_findings_add(zsc_findings *f, zsc_check_rule rule, size_t row, size_t rows, const char *format, ...)
{
    size_t at = f->count[rule]++;
    f->rows[rule] += rows;
    if (at < ZSC_FINDING_ROWS) f->first[rule][at] = row;
    if (!f->all && at >= ZSC_FINDING_ROWS) return ZSC_OK;
    zsc_status status = zsc_grow(&f->item, &f->capacity, f->items + 1, sizeof *f->item, "findings");
    if (status != ZSC_OK) return status;
    f->item[f->items++] = (zsc_finding){rule, row, rows, f->text.length};
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *sentence = length < 0 ? NULL : malloc((size_t)length + 1);
    if (sentence) {
        vsnprintf(sentence, (size_t)length + 1, format, again);
        zsc_text_append_n(&f->text, sentence, (size_t)length + 1);
    }
    va_end(again);
    free(sentence);
    return sentence && !f->text.failed ? ZSC_OK : zsc_fail_memory((size_t)length + 1, 1, "a finding");
}

const char *zsc_finding_text(const zsc_findings *f, const zsc_finding *finding) { return f->text.data + finding->text; }

size_t zsc_findings_faults(const zsc_findings *f)
{
    size_t faults = 0;
    for (size_t r = 0; r < ZSC_CHECK_RULES; r++)
        if (!zsc_rules[r].notice) faults += f->count[r];
    return faults;
}

void zsc_findings_free(zsc_findings *f)
{
    free(f->item);
    free(f->text.data);
    *f = (zsc_findings){0};
}
