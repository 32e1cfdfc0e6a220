/* Hashes of ids, barcodes, rows and columns: sorted in the end to find what repeats. */
#ifndef ZSC_INSPECT_DIGESTS_H
#define ZSC_INSPECT_DIGESTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "zsc/status.h"

typedef struct zsc_row_digest {
    zsc_digest digest;
    uint32_t row;
} zsc_row_digest;

typedef struct zsc_row_digests { /* start from {0}; .item is freed by its owner */
    zsc_row_digest *item;
    size_t count, capacity;
} zsc_row_digests;

zsc_status zsc_row_digests_add(zsc_row_digests *list, zsc_digest digest, size_t row);
/* By digest and row. Beyond a few thousand it takes as much memory again while it works; .item may move. */
zsc_status zsc_row_digests_sort(zsc_row_digests *list);
/* How many of the sorted list are equal to an earlier one; the first such pair, by the row of the second (SIZE_MAX:
 * none). FIRST and SECOND may be NULL. */
size_t zsc_row_digests_repeats(const zsc_row_digests *list, size_t *first, size_t *second);

#endif
