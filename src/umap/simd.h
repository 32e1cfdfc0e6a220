/* Kernels of the layout and of the eigensolver; compiled for each instruction set (base/isa.h). */
#ifndef ZSC_UMAP_SIMD_H
#define ZSC_UMAP_SIMD_H

#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"

enum { ZSC_ROW = 16 }; /* blocks of the eigensolver are padded to a multiple of this, one AVX-512 register */

/* What all visits of a task share. */
typedef struct zsc_visit {
    float *y;                /* places of `stride` floats, zero beyond `dim` */
    const float *pool;       /* places from which negatives are taken, as long */
    const int32_t *pool_row; /* whose they are, since a row is not its own negative; NULL where no head is among them */
    size_t dim, stride;      /* stride: a multiple of the table's width */
    size_t negatives;        /* a visit */
    float a, b, gamma;       /* gamma: repulsion_strength */
    float alpha;             /* step of this epoch */
} zsc_visit;

/* Visits `count` edges one after the other: edge e moves rows head[e] and tail[e] of y together, and its negatives,
 * members negative[e * negatives ...] of the pool, push the head away. */
typedef void zsc_visit_fn(const zsc_visit *visit, const int32_t *head, const int32_t *tail, size_t count,
                          const int32_t *negative);

/* Edges that are due in epoch `epoch` >= 1: rate[e] is weight / max in units of 2^-31, but its last bit says whether
 * the edge comes half a period early. The numbers 0 .. count - 1 of those that are due go to out, how many is returned.
 * `out` has room for count + 16. */
typedef size_t zsc_due_fn(const uint32_t *rate, size_t count, uint32_t epoch, int32_t *out);

/* out[i] = p (A x)[i] + q x[i] + r before[i] for rows first .. last - 1 of the sparse matrix A; all blocks have `width`
 * columns, a multiple of ZSC_ROW. out may be `before`, not x. before may be NULL where r is 0. */
typedef struct zsc_spmm {
    const size_t *offset;
    const int32_t *column;
    const float *value;
    size_t width;
    float p, q, r;
} zsc_spmm;
typedef void zsc_spmm_fn(const zsc_spmm *product, size_t first, size_t last, const float *x, const float *before,
                         float *out);

typedef struct zsc_umap_kernel_table {
    size_t width; /* floats of a register: strides are multiples of it */
    zsc_visit_fn *visit;
    zsc_due_fn *due;
    zsc_spmm_fn *spmm;
} zsc_umap_kernel_table;
ZSC_SIMD_DECLARE(zsc_umap_kernel_table, zsc_umap_kernels);

#endif
