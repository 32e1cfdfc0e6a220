/* The cross-modal table as a picture. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/text_width.h"

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
    zsc_figure_number(f, zsc_cividis_ink(high > low ? (value - low) / (high - low) : 1));
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

/* --- Layout, in inches; fonts as shares of the font size */
enum { MOST_ROW_EM = 18, MOST_COLUMN_EM = 18 };

typedef struct layout {
    double left, right, head, foot, row, least_row;
    double cell_font, column_font, angle; /* 0: cells are not labelled */
} layout;

/* Names of columns are at 35 degrees where they have space for that, else upright, and smaller if need be. Values are
 * printed where they are half as large as other text, or larger. */
static layout make_layout(const zsc_crossmodal *c, const char *rank, const zsc_figure_options *o)
{
    static const double CELL_EM = 2.2, SLANTED_EM = 1.9, UPRIGHT_EM = 1.15, LEAST_FONT = 0.5;
    double em = zsc_figure_em(o), line = zsc_figure_line(o), row = 4, column = 4;
    for (size_t i = 0; i < c->rows; i++) row = fmax(row, fmin(MOST_ROW_EM, zsc_figure_text_em(o, c->row_name[i])));
    for (size_t j = 0; j < c->columns; j++)
        column = fmax(column, fmin(MOST_COLUMN_EM, zsc_figure_text_em(o, c->column_name[j])));
    layout l = {
        .left = (row + 3.6) * em, .right = (fmax(4.2, zsc_figure_text_em(o, rank)) + 0.8) * em, .head = 2.2 * line};
    double plot = zsc_figure_width(o) - l.left - l.right, pitch = plot / ((double)c->columns + 1.25) / em;
    l.angle = pitch >= SLANTED_EM ? 35 : 90;
    l.column_font = pitch >= UPRIGHT_EM ? 1 : pitch / UPRIGHT_EM;
    l.cell_font = pitch >= CELL_EM ? 1 : pitch / CELL_EM;
    if (l.cell_font < LEAST_FONT) l.cell_font = 0;
    l.foot = (l.angle < 90 ? 0.6 * column + 1.4 : l.column_font * column + 1.3) * em;
    if (o->format == ZSC_FIGURE_DUMB) l.foot = 3 * line;
    l.row = 1.35 * line;
    l.least_row = line;
    return l;
}

static void put_shortened(zsc_figure *f, const char *text, double most_em)
{
    char *shown = text ? zsc_text_shorten(text, most_em) : NULL;
    zsc_figure_text(f, shown);
    free(shown);
}

/* The width that names of columns need at three quarters of the font size, if none is asked for. */
static double least_width(const zsc_crossmodal *c, const zsc_figure_options *o, const layout *l)
{
    static const double COLUMN_EM = 0.9;
    double width = zsc_figure_width(o);
    if (o->width > 0 || o->format == ZSC_FIGURE_DUMB) return width;
    return fmax(width, l->left + l->right + ((double)c->columns + 1.25) * COLUMN_EM * zsc_figure_em(o));
}

zsc_status zsc_figure_heatmap(const zsc_crossmodal *c, const char *rank, int decimals, const zsc_figure_options *asked,
                              char **dumb)
{
    zsc_figure f = {0};
    double low, high;
    size_t groups = 0;
    char *title = zsc_rank_title(rank);
    value_range(c, &low, &high);
    zsc_figure_options whole = *asked, *options = &whole;
    layout l = make_layout(c, title ? title : "", options);
    whole.width = least_width(c, options, &l);
    l = make_layout(c, title ? title : "", options);
    zsc_figure_begin(&f, options, "heatmap");
    zsc_figure_size(&f, l.head + l.foot + l.row * ((double)c->rows + 1.5),
                    l.head + l.foot + l.least_row * ((double)c->rows + 1.5));
    zsc_figure_set(&f, "left", "%.5f", l.left / zsc_figure_width(options));
    zsc_figure_set(&f, "right", "%.5f", l.right / zsc_figure_width(options));
    zsc_figure_set(&f, "bottom", "%.5f", l.foot / f.height);
    zsc_figure_set(&f, "cell_font", "%.3f", l.cell_font * zsc_figure_points(options));
    zsc_figure_set(&f, "column_font", "%.3f", l.column_font * zsc_figure_points(options));
    zsc_figure_set(&f, "column_angle", "%g", l.angle);
    zsc_figure_set(&f, "rows", "%zu", c->rows);
    zsc_figure_set(&f, "columns", "%zu", c->columns);
    zsc_figure_set(&f, "low", "%.10g", low);
    zsc_figure_set(&f, "high", "%.10g", high);
    zsc_figure_set(&f, "simulated", "%d", c->simulated);
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
        put_shortened(&f, c->row_name[i], MOST_ROW_EM);
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "columns: x, name");
    for (size_t j = 0; j <= c->columns; j++) {
        char *name = j ? zsc_asprintf("%s", c->column_name[j - 1]) : zsc_asprintf("%s only", c->row_modality);
        zsc_figure_number(&f, j ? (double)j + 0.25 : 0);
        put_shortened(&f, name, MOST_COLUMN_EM);
        free(name);
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "groups of rows: first y, last y, name");
    for (size_t i = 0, first = 0; y && i < c->rows; i++)
        if (i + 1 == c->rows || strcmp(c->row_group[i + 1], c->row_group[i]) != 0) {
            zsc_figure_number(&f, y[first]);
            zsc_figure_number(&f, y[i]);
            double space = 0.95 * l.row * (double)(i - first + 1) / zsc_figure_em(options);
            bool fits = zsc_figure_text_em(options, c->row_group[i]) <= space;
            zsc_figure_text(&f, fits ? c->row_group[i] : "");
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
