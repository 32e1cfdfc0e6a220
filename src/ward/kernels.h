/* Kernels of both searches (kernels.c), compiled for each instruction set (base/isa.h). They filter in single
 * precision; box_tree.c and gemm_search.c recompute in double precision what they return. */
#ifndef ZSC_WARD_KERNELS_H
#define ZSC_WARD_KERNELS_H

#include "base/isa.h"
#include "ward/clusters.h"

typedef struct zsc_ward_hit { /* a cluster and its distance in single precision */
    float distance;
    int32_t slot;
} zsc_ward_hit;

/* A search in the bounding-box tree. */
typedef struct zsc_ward_query {
    const float *x; /* width; 0 beyond d */
    float inverse;  /* 1 / weight */
    int32_t self;   /* the slot whose neighbours are searched */
    float bound;    /* out: no cluster outside the answer is nearer */
    size_t scanned; /* out: blocks whose clusters were compared */
    size_t boxes;   /* 0; out: boxes that it was compared with */
} zsc_ward_query;

/* Called for each cluster whose distance may be within the bound; returns the bound from then on. */
typedef float (*zsc_ward_within_fn)(void *data, int32_t slot);

typedef struct zsc_ward_kernels {
    /* Up to ZSC_WARD_NEAR nearest clusters, sorted by single-precision distance; returns how many: 0 only if there is
     * no other cluster. */
    size_t (*near)(const zsc_ward_box_tree *tree, zsc_ward_query *query, zsc_ward_hit *hits);
    /* Calls REPORT for every cluster that may be within the bound. */
    void (*within)(const zsc_ward_box_tree *tree, zsc_ward_query *query, float bound, zsc_ward_within_fn report,
                   void *data);
    /* From `count` products of one query with the rows from `first` on: keeps the ZSC_WARD_CANDIDATES smallest lower
     * bounds in hits (sorted, *found of them). */
    void (*filter)(const zsc_ward_gemm *gemm, const float *product, size_t first, size_t count, float norm,
                   float inverse, zsc_ward_hit *hits, size_t *found);
} zsc_ward_kernels;
ZSC_SIMD_DECLARE(zsc_ward_kernels, zsc_ward_kernels);

#endif
