/* Which results are compared: groups of the same rows with the same labels, in each the runs of one encoder together.
 */
#ifndef ZSC_EXPERIMENT_COMPARISON_GROUPS_H
#define ZSC_EXPERIMENT_COMPARISON_GROUPS_H

#include <jansson.h>

#include "experiment/series/results_table.h"
#include "zsc/experiment.h"

/* Runs that differ in their seed alone. */
typedef struct zsc_compared_encoder {
    zsc_results_row identity; /* of its first run */
    uint64_t stream;          /* of the draws of its runs */
    const zsc_result **run;
    size_t runs, capacity;
} zsc_compared_encoder;

/* Results of the same rows with the same labels. */
typedef struct zsc_compared_group {
    uint64_t rows_hash;      /* of the ids, in any order */
    const zsc_result *first; /* its order of rows is that of the group */
    zsc_compared_encoder *encoder;
    size_t encoders, capacity;
} zsc_compared_group;

/* Repeated and superseded results are left out. */
zsc_status zsc_compared_groups_make(const zsc_result_list *results, zsc_compared_group **out, size_t *count);
void zsc_compared_group_free(zsc_compared_group *group);

/* The name of encoder i of group g; if several of the same rows share it, with the settings, files and labels in which
 * they differ. The caller's. */
zsc_status zsc_compared_label(const zsc_compared_group *groups, size_t count, size_t g, size_t i, char **out);

/* By AMI at the finest rank that all have, then by the names of encoders, their settings, and the keys of their runs.
 */
zsc_status zsc_compared_sort(zsc_compared_group *group);

/* The configuration without the seed and without settings that only add output; the caller's. */
json_t *zsc_compared_config(const zsc_result *result);

#endif
