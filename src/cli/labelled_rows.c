#include "cli/labelled_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool takes(const void *data, const zsc_csv_row *row)
{
    const cli_labelled_rows *rows = data;
    return zsc_where_holds(&rows->where, &rows->missing, row);
}

zsc_status cli_labelled_rows_make(const zsc_list *where, const char *missing_values, const char *ids,
                                  cli_labelled_rows *out)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_where_parse((const char *const *)where->item, where->count, &out->where));
    ZSC_TRY(zsc_missing_labels_make(missing_values, &out->missing));
    ZSC_TRY(zsc_id_filter_read(ids, false, &out->ids));
    ZSC_NEW(out->column, where->count);
    ZSC_NEW(out->names, where->count);
    for (size_t i = 0; i < where->count; i++) {
        out->where.rule[i].field = ZSC_LABEL_ROWS + i;
        out->column[i] = zsc_metadata_column(NULL, out->where.rule[i].name, false, out->names[i]);
    }
    out->rows = (zsc_label_rows){.column = out->column, .count = where->count, .takes = takes, .data = out};
done:
    return status;
}

void cli_labelled_rows_free(cli_labelled_rows *rows)
{
    zsc_where_free(&rows->where);
    zsc_missing_labels_free(&rows->missing);
    zsc_id_filter_free(&rows->ids);
    free(rows->column);
    free(rows->names);
    *rows = (cli_labelled_rows){0};
}

zsc_status cli_labelled_rows_check_where(const cli_labelled_rows *rows)
{
    if (rows->where.count == 0 || rows->rows.used) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "no table among the labels has a column %s, which --where names",
                    rows->where.rule[0].name);
}

zsc_status cli_labelled_rows_choose(cli_labelled_rows *rows, const zsc_labels *labels, bool **taken)
{
    zsc_status status = ZSC_OK;
    *taken = NULL;
    if (!rows->ids.path) return ZSC_OK;
    if (!labels->id) return zsc_fail(ZSC_EUSAGE, "option --ids needs ids, and '%s' has none", labels->source);
    ZSC_NEW(*taken, labels->n);
    for (size_t i = 0; i < labels->n; i++)
        (*taken)[i] = zsc_id_filter_takes(&rows->ids, labels->id[i], strlen(labels->id[i]), NULL);
    status = zsc_context(zsc_id_filter_check(&rows->ids, "the labels"), "'%s'", labels->source);
done:
    return status;
}
