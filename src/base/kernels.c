#include "base/kernels.h"

#include <math.h>
#include <string.h>

#include "base/elementary_constants.h"
#include "base/fused.h"

enum { CHUNK = 64 }; /* numbers that are made ready together; a multiple of every width */
typedef zsc_doubles dv;
typedef zsc_longs iv;
typedef uint64_t uv __attribute__((vector_size(4 * ZSC_FLOATS)));
typedef float fv __attribute__((vector_size(2 * ZSC_FLOATS)));

#define EACH(i, table) for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++)

ZSC_INLINE dv either(iv mask, dv yes, dv no) { return (dv)(((iv)yes & mask) | ((iv)no & ~mask)); }

/* --- exp, rounded to single precision */
ZSC_INLINE dv exp_single(dv x)
{
    dv whole = x * LOG2_E + TO_WHOLE, n = whole - TO_WHOLE, r = (x - n * LN2_HIGH) - n * LN2_LOW, sum = {0};
#pragma GCC unroll 8
    EACH(i, OVER_FACTORIAL_SHORT) sum = (sum + OVER_FACTORIAL_SHORT[i]) * r;
    dv scale = (dv)(((uv)whole + 1023) << 52); /* the last bits of `whole` are n */
    dv inside = (1 + sum) * scale, low = either(x < -104, (dv){0}, inside);
    low = either(x > 89, (dv){0} + INFINITY, low);
    return either(x != x, x, low);
}

static void expf_each(const float *x, size_t n, float *out)
{
    size_t i = 0;
    fv narrow;
    for (; i + ZSC_DOUBLES <= n; i += ZSC_DOUBLES) {
        narrow = __builtin_convertvector(exp_single(zsc_widen(x + i)), fv);
        memcpy(out + i, &narrow, sizeof narrow);
    }
    if (i == n) return;
    float rest[ZSC_DOUBLES] = {0};
    memcpy(rest, x + i, (n - i) * sizeof *rest);
    narrow = __builtin_convertvector(exp_single(zsc_widen(rest)), fv);
    memcpy(out + i, &narrow, (n - i) * sizeof *out);
}

/* --- log of numbers in (0, 1] that are not subnormal */
ZSC_INLINE void sum_of(dv a, dv b, dv *high, dv *low)
{
    dv sum = a + b, part = sum - a;
    *low = (a - (sum - part)) + (b - part);
    *high = sum;
}

ZSC_INLINE void product_of(dv a, dv b, dv *high, dv *low)
{
    dv ca = SPLIT * a, cb = SPLIT * b, product = a * b;
    dv a_high = ca - (ca - a), b_high = cb - (cb - b), a_low = a - a_high, b_low = b - b_high;
    *low = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    *high = product;
}

ZSC_INLINE void log_of(dv m, dv *high, dv *low)
{
    dv f = m - 1, g = m + 1, g_low = m - (g - 1), s = f / g, back, back_low, sum = {0};
    product_of(s, g, &back, &back_low);
    dv s_low = (((f - back) - back_low) - s * g_low) / g, z = s * s;
#pragma GCC unroll 11
    EACH(i, OVER_ODD) sum = (sum + OVER_ODD[i]) * z;
    sum_of(2 * s, 2 * s_low + s * sum, high, low);
}

ZSC_INLINE dv log_positive(dv x)
{
    const uv field = (uv){0} + (UINT64_C(0x7ff) << 52), whole = (uv)((dv){0} + TO_WHOLE);
    dv m = (dv)(((uv)x & ~field) | (uv)((dv){0} + 0.5)), n = (dv)(whole + ((uv)x >> 52)) - TO_WHOLE - 1022;
    iv below = m < M_SQRT1_2;
    m = either(below, m * 2, m);
    n = either(below, n - 1, n);
    dv high, low, sum, rest, last;
    log_of(m, &high, &low);
    sum_of(n * LN2_HIGH, high, &sum, &rest);
    sum_of(sum, rest + (n * LN2_LOW + low), &high, &last);
    return high;
}

/* --- cos(2 pi x) */
ZSC_INLINE dv cos_turns(dv x)
{
    dv whole = 4 * x + TO_WHOLE, part = x - (whole - TO_WHOLE) / 4;
    dv r = part * TWO_PI + part * TWO_PI_LOW, z = r * r, sine = {0}, cosine = {0};
#pragma GCC unroll 8
    for (int i = 17; i >= 3; i -= 2) sine = (sine + 1) * (-z / (i * (i - 1)));
#pragma GCC unroll 9
    for (int i = 18; i >= 2; i -= 2) cosine = (cosine + 1) * (-z / (i * (i - 1)));
    uv quarter = (uv)whole; /* its last bits */
    iv odd = (iv)((uv){0} - (quarter & 1));
    uv sign = ((quarter + 1) & 2) << 62;
    return (dv)((uv)either(odd, r + r * sine, 1 + cosine) ^ sign);
}

/* --- Draws */
static void normals(zsc_stream *stream, size_t count, double *out)
{
    double u[CHUNK] = {0}, v[CHUNK] = {0};
    for (size_t from = 0; from < count; from += CHUNK) {
        size_t many = count - from < CHUNK ? count - from : CHUNK;
        for (size_t i = 0; i < many; i++) {
            u[i] = 1.0 - zsc_stream_uniform(stream);
            v[i] = zsc_stream_uniform(stream);
        }
        for (size_t i = 0; i < many; i += ZSC_DOUBLES) {
            dv x, y;
            memcpy(&x, u + i, sizeof x);
            memcpy(&y, v + i, sizeof y);
            x = -2.0 * log_positive(x);
            y = cos_turns(y);
            memcpy(u + i, &x, sizeof x);
            memcpy(v + i, &y, sizeof y);
        }
        for (size_t i = 0; i < many; i++) out[from + i] = sqrt(u[i]) * v[i];
    }
}

const zsc_base_kernels ZSC_SIMD(zsc_base_kernels_of) = {expf_each, normals};
