/* Elementary functions of many numbers at once, and normal draws made of them; compiled for each instruction set
 * (base/isa.h). The bits are those of the functions of one number (base/elementary.h, base/random.h): lanes take the
 * same steps. */
#ifndef ZSC_BASE_KERNELS_H
#define ZSC_BASE_KERNELS_H

#include <stddef.h>

#include "base/isa.h"
#include "base/random.h"

typedef struct zsc_base_kernels {
    void (*expf)(const float *x, size_t n, float *out);             /* out[i] = zsc_expf(x[i]); out may be x */
    void (*normals)(zsc_stream *stream, size_t count, double *out); /* zsc_stream_normal, `count` times */
} zsc_base_kernels;
ZSC_SIMD_DECLARE(zsc_base_kernels, zsc_base_kernels_of);

#endif
