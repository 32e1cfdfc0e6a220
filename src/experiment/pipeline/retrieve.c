/* Steps: load keys; load the queries of each column; put their vectors one below the other, without those that are
 * keys; search; score the lists at each rank, for each k and column.
 *
 * Several query encoders in one key encoder are one search: the columns of all stand side by side, those of pair p from
 * p x splits on. Keys are loaded and prepared once. What is found of a query does not depend on the others. */
#include "experiment/pipeline/retrieve.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/text.h"
#include "base/threads.h"

typedef struct retrieval {
    const zsc_retrieve_options *options; /* of each pair; they differ in the embeddings of the queries alone */
    size_t pairs, splits;
    zsc_dataset_cache *cache;
    const zsc_exec *exec;
    zsc_names key_ids;
    int32_t **own;  /* by column and row: the key of the same id, or -1 */
    float *x;       /* all queries */
    size_t *from;   /* columns + 1: the first query of each */
    int32_t *given; /* by query: its row in its dataset */
    zsc_knn found;
    size_t width; /* of its lists once own keys are taken out */
    zsc_retrieve_result result;
} retrieval;

/* --- Rows */
static zsc_status load_column(retrieval *r, size_t c)
{
    const zsc_retrieve_options *o = &r->options[c / r->splits];
    zsc_retrieve_result *out = &r->result;
    zsc_dataset_options load = o->queries;
    if (o->split) load.split = o->split[c % r->splits];
    zsc_status status = zsc_context(zsc_dataset_load_with(&load, r->exec, r->cache, &out->query_data[c]),
                                    "the queries");
    if (status != ZSC_OK) return status;
    out->column[c].split = o->split ? o->split[c % r->splits] : "all";
    return zsc_dataset_check_space(&out->query_data[c], &out->key_data);
}

static zsc_status load(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    r->splits = r->options->split ? r->options->splits : 1;
    out->columns = r->pairs * r->splits;
    ZSC_NEW(out->query_data, out->columns);
    ZSC_NEW(out->column, out->columns);
    ZSC_NEW(r->own, out->columns);
    ZSC_NEW(r->from, out->columns + 1);
    ZSC_TRY(zsc_context(zsc_dataset_load_with(&r->options->keys, r->exec, r->cache, &out->key_data), "the keys"));
    out->keys = out->key_data.n;
    out->dim = out->key_data.d;
    for (size_t c = 0; c < out->columns; c++) ZSC_TRY(load_column(r, c));
done:
    return status;
}

static zsc_status find_known(retrieval *r)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *keys = &r->result.key_data;
    for (size_t j = 0; j < keys->n; j++) {
        int32_t number;
        ZSC_TRY(zsc_names_add(&r->key_ids, keys->id[j], strlen(keys->id[j]), &number, NULL));
    }
    for (size_t c = 0; c < r->result.columns; c++) {
        const zsc_dataset *data = &r->result.query_data[c];
        ZSC_NEW_RAW(r->own[c], data->n);
        for (size_t i = 0; i < data->n; i++) {
            r->own[c][i] = zsc_names_find(&r->key_ids, data->id[i], strlen(data->id[i]));
            r->result.column[c].known += r->own[c][i] >= 0;
        }
    }
done:
    return status;
}

static bool is_query(const retrieval *r, size_t c, size_t row)
{
    return r->options->known != ZSC_KNOWN_DROP || r->own[c][row] < 0;
}

/* The vectors of all queries, which go from their datasets. */
static zsc_status put_together(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    size_t all = 0, d = out->dim;
    for (size_t c = 0; c < out->columns; c++) {
        for (size_t i = 0; i < out->query_data[c].n; i++) out->column[c].rows += is_query(r, c, i);
        if (out->column[c].rows == 0 && out->query_data[c].n > 0) {
            status = zsc_fail(ZSC_EINPUT,
                              "all %zu queries of split '%s' are among the keys, by id; choose other splits, or search "
                              "them among the other keys with --known-queries others",
                              out->query_data[c].n, out->column[c].split);
            goto done;
        }
        r->from[c + 1] = all += out->column[c].rows;
    }
    ZSC_NEW_RAW(r->x, all * d);
    ZSC_NEW_RAW(r->given, all);
    for (size_t c = 0; c < out->columns; c++) {
        zsc_dataset *data = &out->query_data[c];
        size_t to = r->from[c];
        for (size_t i = 0; i < data->n; i++) {
            if (!is_query(r, c, i)) continue;
            memcpy(r->x + to * d, data->x + i * d, d * sizeof *r->x);
            r->given[to++] = (int32_t)i;
        }
        free(data->x);
        data->x = NULL;
    }
done:
    return status;
}

/* --- Search */
static zsc_status check_k(const retrieval *r, size_t most)
{
    bool others = r->options->known == ZSC_KNOWN_OTHERS;
    size_t keys = r->result.keys - (others && r->result.keys ? 1 : 0);
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

static zsc_status search(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    size_t all = r->from[out->columns], most = r->options->k[r->options->ks - 1];
    bool others = r->options->known == ZSC_KNOWN_OTHERS;
    ZSC_TRY(check_k(r, most));
    if (r->options->examples && most < ZSC_EXAMPLE_KEYS) /* the lists of examples may be longer */
        most = out->keys - others < ZSC_EXAMPLE_KEYS ? out->keys - others : ZSC_EXAMPLE_KEYS;
    size_t matrices = (all + out->keys) * out->dim * sizeof(float),
           needed = zsc_knn_query_memory(all, out->keys, out->dim, most + others, r->exec);
    ZSC_TRY(zsc_memory_expect(r->exec, matrices, zsc_memory_sum(needed, matrices), "retrieval, embeddings included,"));
    const zsc_exec held = zsc_memory_hold(r->exec, matrices);
    double start = zsc_clock();
    ZSC_TRY(zsc_knn_query(r->x, all, out->key_data.x, out->keys, out->dim, most + others, r->options->metric, &held,
                          &r->found));
    out->seconds = zsc_clock() - start;
    out->distinct_keys = r->found.distinct;
    out->measured = r->found.measured;
    r->width = most;
    for (size_t c = 0; others && c < out->columns; c++)
        for (size_t q = r->from[c]; q < r->from[c + 1]; q++) drop_own(r, q, r->own[c][r->given[q]]);
    free(r->x);
    free(out->key_data.x);
    r->x = out->key_data.x = NULL;
done:
    return status;
}

/* --- Ranks */
static bool has_label(const zsc_column *column, size_t n)
{
    for (size_t i = 0; column && i < n; i++)
        if (column->code[i] >= 0) return true;
    return false;
}

static bool queries_have(const zsc_retrieve_result *out, const char *rank, bool *listed)
{
    bool any = false;
    *listed = false;
    for (size_t c = 0; c < out->columns; c++) {
        const zsc_column *column = zsc_dataset_rank(&out->query_data[c], rank);
        *listed = *listed || column;
        any = any || has_label(column, out->query_data[c].n);
    }
    return any;
}

static void list_ranks(const zsc_dataset *data, zsc_text *text)
{
    for (size_t k = 0; k < data->ranks; k++) zsc_text_printf(text, "%s%s", k ? ", " : "", data->rank[k].name);
    if (data->ranks == 0) zsc_text_printf(text, "none");
}

static zsc_status no_rank(const zsc_retrieve_result *out, bool common)
{
    zsc_text keys = {0}, queries = {0};
    list_ranks(&out->key_data, &keys);
    list_ranks(&out->query_data[0], &queries);
    zsc_status status = common
                            ? zsc_fail(ZSC_EINPUT,
                                       "no key has a label at a rank that the queries have (%s); is the split of the "
                                       "keys one with labels?",
                                       queries.data ? queries.data : "")
                            : zsc_fail(ZSC_EINPUT,
                                       "keys and queries have no rank in common: the keys have %s, the queries %s",
                                       keys.data ? keys.data : "", queries.data ? queries.data : "");
    free(keys.data);
    free(queries.data);
    return status;
}

/* The ranks at which both have labels. One that was asked for, and at which keys have none, is an error. */
static zsc_status choose_ranks(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    bool common = false, listed = false;
    ZSC_NEW(out->rank, out->key_data.ranks);
    for (size_t k = 0; k < out->key_data.ranks; k++) {
        const zsc_column *column = &out->key_data.rank[k];
        bool labelled = queries_have(out, column->name, &listed), known = has_label(column, out->keys);
        common = common || listed;
        if (r->options->keys.ranks && listed && !known) {
            status = zsc_fail(ZSC_EINPUT,
                              "no key has a label at rank %s; leave it out of --ranks, or choose other keys",
                              column->name);
            goto done;
        }
        if (!labelled || !known) continue;
        if (!(out->rank[out->ranks] = zsc_strdup(column->name))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        out->ranks++;
    }
    if (out->ranks == 0) status = no_rank(out, common);
done:
    return status;
}

/* --- Scores */
/* The labels of a column's queries, as codes of the keys' names and further ones. */
static zsc_status query_labels(const retrieval *r, size_t c, const char *rank, zsc_names *names, int32_t *out)
{
    zsc_status status = ZSC_OK;
    const zsc_column *column = zsc_dataset_rank(&r->result.query_data[c], rank);
    int32_t *code = NULL;
    if (column) ZSC_NEW_RAW(code, column->levels);
    for (size_t l = 0; column && l < column->levels; l++)
        ZSC_TRY(zsc_names_add(names, column->level[l], strlen(column->level[l]), &code[l], NULL));
    for (size_t q = r->from[c]; q < r->from[c + 1]; q++) {
        int32_t own = column ? column->code[r->given[q]] : -1;
        out[q - r->from[c]] = own < 0 ? -1 : code[own];
    }
done:
    free(code);
    return status;
}

static zsc_status score_rank(retrieval *r, size_t pair, size_t rank)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    const zsc_retrieve_options *o = r->options;
    const zsc_column *keys = zsc_dataset_rank(&out->key_data, out->rank[rank]);
    double temperature = o->weighted ? ZSC_RETRIEVAL_TEMPERATURE : 0;
    int32_t *label = NULL, number;
    zsc_names *names = &out->name[pair * out->ranks + rank];
    ZSC_NEW_RAW(label, r->from[out->columns]);
    for (size_t l = 0; l < keys->levels; l++) /* each has its own number, as levels are distinct */
        ZSC_TRY(zsc_names_add(names, keys->level[l], strlen(keys->level[l]), &number, NULL));
    for (size_t c = pair * r->splits; c < (pair + 1) * r->splits; c++) {
        size_t from = r->from[c];
        ZSC_TRY(query_labels(r, c, out->rank[rank], names, label));
        const zsc_retrieval_lists lists = {.n = out->column[c].rows,
                                           .width = r->found.k,
                                           .keys = out->keys,
                                           .index = r->found.index + from * r->found.k,
                                           .distance = r->found.distance + from * r->found.k,
                                           .query_label = label,
                                           .key_label = keys->code};
        for (size_t k = 0; k < o->ks; k++) {
            size_t at = (rank * o->ks + k) * out->columns + c;
            ZSC_TRY(zsc_retrieval_score(&lists, o->k[k], temperature, &out->scores[at]));
            ZSC_TRY(zsc_retrieval_detail(&lists, o->k[k], temperature, &out->details[at]));
        }
    }
done:
    free(label);
    return status;
}

/* --- Examples */
static zsc_status keep_examples(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    size_t *query = NULL, column = 0;
    ZSC_TRY(zsc_retrieve_draw(r->from[out->columns], r->options->examples, r->options->seed, &query, &out->examples));
    ZSC_NEW(out->example, out->examples);
    for (size_t i = 0; i < out->examples; i++) {
        zsc_retrieve_example *e = &out->example[i];
        while (query[i] >= r->from[column + 1]) column++;
        *e = (zsc_retrieve_example){.column = column,
                                    .row = (size_t)r->given[query[i]],
                                    .keys = r->width < ZSC_EXAMPLE_KEYS ? r->width : ZSC_EXAMPLE_KEYS};
        memcpy(e->key, r->found.index + query[i] * r->found.k, e->keys * sizeof *e->key);
        memcpy(e->distance, r->found.distance + query[i] * r->found.k, e->keys * sizeof *e->distance);
    }
done:
    free(query);
    return status;
}

static void note_simulated(zsc_retrieve_result *out)
{
    for (size_t m = 0; m < out->key_data.modalities; m++) out->simulated |= out->key_data.modality[m].simulated;
    for (size_t c = 0; c < out->columns; c++)
        for (size_t m = 0; m < out->query_data[c].modalities; m++)
            out->simulated |= out->query_data[c].modality[m].simulated;
}

/* --- The whole */
static zsc_status retrieve(retrieval *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    out->ks = r->options->ks;
    ZSC_TRY(load(r));
    ZSC_TRY(choose_ranks(r));
    ZSC_TRY(find_known(r));
    ZSC_TRY(put_together(r));
    ZSC_TRY(search(r));
    ZSC_NEW(out->name, r->pairs * out->ranks);
    out->names = r->pairs * out->ranks;
    ZSC_NEW(out->scores, out->ranks * out->ks * out->columns);
    ZSC_NEW(out->details, out->ranks * out->ks * out->columns);
    for (size_t pair = 0; pair < r->pairs; pair++)
        for (size_t rank = 0; rank < out->ranks; rank++) ZSC_TRY(score_rank(r, pair, rank));
    if (r->options->examples) ZSC_TRY(keep_examples(r));
    note_simulated(out);
done:
    return status;
}

static void clear(retrieval *r)
{
    for (size_t c = 0; r->own && c < r->pairs * r->splits; c++) free(r->own[c]);
    free(r->own);
    free(r->x);
    free(r->from);
    free(r->given);
    zsc_names_free(&r->key_ids);
    zsc_knn_free(&r->found);
    zsc_retrieve_free(&r->result);
}

zsc_status zsc_retrieve(const zsc_retrieve_options *options, const zsc_exec *exec, zsc_retrieve_result *out)
{
    retrieval r = {.options = options, .pairs = 1, .exec = exec};
    zsc_status status = retrieve(&r);
    if (status == ZSC_OK) {
        *out = r.result;
        r.result = (zsc_retrieve_result){0};
    }
    clear(&r);
    return status;
}

/* Pair P of a joint search, at the ranks at which its queries have labels; PART's arrays alone are its own. */
static zsc_status take_pair(const retrieval *r, size_t p, zsc_retrieve_result *part)
{
    zsc_status status = ZSC_OK;
    const zsc_retrieve_result *all = &r->result;
    *part = *all;
    part->columns = r->splits;
    part->query_data = all->query_data + p * r->splits;
    part->column = all->column + p * r->splits;
    part->seconds = all->seconds / (double)r->pairs;
    part->ranks = 0;
    part->rank = NULL;
    part->name = NULL;
    part->scores = NULL;
    part->details = NULL;
    part->example = NULL; /* they are of all pairs */
    part->examples = 0;
    ZSC_NEW(part->rank, all->ranks);
    ZSC_NEW(part->name, all->ranks);
    ZSC_NEW(part->scores, all->ranks * all->ks * r->splits);
    ZSC_NEW(part->details, all->ranks * all->ks * r->splits);
    for (size_t rank = 0; rank < all->ranks; rank++) {
        size_t labelled = 0, to = part->ranks * all->ks * r->splits;
        for (size_t c = 0; c < r->splits; c++) labelled += zsc_retrieve_score(all, rank, 0, p * r->splits + c)->queries;
        if (labelled == 0) continue;
        part->rank[part->ranks] = all->rank[rank];
        part->name[part->ranks++] = all->name[p * all->ranks + rank];
        for (size_t k = 0; k < all->ks; k++)
            for (size_t c = 0; c < r->splits; c++, to++) {
                part->scores[to] = *zsc_retrieve_score(all, rank, k, p * r->splits + c);
                part->details[to] = *zsc_retrieve_details(all, rank, k, p * r->splits + c);
            }
    }
    part->simulated = false;
    note_simulated(part);
done:
    return status;
}

zsc_status zsc_retrieve_pairs(const zsc_retrieve_options *options, size_t pairs, const zsc_exec *exec,
                              zsc_dataset_cache *cache, zsc_retrieve_fn fn, void *data)
{
    retrieval r = {.options = options, .pairs = pairs, .exec = exec, .cache = cache};
    zsc_status status = retrieve(&r);
    for (size_t p = 0; status == ZSC_OK && p < pairs; p++) {
        zsc_retrieve_result part;
        status = take_pair(&r, p, &part);
        if (status == ZSC_OK) status = fn(data, p, &part);
        free(part.rank);
        free(part.name);
        free(part.scores);
        free(part.details);
    }
    clear(&r);
    return status;
}

void zsc_retrieve_free(zsc_retrieve_result *r)
{
    zsc_dataset_free(&r->key_data);
    for (size_t c = 0; r->query_data && c < r->columns; c++) zsc_dataset_free(&r->query_data[c]);
    for (size_t k = 0; k < r->ranks; k++) free(r->rank[k]);
    for (size_t k = 0; k < r->names; k++) zsc_names_free(&r->name[k]);
    for (size_t i = 0; r->details && i < r->ranks * r->ks * r->columns; i++) zsc_retrieval_details_free(&r->details[i]);
    free(r->query_data);
    free(r->column);
    free(r->rank);
    free(r->name);
    free(r->scores);
    free(r->details);
    free(r->example);
    *r = (zsc_retrieve_result){0};
}
