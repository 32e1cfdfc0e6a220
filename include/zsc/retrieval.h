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

/* Of one label of the queries. */
typedef struct zsc_retrieval_class {
    int32_t label;
    size_t keys, queries, right; /* with this label */
} zsc_retrieval_class;

/* Queries of one label that are wrong, and what they are taken for: with votes the elected label, without them that of
 * the nearest key; below 0: it has none. */
typedef struct zsc_retrieval_confusion {
    int32_t label, taken_for;
    size_t queries;
} zsc_retrieval_confusion;

typedef struct zsc_retrieval_details {
    zsc_retrieval_class *class; /* by label */
    size_t classes;
    zsc_retrieval_confusion *confusion; /* most queries first, ties by label */
    size_t confusions;
} zsc_retrieval_details;

/* What zsc_retrieval_score counts, class by class; its errors. O(n k + n log n) time; O(labels + n) memory. *out is set
 * on success only; the caller frees it with zsc_retrieval_details_free. */
ZSC_API zsc_status zsc_retrieval_detail(const zsc_retrieval_lists *lists, size_t k, double temperature,
                                        zsc_retrieval_details *out);
ZSC_API void zsc_retrieval_details_free(zsc_retrieval_details *details);

/* count / (1/v[0] + 1/v[1] + ...): 0 if any value is 0, NaN if any is or there is none. */
ZSC_API double zsc_harmonic_mean(const double *value, size_t count);

#ifdef __cplusplus
}
#endif
#endif
