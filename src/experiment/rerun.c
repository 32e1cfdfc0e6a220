/* A run again. The settings are those of the configuration; where the data is, and how it was read, is in the
 * provenance under "run" (run_config.c). Results of older versions lack that: their files are those of their
 * modalities, their metadata that of the command's options. */
#include "experiment/rerun.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "experiment/settings/settings.h"

enum { EMBEDDINGS, WHERE, RANKS, COLUMNS, LABELS };

static zsc_status take_list(json_t *array, const char ***list, size_t *count)
{
    zsc_status status = ZSC_OK;
    *count = 0;
    if (json_array_size(array) == 0) return ZSC_OK;
    ZSC_NEW(*list, json_array_size(array));
    for (size_t i = 0; i < json_array_size(array); i++) {
        (*list)[i] = json_string_value(json_array_get(array, i));
        if (!(*list)[i]) return zsc_fail(ZSC_EINPUT, "its provenance is no list of texts where one is expected");
    }
    *count = json_array_size(array);
done:
    return status;
}

/* Numbers that stand for "not set": run_config.c. */
static bool is_unset(const char *name, json_t *value, json_t *config)
{
    if (!json_is_number(value) || json_number_value(value) != 0) return false;
    if (strcmp(name, "cut-height") == 0) return !json_is_true(json_object_get(config, "cut-at-height-0"));
    if (strcmp(name, "epochs") == 0) return !json_is_true(json_object_get(config, "no-epochs"));
    return strcmp(name, "barcode-max-length") == 0;
}

static zsc_status take_setting(const zsc_setting *s, json_t *value, json_t *config, zsc_run_options *o)
{
    char number[64];
    const char *text = number;
    if (!value || is_unset(s->name, value, config)) return ZSC_OK;
    if (json_is_string(value)) {
        text = json_string_value(value);
        if (s->kind == ZSC_TEXT && !*text && strcmp(s->name, "missing-values") != 0) return ZSC_OK;
    } else if (json_is_boolean(value)) {
        text = json_is_true(value) ? "true" : "false";
    } else if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        zsc_number_text(json_real_value(value), number);
    } else {
        return ZSC_OK;
    }
    return zsc_setting_parse(s, text, o);
}

static zsc_status take_settings(zsc_rerun *r)
{
    zsc_status status = ZSC_OK;
    json_t *run = json_object_get(r->provenance, "run");
    for (size_t i = 0; i < zsc_setting_count; i++) {
        const zsc_setting *s = &zsc_settings[i];
        ZSC_TRY(take_setting(s, json_object_get(s->level == ZSC_LEVEL_PLACE ? run : r->config, s->name), r->config,
                             &r->options));
    }
    r->options.seed = (uint64_t)json_integer_value(json_object_get(r->config, "seed"));
done:
    return status;
}

/* FILE:ENCODER of the modalities, and the metadata of `zsc run`. */
static zsc_status take_older(const zsc_result *result, zsc_rerun *r)
{
    zsc_status status = ZSC_OK;
    json_t *options = json_object_get(r->provenance, "options");
    json_t *run = json_object(), *embeddings = json_array();
    int failed = json_object_set_new(run, "embeddings", embeddings);
    if (json_object_get(options, "metadata"))
        failed |= json_object_set(run, "metadata", json_object_get(options, "metadata"));
    for (size_t m = 0; m < result->modalities; m++)
        failed |= json_array_append_new(embeddings,
                                        json_sprintf("%s:%s", result->modality[m].path, result->modality[m].encoder));
    if (json_object_set_new(r->provenance, "run", run) != 0 || failed)
        status = zsc_fail(ZSC_EINPUT, "it holds no readable provenance, which says where its data is");
    return status;
}

zsc_status zsc_rerun_read(const zsc_result *result, zsc_rerun *out)
{
    zsc_status status = ZSC_OK;
    zsc_rerun r = {.options = zsc_run_defaults()};
    zsc_dataset_options *d = &r.options.data;
    r.config = json_loads(result->config ? result->config : "", 0, NULL);
    r.provenance = json_loads(result->provenance ? result->provenance : "", 0, NULL);
    if (!r.config || !r.provenance) {
        status = zsc_fail(ZSC_EINPUT, "it does not say how it was made");
        goto done;
    }
    if (!json_object_get(r.provenance, "run")) ZSC_TRY(take_older(result, &r));
    json_t *run = json_object_get(r.provenance, "run");
    ZSC_TRY(take_settings(&r));
    ZSC_TRY(take_list(json_object_get(run, "embeddings"), &r.list[EMBEDDINGS], &d->embedding_count));
    ZSC_TRY(take_list(json_object_get(r.config, "where"), &r.list[WHERE], &d->where_count));
    ZSC_TRY(take_list(json_object_get(run, "ranks"), &r.list[RANKS], &d->rank_count));
    ZSC_TRY(take_list(json_object_get(run, "column"), &r.list[COLUMNS], &d->columns.count));
    ZSC_TRY(take_list(json_object_get(run, "h5-label"), &r.list[LABELS], &d->file_layout.label_count));
    d->embeddings = r.list[EMBEDDINGS];
    d->where = r.list[WHERE];
    d->ranks = r.list[RANKS];
    d->columns.rule = r.list[COLUMNS];
    d->file_layout.labels = r.list[LABELS];
    r.folder = json_string_value(json_object_get(r.provenance, "folder"));
    r.fingerprint = json_string_value(json_object_get(r.provenance, "fingerprint"));
    r.kernels = json_string_value(json_object_get(r.provenance, "kernels"));
    r.verified = json_string_value(json_object_get(r.provenance, "verified"));
    r.version = json_string_value(json_object_get(r.provenance, "zsc"));
    *out = r;
    r = (zsc_rerun){0};
done:
    zsc_rerun_free(&r);
    return status == ZSC_OK ? status : zsc_context(status, "result '%s'", result->path);
}

void zsc_rerun_enter(const zsc_rerun *r)
{
    if (r->folder && chdir(r->folder) != 0)
        zsc_note_once("the runs were made in '%s', which is not there: their paths are taken from here", r->folder);
}

void zsc_rerun_free(zsc_rerun *r)
{
    json_decref(r->config);
    json_decref(r->provenance);
    for (size_t i = 0; i < sizeof r->list / sizeof *r->list; i++) free(r->list[i]);
    *r = (zsc_rerun){0};
}

/* --- Two results */
static size_t differing(const void *a, size_t count_a, const void *b, size_t count_b, size_t size)
{
    size_t n = count_a < count_b ? count_a : count_b, different = (count_a > count_b ? count_a : count_b) - n;
    if (!a || !b) return a || b ? n + different : 0;
    for (size_t i = 0; i < n; i++)
        different += memcmp((const char *)a + i * size, (const char *)b + i * size, size) != 0;
    return different;
}

static zsc_array_check ids(const zsc_result *a, const zsc_result *b)
{
    zsc_array_check check = {"id", a->rows, 0};
    size_t n = a->rows < b->rows ? a->rows : b->rows;
    for (size_t i = 0; i < n; i++) check.differing += strcmp(a->id[i], b->id[i]) != 0;
    check.differing += (a->rows > b->rows ? a->rows : b->rows) - n;
    return check;
}

static zsc_array_check labels(const zsc_result *a, const zsc_result *b)
{
    zsc_array_check check = {"labels", a->rows * a->scores, 0};
    for (size_t j = 0; j < a->scores; j++)
        for (size_t i = 0; i < a->rows; i++) {
            const zsc_column *x = &a->taxon[j], *y = j < b->scores && i < b->rows ? &b->taxon[j] : NULL;
            const char *p = x->code[i] < 0 ? "" : x->level[x->code[i]];
            const char *q = !y ? NULL : y->code[i] < 0 ? "" : y->level[y->code[i]];
            check.differing += !q || strcmp(x->name, y->name) != 0 || strcmp(p, q) != 0;
        }
    return check;
}

static zsc_array_check curves(const zsc_result *a, const zsc_result *b)
{
    zsc_array_check check = {"curves", 0, 0};
    for (size_t j = 0; a->curve && j < a->scores; j++) {
        check.values += a->rows;
        check.differing += differing(a->curve[j], a->rows, b->curve && j < b->scores ? b->curve[j] : NULL, b->rows,
                                     sizeof **a->curve);
    }
    return check;
}

static zsc_array_check layers(const zsc_result *a, const zsc_result *b)
{
    zsc_array_check check = {"layers", a->layers * a->rows, 0};
    for (size_t l = 0; l < a->layers; l++)
        check.differing += differing(a->layer[l].label, a->rows, l < b->layers ? b->layer[l].label : NULL, b->rows,
                                     sizeof *a->layer[l].label);
    return check;
}

static zsc_array_check stability(const zsc_result *a, const zsc_result *b)
{
    const double x[] = {a->stability.subsamples, a->stability.subsamples_sd, a->stability.seeds, a->stability.seeds_sd},
                 y[] = {b->stability.subsamples, b->stability.subsamples_sd, b->stability.seeds, b->stability.seeds_sd};
    enum { VALUES = sizeof x / sizeof *x };
    zsc_array_check check = {"stability", a->stability.repeats ? VALUES : 0, 0};
    for (size_t i = 0; i < check.values; i++) check.differing += x[i] != y[i] && !(isnan(x[i]) && isnan(y[i]));
    return check;
}

/* A score that is not defined, or was not asked for, is NaN, whichever its bits. */
static bool equal(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b)); }

static zsc_array_check scores(const zsc_result *a, const zsc_result *b)
{
    zsc_array_check check = {"scores", a->scores, 0};
    for (size_t j = 0; j < a->scores; j++) {
        const zsc_scores *x = &a->score[j].scores, *y = j < b->scores ? &b->score[j].scores : NULL;
        const zsc_noise_scores *noise = &a->score[j].noise, *other = y ? &b->score[j].noise : NULL;
        check.differing += !y || memcmp(&x->ami[0], &y->ami[0], sizeof x->ami) != 0 ||
                           memcmp(&x->nmi[0], &y->nmi[0], sizeof x->nmi) != 0 || x->ari != y->ari ||
                           x->clusters != y->clusters || x->classes != y->classes || x->rows != y->rows ||
                           noise->clustered != other->clustered || !equal(noise->ami_clustered, other->ami_clustered) ||
                           !equal(noise->ami_singletons, other->ami_singletons);
    }
    return check;
}

static zsc_array_check cut_curve(const zsc_result *a, const zsc_result *b)
{
    const zsc_cut_curve *x = &a->cut_curve, *y = &b->cut_curve;
    size_t other_k = differing(x->k, x->count, y->k, y->count, sizeof *x->k);
    size_t other_value = differing(x->value, x->count, y->value, y->count, sizeof *x->value);
    return (zsc_array_check){"cut_curve", x->count, other_k > other_value ? other_k : other_value};
}

static void add_internal(zsc_array_check *check, const zsc_internal_scores *a, const zsc_internal_scores *b)
{
    const double x[] = {a->silhouette, a->davies_bouldin, a->calinski_harabasz};
    const double y[] = {b->silhouette, b->davies_bouldin, b->calinski_harabasz};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        check->values += !isnan(x[i]) || !isnan(y[i]);
        check->differing += !equal(x[i], y[i]);
    }
}

/* Of the clusters, in both spaces, and of the labels. */
static zsc_array_check internal(const zsc_result *a, const zsc_result *b)
{
    zsc_array_check check = {"internal", 0, 0};
    const zsc_internal_scores none = {NAN, NAN, NAN};
    add_internal(&check, &a->internal, &b->internal);
    add_internal(&check, &a->internal_original, &b->internal_original);
    for (size_t j = 0; j < a->scores; j++)
        add_internal(&check, &a->score[j].internal, j < b->scores ? &b->score[j].internal : &none);
    return check;
}

void zsc_rerun_compare(const zsc_result *a, const zsc_result *b, zsc_array_check out[ZSC_ARRAY_CHECKS], size_t *count)
{
    /* only agglomerative clustering has merges */
    size_t merges_a = a->linkage_matrix ? 4 * (a->rows - 1) : 0, merges_b = b->linkage_matrix ? 4 * (b->rows - 1) : 0;
    const zsc_array_check all[ZSC_ARRAY_CHECKS] = {
        ids(a, b),
        labels(a, b),
        {"reduced", a->reduced ? a->rows * a->reduced_dim : 0,
         differing(a->reduced, a->rows * a->reduced_dim, a->reduced ? b->reduced : NULL, b->rows * b->reduced_dim,
                   sizeof *a->reduced)},
        {"linkage", merges_a,
         differing(a->linkage_matrix, merges_a, b->linkage_matrix, merges_b, sizeof *a->linkage_matrix)},
        {"clusters", a->rows, differing(a->label, a->rows, b->label, b->rows, sizeof *a->label)},
        {"probability", a->probability ? a->rows : 0,
         differing(a->probability, a->probability ? a->rows : 0, b->probability, b->probability ? b->rows : 0,
                   sizeof *a->probability)},
        layers(a, b),
        cut_curve(a, b),
        curves(a, b),
        stability(a, b),
        scores(a, b),
        internal(a, b)};
    *count = 0;
    for (size_t i = 0; i < ZSC_ARRAY_CHECKS; i++)
        if (all[i].values || all[i].differing) out[(*count)++] = all[i];
}
