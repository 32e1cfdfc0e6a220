/* The initialisation of the layout (init.c) on a pruned graph. */
#ifndef ZSC_UMAP_INIT_H
#define ZSC_UMAP_INIT_H

#include "zsc/umap.h"

/* zsc_umap_initialise on a graph that was pruned. */
zsc_status zsc_umap_initialise_pruned(const zsc_graph *graph, const float *x, size_t d, const zsc_umap_options *options,
                                      const zsc_exec *exec, float *y, bool *converged);

#endif
