/* Tiles of each row with the blocks whose centroids are nearest to it. */
#ifndef ZSC_KNN_IVF_PROBE_H
#define ZSC_KNN_IVF_PROBE_H

#include "knn/blocks/pairs.h"

/* The index is projected. `found` of the pass gets pairs of a row i of block I, which chose block J, with all rows j of
 * it that are within the limit of row i; limits of J do not matter. Each pair comes once. */
zsc_status zsc_ivf_probe(const zsc_block_index *index, size_t probes, const zsc_pairs_pass *pass, const zsc_exec *exec);
size_t zsc_ivf_probe_memory(size_t blocks, size_t depth, size_t probes, int threads);

#endif
