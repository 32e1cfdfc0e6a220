#include "knn/rows.h"

#include <math.h>

#include "base/memory.h"
#include "base/threads.h"

static void describe(const float *row, size_t d, bool centred, double *mean, double *inverse)
{
    double sum = 0, squares = 0;
    bool constant = true;
    for (size_t i = 1; i < d; i++) constant = constant && row[i] == row[0];
    if (centred)
        for (size_t i = 0; i < d; i++) sum += (double)row[i];
    *mean = constant && centred && d ? (double)row[0] : sum / (double)(d ? d : 1);
    for (size_t i = 0; i < d; i++) squares += ((double)row[i] - *mean) * ((double)row[i] - *mean);
    *inverse = squares > 0 ? 1 / sqrt(squares) : 0;
}

zsc_status zsc_knn_rows_make(const float *x, size_t d, const int32_t *row, size_t count, zsc_metric metric,
                             const zsc_exec *exec, zsc_knn_rows *out)
{
    zsc_status status = ZSC_OK;
    zsc_knn_rows rows = {.x = x, .d = d, .count = count, .row = row, .metric = metric};
    if (metric == ZSC_COSINE || metric == ZSC_CORRELATION) {
        ZSC_NEW_RAW(rows.mean, count);
        ZSC_NEW_RAW(rows.inverse, count);
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
        for (size_t i = 0; i < count; i++)
            describe(zsc_knn_rows_at(&rows, i), d, metric == ZSC_CORRELATION, &rows.mean[i], &rows.inverse[i]);
    }
    *out = rows;
    rows = (zsc_knn_rows){0};
done:
    zsc_knn_rows_free(&rows);
    return status;
}

void zsc_knn_rows_free(zsc_knn_rows *rows)
{
    free(rows->mean);
    free(rows->inverse);
    free(rows->extra);
    free(rows->offset);
    *rows = (zsc_knn_rows){0};
}

zsc_status zsc_knn_rows_lengthen(zsc_knn_rows *keys, zsc_knn_rows *queries, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    const zsc_row_kernels *kernels = ZSC_SIMD_PICK(zsc_row_kernels_of);
    double longest = 0;
    ZSC_NEW_RAW(keys->extra, keys->count);
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec)) reduction(max : longest)
    for (size_t i = 0; i < keys->count; i++) {
        const float *row = zsc_knn_rows_at(keys, i);
        keys->extra[i] = kernels->product(row, row, keys->d);
        longest = fmax(longest, keys->extra[i]);
    }
    longest *= 1 + 0x1p-20; /* so that the coordinate is never so small that it has no digits */
    for (size_t i = 0; i < keys->count; i++) keys->extra[i] = sqrt(longest - keys->extra[i]);
    ZSC_NEW_RAW(queries->offset, queries->count);
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t i = 0; i < queries->count; i++) {
        const float *row = zsc_knn_rows_at(queries, i);
        queries->offset[i] = kernels->product(row, row, queries->d) + longest;
    }
done:
    return status;
}

/* Whether v is u times a positive number; for centred rows but for a constant. Differences from the origin are products
 * of two floats each, which double holds exactly (under correlation, where the origin is the first number, if the
 * differences are floats). */
static bool are_parallel(const float *u, const float *v, size_t d, bool centred)
{
    double u0 = centred ? (double)u[0] : 0, v0 = centred ? (double)v[0] : 0;
    size_t p = 0;
    for (size_t k = 1; k < d; k++)
        if (fabs((double)u[k] - u0) > fabs((double)u[p] - u0)) p = k;
    double up = (double)u[p] - u0, vp = (double)v[p] - v0;
    bool parallel = up * vp > 0;
    for (size_t k = 0; k < d && parallel; k++) parallel = ((double)u[k] - u0) * vp == ((double)v[k] - v0) * up;
    return parallel;
}

/* 1 - cos of two unit vectors u and v is |u - v|^2 / 2, which loses no digits where they are close. A row of length 0
 * has no direction: it is at 1 from every other row and at 0 from its like, as in umap-learn. angle(i, j) is angle(j,
 * i) to the last bit. Multiples of a row are at 0 from it, so that they count as equal: unit vectors of them differ in
 * their last bits. */
static double angle(const zsc_knn_rows *a, size_t i, const zsc_knn_rows *b, size_t j, const zsc_row_kernels *kernels)
{
    double ri = a->inverse[i], rj = b->inverse[j];
    if (ri == 0 || rj == 0) return ri == rj ? 0 : 1;
    const float *u = zsc_knn_rows_at(a, i), *v = zsc_knn_rows_at(b, j);
    double half = kernels->scaled(u, a->mean[i], ri, v, b->mean[j], rj, a->d) / 2;
    bool close = half > 0 && half < ZSC_NO_ANGLE;
    return close && are_parallel(u, v, a->d, a->metric == ZSC_CORRELATION) ? 0 : half;
}

double zsc_knn_rows_measure_between(const zsc_knn_rows *a, size_t i, const zsc_knn_rows *b, size_t j,
                                    const zsc_row_kernels *kernels)
{
    const float *u = zsc_knn_rows_at(a, i), *v = zsc_knn_rows_at(b, j);
    switch (a->metric) {
    case ZSC_EUCLIDEAN: return kernels->squares(u, v, a->d);
    case ZSC_MANHATTAN: return kernels->absolute(u, v, a->d);
    case ZSC_CHEBYSHEV: return kernels->largest(u, v, a->d);
    case ZSC_INNER_PRODUCT: return -kernels->product(u, v, a->d);
    case ZSC_COSINE:
    case ZSC_CORRELATION: break;
    }
    return angle(a, i, b, j, kernels);
}

double zsc_knn_rows_measure(const zsc_knn_rows *rows, const zsc_row_kernels *kernels, size_t i, size_t j)
{
    if (zsc_knn_rows_angular(rows) && i > j) /* fused multiplications round the two scaled rows differently */
        return zsc_knn_rows_measure_between(rows, j, rows, i, kernels);
    return zsc_knn_rows_measure_between(rows, i, rows, j, kernels);
}

float zsc_knn_rows_rounded(const zsc_knn_rows *rows, double measure)
{
    return (float)(rows->metric == ZSC_EUCLIDEAN ? sqrt(measure) : measure);
}

float zsc_knn_rows_distance(const zsc_knn_rows *rows, const zsc_row_kernels *kernels, size_t i, size_t j)
{
    return zsc_knn_rows_rounded(rows, zsc_knn_rows_measure(rows, kernels, i, j));
}
