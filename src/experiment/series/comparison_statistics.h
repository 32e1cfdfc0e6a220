/* Scores of encoders side by side: intervals, places, and which differences hold. */
#ifndef ZSC_EXPERIMENT_COMPARISON_STATISTICS_H
#define ZSC_EXPERIMENT_COMPARISON_STATISTICS_H

#include <math.h>

#include "metrics/bootstrap.h"

typedef struct zsc_compare_options {
    const char *unit; /* what is resampled: a rank ("species": its taxa, with all their rows), "finest", "specimens" */
    zsc_resampling resampling;
    double level;             /* of the intervals, e.g. 0.95 */
    const char *const *ranks; /* NULL: all that there are */
    size_t rank_count;
} zsc_compare_options;
zsc_compare_options zsc_compare_defaults(void); /* finest, 1000 halves, 0.95 */

/* One encoder (or pair, or way of running it) at one rank. Fractions; NaN where there is no score. */
typedef struct zsc_compare_cell {
    size_t runs;           /* seeds */
    double mean, sd;       /* of the runs' AMI; sd (n - 1) is NaN for one run */
    zsc_interval interval; /* of the mean */
    size_t place;          /* one more than encoders are better: equal means share it (1, 1, 3); 0: no score */
    bool best, second;     /* has the highest mean; the next below it. All of a tie have it */
} zsc_compare_cell;

typedef struct zsc_difference {
    size_t rank, a, b; /* AMI of encoder a minus that of b; a comes before b */
    double value;
    zsc_interval interval; /* of this difference alone */
    zsc_interval joint;    /* simultaneous for all differences of the rank */
    bool holds;            /* joint excludes 0 */
} zsc_difference;

/* Results of the same rows. Only these can be compared. */
typedef struct zsc_compare_group {
    char *subset, *per_barcode; /* of the first result */
    size_t rows, units;
    size_t unlabelled;  /* of the units: rows without a label, each on its own */
    bool few_units;     /* for intervals: there are none */
    char *unit;         /* the rank that is resampled, or "specimens" */
    bool simulated;     /* any of them */
    bool harmonic_mean; /* of retrieval: of the scores of several splits, which SUBSET names */
    char *score;        /* "ami"; of retrieval "macro" or "micro" */
    char **rank;
    size_t ranks;
    char **encoder; /* labels; best at the finest rank that all have first, equal ones by name */
    size_t encoders;
    zsc_compare_cell *cell;     /* ranks x encoders */
    zsc_difference *difference; /* rank by rank */
    size_t differences;
} zsc_compare_group;

typedef struct zsc_comparison {
    zsc_compare_group *group;
    size_t groups;
} zsc_comparison;

void zsc_comparison_free(zsc_comparison *comparison);

/* How many units there must be for an interval of LEVEL. */
size_t zsc_compare_least_units(const zsc_compare_options *options);

double zsc_compare_mean(const double *value, size_t count);
double zsc_compare_sd(const double *value, size_t count); /* n - 1; NaN for one */

/* A mean score as means are compared: those of one set of numbers, added in another order, differ in their last bits.
 */
static inline double zsc_compared_score(double mean) { return nearbyint(mean * 1e12); }

/* Places, best and second, by the means of the cells. */
void zsc_compare_rank_encoders(zsc_compare_group *group);

/* The differences of all pairs of encoders at each rank. value[(q * encoders + e) * resamples + b]: the score of
 * encoder e at rank q in resample b, of which the first used[q] count. SCRATCH: as many numbers as there are resamples.
 */
zsc_status zsc_compare_differences(const zsc_compare_options *options, const double *value, const size_t *used,
                                   double *scratch, zsc_compare_group *group);

#endif
