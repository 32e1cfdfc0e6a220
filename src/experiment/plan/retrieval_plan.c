#include "experiment/plan/retrieval_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "experiment/pipeline/probe_queries.h"
#include "experiment/plan/plan_axes.h"
#include "experiment/settings/choices.h"
#include "experiment/store/retrieval_record.h"
#include "io/file_layout.h"

enum { MOST_LINEAR = 16 }; /* settings of a linear probe */

typedef struct reading {
    zsc_plan_builder b;
    zsc_retrieve_options base;
    zsc_list keys, queries; /* FILE:ENCODER */
    const zsc_yaml *keys_node, *queries_node;
    int metric, barcodes, known;
    size_t linear_line[MOST_LINEAR]; /* by setting of a linear probe: where the file has it; 0: nowhere */
    zsc_retrieval_plan *plan;
} reading;

/* --- Values */
static zsc_status one_text(reading *r, const char *key, const zsc_yaml *node, const char **out)
{
    if (node->kind != ZSC_YAML_SCALAR)
        return zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects one value", r->b.path, node->line, key);
    return (*out = zsc_plan_keep(r->b.plan, node->text)) ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status one_choice(reading *r, const char *key, const zsc_yaml *node, const char *choices, int *out)
{
    const zsc_value_owner owner = {"", key, ZSC_EINPUT};
    const char *text;
    zsc_status status = one_text(r, key, node, &text);
    return status == ZSC_OK ? zsc_plan_at(&r->b, node->line, zsc_value_choice(&owner, text, choices, out)) : status;
}

static zsc_status one_flag(reading *r, const char *key, const zsc_yaml *node, bool *out)
{
    const zsc_value_owner owner = {"", key, ZSC_EINPUT};
    const char *text;
    zsc_status status = one_text(r, key, node, &text);
    return status == ZSC_OK ? zsc_plan_at(&r->b, node->line, zsc_value_flag(&owner, text, out)) : status;
}

static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static zsc_status read_k(reading *r, const zsc_yaml *node)
{
    static const zsc_value_owner owner = {"", "k", ZSC_EINPUT};
    zsc_status status = ZSC_OK;
    const char **text = NULL;
    size_t count = 0, kept = 0, *k = NULL;
    ZSC_TRY(zsc_plan_strings(&r->b, "k", node, ",", &text, &count));
    if (count == 0) return zsc_plan_fail_at(&r->b, node->line, "k has no value");
    ZSC_NEW(k, count);
    for (size_t i = 0; i < count; i++)
        ZSC_TRY(zsc_plan_at(&r->b, node->line, zsc_value_count(&owner, text[i], 1, 1e9, &k[i])));
    qsort(k, count, sizeof *k, ascending);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || k[i] != k[kept - 1]) k[kept++] = k[i];
    free(r->plan->k);
    r->plan->k = k;
    r->base.ks = kept;
    k = NULL;
done:
    free(k);
    return status;
}

static zsc_status read_strings(reading *r, const char *key, const zsc_yaml *node, const char *marks,
                               const char *const **out, size_t *count)
{
    const char **list = NULL;
    zsc_status status = zsc_plan_strings(&r->b, key, node, marks, &list, count);
    *out = list;
    return status;
}

/* --- Keys of the file */
static const char *const names[] = {"kind",  "keys",          "queries", "metadata", "key-split",     "query-split",
                                    "ranks", "output",        "where",   "column",   "known-queries", "one-per-barcode",
                                    "ids",   "missing-values"};
static const char *const search_names[] = {"k", "metric", "weighted"};
enum { NAMES = sizeof names / sizeof *names, SEARCH_NAMES = sizeof search_names / sizeof *search_names };

static const char *kind_of(const reading *r) { return r->plan->probe ? "probe" : "retrieval"; }

static zsc_status no_such_key(const reading *r, const char *key, size_t line)
{
    const char *all[NAMES + MOST_LINEAR];
    size_t count = 0;
    for (; count < NAMES; count++) all[count] = names[count];
    for (size_t i = 0; !r->plan->probe && i < SEARCH_NAMES; i++) all[count++] = search_names[i];
    for (size_t i = 0; r->plan->probe && i < zsc_linear_setting_count; i++) all[count++] = zsc_linear_settings[i].name;
    const char *near = zsc_nearest(key, all, count);
    return near ? zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s' of a %s; did you mean '%s'?", r->b.path, line, key,
                           kind_of(r), near)
                : zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s' of a %s", r->b.path, line, key, kind_of(r));
}

static zsc_status read_search_key(reading *r, const char *key, size_t line, const zsc_yaml *node)
{
    if (strcmp(key, "k") == 0) return read_k(r, node);
    if (strcmp(key, "metric") == 0) return one_choice(r, key, node, ZSC_QUERY_METRIC_CHOICES, &r->metric);
    if (strcmp(key, "weighted") == 0) return one_flag(r, key, node, &r->base.weighted);
    return no_such_key(r, key, line);
}

static zsc_status read_linear_key(reading *r, const char *key, size_t line, const zsc_yaml *node)
{
    const char *text;
    size_t i = 0;
    while (i < zsc_linear_setting_count && strcmp(zsc_linear_settings[i].name, key) != 0) i++;
    if (i == zsc_linear_setting_count) return no_such_key(r, key, line);
    r->linear_line[i] = line;
    zsc_status status = one_text(r, key, node, &text);
    if (status != ZSC_OK) return status;
    return zsc_plan_at(&r->b, node->line, zsc_setting_parse(&zsc_linear_settings[i], text, &r->plan->linear));
}

static zsc_status read_key(reading *r, const char *key, size_t line, const zsc_yaml *node)
{
    zsc_retrieve_options *o = &r->base;
    zsc_dataset_options *d = &o->keys;
    const char *text = NULL;
    zsc_status status = ZSC_OK;
    if (strcmp(key, "kind") == 0) return ZSC_OK;
    if (strcmp(key, "keys") == 0) return r->keys_node = node, ZSC_OK; /* unfolded once all is known of the files */
    if (strcmp(key, "queries") == 0) return r->queries_node = node, ZSC_OK;
    if (strcmp(key, "one-per-barcode") == 0) return one_choice(r, key, node, ZSC_BARCODE_SIDES, &r->barcodes);
    if (strcmp(key, "known-queries") == 0) return one_choice(r, key, node, ZSC_KNOWN_QUERIES, &r->known);
    if (strcmp(key, "metadata") == 0) return one_text(r, key, node, &d->metadata);
    if (strcmp(key, "key-split") == 0) return one_text(r, key, node, &d->split);
    if (strcmp(key, "ids") == 0) return one_text(r, key, node, &d->ids);
    if (strcmp(key, "missing-values") == 0) return one_text(r, key, node, &d->missing_values);
    if (strcmp(key, "query-split") == 0) return read_strings(r, key, node, ",", &o->split, &o->splits);
    if (strcmp(key, "ranks") == 0) return read_strings(r, key, node, ",", &d->ranks, &d->rank_count);
    if (strcmp(key, "where") == 0) return read_strings(r, key, node, NULL, &d->where, &d->where_count);
    if (strcmp(key, "column") == 0) return read_strings(r, key, node, NULL, &d->columns.rule, &d->columns.count);
    if (strcmp(key, "output") == 0) {
        status = one_text(r, key, node, &text);
        return status == ZSC_OK ? zsc_copy_text(text, &r->b.plan->output) : status;
    }
    return (r->plan->probe ? read_linear_key : read_search_key)(r, key, line, node);
}

static zsc_status check_linear(const reading *r)
{
    const zsc_linear_options *o = &r->plan->linear;
    const zsc_probe_options probe = zsc_linear_probe_options(o);
    for (size_t i = 0; i < zsc_linear_setting_count; i++) {
        const char *unused = zsc_linear_setting_unused(&zsc_linear_settings[i], o);
        if (r->linear_line[i] && unused)
            return zsc_fail(ZSC_EINPUT, "%s:%zu: %s has no effect here: %s", r->b.path, r->linear_line[i],
                            zsc_linear_settings[i].name, unused);
    }
    if (r->known == ZSC_KNOWN_OTHERS)
        return zsc_fail(ZSC_EINPUT, "%s: known-queries expects drop or keep: a linear probe learns from all keys",
                        r->b.path);
    zsc_status status = zsc_probe_check(&probe);
    if (status == ZSC_EUSAGE) status = ZSC_EINPUT;
    return zsc_context(status, "%s", r->b.path);
}

static zsc_status check(const reading *r)
{
    if (!r->keys_node) return zsc_fail(ZSC_EINPUT, "%s: no keys: expected keys: FILE:ENCODER, or a list", r->b.path);
    if (r->base.weighted && r->metric != ZSC_COSINE)
        return zsc_fail(ZSC_EINPUT, "%s: weighted votes are functions of the cosine; expected metric: cosine",
                        r->b.path);
    return r->plan->probe ? check_linear(r) : ZSC_OK;
}

/* --- All pairs */
static zsc_status make_pairs(reading *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_plan *plan = r->plan;
    zsc_retrieve_options *o = &r->base;
    static const size_t usual[] = {1, 3, 5}, voted[] = {1, 10, 20, 100, 200};
    o->metric = (zsc_metric)r->metric;
    o->known = (zsc_known_queries)r->known;
    o->k = plan->k ? plan->k : o->weighted ? voted : usual;
    if (!plan->k) o->ks = o->weighted ? sizeof voted / sizeof *voted : sizeof usual / sizeof *usual;
    if (plan->probe) zsc_probe_queries_set(o, &plan->linear);
    o->queries = o->keys;
    o->queries.split = NULL;
    zsc_retrieval_set_barcodes(o, r->barcodes);
    bool own = plan->probe && !r->queries_node; /* another space, as a rule: each encoder is asked for its own */
    plan->queries = own ? 1 : r->queries.count;
    plan->count = r->keys.count * plan->queries;
    ZSC_NEW(plan->pair, plan->count);
    for (size_t p = 0; p < plan->count; p++) {
        const char **side[2];
        for (int s = 0; s < 2; s++) {
            const char *name = s && !own ? r->queries.item[p % plan->queries] : r->keys.item[p / plan->queries];
            if (!(side[s] = zsc_plan_new_list(r->b.plan, 1)) || !(side[s][0] = zsc_plan_keep(r->b.plan, name))) {
                status = ZSC_EINTERNAL;
                goto done;
            }
        }
        plan->pair[p] = *o;
        plan->pair[p].keys.embeddings = side[0];
        plan->pair[p].queries.embeddings = side[1];
        plan->pair[p].keys.embedding_count = plan->pair[p].queries.embedding_count = 1;
    }
done:
    return status;
}

static bool is_kind(const zsc_yaml *file, const char *word)
{
    const zsc_yaml *kind = zsc_yaml_get(file, "kind");
    return kind && kind->kind == ZSC_YAML_SCALAR && strcmp(kind->text, word) == 0;
}

bool zsc_plan_is_retrieval(const char *path)
{
    zsc_yaml file = {0};
    bool is = false;
    if (zsc_yaml_read(path, &file) == ZSC_OK && file.kind == ZSC_YAML_MAP)
        is = is_kind(&file, "retrieval") || is_kind(&file, "probe");
    zsc_error_clear(); /* what cannot be read is told by whoever reads it */
    zsc_yaml_free(&file);
    return is;
}

zsc_status zsc_retrieval_plan_read(const char *path, zsc_retrieval_plan *out)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_plan *plan = out;
    *plan = (zsc_retrieval_plan){.linear = zsc_linear_defaults()};
    reading r = {.b = {.path = path, .plan = &plan->texts},
                 .base = {.keys = zsc_dataset_defaults()},
                 .metric = ZSC_COSINE,
                 .plan = plan};
    ZSC_TRY(zsc_yaml_read(path, &plan->texts.file));
    const zsc_yaml *file = &plan->texts.file;
    plan->probe = is_kind(file, "probe");
    for (size_t k = 0; k < file->count; k++) ZSC_TRY(read_key(&r, file->key[k], file->key_line[k], &file->child[k]));
    ZSC_TRY(check(&r));
    r.b.file_layout = zsc_file_layout_with_missing(&r.base.keys.file_layout, r.base.keys.missing_values);
    ZSC_TRY(zsc_plan_unfold(&r.b, "keys", r.keys_node, &r.keys));
    ZSC_TRY(r.queries_node ? zsc_plan_unfold(&r.b, "queries", r.queries_node, &r.queries)
                           : zsc_plan_unfold(&r.b, "keys", r.keys_node, &r.queries));
    ZSC_TRY(make_pairs(&r));
done:
    zsc_list_free(&r.keys);
    zsc_list_free(&r.queries);
    if (status != ZSC_OK) zsc_retrieval_plan_free(plan);
    return status;
}

void zsc_retrieval_plan_free(zsc_retrieval_plan *plan)
{
    free(plan->pair);
    free(plan->k);
    zsc_plan_free(&plan->texts);
    *plan = (zsc_retrieval_plan){0};
}
