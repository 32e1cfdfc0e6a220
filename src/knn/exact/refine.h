/* Second pass: pairs that tiles let through are compared by quantised vectors, then measured. */
#ifndef ZSC_KNN_EXACT_REFINE_H
#define ZSC_KNN_EXACT_REFINE_H

#include "knn/blocks/pairs.h"
#include "knn/exact/joint_index.h"
#include "knn/exact/lists.h"

typedef struct zsc_exact_picked zsc_exact_picked;
typedef struct zsc_exact_batch zsc_exact_batch;

/* A thread's own: pairs that wait. */
typedef struct zsc_exact_refiner {
    const zsc_joint_index *joint;
    zsc_exact_lists *lists;
    zsc_exact_picked *picked; /* of the tile at work, as they come */
    size_t picked_count;
    zsc_exact_pair *pair; /* batch by batch, and there concatenation by concatenation */
    size_t capacity;
    zsc_exact_batch *batch;
    size_t *first; /* the batches' */
    size_t batches;
    float *limit[2]; /* concatenations x ZSC_TILE, of two blocks */
    uint32_t *asked; /* a bit per pair of a tile of which a feature block's share is wanted; none between uses */
    bool *asking;    /* ZSC_TILE: rows of the first block with a bit in `asked` */
    double *memo;    /* ZSC_TILE x ZSC_TILE: those shares */
} zsc_exact_refiner;

zsc_status zsc_exact_refiner_make(const zsc_joint_index *joint, zsc_exact_lists *lists, zsc_exact_refiner *out);
void zsc_exact_refiner_free(zsc_exact_refiner *refiner);
size_t zsc_exact_refiner_memory(size_t count); /* bytes of one, of so many concatenations */

/* Pairs of tile (i, j) that concatenation c wants, all of a tile between two calls of _end_tile. */
void zsc_exact_refiner_add(zsc_exact_refiner *refiner, size_t c, size_t i, size_t j, const zsc_tile_pair *pairs,
                           size_t count);
void zsc_exact_refiner_end_tile(zsc_exact_refiner *refiner, size_t i, size_t j);
/* Puts the pairs that wait into the lists as far as they belong there. */
void zsc_exact_refiner_flush(zsc_exact_refiner *refiner);

#endif
