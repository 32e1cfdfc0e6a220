/* Negative samples of the layout (negatives.c). */
#ifndef ZSC_UMAP_NEGATIVES_H
#define ZSC_UMAP_NEGATIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "umap/kernels.h"
#include "umap/schedule.h"
#include "zsc/status.h"

/* The pools of two rounds: one is read while the other is filled for the next round. Each has `share` rows per block
 * and their coordinates; pool i of a round is those of slots 2 i and 2 i + 1. */
typedef struct zsc_umap_negatives {
    size_t blocks, rounds, stride; /* rounds: of an epoch */
    size_t share;                  /* rows that a block adds to a pool: a power of two, at most 128 */
    uint64_t seed;
    float *y[2];
    int32_t *row[2];
} zsc_umap_negatives;

zsc_status zsc_umap_negatives_make(size_t blocks, size_t rounds, size_t stride, uint64_t seed, zsc_umap_negatives *out);
void zsc_umap_negatives_free(zsc_umap_negatives *negatives);
size_t zsc_umap_negatives_memory(size_t blocks, size_t stride);

/* Which block's rows are in which slot of a round of an epoch. */
typedef struct zsc_umap_pool_order {
    uint64_t number; /* of the round, counted over all epochs */
    size_t multiplier, offset;
} zsc_umap_pool_order;
zsc_umap_pool_order zsc_umap_pool_order_of(const zsc_umap_negatives *negatives, size_t epoch, size_t round);

/* Draws the rows that a block adds to the pools, of its `count` rows of y, and prefetches them; copies their present
 * coordinates. which: 0 or 1. */
void zsc_umap_negatives_draw(const zsc_umap_negatives *negatives, int which, const zsc_umap_pool_order *order,
                             size_t block, zsc_umap_rows_of rows, size_t count, const float *y);
void zsc_umap_negatives_fill(const zsc_umap_negatives *negatives, int which, const zsc_umap_pool_order *order,
                             size_t block, const float *y);

/* Gives the updates of a task between `count` blocks (1 or 2) pool number `pool`. */
void zsc_umap_negatives_use(const zsc_umap_negatives *negatives, int which, const zsc_umap_pool_order *order,
                            size_t pool, const size_t *block, size_t count, zsc_umap_sgd *sgd);
/* The same for updates of heads that are rows FIRST to END - 1: the pool is one of all, by this random number. */
void zsc_umap_negatives_any(const zsc_umap_negatives *negatives, int which, uint64_t random, size_t first, size_t end,
                            zsc_umap_sgd *sgd);

#endif
