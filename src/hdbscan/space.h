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
    int32_t *from;     /* nodes + 1: the first row of a leaf ... */
    int32_t *end;      /* nodes: ... and of an inner node, and the row after its last */
    float *low, *high; /* nodes x width */
    float *vector;     /* m x width: what is compared: the rows, or for cosine and correlation their directions */
    float *block;      /* leaves begin at multiples of ZSC_HDBSCAN_BLOCK rows: blocks x d x ZSC_HDBSCAN_BLOCK */
} zsc_hdbscan_space;

/* x (n x d) stays the caller's. ZSC_ENUMERIC: a row holds NaN or infinity. The caller frees *out with
 * zsc_hdbscan_space_free. */
zsc_status zsc_hdbscan_space_make(const float *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                  zsc_hdbscan_space *out);
void zsc_hdbscan_space_free(zsc_hdbscan_space *space);
size_t zsc_hdbscan_space_memory(size_t n, size_t d);

/* The limit on lengths that lets through every row within this measure. */
float zsc_hdbscan_limit(const zsc_hdbscan_space *space, double measure);

#endif
