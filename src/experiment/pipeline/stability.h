/* How much of the clusters stays when rows are left out, or with other seeds: a measure that needs no labels. */
#ifndef ZSC_EXPERIMENT_STABILITY_H
#define ZSC_EXPERIMENT_STABILITY_H

#include "experiment/pipeline/pipeline.h"

/* The clusters of the vectors that are clustered: *K of them, 0 .. *K - 1, noise -1, into label (data.n), from a tree
 * that was made of DATA. *K is what a clusterer that is told K makes, and is set otherwise. CURVE is of a rule of cuts,
 * the caller's. */
zsc_status zsc_tree_labels(const zsc_run_options *options, const zsc_exec *exec, const zsc_dataset *data,
                           const zsc_tree *tree, size_t *k, int32_t *label, zsc_cut_curve *curve);

/* Sets RESULT's stability, where the options ask for it. Of B = options.stability subsamples, each ZSC_STABILITY_SHARE
 * of the rows drawn without replacement by the seed, the vectors that were clustered are clustered anew with the same
 * settings and K; each two clusterings are compared by adjusted mutual information over the rows that both have
 * (Ben-Hur, Elisseeff and Guyon 2002), noise being one cluster. Where the seed has an effect, the clusters of the run
 * and those of the next B - 1 seeds, reductions included, are compared likewise over all rows. Pairs of which one has a
 * single cluster are left out. The same at any number of threads. Time: that of B clusterings and B - 1 runs beyond
 * the graph, and O(n) for each pair; memory: 8 B bytes per row (zsc_stability_memory). */
#define ZSC_STABILITY_SHARE 0.8
zsc_status zsc_stability_measure(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input,
                                 const zsc_tree *tree, zsc_result *result);

#endif
