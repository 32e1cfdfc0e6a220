/* The exact search: of one matrix, of many concatenations of feature blocks at once, or of queries in keys. Defined in
 * exact.c and query_search.c. */
#ifndef ZSC_KNN_EXACT_H
#define ZSC_KNN_EXACT_H

#include "knn/blocks/pairs.h"
#include "knn/exact/joint_index.h"
#include "knn/exact/lists.h"
#include "knn/rows.h"
#include "zsc/exec.h"

/* The k nearest of rows->count rows (k <= count): each row's list has the row itself first, at distance 0, then ascends
 * in (distance, index). index, distance: count x k, from the caller. */
zsc_status zsc_exact_search(const zsc_knn_rows *rows, size_t k, const zsc_exec *exec, int32_t *index, float *distance);

/* The same of each of `count` concatenations (exact/joint_index.h says how they are given), into index[c] and
 * distance[c] (n x k), which are allocated here and are the caller's to free, in case of failure as well. */
zsc_status zsc_exact_search_joint(const zsc_knn_rows *rows, size_t features, const size_t *offset, const size_t *member,
                                  size_t count, size_t k, const zsc_exec *exec, int32_t **index, float **distance);

/* The k nearest of the keys of each query (k <= keys->count), ascending in (distance, key). Both have lists of rows
 * (zsc_knn_rows) and one width and metric. index, distance: queries x k, from the caller; *measured:
 * how many distances were computed. */
zsc_status zsc_exact_query(const zsc_knn_rows *queries, const zsc_knn_rows *keys, size_t k, const zsc_exec *exec,
                           int32_t *index, float *distance, uint64_t *measured);
/* Bytes that it needs for n queries and m keys, beyond the rows: until their space is known, and at most. */
size_t zsc_exact_query_beginning_memory(size_t n, size_t m, size_t d, int threads);
size_t zsc_exact_query_memory(size_t n, size_t m, size_t d, size_t k, int threads);

/* What a search does with its index and lists, which EXEC counts as held. */
enum { ZSC_EXACT_SPARE = 6 }; /* rows kept beyond k in the first pass */
zsc_status zsc_exact_two_passes(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_pairs_stage *stage,
                                const zsc_exec *exec);

/* Bytes of a search of such shapes, beyond the rows, one result included. Searches check them as soon as shapes are
 * known, exec->memory_held being what their callers hold. */
size_t zsc_exact_shapes_memory(const zsc_block_shape *shapes, size_t features, size_t count, size_t k, int threads);
/* Before: bytes until shapes are known, and what a search may need at most. */
size_t zsc_exact_beginning_memory(const zsc_knn_features *blocks, size_t features, size_t n, int threads);
size_t zsc_exact_memory(const zsc_knn_features *blocks, size_t features, size_t n, size_t count, size_t k, int threads);

#endif
