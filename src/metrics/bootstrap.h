/* Resampling: how much an AMI, or the difference of two, would vary with other specimens. */
#ifndef ZSC_METRICS_BOOTSTRAP_H
#define ZSC_METRICS_BOOTSTRAP_H

#include <stdbool.h>

#include "zsc/metrics.h"

typedef struct zsc_labelling {
    const int32_t *labels, *clusters; /* one value per row, as for zsc_score */
    zsc_missing missing;
} zsc_labelling;

typedef struct zsc_resampling {
    size_t count;     /* how many resamples */
    bool replacement; /* as many units as there are, drawn with replacement; otherwise a random half of them */
    bool rest;        /* the units that are not in the half instead */
    uint64_t seed;
} zsc_resampling;

/* The AMI of each of COUNT labellings of the same n rows in each resample, into ami (resampling->count x count, from
 * the caller; fractions). Row i belongs to unit[i] in 0 .. units - 1; a resample draws units with all of their rows.
 * Resample b holds the same rows for every labelling and does not depend on the other labellings: results are paired.
 * NaN where no row has a label. In parallel; stage "resampling". ZSC_EUSAGE: more rows than can be counted;
 * ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
zsc_status zsc_resample_ami(const zsc_labelling *labelling, size_t count, size_t n, const int32_t *unit, size_t units,
                            const zsc_resampling *resampling, const zsc_exec *exec, double *ami);

/* How often each unit is in resample B, into weight[units]. ORDER is scratch of as many numbers. */
void zsc_resample_draw(const zsc_resampling *resampling, size_t b, size_t units, int32_t *order, uint16_t *weight);

typedef struct zsc_interval {
    double low, high;
} zsc_interval;

/* The interval of a statistic that is ESTIMATE on all rows, from COUNT resampled values: the quantiles (1 - level) / 2
 * and (1 + level) / 2 of their deviations from their own mean, added to the estimate. NaN if there are fewer than two
 * values or one of them is NaN. Sorts VALUES. */
zsc_interval zsc_centred_interval(double *values, size_t count, double estimate, double level);

/* The interval of a statistic that is ESTIMATE on all of UNITS units, from COUNT deviations D of two halves of them:
 * ESTIMATE +- t s, with s^2 the mean of D^2. Where the statistic is a sum over units of terms w, D is a sum of them
 * with random signs, of kurtosis 3 - 2 / k, k = (sum w^2)^2 / sum w^4; t has the degrees of freedom 2 / (1 / k - 1 /
 * UNITS) (Satterthwaite 1946), at least 2 and at most UNITS - 1: few where few large units decide. NaN if COUNT is
 * below 2, or nothing varies. */
zsc_interval zsc_split_interval(const double *deviation, size_t count, double estimate, size_t units, double level);
/* The same t over the normal quantile. */
double zsc_split_widening(const double *deviation, size_t count, size_t units, double level);

#endif
