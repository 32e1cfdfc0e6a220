/* What `zsc probe` found, as JSON: the record of a retrieval with the kind "probe" and how the probe was fitted
 * (doc/results.md). */
#ifndef ZSC_EXPERIMENT_PROBE_RECORD_H
#define ZSC_EXPERIMENT_PROBE_RECORD_H

#include <jansson.h>

#include "experiment/pipeline/probe_queries.h"

#define ZSC_PROBE_SOLVERS "sgd|lbfgs" /* of zsc_probe_solver */

/* *out is the caller's (json_decref). */
zsc_status zsc_probe_record_make(const zsc_linear_result *result, const zsc_linear_options *options, json_t **out);

#endif
