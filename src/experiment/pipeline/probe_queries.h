/* The linear probe of keys, by which queries are classified: softmax regression at each rank. */
#ifndef ZSC_EXPERIMENT_PROBE_QUERIES_H
#define ZSC_EXPERIMENT_PROBE_QUERIES_H

#include "experiment/pipeline/retrieve_rows.h"
#include "zsc/probe.h"

typedef struct zsc_linear_options {
    zsc_retrieve_options rows; /* keys and queries; k, metric, weighted and examples are not used */
    zsc_probe_options probe;
    const char *stopping_split; /* of the keys' embeddings: rows for early stopping; NULL: none */
} zsc_linear_options;

typedef struct zsc_linear_result {
    zsc_retrieve_result found; /* as of a retrieval with k = 1 that finds, for each query, a key of the class that the
                                * probe says; ks is 1, `measured` and `distinct_keys` are 0 */
    zsc_probe *probe;          /* by rank of `found`; without weights */
    size_t stopping_rows;      /* of the split for early stopping */
} zsc_linear_result;

/* ZSC_EUSAGE, ZSC_EINPUT: as zsc_retrieve; the stopping split has rows of the keys, or no label that a key has.
 * ZSC_ENUMERIC: as zsc_probe_fit, with the rank. *out is set on success only; the caller frees it. */
zsc_status zsc_probe_queries(const zsc_linear_options *options, const zsc_exec *exec, zsc_linear_result *out);
void zsc_linear_free(zsc_linear_result *result);

#endif
