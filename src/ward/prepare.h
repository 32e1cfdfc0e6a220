/* The rows of the input, prepared for clustering (prepare.c): checked, shifted, scaled, equal rows merged. */
#ifndef ZSC_WARD_PREPARE_H
#define ZSC_WARD_PREPARE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/dendrogram.h"
#include "zsc/exec.h"
#include "zsc/knn.h"
#include "zsc/status.h"

enum { ZSC_WARD_LANES = 8 }; /* partial sums of a distance: part of every result, so the same on every processor */

/* The columns that rows of so many are padded to. */
static inline size_t zsc_ward_stride(size_t width)
{
    return width ? (width + ZSC_WARD_LANES - 1) / ZSC_WARD_LANES * ZSC_WARD_LANES : ZSC_WARD_LANES;
}

/* The input as the caller has it: one of the two pointers is set. n x d, row-major. */
typedef struct zsc_ward_input {
    const float *f32;
    const double *f64;
    size_t n, d;
    zsc_metric metric;
} zsc_ward_input;

/* The distinct rows, shifted by column and scaled by a power of two so that the largest range is in [1, 2) and squares
 * neither overflow nor underflow. Both steps are exact (prepare.c), so that equal distances stay equal. For cosine and
 * correlation they are unit vectors, with one coordinate more, of which half the squared distance is the angle's
 * 1 - cos. */
typedef struct zsc_ward_points {
    size_t rows;    /* n of the input */
    size_t m, d;    /* distinct rows; columns */
    size_t stride;  /* d rounded up to ZSC_WARD_LANES; the columns beyond d are 0 */
    double *c;      /* m x stride */
    double *weight; /* m: how often the row occurs */
    int32_t *first; /* m: the first input row equal to it, ascending */
    int32_t *of;    /* rows: the distinct row that each input row equals */
    int exponent;   /* true distances are 2^exponent times those of c */
    zsc_metric metric;
} zsc_ward_points;

/* Columns of c that are not 0 by their place: d, and one more for unit vectors. */
static inline size_t zsc_ward_width(size_t d, zsc_metric metric)
{
    return d + (metric == ZSC_COSINE || metric == ZSC_CORRELATION);
}

/* ZSC_ENUMERIC: a row holds NaN or infinity. The caller frees *out with zsc_ward_points_free. */
zsc_status zsc_ward_prepare(const zsc_ward_input *input, const zsc_exec *exec, zsc_ward_points *out);
void zsc_ward_points_free(zsc_ward_points *points);

/* Writes the merges of equal rows, at height 0, to merges (space for rows - m); returns how many. */
size_t zsc_ward_merge_equal_rows(const zsc_ward_points *points, zsc_ward_merge *merges);

typedef double zsc_ward_lanes __attribute__((vector_size(ZSC_WARD_LANES * sizeof(double))));

/* Squared Euclidean distance of two rows of zsc_ward_points.c; symmetric to the last bit. Files that use it are
 * compiled once, not per instruction set, so that it rounds in the same way on every processor. */
static inline double zsc_ward_square_distance(const double *a, const double *b, size_t stride)
{
    zsc_ward_lanes sum = {0};
    for (size_t j = 0; j < stride; j += ZSC_WARD_LANES) {
        zsc_ward_lanes difference = *(const zsc_ward_lanes *)(a + j) - *(const zsc_ward_lanes *)(b + j);
        sum += difference * difference;
    }
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

/* The other metrics, in the same way. */
static inline double zsc_ward_manhattan_distance(const double *a, const double *b, size_t stride)
{
    double sum[ZSC_WARD_LANES] = {0};
    for (size_t j = 0; j < stride; j += ZSC_WARD_LANES)
        for (size_t lane = 0; lane < ZSC_WARD_LANES; lane++) sum[lane] += fabs(a[j + lane] - b[j + lane]);
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

static inline double zsc_ward_chebyshev_distance(const double *a, const double *b, size_t stride)
{
    double most[ZSC_WARD_LANES] = {0}, largest = 0;
    for (size_t j = 0; j < stride; j += ZSC_WARD_LANES)
        for (size_t lane = 0; lane < ZSC_WARD_LANES; lane++) {
            double distance = fabs(a[j + lane] - b[j + lane]);
            most[lane] = distance > most[lane] ? distance : most[lane];
        }
    for (size_t lane = 0; lane < ZSC_WARD_LANES; lane++) largest = most[lane] > largest ? most[lane] : largest;
    return largest;
}

/* The distance of two rows, or its square where that is Euclidean; zsc_ward_height_of makes the distance of it. */
static inline double zsc_ward_measure(zsc_metric metric, const double *a, const double *b, size_t stride)
{
    if (metric == ZSC_MANHATTAN) return zsc_ward_manhattan_distance(a, b, stride);
    if (metric == ZSC_CHEBYSHEV) return zsc_ward_chebyshev_distance(a, b, stride);
    double square = zsc_ward_square_distance(a, b, stride);
    return metric == ZSC_EUCLIDEAN ? square : square / 2;
}

static inline double zsc_ward_height_of(zsc_metric metric, double measure)
{
    return metric == ZSC_EUCLIDEAN ? sqrt(measure) : measure;
}

static inline double zsc_ward_distance(const zsc_ward_points *p, size_t i, size_t j)
{
    return zsc_ward_height_of(p->metric,
                              zsc_ward_measure(p->metric, p->c + i * p->stride, p->c + j * p->stride, p->stride));
}

#endif
