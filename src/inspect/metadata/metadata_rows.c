#include "inspect/metadata/metadata_rows.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/threads.h"
#include "base/value.h"
#include "data/id_filter.h"
#include "data/split_filter.h"
#include "data/where_rules.h"
#include "io/labels/metadata.h"
#include "io/labels/missing_labels.h"

typedef struct reader {
    const zsc_exec *exec;
    zsc_metadata_row_fn fn;
    void *data;
    size_t count; /* columns asked for; the split follows, then those of --where, then the id where it is needed */
    zsc_id_filter listed;
    zsc_missing_labels missing;
    zsc_where_rules where;
    zsc_split_filter filter;
    const char **value;
    size_t *length, kept;
} reader;

zsc_status zsc_metadata_present(const zsc_metadata_source *source, const char *const *name, size_t count, bool *present,
                                bool *split)
{
    zsc_status status = ZSC_OK;
    zsc_list header = {0};
    const char *names[ZSC_COLUMN_NAMES];
    ZSC_TRY(zsc_columns_check(source->columns, source->path));
    ZSC_TRY(zsc_csv_header(source->path, source->table, &header, NULL));
    for (size_t i = 0; i <= count; i++) {
        zsc_csv_column column = zsc_metadata_column(source->columns, i < count ? name[i] : "split", false, names);
        *(i < count ? &present[i] : split) = zsc_metadata_find(&column, &header) != SIZE_MAX;
    }
done:
    zsc_list_free(&header);
    return status;
}

zsc_status zsc_metadata_add_optional(const zsc_metadata_source *source, const char *column, zsc_list *names, size_t *at)
{
    bool present = false, split;
    zsc_status status = zsc_metadata_present(source, &column, 1, &present, &split);
    *at = present ? names->count : SIZE_MAX;
    return status == ZSC_OK && present ? zsc_list_add(names, column) : status;
}

bool zsc_metadata_says(const zsc_metadata_row *row, size_t at)
{
    return at != SIZE_MAX && row->length[at] && strcmp(row->value[at], "0") != 0;
}

zsc_status zsc_metadata_decimal(const zsc_metadata_source *source, char *out)
{
    zsc_list header = {0};
    zsc_csv_style style = {.decimal = '.'};
    zsc_status status = zsc_csv_header(source->path, source->table, &header, &style);
    *out = style.decimal;
    zsc_list_free(&header);
    return status;
}

bool zsc_metadata_number(const char *text, size_t length, char decimal, double *out)
{
    char copy[64], *comma;
    if (decimal != ',') return zsc_value_number(text, out);
    if (length >= sizeof copy || strchr(text, '.')) return false;
    memcpy(copy, text, length + 1);
    if ((comma = strchr(copy, ','))) *comma = '.';
    return zsc_value_number(copy, out);
}

/* --- Reading */
static bool is_named(const char *rule, const char *name)
{
    size_t length = strcspn(rule, "=");
    return strlen(name) == length && strncasecmp(rule, name, length) == 0;
}

/* Rules for columns that nobody reads are refused. */
static zsc_status check_rules(const zsc_metadata_source *source, const char *const *name, size_t count,
                              const zsc_where_rules *where)
{
    const zsc_columns *columns = source->columns;
    zsc_text names = {0};
    for (size_t k = 0; k < columns->count; k++) {
        const char *rule = columns->rule[k];
        bool used = is_named(rule, "split") || (source->ids && is_named(rule, "processid"));
        for (size_t i = 0; i < count && !used; i++) used = is_named(rule, name[i]);
        for (size_t i = 0; i < where->count && !used; i++) used = is_named(rule, where->rule[i].name);
        if (used) continue;
        for (size_t i = 0; i < count; i++) zsc_text_printf(&names, "%s%s", i ? ", " : "", name[i]);
        zsc_status status = zsc_fail(ZSC_EUSAGE, "column '%s' has no effect here: the columns that are read are %s",
                                     rule, names.data ? names.data : "");
        free(names.data);
        return status;
    }
    return ZSC_OK;
}

static zsc_status give_row(void *data, const zsc_csv_row *row)
{
    enum { OFTEN = 0xffff };
    reader *r = data;
    bool wanted = false;
    if ((row->row & OFTEN) == 0 && !zsc_progress(r->exec, "metadata", (double)row->row, 0))
        return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    size_t id = r->count + 1 + r->where.count;
    if (r->listed.path && !zsc_id_filter_takes(&r->listed, row->field[id], row->length[id], NULL)) return ZSC_OK;
    if (!zsc_where_holds(&r->where, &r->missing, row)) return ZSC_OK;
    for (size_t i = 0; i <= r->count; i++) {
        bool missing = zsc_is_missing(&r->missing, row->field[i]);
        r->value[i] = missing ? "" : row->field[i];
        r->length[i] = missing ? 0 : row->length[i];
    }
    zsc_status status = zsc_split_wants(&r->filter, r->value[r->count], &wanted);
    if (status != ZSC_OK || !wanted) return status;
    r->kept++;
    return r->fn(r->data, &(zsc_metadata_row){r->value, r->length, r->value[r->count], r->length[r->count], row->row});
}

zsc_status zsc_metadata_read(const zsc_metadata_source *source, const char *const *name, size_t count,
                             const zsc_exec *exec, zsc_metadata_row_fn fn, void *data)
{
    zsc_status status = ZSC_OK;
    reader r = {.exec = exec, .fn = fn, .data = data, .count = count};
    const char *(*names)[ZSC_COLUMN_NAMES] = NULL;
    zsc_csv_column *column = NULL;
    size_t rules = source->where->count, columns = count + 1 + rules + (source->ids != NULL);
    ZSC_TRY(zsc_columns_check(source->columns, source->path));
    ZSC_TRY(zsc_missing_labels_make(source->missing_values, &r.missing));
    ZSC_TRY(zsc_where_parse((const char *const *)source->where->item, rules, &r.where));
    ZSC_TRY(check_rules(source, name, count, &r.where));
    ZSC_TRY(zsc_split_parse(source->split, &r.filter));
    ZSC_TRY(zsc_id_filter_read(source->ids, false, &r.listed));
    ZSC_NEW(names, columns);
    ZSC_NEW(column, columns);
    ZSC_NEW(r.value, count + 1);
    ZSC_NEW(r.length, count + 1);
    for (size_t i = 0; i < count; i++) column[i] = zsc_metadata_column(source->columns, name[i], true, names[i]);
    column[count] = zsc_metadata_column(source->columns, "split", r.filter.wanted.count > 0, names[count]);
    for (size_t i = 0; i < rules; i++) {
        r.where.rule[i].field = count + 1 + i;
        column[count + 1 + i] = zsc_metadata_column(source->columns, r.where.rule[i].name, true, names[count + 1 + i]);
    }
    if (source->ids) column[columns - 1] = zsc_metadata_column(source->columns, "processid", true, names[columns - 1]);
    ZSC_TRY(zsc_csv_read(source->path, source->table, column, columns, NULL, give_row, &r));
    ZSC_TRY(zsc_context(zsc_id_filter_check(&r.listed, "the metadata"), "'%s'", source->path));
    if (r.kept == 0 && r.filter.found.count) ZSC_TRY(zsc_split_none(&r.filter, source->split));
    if (r.kept == 0)
        status = zsc_fail(ZSC_EINPUT, "'%s': no row is left%s", source->path,
                          rules ? ": none meets all conditions of --where" : "");
done:
    zsc_missing_labels_free(&r.missing);
    zsc_where_free(&r.where);
    zsc_split_free(&r.filter);
    zsc_id_filter_free(&r.listed);
    free(names);
    free(column);
    free(r.value);
    free(r.length);
    return status;
}
