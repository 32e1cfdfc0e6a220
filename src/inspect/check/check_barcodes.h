/* Rows of one barcode: different names, names to different ranks, several splits. */
#ifndef ZSC_INSPECT_CHECK_BARCODES_H
#define ZSC_INSPECT_CHECK_BARCODES_H

#include "inspect/check/specimen_codes.h"

/* The most frequent name of a group of rows at a rank; of equally frequent ones the first. */
typedef struct zsc_majority {
    size_t names, labelled, rows; /* distinct names, rows with one, rows with the most frequent */
    int32_t name, second;         /* -1: none */
    uint32_t other;               /* the first row (of the specimens) with another name */
} zsc_majority;
/* SCRATCH: 2 * count numbers. O(count * names). */
zsc_majority zsc_find_majority(const int32_t *code, const uint32_t *row, size_t count, int32_t *scratch);
/* Whether the majority resolves a conflict: nine rows of ten with a name, as in BIOSCAN-5M (section A4.3). */
bool zsc_majority_resolves(const zsc_majority *majority);

zsc_status zsc_check_barcodes(const zsc_specimens *s, zsc_findings *findings);

#endif
