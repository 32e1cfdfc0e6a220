/* Checks that numbers are finite. The usual case, that all are, reads them once, in parallel. */
#include "base/finite.h"

#include <math.h>
#include <stdbool.h>

#include "base/threads.h"

enum { PARALLEL = 1 << 16 }; /* fewer numbers than this are read before threads are awake */

typedef struct numbers {
    const float *f32; /* one of the two */
    const double *f64;
    size_t n, d;
} numbers;

static double value(const numbers *x, size_t i, size_t j)
{
    return x->f32 ? (double)x->f32[i * x->d + j] : x->f64[i * x->d + j];
}

/* 0 x is 0 for finite x and NaN otherwise. Several sums side by side: one alone would wait for each addition. */
#define FINITE(name, type, lanes)                                                                                      \
    static bool name(const type *x, size_t d)                                                                          \
    {                                                                                                                  \
        lanes zeros = {0};                                                                                             \
        type zero = 0;                                                                                                 \
        size_t j = 0, width = sizeof zeros / sizeof zero;                                                              \
        for (; j + width <= d; j += width) zeros += 0 * *(const lanes *)(x + j);                                       \
        for (; j < d; j++) zero += 0 * x[j];                                                                           \
        for (size_t k = 0; k < width; k++) zero += zeros[k];                                                           \
        return zero == 0;                                                                                              \
    }
typedef float floats __attribute__((vector_size(16), aligned(sizeof(float)), may_alias));
typedef double doubles __attribute__((vector_size(16), aligned(sizeof(double)), may_alias));
FINITE(finite_f32, float, floats)
FINITE(finite_f64, double, doubles)

static bool finite_row(const numbers *x, size_t i)
{
    return x->f32 ? finite_f32(x->f32 + i * x->d, x->d) : finite_f64(x->f64 + i * x->d, x->d);
}

static zsc_status refuse(const numbers *x, size_t bad, size_t row, zsc_boundary boundary)
{
    size_t column = 0;
    while (isfinite(value(x, row, column))) column++;
    return zsc_fail(ZSC_ENUMERIC, "%s: %zu of %zu row%s NaN or infinity, first row %zu (column %zu: %s)%s%s",
                    boundary.stage, bad, x->n, x->n == 1 ? " holds" : "s hold", zsc_number(row), zsc_number(column),
                    isnan(value(x, row, column)) ? "NaN" : "infinity", boundary.remedy ? "; " : "",
                    boundary.remedy ? boundary.remedy : "");
}

static zsc_status check(const numbers *x, zsc_boundary boundary, const zsc_exec *exec)
{
    size_t bad = 0, first = x->n;
    int threads = x->n && x->d > PARALLEL / x->n ? zsc_threads(exec) : 1;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(+ : bad) reduction(min : first)
    for (size_t i = 0; i < x->n; i++)
        if (!finite_row(x, i)) {
            bad++;
            if (i < first) first = i;
        }
    return bad ? refuse(x, bad, first, boundary) : ZSC_OK;
}

zsc_status zsc_check_finite(const float *x, size_t n, size_t d, zsc_boundary boundary, const zsc_exec *exec)
{
    return check(&(numbers){.f32 = x, .n = n, .d = d}, boundary, exec);
}

zsc_status zsc_check_finite_f64(const double *x, size_t n, size_t d, zsc_boundary boundary, const zsc_exec *exec)
{
    return check(&(numbers){.f64 = x, .n = n, .d = d}, boundary, exec);
}
