/* The silhouette at several cuts of one dendrogram, for little more than that of one partition (silhouette.c): with the
 * leaves of the dendrogram in order, the clusters of every cut are contiguous, and those of a coarser cut are joined
 * ones of a finer cut. */
#include <math.h>
#include <stdlib.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "metrics/merge_tree.h"
#include "metrics/silhouette.h"
#include "zsc/metrics.h"

/* The rows in the order of the leaves, and where the clusters of each cut begin. */
typedef struct cuts {
    int32_t *order;              /* n */
    double *center;              /* d */
    int32_t *begin;              /* of all levels, one after the other */
    zsc_silhouette_level *level; /* the finest first */
} cuts;

static void cuts_free(cuts *c)
{
    free(c->order);
    free(c->center);
    free(c->begin);
    free(c->level);
}

static int compare_starts(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The clusters that are there when k are left: nodes made by then, whose parents are not. */
static void write_starts(const zsc_merge_tree *t, size_t k, int32_t *begin)
{
    size_t made = t->n + (t->n - k), found = 0;
    for (size_t node = 0; node < made; node++)
        if (t->parent[node] < 0 || (size_t)t->parent[node] >= made) begin[found++] = t->start[node];
    qsort(begin, k, sizeof *begin, compare_starts);
    begin[k] = (int32_t)t->n;
}

static zsc_status find_cuts(const zsc_merge_tree *t, const size_t *k, size_t count, cuts *c)
{
    zsc_status status = ZSC_OK;
    size_t starts = 0;
    for (size_t i = 0; i < count; i++) starts += k[i] + 1;
    ZSC_NEW_RAW(c->order, t->n);
    ZSC_NEW_RAW(c->begin, starts);
    ZSC_NEW_RAW(c->level, count);
    for (size_t i = 0; i < t->n; i++) c->order[t->start[i]] = (int32_t)i;
    int32_t *begin = c->begin;
    for (size_t i = count; i-- > 0; begin += k[i] + 1) {
        write_starts(t, k[i], begin);
        c->level[count - 1 - i] = (zsc_silhouette_level){k[i], begin};
    }
done:
    return status;
}

/* The mean of all rows keeps products of centred rows small; it need not be exact. */
static zsc_status find_center(const float *x, const double *x64, size_t n, size_t d, cuts *c)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(c->center, d);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) c->center[j] += (x ? (double)x[i * d + j] : x64[i * d + j]) / (double)n;
done:
    return status;
}

static zsc_status check_counts(const size_t *k, size_t count, size_t n)
{
    for (size_t i = 0; i < count; i++)
        if (k[i] < 2 || k[i] >= n || (i && k[i] <= k[i - 1]))
            return zsc_fail(ZSC_EUSAGE,
                            "silhouettes of cuts: number %zu is %zu clusters of %zu rows; expected ascending numbers "
                            "from 2 to %zu",
                            zsc_number(i), k[i], n, n - 1);
    return ZSC_OK;
}

static size_t memory_needed(size_t n, size_t d, const size_t *k, size_t count, int threads)
{
    double bytes = (double)n * (11 * sizeof(int32_t) + (double)count * sizeof(double)) + (double)d * sizeof(double);
    for (size_t i = 0; i < count; i++) bytes += (double)(k[i] + 1) * sizeof(int32_t) + sizeof(zsc_silhouette_level);
    return ZSC_MEMORY_REST + (size_t)bytes + zsc_silhouette_memory(count, threads) +
           (size_t)threads * zsc_distance_tile_bytes(d);
}

static zsc_status silhouette_cuts(const float *x, const double *x64, size_t n, size_t d, const double *z,
                                  const size_t *k, size_t count, const zsc_exec *exec, double *out)
{
    const zsc_boundary given = {"silhouettes of cuts", NULL},
                       made = {"silhouettes of cuts", "scale the matrix (--scale)"};
    zsc_status status = ZSC_OK;
    zsc_merge_tree tree = {0};
    cuts c = {0};
    double *value = NULL;
    if (n > INT32_MAX / 2)
        return zsc_fail(ZSC_EUSAGE, "cannot score the cuts of a dendrogram of %zu rows; the most is %d", n,
                        INT32_MAX / 2);
    ZSC_TRY(check_counts(k, count, n));
    if (count == 0) goto done;
    ZSC_TRY(zsc_memory_check(exec, memory_needed(n, d, k, count, zsc_threads(exec)), "silhouettes of cuts"));
    ZSC_TRY(x64 ? zsc_check_finite_f64(x64, n, d, given, exec) : zsc_check_finite(x, n, d, given, exec));
    ZSC_TRY(zsc_merge_tree_make(z, n, &tree));
    ZSC_TRY(find_cuts(&tree, k, count, &c));
    ZSC_TRY(find_center(x, x64, n, d, &c));
    zsc_distance_points points = {.x = x, .order = c.order, .y = x64, .center = c.center, .count = n, .d = d};
    ZSC_NEW_RAW(value, count);
    ZSC_TRY(zsc_silhouette_levels(&points, c.level, count, exec, value));
    ZSC_TRY(zsc_check_finite_f64(value, 1, count, made, exec));
    for (size_t i = 0; i < count; i++) out[i] = value[count - 1 - i];
done:
    zsc_merge_tree_free(&tree);
    cuts_free(&c);
    free(value);
    return status;
}

zsc_status zsc_silhouette_cuts(const float *x, size_t n, size_t d, const double *z, const size_t *k, size_t count,
                               const zsc_exec *exec, double *out)
{
    return silhouette_cuts(x, NULL, n, d, z, k, count, exec, out);
}

zsc_status zsc_silhouette_cuts_f64(const double *x, size_t n, size_t d, const double *z, const size_t *k, size_t count,
                                   const zsc_exec *exec, double *out)
{
    return silhouette_cuts(NULL, x, n, d, z, k, count, exec, out);
}
