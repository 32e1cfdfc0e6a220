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

static size_t part_size(size_t count, size_t from, size_t step) { return count - from < step ? count - from : step; }

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
        if (key == 0)
            ZSC_TRY(zsc_exact_two_passes(&queries, &lists, &stage, s->exec));
        else
            ZSC_TRY(zsc_exact_second_pass(&queries, &lists, &stage, s->exec));
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

/* Of the rows at work: what their index keeps, and what its making takes beside that. */
static size_t index_memory(size_t count, size_t all, size_t d, double share, size_t k, size_t *making)
{
    size_t depth = d / 2 < ZSC_PROJECTION_MOST ? d / 2 : ZSC_PROJECTION_MOST;
    size_t step = step_of(count, all, d, 16, share, k), rows = count < step ? count : step;
    *making = rows * (depth * 4 + ZSC_PD_TREE_MOST * 4) + zsc_pd_tree_memory(rows);
    return zsc_block_index_kept_memory(rows, d);
}

size_t zsc_exact_query_memory(size_t n, size_t m, size_t d, size_t k, int threads)
{
    size_t making[2], kept[2] = {index_memory(n, n + m, d, QUERIES_SHARE, 0, &making[0]),
                                 index_memory(m, n + m, d, KEYS_SHARE, k, &making[1])};
    size_t step = step_of(m, n + m, d, 16, KEYS_SHARE, k), few = m < step ? m : step, keep = k + ZSC_EXACT_SPARE;
    const zsc_knn_features block = {.d = d};
    size_t searching = zsc_exact_lists_memory(n, 1, keep) + zsc_exact_bound_memory(few, 1, keep, threads) +
                       zsc_pairs_units_memory(n, m) + zsc_exact_pass_memory(&block, 1, ROUND, 1, keep, threads);
    size_t most = kept[0] + kept[1] + searching, space = zsc_projection_memory(m, d, threads);
    for (int side = 0; side < 2; side++)
        if (kept[0] + (size_t)side * kept[1] + making[side] > most)
            most = kept[0] + (size_t)side * kept[1] + making[side];
    return (n + m) * 48 + (most > space ? most : space);
}
