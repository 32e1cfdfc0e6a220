/* The steps of one run, in the order in which they can be shared:
 *
 *     zsc_input    rows, matrix, kNN, fuzzy graph       once for all seeds and K rules of one input
 *     zsc_tree     reduced vectors, dendrogram          once for all K rules of one seed
 *     zsc_result   cut, scores                          each run
 */
#ifndef ZSC_EXPERIMENT_PIPELINE_H
#define ZSC_EXPERIMENT_PIPELINE_H

#include "data/cache.h"
#include "experiment/stage_key.h"
#include "zsc/experiment.h"

typedef struct zsc_stage_list {
    zsc_stage_seconds *item;
    size_t count;
} zsc_stage_list;

typedef struct zsc_input {
    zsc_dataset data;
    zsc_keyed_knn knn;
    zsc_keyed_graph graph;
    zsc_dataset_cache *cache; /* labels and matrices of other inputs; NULL: none */
    zsc_stage_list seconds;
} zsc_input;

typedef struct zsc_tree {
    float *reduced; /* data.n x dim; NULL where nothing is reduced */
    size_t dim;
    double *linkage; /* (data.n - 1) x 4 */
    zsc_digest key;
    const char *how; /* the algorithm that ran */
    bool converged;
    zsc_stage_list seconds;
} zsc_tree;

/* Refuses, before any work, settings that cannot hold for any data. */
zsc_status zsc_run_check(const zsc_run_options *options);
/* Bytes that a run on n rows of d columns will need at most. */
size_t zsc_run_memory(const zsc_run_options *options, size_t n, size_t d, const zsc_exec *exec);

/* Each takes a zeroed output, or one left from an earlier call, and makes what is not there yet, or was made of other
 * rows or settings (stage_key.h). The dataset alone is taken as it is. */
zsc_status zsc_input_load(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input);
zsc_status zsc_input_graph(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input);
zsc_status zsc_tree_grow(const zsc_run_options *options, const zsc_exec *exec, zsc_input *input, zsc_tree *tree);
zsc_status zsc_tree_score(const zsc_run_options *options, const zsc_exec *exec, const zsc_input *input,
                          const zsc_tree *tree, zsc_result *out);
void zsc_input_free(zsc_input *input);
void zsc_tree_free(zsc_tree *tree);

/* K for a rule ("species", "250", "each-rank": rank says which). */
zsc_status zsc_resolve_clusters(const char *rule, const char *rank, const zsc_dataset *data, zsc_missing missing,
                                size_t *k);

/* --- configuration and provenance (config.c) */
/* The resolved configuration, what a run's key is made of: JSON with sorted keys. Caller frees. */
zsc_status zsc_config_text(const zsc_run_options *options, const zsc_dataset *data, char **out);
zsc_status zsc_run_key(const char *config, const zsc_dataset *data, char **out);
zsc_status zsc_provenance_text(char **out);
void zsc_provenance_command(int argc, char **argv); /* kept, not copied; for provenance */
/* The value of an option as the command works with it; a list has one call for each item. Copied. */
zsc_status zsc_provenance_option(const char *name, const char *value);

/* Adds SECONDS to the stage, made if it is not there. */
zsc_status zsc_stage_add(zsc_stage_list *list, const char *stage, double seconds);
void zsc_stage_list_free(zsc_stage_list *list);

#endif
