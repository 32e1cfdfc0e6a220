/* How well each taxon of a rank is recovered by clusters; taxa by their rows. */
#ifndef ZSC_EXPERIMENT_TAXON_SCORES_H
#define ZSC_EXPERIMENT_TAXON_SCORES_H

#include "zsc/column.h"
#include "zsc/status.h"

typedef struct zsc_taxon_score {
    int32_t code; /* level of the column */
    size_t rows;
    size_t noise;        /* of its rows, those in no cluster: below, each is a cluster of its own */
    size_t clusters;     /* that hold a row of it, without noise */
    int32_t top[3];      /* the clusters that hold most of its rows; -1: none */
    double top_share[3]; /* share of its rows there */
    double completeness; /* share of the pairs of different rows of it that lie in one cluster: sum over clusters
                            n_tk (n_tk - 1) / (n_t (n_t - 1)); NaN with one row */
    double homogeneity; /* of the labelled rows in the clusters of its rows, the share of its own: mean over its rows of
                           n_tk / n_k */
    int32_t confused;   /* the other taxon that shares most of its clusters; -1: none */
    double confused_share; /* mean over its rows of n_uk / n_k */
} zsc_taxon_score;

/* Into out (column->levels, from the caller), by descending number of rows; *count is how many have rows. Rows without
 * a label do not count. O(n log n). */
zsc_status zsc_taxon_scores(const zsc_column *column, const int32_t *clusters, size_t n, zsc_taxon_score *out,
                            size_t *count);

/* Levels of a column by descending count (ties by name); counts[i] belongs to order[i]. Both: column->levels, from the
 * caller. */
zsc_status zsc_taxa_by_rows(const zsc_column *column, size_t rows, size_t *order, size_t *counts);

#endif
