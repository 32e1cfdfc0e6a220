/* The Leiden algorithm (Traag, Waltman and van Eck 2019) on the graph of nearest neighbours, through igraph's C
 * library.
 *
 *   zsc_leiden_defaults, _check, _cluster_rows, _cluster_graph, _free, _memory    src/leiden/leiden.c
 *   zsc_leiden_library                                                    src/leiden/igraph_partition.c
 *
 * Module: src/leiden
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_LEIDEN_H
#define ZSC_LEIDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/knn.h"
#include "zsc/status.h"
#include "zsc/umap.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_leiden_weights {
    ZSC_LEIDEN_FUZZY,    /* UMAP's fuzzy simplicial set */
    ZSC_LEIDEN_NEIGHBORS /* 1 where both rows are among the other's neighbours, else 1/2 */
} zsc_leiden_weights;

typedef enum zsc_leiden_objective {
    ZSC_LEIDEN_MODULARITY, /* sum over clusters of e / 2m - resolution (K / 2m)^2: e, twice the weights inside; K, the
                              sum of the rows' weights; 2m, that of all rows */
    ZSC_LEIDEN_CPM /* constant Potts model: sum of w - resolution r (r - 1) / 2: w, the weights inside; r, rows */
} zsc_leiden_objective;

typedef struct zsc_leiden_options {
    size_t size;        /* see zsc/status.h */
    size_t n_neighbors; /* of each row, itself included: 2 .. n; n where there are fewer rows */
    zsc_leiden_weights weights;
    zsc_leiden_objective objective;
    double resolution; /* above 0; higher: more clusters. 0: 1 of modularity; the constant Potts model needs one */
    size_t max_iter;   /* 1 or more: iterations end where one changes nothing, and after these */
    zsc_metric metric;
    uint64_t seed;
} zsc_leiden_options;
enum { zsc_leiden_options_first = sizeof(zsc_leiden_options) }; /* in 0.1.0 */

/* n_neighbors 10, fuzzy weights, modularity, resolution 1, max_iter 1000, euclidean, seed 0. */
ZSC_API void zsc_leiden_options_init(zsc_leiden_options *options, size_t size);
static inline zsc_leiden_options zsc_leiden_defaults(void)
{
    zsc_leiden_options options;
    zsc_leiden_options_init(&options, sizeof options);
    return options;
}

typedef struct zsc_leiden {
    size_t n, clusters;
    int32_t *label;    /* n: 0 .. clusters - 1, numbered by the first row of each */
    double quality;    /* the objective; 0 of a graph without edges */
    size_t iterations; /* the last one, which changed nothing, included */
    bool converged;    /* false: max_iter came first */
} zsc_leiden;

/* Version of igraph; NULL: zsc was built without it, and the functions below return ZSC_EUSAGE. */
ZSC_API const char *zsc_leiden_library(void);

/* ZSC_EUSAGE, with the option and what is expected, where one is out of range; and where zsc was built without
 * igraph. */
ZSC_API zsc_status zsc_leiden_check(const zsc_leiden_options *options);

/* Clusters the rows of x (n x d, row-major, finite): neighbours by exact search, their graph, and its partition. exec
 * may be NULL. igraph runs on one thread; the same bytes at any number of threads, but other versions of igraph may
 * find other partitions. igraph's handlers and its random numbers are afterwards what they were before; where igraph
 * is not thread-safe, the host must not call it meanwhile. Rows that no path joins are never in one cluster.
 *
 * Time: the search for neighbours, and nearly linear in the edges. Memory: zsc_leiden_memory. ZSC_EUSAGE: options out
 * of range, memory beyond the limit, or no igraph; ZSC_ENUMERIC: NaN or infinity in x; ZSC_EINTERRUPTED;
 * ZSC_EINTERNAL: out of memory. *out is set on success only; the caller frees it with zsc_leiden_free. */
ZSC_API zsc_status zsc_leiden_cluster_rows(const float *x, size_t n, size_t d, const zsc_leiden_options *options,
                                           const zsc_exec *exec, zsc_leiden *out);
/* The same of a graph as zsc_fuzzy_simplicial_set makes it; ZSC_EINPUT where it is none (zsc_graph_check). */
ZSC_API zsc_status zsc_leiden_cluster_graph(const zsc_graph *graph, const zsc_leiden_options *options,
                                            const zsc_exec *exec, zsc_leiden *out);
/* Frees what `leiden` holds, not leiden itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_leiden_free(zsc_leiden *leiden);

/* Bytes that zsc_leiden_cluster_rows needs at most beyond x. */
ZSC_API size_t zsc_leiden_memory(size_t n, size_t d, const zsc_leiden_options *options, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
