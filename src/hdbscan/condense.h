/* The condensed tree: which clusters of at least min_cluster_size rows there are at some level, and at which level each
 * row leaves its cluster (Campello, Moulavi and Sander 2013; McInnes and Healy 2017). */
#ifndef ZSC_HDBSCAN_CONDENSE_H
#define ZSC_HDBSCAN_CONDENSE_H

#include "hdbscan/spanning_tree.h"

/* Levels are lambda, one over the distance; infinity at distance 0. Cluster 0 has all rows; children come after their
 * parents. */
typedef struct zsc_hdbscan_cluster {
    int32_t parent; /* -1: the root's */
    size_t rows;
    double birth, death; /* lambda at which it begins; at which the last row, or a child, leaves it */
    double stability;    /* sum over its rows of (lambda at which the row leaves it) - birth */
    int32_t children;
} zsc_hdbscan_cluster;

typedef struct zsc_hdbscan_condensed {
    size_t count;
    zsc_hdbscan_cluster *cluster;
    int32_t *of;    /* m: the last cluster that each distinct row was in */
    double *lambda; /* m: where it left that */
} zsc_hdbscan_condensed;

/* The edges are taken away from the last to the first. Where a cluster falls into two parts that are large enough, they
 * are its children; where one of them is, the rows of the other leave it. edges: m - 1, ascending. The caller frees
 * *out with zsc_hdbscan_condensed_free. */
zsc_status zsc_hdbscan_condense(const zsc_hdbscan_space *space, const double *core, const zsc_hdbscan_edge *edges,
                                size_t min_cluster_size, const zsc_exec *exec, zsc_hdbscan_condensed *out);
void zsc_hdbscan_condensed_free(zsc_hdbscan_condensed *condensed);
/* Clusters that n rows have at most, and the bytes that the condensed tree of m distinct rows takes. */
size_t zsc_hdbscan_clusters_most(size_t n, size_t min_cluster_size);
size_t zsc_hdbscan_condensed_kept(size_t m, size_t clusters);

/* From the rows x (n x d) to their condensed tree. The caller frees *space and *condensed, in case of failure as well;
 * both are zeroed on entry. */
zsc_status zsc_hdbscan_tree(const float *x, size_t n, size_t d, size_t min_samples, size_t min_cluster_size,
                            zsc_metric metric, const zsc_exec *exec, zsc_hdbscan_space *space,
                            zsc_hdbscan_condensed *condensed);
/* Bytes that it needs at most beyond x. */
size_t zsc_hdbscan_tree_memory(size_t n, size_t d, size_t min_samples, size_t min_cluster_size, zsc_metric metric);

#endif
