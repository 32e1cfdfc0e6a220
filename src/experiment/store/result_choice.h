/* Results by their settings, without a table of rows: what `zsc ls` and `info` show. */
#ifndef ZSC_EXPERIMENT_RESULT_CHOICE_H
#define ZSC_EXPERIMENT_RESULT_CHOICE_H

#include <stdio.h>

#include "base/text.h"
#include "zsc/experiment.h"

/* "a+b"; of retrieval "image in dna". */
zsc_status zsc_result_encoders_text(const zsc_result *result, zsc_text *out);
/* "neighbors 15, scale zscore": what differs from the defaults of `zsc run`; "" where nothing does. Of
 * retrieval the splits, k, and macro accuracy. */
zsc_status zsc_result_settings_text(const zsc_result *result, zsc_text *out);
/* Command line, folder, host, time and version, a line each. */
zsc_status zsc_result_print_origin(const zsc_result *result, FILE *out);
/* When the run ended, and the version of zsc; "" where the result does not say. */
zsc_status zsc_result_origin(const zsc_result *result, char *finished, size_t finished_size, char *version,
                             size_t version_size);

#endif
