/* A retrieval, or a linear probe, as a result of the store: configuration, key, provenance, and the record of what was
 * found. */
#ifndef ZSC_EXPERIMENT_RETRIEVAL_RESULT_H
#define ZSC_EXPERIMENT_RETRIEVAL_RESULT_H

#include <jansson.h>

#include "experiment/pipeline/retrieve.h"
#include "experiment/store/run_index.h"
#include "zsc/experiment.h"

/* *out is set on success only; the caller's. */
zsc_status zsc_retrieval_result_make(const zsc_retrieve_result *found, const zsc_retrieve_options *options,
                                     zsc_result *out);

/* Looks in FOLDER for the result of LOADED, whose data and ranks are known and whose scores are not, and sets these.
 * *found: it is there, undamaged; *path, the caller's, is set then. A damaged one is warned of, and not found.
 * ZSC_EINPUT: a file written by a newer zsc. */
zsc_status zsc_retrieval_find(const char *folder, const zsc_retrieve_options *options, zsc_retrieve_result *loaded,
                              char **path, bool *found);

/* As zsc_run_index_identity: to be taken before the inputs are read. */
zsc_status zsc_retrieval_identity(const zsc_retrieve_options *options, zsc_run_identity *out);

/* Whether the result is in the store, also where it was made when its inputs had just been written. RECENT: of
 * zsc_run_index_recent. */
zsc_status zsc_retrieval_is_there(const char *output, const zsc_retrieve_options *options, const zsc_list *recent,
                                  const zsc_run_identity *identity, bool *found);

/* The options again, from configuration and provenance. Texts belong to these; lists are freed by
 * zsc_retrieval_options_free. DATA: of the keys (rerun.h). It is not to be copied: the options point to `linear`. */
typedef struct zsc_retrieval_options {
    zsc_retrieve_options options;
    zsc_linear_options linear; /* of a linear probe */
    const char **list[2];
    size_t *k;
} zsc_retrieval_options;
zsc_status zsc_retrieval_options_read(const zsc_dataset_options *data, const json_t *config, const json_t *provenance,
                                      zsc_retrieval_options *out);
void zsc_retrieval_options_free(zsc_retrieval_options *options);

#endif
