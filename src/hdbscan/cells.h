/* An order of the rows in which near ones are together, and the cells that it consists of. */
#ifndef ZSC_HDBSCAN_CELLS_H
#define ZSC_HDBSCAN_CELLS_H

#include <stdint.h>

#include "hdbscan/kernels.h"
#include "zsc/exec.h"
#include "zsc/status.h"

enum { ZSC_HDBSCAN_LEAF_ROWS = 2 * ZSC_HDBSCAN_BLOCK }; /* rows of a leaf of the tree */

typedef struct zsc_hdbscan_cells {
    size_t count;
    int32_t *begin; /* count + 1: in the order; no cell is empty */
} zsc_hdbscan_cells;

/* Cells are those of some rounds of k-means on a sample, neighbours of each other in the order as far as possible;
 * inside a cell rows are ordered by halves, each a multiple of ZSC_HDBSCAN_LEAF_ROWS rows but the last. vector: m x d;
 * kind: ZSC_HDBSCAN_SQUARES, ...; order: m, from the caller. Nothing but speed depends on the order. O(m d) for each of
 * some sqrt(m) / 4 centroids, of 2,048 at most where m is below 131,000. The caller frees *out with
 * zsc_hdbscan_cells_free.
 */
zsc_status zsc_hdbscan_cells_make(const float *vector, size_t m, size_t d, int kind, const zsc_exec *exec,
                                  int32_t *order, zsc_hdbscan_cells *out);
void zsc_hdbscan_cells_free(zsc_hdbscan_cells *cells);
/* For tests: how many cells a region has at most, so that few rows have several regions; 0: as usual. */
void zsc_hdbscan_cells_force(size_t most);
/* How many cells n rows have at most. */
size_t zsc_hdbscan_cells_most(size_t n);
size_t zsc_hdbscan_cells_memory(size_t n, size_t d);

/* Of `count` items that are halved in such an order, each a multiple of `leaf` but the last: how many are left. */
static inline size_t zsc_hdbscan_left_of(size_t count, size_t leaf)
{
    return ((count + leaf - 1) / leaf + 1) / 2 * leaf;
}

#endif
