#include "linalg/finite.h"

#include <stdbool.h>

#include "base/error.h"
#include "base/threads.h"

static bool finite_row(const float *row, size_t d)
{
    float zero = 0; /* 0 * x is 0 for finite x and NaN otherwise */
    for (size_t i = 0; i < d; i++) zero += 0.0f * row[i];
    return zero == 0;
}

zsc_status zsc_finite_check(const float *x, size_t n, size_t d, const zsc_exec *exec)
{
    size_t bad = 0, first = n;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec)) reduction(+ : bad) reduction(min : first)
    for (size_t i = 0; i < n; i++)
        if (!finite_row(x + i * d, d)) {
            bad++;
            if (i < first) first = i;
        }
    if (bad)
        return zsc_fail(ZSC_ENUMERIC, "%zu of %zu rows hold NaN or infinity, first at row %zu (from 0)", bad, n, first);
    return ZSC_OK;
}
