/* Rows as vectors of single precision around a common centre, in a common scale. */
#ifndef ZSC_KNN_CENTRED_ROWS_H
#define ZSC_KNN_CENTRED_ROWS_H

#include "knn/rows.h"

#define ZSC_UNDERFLOW 1e-30 /* added to what is compared: covers squares that vanish in single precision */

typedef struct zsc_centred_rows {
    const zsc_knn_rows *rows;
    const zsc_row_kernels *kernels;
    size_t n;
    size_t width;   /* coordinates of a vector */
    double scale;   /* a power of two: vectors are about 1 long per coordinate */
    double *centre; /* width, in scaled units */
} zsc_centred_rows;

/* scale: that of Euclidean rows that go together (0: their own). The rows stay the caller's. */
zsc_status zsc_centred_rows_make(const zsc_knn_rows *rows, double scale, int threads, zsc_centred_rows *out);
/* Rows around the centre and in the scale of others. */
zsc_status zsc_centred_rows_like(const zsc_centred_rows *like, const zsc_knn_rows *rows, zsc_centred_rows *out);
/* Gives vectors the coordinate that a row without direction needs, where one of `rows` is none. */
void zsc_centred_rows_widen(zsc_centred_rows *c, const zsc_knn_rows *rows);
void zsc_centred_rows_free(zsc_centred_rows *c);

/* The scale that Euclidean rows would get. */
zsc_status zsc_centred_rows_scale(const zsc_knn_rows *rows, double *scale);

/* The vector of row i: width floats. */
void zsc_centred_rows_vector(const zsc_centred_rows *c, size_t i, float *out);

/* A distance (zsc_knn_rows_distance) as a length between vectors, rounded up; and back: the distance that belongs to a
 * length, rounded up. */
float zsc_centred_rows_length(const zsc_centred_rows *c, float distance);
float zsc_centred_rows_distance(const zsc_centred_rows *c, float length);

static inline double zsc_vector_squares(const float *v, size_t d)
{
    double sum = 0;
    for (size_t p = 0; p < d; p++) sum += (double)v[p] * (double)v[p];
    return sum;
}
static inline void zsc_vector_widen(const float *from, double *to, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = (double)from[i];
}

#endif
