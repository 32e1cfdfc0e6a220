#include "experiment/settings/run_config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/isa.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/clusters_rule.h"
#include "experiment/settings/input_digests.h"
#include "experiment/settings/run_options.h"
#include "experiment/settings/settings.h"
#include "experiment/verify.h"
#include "io/labels/column_names.h"
#include "io/h5/h5.h"
#include "zsc/zsc.h"

/* Part of every key: raise it when the same configuration gives other results than before, and say so in CHANGELOG. */
enum { RESULTS_VERSION = 3 };

/* Takes VALUE; remembers a failure in *ok, so that a long list of settings needs one check. */
static void put(json_t *object, const char *key, json_t *value, bool *ok)
{
    if (json_object_set_new(object, key, value) != 0) *ok = false;
}

static json_t *strings(const char *const *item, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++)
        if (json_array_append_new(list, json_string(item[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *encoders(const zsc_dataset *data)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < data->modalities; i++)
        if (json_array_append_new(list, json_string(data->modality[i].encoder)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* 0 where a setting is not set, which a negative number or SIZE_MAX stands for. */
static double real_or_0(double value) { return value < 0 ? 0 : value; }

static size_t count_or_0(size_t value) { return value == SIZE_MAX ? 0 : value; }

/* What is not set has always been 0 in the text, which keys are made from: a 0 that is set is said apart. */
static void put_zeros(json_t *c, const zsc_run_options *o, bool *ok)
{
    if (o->cut_height == 0) put(c, "cut-at-height-0", json_true(), ok);
    if (o->umap.n_epochs == 0) put(c, "no-epochs", json_true(), ok);
}

/* Keys are older than these settings: they are part of the text only where they are given. Those of other clusterers
 * have no effect. */
static bool is_left_out(const zsc_setting *s, const void *field, const zsc_run_options *o)
{
    if (!zsc_clusterer_uses(zsc_clusterer_traits_of(o->clusterer), s->name)) return true;
    if (strcmp(s->name, "clusterer") == 0) return o->clusterer == ZSC_AGGLOMERATIVE;
    if (strcmp(s->name, "linkage-metric") == 0) return o->linkage_metric == ZSC_EUCLIDEAN;
    if (strcmp(s->name, "cut-standardised") == 0) return o->cut_standardised < 0;
    if (strcmp(s->name, "cut") == 0) return o->cut == ZSC_CUT_CLUSTERS;
    if (strcmp(s->name, "internal-space") == 0) return o->internal_space == ZSC_SPACE_REDUCED;
    if (strcmp(s->name, "stability") == 0) return o->stability == 0;
    if (strcmp(s->name, "ids-in-order") == 0) return !*(const bool *)field;
    return strcmp(s->name, "missing-values") == 0 && !*(const char *const *)field;
}

/* The list of ids, by what it holds. */
static void put_id_list(json_t *c, const zsc_dataset *data, bool *ok)
{
    char text[ZSC_DIGEST_TEXT];
    zsc_digest digest = {data->id_list[0], data->id_list[1]};
    if (digest.high || digest.low) put(c, "ids", json_string(zsc_digest_text(digest, text)), ok);
}

static void put_setting(json_t *c, const zsc_setting *s, const zsc_run_options *o, bool *ok)
{
    const void *field = (const char *)o + s->offset;
    if (is_left_out(s, field, o)) return;
    switch (s->kind) {
    case ZSC_TEXT:
        put(c, s->name, json_string(*(const char *const *)field ? *(const char *const *)field : ""), ok);
        break;
    case ZSC_COUNT: put(c, s->name, json_integer((json_int_t)count_or_0(*(const size_t *)field)), ok); break;
    case ZSC_REAL: put(c, s->name, json_real(real_or_0(*(const double *)field)), ok); break;
    case ZSC_CHOICE:
    case ZSC_OPTIONAL_CHOICE: put(c, s->name, json_string(zsc_setting_choice(s->name, o)), ok); break;
    case ZSC_FLAG: put(c, s->name, json_boolean(*(const bool *)field), ok); break;
    }
}

/* Settings that have no effect beside others tell no runs apart: they stand at their defaults. */
static zsc_status effective(const zsc_run_options *o, const zsc_dataset *data, zsc_run_options *out)
{
    const zsc_run_options defaults = zsc_run_defaults();
    zsc_run_options e = *o;
    zsc_status status = ZSC_OK;
    const zsc_clusterer_traits *clusterer = zsc_clusterer_traits_of(o->clusterer);
    if (o->reduce != ZSC_REDUCE_UMAP) {
        e.umap = defaults.umap;
        e.umap.n_components = o->umap.n_components;
        if (clusterer->metric && o->reduce == ZSC_REDUCE_NONE) e.umap.metric = o->umap.metric;
    }
    if (!clusterer->dendrogram) {
        e.cut_height = defaults.cut_height;
        e.cut_standardised = defaults.cut_standardised;
        e.cut = defaults.cut;
    }
    if (e.hdbscan.selection == ZSC_HDBSCAN_LEAF) e.max_cluster_size = defaults.max_cluster_size;
    if (o->clusterer == ZSC_SPECTRAL && o->spectral.assign_labels == ZSC_SPECTRAL_CLUSTER_QR)
        e.kmeans.n_init = defaults.kmeans.n_init;
    if (e.leiden.resolution == 0) e.leiden.resolution = 1;
    if (!e.hdbscan.min_samples) e.hdbscan.min_samples = e.hdbscan.min_cluster_size;
    if (o->reduce == ZSC_REDUCE_NONE) {
        e.umap.n_components = defaults.umap.n_components;
        e.keep_reduced = defaults.keep_reduced;
    }
    if (!clusterer->wants_k || !zsc_run_wants_k(&e))
        e.clusters = "species"; /* as in keys of older versions, whose default it was */
    else if (data->n)           /* before the rows are read the rule stands for what it will name */
        status = zsc_clusters_rank(o->clusters, data, &e.clusters);
    if (e.clusters) e.clusters = zsc_column_name(e.clusters);
    *out = e;
    return status;
}

zsc_status zsc_config_text(const zsc_run_options *options, const zsc_dataset *data, char **out)
{
    zsc_run_options in_effect, *o = &in_effect;
    bool ok = true;
    zsc_status status = effective(options, data, &in_effect);
    if (status != ZSC_OK) return status;
    json_t *c = json_object();
    if (!c) return zsc_fail_memory(1, 1, "a configuration");
    put(c, "encoders", encoders(data), &ok);
    put(c, "where", strings(o->data.where, o->data.where_count), &ok);
    for (size_t i = 0; i < zsc_setting_count; i++)
        if (zsc_settings[i].level != ZSC_LEVEL_PLACE) /* where the data is, is no part of what a run is */
            put_setting(c, &zsc_settings[i], o, &ok);
    put_zeros(c, o, &ok);
    put_id_list(c, data, &ok);
    put(c, "seed", json_integer((json_int_t)o->seed), &ok);
    put(c, "results_version", json_integer(RESULTS_VERSION), &ok);
    *out = ok ? json_dumps(c, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(c);
    return *out ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "out of memory, or text that is not UTF-8, in the configuration");
}

/* --- Configurations that have been stored */
static const char *config_word(const json_t *config, const char *key)
{
    const char *word = json_string_value(json_object_get(config, key));
    return word ? word : "";
}

static size_t config_count(const json_t *config, const char *key)
{
    json_int_t count = json_integer_value(json_object_get(config, key));
    return count > 0 ? (size_t)count : 0;
}

static bool reduction_draws(const char *reduce) { return strcmp(reduce, "none") != 0 && strcmp(reduce, "pca") != 0; }

/* The settings of a level, and of those alone whose field is of UMAP where `umap`. */
static void drop_umap(json_t *config)
{
    bool metric = zsc_clusterer_find(config_word(config, "clusterer"))->metric &&
                  strcmp(config_word(config, "reduce"), "none") == 0;
    for (size_t i = 0; i < zsc_setting_count; i++)
        if (zsc_settings[i].offset >= offsetof(zsc_run_options, umap) &&
            zsc_settings[i].offset < offsetof(zsc_run_options, umap) + sizeof(zsc_umap_options) &&
            zsc_settings[i].offset != offsetof(zsc_run_options, umap.n_components) &&
            !(metric && strcmp(zsc_settings[i].name, "metric") == 0))
            json_object_del(config, zsc_settings[i].name);
    json_object_del(config, "no-epochs");
}

/* auto and its choice are one, and so are the default number of epochs and the same number; whether the search is
 * exact. */
static bool resolve_umap(json_t *config, size_t n, size_t d)
{
    zsc_run_options o = zsc_run_defaults();
    zsc_knn_options k = {.neighbors = config_count(config, "neighbors"), .metric = o.umap.metric};
    const char *method = config_word(config, "knn");
    k.method = strcmp(method, "exact") == 0    ? ZSC_KNN_EXACT
               : strcmp(method, "approx") == 0 ? ZSC_KNN_APPROX
                                               : ZSC_KNN_AUTO;
    bool exact = zsc_knn_choose(n, d, &k, NULL) == ZSC_KNN_EXACT;
    json_object_set_new(config, "knn", json_string(exact ? "exact" : "approx"));
    if (config_count(config, "epochs") == 0 && !json_is_true(json_object_get(config, "no-epochs")))
        json_object_set_new(config, "epochs", json_integer((json_int_t)zsc_umap_epochs(&o.umap, n)));
    return exact;
}

bool zsc_run_draws(const char *reduce, const char *clusterer)
{
    return reduction_draws(reduce) || zsc_clusterer_find(clusterer)->draws;
}

void zsc_config_keep_effective(json_t *config, size_t n, size_t d)
{
    const char *reduce = config_word(config, "reduce"), *scale = config_word(config, "scale"),
               *barcodes = config_word(config, "one-per-barcode");
    bool exact = true;
    if (strcmp(reduce, "none") == 0) json_object_del(config, "dim");
    if (!reduction_draws(reduce))
        drop_umap(config);
    else
        exact = resolve_umap(config, n, d);
    if (strcmp(barcodes, "all") == 0) json_object_del(config, "barcode-max-length");
    bool drawn = strcmp(barcodes, "random") == 0 || !exact; /* the approximate search starts from this seed, too */
    if (!drawn || config_count(config, "barcode-seed") == 0) json_object_del(config, "barcode-seed");
    if (strncmp(scale, "zscore", strlen("zscore")) != 0) json_object_del(config, "scale-scope");
    if (json_real_value(json_object_get(config, "cut-height")) > 0 || json_object_get(config, "cut-at-height-0") ||
        json_object_get(config, "cut-standardised") || json_object_get(config, "cut"))
        json_object_del(config, "clusters");
}

zsc_status zsc_run_key(const char *config, const zsc_dataset *data, char **out)
{
    char text[ZSC_DIGEST_TEXT];
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, config, strlen(config));
    zsc_hash_add(hash, data->fingerprint, sizeof data->fingerprint);
    *out = zsc_strdup(zsc_digest_text(zsc_hash_end(hash), text));
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

/* --- Where a result comes from */
static int command_count;
static char **command_words;
static zsc_list option_names, option_values;

void zsc_provenance_command(int argc, char **argv)
{
    command_count = argc;
    command_words = argv;
}

zsc_status zsc_provenance_option(const char *name, const char *value)
{
    zsc_status status = zsc_list_add(&option_names, name);
    return status == ZSC_OK ? zsc_list_add(&option_values, value) : status;
}

/* A word of the command line, which may hold any bytes: what is not UTF-8 is shown as \xNN. */
static json_t *word_of(const char *bytes)
{
    json_t *word = json_string(bytes);
    zsc_text text = {0};
    if (word) return word;
    for (const char *p = bytes; *p; p++)
        zsc_text_printf(&text, (unsigned char)*p < 0x80 ? "%c" : "\\x%02x", (unsigned char)*p);
    word = text.failed || !text.data ? NULL : json_string(text.data);
    free(text.data);
    return word;
}

static json_t *words_of(char *const *item, size_t count)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; i < count && ok; i++) ok = json_array_append_new(list, word_of(item[i])) == 0;
    if (ok) return list;
    json_decref(list);
    return NULL;
}

/* An option that comes once is a text, one that comes several times a list. */
static json_t *options_of(void)
{
    json_t *all = json_object();
    bool ok = all != NULL;
    for (size_t i = 0; i < option_names.count && ok; i++) {
        const char *name = option_names.item[i];
        json_t *before = json_object_get(all, name), *value = word_of(option_values.item[i]);
        if (before && !json_is_array(before)) {
            json_t *list = json_array();
            ok = list && json_array_append(list, before) == 0 && json_object_set_new(all, name, list) == 0;
            before = list;
        }
        if (ok) ok = (before ? json_array_append_new(before, value) : json_object_set_new(all, name, value)) == 0;
    }
    if (ok) return all;
    json_decref(all);
    return NULL;
}

/* Where the data is and how it is read, which is no part of the configuration. */
static json_t *run_of(const zsc_run_options *o, bool *ok)
{
    const zsc_dataset_options *d = &o->data;
    json_t *run = json_object();
    if (!run) {
        *ok = false;
        return NULL;
    }
    put(run, "embeddings", strings(d->embeddings, d->embedding_count), ok);
    if (d->ranks) put(run, "ranks", strings(d->ranks, d->rank_count), ok);
    if (d->columns.count) put(run, "column", strings(d->columns.rule, d->columns.count), ok);
    if (d->file_layout.label_count)
        put(run, "h5-label", strings(d->file_layout.labels, d->file_layout.label_count), ok);
    for (size_t i = 0; i < zsc_setting_count; i++)
        if (zsc_settings[i].level == ZSC_LEVEL_PLACE) put_setting(run, &zsc_settings[i], o, ok);
    return run;
}

zsc_status zsc_provenance_text(const zsc_run_options *o, const zsc_dataset *data, char **out)
{
    char fingerprint[ZSC_DIGEST_TEXT], verified[ZSC_DIGEST_TEXT];
    bool ok = true, text_ok = true;
    json_t *p = json_object(), *libraries = json_object();
    struct utsname host;
    char now[32] = "", *folder;
    time_t t = time(NULL);
    struct tm utc;
    if (gmtime_r(&t, &utc)) strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    put(p, "zsc", json_string(zsc_version()), &ok);
    if (*zsc_revision()) put(p, "revision", json_string(zsc_revision()), &ok);
    put(p, "compiler", json_string(__VERSION__), &ok);
    put(p, "kernels", json_string(zsc_isa_name(zsc_isa_active())), &ok);
    if (zsc_verify_digest(verified) == ZSC_OK) put(p, "verified", json_string(verified), &ok);
    put(libraries, "openblas", json_string(zsc_blas_config()), &ok);
    put(libraries, "gsl", json_string(zsc_gsl_version()), &ok);
    if (zsc_leiden_library()) put(libraries, "igraph", json_string(zsc_leiden_library()), &ok);
    put(libraries, "hdf5", json_string(zsc_h5_library_version()), &ok);
    put(p, "libraries", libraries, &ok);
    if (uname(&host) == 0) {
        put(p, "host", word_of(host.nodename), &ok);
        put(p, "system", json_sprintf("%s %s %s", host.sysname, host.release, host.machine), &ok);
    }
    put(p, "finished", json_string(now), &ok);
    put(p, "command", words_of(command_words, (size_t)command_count), &ok);
    put(p, "options", options_of(), &ok);
    json_t *run = run_of(o, &text_ok);
    if (text_ok)
        put(p, "run", run, &ok);
    else
        json_decref(run); /* names that are not UTF-8: the command line has them */
    put(p, "fingerprint",
        json_string(zsc_digest_text((zsc_digest){data->fingerprint[0], data->fingerprint[1]}, fingerprint)), &ok);
    json_t *inputs = json_array();
    if (zsc_input_digests_of(inputs, &o->data, data) != ZSC_OK) { /* names that are not UTF-8, as above */
        zsc_error_clear();
        json_decref(inputs);
    } else {
        put(p, "inputs", inputs, &ok);
    }
    if ((folder = getcwd(NULL, 0))) put(p, "folder", word_of(folder), &ok);
    free(folder);
    *out = ok ? json_dumps(p, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    json_decref(p);
    return *out ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "out of memory, or text that is not UTF-8, in the provenance");
}
