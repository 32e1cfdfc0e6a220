/* The expected mutual information of two partitions whose parts' sizes are given. */
#ifndef ZSC_METRICS_EMI_H
#define ZSC_METRICS_EMI_H

#include "metrics/contingency.h"

enum { ZSC_EMI_LOGS = 1024 };

/* What the sums over cells share; made once for n rows. */
typedef struct zsc_emi {
    size_t n;
    double log[ZSC_EMI_LOGS]; /* log k; 0 at 0 */
} zsc_emi;
void zsc_emi_make(zsc_emi *emi, size_t n);

/* Expected share of one cell, where parts of a and b rows meet, in n times the mutual information; a, b >= 1. Nats. */
double zsc_emi_cell(const zsc_emi *emi, size_t a, size_t b);

/* The same of one part of a rows with all parts of a partition. */
double zsc_emi_part(const zsc_emi *emi, size_t a, const zsc_sizes *others);

/* All of it, in nats: the mean of the mutual information over all ways to deal n rows to parts of these sizes. */
zsc_status zsc_emi_expected(const zsc_sizes *classes, const zsc_sizes *clusters, size_t n, const zsc_exec *exec,
                            double *out);

#endif
