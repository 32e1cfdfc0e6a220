/* The minimum spanning tree of mutual reachability: max(core of a, core of b, distance of a and b), the core distance
 * of a row being that to its min_samples-th nearest, itself included. */
#ifndef ZSC_HDBSCAN_SPANNING_TREE_H
#define ZSC_HDBSCAN_SPANNING_TREE_H

#include "hdbscan/edge_order.h"

/* core: m measures; edges: m - 1, ascending. Both from the caller. Exact; which of several edges of one measure are in
 * the tree is decided by the first rows of their ends, so that the tree is unique. Many edges have the measure of a
 * core distance, and so the same: they stand in the order in which Prim's algorithm takes them from the first row on,
 * as in R's dbscan. */
zsc_status zsc_hdbscan_spanning_tree(const zsc_hdbscan_space *space, size_t min_samples, const zsc_exec *exec,
                                     double *core, zsc_hdbscan_edge *edges);
/* Bytes that it needs at most beside these, for n distinct rows. */
size_t zsc_hdbscan_spanning_tree_memory(size_t n, size_t nodes, size_t d, size_t min_samples);

#endif
