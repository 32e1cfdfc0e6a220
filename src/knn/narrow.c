/* Rows in double precision as floats, for searches and layouts, which take floats.
 *
 * A float has 24 bits, so that a column around 1e6 with differences of 1e-3 would lose most of them. Distances that do
 * not change when all rows are shifted keep theirs if the column's mean is subtracted in double precision first. Means
 * are those of the differences to the first row, added in the order of the rows: the same at any number of threads. */
#include <float.h>
#include <math.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "zsc/knn.h"

static const zsc_boundary GIVEN = {"the rows", NULL};

enum { COLUMNS = 64 }; /* of one thread at a time: a cache line of each row and more */

static void mean_of_columns(const double *x, size_t n, size_t d, size_t first, size_t end, double *centre)
{
    for (size_t j = first; j < end; j++) centre[j] = 0;
    for (size_t i = 1; i < n; i++)
        for (size_t j = first; j < end; j++) centre[j] += x[i * d + j] - x[j];
    for (size_t j = first; j < end; j++) {
        centre[j] = x[j] + centre[j] / (double)n;
        if (!isfinite(centre[j])) centre[j] = 0; /* differences beyond double: nothing to gain */
    }
}

zsc_status zsc_centre_of_rows(const double *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                              double *centre)
{
    zsc_status status = zsc_check_finite_f64(x, n, d, GIVEN, exec);
    if (status != ZSC_OK) return status;
    bool shifts = metric == ZSC_EUCLIDEAN || metric == ZSC_MANHATTAN || metric == ZSC_CHEBYSHEV;
    size_t blocks = (d + COLUMNS - 1) / COLUMNS;
    int threads = zsc_threads(exec);
    if (!shifts || n == 0) {
        for (size_t j = 0; j < d; j++) centre[j] = 0;
        return ZSC_OK;
    }
#pragma omp parallel for schedule(static) num_threads(threads) if (blocks > 1)
    for (size_t b = 0; b < blocks; b++)
        mean_of_columns(x, n, d, b * COLUMNS, (b + 1) * COLUMNS < d ? (b + 1) * COLUMNS : d, centre);
    return ZSC_OK;
}

zsc_status zsc_narrow_rows(const double *x, size_t n, size_t d, const double *centre, const zsc_exec *exec, float *out)
{
    zsc_status status = zsc_check_finite_f64(x, n, d, GIVEN, exec);
    if (status != ZSC_OK) return status;
    int threads = zsc_threads(exec);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) out[i * d + j] = (float)(centre ? x[i * d + j] - centre[j] : x[i * d + j]);
    return zsc_check_finite(
        out, n, d, (zsc_boundary){"the rows in single precision", "divide them by a constant: they are too large"},
        exec);
}
