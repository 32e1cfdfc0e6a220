/* The nearest centre of each row. */
#ifndef ZSC_KMEANS_ASSIGN_H
#define ZSC_KMEANS_ASSIGN_H

#include "kmeans/row_tree.h"

typedef struct zsc_kmeans_assignment {
    int32_t *label; /* n, by place: the nearest centre, the first of equals */
    float *square;  /* n, by place: squared distance to it */
    float *most;    /* nodes: no row of the node is farther from its nearest centre than that */
} zsc_kmeans_assignment;

zsc_status zsc_kmeans_assignment_make(const zsc_kmeans_tree *tree, zsc_kmeans_assignment *out);
void zsc_kmeans_assignment_free(zsc_kmeans_assignment *assignment);

/* centre: k x width, scaled. moved: how far each centre has come since the assignment was made, at least; NULL: the
 * assignment is unknown. O(n k d) at most. *changed: rows with another label. */
zsc_status zsc_kmeans_assign(const zsc_kmeans_tree *tree, const float *centre, size_t k, const float *moved,
                             double done, double total, const zsc_exec *exec, zsc_kmeans_assignment *assignment,
                             size_t *changed);
size_t zsc_kmeans_assignment_kept(size_t n);
size_t zsc_kmeans_assign_memory(size_t k, int threads);

#endif
