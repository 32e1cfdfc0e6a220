/* Neighbours that come from elsewhere: their order, and whether they are those of these rows. */
#ifndef ZSC_KNN_GIVEN_LISTS_H
#define ZSC_KNN_GIVEN_LISTS_H

#include "zsc/knn.h"

/* Brings each list into the order of zsc_knn, in place: the row itself first, then by growing distance, ties by growing
 * index. A row that is not in its own list is put there, in place of the furthest. ZSC_EINPUT, with the row: an index
 * out of range or twice in a list, or a distance that is negative or no number. */
zsc_status zsc_knn_arrange(zsc_knn *given);

/* Computes the distances of `sample` rows of x (n x d, finite), spread evenly, to their neighbours. ZSC_EINPUT where
 * one differs from the given one by more than a thousandth of the row's largest. The lists must be as zsc_knn_arrange
 * leaves them. */
zsc_status zsc_knn_check_distances(const float *x, size_t n, size_t d, const zsc_knn *given, zsc_metric metric,
                                   size_t sample, const zsc_exec *exec);

#endif
