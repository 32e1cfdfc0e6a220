/* What the files of this module share. The public side is zsc/umap.h. */
#ifndef ZSC_UMAP_UMAP_H
#define ZSC_UMAP_UMAP_H

#include "zsc/umap.h"

enum { ZSC_UMAP_DIM_MOST = 256 }; /* n_components at most */

/* Number of epochs after which an edge that is too weak to be visited even once is dropped: an edge goes when its
 * weight is below max / n_epochs (of the default number where 10 epochs or fewer were asked for, as in umap-learn). */
zsc_status zsc_graph_prune(const zsc_graph *graph, const zsc_umap_options *options, zsc_graph *out);

/* Puts a component's `count` rows into an order in which neighbours are near one another; position[row] becomes a row's
 * place in it. O(edges). */
void zsc_graph_order(const zsc_graph *graph, int32_t *rows, size_t count, int32_t *position);

/* The rows of one component as a graph of its own. rows: the component's `count` rows, in any order; position[row] is a
 * row's place in that list. */
zsc_status zsc_graph_part(const zsc_graph *graph, const int32_t *rows, size_t count, const int32_t *position,
                          zsc_graph *out);

/* Joins near rows (coarsen.c): group[i] is the row of *out that row i goes into. *out has a diagonal: what its rows'
 * own edges weighed. */
zsc_status zsc_graph_coarsen(const zsc_graph *graph, int threads, int32_t *group, zsc_graph *out);

/* --- The eigensolver (eigen.c) */
typedef struct zsc_spectrum {
    size_t passes;   /* products of the matrix with the whole block */
    double residual; /* largest |A v - theta v| among the wanted vectors */
    bool converged;  /* residual <= tolerance */
} zsc_spectrum;

/* Eigenvectors 2 .. want + 1 of the symmetric normalised Laplacian of a connected graph, by growing eigenvalue:
 * vectors (n x want, row-major, unit columns), values (want; NULL: not asked for). want < n. */
zsc_status zsc_graph_spectrum(const zsc_graph *graph, size_t want, double tolerance, uint64_t seed,
                              const zsc_exec *exec, float *vectors, double *values, zsc_spectrum *info);

/* --- The layout (layout.c) */
/* Bytes that the layout of a graph of n rows and so many edges (both directions counted) needs beyond the graph and y.
 */
size_t zsc_layout_memory(size_t n, size_t dim, size_t edges);

#endif
