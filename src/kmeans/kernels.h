/* Squared distances in single precision, compiled for each instruction set (base/isa.h). Differences of coordinates are
 * squared and added one by one: a result is off by (d + 8) 2^-24 of itself at most, and does not depend on what else is
 * computed with it. */
#ifndef ZSC_KMEANS_KERNELS_H
#define ZSC_KMEANS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"

enum {
    ZSC_KMEANS_BLOCK = 32,  /* rows whose coordinates are interleaved: two AVX-512 registers */
    ZSC_KMEANS_PADDING = 16 /* rows of a table have a multiple of so many columns, 0 beyond d */
};

typedef struct zsc_kmeans_kernels {
    /* out[i]: between q and row list[i] of a table, whose rows have `width` columns, as q has. */
    void (*to_rows)(const float *q, const float *table, size_t width, const int32_t *list, size_t count, float *out);
    /* Between point (d) and each row of a block (d x ZSC_KMEANS_BLOCK). */
    void (*to_block)(const float *point, const float *block, size_t d, float *out);
    /* For each row of a block, the nearest of the rows list[0 .. count-1] of a table, the first of equals, and its
     * squared distance, and that of the second. best and second hold infinity, or what was found before. */
    void (*nearest)(const float *block, size_t d, const float *table, size_t width, const int32_t *list, size_t count,
                    float *best, int32_t *which, float *second);
} zsc_kmeans_kernels;
ZSC_SIMD_DECLARE(zsc_kmeans_kernels, zsc_kmeans_kernels);

#endif
