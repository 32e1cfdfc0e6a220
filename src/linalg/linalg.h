/* Dense linear algebra that several kernels share. */
#ifndef ZSC_LINALG_LINALG_H
#define ZSC_LINALG_LINALG_H

#include "zsc/exec.h"
#include "zsc/status.h"

/* mean[j] of the columns of x (n x d), in double, the same at any number of threads. */
void zsc_column_means(const float *x, size_t n, size_t d, int threads, double *mean);

/* c (d x d, both triangles): sum over rows of (x - mean)(x - mean)^T; products in single, sums over blocks of rows in
 * double, the same at any number of threads. */
zsc_status zsc_scatter_matrix(const float *x, size_t n, size_t d, const double *mean, int threads, double *c);

/* The `count` largest eigenvalues (falling) and eigenvectors (rows of vectors, count x m) of the symmetric matrix a
 * (m x m, destroyed). The sign of a vector makes its largest entry positive. */
zsc_status zsc_largest_eigen(double *a, size_t m, size_t count, double *values, double *vectors);

#endif
