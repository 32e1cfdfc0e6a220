/* Resampled accuracy of retrieval: classes of queries are drawn, each with all of its queries. */
#ifndef ZSC_METRICS_RETRIEVAL_RESAMPLE_H
#define ZSC_METRICS_RETRIEVAL_RESAMPLE_H

#include "metrics/bootstrap.h"

typedef struct zsc_class_recall {
    const char *name; /* the caller's */
    double queries, right;
} zsc_class_recall;

/* The classes of the queries of one split at one rank. */
typedef struct zsc_class_recalls {
    zsc_class_recall *class;
    size_t classes;
} zsc_class_recalls;

/* By name: what a resample draws depends on the order of the classes. */
void zsc_class_recalls_sort(zsc_class_recalls *recalls);

/* Macro or micro accuracy. WEIGHT: how often each class counts; NULL is once. NaN: no queries. */
double zsc_class_recalls_score(const zsc_class_recalls *recalls, bool macro, const uint16_t *weight);

/* The harmonic mean of the scores of SPLITS splits; of one, its score. */
double zsc_class_recalls_mean(const zsc_class_recalls *split, size_t splits, bool macro);

/* The accuracy of each of COUNT recalls, of the same classes in the same order, in each resample: value[i x
 * resampling->count + b]. SPLIT numbers splits whose scores are averaged: those with other numbers are drawn
 * independently. ZSC_EINTERNAL: out of memory. */
zsc_status zsc_class_recalls_resample(const zsc_class_recalls *const *recalls, size_t count, bool macro, size_t split,
                                      const zsc_resampling *resampling, double *value);

/* value[0 .. values - 1]: the harmonic means of VALUE (splits x values, row-major), in place. */
void zsc_harmonic_means(double *value, size_t splits, size_t values);

#endif
