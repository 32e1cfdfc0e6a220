/* Retrieval of several pairs of encoders side by side: intervals and paired differences, from classes of queries. */
#ifndef ZSC_EXPERIMENT_RETRIEVAL_COMPARISON_H
#define ZSC_EXPERIMENT_RETRIEVAL_COMPARISON_H

#include "experiment/series/comparison_statistics.h"
#include "experiment/series/retrieval_file.h"

/* SCORE: "macro" or "micro"; K: 0 is the least that all files have. A group for each split and set of queries; its
 * encoders are queries in keys. At each rank the classes of the queries are resampled, with all of their queries, the
 * same for all encoders. Where files have several splits, further groups are of the harmonic mean of these, with
 * classes drawn independently in each. ZSC_EINPUT: files without classes, without k, or without a rank that is asked
 * for. */
zsc_status zsc_retrieval_compare(const zsc_retrieval_file *files, size_t count, const zsc_compare_options *options,
                                 const char *score, size_t k, zsc_comparison *out);

#endif
