/* An order of rows in which neighbours are near one another (bfs_order.c). */
#ifndef ZSC_UMAP_BFS_ORDER_H
#define ZSC_UMAP_BFS_ORDER_H

#include "zsc/umap.h"

/* Reorders the `count` rows of one component; position[row] becomes the row's position in it. O(edges). */
void zsc_umap_bfs_order(const zsc_graph *graph, int32_t *rows, size_t count, int32_t *position);

#endif
