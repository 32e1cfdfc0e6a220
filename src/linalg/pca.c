/* Principal components.
 *
 *   1. mean of each column
 *   2. d <= n: scatter matrix S = sum (x - m)(x - m)^T, its leading eigenvectors V, y = (x - m) V
 *      d >  n: Gram matrix G = (X - m)(X - m)^T, G = U L U^T, y = U sqrt(L)
 *   3. sign: the largest loading of each axis is positive (scikit-learn's svd_flip, by loadings)
 *
 * Products are computed with (x - m) f, f a power of two that brings the largest number near 1, unless the numbers are
 * of such a size that their squares are floats anyway: the eigenvectors are the same, and nothing overflows or
 * vanishes.
 *
 * Rows are taken in blocks of BLOCK, each multiplied in single precision and added in double, in the order of the
 * blocks whatever the number of threads. */
#include "zsc/pca.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "linalg/kernels.h"
#include "linalg/symmetric_eigen.h"

enum {
    BLOCK = 1024,
    TILE = 128,
    AXES = 8 /* projected on side by side */
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* mean[j] of the columns of x (n x d), in double, the same at any number of threads. */
static void column_means(const float *x, size_t n, size_t d, int threads, double *mean)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t first = 0; first < d; first += TILE) {
        size_t last = smaller(first + TILE, d);
        for (size_t j = first; j < last; j++) mean[j] = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = first; j < last; j++) mean[j] += (double)x[i * d + j];
        for (size_t j = first; j < last; j++) mean[j] /= (double)n;
    }
}

/* f as above, of the largest number of x. */
static double product_factor(const float *x, size_t count, int threads)
{
    float most = 0;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(max : most)
    for (size_t i = 0; i < count; i++) most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    /* below 2^50, sums of squares over a block are floats; from 2^-40 on, the squares of a 2^23rd of it are normal */
    return most == 0 || (most >= 0x1p-40f && most <= 0x1p50f) ? 1 : ldexp(1, -ilogbf(most));
}

/* Columns first .. first + width - 1 of `rows` rows from row `at`, centred, times factor, into out (rows x TILE). */
static void centred(const float *x, size_t d, const double *mean, double factor, size_t at, size_t rows, size_t first,
                    size_t width, float *out)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++)
            out[i * TILE + j] = (float)(((double)x[(at + i) * d + first + j] - mean[first + j]) * factor);
}

/* One tile of the scatter matrix; work: 2 BLOCK TILE + TILE TILE floats. */
static void scatter_tile(const float *x, size_t n, size_t d, const double *mean, double factor, size_t a, size_t b,
                         float *work, double *c)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    float *left = work, *right = work + BLOCK * TILE, *product = work + 2 * BLOCK * TILE;
    size_t wa = smaller(TILE, d - a), wb = smaller(TILE, d - b);
    for (size_t i = 0; i < wa; i++) memset(c + (a + i) * d + b, 0, wb * sizeof *c);
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t rows = smaller(BLOCK, n - at);
        centred(x, d, mean, factor, at, rows, a, wa, left);
        if (a != b) centred(x, d, mean, factor, at, rows, b, wb, right);
        const zsc_product shape = {wa, wb, rows, 1, TILE, TILE, TILE, false};
        kernels->product(&shape, left, a == b ? left : right, product);
        for (size_t i = 0; i < wa; i++)
            for (size_t j = 0; j < wb; j++) c[(a + i) * d + b + j] += (double)product[i * TILE + j];
    }
    for (size_t i = 0; i < wa && a != b; i++)
        for (size_t j = 0; j < wb; j++) c[(b + j) * d + a + i] = c[(a + i) * d + b + j];
}

/* c (d x d, both triangles): sum over rows of (x - mean)(x - mean)^T factor^2; products in single, sums over blocks of
 * rows in double, the same at any number of threads. */
static zsc_status scatter_matrix(const float *x, size_t n, size_t d, const double *mean, double factor, int threads,
                                 double *c)
{
    zsc_status status = ZSC_OK;
    float *work = NULL;
    const size_t each = 2 * BLOCK * TILE + TILE * TILE, tiles = (d + TILE - 1) / TILE, pairs = tiles * (tiles + 1) / 2;
    ZSC_NEW_RAW(work, (size_t)threads * each);
#pragma omp parallel num_threads(threads)
    {
        float *mine = work + (size_t)omp_get_thread_num() * each;
#pragma omp for schedule(dynamic)
        for (size_t p = 0; p < pairs; p++) {
            size_t a = 0, left = p;
            while (left >= tiles - a) left -= tiles - a++;
            scatter_tile(x, n, d, mean, factor, a * TILE, (a + left) * TILE, mine, c);
        }
    }
done:
    free(work);
    return status;
}

static void fix_sign(double *v, size_t m)
{
    size_t largest = 0;
    for (size_t i = 1; i < m; i++)
        if (fabs(v[i]) > fabs(v[largest])) largest = i;
    if (v[largest] < 0)
        for (size_t i = 0; i < m; i++) v[i] = -v[i];
}

/* The `count` largest eigenvalues (falling) and eigenvectors (rows of vectors, count x m) of the symmetric matrix a
 * (m x m, destroyed). The sign of a vector makes its largest entry positive. */
static zsc_status largest_eigen(double *a, size_t m, size_t count, int threads, double *values, double *vectors)
{
    zsc_status status = ZSC_OK;
    double *w = NULL, *z = NULL;
    ZSC_NEW(w, count);
    ZSC_NEW(z, m * count);
    ZSC_TRY(zsc_symmetric_eigen(a, m, m - count, count, threads, w, z));
    for (size_t i = 0; i < count; i++) {
        values[i] = w[count - 1 - i];
        memcpy(vectors + i * m, z + (count - 1 - i) * m, m * sizeof *z);
        fix_sign(vectors + i * m, m);
    }
done:
    free(w);
    free(z);
    return status;
}

/* The axes V (dim x d) in groups of AXES: group g holds, for each column, the AXES numbers of its axes; 0 beyond dim.
 */
static void group_axes(const double *v, size_t d, size_t dim, double *groups)
{
    for (size_t first = 0; first < dim; first += AXES, groups += d * AXES)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < AXES; k++) groups[j * AXES + k] = first + k < dim ? v[(first + k) * d + j] : 0;
}

/* y = (x - mean) V^T, each sum in the order of the columns. */
static void project(const float *x, size_t n, size_t d, const double *mean, const double *groups, size_t dim,
                    int threads, float *y)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < n; i++)
        for (size_t first = 0; first < dim; first += AXES) {
            const double *axis = groups + first * d;
            double sum[AXES] = {0};
            for (size_t j = 0; j < d; j++, axis += AXES) {
                double centred = (double)x[i * d + j] - mean[j];
                for (size_t k = 0; k < AXES; k++) sum[k] += centred * axis[k];
            }
            for (size_t k = 0; k < smaller(AXES, dim - first); k++) y[i * dim + first + k] = (float)sum[k];
        }
}

static zsc_status by_columns(const float *x, size_t n, size_t d, size_t dim, const double *mean, double factor,
                             int threads, float *y)
{
    zsc_status status = ZSC_OK;
    double *c = NULL, *v = NULL, *values = NULL, *groups = NULL;
    ZSC_NEW_RAW(c, d * d);
    ZSC_NEW_RAW(v, dim * d);
    ZSC_NEW_RAW(values, dim);
    ZSC_TRY(scatter_matrix(x, n, d, mean, factor, threads, c));
    ZSC_TRY(largest_eigen(c, d, dim, threads, values, v));
    free(c);
    c = NULL;
    ZSC_NEW_RAW(groups, (dim + AXES - 1) / AXES * AXES * d);
    group_axes(v, d, dim, groups);
    project(x, n, d, mean, groups, dim, threads, y);
done:
    free(c);
    free(v);
    free(values);
    free(groups);
    return status;
}

/* The Gram matrix in double: n is small here. */
static zsc_status by_rows(const float *x, size_t n, size_t d, size_t dim, const double *mean, double factor,
                          int threads, float *y)
{
    zsc_status status = ZSC_OK;
    double *g = NULL, *u = NULL, *values = NULL;
    ZSC_NEW_RAW(g, n * n);
    ZSC_NEW_RAW(u, dim * n);
    ZSC_NEW_RAW(values, dim);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++) {
            double sum = 0;
            for (size_t j = 0; j < d; j++) sum += ((double)x[i * d + j] - mean[j]) * ((double)x[k * d + j] - mean[j]);
            g[i * n + k] = g[k * n + i] = sum * factor * factor;
        }
    ZSC_TRY(largest_eigen(g, n, dim, threads, values, u));
    for (size_t k = 0; k < dim; k++) {
        double size = values[k] > 0 ? sqrt(values[k]) / factor : 0, largest = 0;
        /* the sign goes by the loadings, u^T (x - mean), so that both ways agree */
        for (size_t j = 0; j < d; j++) {
            double loading = 0;
            for (size_t i = 0; i < n; i++) loading += u[k * n + i] * ((double)x[i * d + j] - mean[j]);
            if (fabs(loading) > fabs(largest)) largest = loading;
        }
        for (size_t i = 0; i < n; i++) y[i * dim + k] = (float)(u[k * n + i] * (largest < 0 ? -size : size));
    }
done:
    free(g);
    free(u);
    free(values);
    return status;
}

/* The matrix, its eigenvectors and what finds them; before, blocks of rows for a tile of it. */
size_t zsc_pca_memory(size_t n, size_t d, size_t dim, const zsc_exec *exec)
{
    size_t m = smaller(n, d), scatter = 0;
    int threads = zsc_threads(exec);
    if (d <= n) {
        size_t tiles = (d + TILE - 1) / TILE, pairs = tiles * (tiles + 1) / 2, wide = smaller(d, TILE);
        size_t workers = smaller((size_t)threads, pairs),
               work = smaller(n, BLOCK) * TILE * (tiles > 1 ? 2 : 1) + wide * TILE;
        scatter = workers * work * sizeof(float);
    }
    size_t eigen = sizeof(double) * dim * (m + 1) + zsc_symmetric_eigen_memory(m, dim);
    return ZSC_MEMORY_REST + sizeof(double) * (m * m + dim * m + d) + (scatter > eigen ? scatter : eigen);
}

zsc_status zsc_pca(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    double *mean = NULL;
    size_t m = smaller(n, d);
    int threads = zsc_threads(exec);
    if (dim == 0 || dim > m)
        return zsc_fail(ZSC_EUSAGE, "cannot compute %zu principal components; %zu rows of %zu columns have 1 to %zu",
                        dim, n, d, m);
    if (m > ZSC_PCA_MAX)
        return zsc_fail(
            ZSC_EUSAGE,
            "cannot compute principal components of %zu rows of %zu columns; one of the two must be at most %d", n, d,
            ZSC_PCA_MAX);
    ZSC_TRY(zsc_memory_check(exec, zsc_pca_memory(n, d, dim, exec), "PCA"));
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){"PCA's input", NULL}, exec));
    ZSC_NEW_RAW(mean, d);
    column_means(x, n, d, threads, mean);
    if (!zsc_progress(exec, "pca", 0, 1)) {
        status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        goto done;
    }
    double factor = product_factor(x, n * d, threads);
    ZSC_TRY(d <= n ? by_columns(x, n, d, dim, mean, factor, threads, y)
                   : by_rows(x, n, d, dim, mean, factor, threads, y));
    ZSC_TRY(zsc_check_finite(y, n, dim, (zsc_boundary){"PCA", "scale the matrix (--scale)"}, exec));
    zsc_progress(exec, "pca", 1, 1);
done:
    free(mean);
    return status;
}
