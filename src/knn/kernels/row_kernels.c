/* Kernels over two rows; compiled per instruction set (base/isa.h). */
#include <math.h>
#include <string.h>

#include "base/fused.h"
#include "knn/kernels/kernels.h"

/* --- Exact measures of two rows: differences in double, 16 sums side by side, added in one order whatever the width of
 * registers. */
enum { DW = ZSC_DOUBLES, SIDE = 16, DV = SIDE / DW };
typedef float fv __attribute__((vector_size(4 * DW)));
typedef zsc_doubles dv;
typedef zsc_longs iv;

#define LOAD(v, p) memcpy(&(v), (p), sizeof(v))

static inline double total(const dv *sums)
{
    double s[SIDE];
    memcpy(s, sums, sizeof s);
    for (size_t l = 0; l < SIDE / 2; l++) s[l] += s[l + SIDE / 2];
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

static double squares(const float *a, const float *b, size_t d)
{
    dv sum[DV] = {{0}};
    size_t i = 0;
    for (; i + SIDE <= d; i += SIDE)
#pragma GCC unroll 8
        for (size_t h = 0; h < DV; h++) {
            dv t = zsc_widen(a + i + DW * h) - zsc_widen(b + i + DW * h);
            sum[h] = zsc_fused_doubles(t, t, sum[h]);
        }
    double rest = 0;
    for (; i < d; i++) {
        double t = (double)a[i] - (double)b[i];
        rest = __builtin_fma(t, t, rest);
    }
    return total(sum) + rest;
}

/* The same of a with b and with c, so that a's coordinates are widened once. */
static void squares_two(const float *a, const float *b, const float *c, size_t d, double *out)
{
    dv sum[2][DV] = {{{0}}};
    size_t i = 0;
    for (; i + SIDE <= d; i += SIDE)
#pragma GCC unroll 8
        for (size_t h = 0; h < DV; h++) {
            dv x = zsc_widen(a + i + DW * h), t = x - zsc_widen(b + i + DW * h), u = x - zsc_widen(c + i + DW * h);
            sum[0][h] = zsc_fused_doubles(t, t, sum[0][h]);
            sum[1][h] = zsc_fused_doubles(u, u, sum[1][h]);
        }
    double rest[2] = {0};
    for (; i < d; i++) {
        double t = (double)a[i] - (double)b[i], u = (double)a[i] - (double)c[i];
        rest[0] = __builtin_fma(t, t, rest[0]);
        rest[1] = __builtin_fma(u, u, rest[1]);
    }
    out[0] = total(sum[0]) + rest[0];
    out[1] = total(sum[1]) + rest[1];
}

static double product(const float *a, const float *b, size_t d)
{
    dv sum[DV] = {{0}};
    size_t i = 0;
    for (; i + SIDE <= d; i += SIDE)
#pragma GCC unroll 8
        for (size_t h = 0; h < DV; h++)
            sum[h] = zsc_fused_doubles(zsc_widen(a + i + DW * h), zsc_widen(b + i + DW * h), sum[h]);
    double rest = 0;
    for (; i < d; i++) rest = __builtin_fma((double)a[i], (double)b[i], rest);
    return total(sum) + rest;
}

static double absolute(const float *a, const float *b, size_t d)
{
    dv sum[DV] = {{0}};
    size_t i = 0;
    for (; i + SIDE <= d; i += SIDE)
#pragma GCC unroll 8
        for (size_t h = 0; h < DV; h++) {
            dv t = zsc_widen(a + i + DW * h) - zsc_widen(b + i + DW * h);
            sum[h] += (dv)((iv)t & INT64_MAX);
        }
    double rest = 0;
    for (; i < d; i++) rest += fabs((double)a[i] - (double)b[i]);
    return total(sum) + rest;
}

static double largest(const float *a, const float *b, size_t d)
{
    dv most = {0};
    size_t i = 0;
    for (; i + DW <= d; i += DW) {
        dv t = zsc_widen(a + i) - zsc_widen(b + i);
        t = (dv)((iv)t & INT64_MAX);
        iv more = t > most;
        most = (dv)(((iv)t & more) | ((iv)most & ~more));
    }
    double m = 0;
    for (size_t h = 0; h < DW; h++) m = most[h] > m ? most[h] : m;
    for (; i < d; i++) m = fmax(m, fabs((double)a[i] - (double)b[i]));
    return m;
}

static double scaled(const float *a, double ma, double ra, const float *b, double mb, double rb, size_t d)
{
    dv sum[DV] = {{0}};
    size_t i = 0;
    for (; i + SIDE <= d; i += SIDE)
#pragma GCC unroll 8
        for (size_t h = 0; h < DV; h++) {
            dv t = (zsc_widen(a + i + DW * h) - ma) * ra - (zsc_widen(b + i + DW * h) - mb) * rb;
            sum[h] = zsc_fused_doubles(t, t, sum[h]);
        }
    double rest = 0;
    for (; i < d; i++) {
        double t = ((double)a[i] - ma) * ra - ((double)b[i] - mb) * rb;
        rest = __builtin_fma(t, t, rest);
    }
    return total(sum) + rest;
}

/* --- Sum of squared differences in single precision: a quick estimate. Sixteen sums side by side. */
enum { W = ZSC_FLOATS, WV = SIDE / W };

static float quick(const float *a, const float *b, size_t d)
{
    zsc_floats sum[WV] = {{0}};
    float lane[SIDE];
    size_t i = 0;
    for (; i + SIDE <= d; i += SIDE)
#pragma GCC unroll 4
        for (size_t h = 0; h < WV; h++) {
            zsc_floats u, v;
            LOAD(u, a + i + h * W);
            LOAD(v, b + i + h * W);
            u -= v;
            sum[h] = zsc_fused(u, u, sum[h]);
        }
    memcpy(lane, sum, sizeof lane);
    for (size_t half = SIDE / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) lane[l] += lane[l + half];
    for (; i < d; i++) lane[0] = __builtin_fmaf(a[i] - b[i], a[i] - b[i], lane[0]);
    return lane[0];
}

/* --- Quantised vectors: integers from -127 to 127, d a multiple of 32. Dot products of a with MANY others at most, so
 * that what is made of a serves them all. Sums of 32 bits hold STRETCH coordinates. */
enum { MANY = ZSC_QUANTISED_AT_ONCE, STRETCH = 65536 };

#if defined __AVX512F__
static inline void dots_stretch(const int8_t *a, const int8_t *const *b, size_t from, size_t to, size_t count,
                                int64_t *out)
{
    __m512i sum[MANY];
    for (size_t o = 0; o < count; o++) sum[o] = _mm512_setzero_si512();
    for (size_t i = from; i < to; i += 32) {
        __m512i u = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const void *)(a + i)));
#pragma GCC unroll 4
        for (size_t o = 0; o < count; o++)
            sum[o] = _mm512_add_epi32(
                sum[o], _mm512_madd_epi16(u, _mm512_cvtepi8_epi16(_mm256_loadu_si256((const void *)(b[o] + i)))));
    }
    for (size_t o = 0; o < count; o++) out[o] += _mm512_reduce_add_epi32(sum[o]);
}
#elif defined __AVX2__
static inline void dots_stretch(const int8_t *a, const int8_t *const *b, size_t from, size_t to, size_t count,
                                int64_t *out)
{
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sum[MANY];
    for (size_t o = 0; o < count; o++) sum[o] = _mm256_setzero_si256();
    for (size_t i = from; i < to; i += 32) { /* |a| times b with the sign of a: 2 x 127^2 fit 16 bits */
        __m256i u = _mm256_loadu_si256((const void *)(a + i)), size = _mm256_abs_epi8(u);
#pragma GCC unroll 4
        for (size_t o = 0; o < count; o++) {
            __m256i t = _mm256_sign_epi8(_mm256_loadu_si256((const void *)(b[o] + i)), u);
            sum[o] = _mm256_add_epi32(sum[o], _mm256_madd_epi16(_mm256_maddubs_epi16(size, t), ones));
        }
    }
    for (size_t o = 0; o < count; o++) {
        __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum[o]), _mm256_extracti128_si256(sum[o], 1));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
        out[o] += _mm_cvtsi128_si32(half) + _mm_extract_epi32(half, 1);
    }
}
#elif defined ZSC_NEON_KERNELS
static inline void dots_stretch(const int8_t *a, const int8_t *const *b, size_t from, size_t to, size_t count,
                                int64_t *out)
{
    int32x4_t sum[MANY];
    for (size_t o = 0; o < count; o++) sum[o] = vdupq_n_s32(0);
    for (size_t i = from; i < to; i += 16) {
        int8x16_t u = vld1q_s8(a + i);
#pragma GCC unroll 4
        for (size_t o = 0; o < count; o++) {
            int8x16_t v = vld1q_s8(b[o] + i);
            sum[o] = vpadalq_s16(sum[o], vmull_s8(vget_low_s8(u), vget_low_s8(v)));
            sum[o] = vpadalq_s16(sum[o], vmull_high_s8(u, v));
        }
    }
    for (size_t o = 0; o < count; o++) out[o] += vaddlvq_s32(sum[o]);
}
#else
static inline void dots_stretch(const int8_t *a, const int8_t *const *b, size_t from, size_t to, size_t count,
                                int64_t *out)
{
    for (size_t o = 0; o < count; o++) {
        int32_t sum = 0;
        for (size_t i = from; i < to; i++) sum += a[i] * b[o][i];
        out[o] += sum;
    }
}
#endif

static inline void dots_of(const int8_t *a, const int8_t *const *b, size_t count, size_t d, int64_t *out)
{
    for (size_t o = 0; o < count; o++) out[o] = 0;
    for (size_t from = 0; from < d; from += STRETCH)
        dots_stretch(a, b, from, d - from < STRETCH ? d : from + STRETCH, count, out);
}

static void dots(const int8_t *a, const int8_t *const *b, size_t count, size_t d, int64_t *out)
{
    switch (count) { /* constants: sums stay in registers */
    case 1: dots_of(a, b, 1, d, out); break;
    case 2: dots_of(a, b, 2, d, out); break;
    case 3: dots_of(a, b, 3, d, out); break;
    default: dots_of(a, b, MANY, d, out);
    }
}

static void centre_row(const float *a, size_t d, double factor, double shift, const double *centre, float *out)
{
    size_t i = 0;
    for (; i + DW <= d; i += DW) {
        dv c;
        LOAD(c, centre + i);
        fv v = __builtin_convertvector(zsc_widen(a + i) * factor - shift - c, fv);
        memcpy(out + i, &v, sizeof v);
    }
    for (; i < d; i++) out[i] = (float)((double)a[i] * factor - shift - centre[i]);
}

static inline double nearest_step(double value, double inverse)
{
    double q = nearbyint(value * inverse);
    return q > 127 ? 127 : q >= -127 ? q : -127; /* a NaN becomes a number; its error stays NaN */
}

static double quantise(const double *a, size_t d, double scale, int8_t *out, int64_t *squares)
{
    const double round = 0x1.8p52; /* added and taken off again: the nearest whole number */
    const double inverse = 1 / scale;
    double error = 0, length = 0;
    dv errors = {0}, lengths = {0};
    size_t i = 0;
    for (; i + DW <= d; i += DW) {
        dv v, q;
        LOAD(v, a + i);
        q = v * inverse;
        iv low = q >= -127, high = q <= 127;
        q = (dv)(((iv)q & low) | ((iv)((dv){0} - 127) & ~low));
        q = (dv)(((iv)q & high) | ((iv)((dv){0} + 127) & ~high));
        q = (q + round) - round;
        dv t = v - q * scale;
        errors += t * t;
        lengths += q * q;
        for (size_t l = 0; l < DW; l++) out[i + l] = (int8_t)q[l];
    }
    for (size_t l = 0; l < DW; l++) {
        error += errors[l];
        length += lengths[l];
    }
    for (; i < d; i++) {
        double q = nearest_step(a[i], inverse);
        out[i] = (int8_t)q;
        error += (a[i] - q * scale) * (a[i] - q * scale);
        length += q * q;
    }
    *squares = (int64_t)length;
    return error;
}

const zsc_row_kernels ZSC_SIMD(zsc_row_kernels_of) = {squares, squares_two, product, absolute, largest,
                                                      scaled,  quick,       dots,    quantise, centre_row};
