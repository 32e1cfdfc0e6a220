#include "experiment/series/results_table_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/run_identity.h"

/* Leaves one row of each seed of a series at each rank. */
static zsc_status drop_superseded(zsc_results_table *rows)
{
    size_t kept = 0;
    bool *left_out = zsc_calloc(rows->count + 1, sizeof *left_out, "rows of results");
    if (!left_out) return ZSC_EINTERNAL;
    zsc_runs_superseded(rows->item, rows->count, left_out);
    for (size_t i = 0; i < rows->count; i++) {
        if (left_out[i]) continue;
        if (i != kept) {
            zsc_results_row swap = rows->item[kept];
            rows->item[kept] = rows->item[i];
            rows->item[i] = swap;
        }
        kept++;
    }
    zsc_results_table_truncate(rows, kept);
    free(left_out);
    return ZSC_OK;
}

static bool value_matches(const char *value, const char *wanted)
{
    size_t length = strlen(value);
    for (;;) {
        size_t part = strcspn(wanted, "|");
        if (part == length && strncmp(wanted, value, length) == 0) return true;
        if (!wanted[part]) return false;
        wanted += part + 1;
    }
}

static zsc_status keeps_where(const zsc_results_row *row, const zsc_list *where, bool *keep)
{
    for (size_t i = 0; i < where->count; i++) {
        size_t length = strcspn(where->item[i], "=");
        char *column = zsc_strndup(where->item[i], length);
        if (!column) return ZSC_EINTERNAL;
        char number[32];
        snprintf(number, sizeof number, "%llu", (unsigned long long)row->seed);
        const char *value = strcmp(column, "seed") == 0 ? number : zsc_results_row_text(row, column);
        free(column);
        if (!where->item[i][length] || !value)
            return zsc_fail(ZSC_EUSAGE,
                            "option --where expects COLUMN=VALUE with a column such as scale, subset, reduce, rank or "
                            "seed, not '%s'",
                            where->item[i]);
        if (!value_matches(value, where->item[i] + length + 1)) *keep = false;
    }
    return ZSC_OK;
}

static void swap_rows(zsc_results_row *a, zsc_results_row *b)
{
    zsc_results_row c = *a;
    *a = *b;
    *b = c;
}

zsc_status zsc_results_table_filter(zsc_results_table *rows, const zsc_list *where, const zsc_list *encoders, int which)
{
    size_t kept = 0, before = rows->count;
    for (size_t i = 0; i < rows->count; i++) {
        bool keep = encoders->count == 0 || zsc_list_has(encoders, rows->item[i].encoders);
        if (which && zsc_one_per_barcode(&rows->item[i]) != (which == 2)) keep = false;
        zsc_status status = keeps_where(&rows->item[i], where, &keep);
        if (status != ZSC_OK) return status;
        if (keep && i != kept) swap_rows(&rows->item[kept], &rows->item[i]);
        kept += keep;
    }
    zsc_results_table_truncate(rows, kept);
    zsc_status settled = drop_superseded(rows);
    if (settled != ZSC_OK) return settled;
    return kept ? ZSC_OK
                : zsc_fail(ZSC_EINPUT, "--where, --encoders and --rows leave none of the %zu rows of results", before);
}
