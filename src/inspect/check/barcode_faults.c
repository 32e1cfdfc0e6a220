/* BOLD's standard of a barcode: 500 bases or more, and less than 1 % of N (Hanner 2009, Data standards for BARCODE
 * records in INSDC). Stop codons are those of the invertebrate mitochondrial code (NCBI's table 5): TAA and TAG. The
 * frame is not known, so that a barcode counts as interrupted where each of its three frames is. */
#include "inspect/check/barcode_faults.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"

enum { SHORTEST = 500, MOST_N = 100 /* one base in as many */ };

/* What a letter is: bits, with the digit of a base in the lowest two, of which stop codons are made. */
enum { A = 1, G = 2, T = 3, BASE = 4, UNKNOWN = 8, AMBIGUOUS = 16, GAP = 32, OTHER = 0, DIGIT = 3 };

#define BOTH(upper, lower, kind) [upper] = (kind), [lower] = (kind)
static const unsigned char kind_of[256] = {
    BOTH('A', 'a', BASE | A),  BOTH('C', 'c', BASE),      BOTH('G', 'g', BASE | G),  BOTH('T', 't', BASE | T),
    BOTH('N', 'n', UNKNOWN),   BOTH('R', 'r', AMBIGUOUS), BOTH('Y', 'y', AMBIGUOUS), BOTH('S', 's', AMBIGUOUS),
    BOTH('W', 'w', AMBIGUOUS), BOTH('K', 'k', AMBIGUOUS), BOTH('M', 'm', AMBIGUOUS), BOTH('B', 'b', AMBIGUOUS),
    BOTH('D', 'd', AMBIGUOUS), BOTH('H', 'h', AMBIGUOUS), BOTH('V', 'v', AMBIGUOUS), ['-'] = GAP,
};

/* TAA and TAG: 3 1 1 and 3 1 2. */
static unsigned is_stop(unsigned a, unsigned b, unsigned c)
{
    return ((a << 4 | b << 2 | c) & 63) - (T << 4 | A << 2 | A) <= 1;
}

/* Whether all letters are A, C, G and T; *stops: the fewest stop codons of the three frames. */
static bool scan(const char *barcode, size_t length, size_t *stops)
{
    const unsigned char *at = (const unsigned char *)barcode;
    size_t frame[3] = {0}, i = 0;
    unsigned all = BASE, a = 0, b = 0; /* the two letters before */
    for (; i < 2 && i < length; i++) {
        a = b, b = kind_of[at[i]];
        all &= b;
    }
    for (; i + 3 <= length; i += 3) {
        unsigned c = kind_of[at[i]], d = kind_of[at[i + 1]], e = kind_of[at[i + 2]];
        all &= c & d & e;
        frame[0] += is_stop(a & DIGIT, b & DIGIT, c & DIGIT);
        frame[1] += is_stop(b & DIGIT, c & DIGIT, d & DIGIT);
        frame[2] += is_stop(c & DIGIT, d & DIGIT, e & DIGIT);
        a = d, b = e;
    }
    for (size_t k = 0; i < length; i++, k++) {
        unsigned c = kind_of[at[i]];
        all &= c;
        frame[k] += is_stop(a & DIGIT, b & DIGIT, c & DIGIT);
        a = b, b = c;
    }
    *stops = frame[0] < frame[1] ? frame[0] : frame[1];
    if (frame[2] < *stops) *stops = frame[2];
    return all == BASE;
}

typedef struct letters {
    size_t unknown, ambiguous, gaps, other;
    char first_other;
} letters;

static letters count_letters(const char *barcode, size_t length)
{
    letters l = {0};
    for (size_t i = 0; i < length; i++) {
        unsigned kind = kind_of[(unsigned char)barcode[i]];
        l.unknown += kind == UNKNOWN;
        l.ambiguous += kind == AMBIGUOUS;
        l.gaps += kind == GAP;
        if (kind == OTHER && l.other++ == 0) l.first_other = barcode[i];
    }
    return l;
}

zsc_status zsc_barcode_faults(const char *barcode, size_t length, size_t row, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    letters l = {0};
    size_t bases, stops;
    while (length > 0 && kind_of[(unsigned char)barcode[length - 1]] == UNKNOWN) length--;
    if (length == 0) return ZSC_OK;
    if (!scan(barcode, length, &stops)) l = count_letters(barcode, length);
    bases = length - l.gaps;
    if (bases < SHORTEST)
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_LENGTH, row, 1, "the barcode of row %zu has %zu base%s", row,
                                 bases, zsc_plural(bases)));
    if (l.unknown * MOST_N >= bases && l.unknown)
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_N, row, 1, "%zu of the %zu bases of row %zu are N", l.unknown,
                                 bases, row));
    if (l.ambiguous)
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_AMBIGUOUS, row, 1,
                                 "the barcode of row %zu has %zu ambiguity code%s beside N", row, l.ambiguous,
                                 zsc_plural(l.ambiguous)));
    if (l.other)
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_LETTERS, row, 1,
                                 "the barcode of row %zu has %zu letter%s for no base, the first is '%c'", row, l.other,
                                 zsc_plural(l.other), isprint((unsigned char)l.first_other) ? l.first_other : '?'));
    if (stops)
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_BARCODE_STOP, row, 1,
                                 "each frame of the barcode of row %zu has stop codons, the best %zu", row, stops));
done:
    return status;
}
