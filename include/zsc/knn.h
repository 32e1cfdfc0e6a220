/* Nearest neighbours: exact, approximate, and the choice between them; their quality, and how well a reduction keeps
 * them. Defined in knn.c, narrow.c, query.c, query_blocks.c, joint.c, recall.c and trustworthiness.c.
 * Module: src/knn
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

/* Matrices are row-major and finite, and the caller's; at most INT32_MAX rows. Indices count from 0, in
 * messages as well (zsc_count_from). exec may be NULL. Results do not depend on the number of threads. Every function
 * that returns a status can also fail with ZSC_EINTERNAL where memory runs out, ZSC_EUSAGE where exec->memory_limit
 * would be exceeded, and ZSC_EINTERRUPTED where the progress function says so. */

typedef enum zsc_metric {
    ZSC_EUCLIDEAN,
    ZSC_COSINE,      /* 1 - cosine of the angle */
    ZSC_CORRELATION, /* 1 - Pearson's correlation of the two rows */
    ZSC_MANHATTAN,
    ZSC_CHEBYSHEV,
    ZSC_INNER_PRODUCT /* minus the scalar product; zsc_knn_query alone knows it */
} zsc_metric;

typedef enum zsc_knn_method {
    ZSC_KNN_AUTO, /* one of the two below, by zsc_knn_choose */
    ZSC_KNN_EXACT,
    ZSC_KNN_APPROX /* NN-descent from the blocks of the exact search */
} zsc_knn_method;

typedef struct zsc_knn_options {
    size_t size;      /* see zsc/status.h */
    size_t neighbors; /* k, the row itself included; 1 <= k <= n */
    zsc_metric metric;
    zsc_knn_method method;
    uint64_t seed; /* used by the approximate method alone */
} zsc_knn_options;
enum { zsc_knn_options_first = sizeof(zsc_knn_options) }; /* in 0.1.0 */

/* neighbors 30, euclidean, auto, seed 0. */
ZSC_API void zsc_knn_options_init(zsc_knn_options *options, size_t size);
static inline zsc_knn_options zsc_knn_defaults(void)
{
    zsc_knn_options options;
    zsc_knn_options_init(&options, sizeof options);
    return options;
}

typedef struct zsc_knn {
    size_t n, k;
    int32_t *index;        /* n x k: rows by growing distance, ties by growing index, the row itself first */
    float *distance;       /* n x k, in the metric's own unit */
    zsc_knn_method method; /* what ran: exact or approx */
    size_t distinct;       /* rows that differ from each other: only these were searched. A joint search: n */
    uint64_t measured;     /* zsc_knn_query: pairs of which the distance was computed; depends on the threads */
} zsc_knn;

/* The k nearest rows of every row of x (n x d). Exactly repeated rows are searched once. Exact: O(n^2 d) operations at
 * most, in matrix products, and far fewer where projections rule rows out; approximate: about O(n) for fixed k and d,
 * and a neighbour may be missing. Memory: O(n k), about d bytes per row, and a fixed workspace (zsc_knn_memory).
 * ZSC_EUSAGE: options out of range; ZSC_ENUMERIC: NaN or infinity in x, or distances beyond float.
 * *out is set on success only; the caller frees it with zsc_knn_free. */
ZSC_API zsc_status zsc_knn_search(const float *x, size_t n, size_t d, const zsc_knn_options *options,
                                  const zsc_exec *exec, zsc_knn *out);
/* Frees what `knn` holds, not knn itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_knn_free(zsc_knn *knn);

/* Neighbours at DISTANCE or farther become none: index -1, distance infinity; lists keep their order. Returns how many.
 */
ZSC_API size_t zsc_knn_disconnect(zsc_knn *knn, double distance);

/* --- Rows in double precision. Searches and layouts take floats; distances that do not depend on where 0 is keep more
 * of their digits if means are subtracted before. The same bytes at any number of threads.
 *
 * The mean of each column of x (n x d), to centre[d], where distances of METRIC do not change when rows are shifted
 * (Euclidean, Manhattan, Chebyshev); zeros for others. ZSC_ENUMERIC: NaN or infinity in x, with the row. */
ZSC_API zsc_status zsc_centre_of_rows(const double *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                      double *centre);
/* x (n x d) minus centre[d] (NULL: 0) as floats, out (n x d). New rows for a model take the centre of its rows.
 * ZSC_ENUMERIC: NaN or infinity in x, or a number beyond float, with the row. */
ZSC_API zsc_status zsc_narrow_rows(const double *x, size_t n, size_t d, const double *centre, const zsc_exec *exec,
                                   float *out);

/* Bytes that zsc_knn_search needs at most beyond x. */
ZSC_API size_t zsc_knn_memory(size_t n, size_t d, const zsc_knn_options *options, const zsc_exec *exec);

/* Which method AUTO takes for n distinct rows; never AUTO. The rule is in doc/knn.md. */
ZSC_API zsc_knn_method zsc_knn_choose(size_t n, size_t d, const zsc_knn_options *options, const zsc_exec *exec);

/* The k nearest keys (m x d) of each query (n x d), 1 <= k <= m, ascending in (distance, key). Exact: a key is left out
 * only where bounds say that it is farther than k others; exactly repeated queries and keys are searched once. Every
 * metric, and the inner product (ZSC_INNER_PRODUCT), whose distance is minus the product, so that the largest come
 * first. O(n m d) operations at most, in matrix products, and far fewer where projections rule keys out. Memory: O(n
 * k), about a tenth of the queries and keys, and a fixed workspace (zsc_knn_query_memory). out->distinct: distinct
 * keys. ZSC_EUSAGE: k or metric out of range, no keys; ZSC_ENUMERIC: NaN or infinity, or distances beyond float. *out
 * is set on success only; the caller frees it with zsc_knn_free. */
ZSC_API zsc_status zsc_knn_query(const float *queries, size_t n, const float *keys, size_t m, size_t d, size_t k,
                                 zsc_metric metric, const zsc_exec *exec, zsc_knn *out);
/* Bytes that zsc_knn_query needs at most beyond queries and keys. */
ZSC_API size_t zsc_knn_query_memory(size_t n, size_t m, size_t d, size_t k, const zsc_exec *exec);

/* Reads keys first .. first + count - 1 into x (count x d). */
typedef zsc_status (*zsc_knn_read_fn)(void *data, size_t first, size_t count, float *x);

/* zsc_knn_query of m keys that are not in memory: READ is called for BLOCK of them at a time, in order. The lists are
 * the same bytes at any block; out->distinct is 0, as equal keys of two blocks are not compared. Memory beyond queries:
 * zsc_knn_query_blocks_memory. ZSC_EUSAGE: block is 0; other errors are those of zsc_knn_query and of READ. */
ZSC_API zsc_status zsc_knn_query_blocks(const float *queries, size_t n, zsc_knn_read_fn read, void *data, size_t m,
                                        size_t d, size_t block, size_t k, zsc_metric metric, const zsc_exec *exec,
                                        zsc_knn *out);
ZSC_API size_t zsc_knn_query_blocks_memory(size_t n, size_t block, size_t d, size_t k, const zsc_exec *exec);
/* The largest block of m keys, m or a half, a quarter, ... of it, that fits the memory there is, or exec's limit; 1,024
 * where none does. */
ZSC_API size_t zsc_knn_query_block(size_t n, size_t m, size_t d, size_t k, const zsc_exec *exec);

/* A matrix whose columns are part of concatenations; the caller's. */
typedef struct zsc_knn_features {
    const float *x; /* n x d */
    size_t d;
} zsc_knn_features;

/* The exact Euclidean neighbours of many concatenations of the same feature blocks at once. Squared Euclidean distances
 * of concatenated rows are sums over the feature blocks, so that each block's are computed once for all concatenations.
 * Concatenation c has blocks member[offset[c]] .. member[offset[c + 1] - 1], each once. out[c] (one per concatenation)
 * is what zsc_knn_search would find, up to the order of distances that differ by less than a rounding of float. Memory:
 * about 8 (k + 30) n bytes per concatenation; (d + 800) n bytes per feature block at most; and per thread about 30 MB
 * and, for blocks that are not projected, 5 kB d (zsc_knn_joint_memory). ZSC_EUSAGE: k or concatenations out of range;
 * ZSC_ENUMERIC: NaN or infinity in a block, or distances beyond float. The caller frees each out[c] with zsc_knn_free;
 * none is set on failure. */
ZSC_API zsc_status zsc_knn_search_joint(const zsc_knn_features *blocks, size_t features, size_t n, const size_t *offset,
                                        const size_t *member, size_t concatenations, size_t neighbors,
                                        const zsc_exec *exec, zsc_knn *out);
/* Bytes that zsc_knn_search_joint needs at most beyond the blocks. */
ZSC_API size_t zsc_knn_joint_memory(const zsc_knn_features *blocks, size_t features, size_t n, size_t concatenations,
                                    size_t neighbors, const zsc_exec *exec);

/* Recall of `found` for x (n x d), the share of true neighbours that it holds, 0 .. 1, on `sample` rows drawn with
 * `seed` (all rows where sample is 0 or n and above), whose neighbours are searched exhaustively: O(sample n d). A
 * listed row counts if its distance is at most the true k-th, so that ties do not matter; the row itself is left out of
 * the count (k = 1: recall 1). ZSC_EUSAGE: found is of another number of rows; ZSC_EINPUT: an index of found is not
 * a row; ZSC_ENUMERIC: NaN or infinity in x. *recall is set on success only. */
ZSC_API zsc_status zsc_knn_recall(const float *x, size_t n, size_t d, const zsc_knn *found, zsc_metric metric,
                                  size_t sample, uint64_t seed, const zsc_exec *exec, double *recall);

/* Trustworthiness (Venna and Kaski 2001) of y (n x dim, Euclidean) as a reduction of x (n x d, under `metric`), at k
 * neighbours, the row itself not counted; 1 <= k < n / 2. 1: all neighbours that y shows are neighbours in x; about 0.5
 * for an arbitrary y. Exact: one pass of the exact search over x, O(n k) memory. ZSC_EUSAGE: k or metric out of range;
 * ZSC_ENUMERIC: NaN or infinity in x or y. *out is set on success only. */
ZSC_API zsc_status zsc_trustworthiness(const float *x, size_t d, const float *y, size_t dim, size_t n, size_t k,
                                       zsc_metric metric, const zsc_exec *exec, double *out);

#ifdef __cplusplus
}
#endif
#endif
