/* The distinct rows, near ones together, in blocks under a tree of boxes; and what lengths in single precision say of
 * the measure. */
#ifndef ZSC_HDBSCAN_SPACE_H
#define ZSC_HDBSCAN_SPACE_H

#include "hdbscan/kernels.h"
#include "knn/rows.h"

typedef struct zsc_hdbscan_space {
    size_t n, m, d, width; /* rows, distinct rows, columns, columns rounded up to ZSC_HDBSCAN_BLOCK */
    float *x;              /* m x d: distinct rows; all that follows counts them in this order, in which near ones are
                              together */
    int32_t *first;        /* m: the first row of the input that equals it */
    int32_t *weight;       /* m: how many do */
    int32_t *of;           /* n: the distinct row that each row of the input equals */
    zsc_knn_rows rows;     /* x under the metric */
    int kind;              /* ZSC_HDBSCAN_SQUARES, ... */
    double relative, absolute; /* error of lengths: see space.c */
    /* The tree: nodes in preorder, so that the left child of a node is the next one. */
    size_t nodes, blocks;
    int32_t *right;    /* nodes: right child; below 0: a leaf */
    int32_t *from;     /* nodes: the first row ... */
    int32_t *end;      /* nodes: ... and the row after the last */
    int32_t *at;       /* nodes: its first block; -1: of several cells (cells.h) */
    float *low, *high; /* nodes x width: the box of its rows */
    float *centre;     /* nodes x width; and */
    float *radius;     /* nodes: a ball around them */
    float *vector;     /* m x width: what is compared: the rows, or for cosine and correlation their directions */
    float *block;      /* the rows of leaves once more: blocks of d x ZSC_HDBSCAN_BLOCK, infinity beyond the last row */
} zsc_hdbscan_space;

/* x (n x d) stays the caller's. ZSC_ENUMERIC: a row holds NaN or infinity. The caller frees *out with
 * zsc_hdbscan_space_free. */
zsc_status zsc_hdbscan_space_make(const float *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                  zsc_hdbscan_space *out);
void zsc_hdbscan_space_free(zsc_hdbscan_space *space);
/* Bytes that making one of n rows needs at most, that it takes then, and how many nodes it has. */
size_t zsc_hdbscan_space_memory(size_t n, size_t d, zsc_metric metric);
size_t zsc_hdbscan_space_kept_most(size_t n, size_t d, zsc_metric metric);
size_t zsc_hdbscan_space_nodes_most(size_t n);
size_t zsc_hdbscan_space_kept(const zsc_hdbscan_space *space);

/* Not above the length between x (width) and any row of a node, up to rounding that zsc_hdbscan_limit allows for.
 * Beyond `limit` it is not made any better. */
float zsc_hdbscan_to_node(const zsc_hdbscan_space *space, const zsc_hdbscan_kernels *kernels, const float *x,
                          int32_t node, float limit);

/* The limit on lengths that lets through every row within this measure. */
float zsc_hdbscan_limit(const zsc_hdbscan_space *space, double measure);

#endif
