/* Preparation of the input rows: checked, shifted, scaled, equal rows merged.
 *
 * Shift: a column whose values are far from 0 compared with their range loses its smallest value. Far means that the
 * smallest and the largest are within a factor of two of each other, where the subtraction is exact (Sterbenz 1974).
 * Scale: a power of two, exact too. So distances are rounded no more than those of the original rows, and rows that are
 * equal, or equally far apart, stay so.
 *
 * Cosine and correlation: unit vectors, of the rows or of the rows minus their mean. Each row is first divided by its
 * largest value, of correlation after its first value is subtracted: the quotients of rows that are multiples of each
 * other are the same rational numbers, which division rounds alike, so that such rows are equal here. A row of length 0
 * has no direction: it is at 1 from every other row and at 0 from its like, as in zsc_knn_search, by a coordinate of
 * its own. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "linalg/distinct.h"
#include "ward/prepare.h"

enum { PARALLEL_LEAST = 1024 }; /* fewer rows take less time than waking the threads */

static inline double value(const zsc_ward_input *rows, size_t i, size_t j)
{
    return rows->f32 ? (double)rows->f32[i * rows->d + j] : rows->f64[i * rows->d + j];
}

static zsc_status refuse_not_finite(const zsc_ward_input *rows)
{
    size_t bad = 0, first = 0, column = 0;
    for (size_t i = rows->n; i-- > 0;)
        for (size_t j = rows->d; j-- > 0;)
            if (!isfinite(value(rows, i, j))) {
                bad += i != first || !bad;
                first = i;
                column = j;
            }
    double x = value(rows, first, column);
    return zsc_fail(ZSC_ENUMERIC, "%zu of %zu rows hold NaN or infinity, first row %zu (column %zu: %s)", bad, rows->n,
                    zsc_number(first), zsc_number(column), isnan(x) ? "NaN" : "infinity");
}

/* The smallest and largest value of each column, to low[0 .. d - 1] and high[0 .. d - 1]; both arrays are threads x d.
 * False if some value is not finite. */
static bool ranges(const zsc_ward_input *rows, int threads, double *low, double *high)
{
    size_t d = rows->d;
    bool finite = true;
    for (size_t j = 0; j < (size_t)threads * d; j++) low[j] = INFINITY, high[j] = -INFINITY;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(&& : finite) if (rows->n > PARALLEL_LEAST)
    for (size_t i = 0; i < rows->n; i++) {
        double *least = low + (size_t)omp_get_thread_num() * d, *most = high + (size_t)omp_get_thread_num() * d;
        bool good = true;
        for (size_t j = 0; j < d; j++) {
            double x = value(rows, i, j);
            good = good && isfinite(x);
            least[j] = x < least[j] ? x : least[j];
            most[j] = x > most[j] ? x : most[j];
        }
        finite = finite && good;
    }
    for (size_t j = d; j < (size_t)threads * d; j++) {
        low[j % d] = fmin(low[j % d], low[j]);
        high[j % d] = fmax(high[j % d], high[j]);
    }
    return finite;
}

/* The number that is subtracted from a column: 0 where the subtraction would not be exact. */
static double shift_of(double low, double high)
{
    if (low > 0 && high <= 2 * low) return low;
    if (high < 0 && low >= 2 * high) return high;
    return 0;
}

/* The shifted and scaled rows, equal ones still repeated. Adding 0.0 makes -0 a 0, so that equal numbers are equal
 * bytes. */
static void fill(const zsc_ward_input *rows, const double *shift, int exponent, int threads, zsc_ward_points *p)
{
    int half = exponent / 2; /* two factors: a single one may be beyond the range of double */
    double s1 = ldexp(1, -half), s2 = ldexp(1, half - exponent);
#pragma omp parallel for schedule(static) num_threads(threads) if (rows->n > PARALLEL_LEAST)
    for (size_t i = 0; i < rows->n; i++) {
        double *to = p->c + i * p->stride;
        for (size_t j = 0; j < p->d; j++) to[j] = (value(rows, i, j) - shift[j]) * s1 * s2 + 0.0;
        for (size_t j = p->d; j < p->stride; j++) to[j] = 0;
    }
}

static void make_unit(const zsc_ward_input *rows, size_t i, double *to)
{
    size_t d = rows->d;
    bool centred = rows->metric == ZSC_CORRELATION;
    double half = 0.5, base = centred && d ? half * value(rows, i, 0) : 0, largest = 0, mean = 0, square = 0;
    for (size_t j = 0; j < d; j++) {
        to[j] = half * value(rows, i, j) - base; /* halves, whose differences do not overflow */
        largest = fmax(largest, fabs(to[j]));
    }
    to[d] = largest == 0;
    if (largest == 0) return;
    for (size_t j = 0; j < d; j++) mean += (to[j] /= largest) / (double)d;
    for (size_t j = 0; j < d; j++) {
        if (centred) to[j] -= mean;
        square += to[j] * to[j];
    }
    for (size_t j = 0; j < d; j++) to[j] = to[j] / sqrt(square) + 0.0;
}

/* The same with unit vectors. */
static void fill_units(const zsc_ward_input *rows, int threads, zsc_ward_points *p)
{
#pragma omp parallel for schedule(static) num_threads(threads) if (rows->n > PARALLEL_LEAST)
    for (size_t i = 0; i < rows->n; i++) {
        double *to = p->c + i * p->stride;
        for (size_t j = p->d; j < p->stride; j++) to[j] = 0;
        make_unit(rows, i, to);
    }
}

/* Compacts the matrix to its distinct rows, weighted by how often each occurs. */
static zsc_status merge_equal(zsc_ward_points *p, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    zsc_distinct groups = {0};
    ZSC_TRY(zsc_distinct_find_f64(p->c, p->rows, p->stride, exec, &groups));
    ZSC_NEW_RAW(p->weight, groups.count);
    p->m = groups.count;
    for (size_t g = 0; g < p->m; g++) {
        size_t first = (size_t)groups.first[g];
        p->weight[g] = groups.offset[g + 1] - groups.offset[g];
        if (first != g) memcpy(p->c + g * p->stride, p->c + first * p->stride, p->stride * sizeof *p->c);
    }
    p->first = groups.first;
    p->of = groups.group;
    groups.first = groups.group = NULL;
done:
    zsc_distinct_free(&groups);
    return status;
}

zsc_status zsc_ward_prepare(const zsc_ward_input *rows, const zsc_exec *exec, zsc_ward_points *out)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t d = rows->d;
    size_t width = zsc_ward_width(d, rows->metric);
    zsc_ward_points p = {.rows = rows->n, .d = d, .stride = zsc_ward_stride(width), .metric = rows->metric};
    double *low = NULL, *high = NULL, widest = 0;
    ZSC_NEW_RAW(low, (size_t)threads * d);
    ZSC_NEW_RAW(high, (size_t)threads * d);
    if (!ranges(rows, threads, low, high)) {
        status = refuse_not_finite(rows);
        goto done;
    }
    for (size_t j = 0; j < d; j++) {
        double shift = shift_of(low[j], high[j]), reach = fmax(fabs(low[j] - shift), fabs(high[j] - shift));
        widest = fmax(widest, reach);
        low[j] = shift;
    }
    if (widest > 0 && width == d) p.exponent = ilogb(widest);
    ZSC_NEW_RAW(p.c, rows->n * p.stride);
    if (width == d)
        fill(rows, low, p.exponent, threads, &p);
    else
        fill_units(rows, threads, &p);
    ZSC_TRY(merge_equal(&p, exec));
    *out = p;
    p = (zsc_ward_points){0};
done:
    zsc_ward_points_free(&p);
    free(low);
    free(high);
    return status;
}

void zsc_ward_points_free(zsc_ward_points *points)
{
    free(points->c);
    free(points->weight);
    free(points->first);
    free(points->of);
    *points = (zsc_ward_points){0};
}

size_t zsc_ward_merge_equal_rows(const zsc_ward_points *points, zsc_ward_merge *merges)
{
    size_t count = 0;
    for (size_t i = 0; i < points->rows; i++) {
        int32_t first = points->first[points->of[i]];
        if ((size_t)first != i) merges[count++] = (zsc_ward_merge){first, (int32_t)i, 0};
    }
    return count;
}
