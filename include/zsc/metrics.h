/* Scores of a clustering against labels, with scikit-learn's names and special cases (doc/metrics.md).
 *
 *   zsc_score            external scores of one clustering        src/metrics/scores.c
 *   zsc_score_i64        the same of 64-bit labels                 src/metrics/wide_labels.c
 *   zsc_score_noise      AMI of a clustering with noise            src/metrics/noise.c
 *   zsc_score_chance     AMI of random clusters of the same sizes  src/metrics/chance.c
 *   zsc_ami_curve        AMI at every cut of a dendrogram         src/metrics/curve.c
 *   zsc_score_internal, zsc_score_internal_f64   scores that need no labels               src/metrics/validity.c
 *   zsc_silhouette_samples, ..._f64              the silhouette of each row               src/metrics/validity.c
 *   zsc_silhouette_cuts, zsc_silhouette_cuts_f64   silhouette at several cuts of a dendrogram
 *                                                                 src/metrics/silhouette_cuts.c
 *
 * Module: src/metrics
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_METRICS_H
#define ZSC_METRICS_H

#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The mean of the two entropies that normalises AMI and NMI; also the index into zsc_scores.ami and .nmi. */
typedef enum zsc_average { ZSC_ARITHMETIC, ZSC_MAX, ZSC_MIN, ZSC_GEOMETRIC } zsc_average;
/* Rows without a label: left out, or one more class of their own. */
typedef enum zsc_missing { ZSC_MISSING_DROP, ZSC_MISSING_CLASS } zsc_missing;

/* Information and entropies are in nats, scores are fractions: 1 is perfect agreement, and 0 is what chance gives (AMI,
 * ARI) or the least possible (the others). AMI and ARI can be below 0. Where no row is scored, rows is 0 and every
 * score is NaN. AMI is NaN too where it is not defined, the expected and the maximal mutual information being the same:
 * with one class, or where every row is a class and a cluster of its own (scikit-learn: 1.0 or 0.0). */
typedef struct zsc_scores {
    size_t rows;              /* rows that were scored */
    size_t missing;           /* rows whose label is missing */
    size_t classes, clusters; /* distinct labels and clusters among the rows scored */
    double mi, emi;           /* mutual information, and its expectation for random partitions of these sizes */
    double h_classes, h_clusters;
    double ami[4], nmi[4]; /* by zsc_average; the usual one is ZSC_ARITHMETIC */
    double ari, fmi, homogeneity, completeness, v_measure;
    /* In a result that was read from a file these are NaN and -1: it does not hold them. */
    double ri;           /* Rand index: the share of pairs of rows on which the two agree (Rand 1971) */
    int64_t pairs[2][2]; /* ordered pairs of rows: [in one class][in one cluster] */
} zsc_scores;

/* Scores a clustering of n rows. labels[n]: any numbers; below 0: missing (see zsc_missing). clusters[n]: any numbers,
 * of which those below 0 are cluster numbers like any other. exec may be NULL. The expected mutual information is exact
 * (Vinh et al., JMLR 11:2837, 2010). O(n) time and memory, plus one term per pair of distinct class and cluster sizes.
 * ZSC_EUSAGE: n is above 2^31 - 1; ZSC_EINTERNAL: out of memory. *out is set only on success. */
ZSC_API zsc_status zsc_score(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                             const zsc_exec *exec, zsc_scores *out);

/* zsc_score of labels and clusters that are any 64-bit numbers; none is missing. Cost and errors as of zsc_score. */
ZSC_API zsc_status zsc_score_i64(const int64_t *labels, const int64_t *clusters, size_t n, const zsc_exec *exec,
                                 zsc_scores *out);

/* AMI (arithmetic mean) of a clustering that leaves rows as noise, read in two further ways. zsc_score of the same rows
 * counts the noise as one cluster. NaN where AMI is not defined. */
typedef struct zsc_noise_scores {
    size_t clustered;      /* of the rows scored, those in a cluster */
    double ami_clustered;  /* of those rows alone; NaN where there are none */
    double ami_singletons; /* of all, each row of noise being a cluster of its own */
} zsc_noise_scores;

/* clusters[n]: below 0 is noise; else as for zsc_score, whose errors and cost it has. */
ZSC_API zsc_status zsc_score_noise(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                                   const zsc_exec *exec, zsc_noise_scores *out);

/* AMI (arithmetic mean) where clusters of the same sizes are assigned to the rows scored at random. Its mean is 0. */
typedef struct zsc_chance {
    size_t permutations; /* B */
    double sd;           /* standard deviation, a fraction */
    double p_value;      /* (1 + permutations with at least the mutual information observed) / (B + 1) */
} zsc_chance;

/* Labels, clusters and missing as for zsc_score; PERMUTATIONS random assignments, of which number b is a function of
 * (seed, b). With none, and where AMI is not defined, sd and p_value are NaN. O(n) time per permutation, in parallel;
 * stage "permutations". exec may be NULL. ZSC_EUSAGE: n is above 2^31 - 1, or memory would exceed the limit;
 * ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. *out is set only on success. */
ZSC_API zsc_status zsc_score_chance(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                                    size_t permutations, uint64_t seed, const zsc_exec *exec, zsc_chance *out);

/* AMI (arithmetic mean) at every cut of one dendrogram. */
typedef struct zsc_curve {
    size_t n;                      /* rows of the dendrogram */
    double *ami;                   /* n values: ami[k - 1] at k clusters; NaN where AMI is not defined */
    size_t rows, missing, classes; /* as in zsc_scores */
    size_t best_clusters;          /* the smallest k whose AMI is the largest; 0 where none is defined */
    double best_ami;               /* NaN where none is defined */
} zsc_curve;

/* z: SciPy's linkage matrix of n rows ((n - 1) x 4); labels[n] as for zsc_score. The caller frees *out with
 * zsc_curve_free; it is set only on success. O(n log n) time, about 150 bytes per row.
 * ZSC_EINPUT: z is not a linkage matrix, with the row; ZSC_EUSAGE: n is above 2^30 - 1, or memory would exceed the
 * limit; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
ZSC_API zsc_status zsc_ami_curve(const double *z, size_t n, const int32_t *labels, zsc_missing missing,
                                 const zsc_exec *exec, zsc_curve *out);
ZSC_API void zsc_curve_free(zsc_curve *curve);

/* Internal scores, of Euclidean distances. Higher is better for silhouette (-1 to 1) and calinski_harabasz (0 or
 * more), lower for davies_bouldin (0 or more). */
typedef struct zsc_internal_scores {
    double silhouette, davies_bouldin, calinski_harabasz;
} zsc_internal_scores;

/* Scores a partition of the rows of x (n x d, row-major, finite). labels[n]; rows with a label below 0 are left out.
 * All scores are NaN where they are not defined: fewer than two clusters, or as many clusters as rows. The silhouette
 * is exact: O(n^2 d) time, O(n + clusters d) memory. exec may be NULL.
 * ZSC_EUSAGE: n is above 2^31 - 1, or memory would exceed the limit; ZSC_ENUMERIC: x holds NaN or infinity, in
 * whichever row; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
ZSC_API zsc_status zsc_score_internal(const float *x, size_t n, size_t d, const int32_t *labels, const zsc_exec *exec,
                                      zsc_internal_scores *out);
/* The same for rows in double precision. */
ZSC_API zsc_status zsc_score_internal_f64(const double *x, size_t n, size_t d, const int32_t *labels,
                                          const zsc_exec *exec, zsc_internal_scores *out);

/* The silhouette of each row, out[n]: -1 to 1, 0 where it is alone in its cluster, NaN where its label is below 0.
 * Rows, labels and cost as above. ZSC_EUSAGE also where it is not defined: fewer than two clusters, or as many as rows.
 * out is set on success only. */
ZSC_API zsc_status zsc_silhouette_samples(const float *x, size_t n, size_t d, const int32_t *labels,
                                          const zsc_exec *exec, double *out);
ZSC_API zsc_status zsc_silhouette_samples_f64(const double *x, size_t n, size_t d, const int32_t *labels,
                                              const zsc_exec *exec, double *out);

/* The silhouette of the rows of x (n x d, row-major, finite) at `count` cuts of their dendrogram: out[i] is that of
 * k[i] clusters, numbers from 2 to n - 1 in ascending order. z: SciPy's linkage matrix ((n - 1) x 4), made of any
 * distances; silhouettes are of Euclidean ones, and exact. All cuts share one pass over the pairs of rows: O(n^2 d)
 * time for the distances and one addition per row and cluster of each cut; O(n count) memory. exec may be NULL. out is
 * set on success only. ZSC_EUSAGE: k is not such, n is above 2^30 - 1, or memory would exceed the limit; ZSC_EINPUT: z
 * is not a linkage matrix, with the row; ZSC_ENUMERIC: x holds NaN or infinity; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out
 * of memory. */
ZSC_API zsc_status zsc_silhouette_cuts(const float *x, size_t n, size_t d, const double *z, const size_t *k,
                                       size_t count, const zsc_exec *exec, double *out);
ZSC_API zsc_status zsc_silhouette_cuts_f64(const double *x, size_t n, size_t d, const double *z, const size_t *k,
                                           size_t count, const zsc_exec *exec, double *out);

#ifdef __cplusplus
}
#endif
#endif
