/* The two searches behind zsc_knn_search. Both work on distinct rows. */
#ifndef ZSC_KNN_SEARCH_H
#define ZSC_KNN_SEARCH_H

#include "knn/rows.h"

/* The k nearest of rows->count rows (k <= count), each row's list ascending in (distance, index), itself among them at
 * distance 0. index, distance: count x k, from the caller. */
zsc_status zsc_knn_exact(const zsc_rows *rows, size_t k, const zsc_exec *exec, int32_t *index, float *distance);
size_t zsc_knn_exact_memory(size_t count, size_t d, size_t k, zsc_metric metric, int threads);

#endif
