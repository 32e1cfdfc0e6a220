/* HDBSCAN: clusters of different density, without their number being given (Campello, Moulavi and Sander 2013; McInnes
 * and Healy 2017), and layers of them from fine to coarse, without their size being given (persistent leaves: PLSCAN,
 * Bot and others 2025). Defined in src/hdbscan/hdbscan.c and layers.c.
 *
 * Module: src/hdbscan
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_HDBSCAN_H
#define ZSC_HDBSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/knn.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_hdbscan_selection {
    ZSC_HDBSCAN_EOM, /* excess of mass: the clusters whose stability adds up to most */
    ZSC_HDBSCAN_LEAF /* the clusters without children: many small ones */
} zsc_hdbscan_selection;

/* Named as in scikit-learn's HDBSCAN. */
typedef struct zsc_hdbscan_options {
    size_t size;             /* see zsc/status.h */
    size_t min_cluster_size; /* 2 or more: what has fewer rows is no cluster */
    size_t min_samples;      /* the core distance of a row is that to its min_samples-th nearest row, itself included;
                                0: as min_cluster_size */
    size_t max_cluster_size; /* larger clusters are not selected by excess of mass; 0: no limit */
    double cluster_selection_epsilon; /* clusters are not taken apart below this distance */
    bool allow_single_cluster;        /* all rows may be one cluster */
    zsc_hdbscan_selection selection;
    zsc_metric metric; /* of zsc_knn_search */
} zsc_hdbscan_options;
enum { zsc_hdbscan_options_first = sizeof(zsc_hdbscan_options) }; /* in 0.1.0 */

/* min_cluster_size 5, min_samples 0, max_cluster_size 0, epsilon 0, not a single cluster, eom, euclidean. */
ZSC_API void zsc_hdbscan_options_init(zsc_hdbscan_options *options, size_t size);
static inline zsc_hdbscan_options zsc_hdbscan_defaults(void)
{
    zsc_hdbscan_options options;
    zsc_hdbscan_options_init(&options, sizeof options);
    return options;
}

typedef struct zsc_hdbscan {
    size_t n, clusters, clustered; /* rows; clusters; rows that are in one */
    int32_t *label;                /* n: 0 .. clusters - 1, numbered by the first row of each; -1: noise */
    float *probability;            /* n: how near the row is to the densest level of its cluster, 0 .. 1; noise: 0 */
    double *stability;             /* clusters: excess of mass, in rows per distance; infinite where rows repeat */
} zsc_hdbscan;

/* Clusters the rows of x (n x d, row-major, finite). options of NULL: the defaults; exec may be NULL. The minimum
 * spanning tree of mutual reachability is exact; of its edges of equal length those that Prim's algorithm takes last
 * from the first row on are taken away first, as in R's dbscan. Rows that are equal have one label. The same at any
 * number of threads. Memory: O(n (d + min_samples)), nothing of size n x n (zsc_hdbscan_memory). Time: at most
 * O(n^2 d) for each of some rounds, and far less where boxes along the axes tell clusters apart, as in UMAP's output.
 * ZSC_EUSAGE: options out of range, or memory beyond the limit; ZSC_ENUMERIC: NaN or infinity in x; ZSC_EINTERRUPTED;
 * ZSC_EINTERNAL: out of memory. *out is set on success only; the caller frees it with zsc_hdbscan_free. */
ZSC_API zsc_status zsc_hdbscan_cluster_rows(const float *x, size_t n, size_t d, const zsc_hdbscan_options *options,
                                            const zsc_exec *exec, zsc_hdbscan *out);
/* Frees what `hdbscan` holds, not hdbscan itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_hdbscan_free(zsc_hdbscan *hdbscan);

/* Bytes that it needs at most beyond x. */
ZSC_API size_t zsc_hdbscan_memory(size_t n, size_t d, const zsc_hdbscan_options *options);

/* --- Layers. The minimum cluster size is what decides on the granularity of HDBSCAN; here it runs over all sizes. A
 * cluster of the condensed tree is a leaf for the sizes from one above the largest split inside it (the smaller of two
 * parts) to the smaller of its own rows and its sibling's: its persistence is how many sizes these are. The persistence
 * of a size is the sum over the leaves at that size. Its local maxima are the layers: the clusterings that a small
 * change of the size does not change (PLSCAN). Layers that share too many clusters with a more persistent one are left
 * out, as in EVoC. */
typedef struct zsc_hdbscan_layers_options {
    size_t size;             /* see zsc/status.h */
    size_t min_samples;      /* as above; fixed for all layers; 1 or more */
    size_t min_cluster_size; /* where sizes begin; 2 or more */
    size_t max_layers;       /* the most persistent; 1 or more */
    double max_similarity;   /* of the clusters of two layers, at most this share is in both (Jaccard index); 0 .. 1 */
    zsc_metric metric;
} zsc_hdbscan_layers_options;
enum { zsc_hdbscan_layers_options_first = sizeof(zsc_hdbscan_layers_options) }; /* in 0.1.0 */

/* min_samples 5, min_cluster_size 5, max_layers 10, max_similarity 0.2 (the last two are EVoC's), euclidean. */
ZSC_API void zsc_hdbscan_layers_options_init(zsc_hdbscan_layers_options *options, size_t size);
static inline zsc_hdbscan_layers_options zsc_hdbscan_layers_defaults(void)
{
    zsc_hdbscan_layers_options options;
    zsc_hdbscan_layers_options_init(&options, sizeof options);
    return options;
}

typedef struct zsc_hdbscan_layer {
    size_t min_cluster_size; /* the smallest one that gives this clustering */
    uint64_t persistence;    /* of that size */
    zsc_hdbscan clustering;  /* that of zsc_hdbscan_cluster_rows with this size and leaf selection */
} zsc_hdbscan_layer;

typedef struct zsc_hdbscan_layers {
    size_t n, count;
    zsc_hdbscan_layer *layer; /* count: from fine to coarse, min_cluster_size growing */
    size_t sizes;
    size_t *size;          /* sizes: minimum cluster sizes at which leaves change, ascending ... */
    uint64_t *persistence; /* ... and the persistence from each of them to the next; the last is 0 */
} zsc_hdbscan_layers;

/* The layers of x (n x d, row-major, finite): one spanning tree for all of them. None where no size gives two clusters.
 * Rows that are equal have one label in each layer. The same at any number of threads. Time: zsc_hdbscan_cluster_rows
 * and O(c log c) for c clusters of the condensed tree, and O(n) per layer. Memory: as there, and 8 n bytes per layer
 * (zsc_hdbscan_layers_memory). Statuses as of zsc_hdbscan_cluster_rows. *out is set on success only; the caller frees
 * it with zsc_hdbscan_layers_free. */
ZSC_API zsc_status zsc_hdbscan_layers_of_rows(const float *x, size_t n, size_t d,
                                              const zsc_hdbscan_layers_options *options, const zsc_exec *exec,
                                              zsc_hdbscan_layers *out);
/* Frees what `layers` holds, not layers itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_hdbscan_layers_free(zsc_hdbscan_layers *layers);

/* Bytes that it needs at most beyond x. */
ZSC_API size_t zsc_hdbscan_layers_memory(size_t n, size_t d, const zsc_hdbscan_layers_options *options);

#ifdef __cplusplus
}
#endif
#endif
