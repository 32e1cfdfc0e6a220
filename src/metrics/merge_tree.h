/* A dendrogram as a tree with links in both directions, and its rows in an order in which the rows of every cluster
 * stand beside each other. */
#ifndef ZSC_METRICS_MERGE_TREE_H
#define ZSC_METRICS_MERGE_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/status.h"

/* The dendrogram: nodes 0 .. n-1 are rows, n + j is made by merge j. */
typedef struct zsc_merge_tree {
    size_t n, nodes;
    int32_t *heavy, *light; /* n - 1: children of node n + j */
    int32_t *parent;        /* nodes; -1 at the root */
    int32_t *leaves;        /* nodes: rows below */
    int32_t *start;         /* nodes: first of its leaves in the heavy-first order */
    int32_t *scored;        /* nodes: rows below that are scored */
} zsc_merge_tree;

/* Of SciPy's linkage matrix z ((n - 1) x 4), n >= 1. scored is zeroed. ZSC_EINPUT: z is not a linkage matrix, with the
 * row. The caller frees *t with zsc_merge_tree_free, also where it fails. */
zsc_status zsc_merge_tree_make(const double *z, size_t n, zsc_merge_tree *t);
void zsc_merge_tree_free(zsc_merge_tree *t);

#endif
