/* k-means: Lloyd's iterations (Lloyd 1982) from centres that k-means++ chooses (Arthur and Vassilvitskii 2007), or from
 * given ones. Defined in src/kmeans/kmeans.c.
 *
 * Module: src/kmeans
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_KMEANS_H
#define ZSC_KMEANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Named as in scikit-learn's KMeans. */
typedef struct zsc_kmeans_options {
    size_t size;     /* see zsc/status.h */
    size_t clusters; /* 1 .. n */
    size_t n_init;   /* 1 or more starts, of which the one with the lowest inertia is returned; 1 where init is given */
    size_t max_iter; /* 1 or more */
    double tol;      /* iterations end where the squares of the centres' movements add up to at most tol times the mean
                        variance of a column; 0: only where no label changes */
    uint64_t seed;
    const float *init; /* the centres to start from (clusters x d, row-major, finite); NULL: k-means++ */
} zsc_kmeans_options;
enum { zsc_kmeans_options_first = sizeof(zsc_kmeans_options) }; /* in 0.1.0 */

/* clusters 8, n_init 1, max_iter 1000, tol 1e-4, seed 0, k-means++. */
ZSC_API void zsc_kmeans_options_init(zsc_kmeans_options *options, size_t size);
static inline zsc_kmeans_options zsc_kmeans_defaults(void)
{
    zsc_kmeans_options options;
    zsc_kmeans_options_init(&options, sizeof options);
    return options;
}

typedef struct zsc_kmeans {
    size_t n, d;
    size_t clusters;   /* that have rows: fewer than asked for where x has fewer distinct rows */
    int32_t *label;    /* n: 0 .. clusters - 1, numbered by the first row of each: the nearest centre, of several as
                        * near one */
    float *centre;     /* clusters x d, row-major */
    double inertia;    /* sum of the rows' squared distances to their centres */
    size_t iterations; /* of the start that is returned */
    bool converged;    /* false: max_iter came first */
} zsc_kmeans;

/* Clusters the rows of x (n x d, row-major, finite) by Euclidean distance. options of NULL: the defaults; exec may be
 * NULL. Each iteration is Lloyd's, computed exactly: balls around the nodes of a tree of rows only tell which centres
 * cannot be nearest (Pelleg and Moore 1999; Kanungo et al. 2002). k-means++ draws 2 + log(clusters) candidates for each
 * centre and keeps the best, as scikit-learn does. Centres that lose all of their rows move to the rows that are
 * farthest from their centres. The same bytes at any number of threads.
 *
 * Time: O(n clusters d) per iteration at most, and O(n clusters d log(clusters)) for k-means++; far less where rows are
 * close together in comparison with centres, as in UMAP's output. Memory: zsc_kmeans_memory; nothing of size
 * n x clusters. ZSC_EUSAGE: options out of range, or memory beyond the limit; ZSC_ENUMERIC: NaN or infinity in x or
 * init; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. *out is set on success only; the caller frees it with
 * zsc_kmeans_free. */
ZSC_API zsc_status zsc_kmeans_cluster_rows(const float *x, size_t n, size_t d, const zsc_kmeans_options *options,
                                           const zsc_exec *exec, zsc_kmeans *out);
/* Frees what `kmeans` holds, not kmeans itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_kmeans_free(zsc_kmeans *kmeans);

/* Bytes that it needs at most beyond x. */
ZSC_API size_t zsc_kmeans_memory(size_t n, size_t d, const zsc_kmeans_options *options, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
