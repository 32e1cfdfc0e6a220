/* Damle, Minden and Ying, Simple, direct and efficient multi-way spectral clustering, Information and Inference 8:181
 * (2019):
 *
 *   QR with column pivoting of Y' chooses k rows of Y that are as independent as can be, one from each cluster.
 *   With M their transpose and M = U S V' its singular value decomposition, U V' turns Y so that these rows are near
 *   the axes; the label of a row is its largest coordinate in size, the first of equals. */
#include "spectral/cluster_qr.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { BLOCK = 512 }; /* rows that are turned together */

/* The rows that pivoting takes first: chosen (k). A (n x k) is overwritten; its rows are the columns of Y'. */
static zsc_status pivot(double *a, size_t n, size_t k, lapack_int *order, double *tau)
{
    lapack_int info = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, (lapack_int)k, (lapack_int)n, a, (lapack_int)k, order, tau);
    return info == 0 ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "LAPACK's dgeqp3 failed with info %d", (int)info);
}

/* U V' of M = U S V'; all k x k, row-major; m is overwritten. */
static zsc_status polar(double *m, size_t k, double *u, double *vt, double *s, double *out)
{
    lapack_int size = (lapack_int)k,
               info = LAPACKE_dgesdd(LAPACK_ROW_MAJOR, 'A', size, size, m, size, s, u, size, vt, size);
    if (info != 0) return zsc_fail(ZSC_EINTERNAL, "LAPACK's dgesdd failed with info %d", (int)info);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, u, size, vt, size, 0, out, size);
    return ZSC_OK;
}

static void copy(const float *y, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) out[i] = (double)y[i];
}

/* Labels of rows first .. first + count - 1, turned by `rotation`; scratch: 2 BLOCK x k. */
static void label_block(const float *y, size_t first, size_t count, size_t k, const double *rotation, double *scratch,
                        int32_t *label)
{
    double *rows = scratch, *turned = scratch + BLOCK * k;
    copy(y + first * k, count * k, rows);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)count, (int)k, (int)k, 1, rows, (int)k, rotation,
                (int)k, 0, turned, (int)k);
    for (size_t i = 0; i < count; i++) {
        int32_t best = 0;
        for (size_t j = 1; j < k; j++)
            if (fabs(turned[i * k + j]) > fabs(turned[i * k + (size_t)best])) best = (int32_t)j;
        label[first + i] = best;
    }
}

zsc_status zsc_spectral_cluster_qr(const float *y, size_t n, size_t k, int32_t *label)
{
    zsc_status status = ZSC_OK;
    double *a = NULL, *work = NULL, *scratch = NULL;
    lapack_int *order = NULL;
    ZSC_NEW_RAW(a, n * k);
    ZSC_NEW_RAW(work, 4 * k * k + k);
    ZSC_NEW(order, n);
    double *m = work, *u = m + k * k, *vt = u + k * k, *rotation = vt + k * k, *s = rotation + k * k;
    copy(y, n * k, a);
    ZSC_TRY(pivot(a, n, k, order, s));
    free(a);
    a = NULL;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) m[j * k + i] = (double)y[((size_t)order[i] - 1) * k + j];
    ZSC_TRY(polar(m, k, u, vt, s, rotation));
    ZSC_NEW_RAW(scratch, 2 * BLOCK * k);
    for (size_t first = 0; first < n; first += BLOCK)
        label_block(y, first, n - first < BLOCK ? n - first : BLOCK, k, rotation, scratch, label);
done:
    free(a);
    free(work);
    free(scratch);
    free(order);
    return status;
}

/* One after the other: the matrix and LAPACK's blocks of dgeqp3, with OpenBLAS's copies of them; 4 k^2 + 7 k numbers of
 * dgesdd, LAPACKE's transposed copies and OpenBLAS's; blocks of rows. */
size_t zsc_spectral_cluster_qr_memory(size_t n, size_t k)
{
    size_t pivoting = n * k + 68 * (n + 1), rotation = 8 * k * k + 7 * k, turning = 3 * BLOCK * k + k * k;
    size_t most = pivoting > rotation ? pivoting : rotation;
    if (most < turning) most = turning;
    return ZSC_MEMORY_REST + (4 * k * k + k + most) * 8 + n * 4;
}
