#include "data/census.h"

#include <stdlib.h>

#include "base/memory.h"
#include "data/load.h"

zsc_status zsc_census_name(zsc_tally *t, const char *text, size_t length, bool missing)
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

static void free_tally(zsc_tally *t)
{
    zsc_names_free(&t->names);
    free(t->rows);
}

static zsc_status add_rank(zsc_info *info, const zsc_tally *t)
{
    zsc_status status = ZSC_OK;
    info_column *c = &info->rank[info->ranks++];
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

static zsc_status add_splits(zsc_info *info, const zsc_tally *t)
{
    zsc_status status = ZSC_OK;
    info->without_split = t->missing;
    ZSC_NEW(info->split, t->names.count);
    for (size_t i = 0; i < t->names.count; i++) {
        ZSC_TRY(zsc_copy_text(zsc_names_get(&t->names, i), &info->split[i].name));
        info->split[i].rows = t->rows[i];
        info->splits++;
    }
done:
    return status;
}

zsc_status zsc_census_id(zsc_census *c, const char *id, size_t length, size_t row)
{
    if (length) return zsc_marks_add(&c->ids, zsc_hash_bytes(id, length), row);
    return c->info->empty_ids++ ? ZSC_OK : zsc_info_problem(c->info, "row %zu has an empty id", row);
}

zsc_status zsc_census_barcode(zsc_census *c, const char *barcode, size_t length)
{
    zsc_digest digest = zsc_barcode_digest(barcode, length, 0, &c->scratch);
    if (c->scratch.failed) return ZSC_EINTERNAL;
    if (digest.high || digest.low) return zsc_marks_add(&c->barcodes, digest, 0);
    c->info->without_barcode++;
    return ZSC_OK;
}

zsc_status zsc_census_end(zsc_census *c)
{
    zsc_status status = ZSC_OK;
    zsc_info *info = c->info;
    size_t first, second;
    ZSC_TRY(zsc_marks_sort(&c->ids));
    ZSC_TRY(zsc_marks_sort(&c->barcodes));
    info->repeated_ids = zsc_marks_repeats(&c->ids, &first, &second);
    if (info->repeated_ids)
        ZSC_TRY(zsc_info_problem(info, "%zu rows repeat an id, the first are rows %zu and %zu", info->repeated_ids,
                                 first, second));
    info->repeated_barcodes = zsc_marks_repeats(&c->barcodes, NULL, NULL);
    info->distinct_barcodes = c->barcodes.count - info->repeated_barcodes;
    ZSC_NEW(info->rank, c->tallies);
    for (size_t i = 1; i < c->tallies; i++) ZSC_TRY(add_rank(info, &c->tally[i]));
    if (c->split_known) ZSC_TRY(add_splits(info, &c->tally[0]));
done:
    return status;
}

void zsc_census_free(zsc_census *c)
{
    for (size_t i = 0; i < c->tallies; i++) free_tally(&c->tally[i]);
    free(c->tally);
    free(c->ids.item);
    free(c->barcodes.item);
    free(c->scratch.data);
}
