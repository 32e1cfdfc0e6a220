/* From merges to a linkage matrix (dendrogram.c). */
#ifndef ZSC_WARD_DENDROGRAM_H
#define ZSC_WARD_DENDROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/status.h"

enum { ZSC_WARD_ROWS_MOST = 1 << 30 }; /* cluster numbers, up to 2 n - 2, are int32_t */

/* Two clusters, each identified by any of its rows, merge at a height. */
typedef struct zsc_ward_merge {
    int32_t a, b;
    double height;
} zsc_ward_merge;

/* Writes the n - 1 merges, each of clusters made before it, as SciPy's linkage matrix z ((n - 1) x 4): sorted by
 * height, equal heights in the order given. A cluster must not merge at a lower height than those of its children. */
zsc_status zsc_ward_dendrogram_make(const zsc_ward_merge *merges, size_t n, double *z);

#endif
