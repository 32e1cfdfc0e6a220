/* How often each distinct value of a column occurs, and in which splits: values are kept as digests of 128 bits. */
#ifndef ZSC_INSPECT_VALUE_COUNTS_H
#define ZSC_INSPECT_VALUE_COUNTS_H

#include "inspect/metadata/digest_numbers.h"

enum { ZSC_MOST_SPLITS = 64 };

typedef struct zsc_value_counts { /* start from {.by_split = ...} */
    bool by_split;                /* whether `splits` is kept */
    zsc_digest_numbers values;
    uint32_t *rows;   /* of each value */
    uint64_t *splits; /* a bit per split that has the value */
    size_t rows_capacity, splits_capacity;
    size_t labelled, missing; /* rows */
} zsc_value_counts;

/* One more row with this value; SPLIT is below ZSC_MOST_SPLITS. 4 bytes per value beside its digest, 12 by split. */
zsc_status zsc_value_counts_add(zsc_value_counts *counts, zsc_digest digest, unsigned split);
void zsc_value_counts_free(zsc_value_counts *counts);

#endif
