#include "report/figures/setting_grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/value.h"
#include "experiment/series/row_settings.h"

/* Columns that hold settings which can change a score, in the order in which they are looked at. */
static const char *const columns[] = {"neighbors",
                                      "min_dist",
                                      "n_components",
                                      "epochs",
                                      "metric",
                                      "knn",
                                      "reduce",
                                      "scale",
                                      "scale_scope",
                                      "clusterer",
                                      "linkage",
                                      "linkage_metric",
                                      "cut_height",
                                      "cut_standardised",
                                      "clusters_rule",
                                      "min_cluster_size",
                                      "min_samples",
                                      "max_cluster_size",
                                      "cluster_selection_method",
                                      "cluster_selection_epsilon",
                                      "allow_single_cluster",
                                      "n_init",
                                      "max_iter",
                                      "missing_rule",
                                      "missing_values",
                                      "subset",
                                      "where",
                                      "per_barcode",
                                      "barcode_max_length",
                                      "barcode_seed",
                                      "ids_in_order"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* The text of a setting in a series; the caller's. */
static char *value_of(const zsc_series *s, const char *column)
{
    zsc_text text = {0};
    zsc_results_row_value(s->runs.first, column, true, &text);
    return text.failed ? NULL : text.data;
}

/* *same: both have one value there, or one has none: there the setting has no effect beside others. */
static zsc_status compare(const zsc_series *a, const zsc_series *b, const char *column, bool *same)
{
    char *one = value_of(a, column), *other = value_of(b, column);
    zsc_status status = one && other ? ZSC_OK : ZSC_EINTERNAL;
    if (status == ZSC_OK) *same = !*one || !*other || strcmp(one, other) == 0;
    free(one);
    free(other);
    return status;
}

/* Which columns have several values among the series of an encoder. */
static zsc_status find_varying(const zsc_series_set *set, bool varies[COLUMNS])
{
    for (size_t c = 0; c < COLUMNS; c++)
        for (size_t k = 1; k < set->count && !varies[c]; k++)
            for (size_t i = 0; i < k && !varies[c]; i++) {
                bool same = true;
                if (strcmp(set->item[i].encoders, set->item[k].encoders) != 0) continue;
                zsc_status status = compare(&set->item[i], &set->item[k], columns[c], &same);
                if (status != ZSC_OK) return status;
                varies[c] = !same;
            }
    return ZSC_OK;
}

static zsc_status refuse(const bool varies[COLUMNS], const char *what)
{
    zsc_text list = {0};
    zsc_text_append(&list, "");
    for (size_t c = 0; c < COLUMNS; c++)
        if (varies[c]) zsc_text_printf(&list, "%s%s", list.length ? ", " : "", columns[c]);
    zsc_status status = list.failed ? ZSC_EINTERNAL
                        : !list.length
                            ? zsc_fail(ZSC_EINPUT, "%s: no setting differs among the runs of an encoder", what)
                            : zsc_fail(ZSC_EINPUT,
                                       "%s: these differ among the runs: %s; name one or two by --settings, "
                                       "and choose among the others by --where",
                                       what, list.data);
    free(list.data);
    return status;
}

/* By any of its names: n_neighbors, dim, clusters. */
static size_t column_of(const char *name)
{
    size_t setting, c = 0;
    const char *column;
    if (!zsc_row_setting_find(name, &setting, &column)) return COLUMNS;
    while (c < COLUMNS && strcmp(columns[c], column) != 0) c++;
    return c;
}

/* The columns of the axes, for NAMES or for what varies. */
static zsc_status choose(const zsc_list *names, const bool varies[COLUMNS], size_t at[2], size_t *count)
{
    *count = 0;
    if (names->count > 2)
        return zsc_fail(ZSC_EUSAGE, "option --settings expects one or two settings, not %zu", names->count);
    for (size_t i = 0; i < names->count; i++) {
        size_t c = column_of(names->item[i]);
        if (c == COLUMNS)
            return zsc_fail(ZSC_EUSAGE, "option --settings expects settings that change scores, not '%s'",
                            names->item[i]);
        if (!varies[c]) return refuse(varies, names->item[i]);
        if (*count && at[0] == c)
            return zsc_fail(ZSC_EUSAGE, "option --settings names '%s' twice; name one or two settings", names->item[i]);
        at[(*count)++] = c;
    }
    for (size_t c = 0; names->count == 0 && c < COLUMNS; c++) {
        if (!varies[c]) continue;
        if (*count == 2) return refuse(varies, "a figure shows one or two settings");
        at[(*count)++] = c;
    }
    return *count ? ZSC_OK : refuse(varies, "nothing to draw");
}

/* --- Axes */
static size_t place_of(const zsc_setting_axis *a, const char *value)
{
    size_t i = 0;
    while (i < a->count && strcmp(a->value[i], value) != 0) i++;
    return i;
}

static void swap_values(zsc_setting_axis *a, size_t i, size_t j)
{
    char *value = a->value[i];
    double number = a->number[i];
    a->value[i] = a->value[j], a->number[i] = a->number[j];
    a->value[j] = value, a->number[j] = number;
}

/* Sorts the values if all are numbers; else forgets the numbers. */
static void sort_numbers(zsc_setting_axis *a)
{
    bool numeric = true;
    for (size_t i = 0; i < a->count; i++) numeric = zsc_value_number(a->value[i], &a->number[i]) && numeric;
    for (size_t i = 1; numeric && i < a->count; i++)
        for (size_t j = i; j > 0 && a->number[j - 1] > a->number[j]; j--) swap_values(a, j - 1, j);
    if (numeric) return;
    free(a->number);
    a->number = NULL;
}

static zsc_status make_axis(const zsc_series_set *set, const char *column, zsc_setting_axis *a)
{
    zsc_status status = ZSC_OK;
    a->column = column;
    ZSC_NEW(a->value, set->count + 1);
    ZSC_NEW(a->number, set->count + 1);
    for (size_t k = 0; k < set->count; k++) {
        char *value = value_of(&set->item[k], column);
        if (!value) return ZSC_EINTERNAL;
        if (!*value || place_of(a, value) < a->count)
            free(value);
        else
            a->value[a->count++] = value;
    }
    sort_numbers(a);
done:
    return status;
}

/* --- Curves */
/* Whether the series differ in the axes alone. */
static zsc_status same_curve(const zsc_series *a, const zsc_series *b, const bool varies[COLUMNS], const size_t at[2],
                             size_t axes, bool *same)
{
    const zsc_results_row *x = a->runs.first, *y = b->runs.first;
    *same = strcmp(a->encoders, b->encoders) == 0 && strcmp(x->sources, y->sources) == 0 &&
            strcmp(x->row_set, y->row_set) == 0;
    for (size_t c = 0; *same && c < COLUMNS; c++) {
        if (!varies[c] || c == at[0] || (axes > 1 && c == at[1])) continue;
        zsc_status status = compare(a, b, columns[c], same);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

/* "ViT-B DINO (min_dist 0.1)"; NULL: memory ran out. */
static char *label_of(const zsc_series *s, const zsc_styles *styles, const bool varies[COLUMNS], const size_t at[2],
                      size_t axes)
{
    zsc_text text = {0};
    const char *mark = " (";
    char *encoders = zsc_encoders_label(styles, s->runs.first->encoders, s->runs.first->labels);
    if (!encoders) return NULL;
    zsc_text_append(&text, encoders);
    free(encoders);
    for (size_t c = 0; c < COLUMNS; c++) {
        if (!varies[c] || c == at[0] || (axes > 1 && c == at[1])) continue;
        char *value = value_of(s, columns[c]);
        if (!value) text.failed = true;
        if (value && *value) {
            double number;
            bool says = !zsc_value_number(value, &number) && strcmp(value, "none") != 0 && strcmp(value, "all") != 0;
            zsc_text_printf(&text, "%s%s%s%s", mark, says ? "" : columns[c], says ? "" : " ", value);
            mark = ", ";
        }
        free(value);
    }
    if (*mark == ',') zsc_text_append(&text, ")");
    if (!text.failed) return text.data;
    free(text.data);
    return NULL;
}

static zsc_status add_series(const zsc_series *s, const zsc_seed_mean *mean, const zsc_styles *styles,
                             const bool varies[COLUMNS], const size_t at[2], zsc_setting_grid *g)
{
    zsc_status status = ZSC_OK;
    size_t place[2] = {0, 0}, k = 0;
    for (size_t a = 0; a < g->axes; a++) {
        char *value = value_of(s, g->axis[a].column);
        if (!value) return ZSC_EINTERNAL;
        place[a] = place_of(&g->axis[a], value);
        free(value);
        if (place[a] == g->axis[a].count) return ZSC_OK; /* without effect beside other settings of this run */
    }
    size_t cell = place[0] * g->axis[1].count + place[1];
    for (; k < g->curves; k++) {
        bool same = false;
        ZSC_TRY(same_curve(g->curve[k].first, s, varies, at, g->axes, &same));
        if (same && !g->curve[k].mean[cell]) break;
    }
    zsc_setting_curve *curve = &g->curve[k];
    if (k == g->curves) {
        ZSC_NEW(curve->mean, g->axis[0].count * g->axis[1].count);
        curve->first = s;
        g->curves++;
        if (!(curve->label = label_of(s, styles, varies, at, g->axes))) return ZSC_EINTERNAL;
    }
    curve->mean[cell] = mean;
    if (mean->n > g->seeds) g->seeds = mean->n;
done:
    return status;
}

zsc_status zsc_setting_grid_make(const zsc_series_set *set, const zsc_styles *styles, const zsc_list *names,
                                 const char *rank, zsc_setting_grid *out)
{
    zsc_status status = ZSC_OK;
    zsc_setting_grid g = {0};
    bool varies[COLUMNS] = {false};
    size_t at[2] = {0, 0}, r = 0;
    while (r < set->ranks && rank && strcmp(set->rank[r], rank) != 0) r++;
    if (r == set->ranks || !rank)
        return zsc_fail(ZSC_EINPUT, "the results have no scores at rank '%s'", rank ? rank : "");
    ZSC_TRY(find_varying(set, varies));
    ZSC_TRY(choose(names, varies, at, &g.axes));
    ZSC_NEW(g.curve, set->count);
    for (size_t a = 0; a < g.axes; a++) ZSC_TRY(make_axis(set, columns[at[a]], &g.axis[a]));
    if (g.axes == 1) g.axis[1] = (zsc_setting_axis){.column = "", .count = 1};
    for (size_t k = 0; k < set->count; k++) {
        const zsc_seed_mean *mean = &set->item[k].runs.mean[r];
        if (mean->n) ZSC_TRY(add_series(&set->item[k], mean, styles, varies, at, &g));
    }
    if (g.curves == 0) {
        status = zsc_fail(ZSC_EINPUT, "AMI is not defined at rank '%s' for any of the results", rank);
        goto done;
    }
    *out = g;
    g = (zsc_setting_grid){0};
done:
    zsc_setting_grid_free(&g);
    return status;
}

void zsc_setting_grid_free(zsc_setting_grid *g)
{
    for (size_t a = 0; a < g->axes; a++) {
        for (size_t i = 0; g->axis[a].value && i < g->axis[a].count; i++) free(g->axis[a].value[i]);
        free(g->axis[a].value);
        free(g->axis[a].number);
    }
    for (size_t k = 0; g->curve && k < g->curves; k++) {
        free(g->curve[k].label);
        free(g->curve[k].mean);
    }
    free(g->curve);
    *g = (zsc_setting_grid){0};
}
