/* The two searches behind zsc_knn_search. Both work on distinct rows. */
#ifndef ZSC_KNN_SEARCH_H
#define ZSC_KNN_SEARCH_H

#include "knn/frame.h"
#include "knn/rows.h"

/* The k nearest of rows->count rows (k <= count), each row's list ascending in (distance, index), itself among them at
 * distance 0. index, distance: count x k, from the caller. */
zsc_status zsc_knn_exact(const zsc_rows *rows, size_t k, const zsc_exec *exec, int32_t *index, float *distance);
size_t zsc_knn_exact_memory(size_t count, size_t d, size_t k, zsc_metric metric, int threads);

/* The same, approximately, beginning with the `near` nearest groups of each row, or, where rows are projected, with
 * ZSC_KNN_PROBES nearest blocks for ZSC_KNN_NEAR groups; *exact is set where it was no less work to search exactly. */
enum { ZSC_KNN_NEAR = 24, ZSC_KNN_PROBES = 64 };
zsc_status zsc_knn_approx(const zsc_rows *rows, size_t k, size_t near, uint64_t seed, const zsc_exec *exec,
                          int32_t *index, float *distance, bool *exact);

/* Improves lists (index, distance: rows x k, ascending) by looking at neighbours of neighbours (knn/approx.c).
 * position[i]: where row i stands in the frame. */
zsc_status zsc_knn_descend(const zsc_frame *frame, const zsc_rows *rows, size_t k, const int32_t *position,
                           uint64_t seed, const zsc_exec *exec, int32_t *index, float *distance);
size_t zsc_knn_descend_memory(size_t n, size_t k, int threads);

#endif
