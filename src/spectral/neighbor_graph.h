/* The symmetric graph of nearest neighbours. */
#ifndef ZSC_SPECTRAL_NEIGHBOR_GRAPH_H
#define ZSC_SPECTRAL_NEIGHBOR_GRAPH_H

#include "zsc/umap.h"

/* (A + A') / 2 of the matrix A that has 1 where a column is among the neighbours of a row, without the diagonal. The
 * caller frees *out with zsc_graph_free. */
zsc_status zsc_spectral_neighbor_graph(const zsc_knn *knn, zsc_graph *out);
size_t zsc_spectral_neighbor_graph_memory(size_t n, size_t k); /* at most, *out included */

#endif
