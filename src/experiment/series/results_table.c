/* One table of fields gives the type of each, for writing CSV and JSON and for reading CSV. */
#include "experiment/series/results_table.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/value.h"
#include "io/text/csv.h"
#include "io/labels/missing_labels.h"
#include "metrics/scores.h"

typedef enum field_kind { TEXT, COUNT, U64, REAL, BOOL } field_kind;

static const struct field {
    const char *name;
    field_kind kind;
    size_t offset;
    bool required; /* in a CSV file that is read */
} fields[] = {
#define FIELD(name, kind, required)                                                                                    \
    {                                                                                                                  \
#name, kind, offsetof(zsc_results_row, name), required                                                         \
    }
    FIELD(key, TEXT, false),
    FIELD(path, TEXT, false),
    FIELD(encoders, TEXT, true),
    FIELD(labels, TEXT, false),
    FIELD(modalities, TEXT, false),
    FIELD(architectures, TEXT, false),
    FIELD(subset, TEXT, false),
    FIELD(per_barcode, TEXT, false),
    FIELD(scale, TEXT, false),
    FIELD(reduce, TEXT, false),
    FIELD(linkage, TEXT, false),
    FIELD(clusters_rule, TEXT, false),
    FIELD(seed, U64, false),
    FIELD(rows, COUNT, false),
    FIELD(dim, COUNT, false),
    FIELD(rank, TEXT, true),
    FIELD(clusters, COUNT, false),
    FIELD(scored, COUNT, false),
    FIELD(missing, COUNT, false),
    FIELD(classes, COUNT, false),
    FIELD(found, COUNT, false),
    FIELD(ami, REAL, true),
    FIELD(nmi, REAL, false),
    FIELD(ari, REAL, false),
    FIELD(fmi, REAL, false),
    FIELD(homogeneity, REAL, false),
    FIELD(completeness, REAL, false),
    FIELD(v_measure, REAL, false),
    FIELD(silhouette, REAL, false),
    FIELD(davies_bouldin, REAL, false),
    FIELD(calinski_harabasz, REAL, false),
    FIELD(best_clusters, COUNT, false),
    FIELD(best_ami, REAL, false),
    FIELD(seconds, REAL, false),
    FIELD(peak_rss, COUNT, false),
    FIELD(simulated, BOOL, false),
    FIELD(settings, TEXT, false),
    FIELD(stages, TEXT, false),
    FIELD(sources, TEXT, false),
    FIELD(row_set, TEXT, false),
    FIELD(label_set, TEXT, false),
    FIELD(configuration, TEXT, false),
    FIELD(finished, TEXT, false),
    FIELD(matrix, TEXT, false),
#undef FIELD
};
enum { FIELDS = sizeof fields / sizeof *fields };

static void *at(const zsc_results_row *row, const struct field *f) { return (char *)(uintptr_t)row + f->offset; }

const char *zsc_results_row_text(const zsc_results_row *row, const char *column)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == TEXT && strcmp(fields[i].name, column) == 0) return *(char **)at(row, &fields[i]);
    return NULL;
}

void zsc_results_row_clear(zsc_results_row *row)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == TEXT) free(*(char **)at(row, &fields[i]));
    *row = (zsc_results_row){0};
}

bool zsc_results_row_whole(const zsc_results_row *row)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == TEXT && !*(char **)at(row, &fields[i])) return false;
    return true;
}

zsc_status zsc_results_row_copy(const zsc_results_row *from, zsc_results_row *to)
{
    zsc_results_row row = *from;
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == TEXT) *(char **)at(&row, &fields[i]) = zsc_strdup(*(char **)at(from, &fields[i]));
    if (!zsc_results_row_whole(&row)) {
        zsc_results_row_clear(&row);
        return ZSC_EINTERNAL;
    }
    *to = row;
    return ZSC_OK;
}

void zsc_results_table_truncate(zsc_results_table *rows, size_t count)
{
    for (size_t i = count; i < rows->count; i++) zsc_results_row_clear(&rows->item[i]);
    if (rows->count > count) rows->count = count;
}

void zsc_results_table_free(zsc_results_table *rows)
{
    zsc_results_table_truncate(rows, 0);
    free(rows->item);
    *rows = (zsc_results_table){0};
}

zsc_status zsc_results_table_push(zsc_results_table *rows, zsc_results_row *row)
{
    zsc_status status = zsc_grow(&rows->item, &rows->capacity, rows->count + 1, sizeof *rows->item, "rows of results");
    if (status != ZSC_OK) return status;
    rows->item[rows->count++] = *row;
    *row = (zsc_results_row){0};
    return ZSC_OK;
}

/* --- From CSV */
size_t zsc_results_table_columns(void) { return FIELDS; }

const char *zsc_results_table_column(size_t column, bool *required)
{
    *required = fields[column].required;
    return fields[column].name;
}

zsc_status zsc_results_row_parse(zsc_results_row *row, size_t column, const char *text)
{
    const struct field *f = &fields[column];
    void *to = at(row, f);
    uint64_t count = 0;
    double number = NAN;
    bool good = true;
    switch (f->kind) {
    case TEXT: return zsc_copy_text(text, to);
    case COUNT:
        good = !*text || (zsc_value_digits(text, &count) && count <= SIZE_MAX);
        *(size_t *)to = (size_t)count;
        break;
    case U64:
        good = !*text || zsc_value_digits(text, &count);
        row->seeded = good && *text; /* the one such column */
        *(uint64_t *)to = count;
        break;
    case REAL:
        good = zsc_is_missing_by_default(text) /* as R and pandas write it */ || zsc_value_number(text, &number);
        *(double *)to = number;
        break;
    case BOOL: *(bool *)to = strcmp(text, "1") == 0 || strcasecmp(text, "true") == 0 || strcmp(text, "yes") == 0; break;
    }
    return good ? ZSC_OK : zsc_fail(ZSC_EINPUT, "column %s: expected a number, found '%s'", f->name, text);
}

/* --- Writing */
static void write_csv_field(const struct field *f, const zsc_results_row *row, char delimiter, FILE *out)
{
    const void *value = at(row, f);
    switch (f->kind) {
    case TEXT: zsc_write_field(out, *(char *const *)value, delimiter); break;
    case COUNT: fprintf(out, "%zu", *(const size_t *)value); break;
    case U64:
        if (row->seeded) fprintf(out, "%llu", (unsigned long long)*(const uint64_t *)value);
        break;
    case REAL:
        if (isfinite(*(const double *)value)) fprintf(out, "%.17g", *(const double *)value);
        break;
    case BOOL: fputs(*(const bool *)value ? "true" : "false", out); break;
    }
}

static zsc_status wrote(FILE *out)
{
    return ferror(out) ? zsc_fail(ZSC_EINPUT, "cannot write: %s", strerror(errno)) : ZSC_OK;
}

static zsc_status put_csv(zsc_results_table_writer *w, const zsc_results_row *row)
{
    for (size_t i = 0; w->rows == 0 && i < FIELDS; i++)
        fprintf(w->out, "%s%c", fields[i].name, i + 1 < FIELDS ? w->delimiter : '\n');
    for (size_t i = 0; i < FIELDS; i++) {
        write_csv_field(&fields[i], row, w->delimiter, w->out);
        putc(i + 1 < FIELDS ? w->delimiter : '\n', w->out);
    }
    return wrote(w->out);
}

static json_t *text_value(const char *text)
{
    json_t *value = json_string(text);
    return value ? value : json_null(); /* not UTF-8 */
}

static json_t *json_value(const struct field *f, const zsc_results_row *row)
{
    const void *value = at(row, f);
    switch (f->kind) {
    case TEXT: return text_value(*(char *const *)value);
    case COUNT: return json_integer((json_int_t) * (const size_t *)value);
    case U64: return !row->seeded ? json_null() : json_integer((json_int_t) * (const uint64_t *)value);
    case REAL: return isfinite(*(const double *)value) ? json_real(*(const double *)value) : json_null();
    case BOOL: return json_boolean(*(const bool *)value);
    }
    return json_null();
}

static zsc_status put_json(zsc_results_table_writer *w, const zsc_results_row *row)
{
    json_t *object = json_object();
    bool failed = !object;
    for (size_t i = 0; !failed && i < FIELDS; i++)
        failed = json_object_set_new(object, fields[i].name, json_value(&fields[i], row)) != 0;
    if (!failed && isnan(row->ami) && row->scored)
        failed = json_object_set_new(object, "ami_undefined",
                                     json_string(zsc_ami_why_undefined(row->scored, row->classes))) != 0;
    if (!failed) {
        fputs(w->rows ? ",\n " : "[\n ", w->out);
        failed = json_dumpf(object, w->out, JSON_REAL_PRECISION(17)) != 0;
    }
    json_decref(object);
    return failed && !ferror(w->out) ? zsc_fail_memory(1, sizeof(json_t), "JSON") : wrote(w->out);
}

zsc_status zsc_results_table_write(zsc_results_table_writer *w, const zsc_results_row *row)
{
    zsc_status status = w->json ? put_json(w, row) : put_csv(w, row);
    if (status == ZSC_OK) w->rows++;
    return status;
}

zsc_status zsc_results_table_finish(zsc_results_table_writer *w)
{
    if (w->json) fputs(w->rows ? "\n]\n" : "[]\n", w->out);
    return wrote(w->out);
}
