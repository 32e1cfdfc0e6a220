/* Harmonic means of retrieval, and their intervals. */
#ifndef ZSC_EXPERIMENT_RETRIEVE_INTERVALS_H
#define ZSC_EXPERIMENT_RETRIEVE_INTERVALS_H

#include "experiment/pipeline/retrieve_rows.h"
#include "zsc/exec.h"

/* Sets RESULT's intervals of harmonic means, where it has several columns: as those of zsc compare at its defaults, of
 * classes drawn independently in each column. O(resamples x classes x ks) time for each rank and column. */
zsc_status zsc_retrieve_intervals(zsc_retrieve_result *result, const zsc_exec *exec);

/* The harmonic means of the columns' micro and macro accuracy at a rank and k (indices). */
void zsc_retrieve_harmonic(const zsc_retrieve_result *result, size_t rank, size_t k, double *micro, double *macro);

#endif
