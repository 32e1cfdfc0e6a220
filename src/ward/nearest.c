/* Which search runs. The bounding-box tree compares few clusters where boxes separate them; cells, where balls do, as
 * with spherical clusters in many dimensions; matrix products always compare all, at several times the speed. A sample
 * of queries shows how much would be compared. All are exact: the choice affects time only. It is made again when a
 * third of the clusters have merged, since centroids of large clusters are told apart less well than rows. */
#define _GNU_SOURCE
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/ball_cells.h"
#include "ward/box_tree.h"
#include "ward/cells_sample.h"
#include "ward/gemm_search.h"
#include "ward/nearest.h"

enum {
    SAMPLE = 64,  /* queries */
    FEW = 2048,   /* with fewer clusters it is always the tree */
    FRACTION = 5, /* products cost as much as comparing a fifth of the clusters otherwise (doc/ward.md) */
    LITTLE = 128, /* blocks: where the tree compares no more for a query, no other search is tried */
    MAKING = 512, /* blocks: dividing a cluster among cells takes as long as comparing so many (doc/ward.md) */
    /* cells of which a third have merged are made anew for searches of one in so many clusters, or when but one in so
     * many is left */
    SEARCHES = 32,
    LEFT = 6,
    /* fewer queries, or multiplications, than these take a millisecond or two: not worth waking threads */
    PARALLEL_QUERIES = 256,
    PARALLEL_PRODUCTS = 1 << 26
};

/* Of the time of making a tree, which is looked at first, and cells: until the tree is made, and the sample of cells */
static const double TREE_SHARE = 0.3, SAMPLE_SHARE = 0.35;

static zsc_ward_search_kind forced = ZSC_WARD_SEARCH_AUTO;

void zsc_ward_search_force(zsc_ward_search_kind kind) { forced = kind; }

/* --- Making and freeing one of the three */
static void free_structure(zsc_ward_search *f)
{
    zsc_ward_box_tree_free(&f->tree);
    zsc_ward_cells_free(&f->cells);
    zsc_ward_gemm_free(&f->gemm);
    for (int k = 0; k < f->threads && f->scratch; k++) zsc_ward_cells_scratch_free(&f->scratch[k]);
    free(f->scratch);
    free(f->run);
    f->scratch = NULL;
    f->run = NULL;
}

static zsc_status make_cells(const zsc_ward_clusters *s, const zsc_exec *exec, zsc_ward_search *f)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_ward_cells_make(s, zsc_ward_cells_as_of(s), exec, &f->cells));
    ZSC_NEW(f->scratch, (size_t)f->threads);
    for (int k = 0; k < f->threads; k++) ZSC_TRY(zsc_ward_cells_scratch_make(&f->cells, &f->scratch[k]));
    ZSC_NEW_RAW(f->run, s->live + 1);
done:
    return status;
}

static size_t query_memory(size_t d, int threads) { return (size_t)threads * (d + ZSC_WARD_BLOCK) * 4; }

static size_t cells_memory(size_t clusters, size_t of, size_t d, int threads)
{
    return zsc_ward_cells_memory(clusters, of, d, threads) +
           (size_t)threads * zsc_ward_cells_scratch_memory(clusters, of, d) + clusters * sizeof(int32_t);
}

static size_t structure_memory(zsc_ward_search_kind kind, size_t clusters, size_t of, size_t d, int threads)
{
    switch (kind) {
    case ZSC_WARD_SEARCH_CELLS: return cells_memory(clusters, of, d, threads);
    case ZSC_WARD_SEARCH_GEMM: return zsc_ward_gemm_memory(clusters, d, threads);
    case ZSC_WARD_SEARCH_AUTO:
    case ZSC_WARD_SEARCH_TREE: break;
    }
    return zsc_ward_box_tree_memory(clusters, d);
}

static size_t search_memory(zsc_ward_search_kind kind, const zsc_ward_clusters *s, int threads)
{
    return structure_memory(kind, s->live, zsc_ward_cells_as_of(s), s->d, threads) + query_memory(s->d, threads);
}

static zsc_status make_structure(zsc_ward_search *f, zsc_ward_search_kind kind, const zsc_ward_clusters *s,
                                 const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    free_structure(f);
    f->kind = kind;
    f->live_built = s->live;
    ZSC_TRY(zsc_memory_check(exec, search_memory(kind, s, f->threads), "clustering"));
    if (kind == ZSC_WARD_SEARCH_CELLS) {
        ZSC_TRY(make_cells(s, exec, f));
    } else if (kind == ZSC_WARD_SEARCH_GEMM) {
        ZSC_TRY(zsc_ward_gemm_make(s, f->threads, &f->gemm));
    } else {
        ZSC_TRY(zsc_ward_box_tree_make(s, exec, &f->tree));
    }
done:
    return status;
}

/* --- The choice */
/* What the structure compares with one of the sample, in blocks of clusters. */
static double compared_by_tree(const zsc_ward_search *f, const zsc_ward_clusters *s)
{
    size_t compared = 0, asked = 0, step = s->m / SAMPLE;
#pragma omp parallel for schedule(dynamic, 1) num_threads(f->threads) reduction(+ : compared, asked)
    for (size_t q = 0; q < SAMPLE; q++) {
        zsc_ward_near_list near;
        float *query = f->query + (size_t)zsc_thread_number() * f->tree.width;
        if (s->weight[q * step] == 0) continue;
        compared += zsc_ward_box_tree_search(&f->tree, s, (int32_t)(q * step), query, &near);
        asked++;
    }
    return asked ? (double)compared / (double)asked : 0;
}

/* Whether cells may compare less than LEAST blocks: where there are many clusters, cells of some tell, unless as much
 * is at stake as making cells costs. */
static zsc_status cells_promise(const zsc_ward_search *f, const zsc_ward_clusters *s, double least,
                                const zsc_exec *exec, bool *promise)
{
    zsc_status status = ZSC_OK;
    double compared = 0;
    *promise = zsc_memory_fits(exec, search_memory(ZSC_WARD_SEARCH_CELLS, s, f->threads));
    if (!*promise || f->kind != ZSC_WARD_SEARCH_TREE || least >= MAKING || !zsc_ward_cells_sample_useful(s->live))
        return ZSC_OK;
    const size_t bytes = search_memory(ZSC_WARD_SEARCH_TREE, s, f->threads) +
                         zsc_ward_cells_sample_memory(s->d, f->threads);
    if (!zsc_memory_fits(exec, bytes)) return ZSC_OK;
    ZSC_TRY(zsc_memory_check(exec, bytes, "clustering"));
    ZSC_TRY(zsc_ward_cells_sample(&f->tree, s, exec, &compared));
    *promise = compared <= least;
done:
    return status;
}

/* Makes the structure that compares least, of those that memory allows. Products, once they are the best, stay so. */
static zsc_status choose(zsc_ward_search *f, const zsc_ward_clusters *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    const double by_products = (double)s->live / ZSC_WARD_BLOCK / FRACTION;
    const bool had_cells = f->kind == ZSC_WARD_SEARCH_CELLS;
    double by_tree = by_products;
    if (forced != ZSC_WARD_SEARCH_AUTO) return make_structure(f, forced, s, exec);
    if (f->kind == ZSC_WARD_SEARCH_GEMM) return make_structure(f, f->kind, s, exec);
    zsc_progress_part first = {exec, "clustering", 0, TREE_SHARE},
                      sample = {exec, "clustering", TREE_SHARE, SAMPLE_SHARE},
                      second = {exec, "clustering", SAMPLE_SHARE, 1};
    const zsc_exec for_tree = zsc_progress_within(&first), for_sample = zsc_progress_within(&sample),
                   for_cells = zsc_progress_within(&second);
    if (f->kind != ZSC_WARD_SEARCH_CELLS || s->live < FEW) {
        ZSC_TRY(make_structure(f, ZSC_WARD_SEARCH_TREE, s, &for_tree));
        if (s->live < FEW) goto done;
        by_tree = compared_by_tree(f, s);
        if (by_tree <= LITTLE) goto done;
    }
    const bool tree = by_tree < by_products ||
                      !zsc_memory_fits(exec, search_memory(ZSC_WARD_SEARCH_GEMM, s, f->threads));
    const double least = fmin(by_tree, by_products);
    bool promise;
    ZSC_TRY(cells_promise(f, s, least, &for_sample, &promise));
    if (promise) {
        ZSC_TRY(make_structure(f, ZSC_WARD_SEARCH_CELLS, s, &for_cells));
        double by_cells = zsc_ward_cells_compared(&f->cells, s, f->scratch, f->threads);
        if (had_cells || by_cells <= least) goto done;
    } else if (tree && f->kind == ZSC_WARD_SEARCH_TREE) {
        goto done;
    }
    second.begin = second.end;
    status = make_structure(f, tree ? ZSC_WARD_SEARCH_TREE : ZSC_WARD_SEARCH_GEMM, s, &for_cells);
done:
    return status;
}

zsc_status zsc_ward_search_make(const zsc_ward_clusters *s, const zsc_exec *exec, zsc_ward_search *out)
{
    zsc_status status = ZSC_OK;
    zsc_ward_search f = {.threads = zsc_threads(exec)};
    ZSC_NEW(f.query, (size_t)f.threads * (s->d + ZSC_WARD_BLOCK));
    ZSC_TRY(choose(&f, s, exec));
    *out = f;
    f = (zsc_ward_search){0};
done:
    zsc_ward_search_free(&f);
    return status;
}

/* One of them at a time. With few clusters it is the tree. */
size_t zsc_ward_search_memory(size_t clusters, size_t d, int threads)
{
    size_t most = structure_memory(ZSC_WARD_SEARCH_TREE, clusters, clusters, d, threads);
    if (zsc_ward_cells_sample_useful(clusters)) most += zsc_ward_cells_sample_memory(d, threads);
    for (int kind = ZSC_WARD_SEARCH_CELLS; kind <= ZSC_WARD_SEARCH_GEMM && clusters >= FEW; kind++) {
        size_t bytes = structure_memory((zsc_ward_search_kind)kind, clusters, clusters, d, threads);
        most = bytes > most ? bytes : most;
    }
    return most + query_memory(d, threads);
}

void zsc_ward_search_free(zsc_ward_search *f)
{
    free_structure(f);
    free(f->query);
    *f = (zsc_ward_search){0};
}

/* --- Searching */
static int by_position(const void *a, const void *b, void *data)
{
    const int32_t *position = data;
    int32_t x = position[*(const int32_t *)a], y = position[*(const int32_t *)b];
    return (x > y) - (x < y);
}

static void search_tree(const zsc_ward_search *f, const zsc_ward_clusters *s, int32_t *slots, size_t count, int threads,
                        zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (count > PARALLEL_QUERIES)
    for (size_t q = 0; q < count; q++) {
        zsc_ward_near_list near;
        if (!zsc_poll(polls, (double)q / (double)count)) continue;
        zsc_ward_box_tree_search(&f->tree, s, slots[q], f->query + (size_t)zsc_thread_number() * f->tree.width, &near);
        found(data, slots[q], &near);
    }
}

/* Slots of one cell follow one another. Searches of many cells are made at a time, or of as many slots where each is
 * searched alone; f->run receives where each time begins. */
static size_t find_batches(const zsc_ward_search *f, const int32_t *slots, size_t count, bool alone, int threads)
{
    size_t batches = 0, cells = 0, most = count / (size_t)threads + 1;
    if (most > ZSC_WARD_CELL_QUERIES) most = ZSC_WARD_CELL_QUERIES;
    for (size_t q = 0; q < count; q++) {
        bool same = !alone && q > 0 &&
                    zsc_ward_cell_of(&f->cells, slots[q]) == zsc_ward_cell_of(&f->cells, slots[q - 1]);
        bool full = q > 0 && (q - (size_t)f->run[batches - 1] == most || (!same && cells == ZSC_WARD_RUNS));
        if (q == 0 || full) {
            f->run[batches++] = (int32_t)q;
            cells = 0;
        }
        cells += full || !same;
    }
    f->run[batches] = (int32_t)count;
    return batches;
}

/* What was left is compared with all clusters. */
static void search_left(const zsc_ward_search *f, const zsc_ward_clusters *s, const int32_t *slots, size_t count,
                        int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
    size_t size = count / (size_t)threads + 1;
    if (size > ZSC_WARD_CELL_QUERIES) size = ZSC_WARD_CELL_QUERIES;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (count * s->live * s->d > PARALLEL_PRODUCTS)
    for (size_t start = 0; start < count; start += size) {
        zsc_ward_near_list near[ZSC_WARD_CELL_QUERIES];
        size_t here = start + size < count ? size : count - start;
        if (!zsc_poll(polls, (double)start / (double)count)) continue;
        zsc_ward_cells_search_all(&f->cells, s, slots + start, here, &f->scratch[zsc_thread_number()], near);
        for (size_t q = 0; q < here; q++) found(data, slots[start + q], &near[q]);
    }
}

/* Moves the slots that are left to the front; how many. */
static size_t search_batches(const zsc_ward_search *f, const zsc_ward_clusters *s, int32_t *slots, size_t count,
                             bool alone, int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
    size_t batches = find_batches(f, slots, count, alone, threads), left = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (count > PARALLEL_QUERIES)
    for (size_t b = 0; b < batches; b++) {
        zsc_ward_near_list near[ZSC_WARD_CELL_QUERIES];
        size_t first = (size_t)f->run[b], many = (size_t)f->run[b + 1] - first;
        if (!zsc_poll(polls, (double)b / (double)batches)) continue;
        zsc_ward_cells_search(&f->cells, s, slots + first, many, alone, &f->scratch[zsc_thread_number()], near);
        for (size_t q = 0; q < many; q++) {
            if (near[q].radius < 0)
                slots[first + q] = -1 - slots[first + q];
            else
                found(data, slots[first + q], &near[q]);
        }
    }
    for (size_t q = 0; q < count; q++)
        if (slots[q] < 0) slots[left++] = -1 - slots[q];
    return left;
}

static void search_cells(const zsc_ward_search *f, const zsc_ward_clusters *s, int32_t *slots, size_t count,
                         int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
    const double begin = polls->begin, third = (polls->end - begin) / 3;
    polls->end = begin + third;
    size_t left = search_batches(f, s, slots, count, false, threads, polls, found, data);
    polls->begin = polls->end;
    polls->end = begin + 2 * third;
    left = search_batches(f, s, slots, left, true, threads, polls, found, data);
    polls->begin = polls->end;
    polls->end = begin + 3 * third;
    search_left(f, s, slots, left, threads, polls, found, data);
}

static void search_gemm(const zsc_ward_search *f, const zsc_ward_clusters *s, int32_t *slots, size_t count, int threads,
                        zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
    size_t size = count / (size_t)threads + 1;
    if (size > ZSC_WARD_GEMM_QUERIES) size = ZSC_WARD_GEMM_QUERIES;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (count * s->live * s->d > PARALLEL_PRODUCTS)
    for (size_t start = 0; start < count; start += size) {
        zsc_ward_near_list near[ZSC_WARD_GEMM_QUERIES];
        size_t here = start + size < count ? size : count - start;
        if (!zsc_poll(polls, (double)start / (double)count)) continue;
        zsc_ward_gemm_search(&f->gemm, s, slots + start, here, zsc_thread_number(), near);
        for (size_t q = 0; q < here; q++) found(data, slots[start + q], &near[q]);
    }
}

void zsc_ward_search_run(const zsc_ward_search *f, const zsc_ward_clusters *s, int32_t *slots, size_t count,
                         int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
    static const struct {
        void (*search)(const zsc_ward_search *, const zsc_ward_clusters *, int32_t *, size_t, int, zsc_polls *,
                       zsc_ward_found_fn, void *);
    } kinds[] = {[ZSC_WARD_SEARCH_TREE] = {search_tree},
                 [ZSC_WARD_SEARCH_CELLS] = {search_cells},
                 [ZSC_WARD_SEARCH_GEMM] = {search_gemm}};
    int32_t *position = f->kind == ZSC_WARD_SEARCH_TREE    ? f->tree.position
                        : f->kind == ZSC_WARD_SEARCH_CELLS ? f->cells.position
                                                           : f->gemm.position;
    /* Queries that are near one another follow one another, so that what they read is in the cache. */
    if (count > 2) qsort_r(slots, count, sizeof *slots, by_position, position);
    kinds[f->kind].search(f, s, slots, count, threads, polls, found, data);
}

/* A third were merged. */
static bool is_stale(const zsc_ward_search *f, const zsc_ward_clusters *s)
{
    return s->live > 1 && s->live * 3 < f->live_built * 2;
}

/* Cells are expensive to make, and what is stored of their searches lasts. */
zsc_status zsc_ward_search_refresh(zsc_ward_search *f, const zsc_ward_clusters *s, size_t count, const zsc_exec *exec)
{
    if (f->kind != ZSC_WARD_SEARCH_CELLS || !is_stale(f, s) || count == 0) return ZSC_OK;
    return count * SEARCHES > s->live || s->live * LEFT < f->live_built ? choose(f, s, exec) : ZSC_OK;
}

size_t zsc_ward_search_near(const zsc_ward_search *f)
{
    return f->kind == ZSC_WARD_SEARCH_TREE ? ZSC_WARD_NEAR : ZSC_WARD_NEAR_MOST;
}

zsc_status zsc_ward_search_merge(zsc_ward_search *f, const zsc_ward_clusters *s, const zsc_ward_merge *pair,
                                 size_t pairs, const zsc_exec *exec)
{
    if (f->kind != ZSC_WARD_SEARCH_CELLS && is_stale(f, s)) return choose(f, s, exec);
    if (f->kind == ZSC_WARD_SEARCH_CELLS) zsc_ward_cells_merge(&f->cells, s, pair, pairs, f->threads);
    for (size_t p = 0; p < pairs; p++) {
        if (f->kind == ZSC_WARD_SEARCH_TREE) zsc_ward_box_tree_merge(&f->tree, s, pair[p].a, pair[p].b);
        if (f->kind == ZSC_WARD_SEARCH_GEMM) zsc_ward_gemm_merge(&f->gemm, s, pair[p].a, pair[p].b);
    }
    return ZSC_OK;
}

const char *zsc_ward_search_name(const zsc_ward_search *f)
{
    switch (f->kind) {
    case ZSC_WARD_SEARCH_CELLS: return "Ward: reciprocal nearest neighbours, found in cells of near clusters";
    case ZSC_WARD_SEARCH_GEMM: return "Ward: reciprocal nearest neighbours, found by matrix products";
    case ZSC_WARD_SEARCH_AUTO:
    case ZSC_WARD_SEARCH_TREE: break;
    }
    return "Ward: reciprocal nearest neighbours, found in a bounding-box tree";
}
