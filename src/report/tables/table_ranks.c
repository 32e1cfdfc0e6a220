/* Encoders x ranks. */
#include "report/tables/tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/rarefy.h"
#include "experiment/series/reference_scores.h"
#include "report/tables/score_groups.h"

void zsc_table_set_point(zsc_cell *cell, const zsc_seed_mean *p, int decimals)
{
    cell->decimals = decimals;
    cell->undefined = p && p->undefined;
    if (!p || p->n == 0) return;
    cell->value = 100 * p->mean;
    if (p->n > 1) cell->spread = 100 * p->sd;
}

static void append_range(zsc_text *text, size_t low, size_t high, const char *unit)
{
    if (high == 0) return;
    if (low == high)
        zsc_text_printf(text, " %zu %s;", high, unit);
    else
        zsc_text_printf(text, " %zu to %zu %s;", low, high, unit);
}

static size_t smaller(size_t a, size_t b) { return a == 0 || (b && b < a) ? b : a; }

/* What random clusters say of the scores: the greatest p-value, and which scores are not above chance. */
static void append_chance(zsc_text *text, const zsc_series_set *set)
{
    const double level = 0.05;
    double greatest = NAN;
    size_t below = 0;
    zsc_text names = {0};
    for (size_t i = 0; i < set->count; i++)
        for (size_t r = 0; r < set->ranks; r++) {
            const zsc_seed_mean *p = &set->item[i].runs.mean[r];
            if (p->n) greatest = fmax(greatest, p->p_value);
            if (p->n && p->p_value > level)
                zsc_text_printf(&names, "%s%s at %s (p = %.2g)", below++ ? ", " : " ", set->item[i].label, set->rank[r],
                                p->p_value);
        }
    if (!isnan(greatest)) {
        zsc_text_append(text,
                        " Random clusters of the same sizes: mean 0 \xc2\xb1 standard deviation of one clustering;");
        if (below == 0) zsc_text_printf(text, " every score is above chance (p of a run at most %.2g).", greatest);
        if (below > 0) zsc_text_printf(text, " not above chance at p = %g:%s.", level, names.data ? names.data : "");
    }
    text->failed |= names.failed;
    free(names.data);
}

/* The spaces of the internal scores that are shown; NULL: there are none. */
static const char *name_spaces(const size_t *shown, size_t count)
{
    while (count && shown[count - 1] >= ZSC_STABILITY_SUBSAMPLES) count--;
    if (count == 0) return NULL;
    if (count > ZSC_SILHOUETTE_ORIGINAL)
        return "the space that was clustered, and in the original one, before reduction";
    return shown[0] == ZSC_SILHOUETTE ? "the space that was clustered" : "the original space, before reduction";
}

static bool shows_stability(const zsc_series_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->item[i].runs.internal[ZSC_STABILITY_SUBSAMPLES].n) return true;
    return false;
}

/* Rows, K and classes of a group; least and greatest where they are not one number. */
typedef struct facts {
    size_t rows[2], k[2];
} facts;

static void widen(size_t range[2], size_t value)
{
    range[0] = smaller(range[0], value);
    if (value > range[1]) range[1] = value;
}

static bool is_of(const zsc_score_groups *groups, size_t i, size_t g) { return g == SIZE_MAX || groups->group[i] == g; }

/* " 400 rows; 37 clusters (K); classes: order 7, species 33" of group G, SIZE_MAX: of all. */
static void append_facts(zsc_text *text, const zsc_series_set *set, const zsc_score_groups *groups, size_t g,
                         bool rarefied)
{
    facts f = {0};
    for (size_t i = 0; i < set->count; i++) {
        if (!is_of(groups, i, g)) continue;
        widen(f.rows, set->item[i].rows);
        for (size_t r = 0; r < set->ranks; r++) widen(f.k, set->item[i].runs.mean[r].clusters);
    }
    append_range(text, f.rows[0], f.rows[1], "rows");
    append_range(text, f.k[0], f.k[1], "clusters (K)");
    size_t before = text->length;
    for (size_t r = 0; r < set->ranks; r++) {
        size_t classes[2] = {0};
        for (size_t i = 0; i < set->count; i++)
            if (is_of(groups, i, g)) widen(classes, set->item[i].runs.mean[r].classes);
        const char *rank = zsc_rank_word(set->rank[r]);
        if (classes[1] == 0) continue;
        zsc_text_printf(text, "%s %s ",
                        text->length > before ? ","
                        : rarefied            ? " mean number of classes:"
                                              : " classes:",
                        rank);
        if (classes[0] == classes[1])
            zsc_text_printf(text, "%zu", classes[1]);
        else
            zsc_text_printf(text, "%zu to %zu", classes[0], classes[1]);
    }
    while (text->length && text->data[text->length - 1] == ';') text->data[--text->length] = '\0';
}

static size_t seeds_of(const zsc_series_set *set, size_t i)
{
    size_t seeds = 0;
    for (size_t r = 0; r < set->ranks; r++)
        if (set->item[i].runs.mean[r].n > seeds) seeds = set->item[i].runs.mean[r].n;
    return seeds;
}

/* How many seeds a mean is over; where lines differ in that, of each. */
static void append_seeds(zsc_text *text, const zsc_series_set *set)
{
    size_t seeds[2] = {0}, named = 0;
    for (size_t i = 0; i < set->count; i++) widen(seeds, seeds_of(set, i));
    if (seeds[1] < 2) return;
    if (seeds[0] == seeds[1]) {
        zsc_text_printf(text, ", mean \xc2\xb1 standard deviation over %zu seeds", seeds[1]);
        return;
    }
    zsc_text_append(text, ", mean \xc2\xb1 standard deviation over seeds (");
    for (size_t i = 0; i < set->count; i++)
        if (seeds_of(set, i))
            zsc_text_printf(text, "%s%s %zu", named++ ? ", " : "", set->item[i].label, seeds_of(set, i));
    zsc_text_append(text, ")");
}

/* What the groups say of themselves, once where it is the same of all. */
static zsc_status append_groups(zsc_text *text, const zsc_series_set *set, const zsc_score_groups *groups,
                                bool rarefied)
{
    zsc_status status = ZSC_OK;
    zsc_list said = {0};
    for (size_t g = 0; g < groups->count; g++) {
        zsc_text own = {0};
        append_facts(&own, set, groups, g, rarefied);
        if (own.failed) status = ZSC_EINTERNAL;
        if (status == ZSC_OK) status = zsc_list_add_once(&said, own.data ? own.data : "", NULL);
        free(own.data);
        if (status != ZSC_OK) goto done;
    }
    if (said.count < 2) {
        append_facts(text, set, groups, SIZE_MAX, rarefied);
        goto done;
    }
    for (size_t g = 0; g < groups->count; g++) {
        zsc_text_printf(text, "%s %s:", g ? "." : "", groups->name[g]);
        append_facts(text, set, groups, g, rarefied);
    }
done:
    zsc_list_free(&said);
    return status;
}

static char *caption_of_ranks(const zsc_series_set *set, const zsc_score_groups *groups, const char *spaces,
                              size_t rarefied)
{
    zsc_text text = {0};
    zsc_text_append(&text, "AMI (%) of clusters and taxa by rank");
    append_seeds(&text, set);
    if (rarefied)
        zsc_text_printf(&text, ", rarefied: of each run the mean over %d random choices of %zu of the rows scored",
                        ZSC_RAREFACTIONS, rarefied);
    zsc_text_append(&text, set->simulated ? "; simulated data;" : ";");
    if (append_groups(&text, set, groups, rarefied > 0) != ZSC_OK) text.failed = true;
    while (text.length && text.data[text.length - 1] == ';') text.data[--text.length] = '\0';
    zsc_text_append(&text, ".");
    append_chance(&text, set);
    if (spaces)
        zsc_text_printf(&text, " Internal scores are of the clusters in %s; the silhouette is from -1 to 1.", spaces);
    if (shows_stability(set))
        zsc_text_append(&text, " Stability is AMI of clusterings with each other, between subsamples of 80 % of the "
                               "rows or between seeds, from 0 to 1.");
    if (groups->count > 1)
        zsc_text_append(&text, groups->count < set->count
                                   ? " Best and second are marked within groups: the same rows, labels and settings."
                                   : " Rows, labels or settings differ from line to line: nothing is marked.");
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

/* A line of the table: a series, or what its group is held against. */
typedef enum line_kind { SERIES, CEILING, CHANCE } line_kind;
typedef struct line {
    line_kind kind;
    size_t series, group; /* CEILING, CHANCE: the first series of the group */
} line;

/* The rows that are marked together: those of one group, and of one modality where OPTIONS say so. A group of
 * one row beside others has nothing to be better than. */
static zsc_status mark_column(const zsc_table *t, size_t column, const zsc_series_set *set, const line *lines,
                              size_t groups, bool by_modality)
{
    zsc_cell **cells = zsc_calloc(t->rows, sizeof *cells, "cells");
    if (!cells) return ZSC_EINTERNAL;
    size_t n = 0, in_group = 0;
    for (size_t r = 0; r < t->rows; r++) {
        if (lines[r].kind != SERIES) continue;
        bool last = r + 1 == t->rows;
        bool group_ends = last || lines[r + 1].kind != SERIES || lines[r].group != lines[r + 1].group;
        cells[n++] = zsc_table_at(t, r, column);
        in_group++;
        if (!group_ends &&
            !(by_modality && strcmp(set->item[lines[r].series].modality, set->item[lines[r + 1].series].modality) != 0))
            continue;
        if (groups == 1 || in_group > 1 || !group_ends) zsc_table_mark(cells, n);
        n = 0;
        if (group_ends) in_group = 0;
    }
    free(cells);
    return ZSC_OK;
}

/* The columns before the scores; one that is the same in all rows is not there. */
typedef struct name_columns {
    bool group, per_barcode;
    size_t count;
} name_columns;

static const struct {
    const char *title;
    int decimals;
} internal_scores[] = {[ZSC_SILHOUETTE] = {"Silhouette", 3},
                       [ZSC_DAVIES_BOULDIN] = {"Davies-Bouldin", 3},
                       [ZSC_CALINSKI_HARABASZ] = {"Calinski-Harabasz", 1},
                       [ZSC_SILHOUETTE_ORIGINAL] = {"Silhouette, original", 3},
                       [ZSC_DAVIES_BOULDIN_ORIGINAL] = {"Davies-Bouldin, original", 3},
                       [ZSC_CALINSKI_HARABASZ_ORIGINAL] = {"Calinski-Harabasz, original", 1},
                       [ZSC_STABILITY_SUBSAMPLES] = {"Stability, subsamples", 3},
                       [ZSC_STABILITY_SEEDS] = {"Stability, seeds", 3}};

/* The internal scores of each space, and the stability, that any of the series has, in their order; how many. */
static size_t list_internal(const zsc_series_set *set, size_t shown[ZSC_INTERNAL_SCORES])
{
    static const size_t ends[] = {ZSC_SILHOUETTE_ORIGINAL, ZSC_STABILITY_SUBSAMPLES, ZSC_STABILITY_SEEDS,
                                  ZSC_INTERNAL_SCORES};
    size_t count = 0, first = 0;
    for (size_t g = 0; g < sizeof ends / sizeof *ends; first = ends[g++]) {
        bool any = false;
        for (size_t i = 0; i < set->count; i++)
            for (size_t k = first; k < ends[g]; k++) any |= set->item[i].runs.internal[k].n > 0;
        for (size_t k = first; any && k < ends[g]; k++) shown[count++] = k;
    }
    return count;
}

/* They stand after the ranks, and are not marked: each is of other vectors. */
static void set_internal(const zsc_table *t, size_t row, size_t column, const zsc_series_set *set, const zsc_series *s)
{
    size_t shown[ZSC_INTERNAL_SCORES], count = list_internal(set, shown);
    for (size_t k = 0; k < count; k++) {
        const zsc_seed_mean *m = &s->runs.internal[shown[k]];
        zsc_cell *cell = zsc_table_at(t, row, column + k);
        cell->decimals = internal_scores[shown[k]].decimals;
        if (m->n == 0) continue;
        cell->value = m->mean;
        if (m->n > 1) cell->spread = m->sd;
    }
}

/* K and the share of the rows that are clustered, where a clusterer finds them. */
enum { FOUND_COLUMNS = 2 };
static const char *const found_titles[FOUND_COLUMNS] = {"Clusters", "Clustered %"};

static bool finds_clusters(const zsc_series_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (zsc_results_row_finds_clusters(set->item[i].runs.first)) return true;
    return false;
}

/* Of the last rank, as K is that of the finest: means over seeds. */
static void set_found(const zsc_table *t, size_t row, size_t column, const zsc_series *s, size_t ranks)
{
    const zsc_seed_mean *m = ranks ? &s->runs.mean[ranks - 1] : NULL;
    zsc_cell *clusters = zsc_table_at(t, row, column), *share = zsc_table_at(t, row, column + 1);
    if (!m || m->runs == 0) return;
    clusters->decimals = m->clusters_sum % m->runs ? 1 : 0;
    clusters->value = (double)m->clusters_sum / (double)m->runs;
    share->decimals = 1;
    if (m->scored_sum) share->value = 100 * (double)m->clustered_sum / (double)m->scored_sum;
}

static zsc_status set_header(zsc_table *t, const zsc_series_set *set, const name_columns *names)
{
    zsc_status status = ZSC_OK;
    size_t c = 0, shown[ZSC_INTERNAL_SCORES], internal = list_internal(set, shown);
    if (names->group) ZSC_TRY(zsc_table_set_header(t, c++, "Group"));
    ZSC_TRY(zsc_table_set_header(t, c++, "Modality"));
    ZSC_TRY(zsc_table_set_header(t, c++, "Architecture"));
    ZSC_TRY(zsc_table_set_header(t, c++, "Encoder"));
    if (names->per_barcode) ZSC_TRY(zsc_table_set_header(t, c++, "Rows"));
    for (size_t r = 0; r < set->ranks; r++) {
        char *title = zsc_rank_title(set->rank[r]);
        status = title ? zsc_table_set_header(t, c + r, title) : ZSC_EINTERNAL;
        free(title);
        if (status != ZSC_OK) goto done;
    }
    c += set->ranks;
    for (size_t k = 0; finds_clusters(set) && k < FOUND_COLUMNS; k++)
        ZSC_TRY(zsc_table_set_header(t, c++, found_titles[k]));
    for (size_t k = 0; k < internal; k++) ZSC_TRY(zsc_table_set_header(t, c + k, internal_scores[shown[k]].title));
done:
    return status;
}

/* The name that tells series I from others of its group; what the group's name says is left out. */
static const char *name_within(const zsc_series_set *set, const zsc_score_groups *groups, size_t i)
{
    for (size_t k = 0; k < set->count; k++)
        if (k != i && groups->group[k] == groups->group[i] && strcmp(set->item[k].name, set->item[i].name) == 0)
            return set->item[i].label;
    return set->item[i].name;
}

static zsc_status set_row(zsc_table *t, size_t row, const zsc_series_set *set, size_t i, const zsc_score_groups *groups,
                          const name_columns *names, int decimals)
{
    const zsc_series *s = &set->item[i];
    zsc_status status = ZSC_OK;
    size_t c = 0;
    char *modality = zsc_modality_title(s->modality);
    if (!modality) return ZSC_EINTERNAL;
    if (names->group) ZSC_TRY(zsc_table_set_text(t, row, c++, groups->name[groups->group[i]]));
    ZSC_TRY(zsc_table_set_text(t, row, c++, modality));
    ZSC_TRY(zsc_table_set_text(t, row, c++, s->architecture[strspn(s->architecture, " +")] ? s->architecture : ""));
    ZSC_TRY(zsc_table_set_text(t, row, c++, names->group ? name_within(set, groups, i) : s->label));
    if (names->per_barcode) ZSC_TRY(zsc_table_set_text(t, row, c++, s->one_per_barcode ? "one per barcode" : "all"));
    for (size_t r = 0; r < set->ranks; r++)
        zsc_table_set_point(zsc_table_at(t, row, c + r), &s->runs.mean[r], decimals);
    c += set->ranks;
    if (finds_clusters(set)) {
        set_found(t, row, c, s, set->ranks);
        c += FOUND_COLUMNS;
    }
    set_internal(t, row, c, set, s);
done:
    free(modality);
    return status;
}

/* --- What scores are held against */
static double chance_sd_at(const zsc_series_set *set, const zsc_score_groups *groups, size_t g, size_t rank)
{
    double sd = NAN;
    for (size_t i = 0; i < set->count; i++)
        if (groups->group[i] == g && set->item[i].runs.mean[rank].n)
            sd = fmax(sd, set->item[i].runs.mean[rank].chance_sd);
    return sd;
}

static double ceiling_at(const zsc_series_set *set, const zsc_score_groups *groups, size_t g, size_t rank)
{
    double ceiling = NAN;
    for (size_t i = 0; i < set->count; i++) /* equal where it is known: the rows, labels and K are the same */
        if (groups->group[i] == g && set->item[i].runs.mean[rank].n)
            ceiling = fmax(ceiling, set->item[i].runs.mean[rank].ceiling);
    return ceiling;
}

static bool group_has(const zsc_series_set *set, const zsc_score_groups *groups, size_t g,
                      double (*at)(const zsc_series_set *, const zsc_score_groups *, size_t, size_t))
{
    for (size_t r = 0; r < set->ranks; r++)
        if (!isnan(at(set, groups, g, r))) return true;
    return false;
}

/* "true species", "true classes" */
static char *ceiling_name(const zsc_series_set *set, const zsc_series *s)
{
    const char *finest = zsc_series_finest(set), *rank = zsc_ceiling_rank(s->runs.first->clusters_rule, finest);
    if (!rank) return zsc_strdup("perfect clusters: true classes");
    return zsc_asprintf("perfect clusters: true %s", zsc_rank_word(rank));
}

static zsc_status set_reference(zsc_table *t, size_t row, const zsc_series_set *set, const zsc_score_groups *groups,
                                const line *l, const name_columns *names, int decimals)
{
    zsc_status status = ZSC_OK;
    char *name = l->kind == CEILING ? ceiling_name(set, &set->item[l->series]) : zsc_strdup("random clusters");
    size_t c = names->count - 1 - (size_t)names->per_barcode;
    if (!name) return ZSC_EINTERNAL;
    if (names->group) ZSC_TRY(zsc_table_set_text(t, row, 0, groups->name[l->group]));
    ZSC_TRY(zsc_table_set_text(t, row, c, name));
    for (size_t r = 0; r < set->ranks; r++) {
        zsc_cell *cell = zsc_table_at(t, row, names->count + r);
        double sd = chance_sd_at(set, groups, l->group, r);
        cell->decimals = decimals;
        if (l->kind == CEILING) {
            cell->value = 100 * ceiling_at(set, groups, l->group, r);
        } else if (!isnan(sd)) {
            cell->value = 0;
            cell->spread = 100 * sd;
        }
    }
done:
    free(name);
    return status;
}

/* The series of the first group and what they are held against, then of the second, ..., each in the order of the set.
 */
static size_t order_lines(const zsc_series_set *set, const zsc_score_groups *groups, bool ceiling, line *lines)
{
    size_t n = 0;
    for (size_t g = 0; g < groups->count; g++) {
        size_t first = n;
        for (size_t i = 0; i < set->count; i++)
            if (groups->group[i] == g) lines[n++] = (line){SERIES, i, g};
        if (n == first) continue;
        if (ceiling && group_has(set, groups, g, ceiling_at)) lines[n++] = (line){CEILING, lines[first].series, g};
        if (group_has(set, groups, g, chance_sd_at)) lines[n++] = (line){CHANCE, lines[first].series, g};
    }
    return n;
}

static bool opens_group(const zsc_series_set *set, const line *l, bool by_group)
{
    if (by_group) return l[0].group != l[-1].group;
    return (l[0].kind != SERIES && l[-1].kind == SERIES) ||
           strcmp(set->item[l[0].series].modality, set->item[l[-1].series].modality) != 0;
}

zsc_status zsc_table_ranks(const zsc_series_set *set, const zsc_table_options *o, zsc_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    zsc_score_groups groups = {0};
    line *lines = NULL;
    bool both = false, any = false;
    size_t shown[ZSC_INTERNAL_SCORES], internal_count = list_internal(set, shown);
    for (size_t i = 0; i < set->count; i++) *(set->item[i].one_per_barcode ? &both : &any) = true;
    ZSC_TRY(zsc_score_groups_make(set, &groups));
    ZSC_NEW(lines, set->count + 2 * groups.count + 1);
    size_t count = order_lines(set, &groups, o->ceiling, lines);
    /* where each row is a group, the names of encoders say what differs, and nothing is marked */
    name_columns names = {.group = groups.count > 1 && (groups.count < set->count || count > set->count),
                          .per_barcode = both && any};
    names.count = 3 + (size_t)names.group + (size_t)names.per_barcode;
    ZSC_TRY(zsc_table_make(count, names.count + set->ranks + (finds_clusters(set) ? FOUND_COLUMNS : 0) + internal_count,
                           names.count, &t));
    t.unit = "AMI %";
    t.of_unit = set->ranks;
    ZSC_TRY(set_header(&t, set, &names));
    for (size_t r = 0; r < count; r++) {
        ZSC_TRY(lines[r].kind == SERIES ? set_row(&t, r, set, lines[r].series, &groups, &names, o->decimals)
                                        : set_reference(&t, r, set, &groups, &lines[r], &names, o->decimals));
        t.group_start[r] = r == 0 || opens_group(set, &lines[r], names.group);
    }
    for (size_t r = 0; r < set->ranks; r++)
        ZSC_TRY(mark_column(&t, names.count + r, set, lines, groups.count, o->mark_groups));
    t.caption = o->caption ? zsc_strdup(o->caption)
                           : caption_of_ranks(set, &groups, name_spaces(shown, internal_count), o->rarefied);
    if (!t.caption) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *out = t;
    t = (zsc_table){0};
done:
    free(lines);
    zsc_score_groups_free(&groups);
    zsc_table_free(&t);
    return status;
}
