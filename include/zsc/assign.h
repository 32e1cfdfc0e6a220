/* New rows into an existing clustering: the cluster of the nearest centroid, or of the nearest row, with the distance
 * and whether it is larger than those of the clustered rows. Defined in src/assign/assign_rows.c.
 *
 * Module: src/assign
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_ASSIGN_H
#define ZSC_ASSIGN_H

#include "zsc/knn.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_assign_by {
    ZSC_ASSIGN_CENTROID, /* the nearest mean of a cluster's rows (Euclidean; nearest centroid classifier) */
    ZSC_ASSIGN_NEIGHBOR  /* the nearest row that is in a cluster */
} zsc_assign_by;

typedef struct zsc_assign_options {
    size_t size; /* see zsc/status.h */
    zsc_assign_by by;
    zsc_metric metric; /* of the nearest row: any but the inner product; centroids: Euclidean alone */
    double quantile;   /* 0 .. 1: new rows beyond this quantile of the clustered rows' own distances are novel */
} zsc_assign_options;
enum { zsc_assign_options_first = sizeof(zsc_assign_options) }; /* in 0.1.0 */

/* centroid, euclidean, 0.95. */
ZSC_API void zsc_assign_options_init(zsc_assign_options *options, size_t size);
static inline zsc_assign_options zsc_assign_defaults(void)
{
    zsc_assign_options options;
    zsc_assign_options_init(&options, sizeof options);
    return options;
}

/* Rows that were clustered; the caller's. */
typedef struct zsc_assign_model {
    const float *x; /* n x d, row-major, finite */
    size_t n, d;
    const int32_t *label; /* n: the cluster of each row, numbered in any way; below 0: in none, and the row takes no
                             part */
} zsc_assign_model;

typedef struct zsc_assigned {
    size_t n;         /* new rows */
    int32_t *label;   /* n: a label of the model */
    int32_t *nearest; /* n: the nearest row of the model; NULL where centroids are compared */
    float *distance;  /* n: to it, or to the centroid, in the metric's own unit */
    bool *novel;      /* n: distance > limit */
    double limit; /* the quantile, interpolated between order statistics as NumPy's default does. Of the distances of
                     clustered rows to the nearest centroid, or to the nearest other row */
    size_t novel_rows;
    size_t rows, clusters; /* of the model: rows in a cluster, and clusters */
} zsc_assigned;

/* Assigns the rows (m x d, row-major, finite). Of centroids as near the lowest label, of rows as near the first
 * decides. options of NULL: the defaults; exec may be NULL. The same bytes at any number of threads. Time: that of
 * zsc_knn_query of all rows in the centroids, or of the new rows in the others and zsc_knn_search among these.
 * ZSC_EUSAGE: options out of range, no rows in a cluster (by neighbor: fewer than 2), or memory above the limit;
 * ZSC_ENUMERIC: NaN or infinity in x or rows, or distances beyond float; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of
 * memory. *out is set on success only; the caller frees it with zsc_assigned_free. */
ZSC_API zsc_status zsc_assign(const zsc_assign_model *model, const float *rows, size_t m,
                              const zsc_assign_options *options, const zsc_exec *exec, zsc_assigned *out);
/* Frees what `assigned` holds, not assigned itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_assigned_free(zsc_assigned *assigned);

/* Bytes that it needs at most beyond x, labels and rows. */
ZSC_API size_t zsc_assign_memory(size_t n, size_t m, size_t d, const zsc_assign_options *options, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
