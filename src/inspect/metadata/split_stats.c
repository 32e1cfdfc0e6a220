/* A value's splits are a set of bits; what splits and species sets hold, and what two splits share, follows from how
 * often each set occurs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/names.h"
#include "data/split_filter.h"
#include "inspect/metadata/counted_columns.h"
#include "inspect/metadata/metadata_stats.h"

static const zsc_counted_column columns[] = {
    {"dna_barcode", "dna_barcode", NULL, ZSC_COUNTED_PLAIN},
    {"dna_barcode without trailing N", "dna_barcode", NULL, ZSC_COUNTED_TRIMMED},
    {"dna_bin", "dna_bin", NULL, ZSC_COUNTED_PLAIN},
    {"species", "species", NULL, ZSC_COUNTED_PLAIN},
    {"genus", "genus", NULL, ZSC_COUNTED_PLAIN},
    {"subfamily", "subfamily", NULL, ZSC_COUNTED_PLAIN},
    {"family", "family", NULL, ZSC_COUNTED_PLAIN},
    {"order", "order", NULL, ZSC_COUNTED_PLAIN},
    {"class", "class", NULL, ZSC_COUNTED_PLAIN},
    {"phylum", "phylum", NULL, ZSC_COUNTED_PLAIN},
};

typedef struct split_reader {
    zsc_counted_columns columns;
    const zsc_metadata_source *source;
    zsc_names names; /* of splits, in the order of the file */
    size_t records[ZSC_MOST_SPLITS];
} split_reader;

static zsc_status add_row(void *data, const zsc_metadata_row *row)
{
    split_reader *r = data;
    int32_t number = 0;
    zsc_status status = zsc_names_add(&r->names, row->split, row->split_length, &number, NULL);
    if (status != ZSC_OK) return status;
    if (number >= ZSC_MOST_SPLITS)
        return zsc_fail(ZSC_EINPUT,
                        "'%s', row %zu: '%s' is the %dth split, and there may be %d; which column holds the "
                        "splits is said by --column split=NAME",
                        r->source->path, row->row, row->split, number + 1, ZSC_MOST_SPLITS);
    r->records[number]++;
    return zsc_counted_columns_add(&r->columns, row, (unsigned)number);
}

/* --- The table */
/* The splits in the order of BIOSCAN-5M's, then others in the order of the file, rows without one last. */
static size_t order_splits(const split_reader *r, size_t *order)
{
    size_t count = 0;
    for (size_t s = 0; zsc_species_set(s, NULL); s++) {
        const char *split;
        zsc_species_set(s, &split);
        int32_t at = zsc_names_find(&r->names, split, strlen(split));
        if (at >= 0) order[count++] = (size_t)at;
    }
    for (int unnamed = 0; unnamed < 2; unnamed++)
        for (size_t i = 0; i < r->names.count; i++) {
            const char *name = zsc_names_get(&r->names, i);
            if (!zsc_species_set_of(name) && (*name == '\0') == (unnamed == 1)) order[count++] = i;
        }
    return count;
}

/* Fills an entry: what the splits of MASK hold together. */
static zsc_status fill(const split_reader *r, const char *set, const char *split, uint64_t mask,
                       zsc_split_contents *out)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_copy_text(set ? set : "", &out->set));
    ZSC_TRY(zsc_copy_text(split, &out->split));
    ZSC_NEW(out->categories, r->columns.columns);
    for (size_t i = 0; i < r->names.count; i++)
        if (mask >> i & 1) out->records += r->records[i];
    for (size_t c = 0; c < r->columns.columns; c++) {
        const zsc_value_counts *counts = &r->columns.counts[c];
        for (size_t i = 0; i < counts->values.count; i++) out->categories[c] += (counts->splits[i] & mask) != 0;
    }
done:
    return status;
}

static void count_shared(const split_reader *r, const size_t *order, zsc_split_table *t)
{
    size_t place[ZSC_MOST_SPLITS];
    for (size_t s = 0; s < t->splits; s++) place[order[s]] = s;
    for (size_t c = 0; c < t->columns; c++) {
        const zsc_value_counts *counts = &r->columns.counts[c];
        size_t *shared = t->shared + c * t->splits * t->splits;
        for (size_t i = 0; i < counts->values.count; i++)
            for (uint64_t a = counts->splits[i]; a; a &= a - 1)
                for (uint64_t b = counts->splits[i]; b; b &= b - 1)
                    shared[place[__builtin_ctzll(a)] * t->splits + place[__builtin_ctzll(b)]]++;
    }
}

static bool is_listed(const char *name)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i].name, name) == 0) return true;
    return false;
}

/* The splits, the species sets with more than one split, and all rows. */
static zsc_status make_table(const split_reader *r, zsc_split_table *t)
{
    zsc_status status = ZSC_OK;
    size_t order[ZSC_MOST_SPLITS], sets = 0;
    t->columns = r->columns.columns;
    t->rows = r->columns.rows;
    while (t->known < t->columns && is_listed(r->columns.column[t->known].name)) t->known++;
    t->splits = order_splits(r, order);
    while (zsc_species_set(sets, NULL)) sets++;
    ZSC_NEW(t->column, t->columns);
    for (size_t c = 0; c < t->columns; c++) ZSC_TRY(zsc_copy_text(r->columns.column[c].name, &t->column[c]));
    ZSC_NEW(t->split, t->splits + sets + 1);
    for (size_t s = 0; s < t->splits; s++) {
        const char *name = zsc_names_get(&r->names, order[s]);
        ZSC_TRY(fill(r, zsc_species_set_of(name), *name ? name : "(none)", (uint64_t)1 << order[s],
                     &t->split[t->entries++]));
    }
    for (size_t s = 0; s < sets; s++) {
        uint64_t mask = 0;
        const char *set = zsc_species_set(s, NULL);
        if (s && strcmp(set, zsc_species_set(s - 1, NULL)) == 0) continue;
        for (size_t i = 0; i < t->splits; i++)
            if (strcmp(t->split[i].set, set) == 0) mask |= (uint64_t)1 << order[i];
        if (mask & (mask - 1)) ZSC_TRY(fill(r, set, "all", mask, &t->split[t->entries++]));
    }
    ZSC_TRY(fill(r, "all", "all", UINT64_MAX, &t->split[t->entries++]));
    ZSC_NEW(t->shared, t->columns * t->splits * t->splits);
    count_shared(r, order, t);
done:
    return status;
}

zsc_status zsc_split_stats_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_split_table *out)
{
    zsc_status status = ZSC_OK;
    split_reader r = {.source = source};
    zsc_split_table table = {0};
    bool split = false;
    ZSC_TRY(zsc_metadata_present(source, NULL, 0, NULL, &split));
    if (!split) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' has no column split; say which column holds the splits, as in --column "
                          "split=NAME",
                          source->path);
        goto done;
    }
    ZSC_TRY(zsc_counted_columns_make(source, columns, sizeof columns / sizeof *columns, true, &r.columns));
    ZSC_TRY(
        zsc_metadata_read(source, (const char *const *)r.columns.names.item, r.columns.names.count, exec, add_row, &r));
    ZSC_TRY(make_table(&r, &table));
    *out = table;
    table = (zsc_split_table){0};
done:
    zsc_counted_columns_free(&r.columns);
    zsc_names_free(&r.names);
    zsc_split_table_free(&table);
    return status;
}

void zsc_split_table_free(zsc_split_table *table)
{
    for (size_t i = 0; table->column && i < table->columns; i++) free(table->column[i]);
    for (size_t i = 0; i < table->entries; i++)
        free(table->split[i].set), free(table->split[i].split), free(table->split[i].categories);
    free(table->column);
    free(table->split);
    free(table->shared);
    *table = (zsc_split_table){0};
}
