/* The order in which edges of equal measure are in the spanning tree. */
#ifndef ZSC_HDBSCAN_EDGE_ORDER_H
#define ZSC_HDBSCAN_EDGE_ORDER_H

#include "hdbscan/space.h"

typedef struct zsc_hdbscan_edge {
    int32_t a, b;   /* distinct rows of the space */
    double measure; /* mutual reachability (knn/rows.h: squared for the Euclidean metric) */
} zsc_hdbscan_edge;

/* The spanning tree that Prim's algorithm finds along `count` edges, which connect all m rows, when it begins at the
 * first row of the input: m - 1 edges to out, ascending, those of one measure in the order in which they were taken.
 * scratch: m - 1 edges, from the caller as out is. O(count log(count)). */
zsc_status zsc_hdbscan_order_edges(const zsc_hdbscan_space *space, const zsc_hdbscan_edge *edges, size_t count,
                                   zsc_hdbscan_edge *scratch, zsc_hdbscan_edge *out);
/* Bytes that it needs beside these. */
size_t zsc_hdbscan_order_memory(size_t m, size_t count);

#endif
