/* The k best of what was seen, a list a row: a heap whose root is the worst, in the order (distance, index). */
#ifndef ZSC_KNN_LISTS_H
#define ZSC_KNN_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if (da, a) comes after (db, b). */
static inline bool zsc_later(float da, int32_t a, float db, int32_t b) { return da > db || (da == db && a > b); }

/* Puts (distance, index) into a heap of *size of at most k entries, where it belongs there. */
void zsc_heap_offer(float *distance, int32_t *index, size_t *size, size_t k, float d, int32_t i);
/* Turns a heap into an ascending list. */
void zsc_heap_sort(float *distance, int32_t *index, size_t size);

/* Of SIZE values, k or more, the k-th in order; they are left in disorder. For lists that are little longer than k:
 * O(size (size - k)). */
float zsc_list_kth(float *values, size_t size, size_t k);

#endif
