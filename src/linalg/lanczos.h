/* A few of the largest eigenvalues of a symmetric matrix, and their eigenvectors (lanczos.c). */
#ifndef ZSC_LINALG_LANCZOS_H
#define ZSC_LINALG_LANCZOS_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/exec.h"
#include "zsc/status.h"

/* Whether it is tried: a large matrix, and few of its eigenvectors. By sizes alone. */
bool zsc_lanczos_serves(size_t m, size_t count);

/* The `count` largest eigenvalues of a (m x m, both triangles, kept; none far below 0), falling, into values; their
 * eigenvectors, of unit length, into the rows of vectors (count x m). *converged: every residual |a v - lambda v| is
 * at most 1e-8 of the largest eigenvalue; otherwise values and vectors are not set. The same bits at any number of
 * threads and on every processor. Reports progress as "pca". O(m^2) for each of some hundred vectors. ZSC_ENUMERIC: an
 * entry is not finite; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
zsc_status zsc_lanczos_largest(const double *a, size_t m, size_t count, const zsc_exec *exec, double *values,
                               double *vectors, bool *converged);
/* Bytes beside a, values and vectors. */
size_t zsc_lanczos_memory(size_t m, size_t count);

#endif
