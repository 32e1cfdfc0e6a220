/* Between the passes: what the k-th distance of each row is at most, and which rows are finished. */
#ifndef ZSC_KNN_EXACT_BOUNDS_H
#define ZSC_KNN_EXACT_BOUNDS_H

#include "base/threads.h"
#include "knn/exact/joint_index.h"
#include "knn/exact/lists.h"

/* From lists of the first pass, new limits, and lists that begin anew with the row itself. Where no feature block is
 * projected, rows whose neighbours are certain keep them and have a limit of -infinity; *finished: all of them are. */
zsc_status zsc_exact_bound(const zsc_joint_index *joint, zsc_exact_lists *lists, zsc_polls *polls, bool *finished);
/* Bytes that this takes where rows are projected: n keys, and lists of `keep`. */
size_t zsc_exact_bound_memory(size_t n, size_t count, size_t keep, int threads);

#endif
