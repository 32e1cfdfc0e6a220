/* Kernels of the layout and of the eigensolver; compiled for each instruction set (base/isa.h). */
#ifndef ZSC_UMAP_SIMD_H
#define ZSC_UMAP_SIMD_H

#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"

enum { ZSC_ROW = 16 }; /* rows of floats are padded to a multiple of this, one AVX-512 register */

/* What all visits of a batch share. Rows before `boundary` have had their turn in this epoch and are read from `after`, the others
 * from `before`; both hold n rows of `stride` floats, zero beyond `dim`. */
typedef struct zsc_visit {
    const float *before;
    float *after;
    size_t boundary;
    size_t n, dim, stride;
    size_t negatives;    /* a visit */
    float a, b, gamma;   /* gamma: repulsion_strength */
    float alpha;         /* step of this epoch */
} zsc_visit;

/* One row's visits of an epoch: `tail` holds the other ends of its edges that are due, `negative` visit->negatives rows
 * for each of them. */
typedef struct zsc_turn {
    size_t row, tails;
    const int32_t *tail, *negative;
} zsc_turn;

/* The turns of up to ZSC_TURNS rows, none of which reads another's new place, into visit->after. They are carried out side by side: each
 * visit waits for the row's last one, and the processor works on the others' meanwhile. */
enum { ZSC_TURNS = 4 };
typedef void zsc_visit_fn(const zsc_visit *visit, const zsc_turn *turn, size_t turns);

/* Edges that are due in epoch `epoch` >= 1: rate[e] is weight / max in units of 2^-31. Columns go to out, their number
 * is returned. `out` has room for count + 16. */
typedef size_t zsc_due_fn(const int32_t *column, const uint32_t *rate, size_t count, uint32_t epoch, int32_t *out);

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
    zsc_visit_fn *visit;
    zsc_due_fn *due;
    zsc_spmm_fn *spmm;
} zsc_umap_kernel_table;
ZSC_SIMD_DECLARE(zsc_umap_kernel_table, zsc_umap_kernels);

#endif
