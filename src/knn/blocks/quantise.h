/* Vectors in a byte per coordinate, with a known error: they fit caches where rows do not. */
#ifndef ZSC_KNN_QUANTISE_H
#define ZSC_KNN_QUANTISE_H

#include <math.h>

#include "knn/blocks/centred_rows.h"
#include "knn/blocks/projection.h"

typedef struct zsc_quantised {
    size_t stride;    /* a multiple of 32 */
    int8_t *vectors;  /* n x stride, by position; NULL: there are none */
    float *error;     /* by position: how far a quantised vector may be from the true one */
    int64_t *squares; /* by position: the squared length of the quantised vector, in units of scale^2 */
    float scale;
    const zsc_row_kernels *kernels;
} zsc_quantised;

/* Of what the projection leaves of each row, or of whole rows; order[position] is the row at a position. The same at
 * any number of threads. */
zsc_status zsc_quantise(const zsc_centred_rows *rows, const zsc_projection *projection, bool whole,
                        const int32_t *order, int threads, zsc_quantised *out);
void zsc_quantised_free(zsc_quantised *q);
/* Bytes beyond the result. */
size_t zsc_quantise_memory(size_t width, size_t depth, int threads);

/* The squared lengths between the quantised vector of q at a position and those of `others` (q itself, or vectors of
 * other rows in the same basis) at `count` positions, ZSC_QUANTISED_AT_ONCE at most; and one such length. The true one
 * differs by less than the sum of both errors and 2^-20 of itself. */
static inline void zsc_quantised_squares(const zsc_quantised *q, size_t at, const zsc_quantised *others,
                                         const size_t *other, size_t count, double *out)
{
    const int8_t *b[ZSC_QUANTISED_AT_ONCE];
    int64_t dot[ZSC_QUANTISED_AT_ONCE];
    double own = (double)q->scale, scale = (double)others->scale, squares = own * own * (double)q->squares[at];
    for (size_t o = 0; o < count; o++) b[o] = others->vectors + other[o] * others->stride;
    q->kernels->dots(q->vectors + at * q->stride, b, count, q->stride, dot);
    for (size_t o = 0; o < count; o++) {
        out[o] = squares + scale * (scale * (double)others->squares[other[o]] - 2 * own * (double)dot[o]);
        if (out[o] < 0) out[o] = 0; /* a rounding, which the errors cover */
    }
}
static inline float zsc_quantised_length(const zsc_quantised *q, size_t at, size_t other)
{
    double squares;
    zsc_quantised_squares(q, at, q, &other, 1, &squares);
    return sqrtf((float)squares);
}

#endif
