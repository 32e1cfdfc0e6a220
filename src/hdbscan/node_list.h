/* Nodes that hold all rows, each row once, of one round of Boruvka's algorithm; their centres in blocks, so that how
 * far all of them are from one takes a pass over a small array. Defined in node_list.c. */
#ifndef ZSC_HDBSCAN_NODE_LIST_H
#define ZSC_HDBSCAN_NODE_LIST_H

#include "hdbscan/space.h"

typedef struct zsc_hdbscan_node_list {
    size_t count, most;
    int32_t *node; /* count */
    float *centre; /* blocks of d x ZSC_HDBSCAN_BLOCK; infinity beyond the last node */
    float *radius; /* count */
} zsc_hdbscan_node_list;

/* For lists of at most so many nodes of the space. ZSC_EINTERNAL: out of memory; otherwise freed by
 * zsc_hdbscan_node_list_free. */
zsc_status zsc_hdbscan_node_list_make(const zsc_hdbscan_space *space, size_t most, zsc_hdbscan_node_list *out);
void zsc_hdbscan_node_list_free(zsc_hdbscan_node_list *list);
size_t zsc_hdbscan_node_list_memory(size_t most, size_t d);

/* list->node and list->count are there: fills in the rest. */
void zsc_hdbscan_node_list_fill(const zsc_hdbscan_space *space, zsc_hdbscan_node_list *list);

/* What no row of NODE is nearer than to any row of nodes ZSC_HDBSCAN_BLOCK * BLOCK, ... of the list, as a distance (a
 * root where measures are squares); returns how many there are, 0 beyond the last block. */
size_t zsc_hdbscan_node_list_least(const zsc_hdbscan_space *space, const zsc_hdbscan_node_list *list, int32_t node,
                                   size_t block, float least[ZSC_HDBSCAN_BLOCK]);

#endif
