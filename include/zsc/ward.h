/* Agglomerative clustering and its cuts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_WARD_H
#define ZSC_WARD_H

#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_linkage_method { ZSC_WARD, ZSC_SINGLE, ZSC_AVERAGE, ZSC_COMPLETE } zsc_linkage_method;

/* SciPy's linkage matrix of the rows of x (n x d, row-major, finite), into z ((n - 1) x 4, from the caller): row i says
 * that clusters z[i][0] < z[i][1] (below n: rows; n + j: the cluster made by row j) merge at height z[i][2] to a
 * cluster of z[i][3] rows. Heights do not decrease. Euclidean; Ward's heights are sqrt(2 delta) as in SciPy.
 * *how (may be NULL) is set to a static string that says which algorithm ran.
 * Ward and single need O(n d) memory; average and complete n^2 / 2 doubles more. What needs more than the limit is
 * refused (ZSC_EUSAGE) before it starts. ZSC_ENUMERIC: NaN or infinity in x. n of 0 and 1 give an empty z.
 * Ties: doc/ward.md. Equal rows merge first, at height 0. */
ZSC_API zsc_status zsc_linkage(const float *x, size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec,
                               double *z, const char **how);
/* The same for doubles, of which no digit is dropped. */
ZSC_API zsc_status zsc_linkage_f64(const double *x, size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec,
                                   double *z, const char **how);
/* Bytes that zsc_linkage needs beyond x and z, roughly. */
ZSC_API size_t zsc_linkage_memory(size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec);

/* Whether z is a dendrogram of n rows: each merge is of two clusters that are there and were not merged before (heights
 * are not looked at). ZSC_EINPUT with the row that is not; ZSC_EUSAGE: n is above 2^30. */
ZSC_API zsc_status zsc_linkage_check(const double *z, size_t n);

/* Labels 0 .. K-1 of the n rows, numbered by their first row. k clusters: the state after the first n - k merges.
 * ZSC_EUSAGE: k is 0 or above n. */
ZSC_API zsc_status zsc_cut_clusters(const double *z, size_t n, size_t k, int32_t *labels);
/* Clusters whose height is at most HEIGHT (SciPy's fcluster with criterion 'distance'); *k is how many. */
ZSC_API zsc_status zsc_cut_height(const double *z, size_t n, double height, int32_t *labels, size_t *k);

/* The dendrogram in Newick's notation, one line; branch lengths are differences of heights, leaves are at height 0.
 * names: of the n rows, quoted where they must be; NULL: row numbers from 0. The caller frees *out. */
ZSC_API zsc_status zsc_newick(const double *z, size_t n, const char *const *names, char **out);

#ifdef __cplusplus
}
#endif
#endif
