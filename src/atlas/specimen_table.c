#include "atlas/specimen_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

static zsc_status number_ids(const zsc_result_list *list, zsc_specimen_table *t)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < list->count; i++) {
        const zsc_result *r = &list->item[i];
        ZSC_NEW_RAW(t->specimen[i], r->rows);
        for (size_t row = 0; row < r->rows; row++)
            ZSC_TRY(zsc_names_add(&t->id, r->id[row], strlen(r->id[row]), &t->specimen[i][row], NULL));
    }
    for (size_t i = 0; i < list->count; i++) {
        size_t row = 0, rows = list->item[i].rows;
        while (row < rows && t->specimen[i][row] == (int32_t)row) row++;
        if (row < rows || rows < t->id.count) continue;
        free(t->specimen[i]);
        t->specimen[i] = NULL;
    }
done:
    return status;
}

/* The column of a rank, added where the table has none; NULL: memory ran out. */
static zsc_column *column_of(zsc_specimen_table *t, const char *name)
{
    for (size_t j = 0; j < t->ranks; j++)
        if (strcmp(t->rank[j].name, name) == 0) return &t->rank[j];
    zsc_column column = {.name = zsc_strdup(name),
                         .code = zsc_malloc(t->id.count, sizeof *column.code, "codes of a rank")};
    if (!column.name || !column.code) {
        free(column.name);
        free(column.code);
        return NULL;
    }
    for (size_t i = 0; i < t->id.count; i++) column.code[i] = -1;
    t->rank[t->ranks] = column;
    return &t->rank[t->ranks++];
}

/* Adds the taxa that RESULT gives at a rank. *differing: specimens that have another one already. */
static zsc_status add_taxa(const zsc_column *from, size_t rows, const int32_t *specimen, zsc_column *to,
                           size_t *differing)
{
    zsc_status status = ZSC_OK;
    zsc_names names = {0};
    char **level = NULL;
    int32_t *code = NULL;
    for (size_t k = 0; k < to->levels; k++)
        ZSC_TRY(zsc_names_add(&names, to->level[k], strlen(to->level[k]), &(int32_t){0}, NULL));
    ZSC_NEW_RAW(code, from->levels + 1);
    for (size_t k = 0; k < from->levels; k++)
        ZSC_TRY(zsc_names_add(&names, from->level[k], strlen(from->level[k]), &code[k], NULL));
    ZSC_NEW(level, names.count + 1);
    for (size_t k = 0; k < to->levels; k++) level[k] = to->level[k];
    free(to->level);
    to->level = level;
    level = NULL;
    for (; to->levels < names.count; to->levels++)
        if (!(to->level[to->levels] = zsc_strdup(zsc_names_get(&names, to->levels)))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    for (size_t row = 0; row < rows; row++) {
        int32_t *own = &to->code[specimen ? specimen[row] : (int32_t)row];
        int32_t taxon = from->code[row] < 0 ? -1 : code[from->code[row]];
        if (*own >= 0 && taxon >= 0 && taxon != *own) *differing += 1;
        if (*own < 0) *own = taxon;
    }
done:
    zsc_names_free(&names);
    free(code);
    return status;
}

static zsc_status add_result(const zsc_result *r, const int32_t *specimen, zsc_specimen_table *t)
{
    zsc_status status = ZSC_OK;
    for (size_t j = 0; j < r->scores; j++) {
        size_t differing = 0;
        zsc_column *to = column_of(t, r->taxon[j].name);
        if (!to) return ZSC_EINTERNAL;
        ZSC_TRY(add_taxa(&r->taxon[j], r->rows, specimen, to, &differing));
        if (differing)
            zsc_warn("'%s' gives %zu specimens another %s than the results before it: the page shows the first one",
                     r->path, differing, r->taxon[j].name);
    }
done:
    return status;
}

zsc_status zsc_specimen_table_make(const zsc_result_list *list, zsc_specimen_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_specimen_table t = {.results = list->count};
    size_t most = 0;
    for (size_t i = 0; i < list->count; i++) most += list->item[i].scores;
    ZSC_NEW(t.specimen, list->count);
    ZSC_NEW(t.rank, most);
    ZSC_TRY(number_ids(list, &t));
    for (size_t i = 0; i < list->count; i++) ZSC_TRY(add_result(&list->item[i], t.specimen[i], &t));
    *out = t;
    t = (zsc_specimen_table){0};
done:
    zsc_specimen_table_free(&t);
    return status;
}

void zsc_specimen_table_free(zsc_specimen_table *t)
{
    for (size_t j = 0; j < t->ranks; j++) {
        for (size_t k = 0; k < t->rank[j].levels; k++) free(t->rank[j].level[k]);
        free(t->rank[j].level);
        free(t->rank[j].code);
        free(t->rank[j].name);
    }
    for (size_t i = 0; t->specimen && i < t->results; i++) free(t->specimen[i]);
    free(t->rank);
    free(t->specimen);
    zsc_names_free(&t->id);
    *t = (zsc_specimen_table){0};
}
