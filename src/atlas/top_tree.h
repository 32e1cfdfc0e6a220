/* The top of a dendrogram: its last merges, which cut it into any number of clusters up to C, and AMI at each cut. */
#ifndef ZSC_ATLAS_TOP_TREE_H
#define ZSC_ATLAS_TOP_TREE_H

#include "zsc/experiment.h"

typedef struct zsc_top_tree {
    size_t clusters; /* C, the leaves; 0: the result has no dendrogram */
    int32_t *leaf;   /* rows: 0 .. C - 1, numbered by the first row of each, as in every cut */
    int32_t *child;  /* (C - 1) x 2, by growing height: below C a leaf, C + j: what merge j made */
    float *height;   /* C - 1 */
    float *ami;      /* ranks x C: of rank j at k clusters [j C + k - 1]; NaN where it is not defined */
    size_t ranks;    /* those of the result */
} zsc_top_tree;

/* Of a result that was read with its rows and linkage, and with its curves where it has them: else they are computed
 * (zsc_ami_curve). CLUSTERS 0: a quarter more than the largest of 160, the run's clusters and the classes of each rank.
 * At most 60,000, and the rows. *out is {0} where there is no dendrogram; freed with zsc_top_tree_free. O(n log n) time
 * per rank. Errors: those of zsc_ami_curve. */
zsc_status zsc_top_tree_make(const zsc_result *result, size_t clusters, const zsc_exec *exec, zsc_top_tree *out);
void zsc_top_tree_free(zsc_top_tree *tree);

#endif
