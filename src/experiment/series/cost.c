#include "experiment/series/cost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool zsc_cost_is_first_of_run(const zsc_results_table *rows, size_t i)
{
    for (size_t j = i; j-- > 0;) {
        if (strcmp(rows->item[j].key, rows->item[i].key) != 0) continue;
        return !*rows->item[i].key && strcmp(rows->item[j].rank, rows->item[i].rank) == 0;
    }
    return true;
}

/* --- Stages */
/* Seconds of STAGE in "load=0.1;knn=2"; 0 if it is missing. */
static double stage_seconds(const char *stages, const char *stage, size_t length)
{
    for (const char *p = stages; *p; p += strcspn(p, ";"), p += *p == ';')
        if (strncmp(p, stage, length) == 0 && p[length] == '=') return strtod(p + length + 1, NULL);
    return 0;
}

zsc_status zsc_cost_stages(const zsc_results_table *rows, zsc_list *stages)
{
    for (size_t i = 0; i < rows->count; i++)
        for (const char *p = rows->item[i].stages; *p; p += strcspn(p, ";"), p += *p == ';') {
            char *name = zsc_strndup(p, strcspn(p, "=;"));
            zsc_status status = !name ? ZSC_EINTERNAL
                                : !*name || zsc_list_has(stages, name) || stages->count == ZSC_MOST_STAGES
                                    ? ZSC_OK
                                    : zsc_list_add(stages, name);
            free(name);
            if (status != ZSC_OK) return status;
        }
    return ZSC_OK;
}

zsc_run_cost zsc_cost_mean(const zsc_results_table *rows, const zsc_run_series *series, const zsc_list *stages)
{
    zsc_run_cost c = {0};
    for (size_t i = 0; i < rows->count; i++) {
        const zsc_results_row *row = &rows->item[i];
        if (!zsc_run_series_has(series, row) || !zsc_cost_is_first_of_run(rows, i)) continue;
        c.runs++;
        c.memory += (double)row->peak_rss;
        for (size_t t = 0; t < stages->count; t++)
            c.seconds[t] += stage_seconds(row->stages, stages->item[t], strlen(stages->item[t]));
    }
    for (size_t t = 0; t < stages->count; t++) c.seconds[t] /= fmax(1, (double)c.runs);
    c.memory /= fmax(1, (double)c.runs);
    return c;
}

/* --- Growth */
typedef struct sums { /* for least squares of log y against log x */
    double n, x, y, xx, xy;
} sums;

static void add_logs(sums *s, double x, double y)
{
    if (!(x > 0) || !(y > 0)) return;
    x = log(x);
    y = log(y);
    *s = (sums){s->n + 1, s->x + x, s->y + y, s->xx + x * x, s->xy + x * y};
}

static double slope(const sums *s)
{
    double spread = s->n * s->xx - s->x * s->x;
    return spread > 1e-9 * s->xx ? (s->n * s->xy - s->x * s->y) / spread : NAN;
}

bool zsc_growth_has(const zsc_growth *g, const zsc_results_row *row)
{
    return strcmp(g->first->encoders, row->encoders) == 0 && strcmp(g->first->reduce, row->reduce) == 0 &&
           strcmp(g->first->clusterer, row->clusterer) == 0 && strcmp(g->first->linkage, row->linkage) == 0;
}

zsc_status zsc_growth_make(const zsc_results_table *rows, zsc_growth **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    zsc_growth *list = NULL;
    sums *time = NULL, *memory = NULL;
    size_t n = 0;
    ZSC_NEW(list, rows->count);
    ZSC_NEW(time, rows->count);
    ZSC_NEW(memory, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        const zsc_results_row *row = &rows->item[i];
        size_t k = 0;
        while (k < n && !zsc_growth_has(&list[k], row)) k++;
        if (k == n) list[n++].first = row;
        if (!zsc_cost_is_first_of_run(rows, i)) continue;
        add_logs(&time[k], (double)row->rows, row->seconds);
        add_logs(&memory[k], (double)row->rows, (double)row->peak_rss);
    }
    for (size_t k = 0; k < n; k++) {
        list[k].time_exponent = slope(&time[k]);
        list[k].memory_exponent = slope(&memory[k]);
    }
    *out = list;
    *count = n;
    list = NULL;
done:
    free(list);
    free(time);
    free(memory);
    return status;
}
