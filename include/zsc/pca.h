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

enum { ZSC_PCA_MAX = 8192 }; /* the smaller of rows and columns, at most */

/* Rows of x (n x d, row-major, finite) in the coordinates of their first `dim` principal axes, y: n x dim from the
 * caller. Columns are centred, not scaled; the sign of an axis makes its largest loading positive, as scikit-learn's
 * (1.5). The spectrum is that of the smaller of covariance and Gram matrix, so min(n, d) is at most ZSC_PCA_MAX. Where
 * it is 256 or more and at least 8 dim, the axes are found by block Lanczos iteration, with residuals of at most 1e-10
 * of the largest eigenvalue, otherwise by a full decomposition. The same bytes at any number of threads and on every
 * processor. Time O(n d min(n, d)), memory O(min(n, d)^2). exec may be NULL.
 * ZSC_EUSAGE: dim is 0 or above min(n, d), min(n, d) is too large, or memory would exceed the limit; ZSC_ENUMERIC: NaN
 * or infinity in x or y; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. y is set on success only. */
ZSC_API zsc_status zsc_pca(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec, float *y);
/* Bytes that zsc_pca and zsc_pca_fit need at most beyond x and y. */
ZSC_API size_t zsc_pca_memory(size_t n, size_t d, size_t dim, const zsc_exec *exec);

/* Mean, axes and spectrum, which take further rows. */
typedef struct zsc_pca_model {
    size_t n, d, dim; /* n: the rows that it was made of */
    double *mean;     /* d */
    double *axis;     /* dim x d, row-major: of unit length; zeros beyond the rank where n is below d */
    double *variance; /* dim: along each axis, falling; sums of squares over n - 1 */
    double total;     /* of all columns: variance[k] / total is the ratio explained */
} zsc_pca_model;

/* The axes of x, with the errors and cost of zsc_pca. *out is set on success only; the caller frees it with
 * zsc_pca_free. */
ZSC_API zsc_status zsc_pca_fit(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec,
                               zsc_pca_model *out);
/* Rows of x (n x model->d) in the coordinates of the axes: y, n x model->dim. For the rows that the model was made of,
 * to rounding, what zsc_pca gives; where n is at least d, the same bytes. O(n d dim). ZSC_ENUMERIC: NaN or infinity in
 * x or y; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. y is set on success only, but for ZSC_EINTERRUPTED. */
ZSC_API zsc_status zsc_pca_project(const zsc_pca_model *model, const float *x, size_t n, const zsc_exec *exec,
                                   float *y);
/* Frees what `model` holds, not model itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_pca_free(zsc_pca_model *model);

#ifdef __cplusplus
}
#endif
#endif
