/* From information and entropies to scores; the special cases are in one place. */
#ifndef ZSC_METRICS_SCORES_H
#define ZSC_METRICS_SCORES_H

#include <stdbool.h>

#include "metrics/contingency.h"
#include "zsc/metrics.h"

typedef struct zsc_information {
    size_t rows, classes, clusters;
    double mi, emi, h_classes, h_clusters; /* nats */
} zsc_information;

/* Where one side is a single part, or all of its parts are single rows, mi and emi do not depend on chance; this puts
 * their exact values in. */
void zsc_information_settle(zsc_information *information);

double zsc_ami(const zsc_information *information, zsc_average average);
double zsc_nmi(const zsc_information *information, zsc_average average);

/* All external scores of a table of at most 2^31 - 1 rows. */
zsc_status zsc_scores_make(const zsc_contingency *table, const zsc_exec *exec, zsc_scores *out);

#endif
