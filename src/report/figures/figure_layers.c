/* Layers of a result against ranks, in colour: coarse layers above, as coarse ranks stand to the left. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "experiment/store/result_layers.h"
#include "experiment/store/result_parts.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/text_width.h"
#include "report/tables/table_layers.h"

/* Layouts in inches; fonts as shares of the font size. */
typedef struct layout {
    double left, right, head, foot, row;
    double cell_font; /* 0: cells are not labelled */
    double angle;     /* of the names of ranks */
} layout;

/* "238 clusters, 92.8 %", with a star the layer that is the clustering of the run. */
static char *layer_name(const zsc_result *r, size_t layer)
{
    const zsc_result_layer *l = &r->layer[layer];
    return zsc_asprintf("%s%zu cluster%s, %.0f %%", layer == zsc_result_layer_chosen(r) ? "* " : "", l->clusters,
                        l->clusters == 1 ? "" : "s", 100 * (double)l->clustered / (double)r->rows);
}

static layout make_layout(const zsc_result *r, const char *const *rank, size_t ranks, const zsc_figure_options *o)
{
    static const double CELL_EM = 2.4, LEAST_FONT = 0.5;
    double em = zsc_figure_em(o), line = zsc_figure_line(o), name = 4, column = 4;
    for (size_t l = 0; l < r->layers; l++) {
        char *text = layer_name(r, l);
        if (text) name = fmax(name, zsc_figure_text_em(o, text));
        free(text);
    }
    for (size_t j = 0; j < ranks; j++) {
        char *title = zsc_rank_title(rank[j]);
        if (title) column = fmax(column, zsc_figure_text_em(o, title));
        free(title);
    }
    layout l = {.left = (name + 1.6) * em, .right = 5 * em, .head = 2.8 * line, .row = 1.35 * line};
    double pitch = (zsc_figure_width(o) - l.left - l.right) / (double)ranks / em;
    l.angle = pitch >= column + 0.8 ? 0 : 90;
    l.cell_font = pitch >= CELL_EM ? 1 : pitch / CELL_EM;
    if (l.cell_font < LEAST_FONT) l.cell_font = 0;
    l.foot = l.angle > 0 ? (column + 1.2) * em : 1.9 * line;
    if (o->format == ZSC_FIGURE_DUMB) l.foot = 3 * line;
    return l;
}

static void put_cell(zsc_figure *f, size_t column, size_t row, double ami, double low, double high)
{
    char text[32];
    if (isnan(ami)) return;
    snprintf(text, sizeof text, "%.0f", zsc_round_half_even(100 * ami, 0));
    zsc_figure_number(f, (double)column);
    zsc_figure_number(f, (double)row);
    zsc_figure_number(f, 100 * ami);
    zsc_figure_text(f, text);
    zsc_figure_number(f, zsc_cividis_ink((100 * ami - low) / (high - low)));
    zsc_figure_end_line(f);
}

static void put_blocks(zsc_figure *f, const zsc_result *r, const char *const *rank, size_t ranks, double low,
                       double high)
{
    zsc_figure_block(f, "layers, coarse to fine: name");
    for (size_t l = r->layers; l-- > 0;) {
        char *name = layer_name(r, l);
        zsc_figure_text(f, name);
        free(name);
        zsc_figure_end_line(f);
    }
    zsc_figure_block(f, "ranks: name");
    for (size_t j = 0; j < ranks; j++) {
        char *title = zsc_rank_title(rank[j]);
        zsc_figure_text(f, title);
        free(title);
        zsc_figure_end_line(f);
    }
    zsc_figure_block(f, "cells: rank, layer (both from 1), AMI in %, printed, colour of the print");
    for (size_t l = 0; l < r->layers; l++)
        for (size_t j = 0; j < ranks; j++) {
            size_t at = zsc_result_rank(r, rank[j]);
            if (at < r->scores) put_cell(f, j + 1, r->layers - l, r->layer[l].score[at].ami, low, high);
        }
}

zsc_status zsc_figure_layers(const zsc_result *r, const char *const *rank, size_t ranks, const zsc_styles *styles,
                             const zsc_figure_options *o, char **dumb)
{
    zsc_figure f = {0};
    double low = INFINITY, high = -INFINITY;
    zsc_status status = zsc_layers_expect(r);
    if (status != ZSC_OK) return status;
    for (size_t l = 0; l < r->layers; l++)
        for (size_t j = 0; j < ranks; j++) {
            size_t at = zsc_result_rank(r, rank[j]);
            if (at == r->scores || isnan(r->layer[l].score[at].ami)) continue;
            low = fmin(low, 100 * r->layer[l].score[at].ami);
            high = fmax(high, 100 * r->layer[l].score[at].ami);
        }
    if (!(low < INFINITY)) low = 0, high = 100;
    if (!(high > low)) high = low + 1;
    layout l = make_layout(r, rank, ranks, o);
    char *label = zsc_result_label(r, styles);
    char *title = label ? zsc_text_shorten(label, zsc_figure_width(o) / zsc_figure_em(o) - 7) : NULL;
    zsc_figure_begin(&f, o, "layers");
    zsc_figure_size(&f, l.head + l.foot + l.row * (double)r->layers,
                    l.head + l.foot + zsc_figure_line(o) * (double)r->layers);
    zsc_figure_set(&f, "left", "%.5f", l.left / zsc_figure_width(o));
    zsc_figure_set(&f, "right", "%.5f", l.right / zsc_figure_width(o));
    zsc_figure_set(&f, "bottom", "%.5f", l.foot / f.height);
    zsc_figure_set(&f, "cell_font", "%.3f", l.cell_font * zsc_figure_points(o));
    zsc_figure_set(&f, "rank_angle", "%g", l.angle);
    zsc_figure_set(&f, "layers", "%zu", r->layers);
    zsc_figure_set(&f, "ranks", "%zu", ranks);
    zsc_figure_set(&f, "low", "%.10g", low);
    zsc_figure_set(&f, "high", "%.10g", high);
    zsc_figure_set(&f, "simulated", "%d", r->simulated);
    zsc_figure_set_text(&f, "note", title);
    free(label);
    free(title);
    put_blocks(&f, r, rank, ranks, low, high);
    return zsc_figure_finish(&f, "layers", dumb);
}
