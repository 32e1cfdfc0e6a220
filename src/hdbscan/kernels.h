/* The filter of the spanning tree's searches, compiled for each instruction set (base/isa.h): lengths in single
 * precision, whose error space.c bounds. What passes is measured exactly. */
#ifndef ZSC_HDBSCAN_KERNELS_H
#define ZSC_HDBSCAN_KERNELS_H

#include <stddef.h>

#include "base/isa.h"

enum { ZSC_HDBSCAN_BLOCK = 16 }; /* rows whose coordinates are interleaved: one AVX-512 register */

enum { ZSC_HDBSCAN_SQUARES, ZSC_HDBSCAN_ABSOLUTE, ZSC_HDBSCAN_LARGEST }; /* what lengths are made of */

typedef struct zsc_hdbscan_kernels {
    /* Bit l: the length between x (d) and row l of a block (d x ZSC_HDBSCAN_BLOCK) is at most LIMIT. */
    unsigned (*within[3])(const float *x, const float *block, size_t d, float limit);
    /* The length between the nearest points of two boxes, of which either may be a point (low = high); `width`: d
     * rounded up to ZSC_HDBSCAN_BLOCK; all are 0 beyond d. */
    float (*to_box[3])(const float *low_a, const float *high_a, const float *low_b, const float *high_b, size_t width);
    /* Which of the points in `blocks` such blocks is nearest to x; the first of several. */
    size_t (*nearest[3])(const float *x, const float *block, size_t blocks, size_t d);
    /* The lengths between x and the points of one such block. */
    void (*lengths[3])(const float *x, const float *block, size_t d, float out[ZSC_HDBSCAN_BLOCK]);
    /* (x - from) . (to - from) */
    float (*along)(const float *x, const float *from, const float *to, size_t width);
} zsc_hdbscan_kernels;
ZSC_SIMD_DECLARE(zsc_hdbscan_kernels, zsc_hdbscan_kernels);

#endif
