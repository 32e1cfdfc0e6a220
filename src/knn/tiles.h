/* All pairs of rows, tile by tile: the half of the distance matrix above its diagonal, of which only those pairs come
 * out that may be near enough.
 *
 * Rows are brought into a frame: an order in which near rows stand together, vectors of `depth` coordinates, and for
 * each row i a number half_i, such that for a limit L_i on the distance of row i
 *
 *     measure(i, j) <= L_i   implies   not  sum(i, j) < half_i + half_j - limit(L_i)
 *
 * where sum is what the kernels compute in single precision, with all its rounding errors. What is emitted is thus a
 * superset of what is wanted, and the caller measures it exactly. For the Euclidean metric sum is a dot product, half_i
 * half the squared length; for the angular metrics the same on unit vectors; for Manhattan and Chebyshev sum is minus
 * the distance and half_i is 0. */
#ifndef ZSC_KNN_TILES_H
#define ZSC_KNN_TILES_H

#include "knn/rows.h"

enum { ZSC_TILE = 240 }; /* rows of a block: a multiple of every kernel's panel */

enum { ZSC_LIST_SLACK = 4 };

typedef struct zsc_tile_pair {
    uint16_t i, j; /* row of block I, row of block J */
    float sum;     /* half_i + half_j - sum is about half the squared distance, or the distance */
} zsc_tile_pair;

/* One block of rows. The arrays hold ZSC_TILE numbers. */
typedef struct zsc_tile_side {
    const float *panels;
    const float *half, *limit;
    size_t rows;
} zsc_tile_side;

enum { ZSC_TILE_PRODUCTS, ZSC_TILE_ABSOLUTE, ZSC_TILE_LARGEST };

typedef struct zsc_tile_kernels {
    size_t lanes;
    size_t panel; /* a block's rows may be taken from any multiple of this, at panels + row * depth */
    void (*put)(const float *row, size_t depth, size_t r, float *block);  /* row r of a block of ZSC_TILE x depth */
    void (*take)(const float *block, size_t depth, size_t r, float *row); /* and back */
    size_t (*tile[3])(const zsc_tile_side *a, const zsc_tile_side *b, size_t depth, zsc_tile_pair *pairs);
    /* out (a's rows x ZSC_TILE) = half_i + half_j - dot product: all of a tile or of some of its rows, for sums over
     * several tiles */
    void (*values)(const zsc_tile_side *a, const zsc_tile_side *b, size_t depth, float *out);
    /* Pairs whose values, added over `count` tiles, do not exceed the larger limit; pair.sum is that sum. */
    size_t (*pick)(const float *const *tiles, size_t count, const zsc_tile_side *a, const zsc_tile_side *b,
                   zsc_tile_pair *pairs);
    /* The same for one row of such tiles, of `columns` (ZSC_TILE lie there), with one limit: what is below it, or no
     * number (then -infinity), is put down with first + its column; returns how many were. */
    size_t (*sieve)(const float *const *rows, size_t count, size_t columns, float limit, float *values, int32_t *index,
                    int32_t first);
    /* Takes large ones of `count` values, none NaN, out of a list without order until `keep` remain, or up to
     * ZSC_LIST_SLACK more; returns how many do. *limit is lowered, so that what went, now or before, is not below it;
     * some of what stays may be beyond. */
    size_t (*shrink)(float *values, int32_t *index, size_t count, size_t keep, float *limit);
} zsc_tile_kernels;
ZSC_SIMD_DECLARE(zsc_tile_kernels, zsc_tile_kernels_of);

/* Lists that are looked at when they are full: `keep` entries are wanted, ROOM, somewhat more, fit. Puts a value below
 * LIMIT into one of *size entries, and returns its limit from then on: values at or above it are not among the best. */
static inline float zsc_list_keep(const zsc_tile_kernels *kernels, float *values, int32_t *index, size_t *size,
                                  size_t room, size_t keep, float limit, float value, int32_t other)
{
    values[*size] = value;
    index[*size] = other;
    if (++*size == room) *size = kernels->shrink(values, index, room, keep, &limit);
    return limit;
}

/* At the end, before entries are measured: what is not among the best is only measured in vain. */
static inline void zsc_list_cut(const zsc_tile_kernels *kernels, float *values, int32_t *index, size_t *size,
                                size_t keep, float *limit)
{
    if (*size > keep + ZSC_LIST_SLACK) *size = kernels->shrink(values, index, *size, keep, limit);
}

/* The room of such lists. */
static inline size_t zsc_list_room(size_t keep) { return keep + ZSC_LIST_SLACK + 16; }

#endif
