#include "report/page/html_comparison.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "experiment/series/comparison_effective.h"
#include "experiment/series/comparison_estimand.h"
#include "experiment/series/results_table_read.h"
#include "report/figures/figures.h"

static const double LEVEL = 0.95;

static void put_cell(zsc_page *p, const zsc_compare_cell *cell)
{
    if (!isfinite(cell->mean)) {
        fputs("<td class=\"n\">-</td>", p->out);
        return;
    }
    const char *mark = cell->best ? "b" : cell->second ? "u" : NULL;
    fputs("<td class=\"n\">", p->out);
    if (mark) fprintf(p->out, "<%s>", mark);
    fprintf(p->out, "%.1f", 100 * cell->mean);
    if (mark) fprintf(p->out, "</%s>", mark);
    if (isfinite(cell->interval.low))
        fprintf(p->out, " <span class=\"soft\">[%.1f, %.1f]</span>", 100 * cell->interval.low,
                100 * cell->interval.high);
    fputs("</td>", p->out);
}

/* Scores and differences that fewer than 20 units decide, and those that too few do. */
static void put_effective(zsc_page *p, const zsc_compare_group *g)
{
    size_t few = 0, refused = 0;
    for (size_t q = 0; q < g->ranks; q++) {
        const zsc_effective_units score = zsc_effective_of_scores(g, q),
                                  difference = zsc_effective_of_differences(g, q);
        few += score.few + difference.few;
        refused += score.refused + difference.refused;
    }
    if (few)
        fprintf(p->out,
                ". %zu intervals of scores and differences are of fewer than %d effective %s and may hold less "
                "often than they say",
                few, ZSC_FEW_UNITS, zsc_page_text(p, g->unit_words));
    if (refused) fprintf(p->out, ". %zu have fewer than %d, and no interval", refused, ZSC_LEAST_UNITS);
}

/* What the intervals are from, and what they are of. */
static void put_caption(zsc_page *p, const zsc_compare_group *g)
{
    fputs("AMI in per cent, mean over seeds, ", p->out);
    if (g->few_units) {
        fprintf(p->out, "without intervals, for which %zu %s are too few", g->units, zsc_page_text(p, g->unit_words));
    } else {
        char *estimand = zsc_compare_estimand(g);
        fprintf(p->out, "with %g %% intervals from %zu random splits into halves of %zu %s, the same for all encoders",
                100 * LEVEL, p->o->resamples, g->units, zsc_page_text(p, g->unit_words));
        if (estimand) fprintf(p->out, ". They are of %s", zsc_page_text(p, estimand));
        if (g->units < ZSC_FEW_UNITS)
            fprintf(p->out, ". From so few %s they are too narrow; expected %d or more",
                    zsc_page_text(p, g->unit_words), ZSC_FEW_UNITS);
        else
            put_effective(p, g);
        free(estimand);
    }
    fputs(". Bold: best; underlined: second.", p->out);
}

static void put_scores(zsc_page *p, const zsc_compare_group *g, const zsc_series_set *set)
{
    fputs("<div class=\"wide\"><table data-name=\"comparison\"><caption>", p->out);
    put_caption(p, g);
    fputs("</caption>\n<thead><tr><th>Encoder</th>", p->out);
    for (size_t r = 0; r < g->ranks; r++) {
        char *title = zsc_rank_title(g->rank[r]);
        fprintf(p->out, "<th class=\"n\">%s</th>", zsc_page_text(p, title));
        free(title);
    }
    fputs("</tr></thead>\n<tbody>\n", p->out);
    for (size_t e = 0; e < g->encoders; e++) {
        char *name = zsc_compared_name(set, p->styles, g->encoder[e]);
        fprintf(p->out, "<tr><td>%s</td>", zsc_page_text(p, name));
        free(name);
        for (size_t r = 0; r < g->ranks; r++) put_cell(p, &g->cell[r * g->encoders + e]);
        fputs("</tr>\n", p->out);
    }
    fputs("</tbody></table></div>\n", p->out);
}

static zsc_status put_group(zsc_page *p, const zsc_compare_group *g, const zsc_series_set *set)
{
    zsc_status status = ZSC_OK;
    fprintf(p->out, "<h3>%s%s: %zu rows</h3>\n", zsc_page_text(p, g->subset),
            strcmp(g->per_barcode, "all") == 0 ? "" : ", one per barcode", g->rows);
    put_scores(p, g, set);
    if (p->o->figures) {
        zsc_figure_options o = zsc_page_figure_options(p, 2);
        ZSC_TRY(zsc_figure_compare(g, NULL, LEVEL, set, p->styles, &o, NULL));
        ZSC_TRY(zsc_page_figure(
            p, &o,
            "Differences of AMI to the best encoder, with intervals that hold for all differences of all "
            "ranks at once. Hollow: the interval holds 0."));
    }
done:
    return status;
}

/* Rows of a table of an earlier collect. */
static bool has_rows_without_file(const zsc_results_table *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (!*rows->item[i].path) return true;
    return false;
}

zsc_status zsc_page_comparison(zsc_page *p, const zsc_results_table *rows, const zsc_series_set *set)
{
    zsc_result_list list = {0};
    zsc_comparison comparison = {0};
    zsc_compare_options options = zsc_compare_defaults();
    if (set->count < 2) return ZSC_OK;
    options.resampling.count = p->o->resamples;
    options.level = LEVEL;
    options.ranks = (const char *const *)set->rank;
    options.rank_count = set->ranks;
    fputs("<section id=\"comparison\"><h2>Comparison of encoders</h2>\n", p->out);
    zsc_status status = zsc_results_of_table(rows, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE, SIZE_MAX, &list);
    bool impossible = status == ZSC_EINPUT && has_rows_without_file(rows); /* a damaged file is an error */
    if (status == ZSC_OK) {
        status = zsc_compare(&list, &options, p->exec, &comparison);
        impossible = status == ZSC_EINPUT && comparison.groups == 0; /* too few units, and the like */
    }
    size_t compared = 0;
    for (size_t i = 0; status == ZSC_OK && i < comparison.groups; i++) {
        if (comparison.group[i].encoders < 2) continue;
        compared++;
        status = put_group(p, &comparison.group[i], set);
    }
    if (status == ZSC_OK && compared == 0) fputs("<p class=\"soft\">No two encoders share their rows.</p>\n", p->out);
    if (impossible) {
        fprintf(p->out, "<p class=\"soft\">No comparison: %s.</p>\n", zsc_page_text(p, zsc_error_message()));
        status = ZSC_OK;
    }
    fputs("</section>\n", p->out);
    zsc_comparison_free(&comparison);
    zsc_results_free(&list);
    return status;
}
