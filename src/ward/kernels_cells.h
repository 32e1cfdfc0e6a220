/* Kernels of the search in cells (kernels_cells.c), compiled for each instruction set (base/isa.h). They filter in
 * single precision; ball_cells.c recomputes in double precision what they return. */
#ifndef ZSC_WARD_KERNELS_CELLS_H
#define ZSC_WARD_KERNELS_CELLS_H

#include <stdbool.h>

#include "ward/kernels.h"

/* One of the clusters of a cell whose nearest are searched together. */
typedef struct zsc_ward_cell_query {
    const float *x; /* width; 0 beyond d */
    float inverse;  /* 1 / weight */
    float reach;    /* what is beyond this multiple of the nearest distance is not wanted */
    int32_t self;   /* its slot */
    float bound;    /* out: no cluster outside the answer is nearer */
    size_t count;   /* out: of hits */
    bool left;      /* out: too many cells are near */
    zsc_ward_hit hits[ZSC_WARD_NEAR_MOST];
} zsc_ward_cell_query;

/* Queries of one cell, and a point near all of them: its centre, or where there is but one query, that. */
typedef struct zsc_ward_cell_run {
    zsc_ward_cell_query *query;
    size_t count;
    int32_t cell;
    const float *centre; /* width */
} zsc_ward_cell_run;

enum { ZSC_WARD_RUNS = 64, ZSC_WARD_CELL_QUERIES = 256 }; /* at most, that are searched together */

/* Some balls of a block of them. */
typedef struct zsc_ward_near_block {
    float gap;      /* between the centre of the queries and the nearest of them */
    int32_t block;  /* of balls */
    unsigned balls; /* bits: which of them */
} zsc_ward_near_block;

typedef struct zsc_ward_near_scratch {
    zsc_ward_near_block *cells; /* as many as these have blocks */
    uint16_t *groups;           /* ZSC_WARD_RUNS x blocks of groups: bits */
    float *centre;              /* width */
} zsc_ward_near_scratch;

/* Vectors in blocks: d x ZSC_WARD_BLOCK numbers of ZSC_WARD_BLOCK vectors. */
typedef struct zsc_ward_cell_kernels {
    /* Of each query of `runs` cells, no more than ZSC_WARD_RUNS: up to ZSC_WARD_NEAR_MOST nearest clusters, sorted by
     * single-precision distance; 0 only if there is no other cluster. Those are left for which too many cells are near.
     * ALONE: one query a run, the queries of all runs one after the other; they are compared with all light clusters.
     * Returns how often a query was compared with a cluster or a cell. */
    size_t (*near)(const zsc_ward_cells *cells, const zsc_ward_cell_run *run, size_t runs, bool alone,
                   const zsc_ward_near_scratch *scratch);
    /* The same of queries that were left, ZSC_WARD_CELL_QUERIES at most, by comparing them with all clusters. */
    void (*all)(const zsc_ward_cells *cells, zsc_ward_cell_query *query, size_t count);
    /* Calls REPORT for every cluster that may be within the bound. */
    void (*within)(const zsc_ward_cells *cells, const zsc_ward_cell_query *query, float bound,
                   zsc_ward_within_fn report, void *data);
    /* The square of the distance of two vectors of `width` numbers, a multiple of ZSC_WARD_BLOCK. */
    float (*apart)(const float *x, const float *y, size_t width);
    /* The squares of the distances from x to all vectors of the blocks. */
    void (*distances)(const float *x, const float *block, size_t blocks, size_t d, float *out);
    /* The nearest of them that is nearer than *least, the square of a distance, which becomes its own; -1: none. */
    int32_t (*nearest)(const float *x, const float *block, size_t blocks, size_t d, float *least);
    /* The largest finite square of a distance from x to the vectors first .. end - 1 of the blocks; -infinity where
     * there is none. */
    float (*farthest)(const float *x, const float *block, size_t first, size_t end, size_t d);
} zsc_ward_cell_kernels;
ZSC_SIMD_DECLARE(zsc_ward_cell_kernels, zsc_ward_cell_kernels);

#endif
