/* EMI terms by cluster size: zsc_emi_cluster at many sizes, for all the cluster sizes that occur in a dendrogram. */
#ifndef ZSC_METRICS_EMI_BY_SIZE_H
#define ZSC_METRICS_EMI_BY_SIZE_H

#include "metrics/emi.h"

/* term[i] = zsc_emi_cluster(emi, size[i], others) for COUNT different sizes in ascending order, each in 1 .. emi->n.
 * Where there are many sizes the terms are interpolated and checked, to 10^-13 of the largest term nearby. Parallel;
 * reports progress as stage "curve". ZSC_EINTERRUPTED: the caller stopped it; ZSC_EINTERNAL: out of memory. */
zsc_status zsc_emi_by_size(const zsc_emi *emi, const int32_t *size, size_t count, const zsc_sizes *others,
                           const zsc_exec *exec, double *term);

#endif
