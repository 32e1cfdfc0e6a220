#include "experiment/store/retrieval_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/value.h"
#include "experiment/pipeline/retrieve_intervals.h"
#include "experiment/settings/choices.h"
#include "experiment/store/probe_record.h"
#include "zsc/zsc.h"

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }
static json_t *whole(size_t value) { return json_integer((json_int_t)value); }

static json_t *interval(const zsc_retrieve_result *r, size_t rank, size_t k, size_t macro)
{
    const zsc_interval *i = &r->interval[(rank * r->ks + k) * 2 + macro];
    return json_pack("[o, o]", real(i->low), real(i->high));
}

/* --- Keys and queries */
/* A dataset's files and encoders. */
static json_t *source(const zsc_dataset *data)
{
    json_t *files = json_array(), *encoders = json_array(), *labels = json_array(), *modalities = json_array();
    for (size_t m = 0; m < data->modalities; m++) {
        json_array_append_new(files, json_string(data->modality[m].path));
        json_array_append_new(encoders, json_string(data->modality[m].encoder));
        json_array_append_new(labels, json_string(data->modality[m].label));
        json_array_append_new(modalities, json_string(data->modality[m].modality));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "embeddings", files, "encoders", encoders, "labels", labels, "modalities",
                     modalities);
}

static json_t *columns(const zsc_retrieve_result *r)
{
    json_t *list = json_array();
    for (size_t c = 0; c < r->columns; c++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "split", r->column[c].split, "rows",
                                              whole(r->column[c].rows), "among_keys", whole(r->column[c].known)));
    return list;
}

static json_t *keys_of(const zsc_retrieve_result *r, const zsc_retrieve_options *o)
{
    json_t *keys = source(&r->key_data);
    json_object_set_new(keys, "split", json_string(o->keys.split ? o->keys.split : "all"));
    json_object_set_new(keys, "rows", whole(r->keys));
    json_object_set_new(keys, "distinct", whole(r->distinct_keys));
    return keys;
}

static json_t *queries_of(const zsc_retrieve_result *r)
{
    json_t *queries = source(&r->query_data[0]);
    json_object_set_new(queries, "columns", columns(r));
    return queries;
}

/* --- Scores */
static json_t *score(const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t k, size_t c)
{
    const zsc_retrieval_scores *s = zsc_retrieve_score(r, rank, k, c);
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "rank", r->rank[rank], "k",
                     whole(o->k[k]), "split", r->column[c].split, "queries", whole(s->queries), "missing",
                     whole(s->missing), "classes", whole(s->classes), "reachable", whole(s->reachable),
                     "reachable_classes", whole(s->reachable_classes), "right", whole(s->right), "micro",
                     real(s->micro), "macro", real(s->macro));
}

static void add_scores(const zsc_retrieve_result *r, const zsc_retrieve_options *o, json_t *scores, json_t *means)
{
    for (size_t rank = 0; rank < r->ranks; rank++)
        for (size_t k = 0; k < r->ks; k++) {
            double micro, macro;
            for (size_t c = 0; c < r->columns; c++) json_array_append_new(scores, score(r, o, rank, k, c));
            if (r->columns < 2) continue;
            zsc_retrieve_harmonic(r, rank, k, &micro, &macro);
            json_array_append_new(means, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "rank", r->rank[rank], "k",
                                                   whole(o->k[k]), "micro", real(micro), "macro", real(macro),
                                                   "micro_interval", interval(r, rank, k, 0), "macro_interval",
                                                   interval(r, rank, k, 1)));
        }
}

/* --- Classes and confusions: lists side by side, since there may be tens of thousands */
static json_t *name_of(const zsc_retrieve_result *r, size_t rank, int32_t label)
{
    return json_string(label < 0 ? "" : zsc_names_get(&r->name[rank], (size_t)label));
}

static json_t *classes_at(const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t c)
{
    json_t *names = json_array(), *keys = json_array(), *queries = json_array(), *right = json_object();
    for (size_t k = 0; k < r->ks; k++) {
        const zsc_retrieval_details *d = zsc_retrieve_details(r, rank, k, c);
        json_t *at_k = json_array();
        char text[32];
        snprintf(text, sizeof text, "%zu", o->k[k]);
        for (size_t i = 0; i < d->classes; i++) {
            json_array_append_new(at_k, whole(d->class[i].right));
            if (k > 0) continue;
            json_array_append_new(names, name_of(r, rank, d->class[i].label));
            json_array_append_new(keys, whole(d->class[i].keys));
            json_array_append_new(queries, whole(d->class[i].queries));
        }
        json_object_set_new(right, text, at_k);
    }
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "rank", r->rank[rank], "split", r->column[c].split, "class",
                     names, "keys", keys, "queries", queries, "right", right);
}

static json_t *confusions_at(const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t k,
                             size_t c)
{
    const zsc_retrieval_details *d = zsc_retrieve_details(r, rank, k, c);
    json_t *names = json_array(), *others = json_array(), *queries = json_array();
    for (size_t i = 0; i < d->confusions; i++) {
        json_array_append_new(names, name_of(r, rank, d->confusion[i].label));
        json_array_append_new(others, name_of(r, rank, d->confusion[i].taken_for));
        json_array_append_new(queries, whole(d->confusion[i].queries));
    }
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "rank", r->rank[rank], "k", whole(o->k[k]), "split",
                     r->column[c].split, "class", names, "taken_for", others, "queries", queries);
}

static void add_details(const zsc_retrieve_result *r, const zsc_retrieve_options *o, json_t *classes,
                        json_t *confusions)
{
    for (size_t rank = 0; rank < r->ranks; rank++)
        for (size_t c = 0; c < r->columns; c++) {
            json_array_append_new(classes, classes_at(r, o, rank, c));
            for (size_t k = 0; k < r->ks; k++) json_array_append_new(confusions, confusions_at(r, o, rank, k, c));
        }
}

enum { BOTH = 1, KEYS, QUERIES }; /* of ZSC_BARCODE_SIDES */

int zsc_retrieval_barcode_sides(const zsc_retrieve_options *o)
{
    bool keys = o->keys.per_barcode != ZSC_BARCODE_ALL, queries = o->queries.per_barcode != ZSC_BARCODE_ALL;
    return keys && queries ? BOTH : keys ? KEYS : queries ? QUERIES : 0;
}

void zsc_retrieval_set_barcodes(zsc_retrieve_options *o, int sides)
{
    o->keys.per_barcode = sides == BOTH || sides == KEYS ? ZSC_BARCODE_FIRST : ZSC_BARCODE_ALL;
    o->queries.per_barcode = sides == BOTH || sides == QUERIES ? ZSC_BARCODE_FIRST : ZSC_BARCODE_ALL;
}

zsc_status zsc_retrieval_record_make(const zsc_retrieve_result *r, const zsc_retrieve_options *o, json_t **out)
{
    char metric[32], sides[16], known[16];
    zsc_value_choice_text(ZSC_QUERY_METRIC_CHOICES, (int)o->metric, metric, sizeof metric);
    zsc_value_choice_text(ZSC_BARCODE_SIDES, zsc_retrieval_barcode_sides(o), sides, sizeof sides);
    zsc_value_choice_text(ZSC_KNOWN_QUERIES, (int)o->known, known, sizeof known);
    json_t *scores = json_array(), *means = json_array(), *ks = json_array(), *classes = json_array(),
           *confusions = json_array();
    add_scores(r, o, scores, means);
    add_details(r, o, classes, confusions);
    for (size_t k = 0; k < o->ks; k++) json_array_append_new(ks, whole(o->k[k]));
    *out = json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:b, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "zsc",
                     zsc_version(), "kind", "retrieval", "keys", keys_of(r, o), "queries", queries_of(r), "dim",
                     whole(r->dim), "metric", metric, "k", ks, "weighted", o->weighted, "one_per_barcode", sides,
                     "known_queries", known, "simulated", r->simulated, "scores", scores, "harmonic_mean", means,
                     "classes", classes, "confusions", confusions);
    if (!*out) return zsc_fail(ZSC_EINTERNAL, "out of memory, or names of files or labels that are not UTF-8");
    zsc_status status = o->linear ? zsc_probe_record_add(r, o->linear, *out) : ZSC_OK;
    if (status == ZSC_OK) return ZSC_OK;
    json_decref(*out);
    *out = NULL;
    return status;
}
