/* What the datasets of a sweep have in common, in memory: the labels of one set of ids, so that a metadata file of
 * millions of rows is read once and not for each input, and scaled matrices, so that each encoder of many pairs is read
 * once. At most so many bytes are kept; what has not been used for longest goes first. */
#ifndef ZSC_DATA_CACHE_H
#define ZSC_DATA_CACHE_H

#include "zsc/dataset.h"

typedef struct zsc_dataset_cache zsc_dataset_cache;

zsc_status zsc_dataset_cache_make(size_t bytes, zsc_dataset_cache **out);
void zsc_dataset_cache_free(zsc_dataset_cache *cache); /* accepts NULL */

/* zsc_dataset_load, which takes from the cache what it has, and leaves there what it had to make. NULL: no cache. */
zsc_status zsc_dataset_load_with(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset_cache *cache,
                                 zsc_dataset *out);

typedef struct zsc_dataset_cache_use {
    size_t bytes, most;               /* kept now, and at most so far */
    size_t labels_read, labels_taken; /* how often */
    size_t matrices_read, matrices_taken;
} zsc_dataset_cache_use;
zsc_dataset_cache_use zsc_dataset_cache_used(const zsc_dataset_cache *cache);

#endif
