/* Seconds and memory against the number of rows: one point per run. */
#include <math.h>
#include <stdlib.h>

#include "experiment/cost.h"
#include "report/figures.h"

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

zsc_status zsc_figure_growth(const zsc_results_table *rows, const zsc_styles *styles, const zsc_figure_options *options,
                             char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    zsc_growth *growth = NULL;
    size_t series = 0;
    bool simulated = false;
    ZSC_TRY(zsc_growth_make(rows, &growth, &series));
    for (size_t i = 0; i < rows->count; i++) simulated |= rows->item[i].simulated;
    zsc_figure_begin(&f, options, "growth");
    double line = 1.35 * options->font_size / 72;
    bool right = zsc_figure_width(options) > 4.6;
    zsc_figure_size(&f, right ? 2.6 : 1.9 + line * ((double)series + 3));
    zsc_figure_set(&f, "items", "%zu", series);
    put_range(&f, rows, "x_low", "x_high", rows_of);
    put_range(&f, rows, "low", "high", seconds_of);
    put_range(&f, rows, "y_low", "y_high", gigabytes_of);
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_figure_block(&f, "series: label, colour, marker, exponent of time, exponent of memory");
    for (size_t k = 0; k < series; k++) {
        const zsc_results_row *first = growth[k].first;
        const zsc_style *style = zsc_styles_find(styles, first->encoders);
        char *label = zsc_encoders_label(styles, first->encoders, first->labels);
        if (!label) f.text.failed = true;
        zsc_figure_text(&f, label ? label : "");
        free(label);
        zsc_figure_number(&f, (double)strtol((style ? style->colour : zsc_style_colour(k)) + 1, NULL, 16));
        zsc_figure_number(&f, style ? style->marker : zsc_style_marker(k));
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
    status = zsc_figure_finish(&f, "growth", dumb);
done:
    free(growth);
    zsc_figure_drop(&f);
    return status;
}
