#include "report/tables/score_groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/run_identity.h"

/* The columns by which variants are told apart, and the settings, are texts; empty in tables of older versions, where
 * other columns are missing too. */
static bool same_settings(const zsc_results_row *a, const zsc_results_row *b)
{
    for (size_t v = 0; v < zsc_variant_count; v++)
        if (strcmp(zsc_results_row_text(a, zsc_variant_columns[v]), zsc_results_row_text(b, zsc_variant_columns[v])) !=
            0)
            return false;
    return strcmp(a->settings, b->settings) == 0;
}

static bool same_rows(const zsc_results_row *a, const zsc_results_row *b)
{
    return !*a->row_set || !*b->row_set ? a->rows == b->rows : strcmp(a->row_set, b->row_set) == 0;
}

bool zsc_scores_are_comparable(const zsc_series *a, const zsc_series *b)
{
    const zsc_results_row *x = a->runs.first, *y = b->runs.first;
    return a->one_per_barcode == b->one_per_barcode && same_settings(x, y) && same_rows(x, y) &&
           zsc_same_labels(a->runs.widest, b->runs.widest);
}

/* Adds to the names that are shared what tells their groups apart: the number of rows, which rows, whose labels. */
static zsc_status extend_names(const zsc_series *const *first, zsc_score_groups *g, int what)
{
    zsc_status status = ZSC_OK;
    char **longer = zsc_calloc(g->count, sizeof *longer, "names of groups");
    if (!longer) return ZSC_EINTERNAL;
    for (size_t i = 0; i < g->count; i++) {
        const zsc_results_row *own = first[i]->runs.first;
        const char *mark = *g->name[i] ? ", " : "";
        bool differs = false;
        for (size_t k = 0; k < g->count; k++) {
            const zsc_results_row *other = first[k]->runs.first;
            if (k == i || strcmp(g->name[i], g->name[k]) != 0) continue;
            differs |= what == 0   ? first[i]->one_per_barcode != first[k]->one_per_barcode
                       : what == 1 ? own->rows != other->rows
                       : what == 2 ? !same_rows(own, other)
                                   : true;
        }
        if (!differs) continue;
        longer[i] = what == 0   ? zsc_asprintf("%s%s%s", g->name[i], mark,
                                             first[i]->one_per_barcode ? "one per barcode" : "all rows")
                    : what == 1 ? zsc_asprintf("%s%s%zu rows", g->name[i], mark, own->rows)
                    : what == 2 ? zsc_asprintf("%s%srows %.8s", g->name[i], mark, own->row_set)
                                : zsc_asprintf("%s%slabels of %s", g->name[i], mark, first[i]->runs.finished);
        if (!longer[i]) status = ZSC_EINTERNAL;
    }
    for (size_t i = 0; i < g->count; i++)
        if (longer[i]) free(g->name[i]), g->name[i] = longer[i];
    free(longer);
    return status;
}

static zsc_status name_groups(const zsc_series *const *first, zsc_score_groups *g)
{
    zsc_status status = ZSC_OK;
    const zsc_results_row **rows = NULL;
    enum { BARCODES, NUMBER, ROWS, LABELS, KINDS };
    ZSC_NEW(rows, g->count + 1);
    for (size_t i = 0; i < g->count; i++) rows[i] = first[i]->runs.first;
    for (size_t i = 0; i < g->count; i++) {
        const char *mark = "";
        zsc_text text = {0};
        zsc_text_append(&text, "");
        zsc_append_differences(rows[i], rows, g->count, &text, &mark);
        if (text.failed) status = ZSC_EINTERNAL;
        g->name[i] = text.data;
    }
    for (int what = BARCODES; what < KINDS && status == ZSC_OK; what++) status = extend_names(first, g, what);
done:
    free(rows);
    return status;
}

zsc_status zsc_score_groups_make(const zsc_series_set *set, zsc_score_groups *out)
{
    zsc_status status = ZSC_OK;
    zsc_score_groups g = {0};
    const zsc_series **first = NULL;
    ZSC_NEW(g.group, set->count + 1);
    ZSC_NEW(g.name, set->count + 1);
    ZSC_NEW(first, set->count + 1);
    for (size_t i = 0; i < set->count; i++) {
        size_t k = 0;
        while (k < g.count && !zsc_scores_are_comparable(first[k], &set->item[i])) k++;
        if (k == g.count) first[g.count++] = &set->item[i];
        g.group[i] = k;
    }
    ZSC_TRY(name_groups(first, &g));
    *out = g;
    g = (zsc_score_groups){0};
done:
    free(first);
    zsc_score_groups_free(&g);
    return status;
}

void zsc_score_groups_free(zsc_score_groups *g)
{
    for (size_t i = 0; g->name && i < g->count; i++) free(g->name[i]);
    free(g->name);
    free(g->group);
    *g = (zsc_score_groups){0};
}
