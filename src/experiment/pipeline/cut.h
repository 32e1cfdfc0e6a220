/* Where a run cuts its dendrogram if --clusters does not say: at a height, or by a rule that finds K without labels. */
#ifndef ZSC_EXPERIMENT_CUT_H
#define ZSC_EXPERIMENT_CUT_H

#include "zsc/dataset.h"
#include "zsc/experiment.h"

/* What was linked: n x d, one of the two. */
typedef struct zsc_cut_rows {
    const float *x;
    const double *x64;
    size_t n, d;
} zsc_cut_rows;

/* What the rule measures at numbers of clusters, and its choice. Silhouettes are exact: O(n^2 d). The caller frees *out
 * with zsc_cut_curve_free. */
zsc_status zsc_cut_find(zsc_cut_rule rule, const zsc_cut_rows *rows, const double *z, const zsc_exec *exec,
                        zsc_cut_curve *out);
/* The height in the units of the rows of a height of the standardised ones. */
zsc_status zsc_cut_height_of(double standardised, const zsc_cut_rows *rows, double *out);

/* Labels (n) and number of clusters, and the curve of a rule (the caller's to free), of a run whose K is not that of
 * --clusters (zsc_run_wants_k). */
zsc_status zsc_cut_run(const zsc_run_options *options, const zsc_cut_rows *rows, const double *z, const zsc_exec *exec,
                       int32_t *label, size_t *k, zsc_cut_curve *curve);

#endif
