/* Comparison of results.
 *
 * 1. Results are grouped by the rows that they hold: what was computed on other specimens is not compared.
 * 2. Within a group, runs that differ in their seed alone are one encoder; its AMI is the mean over runs.
 * 3. Rows are resampled (metrics/bootstrap.h); in each resample every encoder is scored on the same rows, and as
 * many runs as it has are drawn from its runs with replacement, so that intervals hold the spread over seeds too.
 * 4. Intervals are of the mean and of each difference, which are paired. For the question which differences hold, all
 *    differences of a rank are looked at together: with s their standard deviations over the resamples, and c the
 *    quantile of max |deviation| / s, the intervals value +- c s hold all at once (max-t; Westfall and Young 1993).
 *    A difference holds if 0 is outside its own. */
#include "report/compare.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "experiment/settings.h"
#include "report/identity.h"

zsc_compare_options zsc_compare_defaults(void)
{
    return (zsc_compare_options){.unit = "species", .resampling = {.count = 1000}, .level = 0.95};
}

static void group_free(zsc_compare_group *g)
{
    free(g->subset);
    free(g->per_barcode);
    for (size_t i = 0; i < g->ranks; i++) free(g->rank[i]);
    free(g->rank);
    for (size_t i = 0; g->encoder && i < g->encoders; i++) free(g->encoder[i]);
    free(g->encoder);
    free(g->cell);
    free(g->difference);
    *g = (zsc_compare_group){0};
}

void zsc_comparison_free(zsc_comparison *c)
{
    for (size_t i = 0; i < c->groups; i++) group_free(&c->group[i]);
    free(c->group);
    *c = (zsc_comparison){0};
}

/* --- Encoders: runs that differ in their seed alone */
typedef struct encoder {
    zsc_tidy_row identity; /* of its first run */
    uint64_t stream;       /* of the draws of its runs */
    const zsc_result **run;
    size_t runs, capacity;
} encoder;

/* A group under way. */
typedef struct build {
    uint64_t rows_hash;      /* of the ids, in any order */
    const zsc_result *first; /* whose order of rows the others are brought into */
    encoder *encoder;
    size_t encoders, capacity;
} build;

static void build_free(build *b)
{
    for (size_t i = 0; i < b->encoders; i++) {
        zsc_tidy_row_clear(&b->encoder[i].identity);
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

static json_t *config_of(const zsc_result *r)
{
    json_t *config = json_loads(r->config ? r->config : "{}", 0, NULL);
    if (config) json_object_del(config, "seed");
    for (size_t i = 0; config && i < zsc_setting_count; i++)
        if (zsc_settings[i].level == ZSC_LEVEL_OUTPUT) json_object_del(config, zsc_settings[i].name);
    return config;
}

/* Of the configuration without the seed, and of the embeddings' files. */
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

static zsc_status add_run(encoder *e, const zsc_result *r)
{
    for (size_t i = 0; i < e->runs; i++)
        if (strcmp(e->run[i]->key, r->key) == 0) return ZSC_OK;
    zsc_status status = zsc_grow(&e->run, &e->capacity, e->runs + 1, sizeof *e->run, "runs");
    if (status == ZSC_OK) e->run[e->runs++] = r;
    return status;
}

/* Takes IDENTITY. */
static zsc_status add_to_build(build *b, const zsc_result *r, zsc_tidy_row *identity)
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
    b->encoder[b->encoders] = (encoder){.identity = *identity, .stream = stream};
    *identity = (zsc_tidy_row){0};
    return add_run(&b->encoder[b->encoders++], r);
}

static zsc_status sort_out(const zsc_result_list *results, build **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    size_t capacity = 0;
    zsc_tidy_row *identity = NULL;
    bool *left_out = NULL;
    ZSC_NEW(identity, results->count);
    ZSC_NEW(left_out, results->count);
    for (size_t i = 0; i < results->count; i++) ZSC_TRY(zsc_tidy_describe(&results->item[i], &identity[i]));
    for (size_t i = 0; i < results->count; i++) /* a result that is named twice */
        for (size_t j = 0; j < i && !left_out[i]; j++)
            left_out[i] = !left_out[j] && strcmp(identity[i].key, identity[j].key) == 0;
    zsc_runs_settle(identity, results->count, left_out);
    for (size_t i = 0; i < results->count; i++) {
        const zsc_result *r = &results->item[i];
        uint64_t hash = hash_ids(r);
        size_t g = 0;
        if (left_out[i]) continue;
        while (g < *count && ((*out)[g].rows_hash != hash || (*out)[g].first->rows != r->rows)) g++;
        if (g == *count) {
            ZSC_TRY(zsc_grow(out, &capacity, *count + 1, sizeof **out, "groups"));
            (*out)[(*count)++] = (build){.rows_hash = hash, .first = r};
        }
        ZSC_TRY(add_to_build(&(*out)[g], r, &identity[i]));
    }
done:
    for (size_t i = 0; identity && i < results->count; i++) zsc_tidy_row_clear(&identity[i]);
    free(identity);
    free(left_out);
    return status;
}

/* --- Labels: encoder names; where several share them, the settings in which they differ, else the files */
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

/* Adds the settings of encoder I that some encoder of the same name has otherwise. */
static void append_settings(zsc_text *text, const build *b, size_t i)
{
    size_t added = 0;
    json_t *mine = config_of(b->encoder[i].run[0]), *value;
    const char *key;
    json_object_foreach(mine, key, value)
    {
        bool differs = false;
        for (size_t j = 0; j < b->encoders && !differs; j++) {
            if (j == i || !same_encoders(b->encoder[i].run[0], b->encoder[j].run[0])) continue;
            json_t *other = config_of(b->encoder[j].run[0]);
            differs = !json_equal(value, json_object_get(other, key));
            json_decref(other);
        }
        if (!differs) continue;
        char *shown = json_is_string(value) ? zsc_strdup(json_string_value(value))
                                            : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        zsc_text_printf(text, "%s%s %s", added++ ? ", " : " (", key, shown ? shown : "");
        if (!shown) text->failed = true;
        free(shown);
    }
    json_decref(mine);
    if (added) zsc_text_append(text, ")");
}

static bool name_is_shared(const build *b, size_t i)
{
    for (size_t j = 0; j < b->encoders; j++)
        if (j != i && same_encoders(b->encoder[i].run[0], b->encoder[j].run[0])) return true;
    return false;
}

/* " of first.h5", " (contents of 2026-11-28 20:00, matrix 1f2e3d4c)", " (labels of 2026-11-28T20:00:00Z)": where the
 * settings are the same. */
static void append_origin(zsc_text *text, const build *b, size_t i)
{
    const zsc_tidy_row *own = &b->encoder[i].identity;
    const char **others = zsc_calloc(b->encoders, sizeof *others, "labels");
    size_t count = 0;
    bool labels = false, contents = false;
    if (!others) text->failed = true;
    for (size_t j = 0; others && j < b->encoders; j++) {
        const zsc_tidy_row *other = &b->encoder[j].identity;
        if (j == i || !zsc_same_settings(other, own)) continue;
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

static zsc_status label_of(const build *b, size_t i, char **out)
{
    zsc_text text = {0};
    const zsc_result *r = b->encoder[i].run[0];
    append_encoders(&text, r);
    if (name_is_shared(b, i)) {
        append_settings(&text, b, i);
        append_origin(&text, b, i);
    }
    if (text.failed) {
        free(text.data);
        return ZSC_EINTERNAL;
    }
    *out = text.data ? text.data : zsc_strdup("");
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

/* --- Ranks */
static size_t rank_in(const zsc_result *r, const char *rank)
{
    size_t j = 0;
    while (j < r->scores && strcmp(r->score[j].rank, rank) != 0) j++;
    return j; /* r->scores: it has none */
}

static bool asked_for(const zsc_compare_options *o, const char *rank)
{
    for (size_t i = 0; i < o->rank_count; i++)
        if (strcmp(o->ranks[i], rank) == 0) return true;
    return o->rank_count == 0;
}

static zsc_status find_ranks(const build *b, const zsc_compare_options *o, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    zsc_list ranks = {0};
    for (size_t i = 0; i < b->encoders; i++)
        for (size_t j = 0; j < b->encoder[i].run[0]->scores; j++) {
            const char *rank = b->encoder[i].run[0]->score[j].rank;
            if (asked_for(o, rank) && !zsc_list_has(&ranks, rank)) ZSC_TRY(zsc_list_add(&ranks, rank));
        }
    for (size_t i = 0; i < o->rank_count; i++)
        if (!zsc_list_has(&ranks, o->ranks[i])) {
            status = zsc_fail(ZSC_EINPUT, "no result has the rank '%s'", o->ranks[i]);
            goto done;
        }
    g->rank = ranks.item;
    g->ranks = ranks.count;
    ranks = (zsc_list){0};
done:
    zsc_list_free(&ranks);
    return status;
}

/* --- Rows of one result in the order of another */
static zsc_status order_rows(const zsc_result *reference, const zsc_result *r, int32_t *at)
{
    zsc_status status = ZSC_OK;
    int32_t *slot = NULL;
    size_t i = 0, slots = 16;
    while (i < r->rows && strcmp(reference->id[i], r->id[i]) == 0) i++;
    if (i == r->rows) {
        for (i = 0; i < r->rows; i++) at[i] = (int32_t)i;
        return ZSC_OK;
    }
    while (slots < 2 * r->rows) slots *= 2;
    ZSC_NEW_RAW(slot, slots);
    memset(slot, -1, slots * sizeof *slot);
    for (i = 0; i < r->rows; i++) {
        size_t s = (size_t)zsc_hash64(r->id[i], strlen(r->id[i])) & (slots - 1);
        while (slot[s] >= 0) s = (s + 1) & (slots - 1);
        slot[s] = (int32_t)i;
    }
    for (i = 0; i < reference->rows; i++) {
        const char *id = reference->id[i];
        size_t s = (size_t)zsc_hash64(id, strlen(id)) & (slots - 1);
        while (slot[s] >= 0 && strcmp(r->id[slot[s]], id) != 0) s = (s + 1) & (slots - 1);
        if (slot[s] < 0) {
            status = zsc_fail(ZSC_EINPUT, "result '%s' lacks the row '%s' that '%s' has", r->path, id, reference->path);
            goto done;
        }
        at[i] = slot[s];
    }
done:
    free(slot);
    return status;
}

/* --- Units */
static zsc_status make_units(const build *b, const char *name, int32_t *unit, size_t *units)
{
    const zsc_result *r = b->first;
    size_t next = 0, j = rank_in(r, name);
    if (strcmp(name, "specimens") == 0) {
        for (size_t i = 0; i < r->rows; i++) unit[i] = (int32_t)i;
        *units = r->rows;
        return ZSC_OK;
    }
    if (j == r->scores)
        return zsc_fail(ZSC_EINPUT,
                        "result '%s' has no rank '%s' to resample; expected a rank of the results, or specimens",
                        r->path, name);
    next = r->taxon[j].levels;
    for (size_t i = 0; i < r->rows; i++) /* a row without a name is on its own */
        unit[i] = r->taxon[j].code[i] >= 0 ? r->taxon[j].code[i] : (int32_t)next++;
    *units = next;
    return ZSC_OK;
}

/* --- Labellings: for every run and rank the rows' labels and clusters, in the group's order */
typedef struct labellings {
    zsc_labelling *item;
    int32_t **array; /* what the items point to */
    size_t count, arrays;
    size_t *start; /* encoders x ranks: first item; SIZE_MAX where the encoder lacks the rank */
    double *ami;   /* of the items on all rows */
} labellings;

static void labellings_free(labellings *l)
{
    for (size_t i = 0; i < l->arrays; i++) free(l->array[i]);
    free(l->array);
    free(l->item);
    free(l->start);
    free(l->ami);
}

static zsc_missing missing_of(const zsc_result *r)
{
    json_t *config = config_of(r);
    const char *how = json_string_value(json_object_get(config, "missing"));
    zsc_missing missing = how && strcmp(how, "class") == 0 ? ZSC_MISSING_CLASS : ZSC_MISSING_DROP;
    json_decref(config);
    return missing;
}

static zsc_status gather(labellings *l, const int32_t *value, const int32_t *at, size_t n, const int32_t **out)
{
    zsc_status status = ZSC_OK;
    int32_t *copy = NULL;
    ZSC_NEW_RAW(copy, n);
    for (size_t i = 0; i < n; i++) copy[i] = value[at[i]];
    l->array[l->arrays++] = copy;
    *out = copy;
done:
    return status;
}

/* The clusters that were scored at score j of R: its labels, or another cut where each rank has its own. */
static zsc_status clusters_at(labellings *l, const zsc_result *r, size_t j, const int32_t *at, const int32_t *shared,
                              const int32_t **out)
{
    zsc_status status = ZSC_OK;
    int32_t *cut = NULL;
    if (strcmp(r->clusters_rule, "each-rank") != 0) {
        *out = shared;
        return ZSC_OK;
    }
    ZSC_NEW_RAW(cut, r->rows);
    ZSC_TRY(zsc_cut_clusters(r->linkage_matrix, r->rows, r->score[j].k, cut));
    status = gather(l, cut, at, r->rows, out);
done:
    free(cut);
    return status;
}

static zsc_status add_result(labellings *l, const build *b, const zsc_compare_group *g, size_t e, size_t run,
                             int32_t *at)
{
    zsc_status status = ZSC_OK;
    const zsc_result *r = b->encoder[e].run[run];
    const int32_t *shared;
    ZSC_TRY(order_rows(b->first, r, at));
    ZSC_TRY(gather(l, r->label, at, r->rows, &shared));
    for (size_t q = 0; q < g->ranks; q++) {
        size_t j = rank_in(r, g->rank[q]), item = l->start[e * g->ranks + q] + run;
        if (l->start[e * g->ranks + q] == SIZE_MAX) continue;
        if (j == r->scores) {
            status = zsc_fail(ZSC_EINPUT, "result '%s' has no rank '%s', which '%s' has", r->path, g->rank[q],
                              b->encoder[e].run[0]->path);
            goto done;
        }
        l->item[item].missing = missing_of(r);
        ZSC_TRY(gather(l, r->taxon[j].code, at, r->rows, &l->item[item].labels));
        ZSC_TRY(clusters_at(l, r, j, at, shared, &l->item[item].clusters));
        l->ami[item] = r->score[j].scores.ami[ZSC_ARITHMETIC];
    }
done:
    return status;
}

static zsc_status make_labellings(const build *b, const zsc_compare_group *g, labellings *l)
{
    zsc_status status = ZSC_OK;
    int32_t *at = NULL;
    size_t runs = 0;
    ZSC_NEW_RAW(at, b->first->rows);
    ZSC_NEW(l->start, b->encoders * g->ranks);
    for (size_t e = 0; e < b->encoders; e++) {
        runs += b->encoder[e].runs;
        for (size_t q = 0; q < g->ranks; q++) {
            bool there = rank_in(b->encoder[e].run[0], g->rank[q]) < b->encoder[e].run[0]->scores;
            l->start[e * g->ranks + q] = there ? l->count : SIZE_MAX;
            if (there) l->count += b->encoder[e].runs;
        }
    }
    ZSC_NEW(l->item, l->count);
    ZSC_NEW(l->ami, l->count);
    ZSC_NEW(l->array, runs * (1 + 2 * g->ranks));
    for (size_t e = 0; e < b->encoders; e++)
        for (size_t run = 0; run < b->encoder[e].runs; run++) ZSC_TRY(add_result(l, b, g, e, run, at));
done:
    free(at);
    return status;
}

/* --- Statistics: value[(q * encoders + e) * resamples + b], the mean AMI of encoder e at rank q in resample b */
static double mean_of(const double *value, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += value[i];
    return sum / (double)count;
}

static double sd_of(const double *value, size_t count)
{
    if (count < 2) return NAN;
    double mean = mean_of(value, count), sum = 0;
    for (size_t i = 0; i < count; i++) sum += (value[i] - mean) * (value[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

/* Runs are drawn by a stream of their own, so that an encoder's draws do not depend on which others are there. */
static void average_runs(const build *b, const zsc_compare_group *g, const labellings *l, const zsc_resampling *r,
                         const double *ami, double *value)
{
    for (size_t e = 0; e < b->encoders; e++) {
        const encoder *x = &b->encoder[e];
        for (size_t s = 0; s < r->count; s++) {
            zsc_stream stream = zsc_stream_open(r->seed, ZSC_RANDOM_BOOTSTRAP, x->stream + s);
            for (size_t q = 0; q < g->ranks; q++) value[(q * b->encoders + e) * r->count + s] = 0;
            for (size_t i = 0; i < x->runs; i++) {
                size_t run = x->runs > 1 ? (size_t)zsc_stream_below(&stream, x->runs) : 0;
                for (size_t q = 0; q < g->ranks; q++) {
                    size_t start = l->start[e * g->ranks + q];
                    value[(q * b->encoders + e) * r->count + s] += start == SIZE_MAX ? NAN
                                                                                     : ami[s * l->count + start + run] /
                                                                                           (double)x->runs;
                }
            }
        }
    }
}

static void fill_cells(const build *b, const labellings *l, const zsc_compare_options *o, const double *value,
                       double *room, zsc_compare_group *g)
{
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < b->encoders; e++) {
            zsc_compare_cell *cell = &g->cell[q * b->encoders + e];
            size_t start = l->start[e * g->ranks + q], count = o->resampling.count;
            *cell = (zsc_compare_cell){.mean = NAN, .sd = NAN, .interval = {NAN, NAN}};
            if (start == SIZE_MAX) continue;
            cell->runs = b->encoder[e].runs;
            cell->mean = mean_of(l->ami + start, cell->runs);
            cell->sd = sd_of(l->ami + start, cell->runs);
            memcpy(room, value + (q * b->encoders + e) * count, count * sizeof *room);
            cell->interval = zsc_centred_interval(room, count, cell->mean, o->level);
            if (cell->interval.high > 1) cell->interval.high = 1; /* no AMI is above */
        }
}

static void place(zsc_compare_group *g)
{
    for (size_t q = 0; q < g->ranks; q++) {
        zsc_compare_cell *cell = g->cell + q * g->encoders;
        for (int p = 1; p <= 2; p++) {
            size_t best = SIZE_MAX;
            for (size_t e = 0; e < g->encoders; e++)
                if (!isnan(cell[e].mean) && cell[e].place == 0 && (best == SIZE_MAX || cell[e].mean > cell[best].mean))
                    best = e;
            if (best != SIZE_MAX) cell[best].place = p;
        }
    }
}

/* Deviations of all differences of rank q; deviation[p * count + s]. Fills value and interval of each. */
static void differences_of(const zsc_compare_group *g, size_t q, const zsc_compare_options *o, const double *value,
                           double *deviation, double *room, zsc_difference *d)
{
    size_t count = o->resampling.count, p = 0;
    for (size_t a = 0; a < g->encoders; a++)
        for (size_t b = a + 1; b < g->encoders; b++, p++) {
            const double *of_a = value + (q * g->encoders + a) * count, *of_b = value + (q * g->encoders + b) * count;
            d[p] = (zsc_difference){.rank = q, .a = a, .b = b};
            d[p].value = g->cell[q * g->encoders + a].mean - g->cell[q * g->encoders + b].mean;
            for (size_t s = 0; s < count; s++) room[s] = of_a[s] - of_b[s];
            double mean = mean_of(room, count);
            for (size_t s = 0; s < count; s++) deviation[p * count + s] = room[s] - mean;
            d[p].interval = zsc_centred_interval(room, count, d[p].value, o->level);
        }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool usable(double s) { return s > 1e-14; } /* less is rounding: the two never differ in another way */

/* The joint intervals. Differences that do not vary take no part in them; they hold if they are not 0. */
static void join(const zsc_compare_options *o, size_t pairs, const double *deviation, const double *sd, double *room,
                 zsc_difference *d)
{
    size_t count = o->resampling.count;
    for (size_t s = 0; s < count; s++) {
        room[s] = 0;
        for (size_t p = 0; p < pairs; p++)
            if (usable(sd[p])) room[s] = fmax(room[s], fabs(deviation[p * count + s]) / sd[p]);
    }
    qsort(room, count, sizeof *room, ascending);
    double c = room[(size_t)(o->level * (double)(count - 1) + 0.5)];
    for (size_t p = 0; p < pairs; p++) {
        d[p].joint = (zsc_interval){d[p].value - c * sd[p], d[p].value + c * sd[p]};
        d[p].holds = d[p].joint.low > 1e-12 || d[p].joint.high < -1e-12;
    }
}

static zsc_status fill_differences(const zsc_compare_options *o, const double *value, double *room,
                                   zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    size_t pairs = g->encoders * (g->encoders - 1) / 2, count = o->resampling.count;
    double *deviation = NULL, *sd = NULL;
    g->differences = pairs * g->ranks;
    ZSC_NEW(g->difference, g->differences);
    ZSC_NEW(deviation, pairs * count);
    ZSC_NEW(sd, pairs);
    for (size_t q = 0; q < g->ranks; q++) {
        zsc_difference *d = g->difference + q * pairs;
        differences_of(g, q, o, value, deviation, room, d);
        for (size_t p = 0; p < pairs; p++) sd[p] = sd_of(deviation + p * count, count);
        join(o, pairs, deviation, sd, room, d);
    }
done:
    free(deviation);
    free(sd);
    return status;
}

/* --- Order of encoders: by AMI at the finest rank that all have; the sort is stable. */
static zsc_status sort_encoders(build *b)
{
    zsc_status status = ZSC_OK;
    const zsc_result *r = b->first;
    double *mean = NULL;
    for (size_t j = r->scores; j-- > 0;) {
        bool everywhere = true;
        for (size_t e = 0; e < b->encoders; e++)
            for (size_t i = 0; i < b->encoder[e].runs; i++) {
                size_t at = rank_in(b->encoder[e].run[i], r->score[j].rank);
                if (at == b->encoder[e].run[i]->scores || isnan(b->encoder[e].run[i]->score[at].scores.ami[0]))
                    everywhere = false;
            }
        if (!everywhere) continue;
        ZSC_NEW(mean, b->encoders);
        for (size_t e = 0; e < b->encoders; e++)
            for (size_t i = 0; i < b->encoder[e].runs; i++) {
                const zsc_result *run = b->encoder[e].run[i];
                mean[e] += run->score[rank_in(run, r->score[j].rank)].scores.ami[0] / (double)b->encoder[e].runs;
            }
        for (size_t e = 1; e < b->encoders; e++)
            for (size_t i = e; i > 0 && mean[i] > mean[i - 1]; i--) {
                encoder swap = b->encoder[i];
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

static zsc_status describe(build *b, const zsc_compare_options *o, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    g->rows = b->first->rows;
    g->subset = zsc_strdup(b->first->subset);
    g->per_barcode = zsc_strdup(b->first->per_barcode);
    if (!g->subset || !g->per_barcode) return ZSC_EINTERNAL;
    ZSC_TRY(sort_encoders(b));
    g->encoders = b->encoders;
    ZSC_NEW(g->encoder, b->encoders);
    for (size_t e = 0; e < b->encoders; e++) {
        for (size_t i = 0; i < b->encoder[e].runs; i++) g->simulated |= b->encoder[e].run[i]->simulated;
        ZSC_TRY(label_of(b, e, &g->encoder[e]));
    }
    ZSC_TRY(find_ranks(b, o, g));
    ZSC_NEW(g->cell, g->ranks * g->encoders);
done:
    return status;
}

static zsc_status finish_group(build *b, const zsc_compare_options *o, const zsc_exec *exec, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    labellings l = {0};
    int32_t *unit = NULL;
    double *ami = NULL, *value = NULL, *room = NULL;
    size_t count = o->resampling.count;
    ZSC_TRY(describe(b, o, g));
    ZSC_NEW_RAW(unit, g->rows);
    ZSC_TRY(make_units(b, o->unit, unit, &g->units));
    ZSC_TRY(make_labellings(b, g, &l));
    ZSC_NEW_RAW(ami, count * l.count);
    ZSC_NEW_RAW(value, g->ranks * g->encoders * count);
    ZSC_NEW_RAW(room, count);
    ZSC_TRY(zsc_resample_ami(l.item, l.count, g->rows, unit, g->units, &o->resampling, exec, ami));
    average_runs(b, g, &l, &o->resampling, ami, value);
    fill_cells(b, &l, o, value, room, g);
    place(g);
    status = fill_differences(o, value, room, g);
done:
    labellings_free(&l);
    free(unit);
    free(ami);
    free(value);
    free(room);
    return status;
}

zsc_status zsc_compare(const zsc_result_list *results, const zsc_compare_options *o, const zsc_exec *exec,
                       zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    zsc_comparison comparison = {0};
    build *groups = NULL;
    size_t count = 0;
    if (results->count == 0) return zsc_fail(ZSC_EINPUT, "there are no results to compare");
    if (o->resampling.count < 2) return zsc_fail(ZSC_EUSAGE, "%zu resamples, expected at least 2", o->resampling.count);
    ZSC_TRY(sort_out(results, &groups, &count));
    ZSC_NEW(comparison.group, count);
    for (size_t i = 0; i < count; i++) {
        comparison.groups = i + 1;
        ZSC_TRY(finish_group(&groups[i], o, exec, &comparison.group[i]));
    }
    *out = comparison;
    comparison = (zsc_comparison){0};
done:
    zsc_comparison_free(&comparison);
    for (size_t i = 0; i < count; i++) build_free(&groups[i]);
    free(groups);
    return status;
}
