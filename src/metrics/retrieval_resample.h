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

/* The fewest classes of a split: RECALLS as below. */
size_t zsc_class_recalls_fewest(const zsc_class_recalls *const *recalls, size_t splits, size_t count);

/* Of COUNT encoders, or other recalls of the same classes in the same order, whose score is the harmonic mean of those
 * of SPLITS splits, recalls[split * count + i]: in resample b, into value[i * resampling->count + b], the deviation
 * (v - w) sqrt(m (U - m)) / U of two halves of the classes as in comparison_deviations.c, U being the fewest classes of
 * a split and m = U / 2. Splits are drawn independently. ZSC_EINTERNAL: out of memory. O(splits x count x resamples x
 * classes) time. */
zsc_status zsc_class_recalls_resample(const zsc_class_recalls *const *recalls, size_t splits, size_t count, bool macro,
                                      const zsc_resampling *resampling, double *value);

/* Adds the influence of each class of each split, split by split, on the deviations VALUE of recalls i to
 * out[i * stride + class] (zsc_split_influences). ZSC_EINTERNAL: out of memory. */
zsc_status zsc_class_recalls_influences(const zsc_class_recalls *const *recalls, size_t splits, size_t count,
                                        const zsc_resampling *resampling, const double *value, size_t stride,
                                        double *out);

#endif
