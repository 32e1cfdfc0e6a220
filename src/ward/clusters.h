/* The current clusters, what a search for the nearest answers, and the data structures that are searched for them.
 */
#ifndef ZSC_WARD_CLUSTERS_H
#define ZSC_WARD_CLUSTERS_H

#include <stdbool.h>

#include "ward/prepare.h"
#include "ward/ties.h"

enum {
    ZSC_WARD_NEAR = 4,        /* near clusters stored with each cluster; measured in doc/ward.md, as are the next */
    ZSC_WARD_NEAR_MOST = 16,  /* the same where searches are expensive: any but the tree's */
    ZSC_WARD_CANDIDATES = 16, /* clusters that the matrix-product search recomputes in double precision */
    ZSC_WARD_CELL_MOST = 32,  /* clusters of a cell (divide.c) */
    ZSC_WARD_BLOCK = 16       /* clusters whose coordinates are interleaved: one AVX-512 register */
};

/* How many blocks hold so many clusters, or coordinates where they are padded likewise. */
static inline size_t zsc_ward_blocks(size_t clusters) { return (clusters + ZSC_WARD_BLOCK - 1) / ZSC_WARD_BLOCK; }

/* A slot is the number of a distinct row; a cluster is in the slot of its first row. */
typedef struct zsc_ward_clusters {
    size_t m, d, stride;
    size_t live;    /* how many clusters there are now */
    double *c;      /* m x stride: centroids */
    double *weight; /* m: rows; 0: no cluster in this slot any more */
} zsc_ward_clusters;

/* Twice what merging adds to the within-cluster sum of squares: the square of SciPy's height. */
static inline double zsc_ward_square_height(const zsc_ward_clusters *s, int32_t a, int32_t b)
{
    double wa = s->weight[a], wb = s->weight[b];
    return 2 * (wa * wb / (wa + wb)) *
           zsc_ward_square_distance(s->c + (size_t)a * s->stride, s->c + (size_t)b * s->stride, s->stride);
}

/* The answer of a search: the nearest of all clusters (list[0], exactly), up to ZSC_WARD_NEAR_MOST - 1 more, and a
 * distance below which there is no other. */
typedef struct zsc_ward_near_list {
    zsc_ward_candidate list[ZSC_WARD_NEAR_MOST];
    size_t count;
    double radius;
} zsc_ward_near_list;

/* --- Data structures */
/* The bounding-box tree (box_tree.c). */
typedef struct zsc_ward_box_tree {
    size_t d, width; /* width: d rounded up to ZSC_WARD_BLOCK */
    size_t nodes, blocks;
    float *low, *high;         /* nodes x width: the box; 0 beyond d */
    float *lightest;           /* nodes: the largest 1 / weight below */
    int32_t *right, *up;       /* the left child is the next node; right < 0: a leaf, of the blocks -right - 1 ... */
    int32_t *end;              /* ... to end - 1 */
    int32_t *leaf_of;          /* blocks: node */
    float *x;                  /* blocks x d x ZSC_WARD_BLOCK; the first coordinate of an empty position is infinite */
    float *inverse;            /* blocks x ZSC_WARD_BLOCK: 1 / weight */
    int32_t *slot;             /* blocks x ZSC_WARD_BLOCK; -1 at an empty position */
    int32_t *position;         /* m: position of a slot in the blocks */
    double relative, absolute; /* error of the filter; see box_tree.c */
} zsc_ward_box_tree;

/* Balls that each hold what they are of: a centre, how far off the farthest is, and the lightest. */
typedef struct zsc_ward_balls {
    size_t count;
    float *centre;   /* blocks x d x ZSC_WARD_BLOCK */
    float *radius;   /* count, and as many more as fill a block; -infinity: nothing is there */
    float *lightest; /* the same: the largest 1 / weight */
    float *norm;     /* the same: the square of the length of the centre */
} zsc_ward_balls;

/* Clusters in cells of near ones, cells in groups of near ones (ball_cells.c). A position is a place of one cluster. */
typedef struct zsc_ward_cells {
    size_t d, width; /* width: d rounded up to ZSC_WARD_BLOCK */
    size_t positions;
    size_t light_position, light_group; /* from these on clusters were light when they were divided */
    int32_t *cell_begin;                /* cells + 1: the first position of each */
    int32_t *group_begin;               /* groups + 1: the first cell of each */
    int32_t *cell_of;                   /* positions */
    int32_t *group_of;                  /* cells */
    zsc_ward_balls cell, group;
    float *x;                  /* blocks x d x ZSC_WARD_BLOCK; the first coordinate of an empty position is infinite */
    float *inverse;            /* positions: 1 / weight; 0 at an empty one */
    float *norm;               /* positions: the square of the length; infinite at an empty one */
    int32_t *slot;             /* positions; -1 at an empty one */
    int32_t *position;         /* m: of a slot */
    unsigned char *touched;    /* cells: a cluster of it has changed */
    float *scratch;            /* of each thread: 2 x width */
    double relative, absolute; /* error of the filter; see ball_cells.c */
    float slack;               /* error of squares that are made of products and norms */
} zsc_ward_cells;

/* The operands of matrix products (gemm_search.c). */
typedef struct zsc_ward_gemm {
    size_t d, rows;
    float *x;          /* rows x d: centroids minus their common mean */
    float *norm;       /* rows: a lower bound of the squared norm; infinite in an empty row */
    float *inverse;    /* rows: 1 / weight */
    int32_t *slot;     /* rows; -1 in an empty row */
    int32_t *position; /* m: row of a slot */
    double *mean;      /* d */
    float *work;       /* of each thread: queries and products */
    size_t work_size;
} zsc_ward_gemm;

#endif
