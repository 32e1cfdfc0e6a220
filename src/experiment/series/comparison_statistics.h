/* Scores of encoders side by side: intervals, places, and which differences hold. */
#ifndef ZSC_EXPERIMENT_COMPARISON_STATISTICS_H
#define ZSC_EXPERIMENT_COMPARISON_STATISTICS_H

#include <math.h>
#include <stdbool.h>

#include "metrics/bootstrap.h"

/* Which differences are looked at together, when it is asked which of them hold. */
typedef enum zsc_control { ZSC_CONTROL_ALL, ZSC_CONTROL_RANK } zsc_control;

typedef struct zsc_compare_options {
    const char *unit; /* what is resampled: a rank ("species": its taxa, with all their rows), "finest", "specimens" */
    zsc_resampling resampling;
    double level;             /* of the intervals, e.g. 0.95 */
    zsc_control control;      /* all differences of a group of results, or those of each rank */
    const char *const *ranks; /* NULL: all that there are */
    size_t rank_count;
    bool recluster; /* each half anew, with the whole run, instead of the clusters that there are */
    bool one_group; /* results of several selections, or of one encoder, are refused, before anything is resampled */
    const char *baseline; /* with one_group: an encoder that has to be there; NULL: none is asked for */
} zsc_compare_options;
zsc_compare_options zsc_compare_defaults(void); /* finest, 1000 halves, 0.95 */

/* One encoder (or pair, or way of running it) at one rank. Fractions; NaN where there is no score. */
typedef struct zsc_compare_cell {
    size_t runs;           /* seeds */
    double mean, sd;       /* of the runs' AMI; sd (n - 1) is NaN for one run */
    double sample_sd;      /* standard error of the mean by the sample alone; NaN where it is not known */
    zsc_interval interval; /* of the mean */
    double effective;      /* units that decide how much the mean varies (zsc_spread); NaN where that is not known */
    double pairs;          /* share of its variance between halves that is of pairs of units; NaN where not known */
    size_t place;          /* one more than encoders are better: equal means share it (1, 1, 3); 0: no score */
    bool best, second;     /* has the highest mean; the next below it. All of a tie have it */
} zsc_compare_cell;

/* The clusters of one encoder's runs: means over them, and standard deviations (n - 1; NaN for one run). */
typedef struct zsc_compared_clusters {
    bool found; /* their number was, without labels */
    size_t runs;
    double count, count_sd;
    double clustered;                 /* share of the rows that are in one */
    double silhouette, silhouette_sd; /* of the vectors that were clustered; these are NaN unless all runs have them */
    double subsamples, seeds;         /* zsc_stability */
} zsc_compared_clusters;

typedef struct zsc_difference {
    size_t rank, a, b; /* AMI of encoder a minus that of b; a comes before b */
    double value;
    zsc_interval interval; /* of this difference alone */
    zsc_interval joint;    /* simultaneous for all differences that CONTROL names */
    bool holds;            /* joint excludes 0; false where joint is NaN: it is not known then */
    double p_value;        /* of this difference alone, two-sided */
    double p_adjusted;     /* for all that CONTROL names: below 1 - level where it holds */
    double detectable;     /* a difference of this size would hold four times in five */
    double effective;      /* units that decide how much the difference varies; NaN where that is not known */
    double pairs;          /* as of a cell */
} zsc_difference;

/* A rank loses its intervals where more than one resample in ten is of no use: what is left is a selection. */
enum { ZSC_MOST_UNUSABLE = 10 };
/* Below this many units, or effective units, intervals cover what they should less surely (doc/metrics.md); commands
 * say so. */
enum { ZSC_FEW_UNITS = 20 };
/* Below this many, of which halves of halves have ZSC_FEW_UNITS, variances are not taken at the rate of pairs: what of
 * scores is of pairs is not told from what is of triples, and from chance (comparison_pairs.c). */
enum { ZSC_UNITS_FOR_PAIRS = 4 * ZSC_FEW_UNITS };
/* Below this many nothing can be said of them: such units are refused, and such effective units have no interval. */
enum { ZSC_LEAST_UNITS = 5 };

/* Results of the same rows. Only these can be compared. */
typedef struct zsc_compare_group {
    char *subset, *per_barcode; /* of the first result */
    size_t rows, units;
    size_t *units_at;  /* by rank, where these differ (of retrieval); UNITS is the most of them. NULL: all have UNITS */
    size_t unlabelled; /* of the units: rows without a label, each on its own */
    double *pairs;     /* by rank, where each row is a unit: pairs of rows of one class; NULL elsewhere */
    bool few_units;    /* for intervals: there are none */
    bool reclustered;  /* each half was clustered anew */
    bool rate_assumed; /* variance is taken to fall as 1 / n: quarters of the halves could not be clustered */
    size_t compared;   /* differences that are looked at together; with ZSC_CONTROL_RANK at one rank */
    size_t *unusable;  /* by rank: resamples in which a score is not defined; see ZSC_MOST_UNUSABLE. NULL: none */
    char *unit;        /* the rank or column that is resampled, or "specimens" */
    char *unit_words;  /* "species", "values of site" */
    bool simulated;    /* any of them */
    bool harmonic_mean; /* of retrieval: of the scores of several splits, which SUBSET names */
    bool accuracy;      /* scores are of retrieval: shares of queries or of classes, 0 to 1 */
    char *score;        /* "ami"; of retrieval "macro" or "micro" */
    char **rank;
    size_t ranks;
    char **encoder; /* labels; best at the finest rank that all have first, equal ones by name */
    size_t encoders;
    zsc_compare_cell *cell;          /* ranks x encoders */
    zsc_compared_clusters *clusters; /* encoders; NULL: of retrieval */
    size_t *classes;                 /* by rank, of the first result; 0: it has not the rank */
    zsc_difference *difference;      /* rank by rank */
    size_t differences;
} zsc_compare_group;

/* Standard deviations of one run's AMI by seed and draw, and of the mean by the sample; NaN where not known. */
typedef struct zsc_components_at {
    double seed, draw, sample;
    double seed_and_draw; /* where every draw has one seed; else NaN */
} zsc_components_at;

/* One encoder over all draws of one row per barcode. */
typedef struct zsc_components {
    size_t group, encoder; /* of its first draw */
    bool drawn;            /* a row of each barcode is drawn at all */
    size_t draws, least_seeds, most_seeds;
    zsc_components_at *at; /* by rank of that group */
} zsc_components;

typedef struct zsc_comparison {
    zsc_compare_group *group;
    size_t groups;
    zsc_components *components; /* of AMI; NULL of retrieval */
    size_t component_count;
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

/* Counts the resamples of each rank in which a score is NaN (into group->unusable) and makes them NaN for all encoders;
 * where they are too many, or COUNTED is false, all are. value[(q * encoders + e) * resamples + b]: the score of
 * encoder e at rank q in resample b; there[q * encoders + e]: whether it has the rank at all. */
zsc_status zsc_compare_mark_unusable(const zsc_compare_options *options, const bool *there, bool counted, double *value,
                                     zsc_compare_group *group);

/* Deviations of scores (comparison_deviations.h): of encoder e at rank q in resample b at [(q * encoders + e) * count +
 * b], NaN where there is none; QUARTER: 2 count each, of quarters of the halves, or NULL (comparison_deviations.h). */
typedef struct zsc_deviations {
    size_t count;
    double *value, *quarter;
    double *average; /* means of the scores of both halves, as VALUE; NULL: of sums over units, without pairs */
    double *given, *given_average; /* VALUE and AVERAGE of given clusters, where halves are clustered anew; else NULL */
    double *influence;             /* (q * encoders + e) * units + i, of unit i, units being the group's (zsc_split) */
    double *seeds;                 /* q * encoders + e; NULL: none */
    double *scratch;               /* 7 count + units numbers */
} zsc_deviations;

/* Whether an interval can be made of a spread: enough units decide it, as far as its deviations tell. */
static inline bool zsc_compare_is_decided(zsc_spread spread) { return spread.at_most >= ZSC_LEAST_UNITS; }

/* The spread of encoder E at rank Q, or of its difference to encoder OTHER (SIZE_MAX: none). NaN: no resample is
 * usable.
 */
zsc_spread zsc_compare_spread(const zsc_deviations *deviations, const zsc_compare_group *group, size_t q, size_t e,
                              size_t other);

static inline size_t zsc_compare_units(const zsc_compare_group *group, size_t rank)
{
    return group->units_at ? group->units_at[rank] : group->units;
}

/* Whether a score at a rank is so near 1, or an accuracy so near 0 or 1, that what is missing is less than one unit's
 * share: most samples of such clusters are perfect, and nothing can be said of how much they vary. Such a score, and
 * its differences, have no interval. */
static inline bool zsc_compare_is_perfect(const zsc_compare_group *group, size_t rank, double score)
{
    double from_end = group->accuracy ? fmin(score, 1 - score) : 1 - score;
    return from_end * (double)zsc_compare_units(group, rank) < 1;
}

/* The interval of a score of a spread; NaN where it is refused. */
static inline zsc_interval zsc_compare_score_interval(const zsc_compare_group *group, size_t rank, zsc_spread spread,
                                                      double score, double level)
{
    if (zsc_compare_is_perfect(group, rank, score) || !zsc_compare_is_decided(spread)) return (zsc_interval){NAN, NAN};
    return (group->accuracy ? zsc_spread_accuracy_interval : zsc_spread_ami_interval)(spread, score, level);
}

/* The encoder NAME of GROUP; NULL: the first. ZSC_EINPUT: it is not there, and which are. */
zsc_status zsc_compare_find(const zsc_compare_group *group, const char *name, size_t *encoder);

/* Those of COUNT values that are no NaN, into out; returns how many. */
size_t zsc_compare_usable(const double *value, size_t count, double *out);

#endif
