/* Hashes of ids, barcodes, rows and columns: sorted in the end to find what repeats. */
#ifndef ZSC_DATA_MARKS_H
#define ZSC_DATA_MARKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "zsc/status.h"

typedef struct zsc_mark {
    zsc_digest digest;
    uint32_t row;
} zsc_mark;

typedef struct zsc_marks { /* start from {0}; .item is freed by its owner */
    zsc_mark *item;
    size_t count, capacity;
} zsc_marks;

zsc_status zsc_marks_add(zsc_marks *list, zsc_digest digest, size_t row);
/* By digest and row. Beyond a few thousand it takes as much memory again while it works; .item may move. */
zsc_status zsc_marks_sort(zsc_marks *list);
/* How many of the sorted list are equal to an earlier one; the first such pair, by the row of the second (SIZE_MAX:
 * none). FIRST and SECOND may be NULL. */
size_t zsc_marks_repeats(const zsc_marks *list, size_t *first, size_t *second);

#endif
