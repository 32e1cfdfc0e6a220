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
    unsigned quarter; /* 1, 2: one of two quarters that are the half; 3, 4: that are the rest; 0: neither */
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

/* How much a statistic of all units varies from sample to sample: its standard deviation, and of how many degrees of
 * freedom that is. */
typedef struct zsc_spread {
    double sd, degrees; /* NaN: nothing varies, or fewer than two deviations */
} zsc_spread;

/* The spread of a statistic of UNITS units, from COUNT deviations D of two halves of them, and QUARTERS deviations of
 * two quarters, which may be none. The variance is the mean of D^2, times (mean D^2 / mean of the quarters' Q^2)^(1/2),
 * 1/2 to 2 under the root: half of what the quarters say of its rate (Bertail, Politis and Romano 1999). Where the
 * statistic is a sum over units of terms w, D is a sum of them with random signs, of kurtosis 3 - 2 / k, k = (sum
 * w^2)^2 / sum w^4; the degrees are those of as many units, 2 / (1 / k - 1 / UNITS), 2 to UNITS - 1 (Satterthwaite
 * 1946), less what so few deviations leave uncertain: 1 / degrees grows by 1 / COUNT, with quarters by 2.5 / COUNT. */
zsc_spread zsc_split_spread(const double *deviation, size_t count, const double *quarter, size_t quarters,
                            size_t units);
/* ESTIMATE +- t sd, t of Student. NaN where the spread is. */
zsc_interval zsc_spread_interval(zsc_spread spread, double estimate, double level);
/* The same of an AMI, on the scale of Fisher's z = artanh(AMI): within -1 and 1, and longer on the side away from 1.
 * NaN also where the AMI is 1. */
zsc_interval zsc_spread_ami_interval(zsc_spread spread, double ami, double level);
/* The same of an accuracy, on the scale of its logit: within 0 and 1. NaN also where it is 0 or 1. */
zsc_interval zsc_spread_accuracy_interval(zsc_spread spread, double accuracy, double level);

#endif
