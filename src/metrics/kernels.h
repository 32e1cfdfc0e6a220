/* Kernels of the internal scores (kernels.c), compiled for each instruction set (base/isa.h). */
#ifndef ZSC_METRICS_KERNELS_H
#define ZSC_METRICS_KERNELS_H

#include <stdbool.h>

#include "base/isa.h"

enum { ZSC_DISTANCE_TILE_ROWS = 128 };

/* Squared distances below this fraction of the sum of the two squared norms have lost digits in |a|^2 + |b|^2 - 2 ab.
 * They are recomputed from the differences, so that all distances keep ten digits. */
#define ZSC_DISTANCE_CANCELLED 1e-5

typedef struct zsc_metrics_kernels {
    /* The distance of each row i = 0 .. ZSC_DISTANCE_TILE_ROWS - 1 to one point: norm[i] and OTHER are the squared
     * norms of row and point, product[i] their scalar product. True if some distance lost digits. */
    bool (*distances)(const double *product, const double *norm, double other, double *distance);
    /* sum[i] += distance[i] */
    void (*add)(const double *distance, double *sum);
    /* least[i] = min(least[i], sum[i] * factor); sum[i] = 0. */
    void (*close_cluster)(double factor, double *sum, double *least);
} zsc_metrics_kernels;
ZSC_SIMD_DECLARE(zsc_metrics_kernels, zsc_metrics_kernels);

#endif
