/* Reduced vectors of a run and what its clusterer makes of them: a dendrogram, which every K is cut from, or clusters.
 */
#ifndef ZSC_EXPERIMENT_TREE_H
#define ZSC_EXPERIMENT_TREE_H

#include "base/hash.h"
#include "experiment/pipeline/stage_times.h"
#include "ward/linkage_state.h"
#include "zsc/experiment.h"

typedef struct zsc_tree {
    float *reduced; /* data.n x dim; NULL where nothing is reduced */
    size_t dim;
    double *linkage;           /* (data.n - 1) x 4; NULL where the clusterer makes none */
    int32_t *label;            /* data.n; of a clusterer that finds the number of clusters, else NULL; -1: noise */
    float *probability;        /* data.n; NULL where the clusterer gives none */
    size_t clusters;           /* of label */
    zsc_hdbscan_layers layers; /* of the clusterer of that name: label is the most persistent one */
    zsc_digest reduced_key, key;
    const char *how; /* the algorithm that ran */
    bool converged;
    zsc_stage_list seconds, clustering_seconds; /* of the reduction; of dendrogram or clusters */
} zsc_tree;

/* Makes the dendrogram, or clusters, of the reduced vectors, or else of the matrix. A tree that has others loses them,
 * also on failure. KEEPER (may be NULL): of a linkage that is not finished. */
zsc_status zsc_tree_cluster(const zsc_run_options *options, const zsc_exec *exec, const zsc_dataset *data,
                            const zsc_ward_keeper *keeper, zsc_tree *tree);

/* *K clusters of a clusterer that is told K: labels (data.n) from the caller, 0 .. *K - 1. Of fewer distinct rows
 * k-means makes fewer clusters: *K is how many. Spectral clustering refuses them. */
zsc_status zsc_tree_cut(const zsc_run_options *options, const zsc_exec *exec, const zsc_dataset *data,
                        const zsc_tree *tree, size_t *k, int32_t *label);

/* Frees what is above the reduced vectors. */
void zsc_tree_free_clusters(zsc_tree *tree);
void zsc_tree_free(zsc_tree *tree);

#endif
