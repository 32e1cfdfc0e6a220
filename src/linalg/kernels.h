/* Products of matrices and steps of the symmetric eigensolver, compiled for each instruction set (base/isa.h). The same
 * bits on every processor: each sum is one chain of fused steps along the depth, or sixteen chains joined in one order.
 */
#ifndef ZSC_LINALG_KERNELS_H
#define ZSC_LINALG_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/isa.h"

/* C = A B, or C + A B. A(i, p) is a[i * down + p * across], B(p, j) is b[p * b_stride + j], C(i, j) c[i * c_stride +
 * j]. C is neither A nor B. */
typedef struct zsc_product {
    size_t rows, columns, depth; /* rows of A, columns of B, columns of A */
    size_t down, across, b_stride, c_stride;
    bool add;
} zsc_product;

typedef struct zsc_linalg_kernels {
    void (*product)(const zsc_product *shape, const float *a, const float *b, float *c);
    void (*product_doubles)(const zsc_product *shape, const double *a, const double *b, double *c);
    double (*dot)(const double *x, const double *y, size_t n);
    void (*add_multiple)(double *y, double f, const double *x, size_t n); /* y += f x, rounded once */
    void (*rotate)(double *x, double *y, size_t n, double c, double s);   /* x, y = c x - s y, s x + c y */
} zsc_linalg_kernels;
ZSC_SIMD_DECLARE(zsc_linalg_kernels, zsc_linalg_kernels_of);

#endif
