/* The two passes over all tiles. */
#ifndef ZSC_KNN_EXACT_PASS_H
#define ZSC_KNN_EXACT_PASS_H

#include "knn/blocks/pairs.h"
#include "knn/exact/joint_index.h"
#include "knn/exact/lists.h"

/* The best of each row by the values of the first `share` of all tiles. */
zsc_status zsc_exact_first_pass(const zsc_joint_index *joint, zsc_exact_lists *lists, double share,
                                const zsc_pairs_stage *stage, const zsc_exec *exec);
/* The k best of each row that is not finished, from all pairs within its limit. */
zsc_status zsc_exact_second_pass(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_pairs_stage *stage,
                                 const zsc_exec *exec);
/* Bytes of the first pass over shapes of `count` concatenations, with m keys (0: with each other); REFINING: of the
 * second. */
size_t zsc_exact_pass_memory(const zsc_block_shape *shapes, size_t features, size_t m, size_t count, size_t keep,
                             bool refining, int threads);

#endif
