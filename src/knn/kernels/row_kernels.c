/* Kernels over two rows; compiled per instruction set (base/isa.h). */
#include <math.h>
#include <string.h>

#if defined __AVX512F__ || defined __AVX2__
#include <immintrin.h>
#endif

#include "knn/kernels/kernels.h"

/* --- Exact measures of two rows: differences in double, 16 sums side by side, added in one order. Vectors are as wide
 * as registers are: compilers take wider ones through memory. */
#if defined __AVX512F__
enum { DW = 8 };
#elif defined __AVX2__
enum { DW = 4 };
#else
enum { DW = 2 };
#endif
enum { SIDE = 16, DV = SIDE / DW };
typedef float fv __attribute__((vector_size(4 * DW)));
typedef double dv __attribute__((vector_size(8 * DW)));
typedef int64_t iv __attribute__((vector_size(8 * DW)));

#define LOAD(v, p) memcpy(&(v), (p), sizeof(v))

/* gcc 12 turns __builtin_convertvector of these into conversions of halves that go through memory: three times the time
 * of the instruction. */
static inline dv doubles(const float *p)
{
#if defined __AVX512F__
    return (dv)_mm512_cvtps_pd(_mm256_loadu_ps(p));
#elif defined __AVX2__
    return (dv)_mm256_cvtps_pd(_mm_loadu_ps(p));
#else
    fv v;
    LOAD(v, p);
    return __builtin_convertvector(v, dv);
#endif
}

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
            dv t = doubles(a + i + DW * h) - doubles(b + i + DW * h);
            sum[h] += t * t;
        }
    double rest = 0;
    for (; i < d; i++) rest += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
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
            dv x = doubles(a + i + DW * h), t = x - doubles(b + i + DW * h), u = x - doubles(c + i + DW * h);
            sum[0][h] += t * t;
            sum[1][h] += u * u;
        }
    double rest[2] = {0};
    for (; i < d; i++) {
        rest[0] += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
        rest[1] += ((double)a[i] - (double)c[i]) * ((double)a[i] - (double)c[i]);
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
        for (size_t h = 0; h < DV; h++) sum[h] += doubles(a + i + DW * h) * doubles(b + i + DW * h);
    double rest = 0;
    for (; i < d; i++) rest += (double)a[i] * (double)b[i];
    return total(sum) + rest;
}

static double absolute(const float *a, const float *b, size_t d)
{
    dv sum[DV] = {{0}};
    size_t i = 0;
    for (; i + SIDE <= d; i += SIDE)
#pragma GCC unroll 8
        for (size_t h = 0; h < DV; h++) {
            dv t = doubles(a + i + DW * h) - doubles(b + i + DW * h);
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
        dv t = doubles(a + i) - doubles(b + i);
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
            dv t = (doubles(a + i + DW * h) - ma) * ra - (doubles(b + i + DW * h) - mb) * rb;
            sum[h] += t * t;
        }
    double rest = 0;
    for (; i < d; i++) {
        double t = ((double)a[i] - ma) * ra - ((double)b[i] - mb) * rb;
        rest += t * t;
    }
    return total(sum) + rest;
}

/* --- Sum of squared differences in single precision: a quick estimate. */
#if defined __AVX512F__
enum { W = 16 };
#elif defined __AVX2__
enum { W = 8 };
#else
enum { W = 4 };
#endif
typedef float vf __attribute__((vector_size(4 * W)));

static float quick(const float *a, const float *b, size_t d)
{
    vf sum[4] = {{0}, {0}, {0}, {0}};
    size_t i = 0;
    for (; i + 4 * W <= d; i += 4 * W)
#pragma GCC unroll 4
        for (size_t h = 0; h < 4; h++) {
            vf u, v;
            LOAD(u, a + i + h * W);
            LOAD(v, b + i + h * W);
            vf t = u - v;
            sum[h] += t * t;
        }
    for (; i + W <= d; i += W) {
        vf u, v;
        LOAD(u, a + i);
        LOAD(v, b + i);
        vf t = u - v;
        sum[0] += t * t;
    }
    sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    float all = 0;
    for (size_t h = 0; h < W; h++) all += sum[0][h];
    for (; i < d; i++) {
        float t = a[i] - b[i];
        all += t * t;
    }
    return all;
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
        fv v = __builtin_convertvector(doubles(a + i) * factor - shift - c, fv);
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
