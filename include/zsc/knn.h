/* Nearest neighbours: exact, approximate, and the choice between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_KNN_H
#define ZSC_KNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_metric {
    ZSC_EUCLIDEAN,
    ZSC_COSINE,      /* 1 - cosine of the angle */
    ZSC_CORRELATION, /* 1 - Pearson's correlation of the two rows */
    ZSC_MANHATTAN,
    ZSC_CHEBYSHEV
} zsc_metric;

typedef enum zsc_knn_method { ZSC_KNN_AUTO, ZSC_KNN_EXACT, ZSC_KNN_APPROX } zsc_knn_method;

typedef struct zsc_knn_options {
    size_t neighbors; /* k, the row itself included; 1 <= k <= n */
    zsc_metric metric;
    zsc_knn_method method;
    uint64_t seed; /* used by the approximate method alone */
} zsc_knn_options;

/* neighbors 30, euclidean, auto, seed 0. */
ZSC_API zsc_knn_options zsc_knn_defaults(void);

typedef struct zsc_knn {
    size_t n, k;
    int32_t *index;        /* n x k: rows by growing distance, ties by growing index, the row itself first */
    float *distance;       /* n x k */
    zsc_knn_method method; /* what ran: exact or approx */
    size_t distinct; /* rows that differ from each other; only these were searched (n where zsc_knn_search_sums searched
                        all) */
} zsc_knn;

/* The k nearest rows of every row of x (n x d, row-major, finite). Exactly repeated rows are searched once.
 * Memory O(n k) and a fixed workspace. ZSC_EUSAGE: options out of range; ZSC_ENUMERIC: NaN or infinity in x.
 * *out is set on success only; the caller frees it with zsc_knn_free. */
ZSC_API zsc_status zsc_knn_search(const float *x, size_t n, size_t d, const zsc_knn_options *options,
                                  const zsc_exec *exec, zsc_knn *out);
ZSC_API void zsc_knn_free(zsc_knn *knn);

/* Many concatenations of the same matrices at once. Squared Euclidean distances of concatenated rows are the sums of
 * those of their parts, so that each part's are computed once for all sets. Set s concatenates the parts
 * set_part[set_offset[s]] .. set_part[set_offset[s + 1] - 1]; out[s] is what zsc_knn_search would find, exactly, for it
 * (up to the order of distances that differ by less than a rounding of float). Every part has n rows. Memory: about 8
 * (k + 30) n bytes a set; (d + 800) n bytes a part at most; and a workspace a thread, about 30 MB and 5 kB d for parts
 * that are not projected (zsc_knn_sums_memory). The caller frees each out[s]; all are unset on failure. */
typedef struct zsc_knn_part {
    const float *x; /* n x d */
    size_t d;
} zsc_knn_part;
ZSC_API zsc_status zsc_knn_search_sums(const zsc_knn_part *parts, size_t part_count, size_t n, const size_t *set_offset,
                                       const size_t *set_part, size_t sets, size_t neighbors, const zsc_exec *exec,
                                       zsc_knn *out);
ZSC_API size_t zsc_knn_sums_memory(const zsc_knn_part *parts, size_t part_count, size_t n, size_t sets,
                                   size_t neighbors, const zsc_exec *exec);

/* Recall of FOUND, the share of true neighbours that it holds, on `sample` rows drawn with SEED (all rows where sample
 * is 0 or n and above), whose neighbours are searched exhaustively: O(sample n d). A listed row counts if its distance
 * is at most the true k-th, so that ties do not matter; the row itself is left out of the count (k = 1: recall 1). 0
 * .. 1. */
ZSC_API zsc_status zsc_knn_recall(const float *x, size_t n, size_t d, const zsc_knn *found, zsc_metric metric,
                                  size_t sample, uint64_t seed, const zsc_exec *exec, double *recall);

/* Bytes that zsc_knn_search will need at most beyond x. */
ZSC_API size_t zsc_knn_memory(size_t n, size_t d, const zsc_knn_options *options, const zsc_exec *exec);

/* Which method AUTO takes for n distinct rows; never AUTO. The rule is in doc/knn.md. */
ZSC_API zsc_knn_method zsc_knn_choose(size_t n, size_t d, const zsc_knn_options *options, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
