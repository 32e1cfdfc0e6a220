/* Registers of the width that this copy of a kernel is compiled for: `vf` holds WIDTH floats. Included by kernels_sgd.c
 * and kernels_spmm.c only. */
#ifndef ZSC_UMAP_KERNELS_REGISTERS_H
#define ZSC_UMAP_KERNELS_REGISTERS_H

#include <string.h>

#include "base/fused.h"

#define INLINE ZSC_INLINE

enum { WIDTH = ZSC_FLOATS };
typedef zsc_floats vf;

/* Rows are aligned to registers. */
INLINE vf vf_load(const float *p) { return *(const vf *)__builtin_assume_aligned(p, sizeof(vf)); }
INLINE void vf_store(float *p, vf x) { *(vf *)__builtin_assume_aligned(p, sizeof(vf)) = x; }
INLINE vf vf_set(float x) { return zsc_every(x); }
INLINE vf vf_add(vf x, vf y) { return x + y; }
INLINE vf vf_sub(vf x, vf y) { return x - y; }
INLINE vf vf_mul(vf x, vf y) { return x * y; }
INLINE vf vf_fma(vf x, vf y, vf z) { return zsc_fused(x, y, z); }
/* z - x y. By name: compilers otherwise change the sign of x first. */
INLINE vf vf_fnma(vf x, vf y, vf z)
{
#if defined __AVX512F__
    return (vf)_mm512_fnmadd_ps((__m512)x, (__m512)y, (__m512)z);
#elif defined __FMA__
    return (vf)_mm256_fnmadd_ps((__m256)x, (__m256)y, (__m256)z);
#else
    return zsc_fused(-x, y, z);
#endif
}
INLINE vf vf_clip(vf x, vf low, vf high)
{
#if defined __AVX512F__
    return (vf)_mm512_min_ps(_mm512_max_ps((__m512)x, (__m512)low), (__m512)high);
#elif defined __AVX2__
    return (vf)_mm256_min_ps(_mm256_max_ps((__m256)x, (__m256)low), (__m256)high);
#else
    zsc_ints above = x > low;
    x = (vf)(((zsc_ints)x & above) | ((zsc_ints)low & ~above));
    zsc_ints below = x < high;
    return (vf)(((zsc_ints)x & below) | ((zsc_ints)high & ~below));
#endif
}

/* Sixteen lanes added to four, in the same order from registers of any width: part p of sums over a row is added to
 * total[p % ZSC_PARTS]. */
typedef float quarter __attribute__((vector_size(16)));
INLINE quarter vf_fold(const vf total[ZSC_PARTS])
{
#if defined __AVX512F__
    __m512 x = (__m512)total[0];
    __m256 h = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    return (quarter)_mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
#elif defined __AVX2__
    __m256 h = _mm256_add_ps((__m256)total[0], (__m256)total[1]);
    return (quarter)_mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
#else
    return (total[0] + total[2]) + (total[1] + total[3]);
#endif
}

#endif
