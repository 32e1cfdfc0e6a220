/* Columns of a matrix in memory: of floats, or of doubles where the files have wider numbers and the caller computes in
 * double precision. */
#ifndef ZSC_DATA_MATRIX_BLOCK_H
#define ZSC_DATA_MATRIX_BLOCK_H

#include <stddef.h>

typedef struct zsc_matrix_block {
    float *f32; /* one of the two; rows are STRIDE numbers apart */
    double *f64;
    size_t n, d, stride;
} zsc_matrix_block;

/* D columns of X from column FIRST on. */
static inline zsc_matrix_block zsc_matrix_columns(zsc_matrix_block x, size_t first, size_t d)
{
    if (x.f32) x.f32 += first;
    if (x.f64) x.f64 += first;
    x.d = d;
    return x;
}

static inline size_t zsc_matrix_number_bytes(const zsc_matrix_block *x)
{
    return x->f64 ? sizeof *x->f64 : sizeof *x->f32;
}

#endif
