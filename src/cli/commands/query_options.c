#include "cli/commands/query_options.h"

#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "experiment/store/retrieval_result.h"

static zsc_status check(const cli_queries *q)
{
    if (q->embeddings.count == 0) return cli_usage("no keys: option --embeddings is needed (-e FILE[:ENCODER])");
    if (q->query_split.count > CLI_MOST_COLUMNS)
        return cli_usage("--query-split has %zu columns; expected %d at most, as a + joins splits",
                         q->query_split.count, (int)CLI_MOST_COLUMNS);
    for (size_t i = 0; i < q->query_split.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(q->query_split.item[i], q->query_split.item[j]) == 0)
                return cli_usage("--query-split has '%s' twice; a + joins splits, a comma separates columns",
                                 q->query_split.item[i]);
    return ZSC_OK;
}

zsc_status cli_queries_resolve(const cli_queries *q, zsc_retrieve_options *out)
{
    zsc_status status = check(q);
    if (status != ZSC_OK) return status;
    zsc_dataset_options load = zsc_dataset_defaults();
    load.embeddings = (const char *const *)q->embeddings.item;
    load.embedding_count = q->embeddings.count;
    load.metadata = q->metadata;
    load.missing_values = q->inputs.missing_values;
    load.where = (const char *const *)q->where.item;
    load.where_count = q->where.count;
    load.ids = q->inputs.ids;
    load.ranks = q->ranks.count ? (const char *const *)q->ranks.item : NULL;
    load.rank_count = q->ranks.count;
    status = cli_inputs_resolve(&q->inputs, &load.file_layout, &load.columns);
    if (status != ZSC_OK) return status;
    *out = (zsc_retrieve_options){.keys = load,
                                  .queries = load,
                                  .split = q->query_split.count ? (const char *const *)q->query_split.item : NULL,
                                  .splits = q->query_split.count,
                                  .known = (zsc_known_queries)q->known};
    out->keys.split = q->key_split;
    if (q->queries.count) {
        out->queries.embeddings = (const char *const *)q->queries.item;
        out->queries.embedding_count = q->queries.count;
    }
    zsc_retrieval_set_barcodes(out, q->barcodes);
    return ZSC_OK;
}

/* --- The store */
typedef struct stored_result {
    const char *store;
    const zsc_retrieve_options *options;
    char *path;
} stored_result;

static zsc_status find_stored(void *data, zsc_retrieve_result *loaded, bool *found)
{
    stored_result *s = data;
    return zsc_retrieval_find(s->store, s->options, loaded, &s->path, found);
}

zsc_status cli_queries_answer(cli_queries *q, const zsc_retrieve_options *o, const zsc_exec *exec, bool force,
                              zsc_retrieve_result *out)
{
    stored_result stored = {.store = q->store, .options = o};
    zsc_status status = q->store ? zsc_retrieval_identity(o, &q->identity) : ZSC_OK;
    if (status == ZSC_OK) status = zsc_retrieve(o, exec, q->store && !force ? find_stored : NULL, &stored, out);
    if (status == ZSC_OK && out->stored) zsc_note("the result exists already: %s", stored.path);
    free(stored.path);
    return status;
}

zsc_status cli_queries_keep(const cli_queries *q, const zsc_retrieve_options *o, const zsc_retrieve_result *found)
{
    zsc_result result = {0};
    if (!q->store) return ZSC_OK;
    zsc_status status = zsc_retrieval_result_make(found, o, &result);
    if (status == ZSC_OK && !found->stored) status = zsc_result_write(&result, q->store);
    if (status == ZSC_OK) status = zsc_run_index_add(q->store, &q->identity, result.key);
    if (status == ZSC_OK && !found->stored) zsc_note("result: %s", result.path);
    zsc_result_free(&result);
    return status;
}

/* --- Output */
void cli_queries_report(const cli_queries *q, const zsc_retrieve_result *r)
{
    static const char *const what[] = {"are left out", "are searched among the other keys", "find their own key, too"};
    for (size_t c = 0; c < r->columns; c++)
        if (r->column[c].known)
            zsc_note("%zu of %zu queries of split '%s' are among the keys, by id, and %s (--known-queries)",
                     r->column[c].known, r->query_data[c].n, r->column[c].split, what[q->known]);
}

zsc_status cli_queries_write_details(const cli_queries *q, const zsc_retrieve_result *r, const zsc_retrieve_options *o)
{
    zsc_status status = ZSC_OK;
    for (int i = 0; i < CLI_RETRIEVAL_DETAILS && status == ZSC_OK; i++)
        if (q->detail[i]) status = cli_write_retrieval_details(r, o, (cli_retrieval_detail)i, q->detail[i]);
    return status;
}
