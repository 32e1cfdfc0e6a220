/* Kernels of the search in cells (kernels_cells.c), compiled for each instruction set (base/isa.h). They filter in
 * single precision; ball_cells.c recomputes in double precision what they return. */
#ifndef ZSC_WARD_KERNELS_CELLS_H
#define ZSC_WARD_KERNELS_CELLS_H

#include "ward/kernels.h"

/* One of the clusters of a cell whose nearest are searched together. */
typedef struct zsc_ward_cell_query {
    const float *x; /* width; 0 beyond d */
    float inverse;  /* 1 / weight */
    int32_t self;   /* its slot */
    float bound;    /* out: no cluster outside the answer is nearer */
    size_t count;   /* out: of hits */
    zsc_ward_hit hits[ZSC_WARD_NEAR];
} zsc_ward_cell_query;

typedef struct zsc_ward_near_block {
    float gap;      /* between the centre of the queries and the nearest of its balls */
    int32_t block;  /* of cells */
    unsigned cells; /* bits: which of them */
} zsc_ward_near_block;

/* Vectors in blocks: d x ZSC_WARD_BLOCK numbers of ZSC_WARD_BLOCK vectors. */
typedef struct zsc_ward_cell_kernels {
    /* Of each query, all of one cell with this centre (2 x width, the second half scratch): up to ZSC_WARD_NEAR nearest
     * clusters, sorted by single-precision distance; 0 only if there is no other cluster. NEAR: scratch, as many as
     * cells have blocks. Returns how often a query was compared with a cluster or a cell. */
    size_t (*near)(const zsc_ward_cells *cells, int32_t cell, float *centre, zsc_ward_cell_query *query, size_t count,
                   zsc_ward_near_block *near);
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
