/* Rows in two dimensions, coloured by a rank: the most frequent taxa are named, the others grey.
 *
 * Thinning: of the points of one colour in one cell of a fine grid (a third of a typographic point wide), one is kept,
 * so that a vector figure of any number of rows stays small and looks the same. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/taxon_scores.h"
#include "experiment/result_parts.h"
#include "report/escape.h"
#include "report/figures.h"

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

static void put_legend(zsc_figure *f, const zsc_column *c, const size_t *order, const size_t *count, size_t taxa,
                       size_t n)
{
    size_t named = 0;
    for (size_t t = 0; t < taxa; t++) named += count[t];
    char *others = zsc_asprintf("%s", c->levels > taxa ? "others, or no label" : "no label");
    zsc_figure_text(f, others);
    free(others);
    zsc_figure_number(f, (double)(n - named));
    zsc_figure_number(f, 0xc4c4c4);
    zsc_figure_number(f, 7);
    zsc_figure_end_line(f);
    static const int shape[] = {7, 9, 5, 13}; /* the next shape after seven colours */
    for (size_t t = 0; t < taxa; t++) {
        zsc_figure_text(f, c->level[order[t]]);
        zsc_figure_number(f, (double)count[t]);
        zsc_figure_number(f, (double)strtol(zsc_style_colour(t) + 1, NULL, 16));
        zsc_figure_number(f, shape[t / ZSC_STYLE_COLOURS % 4]);
        zsc_figure_end_line(f);
    }
}

zsc_status zsc_figure_scatter(const zsc_result *r, const char *rank, size_t taxa, const zsc_exec *exec,
                              const zsc_styles *styles, const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    float *xy = NULL;
    size_t *order = NULL, *count = NULL, j = zsc_result_rank(r, rank), longest = 26;
    int32_t *group = NULL;
    char *label = NULL, *x_title = NULL, *y_title = NULL, *rank_title = NULL;
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
    for (size_t t = 0; t < taxa; t++) {
        group[order[t]] = (int32_t)t + 1;
        if (zsc_utf8_length(c->level[order[t]]) + 8 > longest) longest = zsc_utf8_length(c->level[order[t]]) + 8;
    }
    ZSC_NEW_RAW(xy, 2 * r->rows);
    ZSC_TRY(zsc_result_plane(r, exec, xy));
    double width = zsc_figure_width(options), line = 1.35 * options->font_size / 72;
    ZSC_TRY(make_grid(xy, r->rows, (size_t)(width * 72 * 3 * 0.7) + 2, &g));
    zsc_figure_begin(&f, options, "scatter");
    bool right = width > 4.6;
    zsc_figure_size(&f, right ? 4.2 : 0.92 * width + line * (2 + ceil((double)(taxa + 1) / 2)));
    zsc_figure_set(&f, "taxa", "%zu", taxa);
    zsc_figure_set(&f, "rows", "%zu", r->rows);
    zsc_figure_set(&f, "longest_label", "%zu", longest);
    zsc_figure_set(&f, "simulated", "%d", r->simulated);
    label = zsc_result_label(r, styles);
    rank_title = zsc_strdup(strcmp(rank, "dna_bin") == 0 ? "BIN" : rank);
    const char *method = strcmp(r->reduce, "umap") == 0 ? "UMAP" : "PCA";
    bool direct = r->reduced_dim == 2;
    x_title = direct ? zsc_asprintf("%s 1", method)
                     : zsc_asprintf("principal axis 1 of %zu-d %s", r->reduced_dim, method);
    y_title = direct ? zsc_asprintf("%s 2", method) : zsc_asprintf("principal axis 2");
    if (!label || !rank_title || !x_title || !y_title) f.text.failed = true;
    zsc_figure_set_text(&f, "note", label ? label : "");
    zsc_figure_set_text(&f, "x_title", x_title ? x_title : "");
    zsc_figure_set_text(&f, "y_title", y_title ? y_title : "");
    zsc_figure_set_text(&f, "rank_title", rank_title ? rank_title : "");
    zsc_figure_block(&f, "taxa, the others first: name, rows, colour, marker");
    put_legend(&f, c, order, count, taxa, r->rows);
    for (size_t t = 0; t <= taxa; t++) {
        zsc_figure_block(&f, "points of one taxon: x, y");
        put_points(&f, &g, xy, c, group, (int32_t)t, r->rows);
    }
    status = zsc_figure_finish(&f, "scatter", dumb);
done:
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
