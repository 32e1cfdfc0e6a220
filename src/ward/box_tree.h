/* Nearest clusters in a tree of bounding boxes (box_tree.c), for vectors of few dimensions. */
#ifndef ZSC_WARD_BOX_TREE_H
#define ZSC_WARD_BOX_TREE_H

#include "ward/clusters.h"
#include "zsc/exec.h"

zsc_status zsc_ward_box_tree_make(const zsc_ward_clusters *clusters, const zsc_exec *exec, zsc_ward_box_tree *out);
size_t zsc_ward_box_tree_memory(size_t clusters, size_t d);
void zsc_ward_box_tree_free(zsc_ward_box_tree *tree);

/* Cluster b was merged into a: *clusters has the new centroid and weight of a. */
void zsc_ward_box_tree_merge(zsc_ward_box_tree *tree, const zsc_ward_clusters *clusters, int32_t a, int32_t b);

/* QUERY: scratch of tree->width floats, 0 beyond d. Returns the number of blocks scanned, two boxes
 * counting as one. */
size_t zsc_ward_box_tree_search(const zsc_ward_box_tree *tree, const zsc_ward_clusters *clusters, int32_t slot,
                                float *query, zsc_ward_near_list *out);

#endif
