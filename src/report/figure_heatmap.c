/* The cross-modal table as a picture. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/figures.h"

/* Black or white, whichever has more contrast with the colour of this share of the scale (cividis: its lightness is
 * nearly linear). */
static double ink_on(double share) { return share < 0.55 ? 0xffffff : 0x222222; }

static void put_cell(zsc_figure *f, size_t column, double y, const zsc_seed_mean *p, int decimals, double low,
                     double high)
{
    if (!p) return;
    double value = 100 * p->mean;
    char text[32];
    snprintf(text, sizeof text, "%.*f", decimals, zsc_round_half_even(value, decimals));
    zsc_figure_number(f, (double)column);
    zsc_figure_number(f, y);
    zsc_figure_number(f, value);
    zsc_figure_text(f, text);
    zsc_figure_number(f, ink_on(high > low ? (value - low) / (high - low) : 1));
    zsc_figure_end_line(f);
}

static void value_range(const zsc_crossmodal *c, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < c->rows * c->columns + c->rows + c->columns; i++) {
        const zsc_seed_mean *p = i < c->rows * c->columns ? c->pair[i]
                                 : i < c->rows * c->columns + c->rows
                                     ? c->row_only[i - c->rows * c->columns]
                                     : c->column_only[i - c->rows * c->columns - c->rows];
        if (!p) continue;
        *low = fmin(*low, 100 * p->mean);
        *high = fmax(*high, 100 * p->mean);
    }
    if (!(*high > *low)) *high = *low + 1;
}

zsc_status zsc_figure_heatmap(const zsc_crossmodal *c, const char *rank, int decimals,
                              const zsc_figure_options *options, char **dumb)
{
    zsc_figure f;
    zsc_figure_begin(&f, options, "heatmap");
    double low, high, line = 1.35 * options->font_size / 72;
    value_range(c, &low, &high);
    size_t longest_row = 4, longest_column = 4, groups = 0;
    for (size_t i = 0; i < c->rows; i++)
        if (zsc_utf8_length(c->row_name[i]) > longest_row) longest_row = zsc_utf8_length(c->row_name[i]);
    for (size_t j = 0; j < c->columns; j++)
        if (zsc_utf8_length(c->column_name[j]) > longest_column) longest_column = zsc_utf8_length(c->column_name[j]);
    zsc_figure_size(&f, line * (1.35 * (double)(c->rows + 1) + 3.5 + 0.3 * (double)longest_column));
    zsc_figure_set(&f, "rows", "%zu", c->rows);
    zsc_figure_set(&f, "columns", "%zu", c->columns);
    zsc_figure_set(&f, "low", "%.10g", low);
    zsc_figure_set(&f, "high", "%.10g", high);
    zsc_figure_set(&f, "longest_label", "%zu", longest_row);
    zsc_figure_set(&f, "longest_rank", "%zu", longest_column);
    zsc_figure_set(&f, "simulated", "%d", c->simulated);
    char *title = zsc_rank_title(rank);
    zsc_figure_set_text(&f, "note", title);
    free(title);
    /* y: the second modality alone at 0, rows from 1.25 with a gap between groups; x: the first modality alone at 0. */
    double *y = calloc(c->rows + 1, sizeof *y);
    if (!y) f.text.failed = true;
    double at = 1.25;
    for (size_t i = 0; y && i < c->rows; i++, at++) {
        if (i && strcmp(c->row_group[i], c->row_group[i - 1]) != 0) at += 0.15;
        y[i] = at;
    }
    zsc_figure_set(&f, "y_high", "%g", at - 0.5);
    zsc_figure_block(&f, "rows: y, name");
    zsc_figure_number(&f, 0);
    char *only = zsc_asprintf("%s only", c->column_modality);
    zsc_figure_text(&f, only);
    free(only);
    zsc_figure_end_line(&f);
    for (size_t i = 0; y && i < c->rows; i++) {
        zsc_figure_number(&f, y[i]);
        zsc_figure_text(&f, c->row_name[i]);
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "columns: x, name");
    for (size_t j = 0; j <= c->columns; j++) {
        char *name = j ? zsc_asprintf("%s", c->column_name[j - 1]) : zsc_asprintf("%s only", c->row_modality);
        zsc_figure_number(&f, j ? (double)j + 0.25 : 0);
        zsc_figure_text(&f, name);
        free(name);
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "groups of rows: first y, last y, name");
    for (size_t i = 0, first = 0; y && i < c->rows; i++)
        if (i + 1 == c->rows || strcmp(c->row_group[i + 1], c->row_group[i]) != 0) {
            zsc_figure_number(&f, y[first]);
            zsc_figure_number(&f, y[i]);
            zsc_figure_text(&f, c->row_group[i]);
            zsc_figure_end_line(&f);
            first = i + 1;
            groups++;
        }
    zsc_figure_block(&f, "cells: column, y, AMI in %, printed, colour of the print");
    for (size_t j = 0; j < c->columns; j++) put_cell(&f, j + 1, 0, c->column_only[j], decimals, low, high);
    for (size_t i = 0; y && i < c->rows; i++) {
        put_cell(&f, 0, y[i], c->row_only[i], decimals, low, high);
        for (size_t j = 0; j < c->columns; j++)
            put_cell(&f, j + 1, y[i], c->pair[i * c->columns + j], decimals, low, high);
    }
    free(y);
    return zsc_figure_finish(&f, "heatmap", dumb);
}
