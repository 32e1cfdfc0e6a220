#include "report/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "zsc/ward.h"

static bool seen(const zsc_tidy *rows, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(rows->item[j].key, rows->item[i].key) == 0) return true;
    return false;
}

zsc_status zsc_results_load(const zsc_tidy *rows, unsigned what, size_t most, zsc_result_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_list paths = {0};
    zsc_result_list list = {0};
    for (size_t i = 0; i < rows->count; i++) {
        if (!*rows->item[i].path) {
            status = zsc_fail(ZSC_EINPUT,
                              "this needs result files; the rows of %s come from a table without a column path",
                              rows->item[i].encoders);
            goto done;
        }
        if (!seen(rows, i)) ZSC_TRY(zsc_list_add(&paths, rows->item[i].path));
    }
    if (paths.count > most) {
        status = zsc_fail(
            ZSC_EINPUT,
            "this figure shows %zu result%s, and there are %zu; select with --encoders, --rows, --where or "
            "by naming files",
            most, most == 1 ? "" : "s at most", paths.count);
        goto done;
    }
    ZSC_NEW(list.item, paths.count);
    for (size_t i = 0; i < paths.count; i++) {
        ZSC_TRY(zsc_result_read(paths.item[i], what, &list.item[i]));
        list.count++;
    }
    *out = list;
    list = (zsc_result_list){0};
done:
    zsc_list_free(&paths);
    zsc_results_free(&list);
    return status;
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

size_t zsc_result_rank(const zsc_result *r, const char *rank)
{
    size_t i = 0;
    while (i < r->scores && strcmp(r->score[i].rank, rank) != 0) i++;
    return i;
}

zsc_status zsc_result_clusters(const zsc_result *r, size_t rank, int32_t *labels)
{
    size_t k = r->score[rank].k;
    if (k && k != r->clusters && r->linkage_matrix) return zsc_cut_clusters(r->linkage_matrix, r->rows, k, labels);
    memcpy(labels, r->label, r->rows * sizeof *labels);
    return ZSC_OK;
}

static _Thread_local const zsc_column *sorted_column; /* for by_count, which qsort calls without an argument */
static _Thread_local const size_t *sorted_counts;

static int by_count(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (sorted_counts[a] != sorted_counts[b]) return sorted_counts[a] > sorted_counts[b] ? -1 : 1;
    return strcmp(sorted_column->level[a], sorted_column->level[b]);
}

zsc_status zsc_level_order(const zsc_column *column, size_t rows, size_t *order, size_t *counts)
{
    size_t *raw = zsc_calloc(column->levels + 1, sizeof *raw, "counts of taxa");
    if (!raw) return ZSC_EINTERNAL;
    for (size_t i = 0; i < column->levels; i++) order[i] = i;
    for (size_t i = 0; raw && i < rows; i++)
        if (column->code[i] >= 0) raw[column->code[i]]++;
    sorted_column = column;
    sorted_counts = raw;
    qsort(order, column->levels, sizeof *order, by_count);
    for (size_t i = 0; i < column->levels; i++) counts[i] = raw[order[i]];
    free(raw);
    return ZSC_OK;
}
