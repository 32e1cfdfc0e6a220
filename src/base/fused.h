/* Registers of the width that a copy of a kernel is compiled for (base/isa.h), and multiplication with addition in one
 * rounding.
 *
 * The same bytes on every processor: compilers contract nothing (-ffp-contract=off, m4/zsc_compiler.m4), so a product
 * and a sum are rounded once where one of these functions is called and twice where they are written out, and every
 * copy of a kernel adds in one order. Included by kernels only. */
#ifndef ZSC_BASE_FUSED_H
#define ZSC_BASE_FUSED_H

#include <stdint.h>

#if defined __AVX512F__ || defined __AVX2__ || defined __SSE2__
#include <immintrin.h>
#elif defined ZSC_NEON_KERNELS /* the copy for NEON; the plain one beside it has none of its instructions by name */
#include <arm_neon.h>
#endif

#define ZSC_INLINE static inline __attribute__((always_inline))

#if defined __AVX512F__
enum { ZSC_FLOATS = 16 };
#elif defined __AVX2__
enum { ZSC_FLOATS = 8 };
#else
enum { ZSC_FLOATS = 4 };
#endif
enum { ZSC_DOUBLES = ZSC_FLOATS / 2 };

/* One register each. Wider vectors are taken through memory by compilers. */
typedef float zsc_floats __attribute__((vector_size(4 * ZSC_FLOATS)));
typedef int32_t zsc_ints __attribute__((vector_size(4 * ZSC_FLOATS)));
typedef double zsc_doubles __attribute__((vector_size(4 * ZSC_FLOATS)));
typedef int64_t zsc_longs __attribute__((vector_size(4 * ZSC_FLOATS)));

ZSC_INLINE zsc_floats zsc_every(float x)
{
#if defined __AVX512F__
    return (zsc_floats)_mm512_set1_ps(x);
#elif defined __AVX2__
    return (zsc_floats)_mm256_set1_ps(x);
#elif defined ZSC_NEON_KERNELS
    return (zsc_floats)vdupq_n_f32(x);
#else
    return (zsc_floats){x, x, x, x};
#endif
}

/* Bit l is set where mask[l] is not 0; each is 0 or -1. Of 128 bits: wider registers have an instruction for it. */
ZSC_INLINE unsigned zsc_bits_of(zsc_ints mask)
{
#if defined ZSC_NEON_KERNELS
    const uint32x4_t bit = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32((uint32x4_t)mask, bit));
#else
    unsigned bits = 0;
    for (unsigned l = 0; l < ZSC_FLOATS; l++) bits |= (unsigned)(mask[l] != 0) << l;
    return bits;
#endif
}

/* Bit l is set where x[l] <= y[l]. */
ZSC_INLINE unsigned zsc_at_most(zsc_floats x, zsc_floats y)
{
#if defined __AVX512F__
    return _mm512_cmp_ps_mask((__m512)x, (__m512)y, _CMP_LE_OQ);
#elif defined __AVX2__
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)x, (__m256)y, _CMP_LE_OQ));
#else
    return zsc_bits_of(x <= y);
#endif
}

/* x y + z */
ZSC_INLINE zsc_floats zsc_fused(zsc_floats x, zsc_floats y, zsc_floats z)
{
#if defined __AVX512F__
    return (zsc_floats)_mm512_fmadd_ps((__m512)x, (__m512)y, (__m512)z);
#elif defined __FMA__
    return (zsc_floats)_mm256_fmadd_ps((__m256)x, (__m256)y, (__m256)z);
#elif defined ZSC_NEON_KERNELS
    return (zsc_floats)vfmaq_f32((float32x4_t)z, (float32x4_t)x, (float32x4_t)y);
#else
    for (int l = 0; l < ZSC_FLOATS; l++) z[l] = __builtin_fmaf(x[l], y[l], z[l]);
    return z;
#endif
}

ZSC_INLINE zsc_doubles zsc_fused_doubles(zsc_doubles x, zsc_doubles y, zsc_doubles z)
{
#if defined __AVX512F__
    return (zsc_doubles)_mm512_fmadd_pd((__m512d)x, (__m512d)y, (__m512d)z);
#elif defined __FMA__
    return (zsc_doubles)_mm256_fmadd_pd((__m256d)x, (__m256d)y, (__m256d)z);
#elif defined ZSC_NEON_KERNELS
    return (zsc_doubles)vfmaq_f64((float64x2_t)z, (float64x2_t)x, (float64x2_t)y);
#else
    for (int l = 0; l < ZSC_DOUBLES; l++) z[l] = __builtin_fma(x[l], y[l], z[l]);
    return z;
#endif
}

/* ZSC_DOUBLES floats as doubles. gcc 12 turns __builtin_convertvector of them into conversions of halves that go
 * through memory: three times the time of the instruction. */
ZSC_INLINE zsc_doubles zsc_widen(const float *p)
{
#if defined __AVX512F__
    return (zsc_doubles)_mm512_cvtps_pd(_mm256_loadu_ps(p));
#elif defined __AVX2__
    return (zsc_doubles)_mm256_cvtps_pd(_mm_loadu_ps(p));
#elif defined ZSC_NEON_KERNELS
    return (zsc_doubles)vcvt_f64_f32(vld1_f32(p));
#else
    float v __attribute__((vector_size(4 * ZSC_DOUBLES)));
    __builtin_memcpy(&v, p, sizeof v);
    return __builtin_convertvector(v, zsc_doubles);
#endif
}

/* x y + z where only bounds are computed, and what they let through is measured again: rounded once where the processor
 * has an instruction for it, twice elsewhere. */
ZSC_INLINE zsc_floats zsc_about(zsc_floats x, zsc_floats y, zsc_floats z)
{
#if defined __FMA__ || defined ZSC_NEON_KERNELS
    return zsc_fused(x, y, z);
#else
    return x * y + z;
#endif
}

/* Sixteen floats, in as many registers as they need: the lanes in which sums are computed on every processor. */
enum { ZSC_LANES = 16, ZSC_PARTS = ZSC_LANES / ZSC_FLOATS };
typedef struct zsc_lanes {
    zsc_floats p[ZSC_PARTS];
} zsc_lanes;
#define ZSC_EACH_PART(i) _Pragma("GCC unroll 4") for (int i = 0; i < ZSC_PARTS; i++)

ZSC_INLINE zsc_lanes zsc_lanes_load(const float *x)
{
    zsc_lanes a;
    ZSC_EACH_PART(i) /* as a whole it would go through the stack */
    __builtin_memcpy(&a.p[i], x + i * ZSC_FLOATS, sizeof a.p[i]);
    return a;
}

#endif
