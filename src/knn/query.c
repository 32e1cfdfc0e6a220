/* zsc_knn_query: checks, distinct queries and keys, the search itself, and back to all rows. */
#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "knn/exact/exact.h"
#include "knn/expand.h"
#include "knn/rows.h"
#include "linalg/distinct.h"
#include "zsc/knn.h"

static zsc_status check(size_t n, size_t m, size_t k, zsc_metric metric)
{
    if (n > INT32_MAX || m > INT32_MAX)
        return zsc_fail(ZSC_EUSAGE, "cannot search %zu queries in %zu keys; the most is %d", n, m, INT32_MAX);
    if (m == 0) return zsc_fail(ZSC_EUSAGE, "there are no keys to search");
    if (k < 1 || k > m) return zsc_fail(ZSC_EUSAGE, "neighbors is %zu; expected 1 to %zu, the number of keys", k, m);
    if ((unsigned)metric > ZSC_INNER_PRODUCT)
        return zsc_fail(ZSC_EUSAGE, "there is no metric %d; expected 0 to %d", (int)metric, (int)ZSC_INNER_PRODUCT);
    return ZSC_OK;
}

typedef struct side { /* queries or keys */
    zsc_distinct distinct;
    zsc_knn_rows rows; /* the distinct ones */
} side;

static zsc_status make_side(const float *x, size_t n, size_t d, const char *what, zsc_metric metric,
                            const zsc_exec *exec, side *out)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){what, NULL}, exec));
    ZSC_TRY(zsc_distinct_find(x, n, d, exec, &out->distinct));
    ZSC_TRY(zsc_knn_rows_make(x, d, out->distinct.first, out->distinct.count, metric, exec, &out->rows));
done:
    return status;
}

static void free_side(side *s)
{
    zsc_knn_rows_free(&s->rows);
    zsc_distinct_free(&s->distinct);
}

/* --- Memory */
static const char what[] = "the search of queries in keys";

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* Of both sides: groups of equal rows, and what the metric takes per distinct row. */
static size_t held_memory(size_t n, size_t m, size_t distinct, zsc_metric metric)
{
    bool angular = metric == ZSC_COSINE || metric == ZSC_CORRELATION;
    size_t each = angular ? 2 * sizeof(double) : metric == ZSC_INNER_PRODUCT ? sizeof(double) : 0;
    return ZSC_MEMORY_REST + zsc_distinct_kept(n) + zsc_distinct_kept(m) + distinct * each;
}

static size_t finding_memory(size_t n, size_t m) /* the distinct rows of both */
{
    return ZSC_MEMORY_REST + larger(zsc_distinct_memory(n), zsc_distinct_kept(n) + zsc_distinct_memory(m));
}

/* n queries, of which `distinct` have lists. */
static size_t expanding_memory(size_t n, size_t distinct, size_t m, size_t k, int threads)
{
    return (n + distinct) * k * 8 + zsc_expand_memory(m, k, threads);
}

size_t zsc_knn_query_memory(size_t n, size_t m, size_t d, size_t k, const zsc_exec *exec)
{
    int threads = zsc_threads(exec);
    if ((double)n * (double)k > 0x1p56 || (double)(n + m) * (double)d > 0x1p56) return SIZE_MAX;
    size_t search = larger(zsc_exact_query_memory(n, m, d + 1, k, threads), expanding_memory(n, n, m, k, threads));
    return larger(held_memory(n, m, n + m, ZSC_COSINE) + search, finding_memory(n, m));
}

/* --- The whole */
static zsc_status search(side *queries, side *keys, const zsc_exec *exec, zsc_knn *result)
{
    zsc_status status = ZSC_OK;
    zsc_expand_lists lists = {.k = result->k < keys->rows.count ? result->k : keys->rows.count};
    int32_t *index = NULL;
    float *distance = NULL;
    int threads = zsc_threads(exec);
    size_t n = queries->rows.count, m = keys->rows.count;
    const zsc_exec held = zsc_memory_hold(exec,
                                          held_memory(queries->distinct.n, keys->distinct.n, n + m, keys->rows.metric));
    const size_t certain = larger(zsc_exact_query_beginning_memory(n, m, keys->rows.d, threads),
                                  expanding_memory(result->n, n, keys->distinct.n, result->k, threads));
    size_t most = zsc_knn_query_memory(queries->distinct.n, keys->distinct.n, keys->rows.d, result->k, exec);
    ZSC_TRY(zsc_memory_expect(exec, zsc_memory_sum(certain, held.memory_held - (exec ? exec->memory_held : 0)), most,
                              what));
    ZSC_TRY(zsc_memory_check(&held, certain, what));
    if (keys->rows.metric == ZSC_INNER_PRODUCT) ZSC_TRY(zsc_knn_rows_lengthen(&keys->rows, &queries->rows, exec));
    ZSC_NEW_RAW(index, queries->rows.count * lists.k);
    ZSC_NEW_RAW(distance, queries->rows.count * lists.k);
    if (queries->rows.count > 0)
        ZSC_TRY(zsc_exact_query(&queries->rows, &keys->rows, lists.k, &held, index, distance, &result->measured));
    lists.index = index;
    lists.distance = distance;
    ZSC_NEW_RAW(result->index, result->n * result->k);
    ZSC_NEW_RAW(result->distance, result->n * result->k);
    ZSC_TRY(zsc_expand(&queries->distinct, &keys->distinct, &lists, exec, result));
done:
    free(index);
    free(distance);
    return status;
}

zsc_status zsc_knn_query(const float *queries, size_t n, const float *keys, size_t m, size_t d, size_t k,
                         zsc_metric metric, const zsc_exec *exec, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    side sides[2] = {0};
    zsc_knn result = {.n = n, .k = k, .method = ZSC_KNN_EXACT};
    ZSC_TRY(check(n, m, k, metric));
    ZSC_TRY(zsc_memory_expect(exec, finding_memory(n, m), zsc_knn_query_memory(n, m, d, k, exec), what));
    ZSC_TRY(zsc_memory_check(exec, finding_memory(n, m), what));
    ZSC_TRY(make_side(queries, n, d, "the queries", metric, exec, &sides[0]));
    ZSC_TRY(make_side(keys, m, d, "the keys", metric, exec, &sides[1]));
    result.distinct = sides[1].rows.count;
    ZSC_TRY(search(&sides[0], &sides[1], exec, &result));
    ZSC_TRY(zsc_check_finite(
        result.distance, n, k,
        (zsc_boundary){"distances of keys", "scale the matrix (--scale): they are too large for single precision"},
        exec));
    *out = result;
    result = (zsc_knn){0};
done:
    zsc_knn_free(&result);
    free_side(&sides[0]);
    free_side(&sides[1]);
    return status;
}
