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
    size_t count; /* how many resamples */
    bool rest;    /* the units that are not in the random half of them instead */
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

/* How much a statistic of all units varies from sample to sample: its standard deviation, and of how many degrees of
 * freedom that is. */
typedef struct zsc_spread {
    double sd, degrees; /* NaN: nothing varies, or fewer than two deviations */
    double effective;   /* units: as many of normal influence say as much of the variance; NaN where sd is */
    double at_most;     /* the same, as many as so few deviations leave possible (two standard errors) */
    double pairs;       /* share of the variance of a half that is of pairs of units, 0 to 1; NaN where sd is */
    double narrowed;    /* sd by that of the rates of units alone: 1 where pairs do not decide; NaN where sd is */
} zsc_spread;

/* Deviations D of a statistic of two halves of its units. */
typedef struct zsc_split {
    const double *deviation; /* COUNT, none NaN */
    size_t count;
    const double *average;  /* COUNT means of the statistic of both halves; NULL: a sum over units, without pairs */
    const double *rescaled; /* COUNT deviations, on the scale of all units; NULL: pairs are not looked at */
    const double *given, *given_average; /* GIVENS deviations and means of halves of given clusters, where the above are
                                          * of others; NULL: they are not */
    size_t givens;
    double agreeing;       /* of a difference: share of the halves in which it is 0; 0: no difference, or not counted */
    const double *quarter; /* QUARTERS deviations of two quarters; there may be none */
    size_t quarters;
    const double *influence; /* UNITS: the mean over the deviations of D with the sign of the unit's half */
    size_t units;
    double
        seeds; /* the sum of v^2 / (R - 1) over means of R seeds that are in the statistic, v the variance of a mean */
} zsc_split;

/* Adds the influences of UNITS units on each of CELLS statistics to out[c * stride + i]: the means over COUNT splits b
 * of value[c * count + b], which is left out where it is NaN, with a plus where unit i is in the half that resample
 * FIRST + b draws, else a minus. In parallel. ZSC_EINTERNAL: out of memory. */
zsc_status zsc_split_influences(const zsc_resampling *resampling, size_t first, size_t units, const double *value,
                                size_t cells, const zsc_exec *exec, size_t stride, double *out);

/* The variance is the mean of D^2, times (mean D^2 / mean of the quarters' Q^2)^(1/2), 1/2 to 2 under the root: half of
 * what the quarters say of its rate (Bertail, Politis and Romano 1999). Where the statistic is a sum over units of
 * terms w, D is a sum of them with random signs and the influences are the w, of which so many deviations leave
 * uncertain what is taken off. With k = (sum w^2)^2 / sum w^4, s the root of the mean of D^2 in place of that of sum
 * w^2, the degrees of the units are f = 2 / (1 / k - 1 / UNITS), 2 to UNITS - 1 (Satterthwaite 1946), and effective
 * units f + 1. The standard error of 1 / k is sqrt(24 UNITS) / COUNT^2.
 *
 * Where the statistic has terms of pairs of units, D has them through the signs of both, and the mean of the two halves
 * varies from split to split: a pair of which each half has one is in neither. The variance of a half is 2 s^2, of
 * which 4 times that of the mean is of pairs (the orthogonal terms of Hoeffding 1948), the share p, at most 1. Two
 * units of a pair say one thing, so that 1 / degrees is 1 / (f (1 - p / 2)) + seeds / s^4 + 1 / COUNT, the last for the
 * deviations; with quarters 2.5 / COUNT.
 *
 * Where there are rescaled deviations E and p, of given clusters, is above 1/2, w = 2 p - 1 of the variance is mean E^2
 * / 2 instead: pairs of units, of which a half has a quarter, vary at the rate of their number. A difference that is 0
 * in a share a of the halves is then of log a / log (3 / 4) pairs, effective units at most (AT_MOST: of a less two
 * standard errors). */
zsc_spread zsc_split_spread(const zsc_split *split);
/* ESTIMATE +- t sd, t of Student. NaN where the spread is. */
zsc_interval zsc_spread_interval(zsc_spread spread, double estimate, double level);
/* The same of an AMI, on the scale of Fisher's z = artanh(AMI): within -1 and 1, and longer on the side away from 1.
 * NaN also where the AMI is 1. */
zsc_interval zsc_spread_ami_interval(zsc_spread spread, double ami, double level);
/* The same of an accuracy, on the scale of its logit: within 0 and 1. NaN also where it is 0 or 1. */
zsc_interval zsc_spread_accuracy_interval(zsc_spread spread, double accuracy, double level);

#endif
