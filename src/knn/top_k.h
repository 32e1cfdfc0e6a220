/* The k best of what was seen, a list per row: as a heap, or, while many candidates come, without order. */
#ifndef ZSC_KNN_TOP_K_H
#define ZSC_KNN_TOP_K_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "knn/kernels/kernels.h"

/* --- Heaps whose root is the worst, in the order (distance, index) */

/* True if (da, a) comes after (db, b). */
static inline bool zsc_top_k_later(float da, int32_t a, float db, int32_t b) { return da > db || (da == db && a > b); }

/* Puts (distance, index) into a heap of *size of at most k entries, where it belongs there. */
void zsc_top_k_offer(float *distance, int32_t *index, size_t *size, size_t k, float d, int32_t i);
/* Turns a heap into an ascending list. */
void zsc_top_k_sort(float *distance, int32_t *index, size_t size);

/* --- Lists without order: `keep` entries are wanted, CAPACITY, somewhat more, fit */
static inline size_t zsc_top_k_capacity(size_t keep) { return keep + ZSC_TOP_K_SLACK + 16; }

/* Appends a value below LIMIT to *size entries; a full list is cut. Returns its limit from then on: values at or above
 * it are not among the best. */
static inline float zsc_top_k_append(const zsc_tile_kernels *kernels, float *values, int32_t *index, size_t *size,
                                     size_t capacity, size_t keep, float limit, float value, int32_t other)
{
    values[*size] = value;
    index[*size] = other;
    if (++*size == capacity) *size = kernels->shrink(values, index, capacity, keep, &limit);
    return limit;
}

/* At the end, before entries are measured: what is not among the best would be measured in vain. */
static inline void zsc_top_k_cut(const zsc_tile_kernels *kernels, float *values, int32_t *index, size_t *size,
                                 size_t keep, float *limit)
{
    if (*size > keep + ZSC_TOP_K_SLACK) *size = kernels->shrink(values, index, *size, keep, limit);
}

/* Of SIZE values, k or more, the k-th in order; they are left in disorder. For lists that are little longer than k:
 * O(size (size - k)). */
float zsc_top_k_kth(float *values, size_t size, size_t k);

#endif
