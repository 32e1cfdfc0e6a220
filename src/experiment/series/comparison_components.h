/* Components of the variance of an encoder's AMI: seed, draw of one row per barcode, sample. */
#ifndef ZSC_EXPERIMENT_COMPARISON_COMPONENTS_H
#define ZSC_EXPERIMENT_COMPARISON_COMPONENTS_H

#include "experiment/series/comparison_groups.h"
#include "experiment/series/comparison_statistics.h"

/* Of all encoders of the groups; an encoder in several groups whose rows differ in the draw alone is one. GROUPS and
 * COMPARISON->group are in one order. Into comparison->components. */
zsc_status zsc_compare_components(const zsc_compared_group *groups, zsc_comparison *comparison);

#endif
