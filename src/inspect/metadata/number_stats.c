#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "inspect/metadata/counted_columns.h"
#include "inspect/metadata/metadata_stats.h"

static const zsc_counted_column sizes[] = {
    /* BIOSCAN-5M's columns of what an image shows */
    {"image_measurement_value", "image_measurement_value", NULL, ZSC_COUNTED_PLAIN},
    {"area_fraction", "area_fraction", NULL, ZSC_COUNTED_PLAIN},
    {"scale_factor", "scale_factor", NULL, ZSC_COUNTED_PLAIN},
};

typedef struct weighted_value {
    double value;
    size_t rows;
} weighted_value;

typedef struct number_reader {
    zsc_counted_columns columns; /* their counts are of numbers: the digest's upper half is the number's bits */
    const zsc_metadata_source *source;
    char decimal;
} number_reader;

static int by_value(const void *a, const void *b)
{
    double x = ((const weighted_value *)a)->value, y = ((const weighted_value *)b)->value;
    return (x > y) - (x < y);
}

static zsc_status add_row(void *data, const zsc_metadata_row *row)
{
    number_reader *r = data;
    zsc_counted_columns *c = &r->columns;
    zsc_status status = ZSC_OK;
    c->rows++;
    for (size_t i = 0; i < c->columns && status == ZSC_OK; i++) {
        const char *text = row->value[c->first[i]];
        double value = 0;
        zsc_digest digest;
        if (row->length[c->first[i]] == 0) {
            c->counts[i].missing++;
            continue;
        }
        if (!zsc_metadata_number(text, row->length[c->first[i]], r->decimal, &value))
            return zsc_fail(ZSC_EINPUT,
                            "'%s', row %zu, column %s: expected a number, not '%s'; if it stands for a missing value, "
                            "say so: --missing-values '%s'",
                            r->source->path, row->row, c->column[i].name, text, text);
        if (value == 0) value = 0; /* -0 is 0 */
        memcpy(&digest.high, &value, sizeof value);
        digest.low = zsc_hash64(&value, sizeof value) | 1; /* never {0, 0} */
        status = zsc_value_counts_add(&c->counts[i], digest, 0);
    }
    return status;
}

/* The value at PLACE (from 0, may lie between two) of all rows in order. */
static double quantile(const weighted_value *v, size_t count, size_t rows, double share)
{
    double place = share * (double)(rows - 1), below = floor(place), first = v[0].value, second = v[0].value;
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        size_t next = passed + v[i].rows;
        if ((double)passed <= below && below < (double)next) first = v[i].value;
        if ((double)passed <= below + 1 && below + 1 < (double)next) second = v[i].value;
        passed = next;
    }
    return below + 1 < (double)rows ? first + (place - below) * (second - first) : first;
}

static zsc_status describe(const char *name, const zsc_value_counts *counts, zsc_number_stats *out)
{
    zsc_status status = ZSC_OK;
    weighted_value *v = NULL;
    size_t m = 0;
    double sum = 0, squares = 0;
    *out = (zsc_number_stats){.count = counts->labelled, .missing = counts->missing, .distinct = counts->values.count};
    out->least = out->quartile1 = out->median = out->mean = out->quartile3 = out->most = out->sd = NAN;
    ZSC_TRY(zsc_copy_text(name, &out->name));
    if (counts->values.count == 0) goto done;
    ZSC_NEW_RAW(v, counts->values.count);
    for (size_t i = 0; i < counts->values.slots; i++) {
        const zsc_digest *digest = &counts->values.digest[i];
        if (!digest->high && !digest->low) continue;
        memcpy(&v[m].value, &digest->high, sizeof v[m].value);
        v[m++].rows = counts->rows[counts->values.number[i]];
    }
    qsort(v, m, sizeof *v, by_value);
    for (size_t i = 0; i < m; i++) sum += v[i].value * (double)v[i].rows;
    out->mean = sum / (double)out->count;
    for (size_t i = 0; i < m; i++) squares += (v[i].value - out->mean) * (v[i].value - out->mean) * (double)v[i].rows;
    out->sd = sqrt(squares / (double)out->count);
    out->least = v[0].value;
    out->quartile1 = quantile(v, m, out->count, 0.25);
    out->median = quantile(v, m, out->count, 0.5);
    out->quartile3 = quantile(v, m, out->count, 0.75);
    out->most = v[m - 1].value;
done:
    free(v);
    return status;
}

zsc_status zsc_number_stats_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_number_table *out)
{
    zsc_status status = ZSC_OK;
    number_reader r = {.source = source};
    zsc_number_table table = {0};
    zsc_counted_columns *c = &r.columns;
    ZSC_TRY(zsc_metadata_decimal(source, &r.decimal));
    ZSC_TRY(zsc_counted_columns_make(source, sizes, sizeof sizes / sizeof *sizes, false, c));
    ZSC_TRY(zsc_metadata_read(source, (const char *const *)c->names.item, c->names.count, exec, add_row, &r));
    ZSC_NEW(table.column, c->columns);
    table.rows = c->rows;
    for (size_t i = 0; i < c->columns; i++) {
        table.columns++;
        ZSC_TRY(describe(c->column[i].name, &c->counts[i], &table.column[i]));
    }
    *out = table;
    table = (zsc_number_table){0};
done:
    zsc_counted_columns_free(c);
    zsc_number_table_free(&table);
    return status;
}

void zsc_number_table_free(zsc_number_table *table)
{
    for (size_t i = 0; i < table->columns; i++) free(table->column[i].name);
    free(table->column);
    *table = (zsc_number_table){0};
}
