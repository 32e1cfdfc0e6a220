/* The linear probe of keys, by which queries are classified: softmax regression at each rank. What it finds of a query
 * is scored as by a retrieval with k = 1 that finds a key of the class that the probe says. */
#ifndef ZSC_EXPERIMENT_PROBE_QUERIES_H
#define ZSC_EXPERIMENT_PROBE_QUERIES_H

#include "experiment/pipeline/retrieve_rows.h"

/* OPTIONS become those of a linear probe: k is 1, and metric, votes and examples are not used. LINEAR is the caller's.
 */
void zsc_probe_queries_set(zsc_retrieve_options *options, const zsc_linear_options *linear);

/* The steps of zsc_retrieve (retrieve.c) that are other ones here. First the rows for early stopping, and the keys'
 * matrix where descent needs it in memory. ZSC_EINPUT: the stopping split has rows of the keys; ZSC_EUSAGE: settings
 * out of range, or memory. */
zsc_status zsc_probe_queries_load(zsc_retrieve_rows *rows, zsc_dataset *stopping);
/* Then fits, one rank after the other; sets the scores and probes of rows->result. ZSC_ENUMERIC: as zsc_probe_fit, with
 * the rank; ZSC_EINPUT: no row for early stopping has a label that a key has. */
zsc_status zsc_probe_queries_score(zsc_retrieve_rows *rows, const zsc_dataset *stopping);

#endif
