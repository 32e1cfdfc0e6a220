/* Neighbours on disk, for sweeps that are started again: --cache FOLDER. */
#ifndef ZSC_EXPERIMENT_KNN_CACHE_H
#define ZSC_EXPERIMENT_KNN_CACHE_H

#include "experiment/pipeline/stage_key.h"

/* The run's neighbours in this dataset, if they are there: out->knn.index stays NULL where not. FOLDER NULL: nothing is
 * found and nothing kept. A damaged file, or one that carries another key than its name, counts as not there. */
zsc_status zsc_knn_cache_find(const char *folder, const zsc_run_options *options, const zsc_dataset *data,
                              zsc_keyed_knn *out);
/* Writes them unless they are there already, and marks them so. */
zsc_status zsc_knn_cache_store(const char *folder, zsc_keyed_knn *knn);

#endif
