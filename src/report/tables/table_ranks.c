/* Encoders x ranks. */
#include "report/tables/tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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

static char *caption_of_ranks(const zsc_series_set *set)
{
    zsc_text text = {0};
    size_t rows[2] = {0}, k[2] = {0}, seeds = 0;
    for (size_t i = 0; i < set->count; i++) {
        rows[0] = smaller(rows[0], set->item[i].rows);
        if (set->item[i].rows > rows[1]) rows[1] = set->item[i].rows;
        for (size_t r = 0; r < set->ranks; r++) {
            const zsc_seed_mean *p = &set->item[i].runs.mean[r];
            k[0] = smaller(k[0], p->clusters);
            if (p->clusters > k[1]) k[1] = p->clusters;
            if (p->n > seeds) seeds = p->n;
        }
    }
    zsc_text_append(&text, "AMI (%) of clusters and taxa by rank");
    if (seeds > 1) zsc_text_printf(&text, ", mean \xc2\xb1 standard deviation over %zu seeds", seeds);
    zsc_text_append(&text, set->simulated ? "; simulated data;" : ";");
    append_range(&text, rows[0], rows[1], "rows");
    append_range(&text, k[0], k[1], "clusters (K)");
    size_t before = text.length;
    for (size_t r = 0; r < set->ranks; r++) {
        size_t classes = 0;
        for (size_t i = 0; i < set->count; i++)
            if (set->item[i].runs.mean[r].classes > classes) classes = set->item[i].runs.mean[r].classes;
        const char *rank = strcmp(set->rank[r], "dna_bin") == 0 ? "BIN" : set->rank[r];
        if (classes) zsc_text_printf(&text, "%s %s %zu", text.length == before ? " classes:" : ",", rank, classes);
    }
    while (text.length && text.data[text.length - 1] == ';') text.data[--text.length] = '\0';
    zsc_text_append(&text, ".");
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

static zsc_status mark_column(const zsc_table *t, size_t column, bool by_group)
{
    zsc_cell **cells = zsc_calloc(t->rows, sizeof *cells, "cells");
    if (!cells) return ZSC_EINTERNAL;
    size_t n = 0;
    for (size_t r = 0; r < t->rows; r++) {
        if (by_group && t->group_start[r]) {
            zsc_table_mark(cells, n);
            n = 0;
        }
        cells[n++] = zsc_table_at(t, r, column);
    }
    zsc_table_mark(cells, n);
    free(cells);
    return ZSC_OK;
}

zsc_status zsc_table_ranks(const zsc_series_set *set, const zsc_table_options *o, zsc_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    bool both = false, any = false;
    for (size_t i = 0; i < set->count; i++) *(set->item[i].one_per_barcode ? &both : &any) = true;
    both = both && any;
    size_t names = both ? 4 : 3;
    ZSC_TRY(zsc_table_make(set->count, names + set->ranks, names, &t));
    ZSC_TRY(zsc_table_set_header(&t, 0, "Modality"));
    ZSC_TRY(zsc_table_set_header(&t, 1, "Architecture"));
    ZSC_TRY(zsc_table_set_header(&t, 2, "Encoder"));
    if (both) ZSC_TRY(zsc_table_set_header(&t, 3, "Rows"));
    for (size_t r = 0; r < set->ranks; r++) {
        char *title = zsc_rank_title(set->rank[r]);
        status = title ? zsc_table_set_header(&t, names + r, title) : ZSC_EINTERNAL;
        free(title);
        if (status != ZSC_OK) goto done;
    }
    for (size_t i = 0; i < set->count; i++) {
        const zsc_series *s = &set->item[i];
        char *modality = zsc_modality_title(s->modality);
        status = modality ? zsc_table_set_text(&t, i, 0, modality) : ZSC_EINTERNAL;
        free(modality);
        if (status != ZSC_OK) goto done;
        ZSC_TRY(zsc_table_set_text(&t, i, 1, s->architecture[strspn(s->architecture, " +")] ? s->architecture : ""));
        ZSC_TRY(zsc_table_set_text(&t, i, 2, s->label));
        if (both) ZSC_TRY(zsc_table_set_text(&t, i, 3, s->one_per_barcode ? "one per barcode" : "all"));
        for (size_t r = 0; r < set->ranks; r++)
            zsc_table_set_point(zsc_table_at(&t, i, names + r), &s->runs.mean[r], o->decimals);
        t.group_start[i] = i == 0 || strcmp(s->modality, set->item[i - 1].modality) != 0;
    }
    for (size_t r = 0; r < set->ranks; r++) ZSC_TRY(mark_column(&t, names + r, o->mark_groups));
    t.caption = o->caption ? zsc_strdup(o->caption) : caption_of_ranks(set);
    if (!t.caption) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *out = t;
    t = (zsc_table){0};
done:
    zsc_table_free(&t);
    return status;
}
