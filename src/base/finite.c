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

/* 0 x is 0 for finite x and NaN otherwise. */
static bool finite_row(const numbers *x, size_t i)
{
    if (x->f32) {
        float zero = 0;
        for (size_t j = 0; j < x->d; j++) zero += 0.0f * x->f32[i * x->d + j];
        return zero == 0;
    }
    double zero = 0;
    for (size_t j = 0; j < x->d; j++) zero += 0.0 * x->f64[i * x->d + j];
    return zero == 0;
}

static zsc_status refuse(const numbers *x, size_t bad, size_t row, zsc_boundary boundary)
{
    size_t column = 0;
    while (isfinite(value(x, row, column))) column++;
    return zsc_fail(ZSC_ENUMERIC, "%s: %zu of %zu row%s NaN or infinity, first row %zu (column %zu: %s)%s%s",
                    boundary.stage, bad, x->n, x->n == 1 ? " holds" : "s hold", row + 1, column + 1,
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
