/* The kernel of the eigensolver: sparse matrix times block of columns. */
#include "umap/kernels.h"
#include "umap/kernels_registers.h"

/* Columns that are added up in registers at once, at most: all 80 of a layout in 50 dimensions, so that each row is
 * fetched once. */
#if defined __AVX512F__
enum { MOST = 128 };
#elif defined __AVX2__
enum { MOST = 96 };
#else
enum { MOST = 32 };
#endif

INLINE void spmm_part(const zsc_umap_spmm *m, size_t i, const float *x, const float *before, float *out, size_t from,
                      size_t parts)
{
    vf sum[MOST / WIDTH];
#pragma GCC unroll 12
    for (size_t c = 0; c < parts; c++) sum[c] = vf_set(0);
    size_t end = m->offset[i + 1];
    for (size_t e = m->offset[i]; e < end; e++) {
        if (e + 4 < end)
#pragma GCC unroll 8
            for (size_t c = 0; c < parts * WIDTH; c += 16)
                __builtin_prefetch(x + (size_t)m->column[e + 4] * m->width + from + c);
        const float *row = x + (size_t)m->column[e] * m->width + from;
        vf value = vf_set(m->value[e]);
#pragma GCC unroll 12
        for (size_t c = 0; c < parts; c++) sum[c] = vf_fma(value, vf_load(row + c * WIDTH), sum[c]);
    }
    vf p = vf_set(m->p), q = vf_set(m->q), r = vf_set(m->r);
    size_t at = i * m->width + from;
#pragma GCC unroll 12
    for (size_t c = 0; c < parts; c++) {
        vf y = vf_fma(q, vf_load(x + at + c * WIDTH), vf_mul(p, sum[c]));
        if (before) y = vf_fma(r, vf_load(before + at + c * WIDTH), y);
        vf_store(out + at + c * WIDTH, y);
    }
}

static void spmm(const zsc_umap_spmm *m, size_t first, size_t last, const float *x, const float *before, float *out)
{
#define CASE(n)                                                                                                        \
    case n:                                                                                                            \
        for (size_t i = first; i < last; i++) spmm_part(m, i, x, before, out, from, n *ZSC_UMAP_PADDING / WIDTH);      \
        break
    for (size_t from = 0; from < m->width; from += MOST)
        switch (m->width - from < MOST ? (m->width - from) / ZSC_UMAP_PADDING : MOST / ZSC_UMAP_PADDING) {
            CASE(1);
            CASE(2);
#if defined __AVX2__
            CASE(3);
            CASE(4);
            CASE(5);
            CASE(6);
#endif
#if defined __AVX512F__
            CASE(7);
            CASE(8);
#endif
        }
#undef CASE
}

const zsc_umap_spmm_kernels ZSC_SIMD(zsc_umap_spmm_kernels) = {.spmm = spmm};
