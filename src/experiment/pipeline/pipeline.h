/* The steps of one run, in the order in which they can be shared:
 *
 *     zsc_input    rows, matrix, kNN, fuzzy graph       once for all seeds and K rules of one input
 *     zsc_tree     reduced vectors, dendrogram          once for all K rules of one seed
 *     zsc_result   cut, scores                          each run
 *
 * A clusterer that finds the number of clusters has its clusters in the tree, in place of a dendrogram. The reduced
 * vectors serve all clusterers.
 *
 * pipeline.c has the first two, score.c the third; tree.c has the clusterers; run.c puts them together for one
 * run, sweep.c for many. */
#ifndef ZSC_EXPERIMENT_PIPELINE_H
#define ZSC_EXPERIMENT_PIPELINE_H

#include "data/dataset.h"
#include "experiment/pipeline/checkpoint.h"
#include "experiment/pipeline/stage_key.h"
#include "experiment/pipeline/stage_times.h"
#include "experiment/pipeline/tree.h"
#include "zsc/experiment.h"

typedef struct zsc_input {
    zsc_dataset data;
    zsc_keyed_knn knn;
    zsc_keyed_graph graph;
    zsc_dataset_cache *cache; /* labels and matrices of other inputs; NULL: none */
    bool last; /* one tree more is grown: matrix, neighbours and graph are freed as soon as it does not want them */
    zsc_checkpoint *checkpoint; /* what is kept on disk meanwhile; NULL: nothing */
    const char *knn_folder;     /* where neighbours are kept for other sweeps (knn_cache.h); NULL: nowhere */
    zsc_stage_list seconds;
} zsc_input;

/* Each takes a zeroed output, or one left from an earlier call, and makes what is not there yet, or was made of other
 * rows or settings (stage_key.h). The dataset alone is taken as it is, unless it is of floats and the run wants
 * doubles, or the other way round. */
zsc_status zsc_input_load(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input);
zsc_status zsc_input_graph(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input);
zsc_status zsc_tree_grow(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input, zsc_tree *tree);
/* The input is that of the tree; its graph is made again where it is gone and other seeds need it. */
zsc_status zsc_tree_score(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input, const zsc_tree *tree,
                          zsc_result *out);
void zsc_input_free(zsc_input *input);
/* EXEC with the matrix, what the input keeps and the tree as held. */
zsc_exec zsc_tree_hold(const zsc_run_options *options, const zsc_input *input, const zsc_tree *tree,
                       const zsc_exec *exec);

#endif
