/* Keys of what runs share. Neighbours, graph and dendrogram carry the digest of everything that made them; a run takes
 * them where the key is the one that it wants, and makes its own otherwise. */
#ifndef ZSC_EXPERIMENT_STAGE_KEY_H
#define ZSC_EXPERIMENT_STAGE_KEY_H

#include "base/hash.h"
#include "zsc/experiment.h"

/* The neighbours of the run in a matrix of n rows and d columns with this digest (zsc_dataset's matrix_digest): of the
 * matrix, k, the metric, the method and, where it draws random numbers, its seed. `auto` is `exact` where it would
 * choose so. */
zsc_digest zsc_stage_key_knn(const zsc_run_options *options, zsc_digest matrix, size_t n, size_t d);
/* The fuzzy graph of those neighbours. */
zsc_digest zsc_stage_key_graph(const zsc_run_options *options, zsc_digest knn);
/* The reduced vectors. */
zsc_status zsc_stage_key_reduced(const zsc_run_options *options, const zsc_dataset *data, zsc_digest *out);
/* The dendrogram, or the clusters of a clusterer that makes none. */
zsc_status zsc_stage_key_tree(const zsc_run_options *options, const zsc_dataset *data, zsc_digest *out);

/* The same for a dataset that is loaded. */
zsc_digest zsc_stage_key_knn_of(const zsc_run_options *options, const zsc_dataset *data);

typedef struct zsc_keyed_knn {
    zsc_knn knn; /* index NULL: none */
    zsc_digest key;
    bool on_disk; /* they came from the cache on disk, or are there */
} zsc_keyed_knn;
void zsc_keyed_knn_free(zsc_keyed_knn *knn);
/* Whether they are the ones with this key. */
bool zsc_keyed_knn_is(const zsc_keyed_knn *knn, zsc_digest key);

typedef struct zsc_keyed_graph {
    zsc_graph graph; /* offset NULL: none */
    zsc_digest key;
} zsc_keyed_graph;

#endif
