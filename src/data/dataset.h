/* Loading a dataset with a cache; without one: zsc/dataset.h. */
#ifndef ZSC_DATA_DATASET_H
#define ZSC_DATA_DATASET_H

#include "data/dataset_cache.h"
#include "zsc/dataset.h"

/* zsc_dataset_load, which takes from the cache what it has, and leaves there what it had to make. NULL: no cache. */
zsc_status zsc_dataset_load_with(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset_cache *cache,
                                 zsc_dataset *out);

/* ZSC_EINPUT: queries and keys are not of one space, by their columns; of concatenations, part by part. */
zsc_status zsc_dataset_check_space(const zsc_dataset *queries, const zsc_dataset *keys);

#endif
