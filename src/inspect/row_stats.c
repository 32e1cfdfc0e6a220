#include "inspect/row_stats.h"

#include <stdlib.h>

#include "base/memory.h"
#include "data/barcode_digest.h"
#include "inspect/problems.h"

zsc_status zsc_row_counter_name(zsc_name_counts *t, const char *text, size_t length, bool missing)
{
    if (missing) {
        t->missing++;
        return ZSC_OK;
    }
    int32_t code = 0;
    int added = 0;
    zsc_status status = zsc_names_add(&t->names, text, length, &code, &added);
    if (status == ZSC_OK && added) {
        status = zsc_grow(&t->rows, &t->capacity, t->names.count, sizeof *t->rows, "counts");
        if (status == ZSC_OK) t->rows[code] = 0;
    }
    if (status == ZSC_OK) t->rows[code]++;
    return status;
}

static void free_counts(zsc_name_counts *t)
{
    zsc_names_free(&t->names);
    free(t->rows);
}

static zsc_status add_rank(zsc_row_stats *stats, const zsc_name_counts *t)
{
    zsc_status status = ZSC_OK;
    zsc_class_stats *c = &stats->rank[stats->ranks++];
    size_t largest = 0;
    for (size_t i = 1; i < t->names.count; i++)
        if (t->rows[i] > t->rows[largest]) largest = i;
    c->classes = t->names.count;
    c->missing = t->missing;
    c->largest = t->names.count ? t->rows[largest] : 0;
    ZSC_TRY(zsc_copy_text(t->name, &c->name));
    ZSC_TRY(zsc_copy_text(t->names.count ? zsc_names_get(&t->names, largest) : "", &c->largest_name));
done:
    return status;
}

static zsc_status add_splits(zsc_row_stats *stats, const zsc_name_counts *t)
{
    zsc_status status = ZSC_OK;
    stats->without_split = t->missing;
    ZSC_NEW(stats->split, t->names.count);
    for (size_t i = 0; i < t->names.count; i++) {
        ZSC_TRY(zsc_copy_text(zsc_names_get(&t->names, i), &stats->split[i].name));
        stats->split[i].rows = t->rows[i];
        stats->splits++;
    }
done:
    return status;
}

zsc_status zsc_row_counter_id(zsc_row_counter *c, const char *id, size_t length, size_t row)
{
    if (length) return zsc_row_digests_add(&c->ids, zsc_hash_bytes(id, length), row);
    return c->stats->empty_ids++ ? ZSC_OK : zsc_problems_add(c->problems, "row %zu has an empty id", row);
}

zsc_status zsc_row_counter_barcode(zsc_row_counter *c, const char *barcode, size_t length)
{
    zsc_digest digest = zsc_barcode_digest(barcode, length, 0, &c->scratch);
    if (c->scratch.failed) return ZSC_EINTERNAL;
    if (digest.high || digest.low) return zsc_row_digests_add(&c->barcodes, digest, 0);
    c->stats->without_barcode++;
    return ZSC_OK;
}

zsc_status zsc_row_counter_end(zsc_row_counter *c)
{
    zsc_status status = ZSC_OK;
    zsc_row_stats *stats = c->stats;
    size_t first, second;
    ZSC_TRY(zsc_row_digests_sort(&c->ids));
    ZSC_TRY(zsc_row_digests_sort(&c->barcodes));
    stats->repeated_ids = zsc_row_digests_repeats(&c->ids, &first, &second);
    if (stats->repeated_ids)
        ZSC_TRY(zsc_problems_add(c->problems, "%zu rows repeat an id, the first are rows %zu and %zu",
                                 stats->repeated_ids, first, second));
    stats->repeated_barcodes = zsc_row_digests_repeats(&c->barcodes, NULL, NULL);
    stats->distinct_barcodes = c->barcodes.count - stats->repeated_barcodes;
    ZSC_NEW(stats->rank, c->columns);
    for (size_t i = 1; i < c->columns; i++) ZSC_TRY(add_rank(stats, &c->column[i]));
    if (c->split_known) ZSC_TRY(add_splits(stats, &c->column[0]));
done:
    return status;
}

void zsc_row_stats_free(zsc_row_stats *stats)
{
    for (size_t i = 0; i < stats->ranks; i++) free(stats->rank[i].name), free(stats->rank[i].largest_name);
    for (size_t i = 0; i < stats->splits; i++) free(stats->split[i].name);
    free(stats->rank);
    free(stats->split);
    *stats = (zsc_row_stats){0};
}

void zsc_row_counter_free(zsc_row_counter *c)
{
    zsc_where_free(&c->where);
    zsc_id_filter_free(&c->listed);
    free(c->taken);
    for (size_t i = 0; i < c->columns; i++) free_counts(&c->column[i]);
    free(c->column);
    free(c->ids.item);
    free(c->barcodes.item);
    free(c->scratch.data);
    zsc_missing_labels_free(&c->missing);
}
