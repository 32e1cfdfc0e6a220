/* k-means++: the centres to start from. */
#ifndef ZSC_KMEANS_PLUS_PLUS_H
#define ZSC_KMEANS_PLUS_PLUS_H

#include "kmeans/row_tree.h"

/* centre (k x width, scaled): rows of x, drawn by `seed` and `start`. *made: fewer than k where x has fewer distinct
 * rows. */
zsc_status zsc_kmeans_plus_plus(const zsc_kmeans_tree *tree, const float *x, size_t k, uint64_t seed, size_t start,
                                const zsc_exec *exec, float *centre, size_t *made);
size_t zsc_kmeans_plus_plus_memory(size_t n, size_t d, size_t k);

#endif
