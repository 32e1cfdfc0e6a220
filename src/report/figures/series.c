#include "report/figures/series.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/nesting.h"
#include "experiment/series/row_settings.h"
#include "experiment/series/run_identity.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/settings.h"

/* --- Names */
const char *zsc_rank_word(const char *rank) { return strcmp(rank, "dna_bin") == 0 ? "BIN" : rank; }

char *zsc_rank_title(const char *rank)
{
    if (strcmp(rank, "dna_bin") == 0) return zsc_strdup("BIN");
    char *title = zsc_strdup(rank);
    if (title) title[0] = (char)toupper((unsigned char)title[0]);
    for (char *p = title; p && *p; p++)
        if (*p == '_') *p = ' ';
    return title;
}

static char *title_of_part(const char *part)
{
    if (strcmp(part, "dna") == 0) return zsc_strdup("DNA");
    char *title = zsc_strdup(part);
    if (title) title[0] = (char)toupper((unsigned char)title[0]);
    return title;
}

char *zsc_modality_title(const char *modality)
{
    zsc_list parts = {0};
    zsc_text text = {0};
    zsc_text_append(&text, "");
    if (zsc_list_split(&parts, modality, "+") != ZSC_OK) text.failed = true;
    for (size_t i = 0; i < parts.count; i++) {
        char *title = title_of_part(parts.item[i]);
        if (!title) text.failed = true;
        zsc_text_printf(&text, "%s%s", i ? " + " : "", title ? title : "");
        free(title);
    }
    zsc_list_free(&parts);
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

/* The i-th of "a+b+c" (parts may be empty), "" beyond the last; NULL when memory runs out. The caller's. */
static char *part_of(const char *joined, size_t i)
{
    for (; i > 0; i--) {
        joined = strchr(joined, '+');
        if (!joined) return zsc_strdup("");
        joined++;
    }
    return zsc_strndup(joined, strcspn(joined, "+"));
}

static size_t parts_of(const char *joined)
{
    size_t n = 1;
    for (; *joined; joined++) n += *joined == '+';
    return n;
}

char *zsc_encoders_label(const zsc_styles *styles, const char *encoders, const char *labels)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < parts_of(encoders); i++) {
        char *encoder = part_of(encoders, i), *own = part_of(labels, i);
        const zsc_style *style = encoder ? zsc_styles_find(styles, encoder) : NULL;
        const char *label = style ? style->label : own && *own ? own : encoder;
        if (!encoder || !own) text.failed = true;
        zsc_text_printf(&text, "%s%s", i ? " + " : "", label ? label : "");
        free(encoder);
        free(own);
    }
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

char *zsc_result_label(const zsc_result *r, const zsc_styles *styles)
{
    zsc_text encoders = {0}, labels = {0};
    zsc_text_append(&encoders, "");
    zsc_text_append(&labels, "");
    for (size_t i = 0; i < r->modalities; i++) {
        zsc_text_printf(&encoders, "%s%s", i ? "+" : "", r->modality[i].encoder);
        zsc_text_printf(&labels, "%s%s", i ? "+" : "", r->modality[i].label);
    }
    char *label = encoders.failed || labels.failed ? NULL : zsc_encoders_label(styles, encoders.data, labels.data);
    bool all = strcmp(r->per_barcode, "all") == 0;
    char *whole = label ? zsc_asprintf("%s%s", label, all ? "" : " (one per barcode)") : NULL;
    free(encoders.data);
    free(labels.data);
    free(label);
    return whole;
}

const char *zsc_series_finest(const zsc_series_set *set)
{
    size_t *classes = zsc_calloc(set->ranks + 1, sizeof *classes, "classes"), best = 0;
    if (!classes) return NULL;
    for (size_t r = 0; r < set->ranks; r++)
        for (size_t i = 0; i < set->count; i++)
            if (set->item[i].runs.mean[r].classes > classes[r]) classes[r] = set->item[i].runs.mean[r].classes;
    best = zsc_finest_by_classes(set->rank, classes, set->ranks);
    free(classes);
    return best < set->ranks ? set->rank[best] : NULL;
}

static size_t part_index(const char *joined, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0;; i++) {
        size_t own = strcspn(joined, "+");
        if (own == length && strncmp(joined, part, length) == 0) return i;
        if (!joined[own]) return SIZE_MAX;
        joined += own + 1;
    }
}

char *zsc_encoder_attribute(const zsc_series_set *set, const zsc_styles *styles, const char *encoder, bool architecture)
{
    const zsc_style *style = zsc_styles_find(styles, encoder);
    const char *styled = style ? (architecture ? style->architecture : style->label) : "";
    if (*styled) return zsc_strdup(styled);
    for (size_t k = 0; k < set->count; k++) {
        const zsc_results_row *row = set->item[k].runs.first;
        size_t i = part_index(row->encoders, encoder);
        if (i == SIZE_MAX) continue;
        char *own = part_of(architecture ? row->architectures : row->labels, i);
        if (!own || *own) return own;
        free(own);
    }
    return zsc_strdup(architecture ? "" : encoder);
}

size_t zsc_series_of_compared(const zsc_series_set *set, const char *name)
{
    size_t best = SIZE_MAX, length = 0;
    for (size_t k = 0; k < set->count; k++) {
        size_t own = strlen(set->item[k].encoders);
        if (strncmp(name, set->item[k].encoders, own) != 0 || (name[own] && name[own] != ' ')) continue;
        if (best != SIZE_MAX && own <= length) continue;
        best = k;
        length = own;
    }
    return best;
}

char *zsc_compared_name(const zsc_series_set *set, const zsc_styles *styles, const char *name)
{
    size_t k = zsc_series_of_compared(set, name);
    if (k == SIZE_MAX) return zsc_strdup(name);
    const zsc_results_row *row = set->item[k].runs.first;
    char *label = zsc_encoders_label(styles, row->encoders, row->labels);
    char *whole = label ? zsc_asprintf("%s%s", label, name + strlen(row->encoders)) : NULL;
    free(label);
    return whole;
}

/* --- Series */
/* "image+dna": of each encoder what its results say, else its style. As the results have it where none is known; the
 * caller's. */
static char *modality_of(const zsc_styles *styles, const zsc_results_row *row)
{
    zsc_text text = {0};
    bool known = false;
    zsc_text_append(&text, "");
    for (size_t i = 0; i < parts_of(row->encoders); i++) {
        char *encoder = part_of(row->encoders, i), *own = part_of(row->modalities, i);
        const zsc_style *style = encoder ? zsc_styles_find(styles, encoder) : NULL;
        const char *modality = own && !*own && style ? style->modality : own;
        if (!encoder || !own) text.failed = true;
        zsc_text_printf(&text, "%s%s", i ? "+" : "", modality ? modality : "");
        known |= modality && *modality;
        free(encoder);
        free(own);
    }
    if (known && !text.failed) return text.data;
    free(text.data);
    return text.failed ? NULL : zsc_strdup(row->modalities);
}

static zsc_status fill_series(const zsc_styles *styles, zsc_series *s)
{
    zsc_status status = ZSC_OK;
    const zsc_results_row *row = s->runs.first;
    bool single = !strchr(row->encoders, '+');
    const zsc_style *style = single ? zsc_styles_find(styles, row->encoders) : NULL;
    s->one_per_barcode = zsc_one_per_barcode(row);
    s->rows = row->rows;
    s->order = style ? style->order : 2000;
    s->encoders = zsc_strdup(row->encoders);
    s->name = zsc_encoders_label(styles, row->encoders, row->labels);
    s->label = s->name ? zsc_strdup(s->name) : NULL;
    s->modality = modality_of(styles, row);
    s->architecture = style && *style->architecture ? zsc_strdup(style->architecture)
                                                    : zsc_encoders_label(&(zsc_styles){0}, row->architectures, "");
    s->method = zsc_strdup(style ? style->method : "");
    if (!s->encoders || !s->label || !s->modality || !s->architecture || !s->method) status = ZSC_EINTERNAL;
    return status;
}

static int modality_place(const char *modality)
{
    static const char *const order[] = {"image", "dna", "image+dna", "dna+image"};
    for (int i = 0; i < (int)(sizeof order / sizeof *order); i++)
        if (strcmp(order[i], modality) == 0) return i;
    return *modality ? 10 : 11;
}

static int by_order(const void *left, const void *right)
{
    const zsc_series *a = left, *b = right;
    int pa = modality_place(a->modality), pb = modality_place(b->modality);
    if (pa != pb) return pa < pb ? -1 : 1;
    int c = strcmp(a->modality, b->modality);
    if (c) return c;
    if (a->order != b->order) return a->order < b->order ? -1 : 1;
    if ((c = strcmp(a->encoders, b->encoders))) return c;
    if (a->one_per_barcode != b->one_per_barcode) return a->one_per_barcode ? 1 : -1;
    if ((c = strcmp(a->runs.first->scale, b->runs.first->scale))) return c;
    if ((c = zsc_compare_numerically(a->runs.first->settings, b->runs.first->settings))) return c;
    return a->runs.first < b->runs.first ? -1 : a->runs.first > b->runs.first;
}

/* RULE: the rule of K is named; a cut that finds K is that rule. */
static size_t append_settings(const zsc_results_row *own, const zsc_results_row *const *other, size_t count, bool rule,
                              zsc_text *text, const char **mark)
{
    json_t *settings = json_loads(own->settings, 0, NULL), *value;
    const char *key;
    size_t appended = 0;
    if (!settings && *own->settings) text->failed = true;
    json_object_foreach(settings, key, value)
    {
        bool differs = false;
        if (rule && strcmp(key, "cut") == 0) continue;
        for (size_t i = 0; i < count && !differs; i++) {
            if (!zsc_setting_of_both(own, other[i], key)) continue;
            json_t *others = json_loads(other[i]->settings, 0, NULL);
            differs = zsc_row_setting_differs(settings, others, key);
            json_decref(others);
        }
        char *shown = differs ? zsc_setting_label(key, value) : NULL;
        if (shown) {
            zsc_text_printf(text, "%s%s", *mark, shown);
            *mark = ", ";
            appended++;
        }
        if (differs && !shown) text->failed = true;
        free(shown);
    }
    json_decref(settings);
    return appended;
}

size_t zsc_append_differences(const zsc_results_row *own, const zsc_results_row *const *other, size_t count,
                              zsc_text *text, const char **mark)
{
    bool clusterers = false; /* they are named, agglomerative clustering by its linkage */
    bool rule = false;       /* the rule of K is named */
    size_t appended = 0;
    for (size_t v = 0; v < zsc_variant_count; v++) {
        const char *column = zsc_variant_columns[v], *value = zsc_results_row_text(own, column);
        bool differs = false;
        for (size_t i = 0; i < count; i++)
            differs |= zsc_setting_of_both(own, other[i], column) &&
                       strcmp(zsc_results_row_text(other[i], column), value) != 0;
        if (!differs || (clusterers && strcmp(column, "linkage") == 0)) continue;
        if (strcmp(column, "clusterer") == 0) {
            value = zsc_clusterer_label(own->clusterer, own->linkage);
            clusterers = true;
        }
        rule |= strcmp(column, "clusters_rule") == 0;
        zsc_text_append(text, *mark);
        if (strcmp(column, "clusters_rule") == 0) zsc_text_append(text, "K: ");
        if (strcmp(value, "none") == 0) zsc_text_printf(text, "%s ", column); /* does not say what is none */
        zsc_text_append(text, *value ? value : "?");
        *mark = ", ";
        appended++;
    }
    return appended + append_settings(own, other, count, rule, text, mark);
}

/* Files, contents, rows or labels, where series of one encoder and settings differ in them. */
static void append_origin(const zsc_series_set *set, const zsc_series *s, zsc_text *text, const char **mark)
{
    const char **others = zsc_calloc(set->count, sizeof *others, "labels");
    size_t count = 0;
    bool rows = false, labels = false, contents = false, superseded = false;
    if (!others) text->failed = true;
    for (size_t i = 0; others && i < set->count; i++) {
        const zsc_results_row *other = set->item[i].runs.first;
        if (&set->item[i] == s || strcmp(other->encoders, s->encoders) != 0) continue;
        if (*other->sources && *s->runs.first->sources) others[count++] = other->sources;
        if (!zsc_same_settings(other, s->runs.first) || strcmp(other->sources, s->runs.first->sources) != 0) continue;
        rows |= strcmp(other->row_set, s->runs.first->row_set) != 0;
        bool other_labels = !zsc_same_labels(set->item[i].runs.widest, s->runs.widest);
        bool other_matrix = !zsc_same_contents(set->item[i].runs.known, s->runs.known);
        labels |= other_labels && !other_matrix;
        contents |= other_matrix;
        superseded |= (other_labels || other_matrix) && zsc_run_series_is_older(&s->runs, &set->item[i].runs);
    }
    char *part = others && count ? zsc_source_part(s->runs.first->sources, others, count) : zsc_strdup("");
    if (!part) text->failed = true;
    if (part && *part) zsc_text_printf(text, "%s%s", *mark, part), *mark = ", ";
    if (rows) zsc_text_printf(text, "%srows %.8s", *mark, s->runs.first->row_set), *mark = ", ";
    if (contents) {
        zsc_text_append(text, *mark);
        zsc_contents_text(text, s->runs.finished, s->runs.known->matrix);
        *mark = ", ";
    }
    if (labels) zsc_text_printf(text, "%slabels of %s", *mark, s->runs.finished), *mark = ", ";
    if (superseded) zsc_text_printf(text, "%ssuperseded", *mark), *mark = ", ";
    free(part);
    free(others);
}

static bool one_name(const zsc_series_set *set, char *const *label, size_t a, size_t b)
{
    return a != b && set->item[a].one_per_barcode == set->item[b].one_per_barcode &&
           strcmp(set->item[a].encoders, set->item[b].encoders) == 0 && strcmp(label[a], label[b]) == 0;
}

/* Series that are the same in all this (labels of one second) get the key of one of their runs. */
static zsc_status add_keys(const zsc_series_set *set, char **label)
{
    bool *shared = zsc_calloc(set->count + 1, sizeof *shared, "labels");
    zsc_status status = shared ? ZSC_OK : ZSC_EINTERNAL;
    for (size_t k = 0; shared && k < set->count; k++)
        for (size_t i = 0; i < set->count && !shared[k]; i++) shared[k] = one_name(set, label, k, i);
    for (size_t k = 0; status == ZSC_OK && k < set->count; k++) {
        if (!shared[k] || !*set->item[k].runs.first->key) continue;
        char *longer = zsc_asprintf("%s, run %.8s", label[k], set->item[k].runs.first->key);
        if (!longer) status = ZSC_EINTERNAL;
        if (longer) free(label[k]), label[k] = longer;
    }
    free(shared);
    return status;
}

static zsc_status label_variants(zsc_series_set *set)
{
    char **label = zsc_calloc(set->count, sizeof *label, "labels");
    const zsc_results_row **same = zsc_calloc(set->count, sizeof *same, "labels"); /* of the same encoders */
    zsc_status status = label && same ? ZSC_OK : ZSC_EINTERNAL;
    for (size_t k = 0; status == ZSC_OK && k < set->count; k++) {
        const zsc_series *s = &set->item[k];
        size_t count = 0;
        zsc_text text = {0};
        const char *mark = " (";
        zsc_text_append(&text, s->label);
        for (size_t i = 0; i < set->count; i++)
            if (strcmp(set->item[i].encoders, s->encoders) == 0) same[count++] = set->item[i].runs.first;
        zsc_append_differences(s->runs.first, same, count, &text, &mark);
        append_origin(set, s, &text, &mark);
        if (*mark == ',') zsc_text_append(&text, ")");
        if (text.failed) status = ZSC_EINTERNAL;
        label[k] = text.data;
    }
    if (status == ZSC_OK) status = add_keys(set, label);
    for (size_t k = 0; label && k < set->count; k++) {
        if (status == ZSC_OK) {
            free(set->item[k].label);
            set->item[k].label = label[k];
        } else {
            free(label[k]);
        }
    }
    free(label);
    free(same);
    return status;
}

/* All rows of one encoder and one per barcode look the same. */
static zsc_status take_looks(zsc_series_set *set, const zsc_looks *looks)
{
    zsc_status status = ZSC_OK;
    zsc_looks_taken taken = {.looks = looks};
    for (size_t k = 0; k < set->count; k++) {
        zsc_series *s = &set->item[k];
        size_t same = 0;
        while (same < k &&
               (strcmp(s->encoders, set->item[same].encoders) != 0 ||
                s->one_per_barcode == set->item[same].one_per_barcode || strcmp(s->label, set->item[same].label) != 0))
            same++;
        if (same < k)
            s->look = set->item[same].look;
        else
            ZSC_TRY(zsc_looks_take(&taken, s->encoders, &s->look));
        s->look.encoders = NULL;
    }
done:
    free(taken.item);
    return status;
}

zsc_status zsc_series_make(const zsc_results_table *rows, const zsc_styles *styles, const zsc_list *ranks,
                           zsc_series_set *out)
{
    zsc_status status = ZSC_OK;
    zsc_run_series_set runs = {0};
    zsc_series_set set = {0};
    zsc_looks own = {0};
    if (styles->looks.count == 0) ZSC_TRY(zsc_looks_make(styles, rows, &own));
    ZSC_TRY(zsc_run_series_make(rows, ranks, &runs));
    ZSC_NEW(set.item, runs.count);
    set.rank = runs.rank;
    runs.rank = NULL;
    set.ranks = runs.ranks;
    set.simulated = runs.simulated;
    for (; set.count < runs.count; set.count++) {
        set.item[set.count].runs = runs.item[set.count];
        runs.item[set.count].mean = NULL;
    }
    for (size_t k = 0; k < set.count; k++) ZSC_TRY(fill_series(styles, &set.item[k]));
    qsort(set.item, set.count, sizeof *set.item, by_order);
    ZSC_TRY(label_variants(&set));
    ZSC_TRY(take_looks(&set, styles->looks.count ? &styles->looks : &own));
    *out = set;
    set = (zsc_series_set){0};
done:
    zsc_looks_free(&own);
    zsc_run_series_free(&runs);
    zsc_series_free(&set);
    return status;
}

void zsc_series_free(zsc_series_set *set)
{
    for (size_t k = 0; k < set->count; k++) {
        zsc_series *s = &set->item[k];
        char *texts[] = {s->encoders, s->name, s->label, s->modality, s->architecture, s->method};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
        free(s->runs.mean);
    }
    free(set->item);
    free(set->rank);
    *set = (zsc_series_set){0};
}
