/* zsc_linkage, zsc_linkage_kept: checks, preparation, equal rows, the method, the linkage matrix. */
#include <math.h>
#include <stdlib.h>

#include "base/blas.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/threads.h"
#include "linalg/distinct.h"
#include "ward/methods.h"
#include "ward/nearest.h"

static zsc_status cluster(const zsc_ward_points *points, zsc_linkage_method method, const zsc_ward_keeper *keeper,
                          const zsc_exec *exec, zsc_ward_merge *merges, const char **how)
{
    switch (method) {
    case ZSC_WARD: return zsc_ward_run_reciprocal(points, keeper, exec, merges, how);
    case ZSC_SINGLE: return zsc_ward_run_single(points, exec, merges, how);
    case ZSC_AVERAGE:
    case ZSC_COMPLETE: return zsc_ward_run_nn_chain(points, method, exec, merges, how);
    case ZSC_WEIGHTED:
    case ZSC_CENTROID:
    case ZSC_MEDIAN: break; /* refused by check_method */
    }
    return zsc_fail(ZSC_EUSAGE, "there is no linkage method %d", (int)method);
}

/* Rows are finite; their distances may still be beyond the largest double. */
static zsc_status check_heights(const zsc_ward_merge *merges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(merges[i].height))
            return zsc_fail(ZSC_ENUMERIC,
                            "clustering: the height at which rows %zu and %zu merge is beyond double precision; "
                            "scale the matrix (--scale), or divide it by a constant",
                            zsc_number((size_t)merges[i].a), zsc_number((size_t)merges[i].b));
    return ZSC_OK;
}

/* A warning where distinct rows are so much closer than the widest range that the squares of their distances are below
 * double precision: which of them merge first is then left to chance. MERGES are those of the distinct rows. */
static void warn_of_lost_order(const zsc_ward_merge *merges, size_t count, int exponent)
{
    size_t lost = 0;
    for (size_t i = 0; i < count; i++) lost += ldexp(merges[i].height, -exponent) < 0x1p-480;
    if (lost)
        zsc_warn_counted(
            "clustering: %zu of %zu merges are of rows that differ by less than 1e-144 of the widest range, %.3g; "
            "their order is lost in double precision (scale the matrix, or leave out what is so far away)",
            lost, count, ldexp(1, exponent));
}

/* --- Memory */
static size_t stride_of(size_t d, zsc_metric metric) { return zsc_ward_stride(zsc_ward_width(d, metric)); }

/* The rows in double; of each, the weight, the group, its first row and a merge. */
static size_t held_memory(size_t n, size_t stride)
{
    return ZSC_MEMORY_REST + n * (stride * 8 + 16 + sizeof(zsc_ward_merge));
}

static size_t preparing_memory(size_t n, size_t d, size_t stride, int threads)
{
    return ZSC_MEMORY_REST + n * stride * 8 + zsc_distinct_memory(n) + (size_t)threads * d * 16;
}

/* Of m distinct rows, without what Ward's search and the chain's distances need, who say so themselves; at the end,
 * merges become a matrix. */
static size_t running_memory(size_t n, size_t m, zsc_linkage_method method)
{
    size_t bytes = method == ZSC_WARD ? zsc_ward_row_memory(m) : method == ZSC_SINGLE ? m * 16 : 0;
    return bytes > n * 24 ? bytes : n * 24;
}

static size_t search_memory(size_t n, size_t d, zsc_linkage_method method, int threads)
{
    if (method == ZSC_WARD) return zsc_ward_search_memory(n, d, threads);
    return method == ZSC_SINGLE ? 0 : zsc_ward_nn_chain_memory(n);
}

size_t zsc_linkage_metric_memory(size_t n, size_t d, zsc_linkage_method method, zsc_metric metric, const zsc_exec *exec)
{
    int threads = zsc_threads(exec);
    size_t stride = stride_of(d, metric);
    if ((double)n * (double)stride > 0x1p56) return SIZE_MAX; /* otherwise no sum below can wrap */
    size_t preparing = preparing_memory(n, d, stride, threads), running = running_memory(n, n, method);
    running += held_memory(n, stride) + search_memory(n, d, method, threads);
    return preparing > running ? preparing : running;
}

size_t zsc_linkage_memory(size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec)
{
    return zsc_linkage_metric_memory(n, d, method, ZSC_EUCLIDEAN, exec);
}

/* --- The whole */
static zsc_status check_method(zsc_linkage_method method, zsc_metric metric)
{
    if (method >= ZSC_WEIGHTED && method <= ZSC_MEDIAN)
        return zsc_fail(ZSC_EUSAGE, "weighted, centroid and median linkage are of distances (zsc_linkage_distances)");
    if ((int)metric < 0 || metric >= ZSC_INNER_PRODUCT)
        return zsc_fail(ZSC_EUSAGE, "linkage: metric %d measures no distance of clusters", (int)metric);
    if (method == ZSC_WARD && metric != ZSC_EUCLIDEAN)
        return zsc_fail(ZSC_EUSAGE, "Ward's linkage is of Euclidean distances; with another metric, take average, "
                                    "complete or single linkage");
    return ZSC_OK;
}

static zsc_status linkage(const zsc_ward_input *rows, zsc_linkage_method method, const zsc_ward_keeper *keeper,
                          const zsc_exec *exec, double *z, const char **how)
{
    ZSC_BLAS_SCOPE(blas);
    zsc_status status = zsc_blas_enter(exec, &blas);
    if (status != ZSC_OK) return status;
    zsc_ward_points points = {0};
    zsc_ward_merge *merges = NULL;
    const char *ran = "nothing to merge";
    if (rows->n > ZSC_WARD_ROWS_MOST)
        return zsc_fail(ZSC_EUSAGE, "cannot cluster %zu rows; the most is %d", rows->n, (int)ZSC_WARD_ROWS_MOST);
    ZSC_TRY(check_method(method, rows->metric));
    size_t stride = stride_of(rows->d, rows->metric),
           preparing = preparing_memory(rows->n, rows->d, stride, zsc_threads(exec)),
           most = zsc_linkage_metric_memory(rows->n, rows->d, method, rows->metric, exec);
    ZSC_TRY(zsc_memory_expect(exec, preparing, most, "clustering"));
    ZSC_TRY(zsc_memory_check(exec, preparing, "clustering"));
    ZSC_TRY(zsc_ward_prepare(rows, exec, &points));
    const zsc_exec held = zsc_memory_hold(exec, held_memory(rows->n, stride));
    ZSC_TRY(zsc_memory_check(&held, running_memory(rows->n, points.m, method), "clustering"));
    ZSC_NEW_RAW(merges, rows->n);
    size_t equal = zsc_ward_merge_equal_rows(&points, merges);
    if (points.m > 1) ZSC_TRY(cluster(&points, method, keeper, &held, merges + equal, &ran));
    ZSC_TRY(check_heights(merges, rows->n - (rows->n > 0)));
    if (points.m > 1 && rows->metric == ZSC_EUCLIDEAN)
        warn_of_lost_order(merges + equal, points.m - 1, points.exponent);
    ZSC_TRY(zsc_ward_dendrogram_make(merges, rows->n, z));
    if (how) *how = ran;
done:
    zsc_ward_points_free(&points);
    free(merges);
    return status;
}

zsc_status zsc_linkage(const float *x, size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec, double *z,
                       const char **how)
{
    return zsc_linkage_metric(x, n, d, method, ZSC_EUCLIDEAN, exec, z, how);
}

zsc_status zsc_linkage_f64(const double *x, size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec,
                           double *z, const char **how)
{
    return zsc_linkage_metric_f64(x, n, d, method, ZSC_EUCLIDEAN, exec, z, how);
}

zsc_status zsc_linkage_metric(const float *x, size_t n, size_t d, zsc_linkage_method method, zsc_metric metric,
                              const zsc_exec *exec, double *z, const char **how)
{
    return zsc_linkage_kept(x, NULL, n, d, method, metric, NULL, exec, z, how);
}

zsc_status zsc_linkage_metric_f64(const double *x, size_t n, size_t d, zsc_linkage_method method, zsc_metric metric,
                                  const zsc_exec *exec, double *z, const char **how)
{
    return zsc_linkage_kept(NULL, x, n, d, method, metric, NULL, exec, z, how);
}

zsc_status zsc_linkage_kept(const float *x, const double *x64, size_t n, size_t d, zsc_linkage_method method,
                            zsc_metric metric, const zsc_ward_keeper *keeper, const zsc_exec *exec, double *z,
                            const char **how)
{
    const zsc_ward_input rows = {.f32 = x64 ? NULL : x, .f64 = x64, .n = n, .d = d, .metric = metric};
    return linkage(&rows, method, keeper, exec, z, how);
}
