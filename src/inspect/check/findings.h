/* What `zsc check` finds: rules, how often each is broken, and where. */
#ifndef ZSC_INSPECT_FINDINGS_H
#define ZSC_INSPECT_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "zsc/status.h"

typedef enum zsc_check_rule {
    ZSC_RULE_REPEATED_ID,
    ZSC_RULE_EMPTY_ID,
    ZSC_RULE_BARCODE_CONFLICT,
    ZSC_RULE_BARCODE_DEPTH,
    ZSC_RULE_TWO_PARENTS,
    ZSC_RULE_GENUS_OF_SPECIES,
    ZSC_RULE_HOLE,
    ZSC_RULE_NOT_IDENTIFIED,
    ZSC_RULE_PLACEHOLDER,
    ZSC_RULE_SIMILAR_NAMES,
    ZSC_RULE_BARCODE_LENGTH,
    ZSC_RULE_BARCODE_N,
    ZSC_RULE_BARCODE_AMBIGUOUS,
    ZSC_RULE_BARCODE_LETTERS,
    ZSC_RULE_BARCODE_STOP,
    ZSC_RULE_BARCODE_REPEATED,
    ZSC_RULE_SPLIT_LEAK,
    ZSC_RULE_COORDINATES,
    ZSC_CHECK_RULES
} zsc_check_rule;

typedef struct zsc_rule_info {
    const char *name, *unit; /* "barcode-conflict", "barcodes" */
    const char *meaning;
    bool notice; /* worth knowing, and no fault */
} zsc_rule_info;
extern const zsc_rule_info zsc_rules[ZSC_CHECK_RULES];

enum { ZSC_FINDING_ROWS = 3 };

typedef struct zsc_finding {
    zsc_check_rule rule;
    size_t row, rows; /* the first row concerned, from 1, and how many */
    size_t text;      /* place in zsc_findings.text */
} zsc_finding;

typedef struct zsc_findings { /* start from {.all = ...} */
    bool all;                 /* whether every finding is kept; otherwise the first of each rule */
    size_t count[ZSC_CHECK_RULES], rows[ZSC_CHECK_RULES];
    size_t first[ZSC_CHECK_RULES][ZSC_FINDING_ROWS]; /* first rows of the first findings; 0: none */
    zsc_finding *item;
    size_t items, capacity;
    zsc_text text;
} zsc_findings;

/* One more: the format makes its sentence. */
__attribute__((format(printf, 5, 6))) zsc_status zsc_findings_add(zsc_findings *findings, zsc_check_rule rule,
                                                                  size_t row, size_t rows, const char *format, ...);
const char *zsc_finding_text(const zsc_findings *findings, const zsc_finding *finding);
/* "s" for a number that is not 1. */
static inline const char *zsc_plural(size_t count) { return count == 1 ? "" : "s"; }
/* Rules broken, without notices. */
size_t zsc_findings_faults(const zsc_findings *findings);
void zsc_findings_free(zsc_findings *findings);

#endif
