/* Rarefaction (rarefy.c): scores of random choices of the rows that are scored. */
#ifndef ZSC_EXPERIMENT_RAREFY_H
#define ZSC_EXPERIMENT_RAREFY_H

#include "experiment/series/results_table.h"

/* How many choices the scores of a rarefied row are means over. */
enum { ZSC_RAREFACTIONS = 100 };

/* AMI, NMI, ARI and numbers of rows, classes and clusters of ROW, which is of rank j of a result, become means over
 * ZSC_RAREFACTIONS random choices of n of the rows that are scored there, of the clusters that it was scored with (one
 * of each row of the result). Choice b is a function of b and of the ids alone. ZSC_EINPUT: there are fewer rows. */
zsc_status zsc_rarefy(const zsc_result *result, size_t j, const int32_t *clusters, size_t n, const zsc_exec *exec,
                      zsc_results_row *row);

#endif
