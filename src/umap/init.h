/* The initialisation of the layout (init.c) on a pruned graph. */
#ifndef ZSC_UMAP_INIT_H
#define ZSC_UMAP_INIT_H

#include "zsc/umap.h"

/* The rows, which locate components that are far apart, and are not wanted afterwards. */
typedef struct zsc_umap_rows {
    const float *x; /* graph->n x d, or NULL: none are given */
    size_t d;
    void (*free)(void *owner); /* called then, once, unless NULL: x, which *exec holds, is freed, and becomes NULL */
    void *owner;
} zsc_umap_rows;

/* zsc_umap_initialise on a graph that was pruned. */
zsc_status zsc_umap_initialise_pruned(const zsc_graph *graph, zsc_umap_rows *rows, const zsc_umap_options *options,
                                      const zsc_exec *exec, float *y, bool *converged);

#endif
