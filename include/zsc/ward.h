/* Agglomerative clustering and its cuts (doc/ward.md).
 *
 *   zsc_linkage, zsc_linkage_f64, zsc_linkage_memory,
 *   zsc_linkage_metric, ..._f64, ..._memory                src/ward/linkage.c
 *   zsc_linkage_distances, zsc_linkage_distances_memory    src/ward/linkage_distances.c
 *   zsc_pairwise_distances, ..._f64                        src/ward/pairwise.c
 *   zsc_linkage_check, zsc_cut_clusters, zsc_cut_height    src/ward/dendrogram.c
 *   zsc_cut_scikit_learn, zsc_cut_scipy                    src/ward/peer_cuts.c
 *   zsc_newick                                             src/ward/newick.c
 *
 * A linkage matrix z of n rows is SciPy's: (n - 1) x 4 doubles, row-major. Row i says that the clusters z[i][0] and
 * z[i][1] (below n: that row; n + j: the cluster made by row j of z) merge at height z[i][2] to a cluster of z[i][3]
 * rows. All arrays are the caller's unless noted; exec may be NULL.
 *
 * Module: src/ward
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_WARD_H
#define ZSC_WARD_H

#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/knn.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_linkage_method {
    ZSC_WARD,
    ZSC_SINGLE,
    ZSC_AVERAGE,
    ZSC_COMPLETE,
    ZSC_WEIGHTED, /* WPGMA: this and the next two are of distances alone, zsc_linkage_distances */
    ZSC_CENTROID, /* UPGMC */
    ZSC_MEDIAN    /* WPGMC */
} zsc_linkage_method;

/* Writes the linkage matrix of the rows of x (n x d, row-major, finite) to z, with z[i][0] < z[i][1] and heights that
 * do not decrease. Distances are Euclidean, in the units of x; Ward's heights are sqrt(2 delta), as in SciPy. Equal
 * rows merge first, at height 0; other ties: doc/ward.md. n of 0 and 1 give an empty z. *how (may be NULL) is set to a
 * static string that names the algorithm. Cost: Ward O(n d) memory and, on clustered data, much less than O(n^2 d)
 * time; single O(n d) memory, O(n^2 d) time; average and complete O(n d) memory and 256 MB or 64 n doubles, the larger,
 * at most n^2; O(n^2 d) time and, of n rows above 5,792, some times that. ZSC_EUSAGE: n is
 * above 2^30, or memory would exceed the limit (checked first); ZSC_ENUMERIC: x holds NaN or infinity, with the row, or
 * a height is beyond double precision; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
ZSC_API zsc_status zsc_linkage(const float *x, size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec,
                               double *z, const char **how);
/* The same in double precision. */
ZSC_API zsc_status zsc_linkage_f64(const double *x, size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec,
                                   double *z, const char **how);
/* The same of other distances: cosine and correlation (1 - cos of the angle of two rows, or of the rows minus their
 * means; rows of length 0 are at 1 from all others, and multiples of a row are equal to it), Manhattan, Chebyshev. Ward
 * is of Euclidean distances alone: ZSC_EUSAGE for others, and for ZSC_INNER_PRODUCT. */
ZSC_API zsc_status zsc_linkage_metric(const float *x, size_t n, size_t d, zsc_linkage_method method, zsc_metric metric,
                                      const zsc_exec *exec, double *z, const char **how);
ZSC_API zsc_status zsc_linkage_metric_f64(const double *x, size_t n, size_t d, zsc_linkage_method method,
                                          zsc_metric metric, const zsc_exec *exec, double *z, const char **how);
ZSC_API size_t zsc_linkage_metric_memory(size_t n, size_t d, zsc_linkage_method method, zsc_metric metric,
                                         const zsc_exec *exec);
/* Bytes that zsc_linkage needs at most besides x and z; SIZE_MAX where they cannot be counted. */
ZSC_API size_t zsc_linkage_memory(size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec);

/* The linkage matrix of n rows whose DISTANCES are given, condensed: d(0, 1), d(0, 2), ..., d(1, 2), ..., d(n - 2, n -
 * 1) (n (n - 1) / 2 doubles, as of SciPy's pdist; kept as they are). Every method; Ward's, centroid and median take
 * them as Euclidean. Where distances are equal, the merges are those that SciPy's linkage makes of them, and heights
 * have its bits. Those of centroid and median linkage can decrease. *how as above. Cost: O(n^2) time, O(n^3) of
 * centroid and median at worst; 4 n^2 bytes, and O(n) of single. One thread. ZSC_EUSAGE: n is above 2^30, there is no
 * such method, or memory would exceed the limit; ZSC_ENUMERIC: a distance is NaN, infinite or below 0, with its rows,
 * or one of a union is; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. z is set on success only. */
ZSC_API zsc_status zsc_linkage_distances(const double *distances, size_t n, zsc_linkage_method method,
                                         const zsc_exec *exec, double *z, const char **how);
/* Bytes that it needs besides distances and z; SIZE_MAX where they cannot be counted. */
ZSC_API size_t zsc_linkage_distances_memory(size_t n, zsc_linkage_method method);

/* The condensed distances of the rows of x (n x d, row-major, finite): out[n (n - 1) / 2], in the metric's own unit, as
 * zsc_linkage_metric takes them. O(n^2 d) time. ZSC_EUSAGE: n is above 2^30, ZSC_INNER_PRODUCT, or memory would exceed
 * the limit; ZSC_ENUMERIC: NaN or infinity in x, with the row, or a distance beyond double precision;
 * ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
ZSC_API zsc_status zsc_pairwise_distances(const float *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                          double *out);
ZSC_API zsc_status zsc_pairwise_distances_f64(const double *x, size_t n, size_t d, zsc_metric metric,
                                              const zsc_exec *exec, double *out);

/* Checks that z is a dendrogram of n rows: each merge is of two clusters that exist and were not merged before, at a
 * finite height of 0 or more (heights may decrease). ZSC_EINPUT: it is not, with the row of z; ZSC_EUSAGE: n is above
 * 2^30. Cuts and Newick trees call it first. */
ZSC_API zsc_status zsc_linkage_check(const double *z, size_t n);

/* Labels of the n rows after the first n - k merges: 0 .. k - 1, numbered by the first row of each cluster. O(n).
 * ZSC_EUSAGE: k is 0 or above n; ZSC_EINPUT: z is not a dendrogram. */
ZSC_API zsc_status zsc_cut_clusters(const double *z, size_t n, size_t k, int32_t *labels);
/* Labels after all merges of a height of at most HEIGHT (SciPy's fcluster with criterion 'distance'); *k is the number
 * of clusters. ZSC_EUSAGE: HEIGHT is NaN or infinite; ZSC_EINPUT as above. */
ZSC_API zsc_status zsc_cut_height(const double *z, size_t n, double height, int32_t *labels, size_t *k);

/* zsc_cut_clusters with the labels, 0 .. k - 1, that scikit-learn's AgglomerativeClustering gives to the clusters. O(n)
 * and O(k log k). ZSC_EUSAGE, ZSC_EINPUT as above. */
ZSC_API zsc_status zsc_cut_scikit_learn(const double *z, size_t n, size_t k, int32_t *labels);

/* SciPy's fcluster: labels from 1, in its order. DISTANCE: clusters whose merges are all at height t or below.
 * MAXCLUST: those at the least height of a merge that leaves at most t of them, but not that of the first row of z,
 * where there are more (SciPy's search does not look at it): fewer than t where heights are equal. *k is their number.
 * O(n) time, O(n log n) for MAXCLUST. ZSC_EUSAGE: t is NaN, or below 1 for MAXCLUST; ZSC_EINPUT: z is not a dendrogram.
 */
typedef enum zsc_fcluster_criterion { ZSC_FCLUSTER_DISTANCE, ZSC_FCLUSTER_MAXCLUST } zsc_fcluster_criterion;
ZSC_API zsc_status zsc_cut_scipy(const double *z, size_t n, zsc_fcluster_criterion criterion, double t, int32_t *labels,
                                 size_t *k);

/* The dendrogram in Newick notation, one line of text; branch lengths are differences of heights, leaves are at height
 * 0. names[n]: the row names, quoted where necessary; NULL: row numbers from 0. The caller frees *out with free().
 * ZSC_EINPUT: z is not a dendrogram; ZSC_EINTERNAL: out of memory. */
ZSC_API zsc_status zsc_newick(const double *z, size_t n, const char *const *names, char **out);

#ifdef __cplusplus
}
#endif
#endif
