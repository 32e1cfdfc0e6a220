/* The options of a run as a whole: check, memory. */
#ifndef ZSC_EXPERIMENT_RUN_OPTIONS_H
#define ZSC_EXPERIMENT_RUN_OPTIONS_H

#include "zsc/experiment.h"

/* Refuses, before any work, settings that cannot hold for any data. */
zsc_status zsc_run_check(const zsc_run_options *options);
/* What the memory of a run depends on beside its settings. */
typedef struct zsc_run_shape {
    size_t n, d;
    bool wide;       /* the files have wider numbers than floats */
    size_t clusters; /* at most (zsc_clusters_most) */
    bool last;       /* of the runs of its input: matrix, neighbours and graph go as soon as they are used */
    bool typical;    /* what embeddings need; else what any rows need at most */
    size_t distinct; /* where typical: how many rows differ */
} zsc_run_shape;

/* Bytes that a run will need, the matrix included; ids, labels and the program not. */
size_t zsc_run_memory(const zsc_run_options *options, const zsc_run_shape *shape, const zsc_exec *exec);
/* Whether a run frees neighbours and graph as soon as they are used: --stability makes trees of other seeds of them. */
bool zsc_run_frees_graph(const zsc_run_options *options, bool last);
/* The same of the matrix, once it is reduced. */
bool zsc_run_frees_matrix(const zsc_run_options *options, bool last);
/* Bytes of the subsamples of --stability: their rows, and the labels of all. */
size_t zsc_stability_memory(const zsc_run_options *options, size_t n, size_t dim);
/* HDBSCAN's options for N rows: the largest cluster in rows, the metric that is clustered by. */
zsc_hdbscan_options zsc_run_hdbscan_options(const zsc_run_options *options, size_t n);
/* The options of layers: sizes and metric are those of HDBSCAN. */
zsc_hdbscan_layers_options zsc_run_layers_options(const zsc_run_options *options, size_t n);
/* Those of spectral clustering for K clusters. */
zsc_spectral_options zsc_run_spectral_options(const zsc_run_options *options, size_t k);
/* Those of the Leiden algorithm. */
zsc_leiden_options zsc_run_leiden_options(const zsc_run_options *options);
/* ZSC_EINPUT: the clusterer cannot make clusters of N rows with these settings. */
zsc_status zsc_run_check_rows(const zsc_run_options *options, size_t n);
/* Whether the run works on doubles where its files have them: dendrograms of what is not reduced. */
bool zsc_run_wants_doubles(const zsc_run_options *options);

/* Whether the number of clusters is that of --clusters, and not found by a height or a rule. */
bool zsc_run_wants_k(const zsc_run_options *options);

#endif
