/* Principal components.
 *
 *   1. mean of each column
 *   2. d <= n: scatter matrix S = sum (x - m)(x - m)^T, its leading eigenvectors V, y = (x - m) V
 *      d >  n: Gram matrix G = (X - m)(X - m)^T, G = U L U^T, y = U sqrt(L)
 *      A few of a large matrix's by block Lanczos iteration (lanczos.h), otherwise by symmetric_eigen.h
 *   3. sign: the largest loading of each axis is positive (scikit-learn's svd_flip, by loadings)
 *
 * Products are computed with (x - m) f, f a power of two that brings the largest number near 1, unless the numbers are
 * of such a size that their squares are floats anyway: the eigenvectors are the same, and nothing overflows or
 * vanishes.
 *
 * Rows are centred ROWS at a time and taken in blocks of BLOCK, each multiplied in single precision and added in
 * double, in the order of the blocks whatever the number of threads. */
#include "zsc/pca.h"

#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "linalg/kernels.h"
#include "linalg/lanczos.h"
#include "linalg/symmetric_eigen.h"

enum {
    BLOCK = 1024,
    TILE = 128,
    ROWS = 4 * BLOCK, /* centred at a time */
    AXES = 8,         /* projected on side by side */
    FEW = 32          /* rows of one product with the axes */
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

/* Rows first .. end - 1, centred, times factor. */
static void centre_rows(const float *x, size_t first, size_t end, size_t d, const double *mean, double factor,
                        int threads, float *out)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = first; i < end; i++)
        for (size_t j = 0; j < d; j++) out[(i - first) * d + j] = (float)(((double)x[i * d + j] - mean[j]) * factor);
}

/* What `rows` centred rows add to one tile of the scatter matrix; product: TILE TILE floats. */
static void scatter_tile(const float *centred, size_t rows, size_t d, size_t a, size_t b, float *product, double *c)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t wa = smaller(TILE, d - a), wb = smaller(TILE, d - b);
    for (size_t at = 0; at < rows; at += BLOCK) {
        const zsc_product shape = {wa, wb, smaller(BLOCK, rows - at), 1, d, d, TILE, false};
        kernels->product(&shape, centred + at * d + a, centred + at * d + b, product);
        for (size_t i = 0; i < wa; i++)
            for (size_t j = 0; j < wb; j++) c[(a + i) * d + b + j] += (double)product[i * TILE + j];
    }
    for (size_t i = 0; i < wa && a != b; i++)
        for (size_t j = 0; j < wb; j++) c[(b + j) * d + a + i] = c[(a + i) * d + b + j];
}

/* c (d x d, both triangles): sum over rows of (x - mean)(x - mean)^T factor^2; products in single, sums over blocks of
 * rows in double, the same at any number of threads. The calling thread asks whether to go on before each tile. */
static zsc_status scatter_matrix(const float *x, size_t n, size_t d, const double *mean, double factor,
                                 const zsc_exec *exec, double *c)
{
    zsc_status status = ZSC_OK;
    float *centred = NULL, *product = NULL;
    int threads = zsc_threads(exec);
    atomic_bool stop = false;
    const size_t tiles = (d + TILE - 1) / TILE, pairs = tiles * (tiles + 1) / 2;
    ZSC_NEW_RAW(centred, smaller(n, ROWS) * d);
    ZSC_NEW_RAW(product, (size_t)threads * TILE * TILE);
    memset(c, 0, d * d * sizeof *c);
    for (size_t first = 0; first < n && !stop; first += ROWS) {
        size_t end = smaller(first + ROWS, n);
        centre_rows(x, first, end, d, mean, factor, threads, centred);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
        for (size_t p = 0; p < pairs; p++) {
            size_t thread = (size_t)omp_get_thread_num();
            if (thread == 0 && !zsc_progress(exec, "pca", (double)first, (double)(2 * n))) stop = true;
            if (stop) continue;
            size_t a = 0, left = p;
            while (left >= tiles - a) left -= tiles - a++;
            scatter_tile(centred, end - first, d, a * TILE, (a + left) * TILE, product + thread * TILE * TILE, c);
        }
    }
    if (stop) status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
done:
    free(centred);
    free(product);
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
static zsc_status largest_eigen(double *a, size_t m, size_t count, const zsc_exec *exec, double *values,
                                double *vectors)
{
    zsc_status status = ZSC_OK;
    double *w = NULL, *z = NULL;
    bool found = false;
    if (zsc_lanczos_serves(m, count)) ZSC_TRY(zsc_lanczos_largest(a, m, count, exec, values, vectors, &found));
    for (size_t i = 0; i < count && found; i++) fix_sign(vectors + i * m, m);
    if (found) return ZSC_OK;
    ZSC_NEW(w, count);
    ZSC_NEW(z, m * count);
    ZSC_TRY(zsc_symmetric_eigen_polled(a, m, m - count, count, zsc_threads(exec), exec, w, z));
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
static void project_row(const float *x, const zsc_pca_model *v, const double *groups, float *y)
{
    for (size_t first = 0; first < v->dim; first += AXES) {
        const double *axis = groups + first * v->d;
        double sum[AXES] = {0};
        for (size_t j = 0; j < v->d; j++, axis += AXES) {
            double centred = (double)x[j] - v->mean[j];
            for (size_t k = 0; k < AXES; k++) sum[k] += centred * axis[k];
        }
        for (size_t k = 0; k < smaller(AXES, v->dim - first); k++) y[first + k] = (float)sum[k];
    }
}

/* The same by products: axes by columns, V^T (d x dim); work: FEW (d + dim) doubles. */
static void project_rows(const float *x, size_t rows, const zsc_pca_model *v, const double *by_column, double *work,
                         float *y)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t d = v->d, dim = v->dim;
    double *product = work + FEW * d;
    const zsc_product shape = {rows, dim, d, d, 1, dim, dim, false};
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < d; j++) work[i * d + j] = (double)x[i * d + j] - v->mean[j];
    kernels->product_doubles(&shape, work, by_column, product);
    for (size_t i = 0; i < rows * dim; i++) y[i] = (float)product[i];
}

/* Of large models by products, whose sums are fused. */
static bool projects_by_products(const zsc_pca_model *v) { return zsc_lanczos_serves(smaller(v->n, v->d), v->dim); }

static zsc_status project(const float *x, size_t n, const zsc_pca_model *v, const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    const size_t d = v->d, dim = v->dim, many = (((size_t)1 << 26) / (d * dim + 1) / FEW + 1) * FEW;
    int threads = zsc_threads(exec);
    bool products = projects_by_products(v);
    double *axes = NULL, *work = NULL;
    ZSC_NEW_RAW(axes, (dim + AXES - 1) / AXES * AXES * d);
    ZSC_NEW_RAW(work, products ? (size_t)threads * FEW * (d + dim) : 0);
    if (!products) group_axes(v->axis, d, dim, axes);
    for (size_t j = 0; j < d && products; j++)
        for (size_t k = 0; k < dim; k++) axes[j * dim + k] = v->axis[k * d + j];
    for (size_t from = 0; from < n; from += many) {
        size_t to = smaller(from + many, n);
        if (!zsc_progress(exec, "pca", (double)(n + from), (double)(2 * n))) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
#pragma omp parallel for num_threads(threads) schedule(static)
        for (size_t i = from; i < to; i += FEW) {
            size_t rows = smaller(FEW, to - i);
            double *mine = work + (size_t)omp_get_thread_num() * FEW * (d + dim);
            if (products) project_rows(x + i * d, rows, v, axes, mine, y + i * dim);
            for (size_t r = 0; r < rows && !products; r++) project_row(x + (i + r) * d, v, axes, y + (i + r) * dim);
        }
    }
done:
    free(axes);
    free(work);
    return status;
}

/* --- Fitting. A model has its mean when these begin; `total` is the trace. */
static zsc_status by_columns(const float *x, double factor, const zsc_exec *exec, zsc_pca_model *v)
{
    zsc_status status = ZSC_OK;
    double *c = NULL;
    ZSC_NEW_RAW(c, v->d * v->d);
    ZSC_TRY(scatter_matrix(x, v->n, v->d, v->mean, factor, exec, c));
    for (size_t j = 0; j < v->d; j++) v->total += c[j * v->d + j];
    ZSC_TRY(largest_eigen(c, v->d, v->dim, exec, v->variance, v->axis));
done:
    free(c);
    return status;
}

/* g = (x - mean)(x - mean)^T factor^2, in double: n is small here. */
static zsc_status gram_matrix(const float *x, double factor, const zsc_exec *exec, const zsc_pca_model *v, double *g)
{
    size_t n = v->n, d = v->d;
    int threads = zsc_threads(exec);
    atomic_bool stop = false;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k <= i && !stop; k++) {
            if (k % 64 == 0 && omp_get_thread_num() == 0 && !zsc_progress(exec, "pca", (double)i, (double)(2 * n)))
                stop = true;
            double sum = 0;
            for (size_t j = 0; j < d; j++)
                sum += ((double)x[i * d + j] - v->mean[j]) * ((double)x[k * d + j] - v->mean[j]);
            g[i * n + k] = g[k * n + i] = sum * factor * factor;
        }
    }
    return stop ? zsc_fail(ZSC_EINTERRUPTED, "interrupted") : ZSC_OK;
}

/* Axis k from the eigenvector u of the Gram matrix, u^T (x - mean), as its largest loading says: u's sign goes by it,
 * so that both ways agree. */
static void axis_of(const float *x, const zsc_pca_model *v, size_t k, double *u)
{
    size_t n = v->n, d = v->d;
    double *axis = v->axis + k * d, largest = 0, square = 0;
    for (size_t j = 0; j < d; j++) {
        double loading = 0;
        for (size_t i = 0; i < n; i++) loading += u[i] * ((double)x[i * d + j] - v->mean[j]);
        if (fabs(loading) > fabs(largest)) largest = loading;
        axis[j] = loading;
    }
    double scale = fabs(largest) > 0 ? fabs(largest) : 1;
    for (size_t j = 0; j < d; j++) square += axis[j] / scale * (axis[j] / scale);
    for (size_t j = 0; j < d; j++) axis[j] = square > 0 ? axis[j] / scale / sqrt(square) * (largest < 0 ? -1 : 1) : 0;
    for (size_t i = 0; i < n && largest < 0; i++) u[i] = -u[i];
}

/* y may be NULL. */
static zsc_status by_rows(const float *x, double factor, const zsc_exec *exec, zsc_pca_model *v, float *y)
{
    zsc_status status = ZSC_OK;
    size_t n = v->n, dim = v->dim;
    double *g = NULL, *u = NULL;
    ZSC_NEW_RAW(g, n * n);
    ZSC_NEW_RAW(u, dim * n);
    ZSC_TRY(gram_matrix(x, factor, exec, v, g));
    for (size_t i = 0; i < n; i++) v->total += g[i * n + i];
    ZSC_TRY(largest_eigen(g, n, dim, exec, v->variance, u));
    for (size_t k = 0; k < dim; k++) {
        double size = v->variance[k] > 0 ? sqrt(v->variance[k]) / factor : 0;
        if (!zsc_progress(exec, "pca", (double)(n + k), (double)(2 * n))) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        axis_of(x, v, k, u + k * n);
        for (size_t i = 0; y && i < n; i++) y[i * dim + k] = (float)(u[k * n + i] * size);
    }
done:
    free(g);
    free(u);
    return status;
}

/* The matrix, its eigenvectors and what finds them; before, blocks of rows for a tile of it. */
size_t zsc_pca_memory(size_t n, size_t d, size_t dim, const zsc_exec *exec)
{
    size_t m = smaller(n, d), scatter = 0;
    int threads = zsc_threads(exec);
    if (d <= n) scatter = sizeof(float) * (smaller(n, ROWS) * d + (size_t)threads * TILE * TILE);
    size_t projecting = sizeof(double) * (size_t)threads * FEW * (d + dim);
    if (scatter < projecting) scatter = projecting;
    size_t eigen = sizeof(double) * dim * (m + 1) + zsc_symmetric_eigen_memory(m, dim),
           few = zsc_lanczos_serves(m, dim) ? zsc_lanczos_memory(m, dim) : 0;
    if (eigen < few) eigen = few;
    size_t axes = d <= n ? 2 * d : d; /* those of the model, and of the covariance */
    return ZSC_MEMORY_REST + sizeof(double) * (m * m + dim * (m + axes + 8) + d) + n * dim * sizeof(float) +
           (scatter > eigen ? scatter : eigen);
}

void zsc_pca_free(zsc_pca_model *model)
{
    if (!model) return;
    free(model->mean);
    free(model->axis);
    free(model->variance);
    *model = (zsc_pca_model){0};
}

static zsc_status check(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec)
{
    size_t m = smaller(n, d);
    if (dim == 0 || dim > m)
        return zsc_fail(ZSC_EUSAGE, "cannot compute %zu principal components; %zu rows of %zu columns have 1 to %zu",
                        dim, n, d, m);
    if (m > ZSC_PCA_MAX)
        return zsc_fail(
            ZSC_EUSAGE,
            "cannot compute principal components of %zu rows of %zu columns; one of the two must be at most %d", n, d,
            ZSC_PCA_MAX);
    zsc_status status = zsc_memory_check(exec, zsc_pca_memory(n, d, dim, exec), "PCA");
    return status == ZSC_OK ? zsc_check_finite(x, n, d, (zsc_boundary){"PCA's input", NULL}, exec) : status;
}

/* The model and, unless y is NULL, the coordinates of its rows. */
static zsc_status fit(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec, zsc_pca_model *out,
                      float *y)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    zsc_pca_model v = {.n = n, .d = d, .dim = dim};
    ZSC_TRY(check(x, n, d, dim, exec));
    ZSC_NEW_RAW(v.mean, d);
    ZSC_NEW_RAW(v.axis, dim * d);
    ZSC_NEW_RAW(v.variance, dim);
    column_means(x, n, d, threads, v.mean);
    double factor = product_factor(x, n * d, threads);
    if (d <= n) {
        ZSC_TRY(by_columns(x, factor, exec, &v));
        if (y) ZSC_TRY(project(x, n, &v, exec, y));
    } else {
        ZSC_TRY(by_rows(x, factor, exec, &v, y));
    }
    if (y) ZSC_TRY(zsc_check_finite(y, n, dim, (zsc_boundary){"PCA", "scale the matrix (--scale)"}, exec));
    double over = factor * factor * (double)(n > 1 ? n - 1 : 1);
    for (size_t k = 0; k < dim; k++) v.variance[k] = fmax(v.variance[k], 0) / over;
    v.total /= over;
    zsc_progress(exec, "pca", 1, 1);
    *out = v;
    v = (zsc_pca_model){0};
done:
    zsc_pca_free(&v);
    return status;
}

zsc_status zsc_pca(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    zsc_pca_model model = {0};
    float *made = NULL;
    ZSC_NEW_RAW(made, dim <= d && dim <= n ? n * dim : 0);
    ZSC_TRY(fit(x, n, d, dim, exec, &model, made));
    memcpy(y, made, n * dim * sizeof *y);
done:
    zsc_pca_free(&model);
    free(made);
    return status;
}

zsc_status zsc_pca_fit(const float *x, size_t n, size_t d, size_t dim, const zsc_exec *exec, zsc_pca_model *out)
{
    return fit(x, n, d, dim, exec, out, NULL);
}

zsc_status zsc_pca_project(const zsc_pca_model *model, const float *x, size_t n, const zsc_exec *exec, float *y)
{
    zsc_status status = zsc_check_finite(x, n, model->d, (zsc_boundary){"PCA's input", NULL}, exec);
    if (status == ZSC_OK) status = project(x, n, model, exec, y);
    if (status == ZSC_OK)
        status = zsc_check_finite(y, n, model->dim, (zsc_boundary){"PCA", "scale the matrix (--scale)"}, exec);
    return status;
}
