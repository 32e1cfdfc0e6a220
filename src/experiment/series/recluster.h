/* Runs again on halves of their rows, for intervals that hold what clustering a sample anew changes. */
#ifndef ZSC_EXPERIMENT_RECLUSTER_H
#define ZSC_EXPERIMENT_RECLUSTER_H

#include "experiment/series/comparison_rows.h"

/* Parts of the units: a half, the rest, and, where COUNT is 6, the two quarters of each. */
typedef struct zsc_parts {
    unsigned count; /* 2 or 6 */
    double *ami[6];
} zsc_parts;

/* The AMI of each labelling when its run is made again (selection, scaling, reduction, clusters, scores) of the rows of
 * part p of split b of the units: parts->ami[p][b * labellings->count + item], from the caller. NaN where it is not
 * defined. Halves and quarters are those of zsc_resample_draw; UNIT numbers the rows of group->first. Embeddings and
 * metadata are read where the results say; paths are relative to the folder of the run, where it is still there. Stage
 * "clustering halves anew". Deterministic at any number of threads. Memory: that of one run of all rows, said and
 * refused as zsc_run does. ZSC_EINPUT: inputs are not there or have changed, or a run cannot be made of a half (fewer
 * rows than neighbours, a single class; of a quarter that is NaN); ZSC_EINTERRUPTED. */
zsc_status zsc_recluster_halves(const zsc_compared_group *group, const zsc_labellings *labellings, char *const *rank,
                                size_t ranks, const int32_t *unit, size_t units, const zsc_resampling *resampling,
                                const zsc_exec *exec, const zsc_parts *parts);

#endif
