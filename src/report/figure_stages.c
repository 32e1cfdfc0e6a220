/* Seconds by stage and peak memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/cost.h"
#include "report/escape.h"
#include "report/figures.h"

zsc_status zsc_figure_stages(const zsc_results_table *rows, const zsc_series_set *set,
                             const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    zsc_list stages = {0};
    zsc_run_cost *bars = NULL;
    char **label = NULL;
    size_t longest = 8, longest_stage = 4;
    double most = 0;
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
        if (!(label[k] = zsc_asprintf("%s, %zu rows", set->item[k].label, set->item[k].rows))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (zsc_utf8_length(label[k]) > longest) longest = zsc_utf8_length(label[k]);
        for (size_t t = 0; t < stages.count; t++) sum += bars[k].seconds[t];
        most = fmax(most, sum);
    }
    for (size_t t = 0; t < stages.count; t++)
        if (strlen(stages.item[t]) > longest_stage) longest_stage = strlen(stages.item[t]);
    zsc_figure_begin(&f, options, "stages");
    double line = 1.35 * options->font_size / 72;
    bool right = zsc_figure_width(options) > 4.6;
    double lines = 1.5 * (double)set->count + 4 + (right ? 0 : ceil((double)stages.count / 3) + 0.5);
    if (right) lines = fmax(lines, (double)stages.count + 4);
    zsc_figure_size(&f, line * lines);
    zsc_figure_set(&f, "items", "%zu", set->count);
    zsc_figure_set(&f, "stages", "%zu", stages.count);
    zsc_figure_set(&f, "longest_label", "%zu", longest);
    zsc_figure_set(&f, "longest_rank", "%zu", longest_stage);
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
        zsc_figure_number(&f, t < ZSC_STYLE_COLOURS ? (double)strtol(zsc_style_colour(t) + 1, NULL, 16)
                                                    : 0xbbbbbb - 0x202020 * (double)((t - ZSC_STYLE_COLOURS) % 4));
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
    status = zsc_figure_finish(&f, "stages", dumb);
done:
    for (size_t k = 0; label && k < set->count; k++) free(label[k]);
    free(label);
    free(bars);
    zsc_list_free(&stages);
    zsc_figure_drop(&f);
    return status;
}
