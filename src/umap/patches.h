/* An order of rows in which most edges of a graph are within patches of consecutive rows (patches.c). */
#ifndef ZSC_UMAP_PATCHES_H
#define ZSC_UMAP_PATCHES_H

#include "base/threads.h"
#include "zsc/umap.h"

/* position[row] becomes the row's position in the order: patch k holds positions k rows .. (k + 1) rows - 1. ROWS >= 1.
 * Where weights tie, the row with the lower number comes first. O(edges log(edges of a patch)) time; 8 bytes per row,
 * and 8 for each edge that leaves a patch while it grows. POLLS: asked before each patch. ZSC_EINTERRUPTED;
 * ZSC_EINTERNAL: out of memory. */
zsc_status zsc_umap_patches(const zsc_graph *graph, size_t rows, zsc_polls *polls, int32_t *position);

#endif
