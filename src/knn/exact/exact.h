/* The exact search: of one matrix, or of many concatenations of feature blocks at once. */
#ifndef ZSC_KNN_EXACT_H
#define ZSC_KNN_EXACT_H

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

/* Bytes that a search needs at most, beyond the rows and its results. */
size_t zsc_exact_memory(const zsc_knn_features *blocks, size_t features, size_t n, size_t count, size_t k, int threads);

#endif
