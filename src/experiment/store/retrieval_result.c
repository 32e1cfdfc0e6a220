/* The configuration of a retrieval or a linear probe has names of its own where a run has a setting of the same name
 * with other values: rerun.c reads the settings of both. */
#include "experiment/store/retrieval_result.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/value.h"
#include "experiment/pipeline/probe_queries.h"
#include "experiment/settings/choices.h"
#include "experiment/settings/input_digests.h"
#include "experiment/settings/run_config.h"
#include "experiment/store/retrieval_record.h"
#include "experiment/store/store.h"
#include "io/text/json_text.h"

enum { RESULTS_VERSION = 1 }; /* part of every key of these; raised as that of run_config.c, and apart from it */

static json_t *strings(const char *const *item, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) json_array_append_new(list, json_string(item[i]));
    return list;
}

static json_t *encoders(const zsc_dataset *data)
{
    json_t *list = json_array();
    for (size_t m = 0; data && m < data->modalities; m++)
        json_array_append_new(list, json_string(data->modality[m].encoder));
    return list;
}

static const char *kind_of(const zsc_retrieve_options *o) { return o->linear ? "probe" : "retrieval"; }

static void add_search(const zsc_retrieve_options *o, json_t *config)
{
    char metric[32];
    json_t *ks = json_array();
    for (size_t i = 0; i < o->ks; i++) json_array_append_new(ks, json_integer((json_int_t)o->k[i]));
    zsc_value_choice_text(ZSC_QUERY_METRIC_CHOICES, (int)o->metric, metric, sizeof metric);
    json_object_set_new(config, "k", ks);
    json_object_set_new(config, "distance", json_string(metric));
    json_object_set_new(config, "weighted", json_boolean(o->weighted));
}

/* KEYS, QUERIES: NULL before they are read. */
static json_t *config_of(const zsc_retrieve_options *o, const zsc_dataset *keys, const zsc_dataset *queries)
{
    static const char *const all[] = {"all"};
    char sides[16], known[16], text[ZSC_DIGEST_TEXT];
    json_t *config;
    zsc_value_choice_text(ZSC_BARCODE_SIDES, zsc_retrieval_barcode_sides(o), sides, sizeof sides);
    zsc_value_choice_text(ZSC_KNOWN_QUERIES, (int)o->known, known, sizeof known);
    config = json_pack("{s:s, s:i, s:o, s:o, s:s, s:o, s:s, s:s, s:o}", "kind", kind_of(o), "results-version",
                       RESULTS_VERSION, "encoders", encoders(keys), "query-encoders", encoders(queries), "key-split",
                       o->keys.split ? o->keys.split : "all", "query-split",
                       o->split ? strings(o->split, o->splits) : strings(all, 1), "barcodes", sides, "known-queries",
                       known, "where", strings(o->keys.where, o->keys.where_count));
    if (o->linear)
        json_object_set_new(config, "probe", zsc_linear_config(o->linear));
    else
        add_search(o, config);
    if (o->keys.missing_values) json_object_set_new(config, "missing-values", json_string(o->keys.missing_values));
    if (keys && (keys->id_list[0] || keys->id_list[1]))
        json_object_set_new(config, "ids",
                            json_string(zsc_digest_text((zsc_digest){keys->id_list[0], keys->id_list[1]}, text)));
    return config;
}

static zsc_status text_of(const json_t *json, char **out)
{
    *out = json ? zsc_json_text(json, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    return *out ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "out of memory, or names that are not UTF-8");
}

static zsc_status make_key(const zsc_retrieve_result *found, const char *config, char **out)
{
    char text[ZSC_DIGEST_TEXT];
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, config, strlen(config));
    zsc_hash_add(hash, found->key_data.fingerprint, sizeof found->key_data.fingerprint);
    for (size_t c = 0; c < found->columns; c++)
        zsc_hash_add(hash, found->query_data[c].fingerprint, sizeof found->query_data[c].fingerprint);
    if (found->stopping[0] || found->stopping[1]) zsc_hash_add(hash, found->stopping, sizeof found->stopping);
    return zsc_copy_text(zsc_digest_text(zsc_hash_end(hash), text), out);
}

/* That of a run on the keys, and the queries. */
static zsc_status make_provenance(const zsc_retrieve_result *found, const zsc_retrieve_options *o, char **out)
{
    zsc_status status = ZSC_OK;
    zsc_run_options run = zsc_run_defaults();
    char *text = NULL;
    json_t *p = NULL;
    run.data = o->keys;
    ZSC_TRY(zsc_provenance_text(&run, &found->key_data, &text));
    if (!(p = json_loads(text, 0, NULL))) {
        status = zsc_fail_memory(strlen(text), 1, "a provenance");
        goto done;
    }
    json_t *of_run = json_object_get(p, "run");
    if (of_run) json_object_set_new(of_run, "queries", strings(o->queries.embeddings, o->queries.embedding_count));
    json_t *inputs = json_object_get(p, "inputs");
    for (size_t c = 0; inputs && c < found->columns; c++)
        ZSC_TRY(zsc_input_digests_of(inputs, &o->queries, &found->query_data[c]));
    json_object_set_new(p, "seconds", json_real(found->seconds));
    status = text_of(p, out);
done:
    free(text);
    json_decref(p);
    return status;
}

static zsc_status join_splits(const zsc_retrieve_result *found, char **out)
{
    zsc_text text = {0};
    for (size_t c = 0; c < found->columns; c++) zsc_text_printf(&text, "%s%s", c ? "," : "", found->column[c].split);
    *out = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status add_modalities(const zsc_dataset *data, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    for (size_t m = 0; m < data->modalities; m++) {
        const zsc_modality *from = &data->modality[m];
        zsc_modality *to = &r->modality[r->modalities++];
        *to = (zsc_modality){.d = from->d, .simulated = from->simulated};
        ZSC_TRY(zsc_copy_text(from->path, &to->path));
        ZSC_TRY(zsc_copy_text(from->encoder, &to->encoder));
        ZSC_TRY(zsc_copy_text(from->modality, &to->modality));
        ZSC_TRY(zsc_copy_text(from->label, &to->label));
        ZSC_TRY(zsc_copy_text(from->architecture, &to->architecture));
    }
done:
    return status;
}

zsc_status zsc_retrieval_result_make(const zsc_retrieve_result *found, const zsc_retrieve_options *o, zsc_result *out)
{
    zsc_status status = ZSC_OK;
    zsc_result r = {.dim = found->dim, .simulated = found->simulated, .peak_rss = zsc_memory_peak()};
    json_t *config = config_of(o, &found->key_data, &found->query_data[0]), *record = NULL;
    ZSC_TRY(text_of(config, &r.config));
    ZSC_TRY(make_key(found, r.config, &r.key));
    ZSC_TRY(make_provenance(found, o, &r.provenance));
    ZSC_TRY(zsc_retrieval_record_make(found, o, &record));
    ZSC_TRY(text_of(record, &r.retrieval));
    ZSC_TRY(join_splits(found, &r.subset));
    ZSC_TRY(zsc_copy_text(kind_of(o), &r.kind));
    char **const plain[] = {&r.path, &r.scale, &r.reduce, &r.linkage, &r.clusters_rule};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) ZSC_TRY(zsc_copy_text("", plain[i]));
    ZSC_TRY(zsc_copy_text("all", &r.per_barcode));
    ZSC_NEW(r.modality, found->key_data.modalities + found->query_data[0].modalities);
    ZSC_TRY(add_modalities(&found->key_data, &r));
    ZSC_TRY(add_modalities(&found->query_data[0], &r));
    for (size_t c = 0; c < found->columns; c++) r.rows += found->column[c].rows;
    *out = r;
    r = (zsc_result){0};
done:
    json_decref(config);
    json_decref(record);
    zsc_result_free(&r);
    return status;
}

zsc_status zsc_retrieval_find(const char *folder, const zsc_retrieve_options *o, zsc_retrieve_result *loaded,
                              char **path, bool *found)
{
    zsc_status status = ZSC_OK;
    zsc_result result = {0};
    char *config_text = NULL, *key = NULL;
    json_t *config = config_of(o, &loaded->key_data, &loaded->query_data[0]), *record = NULL;
    *found = false;
    ZSC_TRY(text_of(config, &config_text));
    ZSC_TRY(make_key(loaded, config_text, &key));
    ZSC_TRY(zsc_store_find_key(folder, key, &result, found));
    if (!*found) goto done;
    record = json_loads(result.retrieval ? result.retrieval : "", 0, NULL);
    ZSC_TRY(zsc_context(zsc_retrieval_record_read(record, o->k, loaded), "result '%s'", result.path));
    *path = result.path;
    result.path = NULL;
done:
    zsc_result_free(&result);
    json_decref(config);
    json_decref(record);
    free(config_text);
    free(key);
    return status;
}

static zsc_status identify(const zsc_retrieve_options *o, bool contents, zsc_run_identity *out)
{
    char *text = NULL;
    json_t *config = config_of(o, NULL, NULL);
    zsc_status status = text_of(config, &text);
    if (status == ZSC_OK) status = zsc_run_index_identity_of_search(text, &o->keys, &o->queries, contents, out);
    json_decref(config);
    free(text);
    return status;
}

zsc_status zsc_retrieval_identity(const zsc_retrieve_options *o, zsc_run_identity *out)
{
    return identify(o, false, out);
}

zsc_status zsc_retrieval_is_there(const char *output, const zsc_retrieve_options *o, const zsc_list *recent,
                                  const zsc_run_identity *identity, bool *found)
{
    char text[ZSC_DIGEST_TEXT];
    zsc_run_identity past;
    zsc_status status = zsc_run_index_find(output, identity, found);
    if (status != ZSC_OK || *found || !zsc_list_has(recent, zsc_digest_text(identity->settings, text))) return status;
    status = identify(o, true, &past);
    return status == ZSC_OK ? zsc_run_index_find(output, &past, found) : status;
}

/* --- The options again */
static zsc_status read_list(const json_t *array, const char *what, const char ***list, size_t *count)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(*list, json_array_size(array) + 1);
    for (*count = 0; *count < json_array_size(array); ++*count)
        if (!((*list)[*count] = json_string_value(json_array_get(array, *count))))
            return zsc_fail(ZSC_EINPUT, "its %s are no list of texts", what);
    if (*count == 0) status = zsc_fail(ZSC_EINPUT, "it does not say its %s", what);
done:
    return status;
}

static zsc_status read_choice(const json_t *config, const char *name, const char *choices, int *out)
{
    const zsc_value_owner owner = {"its ", name, ZSC_EINPUT};
    const char *text = json_string_value(json_object_get(config, name));
    return zsc_value_choice(&owner, text ? text : "", choices, out);
}

static zsc_status read_search(const json_t *config, zsc_retrieval_options *r)
{
    zsc_status status = ZSC_OK;
    const json_t *ks = json_object_get(config, "k");
    zsc_retrieve_options *o = &r->options;
    int metric = 0;
    ZSC_TRY(read_choice(config, "distance", ZSC_QUERY_METRIC_CHOICES, &metric));
    ZSC_NEW(r->k, json_array_size(ks) + 1);
    for (; o->ks < json_array_size(ks); o->ks++) r->k[o->ks] = (size_t)json_integer_value(json_array_get(ks, o->ks));
    o->k = r->k;
    o->metric = (zsc_metric)metric;
    o->weighted = json_is_true(json_object_get(config, "weighted"));
done:
    return status;
}

zsc_status zsc_retrieval_options_read(const zsc_dataset_options *data, const json_t *config, const json_t *provenance,
                                      zsc_retrieval_options *out)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_options r = {.options = {.keys = *data, .queries = *data}};
    zsc_retrieve_options *o = &r.options;
    const json_t *linear = json_object_get(config, "probe");
    const char *split = json_string_value(json_object_get(config, "key-split"));
    int sides = 0, known = 0;
    ZSC_TRY(linear ? zsc_linear_config_read(linear, &r.linear) : read_search(config, &r));
    ZSC_TRY(read_choice(config, "barcodes", ZSC_BARCODE_SIDES, &sides));
    ZSC_TRY(read_choice(config, "known-queries", ZSC_KNOWN_QUERIES, &known));
    ZSC_TRY(read_list(json_object_get(config, "query-split"), "splits of queries", &r.list[0], &o->splits));
    ZSC_TRY(read_list(json_object_get(json_object_get(provenance, "run"), "queries"), "embeddings of queries",
                      &r.list[1], &o->queries.embedding_count));
    o->known = (zsc_known_queries)known;
    zsc_retrieval_set_barcodes(o, sides);
    o->keys.split = split && strcmp(split, "all") != 0 ? split : NULL;
    o->split = o->splits == 1 && strcmp(r.list[0][0], "all") == 0 ? NULL : r.list[0];
    o->queries.embeddings = r.list[1];
    *out = r;
    if (linear) zsc_probe_queries_set(&out->options, &out->linear);
    r = (zsc_retrieval_options){0};
done:
    zsc_retrieval_options_free(&r);
    return status;
}

void zsc_retrieval_options_free(zsc_retrieval_options *r)
{
    free(r->list[0]);
    free(r->list[1]);
    free(r->k);
    *r = (zsc_retrieval_options){0};
}
