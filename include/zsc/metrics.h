/* Scores of a clustering against labels, with scikit-learn's names and special cases.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_METRICS_H
#define ZSC_METRICS_H

#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_average { ZSC_ARITHMETIC, ZSC_MAX, ZSC_MIN, ZSC_GEOMETRIC } zsc_average;
typedef enum zsc_missing { ZSC_MISSING_DROP, ZSC_MISSING_CLASS } zsc_missing;

/* Entropies and information in nats. Where no row carries a label, rows is 0 and every score is NaN. */
typedef struct zsc_scores {
    size_t rows;              /* that were scored */
    size_t missing;           /* whose label is missing */
    size_t classes, clusters; /* distinct labels and clusters among the rows scored */
    double mi, emi, h_classes, h_clusters;
    double ami[4], nmi[4]; /* by zsc_average; the field's default is ZSC_ARITHMETIC */
    double ari, fmi, homogeneity, completeness, v_measure;
} zsc_scores;

/* labels[i] < 0: missing, dropped or counted as one more class. clusters[i] < 0 is not missing but one more cluster
 * value. Labels are any numbers. O(n) memory; exact expected mutual information (Vinh et al., JMLR 11:2837, 2010). */
ZSC_API zsc_status zsc_score(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                             const zsc_exec *exec, zsc_scores *out);

/* AMI (arithmetic mean) at every cut of a dendrogram (z: SciPy's linkage, n rows). */
typedef struct zsc_curve {
    size_t n;    /* rows of the dendrogram */
    double *ami; /* n values: ami[k - 1] at k clusters. The caller frees it with zsc_curve_free */
    size_t rows, missing, classes;
    size_t best_clusters;
    double best_ami;
} zsc_curve;
ZSC_API zsc_status zsc_ami_curve(const double *z, size_t n, const int32_t *labels, zsc_missing missing,
                                 const zsc_exec *exec, zsc_curve *out);
ZSC_API void zsc_curve_free(zsc_curve *curve);

/* Internal scores of a partition of the rows of x (n x d); labels < 0 are left out. NaN where a score is not defined
 * (fewer than two clusters, or as many as rows). Silhouette is exact and needs O(n + clusters d) memory. */
typedef struct zsc_internal_scores {
    double silhouette, davies_bouldin, calinski_harabasz;
} zsc_internal_scores;
ZSC_API zsc_status zsc_score_internal(const float *x, size_t n, size_t d, const int32_t *labels, const zsc_exec *exec,
                                      zsc_internal_scores *out);

#ifdef __cplusplus
}
#endif
#endif
