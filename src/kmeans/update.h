/* The mean of each cluster's rows. */
#ifndef ZSC_KMEANS_UPDATE_H
#define ZSC_KMEANS_UPDATE_H

#include "kmeans/row_tree.h"

typedef struct zsc_kmeans_update_report {
    double moved; /* sum of the squared distances between old and new centres, scaled */
    size_t relocated;
} zsc_kmeans_update_report;

/* Moves centre (k x width, scaled) to the means of the rows of x with that label. label and square (n) are by row;
 * empty clusters get the rows that are farthest from their centres, as in scikit-learn, whose labels change, but not a
 * row that is alone in its cluster or stands on its centre; without such rows they stay where they are. moved (k): how
 * far each came, at least. */
zsc_status zsc_kmeans_update(const zsc_kmeans_tree *tree, const float *x, size_t k, const float *square, int32_t *label,
                             const zsc_exec *exec, float *centre, float *moved, zsc_kmeans_update_report *report);
size_t zsc_kmeans_update_memory(size_t n, size_t d, size_t k);

#endif
