/* Principal components. Defined in pca.c.
 * Module: src/linalg
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_PCA_H
#define ZSC_PCA_H

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of x (n x d, row-major, finite) in the coordinates of their first `dim` principal axes, y: n x dim from the
 * caller. Columns are centred, not scaled; the sign of an axis makes its largest loading positive, as scikit-learn's.
 * The spectrum is that of the smaller of covariance and Gram matrix, so min(n, d) is at most ZSC_PCA_MAX.
 * ZSC_EUSAGE: dim is 0 or above min(n, d), min(n, d) is too large, or memory would exceed the limit; ZSC_ENUMERIC: NaN
 * or infinity in x or y; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. Time O(n d min(n, d)), memory
 * O(min(n, d)^2). exec may be NULL. */
enum { ZSC_PCA_MAX = 8192 };
ZSC_API zsc_status zsc_pca(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec, float *y);
/* Bytes that zsc_pca needs at most beyond x and y. */
ZSC_API size_t zsc_pca_memory(size_t n, size_t d, size_t dim, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
