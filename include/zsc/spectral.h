/* Spectral clustering of the graph of nearest neighbours (Shi and Malik 2000; Ng, Jordan and Weiss 2001). Defined in
 * src/spectral/spectral.c.
 *
 * Module: src/spectral
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_SPECTRAL_H
#define ZSC_SPECTRAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/knn.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_spectral_assign_labels {
    ZSC_SPECTRAL_KMEANS,    /* k-means of the eigenvectors' rows */
    ZSC_SPECTRAL_CLUSTER_QR /* QR with column pivoting (Damle, Minden and Ying 2019): no start, no iterations */
} zsc_spectral_assign_labels;

/* Named as in scikit-learn's SpectralClustering with affinity="nearest_neighbors". */
typedef struct zsc_spectral_options {
    size_t size;        /* see zsc/status.h */
    size_t clusters;    /* 1 .. n - 1 */
    size_t n_neighbors; /* of each row, itself included: 2 .. n; n where there are fewer rows */
    size_t n_init;      /* starts of k-means */
    zsc_spectral_assign_labels assign_labels;
    zsc_metric metric;
    uint64_t seed;
} zsc_spectral_options;
enum { zsc_spectral_options_first = sizeof(zsc_spectral_options) }; /* in 0.1.0 */

/* clusters 8, n_neighbors 10, n_init 10, k-means, euclidean, seed 0. */
ZSC_API void zsc_spectral_options_init(zsc_spectral_options *options, size_t size);
static inline zsc_spectral_options zsc_spectral_defaults(void)
{
    zsc_spectral_options options;
    zsc_spectral_options_init(&options, sizeof options);
    return options;
}

typedef struct zsc_spectral {
    size_t n, clusters; /* clusters that have rows */
    size_t components;  /* connected components of the graph */
    int32_t *label;     /* n: 0 .. clusters - 1, numbered by the first row of each */
    bool converged;     /* the eigenvectors reached their tolerance */
} zsc_spectral;

/* Clusters the rows of x (n x d, row-major, finite). Edges join each row with its nearest neighbours, with weight 1
 * where both are among the other's and 1/2 otherwise. The eigenvectors of the `clusters` smallest eigenvalues of the
 * normalised Laplacian, divided by the roots of the degrees, are the rows' coordinates. Each connected component has
 * its own constant eigenvector, and the others are found component by component, so that several components are as
 * exact as one. exec may be NULL; the same bytes at any number of threads.
 *
 * Time: the search for neighbours, O(n clusters^2) for each of some rounds of the eigensolver, and k-means of n x
 * clusters, or O(n clusters^2) for cluster_qr. Memory: zsc_spectral_memory; about 12 to 16 n clusters bytes, and up to
 * 600 clusters^2. ZSC_EUSAGE: options out of range, fewer clusters than components or more than distinct rows,
 * or memory beyond the limit;
 * ZSC_ENUMERIC: NaN or infinity in x; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. *out is set on success only; the
 * caller frees it with zsc_spectral_free. */
ZSC_API zsc_status zsc_spectral_cluster_rows(const float *x, size_t n, size_t d, const zsc_spectral_options *options,
                                             const zsc_exec *exec, zsc_spectral *out);
/* Frees what `spectral` holds, not spectral itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_spectral_free(zsc_spectral *spectral);

/* Bytes that it needs at most beyond x. */
ZSC_API size_t zsc_spectral_memory(size_t n, size_t d, const zsc_spectral_options *options, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
