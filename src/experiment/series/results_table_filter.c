#include "experiment/series/results_table_filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/results_where.h"
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

static void swap_rows(zsc_results_row *a, zsc_results_row *b)
{
    zsc_results_row c = *a;
    *a = *b;
    *b = c;
}

static zsc_status none_left(const zsc_list *where, size_t before)
{
    const char *one, *other;
    if (zsc_conditions_on_one_name(where, &one, &other))
        return zsc_fail(ZSC_EINPUT,
                        "--where leaves none of the %zu rows of results: a result must meet all conditions, and '%s' "
                        "and '%s' are on one column; write '%s|%s' for either value",
                        before, one, other, one, other + strcspn(other, "=") + 1);
    return zsc_fail(ZSC_EINPUT, "--where, --encoders and --rows leave none of the %zu rows of results", before);
}

zsc_status zsc_results_table_filter(zsc_results_table *rows, const zsc_list *where, const zsc_list *encoders, int which)
{
    size_t kept = 0, before = rows->count;
    for (size_t i = 0; i < rows->count; i++) {
        bool keep = encoders->count == 0 || zsc_list_has(encoders, rows->item[i].encoders);
        if (which && zsc_one_per_barcode(&rows->item[i]) != (which == 2)) keep = false;
        bool satisfies = false;
        zsc_status status = zsc_results_row_satisfies(&rows->item[i], where, false, &satisfies);
        if (status != ZSC_OK) return status;
        keep = keep && satisfies;
        if (keep && i != kept) swap_rows(&rows->item[kept], &rows->item[i]);
        kept += keep;
    }
    zsc_results_table_truncate(rows, kept);
    zsc_status settled = drop_superseded(rows);
    if (settled != ZSC_OK) return settled;
    return kept ? ZSC_OK : none_left(where, before);
}
