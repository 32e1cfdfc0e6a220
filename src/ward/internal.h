/* What the files of this module share: from rows to merges, from merges to a linkage matrix. */
#ifndef ZSC_WARD_INTERNAL_H
#define ZSC_WARD_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/ward.h"

enum { ZSC_WARD_MOST_ROWS = 1 << 30 }; /* numbers of clusters, up to 2 n - 2, are int32_t */
enum { ZSC_LANES = 8 }; /* partial sums of a distance: part of every result, so the same on every processor */

/* The input as the caller has it: one of the two pointers is set. */
typedef struct zsc_rows {
    const float *f32;
    const double *f64;
    size_t n, d;
} zsc_rows;

/* The distinct rows, shifted by column and scaled by a power of two so that the largest range is in [1, 2) and squares
 * neither overflow nor vanish. Both steps are exact (points.c), so that equal distances stay equal. */
typedef struct zsc_points {
    size_t rows;    /* n of the input */
    size_t m, d;    /* distinct rows; columns */
    size_t stride;  /* d rounded up to ZSC_LANES; the columns beyond d are 0 */
    double *c;      /* m x stride */
    double *weight; /* m: how often the row occurs */
    int32_t *first; /* m: the first row of the input that it stands for, increasing */
    int32_t *of;    /* rows: which distinct row a row is */
    int exponent;   /* true distances are 2^exponent times those of c */
} zsc_points;

/* Reads, checks, shifts, scales, and puts equal rows together. ZSC_ENUMERIC: a row holds NaN or infinity. */
zsc_status zsc_points_make(const zsc_rows *rows, const zsc_exec *exec, zsc_points *out);
void zsc_points_free(zsc_points *points);

/* Two clusters, each named by any row of it, merge at a height. */
typedef struct zsc_merge {
    int32_t a, b;
    double height;
} zsc_merge;

/* The n - 1 merges, in an order in which no cluster merges before it is made, as SciPy's linkage matrix: sorted by
 * height, equal heights in the order given. Heights must not decrease from a cluster to what it becomes part of. */
zsc_status zsc_dendrogram_make(const zsc_merge *merges, size_t n, double *z);

/* The merges of equal rows, at height 0; returns how many. */
size_t zsc_points_merge_equal(const zsc_points *points, zsc_merge *merges);

/* The m - 1 merges of the distinct rows, heights already in the input's scale. */
zsc_status zsc_ward_run(const zsc_points *points, const zsc_exec *exec, zsc_merge *merges, const char **how);
zsc_status zsc_single_run(const zsc_points *points, const zsc_exec *exec, zsc_merge *merges, const char **how);
zsc_status zsc_stored_run(const zsc_points *points, zsc_linkage_method method, const zsc_exec *exec, zsc_merge *merges,
                          const char **how);

typedef double zsc_lanes __attribute__((vector_size(ZSC_LANES * sizeof(double))));

/* Squared Euclidean distance of two rows of a zsc_points matrix; symmetric to the last bit. Files that include this are
 * compiled once, without the instruction sets of base/isa.h, so that no processor rounds it differently. */
static inline double zsc_square_distance(const double *a, const double *b, size_t stride)
{
    zsc_lanes sum = {0};
    for (size_t j = 0; j < stride; j += ZSC_LANES) {
        zsc_lanes difference = *(const zsc_lanes *)(a + j) - *(const zsc_lanes *)(b + j);
        sum += difference * difference;
    }
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

#endif
