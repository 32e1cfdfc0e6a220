/* Seconds and memory against the number of rows: one point per run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/cost.h"
#include "experiment/settings/clusterers.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/looks.h"

static double rows_of(const zsc_results_row *row) { return (double)row->rows; }
static double seconds_of(const zsc_results_row *row) { return row->seconds; }
static double gigabytes_of(const zsc_results_row *row) { return (double)row->peak_rss / 1e9; }

/* The range of a logarithmic axis: that of the values, with a margin at both ends. */
static void put_range(zsc_figure *f, const zsc_results_table *rows, const char *low_name, const char *high_name,
                      double (*value_of)(const zsc_results_row *))
{
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < rows->count; i++) {
        double value = value_of(&rows->item[i]);
        if (!(value > 0)) continue;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (!(high > 0)) low = high = 1;
    double more = fmax(1.3, sqrt(8 * low / high)); /* space for two ticks at least */
    zsc_figure_set(f, low_name, "%.6g", low / more);
    zsc_figure_set(f, high_name, "%.6g", high * more);
}

/* The label of a series, with reduction and clusterer where series of its encoders differ in them. */
static char *label_of(const zsc_growth *growth, size_t series, size_t k, const zsc_styles *styles)
{
    const zsc_results_row *row = growth[k].first;
    bool shared = false;
    for (size_t i = 0; i < series; i++) shared |= i != k && strcmp(growth[i].first->encoders, row->encoders) == 0;
    char *label = zsc_encoders_label(styles, row->encoders, row->labels);
    char *whole = label && shared ? zsc_asprintf("%s (%s, %s)", label, row->reduce,
                                                 zsc_clusterer_label(row->clusterer, row->linkage))
                                  : NULL;
    if (!shared) return label;
    free(label);
    return whole;
}

/* "time n^1.24, memory n^0.98", what is known of it; the caller's. */
static char *exponents_of(const zsc_growth *g)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    if (isfinite(g->time_exponent)) zsc_text_printf(&text, "time n^%.2f", g->time_exponent);
    if (isfinite(g->memory_exponent))
        zsc_text_printf(&text, "%smemory n^%.2f", text.length ? ", " : "", g->memory_exponent);
    if (!text.failed) return text.data;
    free(text.data);
    return NULL;
}

/* Each series with its exponents: below its label where the legend is at the right, else behind it. */
static void make_legend(const zsc_growth *growth, size_t series, const zsc_styles *styles, const zsc_look *look,
                        bool two_lines, zsc_legend *legend)
{
    for (size_t k = 0; k < series; k++) {
        char *label = label_of(growth, series, k, styles), *exponents = exponents_of(&growth[k]);
        bool behind = exponents && *exponents && !two_lines;
        char *text = label && exponents ? zsc_asprintf("%s%s%s", label, behind ? ": " : "", behind ? exponents : "")
                                        : NULL;
        zsc_legend_add(legend, text,
                       (zsc_legend_entry){
                           .colour = zsc_colour_rgb(look[k].colour), .marker = look[k].marker, .line = look[k].line});
        if (two_lines && exponents && *exponents) zsc_legend_heading(legend, exponents);
        free(label);
        free(exponents);
        free(text);
    }
}

static zsc_status take_looks(const zsc_growth *growth, size_t series, const zsc_styles *styles, zsc_look *look)
{
    zsc_status status = ZSC_OK;
    zsc_looks_taken taken = {.looks = &styles->looks};
    for (size_t k = 0; k < series; k++) ZSC_TRY(zsc_looks_take(&taken, growth[k].first->encoders, &look[k]));
done:
    free(taken.item);
    return status;
}

zsc_status zsc_figure_growth(const zsc_results_table *rows, const zsc_styles *styles, const zsc_figure_options *options,
                             char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    zsc_growth *growth = NULL;
    zsc_look *look = NULL;
    zsc_legend legend = {0};
    size_t series = 0;
    bool simulated = false;
    ZSC_TRY(zsc_growth_make(rows, &growth, &series));
    ZSC_NEW(look, series + 1);
    ZSC_TRY(take_looks(growth, series, styles, look));
    for (size_t i = 0; i < rows->count; i++) simulated |= rows->item[i].simulated;
    double unit = zsc_figure_unit(options), line = zsc_figure_line(options);
    make_legend(growth, series, styles, look, true, &legend);
    zsc_legend_place(&legend, options, 2.6 * unit);
    if (!legend.right) {
        zsc_legend_free(&legend);
        make_legend(growth, series, styles, look, false, &legend);
        zsc_legend_place(&legend, options, 0);
    }
    zsc_figure_begin(&f, options, "growth");
    double plot = legend.right ? fmax(1.95 * unit, (double)legend.count * line - 2 * line) : 1.75 * unit;
    zsc_figure_size(&f, plot + 5.8 * line + legend.height, 11 * line + legend.height);
    zsc_figure_set(&f, "items", "%zu", series);
    put_range(&f, rows, "x_low", "x_high", rows_of);
    put_range(&f, rows, "low", "high", seconds_of);
    put_range(&f, rows, "y_low", "y_high", gigabytes_of);
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_legend_settings(&f, &legend, 2 + series);
    zsc_figure_block(&f, "series: label, colour, marker, line, exponent of time, exponent of memory");
    for (size_t k = 0; k < series; k++) {
        char *label = label_of(growth, series, k, styles);
        zsc_figure_text(&f, label);
        free(label);
        zsc_figure_colour(&f, look[k].colour);
        zsc_figure_number(&f, look[k].marker);
        zsc_figure_number(&f, look[k].line);
        zsc_figure_number(&f, growth[k].time_exponent);
        zsc_figure_number(&f, growth[k].memory_exponent);
        zsc_figure_end_line(&f);
    }
    for (size_t k = 0; k < series; k++) {
        zsc_figure_block(&f, "runs of one series: rows, seconds, peak memory in GB");
        for (size_t i = 0; i < rows->count; i++) {
            const zsc_results_row *row = &rows->item[i];
            if (!zsc_growth_has(&growth[k], row) || !zsc_cost_is_first_of_run(rows, i) || row->rows == 0) continue;
            zsc_figure_number(&f, (double)row->rows);
            zsc_figure_number(&f, row->seconds);
            zsc_figure_number(&f, row->peak_rss ? (double)row->peak_rss / 1e9 : NAN);
            zsc_figure_end_line(&f);
        }
    }
    zsc_legend_put(&f, &legend, 2.8 * line);
    status = zsc_figure_finish(&f, "growth", dumb);
done:
    zsc_legend_free(&legend);
    free(growth);
    free(look);
    zsc_figure_drop(&f);
    return status;
}
