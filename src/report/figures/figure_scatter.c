/* Rows in two dimensions, coloured by a rank: the most frequent taxa are named, the others grey.
 *
 * Thinning: of the points of one colour in one cell of a fine grid (a third of a typographic point wide), one is kept,
 * so that a vector figure of any number of rows stays small and looks the same. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/series/taxon_scores.h"
#include "experiment/store/result_parts.h"
#include "base/memory.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/text_width.h"

static const double LONGEST_TAXON_EM = 40;

typedef struct grid {
    double low[2], step;
    size_t side;
    uint8_t *taken; /* side x side, for one colour at a time */
} grid;

static zsc_status make_grid(const float *xy, size_t n, size_t side, grid *g)
{
    zsc_status status = ZSC_OK;
    double high[2] = {-INFINITY, -INFINITY};
    *g = (grid){.low = {INFINITY, INFINITY}, .side = side};
    for (size_t i = 0; i < 2 * n; i++) {
        g->low[i % 2] = fmin(g->low[i % 2], xy[i]);
        high[i % 2] = fmax(high[i % 2], xy[i]);
    }
    g->step = fmax(high[0] - g->low[0], high[1] - g->low[1]) / (double)(side - 1);
    if (!(g->step > 0)) g->step = 1;
    ZSC_NEW(g->taken, side * side);
done:
    return status;
}

static bool take_cell(grid *g, const float *p)
{
    size_t x = (size_t)((p[0] - g->low[0]) / g->step), y = (size_t)((p[1] - g->low[1]) / g->step);
    uint8_t *cell = &g->taken[(x < g->side ? x : g->side - 1) * g->side + (y < g->side ? y : g->side - 1)];
    bool free_cell = !*cell;
    *cell = 1;
    return free_cell;
}

static void put_points(zsc_figure *f, grid *g, const float *xy, const zsc_column *c, const int32_t *group,
                       int32_t wanted, size_t n)
{
    memset(g->taken, 0, g->side * g->side);
    for (size_t i = 0; i < n; i++) {
        int32_t own = c->code[i] < 0 ? 0 : group[c->code[i]];
        if (own != wanted || !take_cell(g, xy + 2 * i)) continue;
        zsc_figure_number(f, xy[2 * i]);
        zsc_figure_number(f, xy[2 * i + 1]);
        zsc_figure_end_line(f);
    }
}

static const long GREY = 0xb8b8b8;

static long colour_of(size_t taxon) { return zsc_colour_rgb(zsc_style_colour(taxon)); }

static int marker_of(size_t taxon)
{
    static const int shape[] = {7, 9, 5, 13}; /* the next shape after seven colours */
    return shape[taxon / ZSC_STYLE_COLOURS % 4];
}

static void make_legend(const zsc_column *c, const size_t *order, const size_t *count, size_t taxa, size_t n,
                        zsc_legend *legend)
{
    size_t named = 0;
    for (size_t t = 0; t < taxa; t++) {
        char *name = zsc_text_shorten(c->level[order[t]], LONGEST_TAXON_EM);
        char *text = name ? zsc_asprintf("%s (%zu)", name, count[t]) : NULL;
        zsc_legend_add(legend, text, (zsc_legend_entry){.colour = colour_of(t), .marker = marker_of(t)});
        free(name);
        free(text);
        named += count[t];
    }
    char *others = zsc_asprintf("%s (%zu)", c->levels > taxa ? "others, or no label" : "no label", n - named);
    zsc_legend_add(legend, others, (zsc_legend_entry){.colour = GREY, .marker = 7});
    free(others);
}

static void put_taxa(zsc_figure *f, const zsc_column *c, const size_t *order, const size_t *count, size_t taxa,
                     size_t n)
{
    size_t named = 0;
    for (size_t t = 0; t < taxa; t++) named += count[t];
    zsc_figure_block(f, "taxa, the others first: name, rows, colour, marker");
    for (size_t t = 0; t <= taxa; t++) {
        zsc_figure_text(f, t ? c->level[order[t - 1]] : "others");
        zsc_figure_number(f, (double)(t ? count[t - 1] : n - named));
        zsc_figure_rgb(f, t ? colour_of(t - 1) : GREY);
        zsc_figure_number(f, t ? marker_of(t - 1) : 7);
        zsc_figure_end_line(f);
    }
}

zsc_status zsc_figure_scatter(const zsc_result *r, const char *rank, size_t taxa, const zsc_exec *exec,
                              const zsc_styles *styles, const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    float *xy = NULL;
    size_t *order = NULL, *count = NULL, j = zsc_result_rank(r, rank);
    zsc_legend legend = {0};
    int32_t *group = NULL;
    char *label = NULL, *x_title = NULL, *y_title = NULL, *rank_title = NULL, *note = NULL;
    grid g = {0};
    if (!r->reduced || r->reduced_dim < 2) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' holds no reduced vectors: run it with --keep-reduced (and --dim 2 for two dimensions)",
                          r->path);
        goto done;
    }
    if (j == r->scores) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has no labels at rank '%s'", r->path, rank);
        goto done;
    }
    const zsc_column *c = &r->taxon[j];
    if (taxa > c->levels) taxa = c->levels;
    ZSC_NEW(order, c->levels + 1);
    ZSC_NEW(count, c->levels + 1);
    ZSC_NEW(group, c->levels + 1);
    ZSC_TRY(zsc_taxa_by_rows(c, r->rows, order, count));
    for (size_t t = 0; t < taxa; t++) group[order[t]] = (int32_t)t + 1;
    ZSC_NEW_RAW(xy, 2 * r->rows);
    ZSC_TRY(zsc_result_plane(r, exec, xy));
    double width = zsc_figure_width(options), line = zsc_figure_line(options), unit = zsc_figure_unit(options);
    ZSC_TRY(make_grid(xy, r->rows, (size_t)(width * 72 * 3 * 0.7) + 2, &g));
    make_legend(c, order, count, taxa, r->rows, &legend);
    zsc_legend_place(&legend, options, 4.2 * unit);
    zsc_figure_begin(&f, options, "scatter");
    double plot = fmin(legend.right ? 4.2 * unit : 0.92 * width, 5 * unit);
    zsc_figure_size(&f, plot + 1.5 * line + legend.height, 9 * line + legend.height);
    zsc_figure_set(&f, "taxa", "%zu", taxa);
    zsc_figure_set(&f, "rows", "%zu", r->rows);
    zsc_legend_settings(&f, &legend, 3 + taxa);
    zsc_figure_set(&f, "simulated", "%d", r->simulated);
    label = zsc_result_label(r, styles);
    rank_title = zsc_strdup(zsc_rank_word(rank));
    const char *method = strcmp(r->reduce, "umap") == 0 ? "UMAP" : "PCA";
    bool direct = r->reduced_dim == 2;
    x_title = direct ? zsc_asprintf("%s 1", method)
                     : zsc_asprintf("principal axis 1 of %zu-d %s", r->reduced_dim, method);
    y_title = direct ? zsc_asprintf("%s 2", method) : zsc_asprintf("principal axis 2");
    note = label && rank_title ? zsc_asprintf("%s, by %s", label, rank_title) : NULL;
    char *shown = note ? zsc_text_shorten(note, (width - legend.width) / zsc_figure_em(options) - 4) : NULL;
    zsc_figure_set_text(&f, "note", shown);
    free(shown);
    zsc_figure_set_text(&f, "x_title", x_title);
    zsc_figure_set_text(&f, "y_title", y_title);
    put_taxa(&f, c, order, count, taxa, r->rows);
    for (size_t t = 0; t <= taxa; t++) {
        zsc_figure_block(&f, "points of one taxon: x, y");
        put_points(&f, &g, xy, c, group, (int32_t)t, r->rows);
    }
    zsc_legend_put(&f, &legend, 1.8 * line);
    status = zsc_figure_finish(&f, "scatter", dumb);
done:
    free(note);
    zsc_legend_free(&legend);
    free(label);
    free(rank_title);
    free(x_title);
    free(y_title);
    free(g.taken);
    free(order);
    free(count);
    free(group);
    free(xy);
    zsc_figure_drop(&f);
    return status;
}
