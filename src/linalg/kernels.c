#include "linalg/kernels.h"

#include <string.h>

#include "base/fused.h"

#if defined __AVX512F__ || defined ZSC_NEON_KERNELS
enum { DOWN = 8, ACROSS = 3 }; /* registers of sums */
#else
enum { DOWN = 4, ACROSS = 3 };
#endif
enum { DEEP = 128 }; /* coordinates whose panels stay in the first levels of cache */

ZSC_INLINE zsc_doubles every_double(double x)
{
    zsc_doubles v;
    for (int l = 0; l < ZSC_DOUBLES; l++) v[l] = x;
    return v;
}

/* DEFINE_PRODUCT(name, number, vector, fused, every): the product of matrices of one type. `name`_block holds `down` x
 * `across` registers of sums over the depth. What is left at the right edge goes through copies of a register's width,
 * with zeros beyond it. */
#define DEFINE_PRODUCT(name, number, vector, fused, every)                                                             \
    ZSC_INLINE void name##_block(const zsc_product *s, const number *a, const number *b, number *c, size_t depth,      \
                                 int add, size_t down, size_t across)                                                  \
    {                                                                                                                  \
        enum { WIDE = sizeof(vector) / sizeof(number) };                                                               \
        vector sum[DOWN][ACROSS];                                                                                      \
        _Pragma("GCC unroll 8") for (size_t r = 0; r < down; r++)                                                      \
            _Pragma("GCC unroll 3") for (size_t v = 0; v < across; v++)                                                \
        {                                                                                                              \
            if (add)                                                                                                   \
                memcpy(&sum[r][v], c + r * s->c_stride + v * WIDE, sizeof sum[r][v]);                                  \
            else                                                                                                       \
                sum[r][v] = (vector){0};                                                                               \
        }                                                                                                              \
        for (size_t p = 0; p < depth; p++) {                                                                           \
            vector y[ACROSS];                                                                                          \
            _Pragma("GCC unroll 3") for (size_t v = 0; v < across; v++)                                                \
                memcpy(&y[v], b + p * s->b_stride + v * WIDE, sizeof y[v]);                                            \
            _Pragma("GCC unroll 8") for (size_t r = 0; r < down; r++)                                                  \
            {                                                                                                          \
                vector x = every(a[r * s->down + p * s->across]);                                                      \
                _Pragma("GCC unroll 3") for (size_t v = 0; v < across; v++) sum[r][v] = fused(x, y[v], sum[r][v]);     \
            }                                                                                                          \
        }                                                                                                              \
        _Pragma("GCC unroll 8") for (size_t r = 0; r < down; r++)                                                      \
            _Pragma("GCC unroll 3") for (size_t v = 0; v < across; v++)                                                \
                memcpy(c + r * s->c_stride + v * WIDE, &sum[r][v], sizeof sum[r][v]);                                  \
    }                                                                                                                  \
    ZSC_INLINE void name##_edge(const zsc_product *s, const number *a, const number *edge, number *c, size_t depth,    \
                                int add, size_t down, size_t width)                                                    \
    {                                                                                                                  \
        enum { WIDE = sizeof(vector) / sizeof(number) };                                                               \
        number copy[DOWN * WIDE] = {0};                                                                                \
        zsc_product own = *s;                                                                                          \
        own.b_stride = own.c_stride = WIDE;                                                                            \
        for (size_t r = 0; add && r < down; r++)                                                                       \
            for (size_t v = 0; v < width; v++) copy[r * WIDE + v] = c[r * s->c_stride + v];                            \
        name##_block(&own, a, edge, copy, depth, 1, down, 1);                                                          \
        for (size_t r = 0; r < down; r++)                                                                              \
            for (size_t v = 0; v < width; v++) c[r * s->c_stride + v] = copy[r * WIDE + v];                            \
    }                                                                                                                  \
    ZSC_INLINE void name##_rows(const zsc_product *s, const number *a, const number *b, const number *edge, number *c, \
                                size_t depth, int add, size_t down)                                                    \
    {                                                                                                                  \
        enum { WIDE = sizeof(vector) / sizeof(number) };                                                               \
        size_t j = 0;                                                                                                  \
        for (; j + ACROSS * WIDE <= s->columns; j += ACROSS * WIDE)                                                    \
            name##_block(s, a, b + j, c + j, depth, add, down, ACROSS);                                                \
        for (; j + WIDE <= s->columns; j += WIDE) name##_block(s, a, b + j, c + j, depth, add, down, 1);               \
        if (j < s->columns) name##_edge(s, a, edge, c + j, depth, add, down, s->columns - j);                          \
    }                                                                                                                  \
    static void name(const zsc_product *s, const number *a, const number *b, number *c)                                \
    {                                                                                                                  \
        enum { WIDE = sizeof(vector) / sizeof(number) };                                                               \
        number edge[DEEP * WIDE] = {0};                                                                                \
        const size_t whole = s->columns / WIDE * WIDE;                                                                 \
        for (size_t from = 0; from < s->depth || from == 0; from += DEEP) {                                            \
            size_t depth = s->depth - from < DEEP ? s->depth - from : DEEP, i = 0;                                     \
            int add = from > 0 || s->add;                                                                              \
            const number *b_from = b + from * s->b_stride, *a_from = a + from * s->across;                             \
            for (size_t p = 0; p < depth; p++)                                                                         \
                for (size_t v = whole; v < s->columns; v++) edge[p * WIDE + v - whole] = b_from[p * s->b_stride + v];  \
            for (; i + DOWN <= s->rows; i += DOWN)                                                                     \
                name##_rows(s, a_from + i * s->down, b_from, edge, c + i * s->c_stride, depth, add, DOWN);             \
            for (; i < s->rows; i++)                                                                                   \
                name##_rows(s, a_from + i * s->down, b_from, edge, c + i * s->c_stride, depth, add, 1);                \
        }                                                                                                              \
    }
DEFINE_PRODUCT(product, float, zsc_floats, zsc_fused, zsc_every)
DEFINE_PRODUCT(product_doubles, double, zsc_doubles, zsc_fused_doubles, every_double)

/* Sixteen sums side by side, joined in one order. */
static double dot(const double *x, const double *y, size_t n)
{
    enum { PARTS = ZSC_LANES / ZSC_DOUBLES };
    zsc_doubles sum[PARTS] = {{0}}, u, v;
    double lane[ZSC_LANES], rest = 0;
    size_t i = 0;
    for (; i + ZSC_LANES <= n; i += ZSC_LANES)
#pragma GCC unroll 8
        for (size_t h = 0; h < PARTS; h++) {
            memcpy(&u, x + i + h * ZSC_DOUBLES, sizeof u);
            memcpy(&v, y + i + h * ZSC_DOUBLES, sizeof v);
            sum[h] = zsc_fused_doubles(u, v, sum[h]);
        }
    for (; i < n; i++) rest = __builtin_fma(x[i], y[i], rest);
    memcpy(lane, sum, sizeof lane);
    for (size_t half = ZSC_LANES / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) lane[l] += lane[l + half];
    return lane[0] + rest;
}

static void add_multiple(double *y, double f, const double *x, size_t n)
{
    zsc_doubles u, v, factor = every_double(f);
    size_t i = 0;
    for (; i + ZSC_DOUBLES <= n; i += ZSC_DOUBLES) {
        memcpy(&u, x + i, sizeof u);
        memcpy(&v, y + i, sizeof v);
        v = zsc_fused_doubles(factor, u, v);
        memcpy(y + i, &v, sizeof v);
    }
    for (; i < n; i++) y[i] = __builtin_fma(f, x[i], y[i]);
}

static void rotate(double *x, double *y, size_t n, double c, double s)
{
    zsc_doubles u, v, to, cosine = every_double(c), sine = every_double(s);
    size_t i = 0;
    for (; i + ZSC_DOUBLES <= n; i += ZSC_DOUBLES) {
        memcpy(&u, x + i, sizeof u);
        memcpy(&v, y + i, sizeof v);
        to = zsc_fused_doubles(cosine, u, -(sine * v));
        v = zsc_fused_doubles(cosine, v, sine * u);
        memcpy(x + i, &to, sizeof to);
        memcpy(y + i, &v, sizeof v);
    }
    for (; i < n; i++) {
        double before = x[i];
        x[i] = __builtin_fma(c, before, -(s * y[i]));
        y[i] = __builtin_fma(c, y[i], s * before);
    }
}

const zsc_linalg_kernels ZSC_SIMD(zsc_linalg_kernels_of) = {product, product_doubles, dot, add_multiple, rotate};
