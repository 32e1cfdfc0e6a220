/* An order of rows in which most edges of a graph are within patches of consecutive rows (patches.c). */
#ifndef ZSC_UMAP_PATCHES_H
#define ZSC_UMAP_PATCHES_H

#include "zsc/umap.h"

/* position[row] becomes the row's position in the order: patch k holds positions k rows .. (k + 1) rows - 1. ROWS >= 1.
 * Where weights tie, the row with the lower number comes first. O(edges log(edges of a patch)) time; memory:
 * zsc_umap_patches_memory. ZSC_EUSAGE: out of memory. */
zsc_status zsc_umap_patches(const zsc_graph *graph, size_t rows, int32_t *position);

/* Bytes beside graph and position, but for the edges that leave a patch while it grows. */
size_t zsc_umap_patches_memory(size_t n);

#endif
