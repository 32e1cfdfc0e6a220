/* What is compiled once per instruction set: kernels over tiles (tile_kernels.c) and over two rows (row_kernels.c).
 * Callers take a table of them with ZSC_SIMD_PICK (base/isa.h). */
#ifndef ZSC_KNN_KERNELS_H
#define ZSC_KNN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"

/* --- Tiles: the rows of one block against those of another. For each row i there is a number half_i, and for each
 * limit L on a distance a half-limit, such that
 *
 *     distance(i, j) <= L   implies   not  half_i + half_j - sum(i, j) > half-limit(L)
 *
 * where sum is what the kernels compute in single precision, with all its rounding errors. For products sum is a dot
 * product and half_i half the squared length of vector i, so that the value half_i + half_j - sum is half the squared
 * distance; for Manhattan and Chebyshev sum is minus the distance, half_i is 0, and the value is the distance. */
enum { ZSC_TILE = 240 }; /* rows of a block: a multiple of every kernel's panel */

typedef struct zsc_tile_pair {
    uint16_t i, j; /* row of block I, row of block J */
    float value;   /* half_i + half_j - sum */
} zsc_tile_pair;

/* One block of rows, or some of its rows. */
typedef struct zsc_tile_side {
    const float *panels; /* ZSC_TILE x depth: panel by panel, and there coordinate by coordinate */
    const float *half, *limit;
    size_t rows;
} zsc_tile_side;

enum { ZSC_TILE_PRODUCTS, ZSC_TILE_ABSOLUTE, ZSC_TILE_LARGEST };

enum { ZSC_TOP_K_SLACK = 4 }; /* entries that `shrink` may leave beyond those that are wanted */

typedef struct zsc_tile_kernels {
    size_t lanes;
    size_t panel; /* a block's rows may be taken from any multiple of this, at panels + row * depth */
    void (*put)(const float *row, size_t depth, size_t r, float *block);  /* row r of a block of ZSC_TILE x depth */
    void (*take)(const float *block, size_t depth, size_t r, float *row); /* and back */
    /* By ZSC_TILE_PRODUCTS, ...: the pairs whose values do not exceed the larger limit of their two rows. Values do not
     * go to memory. Room for ZSC_TILE x ZSC_TILE pairs; returns how many there are. */
    size_t (*tile[3])(const zsc_tile_side *a, const zsc_tile_side *b, size_t depth, zsc_tile_pair *pairs);
    /* out (a's rows x ZSC_TILE): the values of products, of all of a tile or of some of its rows, to be added over
     * several tiles. */
    void (*values)(const zsc_tile_side *a, const zsc_tile_side *b, size_t depth, float *out);
    /* Pairs whose values, added over `count` tiles, do not exceed the larger limit; pair.value is that sum. */
    size_t (*pick)(const float *const *tiles, size_t count, const zsc_tile_side *a, const zsc_tile_side *b,
                   zsc_tile_pair *pairs);
    /* The same for one row of such tiles, of `columns` (ZSC_TILE are there), with one limit: what is below it, or NaN
     * (then -infinity), is written with first + its column; returns how many there are. */
    size_t (*filter)(const float *const *rows, size_t count, size_t columns, float limit, float *values, int32_t *index,
                     int32_t first);
    /* Takes large ones of `count` values, none NaN, out of a list without order until `keep` remain, or up to
     * ZSC_TOP_K_SLACK more; returns how many do. *limit is lowered, so that what went, now or before, is not below it;
     * some of what stays may be beyond. */
    size_t (*shrink)(float *values, int32_t *index, size_t count, size_t keep, float *limit);
} zsc_tile_kernels;
ZSC_SIMD_DECLARE(zsc_tile_kernels, zsc_tile_kernels_of);

/* --- Two rows: exact measures, in double whatever the kernels' width; and quick ones. */
enum { ZSC_QUANTISED_AT_ONCE = 4 };

typedef struct zsc_row_kernels {
    double (*squares)(const float *a, const float *b, size_t d); /* sum of squared differences */
    void (*squares_two)(const float *a, const float *b, const float *c, size_t d,
                        double *out);                             /* a and b, a and c: the same to the last bit */
    double (*product)(const float *a, const float *b, size_t d);  /* scalar product */
    double (*absolute)(const float *a, const float *b, size_t d); /* sum of absolute differences */
    double (*largest)(const float *a, const float *b, size_t d);  /* largest absolute difference */
    /* sum of squared differences of (a - ma) ra and (b - mb) rb */
    double (*scaled)(const float *a, double ma, double ra, const float *b, double mb, double rb, size_t d);
    float (*quick)(const float *a, const float *b, size_t d); /* squares in single precision */
    /* Dot products of integers from -127 to 127: a with each of `count` others, ZSC_QUANTISED_AT_ONCE at most; d a
     * multiple of 32. */
    void (*dots)(const int8_t *a, const int8_t *const *b, size_t count, size_t d, int64_t *out);
    /* A vector in integers from -127 to 127 times a positive float `scale`; *squares: the sum of their squares. Returns
     * the sum of squared errors, NaN where a coordinate is. */
    double (*quantise)(const double *a, size_t d, double scale, int8_t *out, int64_t *squares);
    /* out = a * factor - shift - centre, computed in double */
    void (*centre)(const float *a, size_t d, double factor, double shift, const double *centre, float *out);
} zsc_row_kernels;
ZSC_SIMD_DECLARE(zsc_row_kernels, zsc_row_kernels_of);

#endif
