/* Retrieval: queries of one encoder in keys of another or of the same, scored by the labels of the nearest keys. */
#ifndef ZSC_EXPERIMENT_RETRIEVE_H
#define ZSC_EXPERIMENT_RETRIEVE_H

#include "experiment/pipeline/retrieve_rows.h"

/* Asked before the search, when all is known of keys and queries: sets the scores, details, names and distinct keys of
 * RESULT where they are stored, and *found. */
typedef zsc_status (*zsc_retrieve_stored_fn)(void *data, zsc_retrieve_result *result, bool *found);

/* STORED (may be NULL) is not asked where there are examples, which need the search. ZSC_EUSAGE, ZSC_EINPUT: as
 * zsc_dataset_load; other widths, no common rank, no labels, fewer keys than neighbours, all queries among the keys.
 * *out is set on success only; the caller frees it. */
zsc_status zsc_retrieve(const zsc_retrieve_options *options, const zsc_exec *exec, zsc_retrieve_stored_fn stored,
                        void *data, zsc_retrieve_result *out);

/* Several query encoders in one key encoder: PAIRS options that differ in the embeddings of the queries alone. Keys are
 * loaded and prepared once, and all queries are searched together; what is found is the same as with zsc_retrieve. FN
 * is called for each pair with its result, which stays the search's. CACHE may be NULL. */
typedef zsc_status (*zsc_retrieve_fn)(void *data, size_t pair, const zsc_retrieve_result *found);
zsc_status zsc_retrieve_pairs(const zsc_retrieve_options *options, size_t pairs, const zsc_exec *exec,
                              zsc_dataset_cache *cache, zsc_retrieve_fn fn, void *data);

#endif
