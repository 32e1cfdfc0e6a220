/* BOLD's standard of a barcode: 500 bases or more, and less than 1 % of N (Hanner 2009, Data standards for BARCODE
 * records in INSDC). Stop codons are those of the invertebrate mitochondrial code (NCBI's table 5): TAA and TAG. The
 * frame is not known, so that a barcode counts as interrupted where each of its three frames is. */
#include "inspect/check/barcode_faults.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"

enum { SHORTEST = 500, MOST_N = 100 /* one base in as many */ };

typedef enum base_kind { BASE, UNKNOWN, AMBIGUOUS, GAP, OTHER } base_kind;

static base_kind kind_of(char letter)
{
    switch (toupper((unsigned char)letter)) {
    case 'A':
    case 'C':
    case 'G':
    case 'T': return BASE;
    case 'N': return UNKNOWN;
    case '-': return GAP;
    default: return letter && strchr("RYSWKMBDHVrysmkwbdhv", letter) ? AMBIGUOUS : OTHER;
    }
}

static bool is_stop(const char *codon)
{
    char a = (char)toupper((unsigned char)codon[0]), b = (char)toupper((unsigned char)codon[1]),
         c = (char)toupper((unsigned char)codon[2]);
    return a == 'T' && b == 'A' && (c == 'A' || c == 'G');
}

/* The fewest stop codons of the three frames. */
static size_t count_stops(const char *barcode, size_t length)
{
    size_t stops[3] = {0};
    for (size_t i = 0; i + 3 <= length; i++) stops[i % 3] += is_stop(barcode + i);
    size_t least = stops[0] < stops[1] ? stops[0] : stops[1];
    return stops[2] < least ? stops[2] : least;
}

zsc_status zsc_barcode_faults(const char *barcode, size_t length, size_t row, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    size_t count[OTHER + 1] = {0}, gaps, stops;
    char other = 0;
    while (length > 0 && kind_of(barcode[length - 1]) == UNKNOWN) length--;
    if (length == 0) return ZSC_OK;
    for (size_t i = 0; i < length; i++) {
        base_kind kind = kind_of(barcode[i]);
        count[kind]++;
        if (kind == OTHER && !other) other = barcode[i];
    }
    gaps = count[GAP];
    if (length - gaps < SHORTEST)
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_LENGTH, row, 1, "the barcode of row %zu has %zu base%s", row,
                                 length - gaps, zsc_plural(length - gaps)));
    if (count[UNKNOWN] * MOST_N >= length - gaps && count[UNKNOWN])
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_N, row, 1, "%zu of the %zu bases of row %zu are N", count[UNKNOWN],
                                 length - gaps, row));
    if (count[AMBIGUOUS])
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_AMBIGUOUS, row, 1,
                                 "the barcode of row %zu has %zu ambiguity code%s beside N", row, count[AMBIGUOUS],
                                 zsc_plural(count[AMBIGUOUS])));
    if (count[OTHER])
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_LETTERS, row, 1,
                                 "the barcode of row %zu has %zu letter%s for no base, the first is '%c'", row,
                                 count[OTHER], zsc_plural(count[OTHER]), isprint((unsigned char)other) ? other : '?'));
    if ((stops = count_stops(barcode, length)))
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_STOP, row, 1,
                                 "each frame of the barcode of row %zu has stop codons, the best %zu", row, stops));
done:
    return status;
}
