/* What an AMI is to be held against: perfect clusters of the rank that K is of (the ceiling), random clusters (chance),
 * and as many clusters as each rank has classes. */
#ifndef ZSC_EXPERIMENT_REFERENCE_SCORES_H
#define ZSC_EXPERIMENT_REFERENCE_SCORES_H

#include "experiment/series/results_table.h"

/* The ceiling of each rank, into *out (scores, the caller's; NaN where it is not defined, or labels were not read): the
 * AMI of the true classes of the rank that gave K (with each-rank of every rank itself; of a number or a height of the
 * finest rank) with the classes of each rank, on the rows scored there that have a label of both. */
zsc_status zsc_result_ceilings(const zsc_result *result, double **out);

/* The rank whose classes the ceilings of a run are of, by its clusters_rule; NULL: each rank's own. */
const char *zsc_ceiling_rank(const char *clusters_rule, const char *finest);

typedef struct zsc_reference_options {
    size_t permutations;   /* for chance_sd and p_value; 0: none */
    uint64_t seed;         /* of the permutations */
    size_t rarefy;         /* rows: scores become means over random choices of as many of the rows scored; 0: of all */
    const zsc_list *ranks; /* that are rarefied; NULL or empty: all */
    bool each_rank; /* also score K = classes of each rank: rows of their own, whose clusters_rule is each-rank */
} zsc_reference_options;

/* The result that was read last: rows of one run follow each other. Start from .options and .exec. */
typedef struct zsc_reference {
    const zsc_reference_options *options;
    const zsc_exec *exec;
    zsc_result result;
    int32_t *label; /* result.rows */
} zsc_reference;
void zsc_reference_free(zsc_reference *reference);

/* Rarefies a row: AMI, NMI, ARI and numbers of rows, classes and clusters become means over ZSC_RAREFACTIONS (rarefy.h)
 * random choices of options->rarefy of the rows that are scored at its rank, of its clusters as they are. Choice b is a
 * function of b and of the ids alone, so that runs on the same rows have the same choices. ZSC_EINPUT: there are fewer
 * rows, or as above. */
zsc_status zsc_results_row_rarefy(zsc_reference *reference, zsc_results_row *row);

/* Sets chance_sd and p_value of a row, by permutations of the clusters that were scored at its rank. ZSC_EINPUT: the
 * row is of a table without result files. */
zsc_status zsc_results_row_add_chance(zsc_reference *reference, zsc_results_row *row);

/* Adds to rows of result files what OPTIONS ask for. A run that already stands there with each-rank gets no second such
 * rows. ZSC_EINPUT as above. One result is in memory at a time. */
zsc_status zsc_results_table_add_reference(zsc_results_table *rows, const zsc_reference_options *options,
                                           const zsc_exec *exec);

#endif
