/* Kernels of the layout (kernels_sgd.c) and of the eigensolver (kernels_spmm.c), compiled for each instruction set
 * (base/isa.h). */
#ifndef ZSC_UMAP_KERNELS_H
#define ZSC_UMAP_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"
#include "base/random.h"

enum {
    ZSC_UMAP_PADDING = 16
}; /* blocks of the eigensolver have a multiple of this many columns: an AVX-512 register */

/* --- Layout: stochastic gradient descent. The parameters that all edge updates of a task have in common. */
typedef struct zsc_umap_sgd {
    float *y;                /* coordinates: rows of `stride` floats, zero beyond `dim` */
    const float *pool;       /* coordinates from which negatives are taken, same stride */
    const int32_t *pool_row; /* their rows, since a row is not its own negative; NULL where no head is among them */
    size_t dim, stride;      /* stride: a multiple of the table's width */
    size_t negatives;        /* per edge update */
    float a, b, gamma;       /* gamma: repulsion_strength */
    float alpha;             /* step of this epoch */
} zsc_umap_sgd;

/* Updates `count` edges one after the other: edge e attracts rows head[e] and tail[e] of y to each other, and its
 * negatives, members negative[e * negatives ...] of the pool, repel the head. */
typedef void zsc_umap_update_fn(const zsc_umap_sgd *sgd, const int32_t *head, const int32_t *tail, size_t count,
                                const int32_t *negative);

/* The edges that are due in epoch `epoch` >= 1. The upper 31 bits of rate[e] are weight / max in units of 2^-30, the
 * last bit is set where the edge comes half a period early. Writes edge[e] of those that are due, in their order, to
 * out, which has space for count + 16; returns how many. */
typedef size_t zsc_umap_due_fn(const uint32_t *rate, const uint32_t *edge, size_t count, uint32_t epoch, uint32_t *out);

/* `count` draws of 0 .. mask, with replacement, into out, which has space for count + 64: eight from each number of the
 * stream. mask: a power of two less one, at most 255. */
typedef void zsc_umap_choose_fn(zsc_stream *stream, size_t count, unsigned mask, int32_t *out);

typedef struct zsc_umap_sgd_kernels {
    size_t width; /* floats in a register: strides are multiples of it */
    zsc_umap_update_fn *update;
    zsc_umap_due_fn *due;
    zsc_umap_choose_fn *choose;
} zsc_umap_sgd_kernels;
ZSC_SIMD_DECLARE(zsc_umap_sgd_kernels, zsc_umap_sgd_kernels);

/* The stride of rows of DIM coordinates. */
static inline size_t zsc_umap_stride(size_t dim)
{
    size_t width = ZSC_SIMD_PICK(zsc_umap_sgd_kernels)->width;
    return (dim + width - 1) / width * width;
}

/* --- Eigensolver: sparse matrix times block.
 * out[i] = p (A x)[i] + q x[i] + r before[i] for rows first .. last - 1 of the sparse matrix A; all blocks have `width`
 * columns, a multiple of ZSC_UMAP_PADDING. out may be `before` but not x. before may be NULL where r is 0. */
typedef struct zsc_umap_spmm {
    const size_t *offset;
    const int32_t *column;
    const float *value;
    size_t width;
    float p, q, r;
} zsc_umap_spmm;
typedef void zsc_umap_spmm_fn(const zsc_umap_spmm *product, size_t first, size_t last, const float *x,
                              const float *before, float *out);

typedef struct zsc_umap_spmm_kernels {
    zsc_umap_spmm_fn *spmm;
} zsc_umap_spmm_kernels;
ZSC_SIMD_DECLARE(zsc_umap_spmm_kernels, zsc_umap_spmm_kernels);

#endif
