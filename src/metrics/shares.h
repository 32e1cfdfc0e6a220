/* zsc_emi_part at many sizes: what one partition's clusters of these sizes contribute to the expectation. */
#ifndef ZSC_METRICS_SHARES_H
#define ZSC_METRICS_SHARES_H

#include "metrics/emi.h"

/* share[i] = zsc_emi_part(emi, size[i], others) for COUNT different sizes in growing order, 1 .. emi->n; where there
 * are many, by interpolation that is checked, to 10^-13 of the largest share nearby. In parallel; calls progress. */
zsc_status zsc_emi_shares(const zsc_emi *emi, const int32_t *size, size_t count, const zsc_sizes *others,
                          const zsc_exec *exec, double *share);

#endif
