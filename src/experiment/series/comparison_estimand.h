/* What a comparison's intervals are of, in words. */
#ifndef ZSC_EXPERIMENT_COMPARISON_ESTIMAND_H
#define ZSC_EXPERIMENT_COMPARISON_ESTIMAND_H

#include "experiment/series/comparison_statistics.h"

/* "the mean AMI, over other samples of 60 species, of these clusters; clustering a sample anew is not in it; one seed,
 * so that the variance of seeds is not in it"; of retrieval likewise of classes and keys. The caller's; NULL: out of
 * memory. */
char *zsc_compare_estimand(const zsc_compare_group *group);

#endif
