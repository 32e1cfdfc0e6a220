/* How many taxa have how many records, and how many barcodes: both axes logarithmic. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/panels.h"
#include "report/figures/text_width.h"

enum { SERIES = 2, MOST_PANELS = 2, MARKER = 7, LONGEST_RANK_EM = 14 };

/* The end of a logarithmic axis from 1: space for two powers of ten at least. */
static double axis_end(size_t most) { return fmax(1.4 * (double)most, 14); }

static void put_panel(zsc_figure *f, const zsc_size_counts *c, const zsc_panels *grid, size_t p, const char *what,
                      const char *taxa)
{
    char *title = zsc_asprintf("%s: %zu, the largest has %zu", taxa, c->taxa, c->item[c->count - 1].size);
    char *shown = title ? zsc_text_shorten(title, grid->width / zsc_figure_em(f->options) + 2) : NULL;
    zsc_figure_text(f, shown);
    zsc_figure_text(f, what);
    zsc_figure_number(f, axis_end(c->item[c->count - 1].size));
    zsc_figure_number(f, axis_end(c->item[0].at_least));
    zsc_panels_put(f, grid, p);
    zsc_figure_end_line(f);
    free(title);
    free(shown);
}

static void put_sizes(zsc_figure *f, const zsc_size_counts *c)
{
    zsc_figure_block(f, "one panel: size, taxa of that size, taxa of that size or more");
    for (size_t i = 0; i < c->count; i++) {
        zsc_figure_number(f, (double)c->item[i].size);
        zsc_figure_number(f, (double)c->item[i].taxa);
        zsc_figure_number(f, (double)c->item[i].at_least);
        zsc_figure_end_line(f);
    }
}

zsc_status zsc_figure_prevalence(const zsc_prevalence *prevalence, const char *rank, const zsc_figure_options *options,
                                 char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    zsc_legend legend = {0};
    const zsc_size_counts *counts[MOST_PANELS] = {&prevalence->records, &prevalence->barcodes};
    static const char *const what[] = {"records", "barcodes"};
    size_t panels = prevalence->has_barcodes && prevalence->barcodes.taxa ? 2 : 1;
    char *title = zsc_rank_title(rank), *taxa = title ? zsc_text_shorten(title, LONGEST_RANK_EM) : NULL;
    if (!taxa) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    const long colour[SERIES] = {zsc_colour_rgb(zsc_style_colour(0)), zsc_colour_rgb(zsc_style_colour(1))};
    zsc_legend_add(&legend, "exactly that many", (zsc_legend_entry){.colour = colour[0], .marker = MARKER});
    zsc_legend_add(&legend, "that many or more", (zsc_legend_entry){.colour = colour[1], .line = ZSC_LINE_SOLID});
    zsc_legend_place(&legend, options, 0); /* below */
    double em = zsc_figure_em(options), line = zsc_figure_line(options), unit = zsc_figure_unit(options);
    zsc_panels grid = {.count = panels,
                       .left = 4.2 * em,
                       .right = 1.2 * em,
                       .gap = 3.6 * em,
                       .above = 1.5 * line,
                       .below = 2.9 * line,
                       .head = 1.3 * line,
                       .foot = legend.height};
    zsc_panels_fit(&grid, options, 16 * em);
    grid.height = 5 * line;
    double least = zsc_panels_height(&grid);
    grid.height = (zsc_figure_is_wide(options) ? 2.3 : 1.9) * unit;
    zsc_figure_begin(&f, options, "prevalence");
    zsc_figure_size(&f, zsc_panels_height(&grid), least);
    zsc_figure_set(&f, "panels", "%zu", panels);
    zsc_figure_set(&f, "simulated", "%d", prevalence->simulated);
    zsc_figure_set_text(&f, "y_title", taxa);
    zsc_legend_settings(&f, &legend, 3 + panels);
    zsc_figure_block(&f, "series: colour");
    for (size_t s = 0; s < SERIES; s++) {
        zsc_figure_rgb(&f, colour[s]);
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "panels: title, what is counted, ends of the axes, left, right, bottom, top (fractions of the "
                         "figure), 1 if the first of its row");
    for (size_t p = 0; p < panels; p++) put_panel(&f, counts[p], &grid, p, what[p], taxa);
    for (size_t p = 0; p < panels; p++) put_sizes(&f, counts[p]);
    zsc_legend_put(&f, &legend, 0);
    status = zsc_figure_finish(&f, "prevalence", dumb);
done:
    zsc_legend_free(&legend);
    free(title);
    free(taxa);
    zsc_figure_drop(&f);
    return status;
}
