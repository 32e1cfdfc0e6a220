/* How a linear probe was fitted: what the record of `zsc probe` has beside that of a retrieval (doc/results.md). */
#ifndef ZSC_EXPERIMENT_PROBE_RECORD_H
#define ZSC_EXPERIMENT_PROBE_RECORD_H

#include <jansson.h>

#include "experiment/pipeline/retrieve_rows.h"

/* Turns RECORD, that of a retrieval, into that of a linear probe. */
zsc_status zsc_probe_record_add(const zsc_retrieve_result *result, const zsc_linear_options *options, json_t *record);
/* result->probe of a record, whose ranks are known. ZSC_EINPUT: the record is of others. */
zsc_status zsc_probe_record_read(const json_t *record, zsc_retrieve_result *result);

#endif
