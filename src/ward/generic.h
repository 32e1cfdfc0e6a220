/* Centroid and median linkage of distances, which are not reducible (generic.c). */
#ifndef ZSC_WARD_GENERIC_H
#define ZSC_WARD_GENERIC_H

#include "ward/condensed.h"

/* Merges all clusters of s, which is used up; z ((n - 1) x 4) in the order of the merges. */
zsc_status zsc_condensed_run_generic(zsc_condensed *s, zsc_linkage_method method, const zsc_exec *exec, double *z);
size_t zsc_condensed_generic_memory(size_t n);

#endif
