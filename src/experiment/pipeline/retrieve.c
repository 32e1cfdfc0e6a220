/* Steps: load keys; load the queries of each column; put their vectors one below the other, without those that are
 * keys; search; score the lists at each rank, for each k and column.
 *
 * Several query encoders in one key encoder are one search: the columns of all stand side by side, those of pair p from
 * p x splits on. Keys are loaded and prepared once. What is found of a query does not depend on the others. */
#include "experiment/pipeline/retrieve.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/pipeline/probe_queries.h"
#include "experiment/pipeline/retrieve_intervals.h"

typedef struct retrieval {
    zsc_retrieve_rows rows;
    zsc_dataset stopping; /* rows for early stopping of a linear probe */
    zsc_knn found;
    size_t width;                  /* of its lists once own keys are taken out */
    zsc_retrieve_stored_fn stored; /* may be NULL */
    void *stored_data;
} retrieval;

/* --- Search */
static zsc_status check_k(const retrieval *r, size_t most)
{
    bool others = r->rows.options->known == ZSC_KNOWN_OTHERS;
    size_t keys = r->rows.result.keys - (others && r->rows.result.keys ? 1 : 0);
    if (most <= keys) return ZSC_OK;
    return zsc_fail(ZSC_EUSAGE, "k is %zu, and there are only %zu %skeys; expected a smaller --k", most, keys,
                    others ? "other " : "");
}

/* Takes a query's own key out of its list, or the last one. */
static void drop_own(retrieval *r, size_t query, int32_t own)
{
    int32_t *index = r->found.index + query * r->found.k;
    float *distance = r->found.distance + query * r->found.k;
    size_t kept = 0;
    for (size_t c = 0; c < r->found.k && kept < r->width; c++) {
        if (own >= 0 && index[c] == own) continue;
        index[kept] = index[c];
        distance[kept++] = distance[c];
    }
}

/* Keys that are in memory. */
static zsc_status search_matrix(retrieval *r, size_t n, size_t k)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->rows.result;
    const zsc_exec *exec = r->rows.exec;
    size_t matrices = (n + out->keys) * out->dim * sizeof(float),
           needed = zsc_knn_query_memory(n, out->keys, out->dim, k, exec);
    ZSC_TRY(zsc_memory_expect(exec, matrices, zsc_memory_sum(needed, matrices), "retrieval, embeddings included,"));
    const zsc_exec held = zsc_memory_hold(exec, matrices);
    ZSC_TRY(zsc_knn_query(r->rows.x, n, out->key_data.x, out->keys, out->dim, k, r->rows.options->metric, &held,
                          &r->found));
    out->distinct_keys = r->found.distinct;
done:
    return status;
}

/* Keys that stay in their files. */
static zsc_status search_files(retrieval *r, size_t n, size_t k)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->rows.result;
    size_t queries = n * out->dim * sizeof(float);
    const zsc_exec held = zsc_memory_hold(r->rows.exec, queries);
    size_t block = zsc_knn_query_block(n, out->keys, out->dim, k, &held);
    ZSC_TRY(zsc_memory_expect(&held, block * out->dim * sizeof(float),
                              zsc_knn_query_blocks_memory(n, block, out->dim, k, &held),
                              "retrieval, with keys read in blocks,"));
    if (block < out->keys)
        zsc_note("%zu keys are read in blocks of %zu, since their matrix takes much of the memory", out->keys, block);
    ZSC_TRY(zsc_knn_query_blocks(r->rows.x, n, zsc_dataset_reader_rows, r->rows.reader, out->keys, out->dim, block, k,
                                 r->rows.options->metric, &held, &r->found));
    out->distinct_keys = zsc_dataset_reader_distinct(r->rows.reader);
done:
    return status;
}

static zsc_status search(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->rows.result;
    const zsc_retrieve_options *o = r->rows.options;
    size_t all = r->rows.from[out->columns], most = o->k[o->ks - 1];
    bool others = o->known == ZSC_KNOWN_OTHERS;
    if (o->examples && most < ZSC_EXAMPLE_KEYS) /* the lists of examples may be longer */
        most = out->keys - others < ZSC_EXAMPLE_KEYS ? out->keys - others : ZSC_EXAMPLE_KEYS;
    double start = zsc_clock();
    ZSC_TRY(r->rows.reader ? search_files(r, all, most + others) : search_matrix(r, all, most + others));
    out->seconds = zsc_clock() - start;
    out->measured = r->found.measured;
    r->width = most;
    for (size_t c = 0; others && c < out->columns; c++)
        for (size_t q = r->rows.from[c]; q < r->rows.from[c + 1]; q++) drop_own(r, q, r->rows.own[c][r->rows.given[q]]);
    free(r->rows.x);
    free(out->key_data.x);
    r->rows.x = out->key_data.x = NULL;
done:
    return status;
}

/* --- Examples */
static zsc_status keep_examples(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->rows.result;
    size_t *query = NULL, column = 0;
    ZSC_TRY(zsc_retrieve_draw(r->rows.from[out->columns], r->rows.options->examples, r->rows.options->seed, &query,
                              &out->examples));
    ZSC_NEW(out->example, out->examples);
    for (size_t i = 0; i < out->examples; i++) {
        zsc_retrieve_example *e = &out->example[i];
        while (query[i] >= r->rows.from[column + 1]) column++;
        *e = (zsc_retrieve_example){.column = column,
                                    .row = (size_t)r->rows.given[query[i]],
                                    .keys = r->width < ZSC_EXAMPLE_KEYS ? r->width : ZSC_EXAMPLE_KEYS};
        memcpy(e->key, r->found.index + query[i] * r->found.k, e->keys * sizeof *e->key);
        memcpy(e->distance, r->found.distance + query[i] * r->found.k, e->keys * sizeof *e->distance);
    }
done:
    free(query);
    return status;
}

/* --- The whole */
static zsc_status score(retrieval *r)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(search(r));
    for (size_t pair = 0; pair < r->rows.pairs; pair++)
        for (size_t rank = 0; rank < r->rows.result.ranks; rank++)
            ZSC_TRY(zsc_retrieve_rows_score(&r->rows, pair, rank, &r->found));
    if (r->rows.options->examples) ZSC_TRY(keep_examples(r));
done:
    return status;
}

static zsc_status retrieve(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->rows.result;
    const zsc_retrieve_options *o = r->rows.options;
    ZSC_TRY(zsc_retrieve_rows_load(&r->rows));
    ZSC_TRY(o->linear ? zsc_probe_queries_load(&r->rows, &r->stopping) : check_k(r, o->k[o->ks - 1]));
    zsc_retrieve_note_simulated(out);
    ZSC_TRY(zsc_retrieve_rows_begin_scores(&r->rows));
    if (r->stored && !o->examples) ZSC_TRY(r->stored(r->stored_data, out, &out->stored));
    if (!out->stored) ZSC_TRY(o->linear ? zsc_probe_queries_score(&r->rows, &r->stopping) : score(r));
done:
    return status;
}

static void clear(retrieval *r)
{
    zsc_knn_free(&r->found);
    zsc_dataset_free(&r->stopping);
    zsc_retrieve_rows_free(&r->rows);
}

zsc_status zsc_retrieve(const zsc_retrieve_options *options, const zsc_exec *exec, zsc_retrieve_stored_fn stored,
                        void *data, zsc_retrieve_result *out)
{
    retrieval r = {.rows = {.options = options, .pairs = 1, .exec = exec, .may_read_keys = true},
                   .stored = stored,
                   .stored_data = data};
    zsc_status status = retrieve(&r);
    if (status == ZSC_OK) status = zsc_retrieve_intervals(&r.rows.result, exec);
    if (status == ZSC_OK) {
        *out = r.rows.result;
        r.rows.result = (zsc_retrieve_result){0};
    }
    clear(&r);
    return status;
}

/* Pair P of a joint search, at the ranks at which its queries have labels; PART's arrays alone are its own. */
static zsc_status take_pair(const retrieval *r, size_t p, zsc_retrieve_result *part)
{
    zsc_status status = ZSC_OK;
    const zsc_retrieve_result *all = &r->rows.result;
    *part = *all;
    part->columns = r->rows.splits;
    part->query_data = all->query_data + p * r->rows.splits;
    part->column = all->column + p * r->rows.splits;
    part->seconds = all->seconds / (double)r->rows.pairs;
    part->ranks = 0;
    part->rank = NULL;
    part->name = NULL;
    part->scores = NULL;
    part->details = NULL;
    part->example = NULL; /* they are of all pairs */
    part->examples = 0;
    part->interval = NULL;
    part->probe = NULL;
    if (all->probe) ZSC_NEW(part->probe, all->ranks);
    ZSC_NEW(part->rank, all->ranks);
    ZSC_NEW(part->name, all->ranks);
    ZSC_NEW(part->scores, all->ranks * all->ks * r->rows.splits);
    ZSC_NEW(part->details, all->ranks * all->ks * r->rows.splits);
    for (size_t rank = 0; rank < all->ranks; rank++) {
        size_t labelled = 0, to = part->ranks * all->ks * r->rows.splits;
        for (size_t c = 0; c < r->rows.splits; c++)
            labelled += zsc_retrieve_score(all, rank, 0, p * r->rows.splits + c)->queries;
        if (labelled == 0) continue;
        if (all->probe) part->probe[part->ranks] = all->probe[rank];
        part->rank[part->ranks] = all->rank[rank];
        part->name[part->ranks++] = all->name[p * all->ranks + rank];
        for (size_t k = 0; k < all->ks; k++)
            for (size_t c = 0; c < r->rows.splits; c++, to++) {
                part->scores[to] = *zsc_retrieve_score(all, rank, k, p * r->rows.splits + c);
                part->details[to] = *zsc_retrieve_details(all, rank, k, p * r->rows.splits + c);
            }
    }
    part->simulated = false;
    zsc_retrieve_note_simulated(part);
    status = zsc_retrieve_intervals(part, r->rows.exec);
done:
    return status;
}

zsc_status zsc_retrieve_pairs(const zsc_retrieve_options *options, size_t pairs, const zsc_exec *exec,
                              zsc_dataset_cache *cache, zsc_retrieve_fn fn, void *data)
{
    retrieval r = {.rows = {.options = options, .pairs = pairs, .exec = exec, .cache = cache, .may_read_keys = true}};
    zsc_status status = retrieve(&r);
    for (size_t p = 0; status == ZSC_OK && p < pairs; p++) {
        zsc_retrieve_result part;
        status = take_pair(&r, p, &part);
        if (status == ZSC_OK) status = fn(data, p, &part);
        free(part.rank);
        free(part.name);
        free(part.scores);
        free(part.details);
        free(part.interval);
        free(part.probe);
    }
    clear(&r);
    return status;
}
