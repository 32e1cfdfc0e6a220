/* Kernels of the linear probe (kernels.c), compiled for each instruction set (base/isa.h). The same bytes on every
 * processor: sums are taken in sixteen lanes, and nothing is contracted. */
#ifndef ZSC_PROBE_KERNELS_H
#define ZSC_PROBE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"

typedef struct zsc_probe_kernels {
    /* Where the largest of COUNT >= 1 numbers is, the first of equals. */
    int32_t (*largest)(const float *z, size_t count);
    /* z[i] = scale exp(z[i] - most) / sum; returns log of the sum of exp(z[i] - most). NaN where some z[i] is NaN or
     * infinite. Exponentials are within 2 units in the last place; below exp(-87) they are about 1e-38. */
    double (*softmax)(float *z, size_t count, float most, double scale);
    /* out[j] = (x[j] - mean) inverse, in double, rounded once. */
    void (*standardise)(const float *x, size_t count, double mean, double inverse, float *out);
    void (*scale)(float *v, size_t count, float factor);
    /* v += decay w; w -= rate v: a step of gradient descent with momentum. */
    void (*step)(float *w, float *v, size_t count, float decay, float rate);
} zsc_probe_kernels;
ZSC_SIMD_DECLARE(zsc_probe_kernels, zsc_probe_kernels_of);

#endif
