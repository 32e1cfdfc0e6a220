#include "experiment/pipeline/retrieve_rows.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* --- Rows */
static zsc_status load_column(zsc_retrieve_rows *r, size_t c)
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

static zsc_status load(zsc_retrieve_rows *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    r->splits = r->options->split ? r->options->splits : 1;
    out->columns = r->pairs * r->splits;
    ZSC_NEW(out->query_data, out->columns);
    ZSC_NEW(out->column, out->columns);
    ZSC_NEW(r->own, out->columns);
    ZSC_NEW(r->from, out->columns + 1);
    if (r->may_read_keys)
        status = zsc_dataset_open(&r->options->keys, r->exec, r->cache, ZSC_KEYS_SHARE, &out->key_data, &r->reader);
    else
        status = zsc_dataset_load_with(&r->options->keys, r->exec, r->cache, &out->key_data);
    ZSC_TRY(zsc_context(status, "the keys"));
    out->keys = out->key_data.n;
    out->dim = out->key_data.d;
    for (size_t c = 0; c < out->columns; c++) ZSC_TRY(load_column(r, c));
done:
    return status;
}

static zsc_status find_known(zsc_retrieve_rows *r)
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

static bool is_query(const zsc_retrieve_rows *r, size_t c, size_t row)
{
    return r->options->known != ZSC_KNOWN_DROP || r->own[c][row] < 0;
}

/* The vectors of all queries, which go from their datasets. */
static zsc_status put_together(zsc_retrieve_rows *r)
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
static zsc_status choose_ranks(zsc_retrieve_rows *r)
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
static zsc_status query_labels(const zsc_retrieve_rows *r, size_t c, const char *rank, zsc_names *names, int32_t *out)
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

zsc_status zsc_retrieve_rows_begin_scores(zsc_retrieve_rows *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *out = &r->result;
    out->ks = r->options->ks;
    ZSC_NEW(out->name, r->pairs * out->ranks);
    out->names = r->pairs * out->ranks;
    ZSC_NEW(out->scores, out->ranks * out->ks * out->columns);
    ZSC_NEW(out->details, out->ranks * out->ks * out->columns);
done:
    return status;
}

zsc_status zsc_retrieve_rows_score(zsc_retrieve_rows *r, size_t pair, size_t rank, const zsc_knn *found)
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
                                           .width = found->k,
                                           .keys = out->keys,
                                           .index = found->index + from * found->k,
                                           .distance = found->distance + from * found->k,
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

void zsc_retrieve_note_simulated(zsc_retrieve_result *out)
{
    for (size_t m = 0; m < out->key_data.modalities; m++) out->simulated |= out->key_data.modality[m].simulated;
    for (size_t c = 0; c < out->columns; c++)
        for (size_t m = 0; m < out->query_data[c].modalities; m++)
            out->simulated |= out->query_data[c].modality[m].simulated;
}

/* --- The whole */
zsc_status zsc_retrieve_rows_load(zsc_retrieve_rows *r)
{
    zsc_status status = load(r);
    if (status == ZSC_OK) status = choose_ranks(r);
    if (status == ZSC_OK) status = find_known(r);
    return status == ZSC_OK ? put_together(r) : status;
}

void zsc_retrieve_rows_free(zsc_retrieve_rows *r)
{
    zsc_dataset_reader_free(r->reader);
    for (size_t c = 0; r->own && c < r->pairs * r->splits; c++) free(r->own[c]);
    free(r->own);
    free(r->x);
    free(r->from);
    free(r->given);
    zsc_names_free(&r->key_ids);
    zsc_retrieve_free(&r->result);
}

void zsc_retrieve_free(zsc_retrieve_result *r)
{
    zsc_dataset_free(&r->key_data);
    for (size_t c = 0; r->query_data && c < r->columns; c++) zsc_dataset_free(&r->query_data[c]);
    for (size_t k = 0; k < r->ranks; k++) free(r->rank[k]);
    for (size_t k = 0; k < r->names; k++) zsc_names_free(&r->name[k]);
    for (size_t i = 0; r->details && i < r->ranks * r->ks * r->columns; i++) zsc_retrieval_details_free(&r->details[i]);
    for (size_t k = 0; r->probe && k < r->ranks; k++) zsc_probe_free(&r->probe[k]);
    free(r->probe);
    free(r->query_data);
    free(r->column);
    free(r->rank);
    free(r->name);
    free(r->scores);
    free(r->details);
    free(r->interval);
    free(r->example);
    *r = (zsc_retrieve_result){0};
}
