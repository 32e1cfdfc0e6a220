/* What a run was: its resolved configuration, its key, and where it ran. */
#include <cblas.h>
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/hash.h"
#include "base/isa.h"
#include "base/memory.h"
#include "experiment/pipeline.h"
#include "io/h5.h"
#include "zsc/zsc.h"

const char *const zsc_scale_names[] = {"none", "l2", "l2-sqrt-dim", "zscore", "zscore-average"};
const char *const zsc_scope_names[] = {"rows", "split"};
const char *const zsc_per_barcode_names[] = {"all", "random", "first"};
const char *const zsc_reduce_names[] = {"umap", "pca", "none"};
const char *const zsc_linkage_names[] = {"ward", "single", "average", "complete"};
const char *const zsc_missing_names[] = {"drop", "class"};
const char *const zsc_metric_names[] = {"euclidean", "cosine", "correlation", "manhattan", "chebyshev"};
const char *const zsc_knn_method_names[] = {"auto", "exact", "approx"};

/* Part of every key: raise it when the same configuration gives other results than before, and say so in CHANGELOG. */
enum { RESULTS_VERSION = 1 };

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

static void put_umap(json_t *c, const zsc_run_options *o, bool *ok)
{
    const zsc_umap_options *u = &o->umap;
    put(c, "neighbors", json_integer((json_int_t)u->n_neighbors), ok);
    put(c, "metric", json_string(zsc_metric_names[u->metric]), ok);
    put(c, "knn", json_string(zsc_knn_method_names[u->knn]), ok);
    put(c, "min_dist", json_real(u->min_dist), ok);
    put(c, "spread", json_real(u->spread), ok);
    put(c, "a", json_real(u->a), ok);
    put(c, "b", json_real(u->b), ok);
    put(c, "set_op_mix_ratio", json_real(u->set_op_mix_ratio), ok);
    put(c, "local_connectivity", json_real(u->local_connectivity), ok);
    put(c, "epochs", json_integer((json_int_t)u->n_epochs), ok);
    put(c, "learning_rate", json_real(u->learning_rate), ok);
    put(c, "repulsion_strength", json_real(u->repulsion_strength), ok);
    put(c, "negative_sample_rate", json_integer((json_int_t)u->negative_sample_rate), ok);
    put(c, "init", json_integer(u->init), ok);
}

zsc_status zsc_config_text(const zsc_run_options *o, const zsc_dataset *data, char **out)
{
    bool ok = true;
    json_t *c = json_object();
    if (!c) return zsc_fail_memory(1, 1, "a configuration");
    put(c, "encoders", encoders(data), &ok);
    put(c, "split", json_string(o->data.split ? o->data.split : ""), &ok);
    put(c, "where", strings(o->data.where, o->data.where_count), &ok);
    put(c, "one_per_barcode", json_string(zsc_per_barcode_names[o->data.per_barcode]), &ok);
    put(c, "barcode_max_length", json_integer((json_int_t)o->data.barcode_max_length), &ok);
    put(c, "barcode_seed", json_integer((json_int_t)o->data.seed), &ok);
    put(c, "scale", json_string(zsc_scale_names[o->data.scale]), &ok);
    put(c, "scale_scope", json_string(zsc_scope_names[o->data.scope]), &ok);
    put(c, "reduce", json_string(zsc_reduce_names[o->reduce]), &ok);
    if (o->reduce != ZSC_REDUCE_NONE) put(c, "dim", json_integer((json_int_t)o->umap.n_components), &ok);
    if (o->reduce == ZSC_REDUCE_UMAP) put_umap(c, o, &ok);
    put(c, "linkage", json_string(zsc_linkage_names[o->linkage]), &ok);
    put(c, "clusters", json_string(o->clusters), &ok);
    put(c, "cut_height", json_real(o->cut_height), &ok);
    put(c, "missing", json_string(zsc_missing_names[o->missing]), &ok);
    put(c, "curve", json_boolean(o->curve), &ok);
    put(c, "internal", json_boolean(o->internal), &ok);
    put(c, "keep_reduced", json_boolean(o->keep_reduced), &ok);
    put(c, "seed", json_integer((json_int_t)o->seed), &ok);
    put(c, "results_version", json_integer(RESULTS_VERSION), &ok);
    *out = ok ? json_dumps(c, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(c);
    return *out ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "out of memory, or text that is not UTF-8, in the configuration");
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

static int command_count;
static char **command_words;

void zsc_provenance_command(int argc, char **argv)
{
    command_count = argc;
    command_words = argv;
}

zsc_status zsc_provenance_text(char **out)
{
    bool ok = true;
    json_t *p = json_object(), *libraries = json_object();
    struct utsname host;
    char now[32] = "";
    time_t t = time(NULL);
    struct tm utc;
    if (gmtime_r(&t, &utc)) strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    put(p, "zsc", json_string(zsc_version()), &ok);
    put(p, "compiler", json_string(__VERSION__), &ok);
    put(p, "kernels", json_string(zsc_isa_name(zsc_isa_active())), &ok);
    put(libraries, "openblas", json_string(openblas_get_config()), &ok);
    put(libraries, "gsl", json_string(GSL_VERSION), &ok);
    put(libraries, "hdf5", json_string(zsc_h5_library_version()), &ok);
    put(p, "libraries", libraries, &ok);
    if (uname(&host) == 0) {
        put(p, "host", json_string(host.nodename), &ok);
        put(p, "system", json_sprintf("%s %s %s", host.sysname, host.release, host.machine), &ok);
    }
    put(p, "finished", json_string(now), &ok);
    put(p, "command", strings((const char *const *)command_words, (size_t)command_count), &ok);
    *out = ok ? json_dumps(p, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    json_decref(p);
    return *out ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "out of memory, or text that is not UTF-8, in the provenance");
}
