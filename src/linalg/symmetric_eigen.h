/* Eigenvalues and eigenvectors of symmetric matrices, the same bits on every processor (LAPACK's depend on the kernels
 * that OpenBLAS chooses). */
#ifndef ZSC_LINALG_SYMMETRIC_EIGEN_H
#define ZSC_LINALG_SYMMETRIC_EIGEN_H

#include <stddef.h>

#include "zsc/exec.h"
#include "zsc/status.h"

/* Eigenvalues first .. first + count - 1 of a (m x m, both triangles, destroyed), counted from the smallest, ascending,
 * into values; their eigenvectors, of unit length, into the rows of vectors (count x m). The same bits at any number of
 * threads. ZSC_ENUMERIC where an entry is not finite or the iteration does not converge. O(m^3). */
zsc_status zsc_symmetric_eigen(double *a, size_t m, size_t first, size_t count, int threads, double *values,
                               double *vectors);

/* The same, which asks exec (may be NULL) every some milliseconds whether to go on: ZSC_EINTERRUPTED. */
zsc_status zsc_symmetric_eigen_polled(double *a, size_t m, size_t first, size_t count, int threads,
                                      const zsc_exec *exec, double *values, double *vectors);

/* Bytes beside a, values and vectors. */
size_t zsc_symmetric_eigen_memory(size_t m, size_t count);

#endif
