/* Row i becomes w_i = x_i f_i - s_i - c in double, rounded to float: for the Euclidean metric f is a power of two that
 * makes numbers of about 1 (so that 1e30 and 1e-30 are no different from 1) and s = 0; for cosine and correlation
 * f_i = 1 / |x_i|, s_i = mean_i f_i. c is a typical row (the median of a sample, coordinate by coordinate), since the
 * rounding errors of dot products grow with the vectors' lengths. Rows without direction get a coordinate of their own,
 * which puts them at squared distance 2, cosine distance 1, from all others. Manhattan and Chebyshev: f alone, exact.
 */
#include "knn/blocks/centred_rows.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/sample.h"

enum { TYPICAL = 255 }; /* rows whose median is the centre */

/* centre: the median of each coordinate over a sample, in the units of x or of unit vectors. */
static void find_centre(const zsc_knn_rows *rows, size_t count, int threads, double *centre)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t p = 0; p < rows->d; p++) {
        double values[TYPICAL];
        for (size_t s = 0; s < count; s++) {
            size_t i = zsc_sample_row(s, TYPICAL, rows->count);
            double value = (double)zsc_knn_rows_at(rows, i)[p];
            values[s] = rows->inverse ? (value - rows->mean[i]) * rows->inverse[i] : value;
        }
        centre[p] = zsc_sample_median(values, count);
    }
}

/* A power of two that brings the largest difference from the centre, in a typical row, to between 1 and 2. */
static double find_scale(const zsc_knn_rows *rows, size_t count, const double *centre)
{
    double spread[TYPICAL];
    for (size_t s = 0; s < count; s++) {
        const float *row = zsc_knn_rows_at(rows, zsc_sample_row(s, TYPICAL, rows->count));
        spread[s] = 0;
        for (size_t p = 0; p < rows->d; p++) spread[s] = fmax(spread[s], fabs((double)row[p] - centre[p]));
    }
    double typical = zsc_sample_median(spread, count);
    if (typical == 0) typical = spread[count - 1];
    return typical > 0 ? ldexp(1, -ilogb(typical)) : 1;
}

/* A row without direction, or the coordinate of an inner product. */
static bool is_wider(const zsc_knn_rows *rows)
{
    for (size_t i = 0; rows->inverse && i < rows->count; i++)
        if (rows->inverse[i] == 0) return true;
    return rows->extra != NULL;
}

zsc_status zsc_centred_rows_make(const zsc_knn_rows *rows, double scale, int threads, zsc_centred_rows *out)
{
    zsc_status status = ZSC_OK;
    zsc_centred_rows c = {
        .rows = rows, .kernels = ZSC_SIMD_PICK(zsc_row_kernels_of), .n = rows->count, .width = rows->d, .scale = 1};
    size_t count = rows->count < TYPICAL ? rows->count : TYPICAL;
    if (is_wider(rows)) c.width = rows->d + 1;
    ZSC_NEW(c.centre, rows->d + 1);
    if (count > 0) {
        find_centre(rows, count, threads, c.centre);
        if (!rows->inverse) c.scale = scale > 0 ? scale : find_scale(rows, count, c.centre);
    }
    for (size_t p = 0; p < rows->d; p++) c.centre[p] = zsc_knn_rows_products(rows) ? c.centre[p] * c.scale : 0;
    *out = c;
    c = (zsc_centred_rows){0};
done:
    zsc_centred_rows_free(&c);
    return status;
}

zsc_status zsc_centred_rows_like(const zsc_centred_rows *like, const zsc_knn_rows *rows, zsc_centred_rows *out)
{
    zsc_status status = ZSC_OK;
    zsc_centred_rows c = *like;
    c.rows = rows;
    c.n = rows->count;
    ZSC_NEW(c.centre, rows->d + 1);
    memcpy(c.centre, like->centre, (rows->d + 1) * sizeof *c.centre);
    *out = c;
done:
    return status;
}

void zsc_centred_rows_widen(zsc_centred_rows *c, const zsc_knn_rows *rows)
{
    if (is_wider(rows)) c->width = rows->d + 1;
}

void zsc_centred_rows_free(zsc_centred_rows *c)
{
    free(c->centre);
    *c = (zsc_centred_rows){0};
}

zsc_status zsc_centred_rows_scale(const zsc_knn_rows *rows, double *scale)
{
    zsc_centred_rows c = {0};
    zsc_status status = zsc_centred_rows_make(rows, 0, 1, &c);
    *scale = c.scale;
    zsc_centred_rows_free(&c);
    return status;
}

void zsc_centred_rows_vector(const zsc_centred_rows *c, size_t i, float *out)
{
    const zsc_knn_rows *rows = c->rows;
    bool unit = rows->inverse != NULL;
    double factor = unit ? rows->inverse[i] : c->scale;
    c->kernels->centre(zsc_knn_rows_at(rows, i), rows->d, factor, unit ? rows->mean[i] * factor : 0, c->centre, out);
    if (c->width == rows->d) return;
    out[rows->d] = unit ? (rows->inverse[i] == 0 ? 1 : 0) : rows->extra ? (float)(rows->extra[i] * c->scale) : 0;
}

float zsc_centred_rows_length(const zsc_centred_rows *c, float distance)
{
    double d = (double)distance, length = zsc_knn_rows_angular(c->rows) ? sqrt(2 * d) : d * c->scale;
    return (float)(length * (1 + 0x1p-20));
}

float zsc_centred_rows_distance(const zsc_centred_rows *c, float length)
{
    double r = (double)length * (1 + 0x1p-20), distance = zsc_knn_rows_angular(c->rows) ? r * r / 2 : r / c->scale;
    return (float)(distance * (1 + 0x1p-22)) + FLT_TRUE_MIN;
}
