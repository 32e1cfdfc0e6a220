/* Queries in keys: the search of knn/exact/exact.c with an index of queries and one of keys, in one space.
 *
 * Where rows are projected, indices take a third of what they are made of. So there is never one of all rows: some
 * queries are searched in some keys at a time, which take the shares of memory below. The first keys are searched in
 * two passes; then the k-th distance so far bounds what any others may have, and their second pass is enough.
 *
 * Where they are not projected, an index holds next to nothing, and there is one of all queries and one of all keys. */
#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/pd_tree.h"
#include "knn/exact/bounds.h"
#include "knn/exact/exact.h"
#include "knn/exact/pass.h"

enum { ROUND = ZSC_PAIRS_GROUP * ZSC_TILE, LEAST = 18 * ROUND, PER_NEIGHBOUR = 8 };

/* Of the memory of all queries and keys, what the index of the queries at work takes, and that of the keys. */
#define QUERIES_SHARE 0.06
#define KEYS_SHARE 0.025

typedef struct search {
    const zsc_knn_rows *queries, *keys;
    size_t k;
    const zsc_exec *exec;
    zsc_block_index space;
    size_t query_step, key_step; /* rows at a time */
    zsc_joint_index key_index;
    size_t held; /* the first of the keys in key_index; SIZE_MAX: none */
    int32_t *index;
    float *distance;
    uint64_t measured;
} search;

/* As few equal parts as `share` allows, of whole groups of blocks. */
static size_t step_of(size_t count, size_t all, size_t width, size_t depth, double share, size_t k)
{
    double bytes = share * (double)all * (double)width * 4, each = (double)(width + 8 * depth + 64);
    double least = k < SIZE_MAX / PER_NEIGHBOUR && k * PER_NEIGHBOUR > LEAST ? (double)(k * PER_NEIGHBOUR) : LEAST;
    double most = bytes / each > least ? bytes / each : least;
    size_t parts = (size_t)((double)count / most) + 1, step = (count + parts - 1) / parts;
    return (step + ROUND - 1) / ROUND * ROUND;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t part_size(size_t count, size_t from, size_t step) { return count - from < step ? count - from : step; }

/* --- Memory */
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* Queries and keys at work, their space, lists of the queries, a pass. n and m: all of them. */
static size_t space_memory(const zsc_block_shape *space, size_t n, size_t m, size_t k, bool refining, int threads)
{
    zsc_block_shape queries = *space, keys = *space;
    bool projected = zsc_block_shape_projected(space);
    size_t keep = k + ZSC_EXACT_SPARE, results = n * k * 8;
    queries.n = n;
    keys.n = m;
    queries.basis = keys.basis = 0;
    queries.coordinates = keys.coordinates = projected ? space->depth : 0;
    if (projected) {
        queries.n = smaller(n, step_of(n, n + m, space->width, space->depth, QUERIES_SHARE, 0));
        keys.n = smaller(m, step_of(m, n + m, space->width, space->depth, KEYS_SHARE, k));
    }
    size_t kept[2] = {zsc_block_shape_kept(&queries), zsc_block_shape_kept(&keys)};
    size_t lists = zsc_exact_lists_memory(queries.n, 1, keep), parts = queries.n < n ? results : 0;
    size_t bounds = projected ? zsc_exact_bound_memory(keys.n, 1, keep, threads) : 0;
    size_t pass = zsc_exact_pass_memory(&queries, 1, keys.n, 1, keep, projected || refining, threads);
    size_t searching = kept[0] + kept[1] + lists + larger(larger(pass, bounds), parts ? 0 : results);
    size_t making = larger(zsc_block_shape_making(&queries, threads) + (parts ? kept[1] : 0),
                           kept[0] + zsc_block_shape_making(&keys, threads) + (keys.n < m ? lists : 0));
    return space->basis * space->width * 8 + parts + larger(searching, making);
}

size_t zsc_exact_query_beginning_memory(size_t n, size_t m, size_t d, int threads)
{
    return zsc_projection_find_memory(m, n, d, threads);
}

size_t zsc_exact_query_memory(size_t n, size_t m, size_t d, size_t k, int threads)
{
    size_t most = zsc_exact_query_beginning_memory(n, m, d, threads);
    for (int deep = 0; deep < 2; deep++) {
        const zsc_block_shape space = zsc_block_shape_of(m, d, deep);
        most = larger(most, space_memory(&space, n, m, k, true, threads));
    }
    return most;
}

/* --- The search */
/* The index of the keys from `from` on. */
static zsc_status hold_keys(search *s, zsc_knn_rows *rows, size_t from)
{
    if (s->held == from) return ZSC_OK;
    zsc_joint_index_free(&s->key_index);
    s->held = SIZE_MAX;
    *rows = zsc_knn_rows_part(s->keys, from, part_size(s->keys->count, from, s->key_step));
    zsc_status status = zsc_joint_index_make_in(&s->space, rows, s->exec, &s->key_index);
    if (status == ZSC_OK) s->held = from;
    return status;
}

static zsc_pairs_stage stage_of(const search *s, size_t query, size_t key)
{
    double queries = (double)s->queries->count, keys = (double)s->keys->count;
    double many = (double)part_size(s->queries->count, query, s->query_step) / queries;
    double before = (double)query / queries + many * (double)key / keys;
    return (zsc_pairs_stage){"knn", before, before + many * (double)part_size(s->keys->count, key, s->key_step) / keys};
}

/* The queries from `from` on. rows: where the keys at work are kept. */
static zsc_status search_queries(search *s, zsc_knn_rows *rows, size_t from)
{
    zsc_status status = ZSC_OK;
    const zsc_knn_rows part = zsc_knn_rows_part(s->queries, from, part_size(s->queries->count, from, s->query_step));
    zsc_joint_index queries = {0};
    zsc_exact_lists lists = {0};
    ZSC_TRY(zsc_joint_index_make_in(&s->space, &part, s->exec, &queries));
    queries.keys = &s->key_index;
    for (size_t key = 0; key < s->keys->count; key += s->key_step) {
        const zsc_pairs_stage stage = stage_of(s, from, key);
        ZSC_TRY(hold_keys(s, rows, key));
        if (key == 0)
            ZSC_TRY(zsc_exact_lists_make(&queries.index[0], &s->key_index.index[0], 1, s->k, s->k + ZSC_EXACT_SPARE,
                                         zsc_threads(s->exec), &lists));
        lists.keys = &s->key_index.index[0];
        lists.first_key = (int32_t)key;
        if (key == 0) {
            const zsc_exec held = zsc_memory_hold(s->exec, zsc_block_shape_kept(queries.shape) +
                                                               zsc_block_shape_kept(s->key_index.shape) +
                                                               zsc_exact_lists_memory(part.count, 1, lists.keep));
            ZSC_TRY(zsc_exact_two_passes(&queries, &lists, &stage, &held));
        }
        if (key > 0) ZSC_TRY(zsc_exact_second_pass(&queries, &lists, &stage, s->exec));
    }
    s->measured += lists.measured;
    zsc_exact_lists_take(&lists, 0, s->index + from * s->k, s->distance + from * s->k);
done:
    zsc_exact_lists_free(&lists);
    zsc_joint_index_free(&queries);
    return status;
}

zsc_status zsc_exact_query(const zsc_knn_rows *queries, const zsc_knn_rows *keys, size_t k, const zsc_exec *exec,
                           int32_t *index, float *distance, uint64_t *measured)
{
    zsc_status status = ZSC_OK;
    zsc_knn_rows rows = {0};
    search s = {.queries = queries, .keys = keys, .k = k, .exec = exec, .index = index, .distance = distance};
    size_t all = queries->count + keys->count;
    s.held = SIZE_MAX;
    ZSC_TRY(zsc_block_index_space(keys, queries, &(zsc_block_plan){.nearest = k}, exec, &s.space));
    const zsc_block_shape space = zsc_block_index_shape(&s.space);
    ZSC_TRY(zsc_memory_check(exec, space_memory(&space, queries->count, keys->count, k, false, zsc_threads(exec)),
                             "the search of queries in keys"));
    s.query_step = queries->count;
    s.key_step = keys->count;
    if (s.space.depth < s.space.vectors.width) {
        s.query_step = step_of(queries->count, all, queries->d, s.space.depth, QUERIES_SHARE, 0);
        s.key_step = step_of(keys->count, all, keys->d, s.space.depth, KEYS_SHARE, k);
    }
    for (size_t from = 0; from < queries->count; from += s.query_step) ZSC_TRY(search_queries(&s, &rows, from));
    *measured = s.measured;
done:
    zsc_joint_index_free(&s.key_index);
    zsc_block_index_free(&s.space);
    return status;
}
