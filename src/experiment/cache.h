/* Neighbours on disk, for sweeps that are started again: --cache FOLDER. */
#ifndef ZSC_EXPERIMENT_CACHE_H
#define ZSC_EXPERIMENT_CACHE_H

#include "experiment/pipeline.h"

/* FOLDER NULL: nothing is found and nothing kept. A damaged file counts as not there. */
zsc_status zsc_cache_find_knn(const char *folder, const zsc_run_options *options, const zsc_dataset *data, zsc_knn *out,
                              bool *found);
zsc_status zsc_cache_keep_knn(const char *folder, const zsc_run_options *options, const zsc_dataset *data,
                              const zsc_knn *knn);

#endif
