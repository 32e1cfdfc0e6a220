/* The top of the tree: its last merges, and what taxa its branches hold.
 *
 * The dendrogram is cut into L branches (the leaves drawn); branches are in the order of a
 * depth-first traversal, the child with more rows first, so that no lines cross. */
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

typedef struct tree {
    const double *z;
    size_t n, leaves, first; /* first: the first merge that is drawn, n - leaves */
    double *y;               /* of the merges drawn, by merge - first */
    size_t *order;           /* drawn leaves in order: their node ids */
    size_t drawn;
} tree;

static size_t size_of(const tree *t, size_t node) { return node < t->n ? 1 : (size_t)t->z[4 * (node - t->n) + 3]; }
static bool is_leaf(const tree *t, size_t node) { return node < t->n + t->first; }

/* Order of the leaves: depth first, with an explicit stack, since trees can be deep. */
static zsc_status order_leaves(tree *t)
{
    zsc_status status = ZSC_OK;
    size_t *stack = NULL, depth = 0;
    ZSC_NEW(stack, 2 * t->leaves + 2);
    stack[depth++] = 2 * t->n - 2;
    while (depth > 0) {
        size_t node = stack[--depth];
        if (is_leaf(t, node) || t->leaves == 1) {
            t->order[t->drawn++] = node;
            continue;
        }
        const double *row = t->z + 4 * (node - t->n);
        size_t a = (size_t)row[0], b = (size_t)row[1];
        bool a_first = size_of(t, a) >= size_of(t, b);
        stack[depth++] = a_first ? b : a;
        stack[depth++] = a_first ? a : b;
    }
done:
    free(stack);
    return status;
}

static double y_of(const tree *t, size_t node)
{
    if (!is_leaf(t, node)) return t->y[node - t->n - t->first];
    for (size_t i = 0; i < t->drawn; i++)
        if (t->order[i] == node) return (double)i;
    return 0;
}

static double height_of(const tree *t, size_t node) { return is_leaf(t, node) ? 0 : t->z[4 * (node - t->n) + 2]; }

static void put_segment(zsc_figure *f, double x1, double y1, double x2, double y2)
{
    const double v[4] = {x1, y1, x2, y2};
    for (int i = 0; i < 4; i++) zsc_figure_number(f, v[i]);
    zsc_figure_end_line(f);
}

static void put_tree(zsc_figure *f, tree *t)
{
    for (size_t i = t->first; i + 1 < t->n; i++) {
        size_t a = (size_t)t->z[4 * i], b = (size_t)t->z[4 * i + 1];
        double h = t->z[4 * i + 2], ya = y_of(t, a), yb = y_of(t, b);
        t->y[i - t->first] = (ya + yb) / 2;
        put_segment(f, height_of(t, a), ya, h, ya);
        put_segment(f, height_of(t, b), yb, h, yb);
        put_segment(f, h, ya, h, yb);
    }
}

typedef struct composition { /* of the leaves drawn */
    size_t *count;           /* leaves x (levels + 1): rows of each taxon; the last: without a label */
    size_t *rows;
} composition;

static zsc_status count_taxa(const tree *t, const zsc_column *c, const int32_t *label, composition *m)
{
    zsc_status status = ZSC_OK;
    size_t *leaf_of = NULL, width = c->levels + 1;
    ZSC_NEW(m->count, t->leaves * width);
    ZSC_NEW(m->rows, t->leaves);
    ZSC_NEW(leaf_of, t->leaves);
    /* the cluster of a leaf is that of any of its rows */
    for (size_t i = 0; i < t->drawn; i++) {
        size_t node = t->order[i];
        while (node >= t->n) node = (size_t)t->z[4 * (node - t->n)];
        leaf_of[label[node]] = i;
    }
    for (size_t r = 0; r < t->n; r++) {
        size_t leaf = leaf_of[label[r]];
        m->rows[leaf]++;
        m->count[leaf * width + (c->code[r] < 0 ? c->levels : (size_t)c->code[r])]++;
    }
done:
    free(leaf_of);
    return status;
}

static void put_leaves(zsc_figure *f, const tree *t, const zsc_column *c, const composition *m, double most_em)
{
    for (size_t i = 0; i < t->drawn; i++) {
        const size_t *own = m->count + i * (c->levels + 1);
        size_t best = c->levels;
        for (size_t k = 0; k < c->levels; k++)
            if (own[k] && (best == c->levels || own[k] > own[best])) best = k;
        zsc_figure_number(f, (double)i);
        zsc_figure_number(f, (double)m->rows[i]);
        char *name = zsc_text_shorten(best < c->levels ? c->level[best] : "no label", most_em);
        zsc_figure_text(f, name);
        free(name);
        zsc_figure_number(f, 100.0 * (double)own[best] / (double)m->rows[i]);
        zsc_figure_end_line(f);
    }
}

static long colour_of(size_t k, size_t taxa) { return k < taxa ? zsc_colour_rgb(zsc_style_colour(k)) : 0xb8b8b8; }

static void put_bars(zsc_figure *f, const tree *t, const zsc_column *c, const composition *m, const size_t *order,
                     size_t taxa)
{
    for (size_t i = 0; i < t->drawn; i++) {
        const size_t *own = m->count + i * (c->levels + 1);
        double from = 0, rows = (double)m->rows[i];
        for (size_t k = 0; k <= taxa; k++) {
            double part = k < taxa ? (double)own[order[k]] / rows : 1 - from;
            if (part <= 1e-12) continue;
            zsc_figure_number(f, (double)i);
            zsc_figure_number(f, from);
            zsc_figure_number(f, from + part);
            zsc_figure_rgb(f, colour_of(k, taxa));
            zsc_figure_end_line(f);
            from += part;
        }
    }
}

zsc_status zsc_figure_dendrogram(const zsc_result *r, const char *rank, size_t leaves, const zsc_styles *styles,
                                 const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    tree t = {.z = r->linkage_matrix, .n = r->rows};
    composition m = {0};
    int32_t *label = NULL;
    size_t *order = NULL, *count = NULL, j = zsc_result_rank(r, rank);
    zsc_legend legend = {0};
    char *title = NULL, *rank_title = NULL;
    if (!r->linkage_matrix || r->rows < 2) {
        status = zsc_fail(ZSC_EINPUT, "'%s' holds no dendrogram of two rows or more%s", r->path,
                          *r->linkage ? "" : ": its clusterer makes none");
        goto done;
    }
    if (j == r->scores) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has no labels at rank '%s'", r->path, rank);
        goto done;
    }
    const zsc_column *c = &r->taxon[j];
    t.leaves = leaves < r->rows ? leaves : r->rows;
    t.first = t.n - t.leaves;
    ZSC_NEW(t.y, t.leaves + 1);
    ZSC_NEW(t.order, t.leaves + 1);
    ZSC_NEW(label, t.n);
    ZSC_NEW(order, c->levels + 1);
    ZSC_NEW(count, c->levels + 1);
    ZSC_TRY(order_leaves(&t));
    ZSC_TRY(zsc_result_cut(r, t.leaves, label));
    ZSC_TRY(count_taxa(&t, c, label, &m));
    ZSC_TRY(zsc_taxa_by_rows(c, t.n, order, count));
    size_t taxa = c->levels < ZSC_STYLE_COLOURS - 1 ? c->levels : ZSC_STYLE_COLOURS - 1;
    double most = zsc_figure_is_wide(options) ? 14 : 9, longest = 4; /* ems of names */
    for (size_t k = 0; k < c->levels; k++)
        longest = fmax(longest, fmin(most, zsc_figure_text_em(options, c->level[k])));
    for (size_t k = 0; k <= taxa; k++) {
        char *name = zsc_text_shorten(k < taxa ? c->level[order[k]] : "others, or no label", 14);
        zsc_legend_add(&legend, name, (zsc_legend_entry){.colour = colour_of(k, taxa), .marker = 5});
        free(name);
    }
    double line = zsc_figure_line(options), em = zsc_figure_em(options), width = zsc_figure_width(options);
    double leaves_height = 1.05 * line * (double)t.leaves;
    zsc_legend_place(&legend, options, fmax(leaves_height, 1.5 * zsc_figure_unit(options)));
    if (legend.right) leaves_height = fmax(leaves_height, (double)legend.count * line);
    double text = (longest + 8) * em, tree_width = width - text - legend.width - 0.16 * width - 2.6 * em;
    zsc_figure_begin(&f, options, "dendrogram");
    zsc_figure_size(&f, leaves_height + 6 * line + legend.height,
                    0.75 * 1.05 * line * (double)t.leaves + 6 * line + legend.height);
    zsc_figure_set(&f, "left", "%.5f", text / width);
    zsc_figure_set(&f, "x_step", "%.6g", zsc_figure_tick_step(0, t.z[4 * (t.n - 2) + 2], tree_width / em));
    zsc_legend_settings(&f, &legend, 4);
    zsc_figure_set(&f, "leaves", "%zu", t.leaves);
    zsc_figure_set(&f, "high", "%.10g", t.z[4 * (t.n - 2) + 2]);
    zsc_figure_set(&f, "simulated", "%d", r->simulated);
    title = zsc_result_label(r, styles);
    rank_title = zsc_rank_title(rank);
    char *shown = title ? zsc_text_shorten(title, (width - legend.width) / em - 4) : NULL;
    zsc_figure_set_text(&f, "note", shown);
    free(shown);
    zsc_figure_set_text(&f, "rank_title", rank_title);
    zsc_figure_set_text(&f, "x_title", strcmp(r->linkage, "ward") == 0 ? "height (Ward)" : "height");
    zsc_figure_block(&f, "leaves: place, rows, most frequent taxon, its share in %");
    put_leaves(&f, &t, c, &m, most);
    zsc_figure_block(&f, "lines of the tree: height, place, height, place");
    put_tree(&f, &t);
    zsc_figure_block(&f, "bars: place, from, to (shares), colour");
    put_bars(&f, &t, c, &m, order, taxa);
    zsc_legend_put(&f, &legend, 3.6 * line);
    status = zsc_figure_finish(&f, "dendrogram", dumb);
done:
    zsc_legend_free(&legend);
    free(title);
    free(rank_title);
    free(t.y);
    free(t.order);
    free(label);
    free(order);
    free(count);
    free(m.count);
    free(m.rows);
    zsc_figure_drop(&f);
    return status;
}
