/* The silhouette of nested partitions, from one pass over all pairs of points. */
#ifndef ZSC_METRICS_SILHOUETTE_H
#define ZSC_METRICS_SILHOUETTE_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/distance_tiles.h"
#include "zsc/exec.h"
#include "zsc/status.h"

/* Cluster c has the points begin[c] .. begin[c + 1] - 1; begin has clusters + 1 entries, the last the number of points.
 */
typedef struct zsc_silhouette_level {
    size_t clusters;
    const int32_t *begin;
} zsc_silhouette_level;

/* Mean silhouettes of `levels` partitions, the finest first; each later one joins neighbouring clusters of the one
 * before. ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
zsc_status zsc_silhouette_levels(const zsc_distance_points *points, const zsc_silhouette_level *level, size_t levels,
                                 const zsc_exec *exec, double *out);
/* Those of the points: value[levels x points]. */
zsc_status zsc_silhouette_values(const zsc_distance_points *points, const zsc_silhouette_level *level, size_t levels,
                                 const zsc_exec *exec, double *value);
/* Bytes of its threads; beside them it has a double per point and level. */
size_t zsc_silhouette_memory(size_t levels, int threads);

#endif
