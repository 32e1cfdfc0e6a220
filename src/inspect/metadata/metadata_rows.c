#include "inspect/metadata/metadata_rows.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/threads.h"
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
