/* The distances of all pairs of rows, condensed (condensed.h), by the measures of prepare.h: those that linkage itself
 * computes of the rows. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/condensed.h"
#include "ward/prepare.h"

enum { CHUNK = 1 << 23 }; /* coordinates compared between two reports of progress: some milliseconds of one thread */

static size_t held_memory(size_t n, size_t d) { return ZSC_MEMORY_REST + n * ((d + ZSC_WARD_LANES) * 8 + 32) + n * 64; }

static void measure_row(const zsc_ward_points *p, size_t i, double *out)
{
    size_t n = p->rows, a = (size_t)p->of[i];
    double *row = out + zsc_condensed_begin(n, i);
    for (size_t j = i + 1; j < n; j++) {
        size_t b = (size_t)p->of[j];
        row[j - i - 1] = a == b ? 0 : ldexp(zsc_ward_distance(p, a, b), p->exponent);
    }
}

static zsc_status check(const double *out, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (!isfinite(out[zsc_condensed_index(n, i, j)]))
                return zsc_fail(ZSC_ENUMERIC, "the distance of rows %zu and %zu is beyond double precision",
                                zsc_number(i), zsc_number(j));
    return ZSC_OK;
}

static zsc_status pairwise(const zsc_ward_input *rows, const zsc_exec *exec, double *out)
{
    zsc_status status = ZSC_OK;
    zsc_ward_points points = {0};
    size_t n = rows->n;
    int threads = zsc_threads(exec);
    if (n > ZSC_WARD_ROWS_MOST)
        return zsc_fail(ZSC_EUSAGE, "cannot compare %zu rows; the most is %d", n, (int)ZSC_WARD_ROWS_MOST);
    if ((int)rows->metric < 0 || rows->metric >= ZSC_INNER_PRODUCT)
        return zsc_fail(ZSC_EUSAGE, "metric %d measures no distance", (int)rows->metric);
    ZSC_TRY(zsc_memory_check(exec, held_memory(n, rows->d), "distances"));
    ZSC_TRY(zsc_ward_prepare(rows, exec, &points));
    size_t many = CHUNK * (size_t)threads / (n * points.stride + 1) + 1;
    for (size_t first = 0; first < n; first += many) {
        size_t end = first + many < n ? first + many : n;
        if (!zsc_progress(exec, "distances", (double)first, (double)n)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (end - first > 1)
        for (size_t i = first; i < end; i++) measure_row(&points, i, out);
    }
    ZSC_TRY(check(out, n));
done:
    zsc_ward_points_free(&points);
    return status;
}

zsc_status zsc_pairwise_distances(const float *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                  double *out)
{
    return pairwise(&(zsc_ward_input){.f32 = x, .n = n, .d = d, .metric = metric}, exec, out);
}

zsc_status zsc_pairwise_distances_f64(const double *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                      double *out)
{
    return pairwise(&(zsc_ward_input){.f64 = x, .n = n, .d = d, .metric = metric}, exec, out);
}
