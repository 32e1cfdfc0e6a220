/* Graph coarsening (coarsen.c), for the eigensolver. */
#ifndef ZSC_UMAP_COARSEN_H
#define ZSC_UMAP_COARSEN_H

#include "zsc/umap.h"

/* Merges near rows into groups: group[i] is the row of *out that row i becomes part of. *out has a diagonal: the
 * weights within each group. The caller frees *out. ZSC_EUSAGE: memory would exceed the limit. */
zsc_status zsc_umap_graph_coarsen(const zsc_graph *graph, const zsc_exec *exec, int32_t *group, zsc_graph *out);

#endif
