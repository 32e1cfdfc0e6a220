/* The only file that calls igraph, and knows whether it is there. */
#ifndef ZSC_LEIDEN_IGRAPH_PARTITION_H
#define ZSC_LEIDEN_IGRAPH_PARTITION_H

#include "zsc/leiden.h"

typedef struct zsc_leiden_problem {
    const zsc_graph *graph;
    const double *node_weight; /* n */
    double resolution; /* igraph's: sum over pairs in a cluster of weight - resolution times both node weights */
    size_t max_iter;
    uint64_t seed;
} zsc_leiden_problem;

/* Partitions the graph into out->label (as many as rows), and sets clusters, iterations and converged. */
zsc_status zsc_leiden_partition(const zsc_leiden_problem *problem, const zsc_exec *exec, zsc_leiden *out);
/* At most, for a graph with so many entries, each edge being two. */
size_t zsc_leiden_partition_memory(size_t n, size_t entries);
/* ZSC_EUSAGE, with what brings it, where zsc was built without igraph. */
zsc_status zsc_leiden_check_library(void);

#endif
