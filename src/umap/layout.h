/* The layout (layout.c) on a pruned graph. */
#ifndef ZSC_UMAP_LAYOUT_H
#define ZSC_UMAP_LAYOUT_H

#include "zsc/umap.h"

/* zsc_umap_layout on a graph that was pruned, which is freed as soon as the schedule is made. */
zsc_status zsc_umap_layout_pruned(zsc_graph *graph, const zsc_umap_options *options, size_t first_epoch,
                                  size_t last_epoch, const zsc_exec *exec, float *y);

/* Bytes that the layout of a graph of n rows and `edges` edges (both directions counted) needs beyond the graph and y.
 */
size_t zsc_umap_layout_memory(size_t n, size_t dim, size_t edges);

#endif
