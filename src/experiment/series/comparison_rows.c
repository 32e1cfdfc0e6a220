#include "experiment/series/comparison_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/nesting.h"
#include "experiment/series/unit_column.h"
#include "experiment/store/result_parts.h"

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
zsc_status zsc_resampling_rank(const zsc_compared_group *b, const char *name, char **out)
{
    size_t finest;
    const zsc_result *r = b->first;
    if (strcmp(name, ZSC_FINEST) == 0) {
        zsc_status status = zsc_finest_rank(r->taxon, r->scores, r->rows, &finest);
        if (status != ZSC_OK) return status;
        name = finest == SIZE_MAX ? "specimens" : r->taxon[finest].name;
    }
    return (*out = zsc_strdup(name)) ? ZSC_OK : ZSC_EINTERNAL;
}

zsc_status zsc_resampling_units(const zsc_compared_group *b, const char *name, const zsc_exec *exec, int32_t *unit,
                                size_t *units, size_t *unlabelled)
{
    const zsc_result *r = b->first;
    size_t next = 0, j = zsc_result_rank(r, name);
    if (strcmp(name, "specimens") == 0) {
        for (size_t i = 0; i < r->rows; i++) unit[i] = (int32_t)i;
        *units = r->rows;
        *unlabelled = 0;
        return ZSC_OK;
    }
    if (j == r->scores) return zsc_unit_column(r, name, exec, unit, units, unlabelled);
    *unlabelled = 0;
    next = r->taxon[j].levels;
    for (size_t i = 0; i < r->rows; i++) /* a row without a label is a unit of its own */
        unit[i] = r->taxon[j].code[i] >= 0 ? r->taxon[j].code[i] : (int32_t)next++;
    *units = next;
    *unlabelled = next - r->taxon[j].levels;
    return ZSC_OK;
}

char *zsc_resampling_words(const zsc_compared_group *b, const char *name)
{
    bool column = strcmp(name, "specimens") != 0 && zsc_result_rank(b->first, name) == b->first->scores;
    return column ? zsc_asprintf("values of %s", name) : zsc_strdup(name);
}

/* --- Labellings */

void zsc_labellings_free(zsc_labellings *l)
{
    for (size_t i = 0; i < l->arrays; i++) free(l->array[i]);
    free(l->array);
    free(l->item);
    free(l->start);
    free(l->ami);
}

static zsc_status take(zsc_labellings *l, const int32_t *value, const int32_t *at, size_t n, const int32_t **out)
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

/* The clusters that were scored at score j of R: its labels, or with each-rank the cut of this rank. */
static zsc_status clusters_at(zsc_labellings *l, const zsc_result *r, size_t j, const int32_t *at,
                              const int32_t *shared, const int32_t **out)
{
    zsc_status status = ZSC_OK;
    int32_t *cut = NULL;
    if (strcmp(r->clusters_rule, "each-rank") != 0) {
        *out = shared;
        return ZSC_OK;
    }
    ZSC_NEW_RAW(cut, r->rows);
    ZSC_TRY(zsc_cut_clusters(r->linkage_matrix, r->rows, r->score[j].k, cut));
    status = take(l, cut, at, r->rows, out);
done:
    free(cut);
    return status;
}

static zsc_status add_result(zsc_labellings *l, const zsc_compared_group *b, char *const *rank, size_t ranks, size_t e,
                             size_t run, int32_t *at)
{
    zsc_status status = ZSC_OK;
    const zsc_result *r = b->encoder[e].run[run];
    const int32_t *shared;
    ZSC_TRY(order_rows(b->first, r, at));
    ZSC_TRY(take(l, r->label, at, r->rows, &shared));
    for (size_t q = 0; q < ranks; q++) {
        size_t j = zsc_result_rank(r, rank[q]), item = l->start[e * ranks + q] + run;
        if (l->start[e * ranks + q] == SIZE_MAX) continue;
        if (j == r->scores) {
            status = zsc_fail(ZSC_EINPUT, "result '%s' has no rank '%s', which '%s' has", r->path, rank[q],
                              b->encoder[e].run[0]->path);
            goto done;
        }
        l->item[item].missing = zsc_result_missing(r);
        ZSC_TRY(take(l, r->taxon[j].code, at, r->rows, &l->item[item].labels));
        ZSC_TRY(clusters_at(l, r, j, at, shared, &l->item[item].clusters));
        l->ami[item] = r->score[j].scores.ami[ZSC_ARITHMETIC];
    }
done:
    return status;
}

zsc_status zsc_labellings_make(const zsc_compared_group *b, char *const *rank, size_t ranks, zsc_labellings *l)
{
    zsc_status status = ZSC_OK;
    int32_t *at = NULL;
    size_t runs = 0;
    ZSC_NEW_RAW(at, b->first->rows);
    ZSC_NEW(l->start, b->encoders * ranks);
    for (size_t e = 0; e < b->encoders; e++) {
        runs += b->encoder[e].runs;
        for (size_t q = 0; q < ranks; q++) {
            bool there = zsc_result_rank(b->encoder[e].run[0], rank[q]) < b->encoder[e].run[0]->scores;
            l->start[e * ranks + q] = there ? l->count : SIZE_MAX;
            if (there) l->count += b->encoder[e].runs;
        }
    }
    ZSC_NEW(l->item, l->count);
    ZSC_NEW(l->ami, l->count);
    ZSC_NEW(l->array, runs * (1 + 2 * ranks));
    for (size_t e = 0; e < b->encoders; e++)
        for (size_t run = 0; run < b->encoder[e].runs; run++) ZSC_TRY(add_result(l, b, rank, ranks, e, run, at));
done:
    free(at);
    return status;
}
