/* Encoders over several cells: the rank that each takes in a cell, and paired tests over all cells. A cell is a
 * taxonomic rank of one selection of rows. */
#ifndef ZSC_EXPERIMENT_ENCODER_RANKS_H
#define ZSC_EXPERIMENT_ENCODER_RANKS_H

#include "experiment/series/comparison_statistics.h"

typedef struct zsc_encoder_rank {
    const char *encoder; /* of the comparison */
    double mean_rank;    /* 1: best in every cell; equal scores share the mean of their ranks */
    double mean;         /* score over cells, a fraction */
} zsc_encoder_rank;

/* Wilcoxon signed-rank test of the scores of encoders A and B (indices), paired by cell. */
typedef struct zsc_signed_rank {
    size_t a, b;
    size_t cells;      /* whose scores differ: equal ones are left out, as Wilcoxon did */
    double difference; /* mean of A minus B over all cells */
    double statistic;  /* the smaller sum of ranks */
    double p_value;    /* two-sided, exact, also with ties */
    double p_adjusted; /* of all pairs (Holm 1979) */
} zsc_signed_rank;

typedef struct zsc_encoder_ranks {
    size_t cells;           /* in which all encoders have a score */
    zsc_encoder_rank *item; /* by mean rank, then by name */
    size_t encoders;
    zsc_signed_rank *pair; /* encoders (encoders - 1) / 2 */
    size_t pairs;
} zsc_encoder_ranks;

/* Of the encoders that have a score in at least one cell of every group of results. COMPARISON must outlive *out.
 * ZSC_EINPUT: fewer than two encoders, or no cell. */
zsc_status zsc_encoder_ranks_make(const zsc_comparison *comparison, zsc_encoder_ranks *out);
void zsc_encoder_ranks_free(zsc_encoder_ranks *ranks);

/* The exact two-sided p-value of the signed-rank statistic of COUNT differences that are not 0, and the smaller sum of
 * ranks: absolute values that agree to 12 digits of a fraction share the mean of their ranks. O(count^3). NaN for none.
 */
zsc_status zsc_signed_rank_test(const double *difference, size_t count, double *statistic, double *p_value);

#endif
