/* From the nearest distinct rows of distinct rows to the nearest rows of all rows. */
#ifndef ZSC_KNN_EXPAND_H
#define ZSC_KNN_EXPAND_H

#include "linalg/distinct.h"
#include "zsc/knn.h"

/* Lists of the k nearest distinct keys (all of them if there are fewer) of each distinct query, in the order (distance,
 * first row): index and distance are queries x k. */
typedef struct zsc_expand_lists {
    size_t k;
    const int32_t *index;
    const float *distance;
} zsc_expand_lists;

/* Fills out->index and out->distance (out->n x out->k, from the caller): the nearest keys of a query are the members of
 * its nearest groups of keys. The k best groups are enough, as every other group comes after k keys that are nearer.
 * Where queries and keys are the same rows, each row comes first in its own list. */
zsc_status zsc_expand(const zsc_distinct *queries, const zsc_distinct *keys, const zsc_expand_lists *lists,
                      const zsc_exec *exec, zsc_knn *out);
/* Bytes of its workspace for n keys. */
size_t zsc_expand_memory(size_t n, size_t k, int threads);

#endif
