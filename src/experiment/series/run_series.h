/* Runs that differ in their seed alone, put together: per series and rank, mean and spread over its runs. */
#ifndef ZSC_EXPERIMENT_RUN_SERIES_H
#define ZSC_EXPERIMENT_RUN_SERIES_H

#include <stdint.h>

#include "base/text.h"
#include "experiment/series/results_table.h"

typedef struct zsc_seed_mean {
    size_t n;                         /* runs with a score here; 0: none */
    double mean, sd;                  /* of AMI, fractions, or an internal score; sd 0 with one run */
    double low, high;                 /* least and greatest */
    size_t scored, classes, clusters; /* of the first run */
    size_t runs, clusters_sum, scored_sum, clustered_sum; /* over the runs that were scored here */
    bool undefined;                                       /* a run was scored here, and AMI is not defined */
    double ceiling;                                       /* of the first run; NaN: not known */
    double chance_sd, p_value;                            /* the greatest of the runs; NaN: no permutations */
} zsc_seed_mean;

/* Of the clusters, in runs with --internal: in the space that was clustered, and in that before reduction. */
enum {
    ZSC_SILHOUETTE,
    ZSC_DAVIES_BOULDIN,
    ZSC_CALINSKI_HARABASZ,
    ZSC_SILHOUETTE_ORIGINAL,
    ZSC_DAVIES_BOULDIN_ORIGINAL,
    ZSC_CALINSKI_HARABASZ_ORIGINAL,
    ZSC_STABILITY_SUBSAMPLES, /* in runs with --stability */
    ZSC_STABILITY_SEEDS,
    ZSC_INTERNAL_SCORES
};

typedef struct zsc_run_series {
    const zsc_results_row *first, *widest; /* of its rows: the first, and one of the run with the most ranks */
    const zsc_results_row *known;          /* one whose matrix is recorded, else the first */
    const char *finished;                  /* when the newest of its runs ended */
    int64_t used;                          /* the newest time of its files, ns; 0: there are none */
    bool simulated;
    zsc_seed_mean *mean; /* ranks */
    zsc_seed_mean internal[ZSC_INTERNAL_SCORES];
} zsc_run_series;

typedef struct zsc_run_series_set {
    const char **rank; /* coarse to fine; names belong to the rows */
    size_t ranks;
    zsc_run_series *item; /* in the order of their first rows */
    size_t count;
    bool simulated; /* any of them */
} zsc_run_series_set;

/* ROWS must outlive *out. RANKS (may be empty): these, in this order; else all that have scores. */
zsc_status zsc_run_series_make(const zsc_results_table *rows, const zsc_list *ranks, zsc_run_series_set *out);
void zsc_run_series_free(zsc_run_series_set *set);

/* Whether the row belongs to a run of the series. */
bool zsc_run_series_has(const zsc_run_series *series, const zsc_results_row *row);
/* Whether B has been run since A was. */
bool zsc_run_series_is_older(const zsc_run_series *a, const zsc_run_series *b);

/* A row of the series' run of the lowest seed among those that have a file; NULL: none has. */
const zsc_results_row *zsc_run_series_lowest_seed(const zsc_results_table *rows, const zsc_run_series *series);

#endif
