/* What searches in cells compare, by a sample of queries; and what they would compare, before cells are made of all
 * clusters (cells_sample.c). */
#ifndef ZSC_WARD_CELLS_SAMPLE_H
#define ZSC_WARD_CELLS_SAMPLE_H

#include "ward/ball_cells.h"

/* With how many clusters a search in CELLS compares a query, in blocks of ZSC_WARD_BLOCK: the mean of a sample of
 * queries. SCRATCH: of each thread. */
double zsc_ward_cells_compared(const zsc_ward_cells *cells, const zsc_ward_clusters *clusters,
                               const zsc_ward_cells_scratch *scratch, int threads);

/* An estimate of the same for cells that are not made yet, to *compared: cells are made of 32,768 of the clusters, in
 * ranges of neighbouring blocks of TREE. There must be as many clusters as zsc_ward_cells_sample_useful asks for. Needs
 * zsc_ward_cells_sample_memory bytes beside the tree. */
zsc_status zsc_ward_cells_sample(const zsc_ward_box_tree *tree, const zsc_ward_clusters *clusters, const zsc_exec *exec,
                                 double *compared);
size_t zsc_ward_cells_sample_memory(size_t d, int threads);

/* Whether there are so many clusters that cells of some are made in a fraction of the time of all. */
bool zsc_ward_cells_sample_useful(size_t clusters);

#endif
