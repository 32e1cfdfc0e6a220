/* The rows in a tree of halves, each node with a ball that holds its rows, and the rows of a leaf interleaved. */
#ifndef ZSC_KMEANS_ROW_TREE_H
#define ZSC_KMEANS_ROW_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "kmeans/kernels.h"
#include "zsc/exec.h"
#include "zsc/status.h"

/* Coordinates are scaled by a power of two, so that the largest is between 1 and 2: that is exact, and squares neither
 * overflow nor vanish. A place is a row's position in the tree's order. */
typedef struct zsc_kmeans_tree {
    size_t n, d, width; /* rows, columns; columns of `ball`, d rounded up to ZSC_KMEANS_PADDING */
    size_t nodes, leaves, tops, depth;
    int exponent;    /* x = scaled 2^exponent */
    float slack;     /* 1 + what distances may be wrong by, relatively, where they are compared with a ball's bounds */
    int32_t *order;  /* n: the row at each place */
    int32_t *from;   /* nodes: first place. A node's left child is the next node */
    int32_t *end;    /* nodes: one after its last place */
    int32_t *right;  /* nodes: the right child; -1: a leaf, of ZSC_KMEANS_BLOCK places at most */
    float *ball;     /* nodes x width: centres */
    float *radius;   /* nodes */
    float *block;    /* leaves x d x ZSC_KMEANS_BLOCK; the last row is repeated beyond a leaf's end */
    int32_t *top;    /* tops: disjoint nodes that hold all rows; work is shared out by them */
    int32_t *parent; /* the nodes above them, ascending, as many as tops - 1 */
} zsc_kmeans_tree;

/* SCALE_TOO (count numbers, may be NULL) are brought within the same scale. n >= 1. */
zsc_status zsc_kmeans_tree_make(const float *x, size_t n, size_t d, const float *scale_too, size_t count,
                                const zsc_exec *exec, zsc_kmeans_tree *out);
void zsc_kmeans_tree_free(zsc_kmeans_tree *tree);
size_t zsc_kmeans_tree_memory(size_t n, size_t d);
size_t zsc_kmeans_tree_kept(size_t n, size_t d); /* afterwards */

/* The d coordinates at X, scaled, and zeros up to the width. */
void zsc_kmeans_tree_scale(const zsc_kmeans_tree *tree, const float *x, float *out);

static inline const float *zsc_kmeans_tree_block(const zsc_kmeans_tree *tree, size_t node)
{
    return tree->block + (size_t)tree->from[node] * tree->d;
}

#endif
