/* One table of fields gives the type of each, for writing CSV and JSON and for reading CSV. */
#include "experiment/series/results_table.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "base/setting_names.h"
#include "base/text.h"
#include "base/value.h"
#include "experiment/series/row_settings.h"
#include "experiment/settings/clusterers.h"
#include "io/text/csv.h"
#include "io/text/json_text.h"
#include "io/labels/missing_labels.h"
#include "metrics/scores.h"

typedef enum field_kind { TEXT, COUNT, U64, REAL, BOOL, SETTINGS } field_kind;

static const struct field {
    const char *name;
    field_kind kind;
    size_t offset;
    bool required; /* in a CSV file that is read */
    bool of_rank;  /* has a value for each rank of a run */
} fields[] = {
#define FIELD(name, kind, required)                                                                                    \
    {                                                                                                                  \
#name, kind, offsetof(zsc_results_row, name), required, false                                                  \
    }
#define RANK_FIELD(name, kind, required)                                                                               \
    {                                                                                                                  \
#name, kind, offsetof(zsc_results_row, name), required, true                                                   \
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
    FIELD(clusterer, TEXT, false),
    FIELD(linkage, TEXT, false),
    FIELD(clusters_rule, TEXT, false),
    FIELD(seed, U64, false),
    FIELD(rows, COUNT, false),
    FIELD(dim, COUNT, false),
    RANK_FIELD(rank, TEXT, true),
    RANK_FIELD(clusters, COUNT, false),
    RANK_FIELD(scored, COUNT, false),
    RANK_FIELD(missing, COUNT, false),
    RANK_FIELD(classes, COUNT, false),
    RANK_FIELD(found, COUNT, false),
    RANK_FIELD(ami, REAL, true),
    RANK_FIELD(nmi, REAL, false),
    RANK_FIELD(ari, REAL, false),
    RANK_FIELD(fmi, REAL, false),
    RANK_FIELD(homogeneity, REAL, false),
    RANK_FIELD(completeness, REAL, false),
    RANK_FIELD(v_measure, REAL, false),
    RANK_FIELD(clustered, COUNT, false),
    RANK_FIELD(ami_clustered, REAL, false),
    RANK_FIELD(ami_singletons, REAL, false),
    FIELD(silhouette, REAL, false),
    FIELD(davies_bouldin, REAL, false),
    FIELD(calinski_harabasz, REAL, false),
    FIELD(silhouette_original, REAL, false),
    FIELD(davies_bouldin_original, REAL, false),
    FIELD(calinski_harabasz_original, REAL, false),
    FIELD(stability_subsamples, REAL, false),
    FIELD(stability_subsamples_sd, REAL, false),
    FIELD(stability_seeds, REAL, false),
    FIELD(stability_seeds_sd, REAL, false),
    RANK_FIELD(best_clusters, COUNT, false),
    RANK_FIELD(best_ami, REAL, false),
    RANK_FIELD(ceiling, REAL, false),
    RANK_FIELD(chance_sd, REAL, false),
    RANK_FIELD(p_value, REAL, false),
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
    FIELD(version, TEXT, false),
    FIELD(values, SETTINGS, false), /* the last: one column per setting */
#undef FIELD
#undef RANK_FIELD
};
enum { FIELDS = sizeof fields / sizeof *fields, SINGLE = FIELDS - 1 /* fields of one column */ };

static bool is_text(const struct field *f) { return f->kind == TEXT || f->kind == SETTINGS; }

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
        if (is_text(&fields[i])) free(*(char **)at(row, &fields[i]));
    *row = (zsc_results_row){0};
}

bool zsc_results_row_whole(const zsc_results_row *row)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (is_text(&fields[i]) && !*(char **)at(row, &fields[i])) return false;
    return true;
}

/* The value of a field as a text. */
static void append_field(const struct field *f, const zsc_results_row *row, zsc_text *out)
{
    const void *value = at(row, f);
    char number[ZSC_NUMBER_TEXT];
    switch (f->kind) {
    case TEXT: zsc_text_append(out, *(char *const *)value); break;
    case COUNT: zsc_text_printf(out, "%zu", *(const size_t *)value); break;
    case U64:
        if (row->seeded) zsc_text_printf(out, "%llu", (unsigned long long)*(const uint64_t *)value);
        break;
    case REAL:
        if (isfinite(*(const double *)value)) zsc_text_append(out, zsc_number_text(*(const double *)value, number));
        break;
    case BOOL: zsc_text_append(out, *(const bool *)value ? "true" : "false"); break;
    case SETTINGS: break;
    }
}

bool zsc_results_row_value(const zsc_results_row *row, const char *name, bool of_run, zsc_text *out)
{
    size_t setting = SIZE_MAX, length;
    zsc_text_append(out, "");
    if (zsc_setting_same_name(name, "seed")) name = "seed";
    if (zsc_row_setting_find(name, &setting, &name) && setting != SIZE_MAX) {
        const char *value = zsc_row_setting_value(row->values, setting, &length);
        zsc_text_append_n(out, value, length);
        return true;
    }
    for (size_t i = 0; i < SINGLE; i++) {
        if (strcmp(fields[i].name, name) != 0) continue;
        if (of_run && fields[i].of_rank) return false;
        append_field(&fields[i], row, out);
        return true;
    }
    return false;
}

void zsc_results_row_set_scores(zsc_results_row *row, const zsc_scores *s)
{
    row->scored = s->rows;
    row->missing = s->missing;
    row->classes = s->classes;
    row->found = s->clusters;
    row->ami = s->ami[ZSC_ARITHMETIC];
    row->nmi = s->nmi[ZSC_ARITHMETIC];
    row->ari = s->ari;
    row->fmi = s->fmi;
    row->homogeneity = s->homogeneity;
    row->completeness = s->completeness;
    row->v_measure = s->v_measure;
}

zsc_status zsc_results_row_copy(const zsc_results_row *from, zsc_results_row *to)
{
    zsc_results_row row = *from;
    for (size_t i = 0; i < FIELDS; i++)
        if (is_text(&fields[i])) *(char **)at(&row, &fields[i]) = zsc_strdup(*(char **)at(from, &fields[i]));
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
size_t zsc_results_table_columns(void) { return SINGLE + zsc_row_setting_columns(); }

const char *zsc_results_table_column(size_t column, bool *required)
{
    *required = column < SINGLE && fields[column].required;
    if (column >= SINGLE) return zsc_row_setting_column(column - SINGLE);
    return fields[column].name;
}

/* The values of the settings are appended, column by column. */
static zsc_status parse_setting(zsc_results_row *row, const char *text)
{
    zsc_text values = {0};
    zsc_text_append(&values, row->values ? row->values : "");
    zsc_row_settings_append(&values, text);
    free(row->values);
    row->values = values.failed ? NULL : values.data;
    if (values.failed) free(values.data);
    return values.failed ? ZSC_EINTERNAL : ZSC_OK;
}

zsc_status zsc_results_row_parse(zsc_results_row *row, size_t column, const char *text)
{
    if (column >= SINGLE) return parse_setting(row, text);
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
    case SETTINGS: break;
    }
    return good ? ZSC_OK : zsc_fail(ZSC_EINPUT, "column %s: expected a number, found '%s'", f->name, text);
}

/* --- Writing */
static void write_csv_field(const struct field *f, const zsc_results_row *row, char delimiter, FILE *out)
{
    const void *value = at(row, f);
    char number[ZSC_NUMBER_TEXT];
    switch (f->kind) {
    case TEXT: zsc_write_field(out, *(char *const *)value, delimiter); break;
    case COUNT: fprintf(out, "%zu", *(const size_t *)value); break;
    case U64:
        if (row->seeded) fprintf(out, "%llu", (unsigned long long)*(const uint64_t *)value);
        break;
    case REAL:
        if (isfinite(*(const double *)value)) fputs(zsc_number_text(*(const double *)value, number), out);
        break;
    case BOOL: fputs(*(const bool *)value ? "true" : "false", out); break;
    case SETTINGS: break;
    }
}

static zsc_status write_csv_settings(const zsc_results_row *row, char delimiter, FILE *out)
{
    for (size_t i = 0; i < zsc_row_setting_columns(); i++) {
        size_t length;
        const char *value = zsc_row_setting_value(row->values, i, &length);
        char *text = zsc_strndup(value, length);
        if (!text) return ZSC_EINTERNAL;
        putc(delimiter, out);
        zsc_write_field(out, text, delimiter);
        free(text);
    }
    putc('\n', out);
    return ZSC_OK;
}

static zsc_status wrote(FILE *out)
{
    return ferror(out) ? zsc_fail(ZSC_EINPUT, "cannot write the table of results%s: %s",
                                  out == stdout ? " to standard output" : "", strerror(errno))
                       : ZSC_OK;
}

static zsc_status put_csv(zsc_results_table_writer *w, const zsc_results_row *row)
{
    size_t columns = zsc_results_table_columns();
    bool required;
    for (size_t i = 0; w->rows == 0 && i < columns; i++)
        fprintf(w->out, "%s%c", zsc_results_table_column(i, &required), i + 1 < columns ? w->delimiter : '\n');
    for (size_t i = 0; i < SINGLE; i++) {
        if (i) putc(w->delimiter, w->out);
        write_csv_field(&fields[i], row, w->delimiter, w->out);
    }
    zsc_status status = write_csv_settings(row, w->delimiter, w->out);
    return status == ZSC_OK ? wrote(w->out) : status;
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
    case SETTINGS: break;
    }
    return json_null();
}

/* A setting's value from its text: null where it is not set. */
static json_t *setting_value(const char *text)
{
    double number;
    uint64_t count;
    if (!*text) return json_null();
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) return json_boolean(*text == 't');
    if (zsc_value_digits(text, &count) && count <= INT64_MAX) return json_integer((json_int_t)count);
    return zsc_value_number(text, &number) ? json_real(number) : text_value(text);
}

static bool put_json_settings(json_t *object, const zsc_results_row *row)
{
    bool good = true;
    for (size_t i = 0; good && i < zsc_row_setting_columns(); i++) {
        size_t length;
        const char *value = zsc_row_setting_value(row->values, i, &length);
        char *text = zsc_strndup(value, length);
        good = text && json_object_set_new(object, zsc_row_setting_column(i), setting_value(text)) == 0;
        free(text);
    }
    return good;
}

static zsc_status put_json(zsc_results_table_writer *w, const zsc_results_row *row)
{
    json_t *object = json_object();
    bool failed = !object;
    for (size_t i = 0; !failed && i < SINGLE; i++)
        failed = json_object_set_new(object, fields[i].name, json_value(&fields[i], row)) != 0;
    failed = failed || !put_json_settings(object, row);
    if (!failed && isnan(row->ami) && row->scored)
        failed = json_object_set_new(object, "ami_undefined",
                                     json_string(zsc_ami_why_undefined(row->scored, row->classes))) != 0;
    char *text = failed ? NULL : zsc_json_text(object, 0);
    failed = !text;
    if (text) fprintf(w->out, "%s%s", w->rows ? ",\n " : "[\n ", text);
    free(text);
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

bool zsc_results_row_finds_clusters(const zsc_results_row *row)
{
    static const char *const cuts[] = {"cut", "cut-height", "cut-standardised"};
    size_t column, length = 0;
    const char *other;
    if (!zsc_clusterer_find(row->clusterer)->wants_k) return true;
    for (size_t i = 0; row->values && i < sizeof cuts / sizeof *cuts; i++) {
        if (!zsc_row_setting_find(cuts[i], &column, &other)) continue;
        zsc_row_setting_value(row->values, column, &length);
        if (length > 0) return true;
    }
    return false;
}
