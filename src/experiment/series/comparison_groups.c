#include "experiment/series/comparison_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/series/comparison_statistics.h"
#include "experiment/series/row_settings.h"
#include "base/text.h"
#include "experiment/store/result_parts.h"
#include "experiment/series/results_table_read.h"
#include "experiment/settings/run_config.h"
#include "experiment/series/run_identity.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/settings.h"

void zsc_compared_group_free(zsc_compared_group *b)
{
    for (size_t i = 0; i < b->encoders; i++) {
        zsc_results_row_clear(&b->encoder[i].identity);
        free(b->encoder[i].run);
    }
    free(b->encoder);
}

static uint64_t hash_ids(const zsc_result *r)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < r->rows; i++) sum += zsc_hash64(r->id[i], strlen(r->id[i]));
    return sum;
}

static bool same_rows(const zsc_compared_group *group, const zsc_result *r, uint64_t hash)
{
    return group->rows_hash == hash && group->first->rows == r->rows;
}

/* The group of the result's rows and labels; COUNT: there is none. Warns where rows are the same and labels are not. */
static size_t find_group(const zsc_compared_group *group, size_t count, const zsc_result *r, uint64_t hash,
                         const zsc_results_row *identity)
{
    const zsc_result *other = NULL;
    const char *rank = NULL;
    size_t length = 0;
    for (size_t g = 0; g < count; g++) {
        if (!same_rows(&group[g], r, hash)) continue;
        const char *differs = zsc_rank_of_other_labels(&group[g].encoder[0].identity, identity, &length);
        if (!differs) return g;
        rank = differs;
        other = group[g].first;
    }
    if (other)
        zsc_warn("'%s' and '%s' have the same rows with other labels, first at rank %.*s: they are not compared with "
                 "each other; run one of them again with the labels of the other",
                 other->path, r->path, (int)length, rank);
    return count;
}

json_t *zsc_compared_config(const zsc_result *r)
{
    json_t *config = json_loads(r->config ? r->config : "{}", 0, NULL);
    if (config) json_object_del(config, "seed");
    if (config) zsc_config_keep_effective(config, r->rows, r->dim);
    for (size_t i = 0; config && i < zsc_setting_count; i++)
        if (zsc_settings[i].level == ZSC_LEVEL_OUTPUT) json_object_del(config, zsc_settings[i].name);
    return config;
}

/* A hash of the configuration without the seed, and of the embeddings' files. */
static zsc_status stream_of(const zsc_result *r, uint64_t *out)
{
    json_t *config = json_loads(r->config ? r->config : "{}", 0, NULL);
    if (config) json_object_del(config, "seed");
    char *settings = config ? json_dumps(config, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    json_decref(config);
    if (!settings) return zsc_fail(ZSC_EINPUT, "result '%s' holds no readable configuration", r->path);
    zsc_text text = {0};
    zsc_text_append(&text, settings);
    free(settings);
    for (size_t m = 0; m < r->modalities; m++)
        zsc_text_printf(&text, "\n%s:%s", r->modality[m].path, r->modality[m].encoder);
    if (!text.failed) *out = zsc_hash64(text.data, text.length);
    bool failed = text.failed;
    free(text.data);
    return failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status add_run(zsc_compared_encoder *e, const zsc_result *r)
{
    for (size_t i = 0; i < e->runs; i++)
        if (strcmp(e->run[i]->key, r->key) == 0) return ZSC_OK;
    zsc_status status = zsc_grow(&e->run, &e->capacity, e->runs + 1, sizeof *e->run, "runs");
    if (status == ZSC_OK) e->run[e->runs++] = r;
    return status;
}

/* Takes IDENTITY. */
static zsc_status add_to_group(zsc_compared_group *b, const zsc_result *r, zsc_results_row *identity)
{
    for (size_t i = 0; i < b->encoders; i++)
        if (zsc_same_series(&b->encoder[i].identity, identity)) {
            if (!*b->encoder[i].identity.matrix) { /* of an older version: from here on it is known */
                char *unknown = b->encoder[i].identity.matrix;
                b->encoder[i].identity.matrix = identity->matrix;
                identity->matrix = unknown;
            }
            return add_run(&b->encoder[i], r);
        }
    zsc_status status = zsc_grow(&b->encoder, &b->capacity, b->encoders + 1, sizeof *b->encoder, "encoders");
    if (status != ZSC_OK) return status;
    uint64_t stream = 0;
    if ((status = stream_of(r, &stream)) != ZSC_OK) return status;
    b->encoder[b->encoders] = (zsc_compared_encoder){.identity = *identity, .stream = stream};
    *identity = (zsc_results_row){0};
    return add_run(&b->encoder[b->encoders++], r);
}

zsc_status zsc_compared_groups_make(const zsc_result_list *results, zsc_compared_group **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    size_t capacity = 0;
    zsc_results_row *identity = NULL;
    bool *left_out = NULL;
    ZSC_NEW(identity, results->count);
    ZSC_NEW(left_out, results->count);
    for (size_t i = 0; i < results->count; i++) ZSC_TRY(zsc_results_row_describe(&results->item[i], &identity[i]));
    for (size_t i = 0; i < results->count; i++) /* a result that is named twice */
        for (size_t j = 0; j < i && !left_out[i]; j++)
            left_out[i] = !left_out[j] && strcmp(identity[i].key, identity[j].key) == 0;
    zsc_runs_superseded(identity, results->count, left_out);
    for (size_t i = 0; i < results->count; i++) {
        const zsc_result *r = &results->item[i];
        uint64_t hash = hash_ids(r);
        if (left_out[i]) continue;
        size_t g = find_group(*out, *count, r, hash, &identity[i]);
        if (g == *count) {
            ZSC_TRY(zsc_grow(out, &capacity, *count + 1, sizeof **out, "groups"));
            (*out)[(*count)++] = (zsc_compared_group){.rows_hash = hash, .first = r};
        }
        ZSC_TRY(add_to_group(&(*out)[g], r, &identity[i]));
    }
done:
    for (size_t i = 0; identity && i < results->count; i++) zsc_results_row_clear(&identity[i]);
    free(identity);
    free(left_out);
    return status;
}

/* --- Labels: encoder names, with the settings or files in which encoders of one name differ */
static void append_encoders(zsc_text *text, const zsc_result *r)
{
    for (size_t m = 0; m < r->modalities; m++) zsc_text_printf(text, "%s%s", m ? "+" : "", r->modality[m].encoder);
}

static bool same_encoders(const zsc_result *a, const zsc_result *b)
{
    if (a->modalities != b->modalities) return false;
    for (size_t m = 0; m < a->modalities; m++)
        if (strcmp(a->modality[m].encoder, b->modality[m].encoder) != 0) return false;
    return true;
}

/* Encoders of the same rows, with whatever labels: names tell them all apart. */
typedef struct peers {
    const zsc_compared_encoder **item;
    size_t count;
} peers;

static zsc_status find_peers(const zsc_compared_group *groups, size_t count, const zsc_compared_group *of, peers *out)
{
    zsc_status status = ZSC_OK;
    size_t all = 0;
    for (size_t g = 0; g < count; g++) all += groups[g].encoders;
    ZSC_NEW(out->item, all);
    for (size_t g = 0; g < count; g++)
        for (size_t i = 0; i < groups[g].encoders && same_rows(&groups[g], of->first, of->rows_hash); i++)
            out->item[out->count++] = &groups[g].encoder[i];
done:
    return status;
}

/* Whether others of the same name were clustered otherwise. */
static bool clusterers_differ(const peers *p, const zsc_compared_encoder *e)
{
    for (size_t j = 0; j < p->count; j++)
        if (same_encoders(e->run[0], p->item[j]->run[0]) &&
            strcmp(e->identity.clusterer, p->item[j]->identity.clusterer) != 0)
            return true;
    return false;
}

/* Adds the settings of an encoder that differ from those of another encoder of the same name. Where clusterers differ
 * they are named, agglomerative clustering by its linkage. */
static void append_settings(zsc_text *text, const peers *p, const zsc_compared_encoder *e)
{
    size_t added = 0;
    json_t *mine = zsc_compared_config(e->run[0]), *value;
    const char *key;
    bool clusterers = clusterers_differ(p, e);
    if (clusterers) {
        zsc_text_printf(text, " (%s", zsc_clusterer_label(e->identity.clusterer, e->identity.linkage));
        added++;
    }
    json_object_foreach(mine, key, value)
    {
        bool differs = false, named = strcmp(key, "clusterer") == 0 || strcmp(key, "linkage") == 0;
        if (clusterers && named) continue;
        for (size_t j = 0; j < p->count && !differs; j++) {
            if (!zsc_setting_of_both(&e->identity, &p->item[j]->identity, key)) continue;
            if (p->item[j] == e || !same_encoders(e->run[0], p->item[j]->run[0])) continue;
            json_t *other = zsc_compared_config(p->item[j]->run[0]);
            differs = zsc_row_setting_differs(mine, other, key);
            json_decref(other);
        }
        if (!differs) continue;
        char *shown = zsc_setting_label(key, value);
        zsc_text_printf(text, "%s%s", added++ ? ", " : " (", shown ? shown : "");
        if (!shown) text->failed = true;
        free(shown);
    }
    json_decref(mine);
    if (added) zsc_text_append(text, ")");
}

static bool name_is_shared(const peers *p, const zsc_compared_encoder *e)
{
    for (size_t j = 0; j < p->count; j++)
        if (p->item[j] != e && same_encoders(e->run[0], p->item[j]->run[0])) return true;
    return false;
}

/* " of first.h5", " (contents of 2026-11-28 20:00, matrix 1f2e3d4c)", " (labels of 2026-11-28T20:00:00Z)": where the
 * settings are the same. */
static void append_origin(zsc_text *text, const peers *p, const zsc_compared_encoder *e)
{
    const zsc_results_row *own = &e->identity;
    const char **others = zsc_calloc(p->count, sizeof *others, "labels");
    size_t count = 0;
    bool labels = false, contents = false;
    if (!others) text->failed = true;
    for (size_t j = 0; others && j < p->count; j++) {
        const zsc_results_row *other = &p->item[j]->identity;
        if (p->item[j] == e || !zsc_same_settings(other, own)) continue;
        others[count++] = other->sources;
        if (strcmp(other->sources, own->sources) != 0) continue;
        bool same = zsc_same_contents(own, other);
        contents |= !same;
        labels |= same && !zsc_same_labels(own, other);
    }
    char *part = others ? zsc_source_part(own->sources, others, count) : NULL;
    if (!part) text->failed = true;
    if (part && *part) zsc_text_printf(text, " of %s", part);
    if (contents) {
        zsc_text_append(text, " (");
        zsc_contents_text(text, own->finished, own->matrix);
        zsc_text_append(text, ")");
    }
    if (labels) zsc_text_printf(text, " (labels of %s)", own->finished);
    free(part);
    free(others);
}

zsc_status zsc_compared_label(const zsc_compared_group *groups, size_t count, size_t g, size_t i, char **out)
{
    zsc_text text = {0};
    peers p = {0};
    const zsc_compared_encoder *e = &groups[g].encoder[i];
    zsc_status status = find_peers(groups, count, &groups[g], &p);
    append_encoders(&text, e->run[0]);
    if (status == ZSC_OK && name_is_shared(&p, e)) {
        append_settings(&text, &p, e);
        append_origin(&text, &p, e);
    }
    free(p.item);
    if (text.failed || status != ZSC_OK) {
        free(text.data);
        return ZSC_EINTERNAL;
    }
    *out = text.data ? text.data : zsc_strdup("");
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

/* --- Order */
static bool comes_before(const zsc_compared_encoder *a, double mean_a, const zsc_compared_encoder *b, double mean_b)
{
    double x = zsc_compared_score(mean_a), y = zsc_compared_score(mean_b);
    if (x != y) return x > y;
    int order = strcmp(a->identity.encoders, b->identity.encoders);
    if (!order) order = strcmp(a->identity.scale, b->identity.scale);
    if (!order) order = strcmp(a->identity.settings, b->identity.settings);
    return (order ? order : strcmp(a->run[0]->key, b->run[0]->key)) < 0;
}

zsc_status zsc_compared_sort(zsc_compared_group *b)
{
    zsc_status status = ZSC_OK;
    const zsc_result *r = b->first;
    double *mean = NULL;
    for (size_t j = r->scores; j-- > 0;) {
        bool everywhere = true;
        for (size_t e = 0; e < b->encoders; e++)
            for (size_t i = 0; i < b->encoder[e].runs; i++) {
                size_t at = zsc_result_rank(b->encoder[e].run[i], r->score[j].rank);
                if (at == b->encoder[e].run[i]->scores || isnan(b->encoder[e].run[i]->score[at].scores.ami[0]))
                    everywhere = false;
            }
        if (!everywhere) continue;
        ZSC_NEW(mean, b->encoders);
        for (size_t e = 0; e < b->encoders; e++)
            for (size_t i = 0; i < b->encoder[e].runs; i++) {
                const zsc_result *run = b->encoder[e].run[i];
                mean[e] += run->score[zsc_result_rank(run, r->score[j].rank)].scores.ami[0] /
                           (double)b->encoder[e].runs;
            }
        for (size_t e = 1; e < b->encoders; e++)
            for (size_t i = e; i > 0 && comes_before(&b->encoder[i], mean[i], &b->encoder[i - 1], mean[i - 1]); i--) {
                zsc_compared_encoder swap = b->encoder[i];
                double m = mean[i];
                b->encoder[i] = b->encoder[i - 1];
                b->encoder[i - 1] = swap;
                mean[i] = mean[i - 1];
                mean[i - 1] = m;
            }
        break;
    }
done:
    free(mean);
    return status;
}
