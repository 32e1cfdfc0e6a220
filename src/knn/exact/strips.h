/* Tiles of several feature blocks, added up for each concatenation. */
#ifndef ZSC_KNN_EXACT_STRIPS_H
#define ZSC_KNN_EXACT_STRIPS_H

#include "knn/blocks/pairs.h"
#include "knn/exact/joint_index.h"
#include "knn/exact/lists.h"

/* Called in parallel. `found` gets the pairs of tile (i, j), i <= j, that are within the limits of concatenation c, in
 * several calls; limit[0] and limit[1] are the thread's copies of those of blocks i and j. `end_tile` and `done`,
 * unless NULL, come after a tile and after a unit. */
typedef struct zsc_exact_sink {
    void (*found)(void *data, int thread, size_t c, size_t i, size_t j, const zsc_tile_pair *pairs, size_t count,
                  float *const limit[2]);
    void (*end_tile)(void *data, int thread, size_t i, size_t j);
    void (*done)(void *data, int thread);
    void *data;
} zsc_exact_sink;

/* Lists of the first pass, filled from the rows of each row's own group of blocks. */
zsc_status zsc_exact_strips_fill(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_pairs_stage *stage,
                                 const zsc_exec *exec);
/* The first `share` of all tiles, nearest groups first; without those within a group unless `all`. */
zsc_status zsc_exact_strips_run(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_exact_sink *sink,
                                double share, bool all, const zsc_pairs_stage *stage, const zsc_exec *exec);
/* Bytes of a thread's workspace. */
size_t zsc_exact_strips_memory(const zsc_block_shape *shapes, size_t features, size_t count, size_t keep);

#endif
