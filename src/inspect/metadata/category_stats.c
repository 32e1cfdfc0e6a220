#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "inspect/metadata/counted_columns.h"
#include "inspect/metadata/metadata_stats.h"

static const zsc_counted_column ranks[] = {
    {"phylum", "phylum", NULL, ZSC_COUNTED_PLAIN},
    {"class", "class", NULL, ZSC_COUNTED_PLAIN},
    {"order", "order", NULL, ZSC_COUNTED_PLAIN},
    {"family", "family", NULL, ZSC_COUNTED_PLAIN},
    {"subfamily", "subfamily", NULL, ZSC_COUNTED_PLAIN},
    {"genus", "genus", NULL, ZSC_COUNTED_PLAIN},
    {"species", "species", NULL, ZSC_COUNTED_PLAIN},
    {"dna_bin", "dna_bin", NULL, ZSC_COUNTED_PLAIN},
    {"dna_barcode", "dna_barcode", NULL, ZSC_COUNTED_PLAIN},
    {"dna_barcode without trailing N", "dna_barcode", NULL, ZSC_COUNTED_TRIMMED},
};
static const zsc_counted_column geography[] = {
    {"country", "country", NULL, ZSC_COUNTED_PLAIN},
    {"province_state", "province_state", NULL, ZSC_COUNTED_PLAIN},
    {"coord-lat", "coord-lat", NULL, ZSC_COUNTED_PLAIN},
    {"coord-lon", "coord-lon", NULL, ZSC_COUNTED_PLAIN},
    {"coord-lat and coord-lon", "coord-lat", "coord-lon", ZSC_COUNTED_PAIR},
};
static const struct {
    const zsc_counted_column *column;
    size_t count;
} kinds[] = {[ZSC_STATS_RANKS] = {ranks, sizeof ranks / sizeof *ranks},
             [ZSC_STATS_GEOGRAPHY] = {geography, sizeof geography / sizeof *geography}};

static int by_rows(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static zsc_status describe(const char *name, const zsc_value_counts *counts, zsc_category_stats *out)
{
    zsc_status status = ZSC_OK;
    uint32_t *rows = NULL;
    size_t m = counts->values.count;
    double squares = 0;
    *out = (zsc_category_stats){
        .categories = counts->values.count, .labelled = counts->labelled, .unlabelled = counts->missing};
    out->imbalance = out->mean = out->median = out->sd = NAN;
    ZSC_TRY(zsc_copy_text(name, &out->name));
    if (m == 0) goto done;
    ZSC_NEW_RAW(rows, m);
    memcpy(rows, counts->rows, m * sizeof *rows);
    qsort(rows, m, sizeof *rows, by_rows);
    out->smallest = rows[0];
    out->largest = rows[m - 1];
    out->imbalance = (double)out->largest / (double)out->smallest;
    out->mean = (double)counts->labelled / (double)m;
    out->median = ((double)rows[(m - 1) / 2] + (double)rows[m / 2]) / 2;
    for (size_t i = 0; i < m; i++) squares += ((double)rows[i] - out->mean) * ((double)rows[i] - out->mean);
    out->sd = sqrt(squares / (double)m);
done:
    free(rows);
    return status;
}

static zsc_status add_row(void *data, const zsc_metadata_row *row) { return zsc_counted_columns_add(data, row, 0); }

zsc_status zsc_category_stats_read(const zsc_metadata_source *source, zsc_stats_columns kind, const zsc_exec *exec,
                                   zsc_category_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_counted_columns c = {0};
    zsc_category_table table = {0};
    ZSC_TRY(zsc_counted_columns_make(source, kinds[kind].column, kinds[kind].count, false, &c));
    ZSC_TRY(zsc_metadata_read(source, (const char *const *)c.names.item, c.names.count, exec, add_row, &c));
    ZSC_NEW(table.column, c.columns);
    table.rows = c.rows;
    for (size_t i = 0; i < c.columns; i++) {
        table.columns++;
        ZSC_TRY(describe(c.column[i].name, &c.counts[i], &table.column[i]));
    }
    *out = table;
    table = (zsc_category_table){0};
done:
    zsc_counted_columns_free(&c);
    zsc_category_table_free(&table);
    return status;
}

void zsc_category_table_free(zsc_category_table *table)
{
    for (size_t i = 0; i < table->columns; i++) free(table->column[i].name);
    free(table->column);
    *table = (zsc_category_table){0};
}
