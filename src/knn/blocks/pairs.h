/* All pairs of rows of two indices, tile by tile, of which only those come out that may be near enough. Where both are
 * the same index, pairs are those of the half of the distance matrix above its diagonal. */
#ifndef ZSC_KNN_PAIRS_H
#define ZSC_KNN_PAIRS_H

#include "knn/blocks/block_index.h"

/* A part of a longer computation: progress goes from `before` to `after` of a whole of 1. */
typedef struct zsc_pairs_stage {
    const char *name;
    double before, after;
} zsc_pairs_stage;

/* Hands items 0 .. count - 1 to threads, one at a time. ZSC_EINTERRUPTED: the caller's progress function said so. */
typedef void (*zsc_pairs_item_fn)(void *data, int thread, size_t item);
zsc_status zsc_pairs_each(const zsc_pairs_stage *stage, size_t count, zsc_pairs_item_fn fn, void *data,
                          const zsc_exec *exec);

/* Asks within an item too, where one takes long: the first unit of a pass, whose pairs are all near enough as yet,
 * takes a quarter of a second on a slow processor. False: the item ends, and zsc_pairs_each_asking says
 * ZSC_EINTERRUPTED. */
typedef struct zsc_pairs_asking {
    const zsc_pairs_stage *stage;
    const zsc_exec *exec;
    size_t count; /* items */
    bool stop;    /* the caller's progress function said so */
} zsc_pairs_asking;
bool zsc_pairs_goes_on(zsc_pairs_asking *asking, int thread, size_t item);
zsc_status zsc_pairs_each_asking(zsc_pairs_asking *asking, zsc_pairs_item_fn fn, void *data);

/* Units: the blocks of a group of `left` with those of a group of `right`; groups that are near each other come first.
 * Of one index, each two groups, and each group with itself, come once (i <= j). The caller frees *units. */
enum { ZSC_PAIRS_GROUP = 4 }; /* blocks of a group */
typedef struct zsc_pairs_unit {
    int32_t i, j, place;
} zsc_pairs_unit;
zsc_status zsc_pairs_units(const zsc_block_index *left, const zsc_block_index *right, int threads,
                           zsc_pairs_unit **units, size_t *count);

static inline size_t zsc_pairs_group_end(const zsc_block_index *index, size_t group)
{
    return (group + 1) * ZSC_PAIRS_GROUP < index->blocks ? (group + 1) * ZSC_PAIRS_GROUP : index->blocks;
}

/* Called in parallel. `limits` copies the current limits of block b, and returns false if no row of it looks for
 * anything; rows of another index `right` look for nothing. `found` gets what a thread found in tile (I, J); of one
 * index, I <= J, and pairs within one block have i < j. `done`, unless
 * NULL, comes after each unit that a thread has done. */
typedef struct zsc_pairs_pass {
    bool (*limits)(void *data, size_t b, float *limit);
    void (*found)(void *data, int thread, size_t I, size_t J, const zsc_tile_pair *pairs, size_t count);
    void (*done)(void *data, int thread);
    void *data;
    zsc_pairs_stage stage;
} zsc_pairs_pass;

/* One pass over the first `share` (0 .. 1) of all tiles, nearest groups first. */
zsc_status zsc_pairs_run(const zsc_block_index *left, const zsc_block_index *right, const zsc_pairs_pass *pass,
                         double share, const zsc_exec *exec);
/* The share that compares each row with about `groups` groups around its own, of n rows. */
double zsc_pairs_share(size_t n, size_t groups);
/* Bytes of a pass over all pairs of the rows of a shape and m others; m 0: with each other. */
size_t zsc_pairs_memory(const zsc_block_shape *shape, size_t m, int threads);
/* Of its units alone: while they are put in order, and of those that are left. */
size_t zsc_pairs_units_memory(size_t n, size_t m, int threads, size_t *left);

#endif
