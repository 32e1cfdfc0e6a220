/* The approximate search. */
#ifndef ZSC_KNN_NN_DESCENT_H
#define ZSC_KNN_NN_DESCENT_H

#include "knn/blocks/block_index.h"
#include "knn/rows.h"
#include "knn/search_state.h"
#include "zsc/exec.h"

/* The groups of blocks around each row's own that lists begin with, where rows are not projected; and, where they are,
 * the blocks nearest to each row, for ZSC_NN_DESCENT_GROUPS. */
enum { ZSC_NN_DESCENT_GROUPS = 24, ZSC_NN_DESCENT_PROBES = 64 };

/* About the k nearest of rows->count rows (k <= count), each row's list ascending in (distance, index), itself among
 * them at distance 0. index, distance: count x k, from the caller. *exact is set where it was no less work to search
 * exactly. KEEPER may be NULL. */
zsc_status zsc_nn_descent_search(const zsc_knn_rows *rows, size_t k, size_t groups, uint64_t seed,
                                 const zsc_knn_keeper *keeper, const zsc_exec *exec, int32_t *index, float *distance,
                                 bool *exact);

/* Bytes at most, beyond the rows, where it does not search exactly; checked anew when the shape of its index is known,
 * exec->memory_held being what the caller holds. */
size_t zsc_nn_descent_memory(size_t n, size_t d, size_t k, int threads);
/* The same of an index of this shape. */
size_t zsc_nn_descent_shape_memory(const zsc_block_shape *shape, size_t k, int threads);

#endif
