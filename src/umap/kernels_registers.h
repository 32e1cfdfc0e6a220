/* Registers of the width that this copy of a kernel is compiled for: `vf` holds WIDTH floats. Included by kernels_sgd.c
 * and kernels_spmm.c only. */
#ifndef ZSC_UMAP_KERNELS_REGISTERS_H
#define ZSC_UMAP_KERNELS_REGISTERS_H

#include <stdint.h>
#include <string.h>

#if defined __AVX512F__ || defined __AVX2__ || defined __SSE2__
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

#if defined __AVX512F__
enum { WIDTH = 16 };
typedef __m512 vf;
INLINE vf vf_load(const float *p) { return _mm512_load_ps(p); }
INLINE void vf_store(float *p, vf x) { _mm512_store_ps(p, x); }
INLINE vf vf_set(float x) { return _mm512_set1_ps(x); }
INLINE vf vf_clip(vf x, vf low, vf high) { return _mm512_min_ps(_mm512_max_ps(x, low), high); }
INLINE vf vf_add(vf x, vf y) { return _mm512_add_ps(x, y); }
INLINE vf vf_sub(vf x, vf y) { return _mm512_sub_ps(x, y); }
INLINE vf vf_mul(vf x, vf y) { return _mm512_mul_ps(x, y); }
INLINE vf vf_fma(vf x, vf y, vf z) { return _mm512_fmadd_ps(x, y, z); }
INLINE vf vf_fnma(vf x, vf y, vf z) { return _mm512_fnmadd_ps(x, y, z); }
INLINE __m128 vf_fold(vf x)
{
    __m256 h = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    return _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
}
#elif defined __AVX2__
enum { WIDTH = 8 };
typedef __m256 vf;
INLINE vf vf_load(const float *p) { return _mm256_load_ps(p); }
INLINE void vf_store(float *p, vf x) { _mm256_store_ps(p, x); }
INLINE vf vf_set(float x) { return _mm256_set1_ps(x); }
INLINE vf vf_clip(vf x, vf low, vf high) { return _mm256_min_ps(_mm256_max_ps(x, low), high); }
INLINE vf vf_add(vf x, vf y) { return _mm256_add_ps(x, y); }
INLINE vf vf_sub(vf x, vf y) { return _mm256_sub_ps(x, y); }
INLINE vf vf_mul(vf x, vf y) { return _mm256_mul_ps(x, y); }
INLINE vf vf_fma(vf x, vf y, vf z) { return _mm256_fmadd_ps(x, y, z); }
INLINE vf vf_fnma(vf x, vf y, vf z) { return _mm256_fnmadd_ps(x, y, z); }
INLINE __m128 vf_fold(vf x) { return _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1)); }
#elif defined __SSE2__
enum { WIDTH = 4 };
typedef __m128 vf;
INLINE vf vf_load(const float *p) { return _mm_load_ps(p); }
INLINE void vf_store(float *p, vf x) { _mm_store_ps(p, x); }
INLINE vf vf_set(float x) { return _mm_set1_ps(x); }
INLINE vf vf_clip(vf x, vf low, vf high) { return _mm_min_ps(_mm_max_ps(x, low), high); }
INLINE vf vf_add(vf x, vf y) { return _mm_add_ps(x, y); }
INLINE vf vf_sub(vf x, vf y) { return _mm_sub_ps(x, y); }
INLINE vf vf_mul(vf x, vf y) { return _mm_mul_ps(x, y); }
INLINE vf vf_fma(vf x, vf y, vf z) { return _mm_add_ps(_mm_mul_ps(x, y), z); }
INLINE vf vf_fnma(vf x, vf y, vf z) { return _mm_sub_ps(z, _mm_mul_ps(x, y)); }
INLINE __m128 vf_fold(vf x) { return x; }
#else
/* Any other processor: vectors of the compiler's, four floats wide. */
enum { WIDTH = 4 };
typedef float vf __attribute__((vector_size(16)));
typedef int32_t vm __attribute__((vector_size(16)));
INLINE vf vf_load(const float *p)
{
    vf x;
    memcpy(&x, p, sizeof x);
    return x;
}
INLINE void vf_store(float *p, vf x) { memcpy(p, &x, sizeof x); }
INLINE vf vf_set(float x) { return (vf){x, x, x, x}; }
INLINE vf vf_choose(vm mask, vf x, vf y) { return (vf)((mask & (vm)x) | (~mask & (vm)y)); }
INLINE vf vf_clip(vf x, vf low, vf high)
{
    x = vf_choose((vm)(x > low), x, low);
    return vf_choose((vm)(x < high), x, high);
}
INLINE vf vf_add(vf x, vf y) { return x + y; }
INLINE vf vf_sub(vf x, vf y) { return x - y; }
INLINE vf vf_mul(vf x, vf y) { return x * y; }
INLINE vf vf_fma(vf x, vf y, vf z) { return x * y + z; }
INLINE vf vf_fnma(vf x, vf y, vf z) { return z - x * y; }
INLINE vf vf_fold(vf x) { return x; }
#endif

#endif
