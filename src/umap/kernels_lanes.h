/* A register of coefficients, one lane for each of the rows that act on heads: sums over their coordinates, and powers.
 * Included by kernels_sgd.c only.
 *
 * log2: x = 2^e m, m in [sqrt(1/2), sqrt(2)), t = (m - 1) / (m + 1): e + 2/ln 2 (t + t^3/3 + t^5/5 + t^7/7 + t^9/9);
 * the first omitted term is below 1e-9. exp2: x = k + f, |f| <= 1/2, Taylor's series to f^6, relative error
 * below 1.3e-7. */
#ifndef ZSC_UMAP_KERNELS_LANES_H
#define ZSC_UMAP_KERNELS_LANES_H

#include "umap/kernels_registers.h"

enum { LANES = WIDTH, REGISTERS_MOST = 32 / LANES /* of coefficients that are computed side by side */ };

#define EACH(q) _Pragma("GCC unroll 8") for (size_t q = 0; q < count; q++)

/* Bit l is set where x[l] > y[l]. */
INLINE unsigned bits_above(vf x, vf y)
{
#if defined __AVX512F__
    return _mm512_cmp_ps_mask((__m512)x, (__m512)y, _CMP_GT_OQ);
#elif defined __AVX2__
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)x, (__m256)y, _CMP_GT_OQ));
#else
    return zsc_bits_of(x > y);
#endif
}

/* x^b of positive x, see above; x is at least 2^-126. `count` registers go through the steps side by side, since each
 * step waits for the one before. */
INLINE void power_of(const vf *x, size_t count, float b, vf *out)
{
    zsc_ints whole[REGISTERS_MOST];
    vf t[REGISTERS_MOST], s[REGISTERS_MOST], z[REGISTERS_MOST], k[REGISTERS_MOST];
    EACH(q)
    {
        zsc_ints bits = (zsc_ints)x[q] - 0x3f3504f3; /* the bits of sqrt(1/2) */
        whole[q] = bits >> 23;
        vf m = (vf)((zsc_ints)x[q] - (whole[q] << 23));
        t[q] = (m - 1.0f) / (m + 1.0f);
    }
    EACH(q) s[q] = t[q] * t[q];
    EACH(q) z[q] = vf_fma(vf_set(0.11111111f), s[q], vf_set(0.14285714f));
    EACH(q) z[q] = vf_fma(z[q], s[q], vf_set(0.2f));
    EACH(q) z[q] = vf_fma(z[q], s[q], vf_set(0.33333333f));
    EACH(q) z[q] = vf_fma(z[q], s[q], vf_set(1.0f));
    EACH(q) z[q] = vf_fma(2.8853900818f * t[q], z[q], __builtin_convertvector(whole[q], vf)) * b;
    EACH(q)
    {
        z[q] = vf_clip(z[q], vf_set(-126.0f), vf_set(126.0f));
        k[q] = (z[q] + 12582912.0f) - 12582912.0f; /* to the nearest whole number */
        z[q] -= k[q];
    }
    EACH(q) s[q] = vf_fma(vf_set(1.5403530e-4f), z[q], vf_set(1.3333558e-3f));
    EACH(q) s[q] = vf_fma(s[q], z[q], vf_set(9.6181291e-3f));
    EACH(q) s[q] = vf_fma(s[q], z[q], vf_set(5.5504109e-2f));
    EACH(q) s[q] = vf_fma(s[q], z[q], vf_set(0.24022651f));
    EACH(q) s[q] = vf_fma(s[q], z[q], vf_set(0.69314718f));
    EACH(q) s[q] = vf_fma(s[q], z[q], vf_set(1.0f));
    EACH(q) out[q] = (vf)((zsc_ints)s[q] + (__builtin_convertvector(k[q], zsc_ints) << 23));
}

/* The lane of the sum over row q's coordinates, among those of any number of registers: the one in which sums_of_rows()
 * arrives with least work. */
INLINE size_t lane_of(size_t q)
{
    const size_t quarters = LANES / 4, in = q % LANES;
    return q - in + in % quarters * 4 + in / quarters;
}

/* The sums of four registers' quarters, of the quarters of each: lane 4 q + r is that of quarter q of row[r]. Of a
 * quarter w: (w0 + w2) + (w1 + w3). */
INLINE vf sums_of_quarters(const vf row[4])
{
#if defined __AVX512F__
    __m512 a = (__m512)row[0], b = (__m512)row[1], c = (__m512)row[2], d = (__m512)row[3];
    __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    __m512d one = _mm512_castps_pd(ab), two = _mm512_castps_pd(cd);
    return (vf)_mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(one, two)),
                             _mm512_castpd_ps(_mm512_unpackhi_pd(one, two)));
#elif defined __AVX2__
    __m256 a = (__m256)row[0], b = (__m256)row[1], c = (__m256)row[2], d = (__m256)row[3];
    __m256 ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    __m256 cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
    __m256d one = _mm256_castps_pd(ab), two = _mm256_castps_pd(cd);
    return (vf)_mm256_add_ps(_mm256_castpd_ps(_mm256_unpacklo_pd(one, two)),
                             _mm256_castpd_ps(_mm256_unpackhi_pd(one, two)));
#elif defined __SSE2__
    __m128 a = (__m128)row[0], b = (__m128)row[1], c = (__m128)row[2], d = (__m128)row[3];
    __m128 ab = _mm_add_ps(_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b));
    __m128 cd = _mm_add_ps(_mm_unpacklo_ps(c, d), _mm_unpackhi_ps(c, d));
    return (vf)_mm_add_ps(_mm_movelh_ps(ab, cd), _mm_movehl_ps(cd, ab));
#elif defined ZSC_NEON_KERNELS
    float32x4_t pair[2];
    for (int p = 0; p < 2; p++) {
        float32x4_t a = (float32x4_t)row[2 * p], b = (float32x4_t)row[2 * p + 1];
        pair[p] = vaddq_f32(vcombine_f32(vget_low_f32(a), vget_low_f32(b)),
                            vcombine_f32(vget_high_f32(a), vget_high_f32(b)));
    }
    return (vf)vpaddq_f32(pair[0], pair[1]);
#else
    vf sums;
    for (int r = 0; r < 4; r++) sums[r] = (row[r][0] + row[r][2]) + (row[r][1] + row[r][3]);
    return sums;
#endif
}

/* Adds halves of rows until a quarter of each is left: the quarters of LANES / 4 rows, each in one register. */
INLINE vf quarters_of_rows(const vf *row)
{
#if defined __AVX512F__
    __m512 a = (__m512)row[0], b = (__m512)row[1], c = (__m512)row[2], d = (__m512)row[3];
    __m512 ab = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
    __m512 cd = _mm512_add_ps(_mm512_shuffle_f32x4(c, d, 0x44), _mm512_shuffle_f32x4(c, d, 0xee));
    return (vf)_mm512_add_ps(_mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xdd));
#elif defined __AVX2__
    __m256 a = (__m256)row[0], b = (__m256)row[1];
    return (vf)_mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
#else
    return row[0];
#endif
}

/* The sums of the first `used` of LANES registers, row q's in lane lane_of(q). */
INLINE vf sums_of_rows(const vf *row, size_t used)
{
    const size_t each = LANES / 4;
    vf quarters[4];
#pragma GCC unroll 4
    for (size_t r = 0; r < 4; r++) quarters[r] = r * each < used ? quarters_of_rows(row + r * each) : vf_set(0);
    return sums_of_quarters(quarters);
}

/* Sixteen lanes of sums over a row as one register: ZSC_PARTS added to one, in the same order for any width. */
INLINE vf joined(const vf total[ZSC_PARTS])
{
#if defined __AVX512F__
    return total[0];
#elif defined __AVX2__
    return total[0] + total[1];
#else
    return (total[0] + total[2]) + (total[1] + total[3]);
#endif
}

#endif
