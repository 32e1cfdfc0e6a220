/* The options of a run as a whole: check, memory. */
#ifndef ZSC_EXPERIMENT_RUN_OPTIONS_H
#define ZSC_EXPERIMENT_RUN_OPTIONS_H

#include "zsc/experiment.h"

/* Refuses, before any work, settings that cannot hold for any data. */
zsc_status zsc_run_check(const zsc_run_options *options);
/* Bytes that a run on n rows of d columns will need at most. WIDE: the files have wider numbers than floats; K:
 * clusters at most (zsc_clusters_most). */
size_t zsc_run_memory(const zsc_run_options *options, size_t n, size_t d, bool wide, size_t k, const zsc_exec *exec);
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
