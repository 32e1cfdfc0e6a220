/* What a retrieval takes for what: the most confused taxa in a heat map. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/text_width.h"

enum { MOST_NAME_EM = 16 };

static void put_name(zsc_figure *f, const char *name)
{
    char *shown = zsc_text_shorten(name, MOST_NAME_EM);
    zsc_figure_text(f, shown);
    free(shown);
    zsc_figure_end_line(f);
}

static double longest_em(const zsc_retrieval_confusion_map *m, const zsc_figure_options *o)
{
    double longest = 4;
    for (size_t i = 0; i < m->taxa; i++) longest = fmax(longest, zsc_figure_text_em(o, m->taxon[i]));
    return fmin(longest, MOST_NAME_EM);
}

/* Cells are as wide as the figure lets them be, and no higher than three lines. */
static void put_sizes(zsc_figure *f, const zsc_retrieval_confusion_map *m, const zsc_figure_options *o)
{
    static const double CELL_EM = 2, LEAST_ROW_LINES = 1.05, MOST_ROW_LINES = 3;
    bool dumb = o->format == ZSC_FIGURE_DUMB;
    double em = zsc_figure_em(o), line = zsc_figure_line(o), name = longest_em(m, o), width = zsc_figure_width(o);
    double left = (name + 2.2) * em, right = width - (dumb ? 2 : 5.2) * em, cell = (right - left) / (double)m->taxa;
    double row = fmin(fmax(cell, LEAST_ROW_LINES * line), MOST_ROW_LINES * line);
    double foot = dumb ? 3 * line : (name + 2.6) * em, head = 2.6 * line;
    zsc_figure_size(f, head + foot + row * (double)m->taxa, head + foot + LEAST_ROW_LINES * line * (double)m->taxa);
    zsc_figure_set(f, "left", "%.5f", left / width);
    zsc_figure_set(f, "right", "%.5f", right / width);
    zsc_figure_set(f, "bottom", "%.5f", foot / f->height);
    zsc_figure_set(f, "cell_font", "%g", cell >= CELL_EM * em ? 0.8 * zsc_figure_points(o) : 0.0);
}

static void put_cell(zsc_figure *f, const zsc_retrieval_confusion_map *m, size_t i, size_t j)
{
    size_t queries = m->taken[i * m->taxa + j];
    double share = 100 * (double)queries / (double)m->queries[i];
    char text[32];
    if (queries == 0 || m->queries[i] == 0) return;
    snprintf(text, sizeof text, "%.0f", share);
    zsc_figure_number(f, (double)j + 1);
    zsc_figure_number(f, (double)i + 1);
    zsc_figure_number(f, share);
    zsc_figure_text(f, text);
    zsc_figure_number(f, zsc_cividis_ink(share / 100));
    zsc_figure_number(f, i == j);
    zsc_figure_end_line(f);
}

zsc_status zsc_figure_confusion(const zsc_retrieval_file *file, const zsc_retrieval_confusion_map *m,
                                const zsc_figure_options *options, char **dumb)
{
    zsc_figure f = {0};
    char *note = zsc_asprintf("%s, %s, k %zu: %zu of %zu queries wrong", file->label, m->split, m->k, m->wrong,
                              m->scored);
    zsc_figure_begin(&f, options, "confusion");
    put_sizes(&f, m, options);
    zsc_figure_set(&f, "taxa", "%zu", m->taxa);
    zsc_figure_set(&f, "simulated", "%d", file->simulated);
    char *fitting = note ? zsc_text_shorten(note, zsc_figure_width(options) / zsc_figure_em(options) - 1.5) : NULL;
    zsc_figure_set_text(&f, "note", fitting);
    free(fitting);
    free(note);
    zsc_figure_block(&f, "taxa");
    for (size_t i = 0; i < m->taxa; i++) put_name(&f, m->taxon[i]);
    zsc_figure_block(&f,
                     "cells: column (from 1), row, % of the row's queries, printed, colour of the print, 1 if right");
    for (size_t i = 0; i < m->taxa; i++)
        for (size_t j = 0; j < m->taxa; j++) put_cell(&f, m, i, j);
    return zsc_figure_finish(&f, "confusion", dumb);
}
