/* From mutual information and entropies to scores; the special cases are in one place. */
#ifndef ZSC_METRICS_SCORES_H
#define ZSC_METRICS_SCORES_H

#include <stdbool.h>

#include "metrics/contingency.h"
#include "zsc/metrics.h"

typedef struct zsc_information {
    size_t rows, classes, clusters;
    double mi, emi, h_classes, h_clusters; /* nats */
} zsc_information;

/* Where one side is a single part, or all of its parts are single rows, mi and emi are known exactly: sets them. A mi
 * below 0 by rounding becomes 0. */
void zsc_information_set_exact_cases(zsc_information *information);

/* NaN where it is not defined: no row, one class, or an expectation that is the maximum. */
double zsc_ami(const zsc_information *information, zsc_average average);
/* Why an AMI that is NaN is not defined, by the rows and classes that were scored. */
const char *zsc_ami_why_undefined(size_t rows, size_t classes);
double zsc_nmi(const zsc_information *information, zsc_average average);

/* All external scores of a table of at most 2^31 - 1 rows; NaN where the table has no row. */
zsc_status zsc_scores_make(const zsc_contingency *table, const zsc_exec *exec, zsc_scores *out);

#endif
