/* Seconds by stage and peak memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/series/cost.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/text_width.h"

static long colour_of(size_t stage)
{
    if (stage < ZSC_STYLE_COLOURS) return zsc_colour_rgb(zsc_style_colour(stage));
    return 0xbbbbbb - 0x202020 * (long)((stage - ZSC_STYLE_COLOURS) % 4);
}

/* The label, with the number of rows where that differs, in at most six tenths of the width. */
static char *name_of(const zsc_series_set *set, size_t k, const zsc_figure_options *o)
{
    static const double MOST = 0.6;
    bool differ = false;
    for (size_t i = 1; i < set->count; i++) differ |= set->item[i].rows != set->item[0].rows;
    char *whole = differ ? zsc_asprintf("%s, %zu rows", set->item[k].label, set->item[k].rows)
                         : zsc_strdup(set->item[k].label);
    char *name = whole ? zsc_text_shorten(whole, MOST * zsc_figure_width(o) / zsc_figure_em(o)) : NULL;
    free(whole);
    return name;
}

zsc_status zsc_figure_stages(const zsc_results_table *rows, const zsc_series_set *set,
                             const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    zsc_list stages = {0};
    zsc_run_cost *bars = NULL;
    char **label = NULL;
    zsc_legend legend = {0};
    double most = 0, longest = 4, line = zsc_figure_line(options),
           bars_height = 1.3 * line * ((double)set->count + 0.2);
    ZSC_NEW(bars, set->count);
    ZSC_NEW(label, set->count);
    ZSC_TRY(zsc_cost_stages(rows, &stages));
    if (stages.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "the results hold no times of stages");
        goto done;
    }
    for (size_t k = 0; k < set->count; k++) {
        double sum = 0;
        bars[k] = zsc_cost_mean(rows, &set->item[k].runs, &stages);
        if (!(label[k] = name_of(set, k, options))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        longest = fmax(longest, zsc_figure_text_em(options, label[k]));
        for (size_t t = 0; t < stages.count; t++) sum += bars[k].seconds[t];
        most = fmax(most, sum);
    }
    for (size_t t = 0; t < stages.count; t++)
        zsc_legend_add(&legend, stages.item[t], (zsc_legend_entry){.colour = colour_of(t), .marker = 5});
    zsc_legend_place(&legend, options, fmax(1.6 * zsc_figure_unit(options), bars_height));
    double em = zsc_figure_em(options), left = (longest + 1.6) * em;
    double space = zsc_figure_width(options) - left - 1.2 * em - legend.width, time = 0.68 * space;
    if (legend.right) bars_height = fmax(bars_height, (double)legend.count * line - 2 * line);
    zsc_figure_begin(&f, options, "stages");
    zsc_figure_size(&f, bars_height + 4.6 * line + legend.height, 0.75 * bars_height + 4.6 * line + legend.height);
    zsc_figure_set(&f, "items", "%zu", set->count);
    zsc_figure_set(&f, "stages", "%zu", stages.count);
    zsc_figure_set(&f, "left", "%.5f", left / zsc_figure_width(options));
    zsc_figure_set(&f, "x_step", "%.6g", zsc_figure_tick_step(0, most > 0 ? most : 1, time / em));
    zsc_legend_settings(&f, &legend, 4);
    zsc_figure_set(&f, "high", "%.10g", most > 0 ? most : 1);
    zsc_figure_set(&f, "simulated", "%d", set->simulated);
    bool small = true;
    for (size_t k = 0; k < set->count; k++) small &= bars[k].memory < 1e9;
    zsc_figure_set_text(&f, "x_title", small ? "peak MB" : "peak GB");
    zsc_figure_block(&f, "runs: label with rows, mean peak memory in the unit of x_title");
    for (size_t k = 0; k < set->count; k++) {
        zsc_figure_text(&f, label[k]);
        zsc_figure_number(&f, bars[k].memory / (small ? 1e6 : 1e9));
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "stages: name, colour");
    for (size_t t = 0; t < stages.count; t++) {
        zsc_figure_text(&f, stages.item[t]);
        zsc_figure_rgb(&f, colour_of(t));
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "bars: run, from, to (seconds), stage");
    for (size_t k = 0; k < set->count; k++) {
        double at = 0;
        for (size_t t = 0; t < stages.count; at += bars[k].seconds[t++]) {
            zsc_figure_number(&f, (double)k + 1);
            zsc_figure_number(&f, at);
            zsc_figure_number(&f, at + bars[k].seconds[t]);
            zsc_figure_number(&f, (double)t + 1);
            zsc_figure_end_line(&f);
        }
    }
    zsc_legend_put(&f, &legend, 1.7 * line);
    status = zsc_figure_finish(&f, "stages", dumb);
done:
    zsc_legend_free(&legend);
    for (size_t k = 0; label && k < set->count; k++) free(label[k]);
    free(label);
    free(bars);
    zsc_list_free(&stages);
    zsc_figure_drop(&f);
    return status;
}
