/* The layout (layout.c) on a pruned graph. */
#ifndef ZSC_UMAP_LAYOUT_H
#define ZSC_UMAP_LAYOUT_H

#include <stdbool.h>

#include "zsc/umap.h"

/* Who keeps layouts that are not finished. */
typedef struct zsc_umap_keeper {
    bool (*due)(void *owner); /* asked before each epoch */
    /* Takes the coordinates before an epoch (n x n_components, of the caller's rows): a layout that is resumed there
     * equals one that never stopped. Called where one is due, and where the layout is interrupted. */
    zsc_status (*keep)(void *owner, size_t epoch, const float *y);
    void *owner;
} zsc_umap_keeper;

/* zsc_umap_layout on a graph that was pruned, which is freed as soon as the schedule is made. KEEPER: NULL, or who is
 * given y before some epochs; y has then another value also on failure. */
zsc_status zsc_umap_layout_pruned(zsc_graph *graph, const zsc_umap_options *options, size_t first_epoch,
                                  size_t last_epoch, const zsc_umap_keeper *keeper, const zsc_exec *exec, float *y);

/* Edge updates of a pruned graph in the epochs first .. last - 1. One pass over its edges. */
double zsc_umap_edge_updates(const zsc_graph *graph, size_t first, size_t last);

/* Bytes that the layout of a graph of n rows and `edges` edges (both directions counted) needs beyond the graph and y.
 */
size_t zsc_umap_layout_memory(size_t n, size_t dim, size_t edges, int threads);

#endif
