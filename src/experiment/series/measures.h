/* Whether measures agree across encoders: AMI of clusters, 1-NN accuracy, silhouette. */
#ifndef ZSC_EXPERIMENT_MEASURES_H
#define ZSC_EXPERIMENT_MEASURES_H

#include "experiment/series/results_table.h"
#include "experiment/series/retrieval_file.h"

enum {
    ZSC_MEASURE_AMI,
    ZSC_MEASURE_ACCURACY,
    ZSC_MEASURE_SILHOUETTE,          /* of the clusters, in the vectors that were clustered */
    ZSC_MEASURE_SILHOUETTE_ORIGINAL, /* in the matrix before it was reduced */
    ZSC_MEASURE_STABILITY,           /* AMI of clusters between subsamples */
    ZSC_MEASURE_STABILITY_SEEDS,     /* between seeds */
    ZSC_MEASURES
};

typedef struct zsc_measured_encoder {
    const char *encoder, *labels; /* the rows' */
    const zsc_results_row *first;
    size_t runs;
    double value[ZSC_MEASURES]; /* means over runs; NaN where there is none */
} zsc_measured_encoder;

typedef struct zsc_agreement { /* of AMI with a measure */
    size_t encoders;           /* that have both */
    double spearman;           /* NaN for fewer than three, or where all are equal */
} zsc_agreement;

typedef struct zsc_measures {
    zsc_measured_encoder *item; /* in the order of the rows */
    size_t count;
    zsc_agreement with[ZSC_MEASURES]; /* [ZSC_MEASURE_AMI] is not used */
    bool simulated;
} zsc_measures;

/* At RANK: AMI and silhouettes of the rows' runs, and the accuracy of the files in which an encoder is searched in
 * itself, micro, at k 1, of the first split. ROWS and files must outlive *out. ZSC_EINPUT: no row has the rank, an
 * encoder has runs that differ in more than their seed, or several such files. */
zsc_status zsc_measures_make(const zsc_results_table *rows, const zsc_retrieval_file *files, size_t count,
                             const char *rank, zsc_measures *out);
void zsc_measures_free(zsc_measures *measures);

/* Spearman's rank correlation of N pairs; ties have the mean of their ranks. O(n^2). NaN: n < 3, or no variance. */
double zsc_spearman(const double *x, const double *y, size_t n);

#endif
