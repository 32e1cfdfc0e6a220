/* Resampling: how far an AMI, or the difference of two, would be from what it is with other specimens. */
#ifndef ZSC_EXPERIMENT_BOOTSTRAP_H
#define ZSC_EXPERIMENT_BOOTSTRAP_H

#include <stdbool.h>

#include "zsc/metrics.h"

typedef struct zsc_labelling {
    const int32_t *labels, *clusters; /* a value a row, as zsc_score takes them */
    zsc_missing missing;
} zsc_labelling;

typedef struct zsc_resampling {
    size_t count;     /* how many resamples */
    bool replacement; /* as many units as there are, drawn with replacement; otherwise a random half of them */
    uint64_t seed;
} zsc_resampling;

/* AMI of each of COUNT labellings of the same n rows in each resample, into ami (resampling->count x count). Row i
 * belongs to unit[i] in 0 .. units - 1; a resample draws units, and their rows come along. Resample b holds the same
 * rows for every labelling, and is the same whichever labellings there are: results are paired. NaN where no row has a
 * label. */
zsc_status zsc_resample_ami(const zsc_labelling *labelling, size_t count, size_t n, const int32_t *unit, size_t units,
                            const zsc_resampling *resampling, const zsc_exec *exec, double *ami);

/* How often each unit is in resample B, into weight[units]. ORDER is room for as many numbers. */
void zsc_resample_draw(const zsc_resampling *resampling, size_t b, size_t units, int32_t *order, uint16_t *weight);

typedef struct zsc_interval {
    double low, high;
} zsc_interval;

/* From COUNT resampled values of a statistic whose value on the whole is ESTIMATE: the quantiles of their deviations
 * from their own mean, put around the estimate. NaN if there are fewer than two values, or one is NaN. VALUES is
 * sorted. */
zsc_interval zsc_centred_interval(double *values, size_t count, double estimate, double level);

#endif
