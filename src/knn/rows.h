/* The distinct rows as searches see them, and the exact distance of any two. */
#ifndef ZSC_KNN_ROWS_H
#define ZSC_KNN_ROWS_H

#include "base/isa.h"
#include "zsc/knn.h"

/* Row i of a search is row `row[i]` of x. For cosine and correlation each row stands for
 * (x - mean) * inverse, inverse being one over its length, or 0 for a row of length 0. */
typedef struct zsc_rows {
    const float *x;
    size_t d, count;
    const int32_t *row; /* count; NULL: row i is row i of x */
    zsc_metric metric;
    double *mean, *inverse; /* count each; NULL where the metric does not need them */
} zsc_rows;

zsc_status zsc_rows_make(const float *x, size_t d, const int32_t *row, size_t count, zsc_metric metric,
                         const zsc_exec *exec, zsc_rows *out);
void zsc_rows_free(zsc_rows *rows);

enum { ZSC_COARSE_MANY = 4 };

/* Exact measures of two vectors, in double whatever the kernels' width; and quick ones. */
typedef struct zsc_measure_kernels {
    double (*squares)(const float *a, const float *b, size_t d); /* sum of squared differences */
    void (*squares_two)(const float *a, const float *b, const float *c, size_t d,
                        double *out);                             /* a and b, a and c: the same to the last bit */
    double (*absolute)(const float *a, const float *b, size_t d); /* sum of absolute differences */
    double (*largest)(const float *a, const float *b, size_t d);  /* largest absolute difference */
    /* sum of squared differences of (a - ma) ra and (b - mb) rb */
    double (*scaled)(const float *a, double ma, double ra, const float *b, double mb, double rb, size_t d);
    float (*quick)(const float *a, const float *b, size_t d); /* squares in single precision */
    /* dot products of integers from -127 to 127: a with each of `count` others, ZSC_COARSE_MANY at most; d a multiple
     * of 32 */
    void (*coarse)(const int8_t *a, const int8_t *const *b, size_t count, size_t d, int64_t *out);
    /* A vector in whole steps (of a positive float), +-127 at most; *squares: those of the steps. Returns the sum of
     * squared errors, NaN where a coordinate is. */
    double (*coarsen)(const double *a, size_t d, double step, int8_t *out, int64_t *squares);
    /* out = a * factor - shift - centre, computed in double */
    void (*place)(const float *a, size_t d, double factor, double shift, const double *centre, float *out);
} zsc_measure_kernels;
ZSC_SIMD_DECLARE(zsc_measure_kernels, zsc_measure_kernels_of);

static inline const float *zsc_rows_at(const zsc_rows *rows, size_t i)
{
    return rows->x + (rows->row ? (size_t)rows->row[i] : i) * rows->d;
}

/* The distance of rows i and j in double: squared for the Euclidean metric, plain for all others. Computed from
 * differences: never negative, and 0 only for rows that are equal (under the metric). */
double zsc_rows_measure(const zsc_rows *rows, const zsc_measure_kernels *kernels, size_t i, size_t j);

/* What goes into results. */
float zsc_rows_distance(const zsc_rows *rows, const zsc_measure_kernels *kernels, size_t i, size_t j);

#endif
