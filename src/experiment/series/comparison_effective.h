/* How many units decide the scores of a comparison, and what intervals from few of them are worth
 * (comparison_effective.c). */
#ifndef ZSC_EXPERIMENT_COMPARISON_EFFECTIVE_H
#define ZSC_EXPERIMENT_COMPARISON_EFFECTIVE_H

#include "experiment/series/comparison_statistics.h"

typedef struct zsc_effective_units {
    double least, most; /* of those that are known */
    size_t known;
    size_t few, refused; /* intervals of fewer than ZSC_FEW_UNITS; that there are none of, for fewer than
                          * ZSC_LEAST_UNITS */
} zsc_effective_units;

/* Of the scores, or the differences, of rank q of a group. */
zsc_effective_units zsc_effective_of_scores(const zsc_compare_group *group, size_t q);
zsc_effective_units zsc_effective_of_differences(const zsc_compare_group *group, size_t q);

#endif
