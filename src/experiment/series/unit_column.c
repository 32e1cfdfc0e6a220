#include "experiment/series/unit_column.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/names.h"
#include "experiment/rerun.h"

/* All rows of the run's files with this one column, no vectors: rows are found by id, so that selections do not count.
 */
static zsc_status load_column(const zsc_rerun *r, const char *column, const zsc_exec *exec, zsc_dataset *out)
{
    zsc_status status = ZSC_OK;
    zsc_dataset_options o = r->options.data;
    int here = open(".", O_RDONLY | O_CLOEXEC);
    if (here < 0) return zsc_fail(ZSC_EINPUT, "cannot read this folder, which --unit must come back to");
    zsc_rerun_enter(r);
    o.rows_only = true;
    o.ranks = &column;
    o.rank_count = 1;
    o.split = o.ids = NULL;
    o.where_count = 0;
    o.per_barcode = ZSC_BARCODE_ALL;
    status = zsc_dataset_load(&o, exec, out);
    if (fchdir(here) != 0 && status == ZSC_OK) status = zsc_fail(ZSC_EINPUT, "this folder is gone");
    close(here);
    return status;
}

/* The number of each row's value, in order of first appearance in RESULT; *units: the values. -1: none. */
static zsc_status number_values(const zsc_result *result, const zsc_dataset *d, const zsc_column *column, int32_t *unit,
                                size_t *units)
{
    zsc_status status = ZSC_OK;
    zsc_names ids = {0};
    int32_t *number = NULL, row; /* by level: unit + 1 */
    ZSC_NEW(number, column->levels + 1);
    for (size_t i = 0; i < d->n; i++) ZSC_TRY(zsc_names_add(&ids, d->id[i], strlen(d->id[i]), &row, NULL));
    *units = 0;
    for (size_t i = 0; i < result->rows; i++) {
        if ((row = zsc_names_find(&ids, result->id[i], strlen(result->id[i]))) < 0)
            ZSC_TRY(zsc_fail(ZSC_EINPUT, "its files no longer have the row '%s'; run it again", result->id[i]));
        int32_t code = column->code[row];
        if (code >= 0 && number[code] == 0) {
            *units += 1;
            number[code] = (int32_t)*units;
        }
        unit[i] = code < 0 ? -1 : number[code] - 1;
    }
done:
    zsc_names_free(&ids);
    free(number);
    return status;
}

zsc_status zsc_unit_column(const zsc_result *result, const char *column, const zsc_exec *exec, int32_t *unit,
                           size_t *units, size_t *unlabelled)
{
    zsc_status status = ZSC_OK;
    zsc_rerun r = {0};
    zsc_dataset d = {0};
    size_t values = 0;
    if ((status = zsc_rerun_read(result, &r)) != ZSC_OK) return zsc_context(status, "--unit %s", column);
    ZSC_TRY(load_column(&r, column, exec, &d));
    const zsc_column *found = zsc_dataset_rank(&d, column);
    if (!found) ZSC_TRY(zsc_fail(ZSC_EINPUT, "its files have no column '%s'", column));
    ZSC_TRY(number_values(result, &d, found, unit, &values));
    *units = values;
    for (size_t i = 0; i < result->rows; i++)
        if (unit[i] < 0) unit[i] = (int32_t)(*units)++;
    *unlabelled = *units - values;
done:
    zsc_dataset_free(&d);
    zsc_rerun_free(&r);
    return status == ZSC_OK || status == ZSC_EINTERRUPTED
               ? status
               : zsc_context(status, "--unit %s: result '%s'", column, result->path);
}
