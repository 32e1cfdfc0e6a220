/* Damle, Minden and Ying, Simple, direct and efficient multi-way spectral clustering, Information and Inference 8:181
 * (2019):
 *
 *   QR with column pivoting of Y' chooses k rows of Y that are as independent as can be, one from each cluster.
 *   With M their transpose and M = U S V' its singular value decomposition, U V' turns Y so that these rows are near
 *   the axes; the label of a row is its largest coordinate in size, the first of equals.
 *
 * QR: in turn the longest row, the first of equals, is taken, and what all rows have of its direction is taken off them
 * (Gram and Schmidt, modified; Golub and Van Loan, Matrix Computations, 4th ed., 5.2.8 and 5.4.2).
 *
 * U V': with M'M = V S^2 V', M V S^-1 V', whose error is that of S^2; two steps X <- X (3 - X'X) / 2 (Higham, Functions
 * of Matrices, 8.3) square it each. Directions without length in M stay without a row.
 *
 * Sums are those of linalg/kernels.h: the same bytes on every processor. */
#include "spectral/cluster_qr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "linalg/kernels.h"
#include "linalg/symmetric_eigen.h"

enum {
    BLOCK = 512,         /* rows that are turned together */
    POLISHING = 2,       /* steps towards the nearest orthogonal matrix */
    TOGETHER = 128 * 128 /* numbers from which threads share a step */
};
static const double NO_LENGTH = 1e-12; /* of the largest singular value */

static void copy(const float *y, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) out[i] = (double)y[i];
}

/* --- Rows as independent as can be */
/* Which k rows of A (n x k, overwritten by what is left of them) pivoting takes first. square: scratch of n; direction:
 * of k. */
static void pivot(double *a, size_t n, size_t k, int threads, double *square, double *direction, size_t *chosen)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
#pragma omp parallel for schedule(static) num_threads(threads) if (n * k > TOGETHER)
    for (size_t i = 0; i < n; i++) square[i] = kernels->dot(a + i * k, a + i * k, k);
    for (size_t step = 0; step < k; step++) {
        size_t longest = 0;
        for (size_t i = 1; i < n; i++) longest = square[i] > square[longest] ? i : longest;
        chosen[step] = longest;
        double length = sqrt(square[longest]);
        if (!(length > 0)) { /* the rows that are taken span all others: any row serves */
            square[longest] = -1;
            continue;
        }
        for (size_t j = 0; j < k; j++) direction[j] = a[longest * k + j] / length;
#pragma omp parallel for schedule(static) num_threads(threads) if (n * k > TOGETHER)
        for (size_t i = 0; i < n; i++) {
            if (square[i] < 0) continue;
            kernels->add_multiple(a + i * k, -kernels->dot(a + i * k, direction, k), direction, k);
            square[i] = kernels->dot(a + i * k, a + i * k, k);
        }
        square[longest] = -1;
    }
}

/* --- The nearest orthogonal matrix */
static void transpose(const double *x, size_t k, double *out)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) out[j * k + i] = x[i * k + j];
}

static void multiply(const double *a, const double *b, size_t rows, size_t k, double *out)
{
    const zsc_product shape = {rows, k, k, k, 1, k, k, false};
    ZSC_SIMD_PICK(zsc_linalg_kernels_of)->product_doubles(&shape, a, b, out);
}

/* out = A' A */
static void gram(const double *a, size_t k, double *out)
{
    const zsc_product shape = {k, k, k, 1, k, k, k, false};
    ZSC_SIMD_PICK(zsc_linalg_kernels_of)->product_doubles(&shape, a, a, out);
}

/* U V' of M = U S V', into m; all k x k, row-major. scratch: 3 k x k, values: k. */
static zsc_status polar(double *m, size_t k, int threads, double *scratch, double *values)
{
    double *square = scratch, *vectors = square + k * k, *scaled = vectors + k * k;
    gram(m, k, square);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < i; j++) square[i * k + j] = square[j * k + i];
    zsc_status status = zsc_symmetric_eigen(square, k, 0, k, threads, values, vectors); /* V' in rows */
    if (status != ZSC_OK) return status;
    double least = NO_LENGTH * NO_LENGTH * values[k - 1];
    transpose(vectors, k, scaled);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) scaled[i * k + j] *= values[j] > least ? 1 / sqrt(values[j]) : 0;
    multiply(scaled, vectors, k, k, square); /* V S^-1 V' */
    multiply(m, square, k, k, scaled);
    memcpy(m, scaled, k * k * sizeof *m);
    for (int step = 0; step < POLISHING; step++) {
        gram(m, k, square);
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < k; j++) square[i * k + j] = ((i == j ? 3 : 0) - square[i * k + j]) / 2;
        multiply(m, square, k, k, scaled);
        memcpy(m, scaled, k * k * sizeof *m);
    }
    return ZSC_OK;
}

/* --- Labels */
/* Labels of rows first .. first + count - 1, turned by `rotation`; scratch: 2 BLOCK x k. */
static void label_block(const float *y, size_t first, size_t count, size_t k, const double *rotation, double *scratch,
                        int32_t *label)
{
    double *rows = scratch, *turned = scratch + BLOCK * k;
    copy(y + first * k, count * k, rows);
    multiply(rows, rotation, count, k, turned);
    for (size_t i = 0; i < count; i++) {
        int32_t best = 0;
        for (size_t j = 1; j < k; j++)
            if (fabs(turned[i * k + j]) > fabs(turned[i * k + (size_t)best])) best = (int32_t)j;
        label[first + i] = best;
    }
}

zsc_status zsc_spectral_cluster_qr(const float *y, size_t n, size_t k, const zsc_exec *exec, int32_t *label)
{
    zsc_status status = ZSC_OK;
    const int threads = zsc_threads(exec);
    double *a = NULL, *square = NULL, *work = NULL, *scratch = NULL;
    size_t *chosen = NULL;
    ZSC_NEW_RAW(a, n * k);
    ZSC_NEW_RAW(square, n);
    ZSC_NEW_RAW(work, k * k + k);
    ZSC_NEW_RAW(chosen, k);
    double *rotation = work, *values = work + k * k;
    copy(y, n * k, a);
    pivot(a, n, k, threads, square, values, chosen);
    free(a);
    a = NULL;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) rotation[j * k + i] = (double)y[chosen[i] * k + j];
    ZSC_NEW_RAW(scratch, 3 * k * k > 2 * BLOCK * k ? 3 * k * k : 2 * BLOCK * k);
    ZSC_TRY(polar(rotation, k, threads, scratch, values));
    for (size_t first = 0; first < n; first += BLOCK)
        label_block(y, first, n - first < BLOCK ? n - first : BLOCK, k, rotation, scratch, label);
done:
    free(a);
    free(square);
    free(work);
    free(scratch);
    free(chosen);
    return status;
}

/* One after the other: the rows; three matrices, with the eigensolver's; blocks of rows. */
size_t zsc_spectral_cluster_qr_memory(size_t n, size_t k)
{
    size_t turning = 2 * BLOCK * k, rotation = 3 * k * k, most = n * k, solver = zsc_symmetric_eigen_memory(k, k) / 8;
    if (most < rotation + solver) most = rotation + solver;
    if (most < turning) most = turning;
    return ZSC_MEMORY_REST + (k * k + 2 * k + n + most) * 8;
}
