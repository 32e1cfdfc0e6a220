/* What the datasets of a sweep have in common, in memory: the labels of one set of ids, and the ids of a split for
 * embeddings without ids, so that a metadata file of millions of rows is read once and not for each input, and scaled
 * matrices, so that each encoder of many pairs is read once. At most so many bytes are kept; what has not been used for
 * longest goes first. */
#ifndef ZSC_DATA_DATASET_CACHE_H
#define ZSC_DATA_DATASET_CACHE_H

#include "data/loading.h"
#include "data/matrix_block.h"

typedef struct zsc_dataset_cache zsc_dataset_cache;

zsc_status zsc_dataset_cache_make(size_t bytes, zsc_dataset_cache **out);
void zsc_dataset_cache_free(zsc_dataset_cache *cache); /* accepts NULL */

typedef struct zsc_dataset_cache_use {
    size_t bytes, most;               /* kept now, and at most so far */
    size_t labels_read, labels_taken; /* how often */
    size_t matrices_read, matrices_taken;
} zsc_dataset_cache_use;
zsc_dataset_cache_use zsc_dataset_cache_used(const zsc_dataset_cache *cache);

/* --- For the steps of a dataset. Every function accepts NULL for none. */
/* Whether nothing was said of the file yet; true without a cache. */
bool zsc_dataset_cache_first_mention(zsc_dataset_cache *cache, const char *path);
void zsc_dataset_cache_begin(zsc_dataset_cache *cache); /* of one dataset: what it uses stays */
const zsc_loaded_labels *zsc_dataset_cache_find_labels(zsc_dataset_cache *cache, zsc_digest key);
/* True: they are the cache's now. */
bool zsc_dataset_cache_keep_labels(zsc_dataset_cache *cache, zsc_digest key, const zsc_loaded_labels *labels, size_t n);
/* Ids of the rows of a split, in the order of the metadata; NULL: not there. They stay until the next dataset begins.
 */
typedef struct zsc_kept_ids {
    char **id; /* in one block */
    size_t count;
} zsc_kept_ids;
const zsc_kept_ids *zsc_dataset_cache_find_ids(zsc_dataset_cache *cache, zsc_digest key);
void zsc_dataset_cache_keep_ids(zsc_dataset_cache *cache, zsc_digest key, const zsc_list *ids); /* copies */
/* The key tells floats from doubles. */
bool zsc_dataset_cache_take_matrix(zsc_dataset_cache *cache, zsc_digest key, zsc_matrix_block to);
void zsc_dataset_cache_keep_matrix(zsc_dataset_cache *cache, zsc_digest key, zsc_matrix_block x);

#endif
