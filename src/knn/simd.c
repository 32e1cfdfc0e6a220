/* Kernels of the nearest-neighbour searches; compiled for each instruction set (base/isa.h). */
#include <math.h>
#include <string.h>

#include "knn/rows.h"

/* --- Exact measures of two rows: differences in double, 16 sums side by side, added in one order. */
typedef float f8 __attribute__((vector_size(32)));
typedef double d8 __attribute__((vector_size(64)));
typedef int64_t i8 __attribute__((vector_size(64)));

#define LOAD(v, p) memcpy(&(v), (p), sizeof(v))

static inline double total(const d8 *sums)
{
    double s[8];
    d8 both = sums[0] + sums[1];
    memcpy(s, &both, sizeof s);
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

static double squares(const float *a, const float *b, size_t d)
{
    d8 sum[2] = {{0}, {0}};
    size_t i = 0;
    for (; i + 16 <= d; i += 16)
        for (size_t h = 0; h < 2; h++) {
            f8 u, v;
            LOAD(u, a + i + 8 * h);
            LOAD(v, b + i + 8 * h);
            d8 t = __builtin_convertvector(u, d8) - __builtin_convertvector(v, d8);
            sum[h] += t * t;
        }
    double rest = 0;
    for (; i < d; i++) rest += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return total(sum) + rest;
}

static double absolute(const float *a, const float *b, size_t d)
{
    d8 sum[2] = {{0}, {0}};
    size_t i = 0;
    for (; i + 16 <= d; i += 16)
        for (size_t h = 0; h < 2; h++) {
            f8 u, v;
            LOAD(u, a + i + 8 * h);
            LOAD(v, b + i + 8 * h);
            d8 t = __builtin_convertvector(u, d8) - __builtin_convertvector(v, d8);
            sum[h] += (d8)((i8)t & INT64_MAX);
        }
    double rest = 0;
    for (; i < d; i++) rest += fabs((double)a[i] - (double)b[i]);
    return total(sum) + rest;
}

static double largest(const float *a, const float *b, size_t d)
{
    d8 most = {0};
    size_t i = 0;
    for (; i + 8 <= d; i += 8) {
        f8 u, v;
        LOAD(u, a + i);
        LOAD(v, b + i);
        d8 t = __builtin_convertvector(u, d8) - __builtin_convertvector(v, d8);
        t = (d8)((i8)t & INT64_MAX);
        i8 more = t > most;
        most = (d8)(((i8)t & more) | ((i8)most & ~more));
    }
    double m = 0;
    for (size_t h = 0; h < 8; h++) m = most[h] > m ? most[h] : m;
    for (; i < d; i++) m = fmax(m, fabs((double)a[i] - (double)b[i]));
    return m;
}

static double scaled(const float *a, double ma, double ra, const float *b, double mb, double rb, size_t d)
{
    d8 sum[2] = {{0}, {0}};
    size_t i = 0;
    for (; i + 16 <= d; i += 16)
        for (size_t h = 0; h < 2; h++) {
            f8 u, v;
            LOAD(u, a + i + 8 * h);
            LOAD(v, b + i + 8 * h);
            d8 t = (__builtin_convertvector(u, d8) - ma) * ra - (__builtin_convertvector(v, d8) - mb) * rb;
            sum[h] += t * t;
        }
    double rest = 0;
    for (; i < d; i++) {
        double t = ((double)a[i] - ma) * ra - ((double)b[i] - mb) * rb;
        rest += t * t;
    }
    return total(sum) + rest;
}

const zsc_measure_kernels ZSC_SIMD(zsc_measure_kernels_of) = {squares, absolute, largest, scaled};
