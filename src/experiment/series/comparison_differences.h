/* Differences of encoders: intervals, of each alone and of all together, and which of them hold
 * (comparison_differences.c). */
#ifndef ZSC_EXPERIMENT_COMPARISON_DIFFERENCES_H
#define ZSC_EXPERIMENT_COMPARISON_DIFFERENCES_H

#include "experiment/series/comparison_statistics.h"

/* The differences of all pairs of encoders at each rank, of deviations that have been marked. */
zsc_status zsc_compare_differences(const zsc_compare_options *options, const zsc_deviations *deviations,
                                   zsc_compare_group *group);

#endif
