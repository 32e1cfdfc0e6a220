/* The expected mutual information (EMI) of two partitions, from the sizes of their parts. In nats. */
#ifndef ZSC_METRICS_EMI_H
#define ZSC_METRICS_EMI_H

#include "metrics/contingency.h"

enum { ZSC_EMI_LOGS = 1024 };

/* What the sums over cells of n rows use. */
typedef struct zsc_emi {
    size_t n;
    const double *log; /* ZSC_EMI_LOGS: log k, 0 at 0; one table for the process */
} zsc_emi;
void zsc_emi_make(zsc_emi *emi, size_t n);

/* The term of one cell in n EMI: the expectation for a part of a rows and a part of b rows, 1 <= a, b <= n. */
double zsc_emi_cell(const zsc_emi *emi, size_t a, size_t b);

/* The sum of those terms over all parts of the other partition, for a part of a rows. */
double zsc_emi_cluster(const zsc_emi *emi, size_t a, const zsc_sizes *others);

/* EMI: the mean of the mutual information over all assignments of n rows to parts of these sizes. O(distinct class
 * sizes x distinct cluster sizes) terms, in parallel. ZSC_EINTERNAL: out of memory. */
zsc_status zsc_emi_expected(const zsc_sizes *classes, const zsc_sizes *clusters, size_t n, const zsc_exec *exec,
                            double *out);

#endif
