/* zsc_knn_search, zsc_knn_search_kept: checks, distinct rows, the search itself, and back to all rows.
 *
 *   1. Refuse NaN and infinity.
 *   2. Find the distinct rows; only these are searched (linalg/distinct.h).
 *   3. Search exactly or approximately for the k nearest distinct rows of each (all of them if there are fewer).
 *   4. Expand: the nearest rows of a row are the members of its nearest groups (expand.h). */
#include "zsc/knn.h"

#include <math.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/threads.h"
#include "linalg/distinct.h"
#include "knn/exact/exact.h"
#include "knn/expand.h"
#include "knn/knn_memory.h"
#include "knn/nn_descent.h"
#include "knn/rows.h"
#include "knn/search_state.h"

static zsc_knn_options whole_defaults(void)
{
    return (zsc_knn_options){.neighbors = 30, .metric = ZSC_EUCLIDEAN, .method = ZSC_KNN_AUTO};
}

void zsc_knn_options_init(zsc_knn_options *options, size_t size)
{
    const zsc_knn_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static zsc_status check(size_t n, const zsc_knn_options *options)
{
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot search %zu rows; the most is %d", n, INT32_MAX);
    if (options->neighbors < 1) return zsc_fail(ZSC_EUSAGE, "neighbors is 0; expected 1 (the row itself) or more");
    if (options->neighbors > n && n > 0)
        return zsc_fail(ZSC_EUSAGE, "neighbors is %zu, and there are only %zu rows", options->neighbors, n);
    if ((unsigned)options->metric > ZSC_CHEBYSHEV)
        return zsc_fail(ZSC_EUSAGE, "there is no metric %d; expected 0 to %d", (int)options->metric,
                        (int)ZSC_CHEBYSHEV);
    if ((unsigned)options->method > ZSC_KNN_APPROX)
        return zsc_fail(ZSC_EUSAGE, "there is no search method %d; expected 0 to %d", (int)options->method,
                        (int)ZSC_KNN_APPROX);
    return ZSC_OK;
}

/* --- Memory */
static const char what[] = "the search for neighbours";

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t held_memory(size_t n, size_t count, size_t d, zsc_metric metric)
{
    bool angular = metric == ZSC_COSINE || metric == ZSC_CORRELATION;
    /* Arenas of the workers have pages that are not full, more where the matrix is larger. */
    size_t eighth = count == 0 || d < SIZE_MAX / 4 / count ? count * d * sizeof(float) / 8 : SIZE_MAX,
           arenas = eighth < ZSC_MEMORY_REST ? eighth : ZSC_MEMORY_REST;
    return ZSC_MEMORY_REST + arenas + zsc_distinct_kept(n) + (angular ? count * 2 * sizeof(double) : 0);
}

/* When the search is over: the lists of distinct rows and of all. */
static size_t expanding_memory(size_t n, size_t count, size_t k, int threads)
{
    return (n * k + count * (k < count ? k : count)) * 8 + zsc_expand_memory(n, k, threads);
}

/* Of COUNT distinct rows, at most. */
static size_t search_memory(size_t n, size_t count, size_t d, const zsc_knn_options *options, const zsc_exec *exec)
{
    int threads = zsc_threads(exec);
    size_t k = options->neighbors, search = zsc_exact_memory(&(zsc_knn_features){.d = d}, 1, count, 1, k, threads);
    if (zsc_knn_choose(count, d, options, exec) == ZSC_KNN_APPROX) /* which may yet search exactly */
        search = larger(search, zsc_nn_descent_memory(count, d, k, threads));
    search = larger(search, expanding_memory(n, count, k, threads));
    return held_memory(n, count, d, options->metric) + search;
}

size_t zsc_knn_memory(size_t n, size_t d, const zsc_knn_options *options, const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_knn_options, options, zsc_knn_defaults());
    if ((double)n * (double)options->neighbors > 0x1p56) return SIZE_MAX; /* no sum below can wrap then */
    return larger(search_memory(n, n, d, options, exec), zsc_distinct_memory(n));
}

size_t zsc_knn_memory_typical(size_t n, size_t distinct, size_t d, const zsc_knn_options *options, const zsc_exec *exec)
{
    enum { DEPTH = 64 }; /* coordinates that embeddings are projected onto */
    int threads = zsc_threads(exec);
    size_t k = options->neighbors < distinct ? options->neighbors : distinct;
    if ((double)n * (double)options->neighbors > 0x1p56) return SIZE_MAX;
    const bool sums = options->metric == ZSC_MANHATTAN || options->metric == ZSC_CHEBYSHEV;
    zsc_block_shape shape = zsc_block_shape_of(distinct, d, !sums);
    if (zsc_block_shape_projected(&shape) && shape.depth > DEPTH) shape.depth = shape.coordinates = DEPTH;
    size_t search = zsc_knn_choose(distinct, d, options, exec) == ZSC_KNN_APPROX
                        ? zsc_nn_descent_shape_memory(&shape, k, threads)
                        : zsc_exact_shapes_memory(&shape, 1, 1, k, threads);
    size_t most = held_memory(n, distinct, d, options->metric) +
                  larger(search, expanding_memory(n, distinct, options->neighbors, threads));
    return larger(most, zsc_distinct_memory(n));
}

/* What is certain when the distinct rows are known; the search says the rest. *inner: EXEC, and what is held. */
static zsc_status check_memory(const zsc_knn_rows *rows, const zsc_distinct *distinct, const zsc_knn_options *options,
                               const zsc_exec *exec, zsc_exec *inner)
{
    int threads = zsc_threads(exec);
    size_t n = distinct->n, count = distinct->count;
    size_t held = held_memory(n, count, rows->d, options->metric), finding = ZSC_MEMORY_REST + zsc_distinct_memory(n);
    size_t certain = larger(zsc_exact_beginning_memory(&(zsc_knn_features){.d = rows->d}, 1, count, threads),
                            expanding_memory(n, count, options->neighbors, threads));
    *inner = zsc_memory_hold(exec, held);
    zsc_status status = zsc_memory_expect(exec, larger(finding, held + certain),
                                          larger(finding, search_memory(n, count, rows->d, options, exec)), what);
    if (status == ZSC_OK) status = zsc_memory_check(exec, finding, what);
    return status == ZSC_OK ? zsc_memory_check(inner, certain, what) : status;
}

/* --- The whole */
static const double DISTINCT = 0.05; /* of the progress: when distinct rows are known */

zsc_status zsc_knn_search(const float *x, size_t n, size_t d, const zsc_knn_options *options, const zsc_exec *exec,
                          zsc_knn *out)
{
    return zsc_knn_search_kept(x, n, d, options, NULL, exec, out);
}

zsc_status zsc_knn_search_kept(const float *x, size_t n, size_t d, const zsc_knn_options *options,
                               const zsc_knn_keeper *keeper, const zsc_exec *exec, zsc_knn *out)
{
    ZSC_OPTIONS(zsc_knn_options, options, zsc_knn_defaults());
    zsc_status status = ZSC_OK;
    zsc_distinct distinct = {0};
    zsc_knn_rows rows = {0};
    zsc_knn result = {.n = n, .k = options->neighbors};
    int32_t *index = NULL;
    float *distance = NULL;
    zsc_progress_part searching = {exec, "knn", DISTINCT, 1};
    const zsc_exec within = zsc_progress_within(&searching);
    zsc_exec inner;
    ZSC_TRY(check(n, options));
    ZSC_TRY(zsc_memory_expect(exec, zsc_distinct_memory(n), zsc_knn_memory(n, d, options, exec), what));
    ZSC_TRY(zsc_ask(exec, "knn"));
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){"the rows to search", NULL}, exec));
    ZSC_TRY(zsc_ask(exec, "knn"));
    ZSC_TRY(zsc_distinct_find(x, n, d, exec, &distinct));
    ZSC_TRY(zsc_ask(&within, "knn"));
    ZSC_TRY(zsc_knn_rows_make(x, d, distinct.first, distinct.count, options->metric, &within, &rows));
    size_t k = options->neighbors < distinct.count ? options->neighbors : distinct.count;
    ZSC_TRY(check_memory(&rows, &distinct, options, &within, &inner));
    ZSC_NEW_RAW(index, distinct.count * k);
    ZSC_NEW_RAW(distance, distinct.count * k);
    result.distinct = distinct.count;
    result.method = zsc_knn_choose(distinct.count, d, options, exec);
    bool exact = true;
    if (result.method == ZSC_KNN_APPROX)
        ZSC_TRY(zsc_nn_descent_search(&rows, k, ZSC_NN_DESCENT_GROUPS, options->seed, keeper, &inner, index, distance,
                                      &exact));
    else
        ZSC_TRY(zsc_exact_search(&rows, k, &inner, index, distance));
    if (exact) result.method = ZSC_KNN_EXACT;
    ZSC_NEW_RAW(result.index, n * result.k);
    ZSC_NEW_RAW(result.distance, n * result.k);
    ZSC_TRY(zsc_expand(&distinct, &distinct, &(zsc_expand_lists){k, index, distance}, exec, &result));
    ZSC_TRY(zsc_check_finite(result.distance, n, result.k,
                             (zsc_boundary){"distances of neighbours",
                                            "scale the matrix (--scale): they are too large for single precision"},
                             exec));
    *out = result;
    result = (zsc_knn){0};
done:
    zsc_knn_free(&result);
    free(index);
    free(distance);
    zsc_knn_rows_free(&rows);
    zsc_distinct_free(&distinct);
    return status;
}

void zsc_knn_free(zsc_knn *knn)
{
    if (!knn) return;
    free(knn->index);
    free(knn->distance);
    *knn = (zsc_knn){0};
}

size_t zsc_knn_disconnect(zsc_knn *knn, double distance)
{
    size_t removed = 0;
    for (size_t i = 0; i < knn->n * knn->k; i++) {
        if (!((double)knn->distance[i] >= distance) || knn->index[i] < 0) continue;
        knn->index[i] = -1;
        knn->distance[i] = INFINITY;
        removed++;
    }
    return removed;
}

/* The exact search's work, in coordinates of pairs: projections make it grow with at most about 128 coordinates;
 * without them (Manhattan, Chebyshev) each coordinate costs 3 operations instead of 1. Threads do not count, since the
 * result must not depend on them. */
zsc_knn_method zsc_knn_choose(size_t n, size_t d, const zsc_knn_options *options, const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_knn_options, options, zsc_knn_defaults());
    (void)exec;
    const double most = 5e12; /* about 200,000 rows of 128 and more coordinates: half a minute on two processors */
    bool projected = options->metric != ZSC_MANHATTAN && options->metric != ZSC_CHEBYSHEV;
    double coordinates = projected ? (d < 128 ? (double)d : 128) : 3 * (double)d;
    if (options->method != ZSC_KNN_AUTO) return options->method;
    return (double)n * (double)n * coordinates <= most ? ZSC_KNN_EXACT : ZSC_KNN_APPROX;
}
