/* Kernels of the internal scores; compiled for each instruction set (base/isa.h). */
#ifndef ZSC_METRICS_SIMD_H
#define ZSC_METRICS_SIMD_H

#include <stdbool.h>

#include "base/isa.h"

enum { ZSC_TILE_ROWS = 128 };

/* Squared distances below this share of the two squared norms have lost digits in |a|^2 + |b|^2 - 2 ab; computed from
 * the differences instead, all keep ten digits. */
#define ZSC_TILE_CANCELLED 1e-5

typedef struct zsc_metrics_kernels {
    /* distance[i] of rows i = 0 .. ZSC_TILE_ROWS - 1, of squared norms NORM and scalar products PRODUCT with a point of
     * squared norm OTHER. True if some of them lost digits. */
    bool (*distances)(const double *product, const double *norm, double other, double *distance);
    void (*add)(const double *distance, double *sum);
    /* least[i] = min(least[i], sum[i] * factor); sum[i] = 0. */
    void (*close_cluster)(double factor, double *sum, double *least);
} zsc_metrics_kernels;
ZSC_SIMD_DECLARE(zsc_metrics_kernels, zsc_metrics_kernels);

#endif
