/* Trustworthiness (Venna and Kaski, ICANN 2001): how far the neighbours that a reduction shows are from being
 * neighbours.
 *
 *     T(k) = 1 - 2 / (n k (2 n - 3 k - 1)) * sum over i, over j in U_k(i), of (r(i, j) - k)
 *
 * U_k(i): the k nearest rows of row i in y (itself left out) that are not among its k nearest in x; r(i, j): the rank
 * of j among the neighbours of i in x, 1 the nearest. Equal distances rank by index (scikit-learn leaves their order to
 * its sort).
 *
 *   1. The k nearest in y, exactly.
 *   2. The distance in x of each of these pairs, in double.
 *   3. One pass over the tiles of x (knn/blocks/pairs.c): every pair (i, l) that may be as near as the farthest of i's
 * shown neighbours comes out and counts for each shown neighbour that it comes before. Where the tile's own product,
 * give or take its error, leaves a doubt between which two it falls, the pair is measured in double. */
#include "zsc/knn.h"

#include <math.h>
#include <pthread.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/pairs.h"
#include "knn/rows.h"

enum {
    FAR = 16
}; /* the farthest of a row's shown neighbours is about the n / FAR-th in x: a guess that speed depends on */

static const char what[] = "trustworthiness";

typedef struct shown { /* one of the neighbours that y shows; a row's are in ascending order */
    double measure;
    int32_t row;
    int32_t before; /* rows between the previous shown neighbour and this one; sums give the rank */
} shown;

typedef struct trust {
    zsc_block_index index;
    zsc_knn_rows rows;
    size_t k;
    shown *list;  /* n x k, by row */
    float *limit; /* by position */
    pthread_mutex_t *lock;
    size_t locks;
} trust;

static bool comes_before(double measure, int32_t row, const shown *s)
{
    return measure < s->measure || (measure == s->measure && row < s->row);
}

static int ascending(const void *a, const void *b)
{
    const shown *x = a, *y = b;
    return comes_before(x->measure, x->row, y) ? -1 : comes_before(y->measure, y->row, x) ? 1 : 0;
}

/* The place of row `other` at MEASURE among the shown neighbours: how many come before it. */
static size_t place(const shown *list, size_t k, double measure, int32_t other)
{
    size_t low = 0, high = k;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (comes_before(measure, other, &list[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Counts row `other` at MEASURE from `row` in front of the first shown neighbour that it comes before. */
static void count(trust *t, size_t row, double measure, int32_t other)
{
    shown *list = t->list + row * t->k;
    size_t at = place(list, t->k, measure, other);
    bool itself_shown = at > 0 && list[at - 1].row == other;
    if (at < t->k && !itself_shown) list[at].before++;
}

/* Where all measures from low to high have one place among those that ROW shows; t->k + 1: not so. A row that is itself
 * shown has no such place: its own measure parts the two. */
static size_t sure_place(const trust *t, size_t row, double low, double high)
{
    const shown *list = t->list + row * t->k;
    size_t at = place(list, t->k, low, -1);
    return at == t->k || comes_before(high, INT32_MAX, &list[at]) ? at : t->k + 1;
}

static bool fixed_limits(void *data, size_t b, float *limit)
{
    const trust *t = data;
    for (size_t r = 0; r < ZSC_TILE; r++) limit[r] = t->limit[b * ZSC_TILE + r];
    return true;
}

/* One pair, counted in its bucket for both rows. */
typedef struct counted {
    size_t place[2]; /* k + 1: to be found from the measure */
    double measure;
} counted;

static counted count_of(const trust *t, size_t at, size_t other, float value)
{
    size_t row[2] = {(size_t)t->index.order[at], (size_t)t->index.order[other]};
    double low, high;
    counted c = {.measure = 0};
    zsc_block_index_bounds(&t->index, at, other, value, &low, &high);
    for (int side = 0; side < 2; side++) c.place[side] = sure_place(t, row[side], low, high);
    if (c.place[0] > t->k || c.place[1] > t->k)
        c.measure = zsc_knn_rows_measure(&t->rows, t->index.vectors.kernels, row[0], row[1]);
    return c;
}

static void count_side(trust *t, const counted *c, int side, int32_t row, int32_t other)
{
    if (c->place[side] > t->k)
        count(t, (size_t)row, c->measure, other);
    else if (c->place[side] < t->k)
        t->list[(size_t)row * t->k + c->place[side]].before++;
}

static void count_pairs(void *data, int thread, size_t I, size_t J, const zsc_tile_pair *pairs, size_t number)
{
    enum { CHUNK = 256 };
    (void)thread;
    trust *t = data;
    const int32_t *order_i = t->index.order + I * ZSC_TILE, *order_j = t->index.order + J * ZSC_TILE;
    counted found[CHUNK];
    for (size_t from = 0; from < number; from += CHUNK) {
        size_t size = number - from < CHUNK ? number - from : CHUNK;
        const zsc_tile_pair *p = pairs + from;
        for (size_t c = 0; c < size; c++)
            found[c] = count_of(t, I * ZSC_TILE + p[c].i, J * ZSC_TILE + p[c].j, p[c].value);
        pthread_mutex_lock(&t->lock[I]);
        for (size_t c = 0; c < size; c++) count_side(t, &found[c], 0, order_i[p[c].i], order_j[p[c].j]);
        pthread_mutex_unlock(&t->lock[I]);
        pthread_mutex_lock(&t->lock[J]);
        for (size_t c = 0; c < size; c++) count_side(t, &found[c], 1, order_j[p[c].j], order_i[p[c].i]);
        pthread_mutex_unlock(&t->lock[J]);
    }
}

/* --- Memory */
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t shape_memory(const zsc_block_shape *s, int threads)
{
    size_t passing = zsc_block_shape_kept(s) + zsc_pairs_memory(s, 0, threads);
    return larger(zsc_block_shape_making(s, threads), passing);
}

/* The shown neighbours; limits and locks. */
static size_t held_memory(size_t n, size_t k, bool angular)
{
    return ZSC_MEMORY_REST + n * k * sizeof(shown) + n * (angular ? 2 * sizeof(double) : 0) +
           (n + ZSC_TILE) * sizeof(float) + (n / ZSC_TILE + 1) * sizeof(pthread_mutex_t);
}

/* --- Stages */
/* The neighbours that y shows, their distances in x, and the limits that follow. */
static zsc_status list_shown(trust *t, const float *y, size_t dim, size_t n, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    const zsc_row_kernels *kernels = ZSC_SIMD_PICK(zsc_row_kernels_of);
    zsc_knn found = {0};
    zsc_knn_options options = {.neighbors = t->k + 1, .metric = ZSC_EUCLIDEAN, .method = ZSC_KNN_EXACT};
    ZSC_TRY(zsc_context(zsc_knn_search(y, n, dim, &options, exec, &found), "the reduction"));
    ZSC_TRY(zsc_memory_check(exec, n * (t->k + 1) * 8 + held_memory(n, t->k, t->rows.inverse), what));
    ZSC_NEW(t->list, n * t->k);
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < t->k; c++) {
            int32_t other = found.index[i * found.k + c + 1];
            t->list[i * t->k + c] = (shown){zsc_knn_rows_measure(&t->rows, kernels, i, (size_t)other), other, 0};
        }
        qsort(t->list + i * t->k, t->k, sizeof(shown), ascending);
    }
done:
    zsc_knn_free(&found);
    return status;
}

static zsc_status set_limits(trust *t)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(t->limit, t->index.blocks * ZSC_TILE);
    ZSC_NEW(t->lock, t->index.blocks);
    for (; t->locks < t->index.blocks; t->locks++) pthread_mutex_init(&t->lock[t->locks], NULL);
    for (size_t at = 0; at < t->index.n; at++) {
        double farthest = t->list[(size_t)t->index.order[at] * t->k + t->k - 1].measure;
        if (t->rows.metric == ZSC_EUCLIDEAN) farthest = sqrt(farthest);
        t->limit[at] = zsc_block_index_limit(&t->index, at, (float)farthest);
    }
done:
    return status;
}

static double sum_of_ranks(const trust *t, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t rank = 0;
        for (size_t c = 0; c < t->k; c++) {
            rank += (uint64_t)t->list[i * t->k + c].before + 1; /* those between, and this neighbour itself */
            if (rank > t->k) sum += rank - t->k;
        }
    }
    return (double)sum;
}

static zsc_status check(size_t n, size_t k, zsc_metric metric)
{
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot compare %zu rows; the most is %d", n, INT32_MAX);
    if (k < 1 || 2 * k >= n)
        return zsc_fail(ZSC_EUSAGE,
                        "neighbors is %zu; trustworthiness needs 1 or more, and less than half of the %zu rows", k, n);
    if ((unsigned)metric > ZSC_CHEBYSHEV)
        return zsc_fail(ZSC_EUSAGE, "there is no metric %d; expected 0 to %d", (int)metric, (int)ZSC_CHEBYSHEV);
    return ZSC_OK;
}

static zsc_status pass_gate(const void *data, const zsc_block_shape *shape)
{
    const zsc_exec *exec = data;
    return zsc_memory_check(exec, shape_memory(shape, zsc_threads(exec)), what);
}

/* At most: the search in y, then the index of x. */
static size_t memory_needed(size_t n, size_t d, size_t dim, size_t k, const zsc_exec *exec)
{
    int threads = zsc_threads(exec);
    const zsc_block_shape deepest = zsc_block_shape_of(n, d, true), flat = zsc_block_shape_of(n, d, false);
    size_t search = zsc_knn_memory(n, dim, &(zsc_knn_options){.neighbors = k + 1, .method = ZSC_KNN_EXACT}, exec);
    size_t index = larger(zsc_block_index_memory(n, d, threads),
                          larger(shape_memory(&deepest, threads), shape_memory(&flat, threads)));
    return held_memory(n, k, true) + larger(search, index);
}

zsc_status zsc_trustworthiness(const float *x, size_t d, const float *y, size_t dim, size_t n, size_t k,
                               zsc_metric metric, const zsc_exec *exec, double *out)
{
    zsc_status status = ZSC_OK;
    trust t = {.k = k};
    ZSC_TRY(check(n, k, metric));
    ZSC_TRY(zsc_memory_expect(exec, n * k * sizeof(shown), memory_needed(n, d, dim, k, exec), what));
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){"the embeddings", NULL}, exec));
    ZSC_TRY(zsc_knn_rows_make(x, d, NULL, n, metric, exec, &t.rows));
    ZSC_TRY(list_shown(&t, y, dim, n, exec));
    const zsc_exec held = zsc_memory_hold(exec, held_memory(n, k, t.rows.inverse));
    ZSC_TRY(zsc_memory_check(&held, zsc_projection_find_memory(n, 0, d, zsc_threads(exec)), what));
    const zsc_block_gate gate = {pass_gate, &held};
    const zsc_block_plan plan = {.nearest = larger(4 * k, n / FAR), .gate = &gate};
    ZSC_TRY(zsc_block_index_make(&t.rows, &plan, exec, &t.index));
    ZSC_TRY(set_limits(&t));
    const zsc_pairs_pass pass = {
        .limits = fixed_limits, .found = count_pairs, .data = &t, .stage = {"trustworthiness", 0, 1}};
    ZSC_TRY(zsc_pairs_run(&t.index, &t.index, &pass, 1, exec));
    double size = (double)n, neighbours = (double)k;
    *out = 1 - sum_of_ranks(&t, n) * 2 / (size * neighbours * (2 * size - 3 * neighbours - 1));
done:
    for (size_t b = 0; b < t.locks; b++) pthread_mutex_destroy(&t.lock[b]);
    free(t.lock);
    free(t.limit);
    free(t.list);
    zsc_block_index_free(&t.index);
    zsc_knn_rows_free(&t.rows);
    return status;
}
