/* What is read off a result: its ranks, its clusters at a rank or at any cut, a plane. */
#ifndef ZSC_EXPERIMENT_RESULT_PARTS_H
#define ZSC_EXPERIMENT_RESULT_PARTS_H

#include "zsc/experiment.h"

/* The i-th rank by name; result->scores where there is none. */
size_t zsc_result_rank(const zsc_result *result, const char *rank);

/* Clusters that rank r was scored at: labels (rows) from the caller. With `each-rank` they are cut from the linkage. */
zsc_status zsc_result_clusters(const zsc_result *result, size_t rank, int32_t *labels);
/* K clusters, of a result with a linkage. */
zsc_status zsc_result_cut(const zsc_result *result, size_t k, int32_t *labels);

/* Two coordinates per row into xy (2 x rows, from the caller): the reduced vectors, or their first two principal axes.
 */
zsc_status zsc_result_plane(const zsc_result *result, const zsc_exec *exec, float *xy);

#endif
