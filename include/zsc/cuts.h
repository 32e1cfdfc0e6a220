/* Where to cut a dendrogram if the number of clusters is not known (doc/ward.md, "Cuts that find K"). No labels are
 * used. Defined in src/ward/cut_rules.c.
 *
 * z is a linkage matrix of n rows as in zsc/ward.h. Of m distinct rows (merges at height 0 are of equal ones), numbers
 * of clusters from 2 to m / 2 are considered, so that clusters have two distinct rows or more on average.
 *
 * Module: src/ward
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_CUTS_H
#define ZSC_CUTS_H

#include <stddef.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rules: as many as are asked for; then by what follows here, and by zsc_silhouette_cuts. */
typedef enum zsc_cut_rule { ZSC_CUT_CLUSTERS, ZSC_CUT_GAP, ZSC_CUT_ELBOW, ZSC_CUT_SILHOUETTE } zsc_cut_rule;

/* What a rule measures at numbers of clusters, and the number that it chooses: the smallest one of the largest value.
 */
typedef struct zsc_cut_curve {
    size_t count;
    size_t *k;     /* count: numbers of clusters, ascending */
    double *value; /* count */
    size_t
        clusters; /* the choice; 1 where count is 0: there are fewer than 4 distinct rows, or all heights are equal */
} zsc_cut_curve;

/* The largest relative gap of heights: ln(h(K - 1) / h(K)), h(K) being the height of the merge that leaves K clusters.
 * Of each interval of zsc_cut_grid, the curve has the K of the largest value. O(n). *out is set on success only; the
 * caller frees it with zsc_cut_curve_free. ZSC_EINPUT: z is not a dendrogram; ZSC_EUSAGE: n is above 2^30;
 * ZSC_EINTERNAL: out of memory. */
ZSC_API zsc_status zsc_cut_gap(const double *z, size_t n, zsc_cut_curve *out);
/* The elbow of the heights (Kneedle, Satopaa et al. 2011, without smoothing): with K from 2 to m on [0, 1] and h(K - 1)
 * from 0 at the least to 1 at the largest, the point farthest below the line from (0, 1) to (1, 0); the value is
 * 1 - x - y. Intervals and errors as above. */
ZSC_API zsc_status zsc_cut_elbow(const double *z, size_t n, zsc_cut_curve *out);

/* The numbers of clusters to consider where each is expensive: 2, and each next one larger by a factor of 2^(1/4), up
 * to m / 2, with values of 0 and no choice yet. Errors as above. */
ZSC_API zsc_status zsc_cut_grid(const double *z, size_t n, zsc_cut_curve *out);
/* Chooses by the values; NaN is no value. */
ZSC_API void zsc_cut_choose(zsc_cut_curve *curve);
ZSC_API void zsc_cut_curve_free(zsc_cut_curve *curve);

/* The height in the units of x (n x d, row-major) that is 1 in units of the standardised matrix
 * Z = (x - mean) / s / sqrt(d), s being the mean of the columns' standard deviations (with n in the denominator):
 * s sqrt(d). Heights of all linkages of Euclidean, Manhattan and Chebyshev distances grow in proportion to the rows, so
 * that a cut of the dendrogram of Z at T is one of the dendrogram of x at T times this. 0 where n or d is 0, or all
 * rows are equal. ZSC_ENUMERIC: it is not finite; ZSC_EINTERNAL: out of memory. */
ZSC_API zsc_status zsc_standardised_height(const float *x, size_t n, size_t d, double *out);
ZSC_API zsc_status zsc_standardised_height_f64(const double *x, size_t n, size_t d, double *out);

#ifdef __cplusplus
}
#endif
#endif
