/* How well the nearest keys of queries tell their labels (doc/retrieval.md). Defined in retrieval.c; the search is
 * zsc_knn_query (knn.h).
 * Module: src/metrics
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_RETRIEVAL_H
#define ZSC_RETRIEVAL_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The nearest keys of n queries, and the labels of one rank; the caller's. Labels of queries and keys are codes of one
 * list of names; below 0: missing. */
typedef struct zsc_retrieval_lists {
    size_t n, width, keys;
    const int32_t *index;       /* n x width: keys, the nearest first */
    const float *distance;      /* n x width: 1 - cosine; used by votes alone */
    const int32_t *query_label; /* n */
    const int32_t *key_label;   /* keys */
} zsc_retrieval_lists;

/* Fractions are of the queries that have a label. NaN where none has. */
typedef struct zsc_retrieval_scores {
    size_t queries, missing; /* with a label, and without: these are left out */
    size_t classes;          /* labels of the queries */
    size_t reachable;        /* queries whose label a key has: no other can be right */
    size_t reachable_classes;
    size_t right;
    double micro; /* right / queries */
    double macro; /* the mean over classes of the share of their queries that are right */
} zsc_retrieval_scores;

/* A query is right if its label is among those of its k nearest keys; with a temperature above 0, if it is that with
 * most votes, exp((1 - distance) / temperature) of each of the k (of equals, that of the nearest key; keys without a
 * label have none). O(n k) time without votes, O(n k^2) at most with them; O(labels) memory. ZSC_EUSAGE: k is not from
 * 1 to width; ZSC_EINPUT: an index is not a key. *out is set on success only. */
ZSC_API zsc_status zsc_retrieval_score(const zsc_retrieval_lists *lists, size_t k, double temperature,
                                       zsc_retrieval_scores *out);

/* count / (1/v[0] + 1/v[1] + ...): 0 if any value is 0, NaN if any is or there is none. */
ZSC_API double zsc_harmonic_mean(const double *value, size_t count);

#ifdef __cplusplus
}
#endif
#endif
