/* What a comparison's intervals are made of: deviations of each encoder's score in each resample. */
#ifndef ZSC_EXPERIMENT_COMPARISON_DEVIATIONS_H
#define ZSC_EXPERIMENT_COMPARISON_DEVIATIONS_H

#include "experiment/series/comparison_rows.h"
#include "experiment/series/comparison_statistics.h"

/* Deviations of the mean AMI of each encoder at each rank, into out->value (from the caller): of the sample, and where
 * there are several runs of the seeds. NaN where a half has no AMI, or the encoder lacks the rank. GROUP has its cells;
 * their `sample_sd` is set, and out->seeds, which are 0 before. out->average (from the caller) becomes the means of
 * both halves. out->quarter (NULL: none, and only where halves are clustered anew) becomes the deviations of two
 * quarters of each half, in the same scale; out->given and given_average (NULL likewise) those of the clusters that
 * there are. */
zsc_status zsc_compare_deviations(const zsc_compared_group *runs, const zsc_labellings *labellings, const int32_t *unit,
                                  const zsc_compare_options *options, const zsc_exec *exec, zsc_compare_group *group,
                                  const zsc_deviations *out);

#endif
