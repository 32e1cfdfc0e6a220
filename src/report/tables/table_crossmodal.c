/* Image x DNA. */
#include "report/tables/tables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/run_identity.h"
#include "report/tables/score_groups.h"

typedef struct pair {
    const zsc_series *series;
    char *row, *column; /* encoders */
} pair;

static size_t find(const zsc_list *list, const char *item)
{
    size_t i = 0;
    while (i < list->count && strcmp(list->item[i], item) != 0) i++;
    return i;
}

/* "a+b" of modalities "m+n" to row and column; swapped if n is image. */
static zsc_status split_pair(const zsc_series *s, pair *p)
{
    const char *plus = strchr(s->encoders, '+'), *modality_plus = strchr(s->modality, '+');
    char *first = zsc_strndup(s->encoders, (size_t)(plus - s->encoders)), *second = zsc_strdup(plus + 1);
    bool swap = modality_plus && strcmp(modality_plus + 1, "image") == 0 && strncmp(s->modality, "image+", 6) != 0;
    *p = (pair){.series = s, .row = swap ? second : first, .column = swap ? first : second};
    return first && second ? ZSC_OK : ZSC_EINTERNAL;
}

static int order_of(const zsc_styles *styles, const char *encoder)
{
    const zsc_style *s = zsc_styles_find(styles, encoder);
    return s ? s->order : 100000;
}

static zsc_status add_sorted(zsc_list *list, const zsc_styles *styles, const char *encoder)
{
    if (zsc_list_has(list, encoder)) return ZSC_OK;
    zsc_status status = zsc_list_add(list, encoder);
    for (size_t i = list->count; status == ZSC_OK && i-- > 1;) {
        if (order_of(styles, list->item[i - 1]) <= order_of(styles, list->item[i])) break;
        char *other = list->item[i - 1];
        list->item[i - 1] = list->item[i];
        list->item[i] = other;
    }
    return status;
}

static const char *variant_difference(const zsc_series *a, const zsc_series *b)
{
    static const char *const columns[] = {"per_barcode", "subset",  "scale",         "reduce",
                                          "clusterer",   "linkage", "clusters_rule", "settings"};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(zsc_results_row_text(a->runs.first, columns[i]), zsc_results_row_text(b->runs.first, columns[i])) !=
            0)
            return columns[i];
    return NULL;
}

/* The series of one encoder alone: the one with the settings of the pairs, else the only one; otherwise NULL. */
static const zsc_series *alone(const zsc_series_set *set, const char *encoder, const zsc_series *like)
{
    const zsc_series *only = NULL;
    size_t found = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->item[i].encoders, encoder) != 0) continue;
        if (!variant_difference(&set->item[i], like)) return &set->item[i];
        only = &set->item[i];
        found++;
    }
    return found == 1 ? only : NULL;
}

/* --- Names of encoders: the pretraining, where the architecture stands before it, the label, or the encoder's own */
typedef enum naming { BY_METHOD, BY_LABEL, BY_ENCODER } naming;

/* A label of one's own is shown unless the same file says architecture and pretraining. */
static bool shows_method(const zsc_style *s)
{
    const unsigned made = ZSC_OWN_ARCHITECTURE | ZSC_OWN_METHOD;
    return s && *s->method && *s->architecture && (!(s->own & ZSC_OWN_LABEL) || (s->own & made) == made);
}

static char *name_of(const zsc_series_set *set, const zsc_styles *styles, const char *encoder, naming how)
{
    const zsc_style *s = zsc_styles_find(styles, encoder);
    if (how == BY_ENCODER) return zsc_strdup(encoder);
    if (how == BY_METHOD && shows_method(s)) return zsc_strdup(s->method);
    return zsc_encoder_attribute(set, styles, encoder, false);
}

/* Whether another of the COUNT names reads as the I-th does; GROUP: what stands before them, NULL: nothing. */
static bool reads_alike(char *const *group, char *const *name, size_t count, size_t i)
{
    for (size_t k = 0; k < count; k++)
        if (k != i && strcmp(name[k], name[i]) == 0 && (!group || strcmp(group[k], group[i]) == 0)) return true;
    return false;
}

/* Names that read alike become labels, and those that still do names of encoders. */
static zsc_status tell_apart(const zsc_series_set *set, const zsc_styles *styles, const zsc_list *encoders,
                             char *const *group, char **name)
{
    zsc_status status = ZSC_OK;
    bool *alike = NULL;
    ZSC_NEW(alike, encoders->count + 1);
    for (naming how = BY_LABEL; how <= BY_ENCODER; how++) {
        for (size_t i = 0; i < encoders->count; i++) alike[i] = reads_alike(group, name, encoders->count, i);
        for (size_t i = 0; i < encoders->count; i++) {
            char *other = alike[i] ? name_of(set, styles, encoders->item[i], how) : NULL;
            if (!alike[i]) continue;
            if (!other) {
                status = ZSC_EINTERNAL;
                goto done;
            }
            free(name[i]);
            name[i] = other;
        }
    }
done:
    free(alike);
    return status;
}

static const zsc_seed_mean *point_at(const zsc_series *s, size_t rank)
{
    return s && s->runs.mean[rank].n ? &s->runs.mean[rank] : NULL;
}

static zsc_status place_pair(zsc_crossmodal *c, const pair *p, const zsc_list *rows, const zsc_list *columns,
                             size_t rank, const zsc_series **taken)
{
    size_t at = find(rows, p->row) * c->columns + find(columns, p->column);
    if (taken[at]) return zsc_refuse_two_series(taken[at]->runs.first, p->series->runs.first);
    taken[at] = p->series;
    c->pair[at] = point_at(p->series, rank);
    return ZSC_OK;
}

static zsc_status name_axes(zsc_crossmodal *c, const zsc_series_set *set, const zsc_styles *styles,
                            const zsc_list *rows, const zsc_list *columns)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(c->row_name, rows->count);
    ZSC_NEW(c->row_group, rows->count);
    ZSC_NEW(c->column_name, columns->count);
    for (size_t i = 0; i < rows->count; i++) {
        c->row_name[i] = name_of(set, styles, rows->item[i], BY_METHOD);
        c->row_group[i] = zsc_encoder_attribute(set, styles, rows->item[i], true);
        if (!c->row_name[i] || !c->row_group[i]) status = ZSC_EINTERNAL;
    }
    for (size_t j = 0; j < columns->count; j++)
        if (!(c->column_name[j] = name_of(set, styles, columns->item[j], BY_LABEL))) status = ZSC_EINTERNAL;
    if (status != ZSC_OK) goto done;
    ZSC_TRY(tell_apart(set, styles, rows, c->row_group, c->row_name));
    status = tell_apart(set, styles, columns, NULL, c->column_name);
done:
    return status;
}

/* Of the first pair, as split_pair puts it. "First" and "Second" where neither results nor styles say a modality. */
static zsc_status title_axes(zsc_crossmodal *c, const zsc_series *s)
{
    const char *plus = strchr(s->modality, '+');
    char *first = plus ? zsc_strndup(s->modality, (size_t)(plus - s->modality)) : zsc_strdup("image");
    const char *second = plus ? plus + 1 : "dna";
    if (!first) return ZSC_EINTERNAL;
    bool swap = plus && strcmp(second, "image") == 0 && strcmp(first, "image") != 0;
    const char *row = swap ? second : first, *column = swap ? first : second;
    c->row_modality = zsc_modality_title(*row ? row : "first");
    c->column_modality = zsc_modality_title(*column ? column : "second");
    free(first);
    return c->row_modality && c->column_modality ? ZSC_OK : ZSC_EINTERNAL;
}

zsc_status zsc_crossmodal_make(const zsc_series_set *set, const zsc_styles *styles, const char *rank,
                               zsc_crossmodal *out)
{
    zsc_status status = ZSC_OK;
    zsc_crossmodal c = {0};
    zsc_list rows = {0}, columns = {0};
    pair *pairs = NULL;
    const zsc_series **taken = NULL;
    size_t n = 0, r = 0;
    while (r < set->ranks && (!rank || strcmp(set->rank[r], rank) != 0)) r++;
    if (r == set->ranks && !rank) {
        status = zsc_fail(ZSC_EINPUT, "the results have no scores at any rank");
        goto done;
    }
    if (r == set->ranks) {
        status = zsc_fail(ZSC_EINPUT, "the results have no scores at rank '%s'", rank);
        goto done;
    }
    ZSC_NEW(pairs, set->count);
    for (size_t i = 0; i < set->count; i++) {
        const char *plus = strchr(set->item[i].encoders, '+');
        if (!plus || strchr(plus + 1, '+')) continue;
        ZSC_TRY(split_pair(&set->item[i], &pairs[n++]));
        ZSC_TRY(add_sorted(&rows, styles, pairs[n - 1].row));
        ZSC_TRY(add_sorted(&columns, styles, pairs[n - 1].column));
    }
    if (n == 0) {
        status = zsc_fail(ZSC_EINPUT, "the results hold no pairs of encoders (runs with --embeddings given twice)");
        goto done;
    }
    c.rows = rows.count;
    c.columns = columns.count;
    ZSC_NEW(c.pair, c.rows * c.columns);
    ZSC_NEW(c.row_only, c.rows);
    ZSC_NEW(c.column_only, c.columns);
    ZSC_NEW(taken, c.rows * c.columns);
    for (size_t i = 0; i < n; i++) ZSC_TRY(place_pair(&c, &pairs[i], &rows, &columns, r, taken));
    for (size_t i = 0; i < c.rows; i++) c.row_only[i] = point_at(alone(set, rows.item[i], pairs[0].series), r);
    for (size_t j = 0; j < c.columns; j++) c.column_only[j] = point_at(alone(set, columns.item[j], pairs[0].series), r);
    ZSC_TRY(name_axes(&c, set, styles, &rows, &columns));
    ZSC_TRY(title_axes(&c, pairs[0].series));
    const zsc_seed_mean *any = point_at(pairs[0].series, r);
    if (any) {
        c.scored = any->scored;
        c.classes = any->classes;
        c.clusters = any->clusters;
    }
    c.simulated = set->simulated;
    for (size_t i = 0; i < n; i++) c.mixed |= !zsc_scores_are_comparable(pairs[0].series, pairs[i].series);
    *out = c;
    c = (zsc_crossmodal){0};
done:
    for (size_t i = 0; i < n; i++) {
        free(pairs[i].row);
        free(pairs[i].column);
    }
    free(pairs);
    free(taken);
    zsc_list_free(&rows);
    zsc_list_free(&columns);
    zsc_crossmodal_free(&c);
    return status;
}

void zsc_crossmodal_free(zsc_crossmodal *c)
{
    for (size_t i = 0; i < c->rows; i++) {
        if (c->row_name) free(c->row_name[i]);
        if (c->row_group) free(c->row_group[i]);
    }
    for (size_t j = 0; c->column_name && j < c->columns; j++) free(c->column_name[j]);
    free(c->row_name);
    free(c->row_group);
    free(c->column_name);
    free(c->pair);
    free(c->row_only);
    free(c->column_only);
    free(c->row_modality);
    free(c->column_modality);
    *c = (zsc_crossmodal){0};
}

/* A modality's title within a sentence: "image", "DNA". */
static char *within_sentence(const char *title)
{
    char *word = zsc_strdup(title);
    if (word && word[0] && !isupper((unsigned char)word[1])) word[0] = (char)tolower((unsigned char)word[0]);
    return word;
}

static char *caption_of_crossmodal(const zsc_crossmodal *c, const char *rank)
{
    zsc_text text = {0};
    char *row = within_sentence(c->row_modality), *column = within_sentence(c->column_modality);
    if (!row || !column) text.failed = true;
    zsc_text_printf(&text, "AMI (%%) at rank %s of clusters from %s and %s embeddings joined", zsc_rank_word(rank),
                    row ? row : "", column ? column : "");
    free(row);
    free(column);
    if (c->scored)
        zsc_text_printf(&text, "; %zu rows, %zu classes, %zu clusters (K)", c->scored, c->classes, c->clusters);
    if (c->simulated) zsc_text_append(&text, "; simulated data");
    if (c->mixed) zsc_text_append(&text, "; rows or settings of the pairs differ: nothing is marked");
    zsc_text_append(&text, ".");
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

/* Columns are marked among the pairs; the row of the second modality alone is marked along the row. */
static zsc_status mark_crossmodal(const zsc_table *t)
{
    zsc_status status = ZSC_OK;
    zsc_cell **cells = NULL;
    ZSC_NEW(cells, t->rows + t->columns);
    for (size_t c = t->names; c < t->columns; c++) {
        for (size_t r = 1; r < t->rows; r++) cells[r - 1] = zsc_table_at(t, r, c);
        zsc_table_mark(cells, t->rows - 1);
    }
    for (size_t c = t->names; c < t->columns; c++) cells[c - t->names] = zsc_table_at(t, 0, c);
    zsc_table_mark(cells, t->columns - t->names);
done:
    free(cells);
    return status;
}

zsc_status zsc_table_crossmodal(const zsc_series_set *set, const zsc_styles *styles, const zsc_table_options *o,
                                zsc_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_crossmodal c = {0};
    zsc_table t = {0};
    char *only = NULL, *row_only = NULL;
    const char *rank = o->rank ? o->rank : zsc_series_finest(set);
    ZSC_TRY(zsc_crossmodal_make(set, styles, rank, &c));
    ZSC_TRY(zsc_table_make(c.rows + 1, c.columns + 3, 2, &t));
    if (!(only = zsc_asprintf("%s-only", c.column_modality)) || !(row_only = zsc_asprintf("%s-only", c.row_modality))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    char *header = zsc_asprintf("%s encoder", c.row_modality);
    status = header ? zsc_table_set_header(&t, 1, header) : ZSC_EINTERNAL;
    free(header);
    if (status != ZSC_OK) goto done;
    ZSC_TRY(zsc_table_set_header(&t, 0, "Architecture"));
    ZSC_TRY(zsc_table_set_header(&t, 2, row_only));
    ZSC_TRY(zsc_table_set_text(&t, 0, 0, ""));
    ZSC_TRY(zsc_table_set_text(&t, 0, 1, only));
    for (size_t j = 0; j < c.columns; j++) {
        ZSC_TRY(zsc_table_set_header(&t, j + 3, c.column_name[j]));
        zsc_table_set_point(zsc_table_at(&t, 0, j + 3), c.column_only[j], o->decimals);
    }
    for (size_t i = 0; i < c.rows; i++) {
        ZSC_TRY(zsc_table_set_text(&t, i + 1, 0, c.row_group[i]));
        ZSC_TRY(zsc_table_set_text(&t, i + 1, 1, c.row_name[i]));
        zsc_table_set_point(zsc_table_at(&t, i + 1, 2), c.row_only[i], o->decimals);
        for (size_t j = 0; j < c.columns; j++)
            zsc_table_set_point(zsc_table_at(&t, i + 1, j + 3), c.pair[i * c.columns + j], o->decimals);
        t.group_start[i + 1] = i == 0 || strcmp(c.row_group[i], c.row_group[i - 1]) != 0;
    }
    if (!c.mixed) ZSC_TRY(mark_crossmodal(&t));
    t.caption = o->caption ? zsc_strdup(o->caption) : caption_of_crossmodal(&c, rank);
    if (!t.caption) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *out = t;
    t = (zsc_table){0};
done:
    free(only);
    free(row_only);
    zsc_table_free(&t);
    zsc_crossmodal_free(&c);
    return status;
}
