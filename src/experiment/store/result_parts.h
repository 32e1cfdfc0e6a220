/* What follows from a result: the index of a rank, the clusters at a rank or at any cut, coordinates in the plane. */
#ifndef ZSC_EXPERIMENT_RESULT_PARTS_H
#define ZSC_EXPERIMENT_RESULT_PARTS_H

#include "zsc/experiment.h"

/* Index of a rank by name; result->scores if there is none. */
size_t zsc_result_rank(const zsc_result *result, const char *rank);
/* The rank that figures of rows are coloured by where none is asked for: family, or the last one that the run has. */
const char *zsc_result_coloured_rank(const zsc_result *r);

/* How its rows without a label were scored. */
zsc_missing zsc_result_missing(const zsc_result *result);

/* Clusters that rank r was scored at: labels (rows) from the caller. With `each-rank` they are cut from the linkage. */
zsc_status zsc_result_clusters(const zsc_result *result, size_t rank, int32_t *labels);
/* K clusters, of a result with a linkage. */
zsc_status zsc_result_cut(const zsc_result *result, size_t k, int32_t *labels);

/* Two coordinates per row into xy (2 x rows, from the caller): the reduced vectors, or their projections on the first
 * two principal axes. */
zsc_status zsc_result_plane(const zsc_result *result, const zsc_exec *exec, float *xy);

#endif
