/* AMI at every cut of a dendrogram, one curve per rank; the true number of classes and the best cut are marked. And
 * what a rule that finds the number of clusters (--cut) measured at numbers of clusters. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/store/result_fields.h"
#include "experiment/store/result_parts.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/panels.h"
#include "report/figures/text_width.h"

enum { MOST_POINTS = 400 };

/* Cuts that are drawn: all up to 40, then equally spaced on the logarithmic axis; the marked K are always among them.
 */
static size_t next_cut(size_t k, size_t n)
{
    if (k < 40) return k + 1;
    double factor = pow((double)n / 40, 1.0 / (MOST_POINTS - 40));
    size_t next = (size_t)((double)k * factor);
    return next > k ? next : k + 1;
}

static void put_curve(zsc_figure *f, const zsc_result *r, size_t rank)
{
    const zsc_rank_scores *s = &r->score[rank];
    size_t marks[2] = {s->scores.classes, s->best_clusters};
    for (size_t k = 1; k <= r->rows;) {
        zsc_figure_number(f, (double)k);
        zsc_figure_number(f, 100 * r->curve[rank][k - 1]);
        zsc_figure_end_line(f);
        size_t next = next_cut(k, r->rows);
        for (int m = 0; m < 2; m++)
            if (marks[m] > k && marks[m] < next) next = marks[m];
        if (k < r->rows && next > r->rows) next = r->rows;
        k = next;
    }
}

static long colour_of(size_t rank)
{
    static const long further[] = {0x9a9a9a, 0xc46a3a, 0x7a6fb2, 0x6bac80};
    return rank < ZSC_STYLE_COLOURS ? zsc_colour_rgb(zsc_style_colour(rank)) : further[(rank - ZSC_STYLE_COLOURS) % 4];
}

/* The label of result I, with its seed where another has the same label; the caller's. */
static char *title_of(const zsc_result_list *list, size_t i, const zsc_styles *styles)
{
    char *own = zsc_result_label(&list->item[i], styles);
    bool shared = false;
    for (size_t j = 0; own && j < list->count; j++) {
        char *other = j == i ? NULL : zsc_result_label(&list->item[j], styles);
        shared |= other && strcmp(own, other) == 0;
        free(other);
    }
    if (!shared) return own;
    char *title = zsc_asprintf("%s, seed %" PRIu64, own, list->item[i].seed);
    free(own);
    return title;
}

static void place(const zsc_result_list *list, const zsc_styles *styles, const zsc_figure_options *o,
                  zsc_legend *legend, zsc_panels *grid)
{
    enum { MOST_TITLE_EM = 24, LEAST_EM = 12 };
    double em = zsc_figure_em(o), line = zsc_figure_line(o), widest = LEAST_EM;
    const zsc_result *first = &list->item[0];
    for (size_t i = 0; i < list->count; i++) {
        char *label = title_of(list, i, styles);
        if (label) widest = fmax(widest, fmin(MOST_TITLE_EM, zsc_figure_text_em(o, label)));
        free(label);
    }
    for (size_t j = 0; j < first->scores; j++) {
        char *title = zsc_rank_title(first->score[j].rank);
        zsc_legend_add(legend, title, (zsc_legend_entry){.colour = colour_of(j), .line = 1});
        free(title);
    }
    zsc_legend_add(legend, "true K", (zsc_legend_entry){.colour = 0x222222, .marker = 6});
    zsc_legend_add(legend, "best K", (zsc_legend_entry){.colour = 0x222222, .marker = 7});
    zsc_legend_place(legend, o, 2.4 * zsc_figure_unit(o));
    *grid = (zsc_panels){.count = list->count,
                         .left = 3.5 * em,
                         .right = 0.8 * em + legend->width,
                         .gap = 1.4 * em,
                         .above = 1.5 * line,
                         .below = 2.9 * line,
                         .head = 1.3 * line,
                         .foot = legend->height};
    zsc_panels_fit(grid, o, widest * em);
    grid->height = (zsc_figure_is_wide(o) ? 2.1 : 1.75) * zsc_figure_unit(o);
    if (legend->right) grid->height = fmax(grid->height, (double)legend->count * line - 1.5 * line);
}

static void put_panels(zsc_figure *f, const zsc_result_list *list, const zsc_styles *styles, const zsc_panels *grid)
{
    zsc_figure_block(f, "panels: title, left, right, bottom, top (fractions of the figure), 1 if the first of its row");
    for (size_t i = 0; i < list->count; i++) {
        char *label = title_of(list, i, styles);
        char *shown = label ? zsc_text_shorten(label, (grid->width + grid->gap) / zsc_figure_em(f->options)) : NULL;
        zsc_figure_text(f, shown);
        free(label);
        free(shown);
        zsc_panels_put(f, grid, i);
        zsc_figure_end_line(f);
    }
}

zsc_status zsc_figure_clusters(const zsc_result_list *list, const zsc_styles *styles, const zsc_figure_options *options,
                               char **dumb)
{
    zsc_figure f = {0};
    zsc_status status = ZSC_OK;
    const zsc_result *first = &list->item[0];
    size_t ranks = first->scores, rows = 0;
    bool simulated = false;
    zsc_legend legend = {0};
    zsc_panels grid;
    for (size_t i = 0; i < list->count; i++) {
        const zsc_result *r = &list->item[i];
        if (!r->curve) {
            const zsc_clusterer_traits *by = zsc_result_clusterer(r);
            status = by->dendrogram ? zsc_fail(ZSC_EINPUT, "'%s' has no curve: run it with --curve", r->path)
                                    : zsc_fail(ZSC_EINPUT,
                                               "'%s' is of %s, which makes no dendrogram: there are no cuts to draw; "
                                               "--where clusterer=agglomerative leaves such results out",
                                               r->path, by->title);
            goto done;
        }
        if (r->scores != ranks) {
            status = zsc_fail(ZSC_EINPUT, "'%s' has %zu ranks, '%s' has %zu: draw them in separate figures", r->path,
                              r->scores, first->path, ranks);
            goto done;
        }
        if (r->rows > rows) rows = r->rows;
        simulated |= r->simulated;
    }
    place(list, styles, options, &legend, &grid);
    zsc_figure_begin(&f, options, "clusters");
    zsc_figure_size(&f, zsc_panels_height(&grid), zsc_panels_height(&grid) - 0.5 * grid.height);
    zsc_figure_set(&f, "panels", "%zu", list->count);
    zsc_figure_set(&f, "ranks", "%zu", ranks);
    zsc_figure_set(&f, "rows", "%zu", rows);
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_legend_settings(&f, &legend, 4 + list->count * ranks);
    put_panels(&f, list, styles, &grid);
    zsc_figure_block(&f, "ranks: name, colour");
    for (size_t j = 0; j < ranks; j++) {
        char *title = zsc_rank_title(first->score[j].rank);
        zsc_figure_text(&f, title);
        free(title);
        zsc_figure_rgb(&f, colour_of(j));
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "marks: panel, rank, classes, AMI in % there, best K, AMI in % there");
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < ranks; j++) {
            const zsc_result *r = &list->item[i];
            size_t classes = r->score[j].scores.classes, best = r->score[j].best_clusters;
            zsc_figure_number(&f, (double)i + 1);
            zsc_figure_number(&f, (double)j + 1);
            zsc_figure_number(&f, (double)classes);
            zsc_figure_number(&f, classes ? 100 * r->curve[j][classes - 1] : NAN);
            zsc_figure_number(&f, (double)best);
            zsc_figure_number(&f, best ? 100 * r->curve[j][best - 1] : NAN);
            zsc_figure_end_line(&f);
        }
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < ranks; j++) {
            zsc_figure_block(&f, "one curve (panel by panel, rank by rank): clusters K, AMI in %");
            put_curve(&f, &list->item[i], j);
        }
    zsc_legend_put(&f, &legend, 2.8 * zsc_figure_line(options));
    status = zsc_figure_finish(&f, "clusters", dumb);
done:
    zsc_legend_free(&legend);
    zsc_figure_drop(&f);
    return status;
}

/* --- What a rule of --cut measures */
static const char *rule_title(const zsc_result *r)
{
    if (strcmp(r->clusters_rule, "gap") == 0) return "relative gap of heights";
    return strcmp(r->clusters_rule, "elbow") == 0 ? "distance from the line" : "silhouette";
}

/* Classes of RANK; 0 where the result has no such rank. */
static size_t true_clusters(const zsc_result *r, const char *rank)
{
    size_t j = rank ? zsc_result_rank(r, rank) : r->scores;
    return j < r->scores ? r->score[j].scores.classes : 0;
}

static double value_at(const zsc_cut_curve *c, size_t k)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->k[i] == k) return c->value[i];
    return NAN;
}

static void place_cuts(const zsc_result_list *list, const char *rank, const zsc_styles *styles,
                       const zsc_figure_options *o, zsc_legend *legend, zsc_panels *grid)
{
    enum { MOST_TITLE_EM = 24, LEAST_EM = 14 };
    double em = zsc_figure_em(o), line = zsc_figure_line(o), widest = LEAST_EM;
    for (size_t i = 0; i < list->count; i++) {
        char *label = title_of(list, i, styles);
        if (label) widest = fmax(widest, fmin(MOST_TITLE_EM, zsc_figure_text_em(o, label)));
        free(label);
    }
    char *title = rank ? zsc_rank_title(rank) : NULL, *truth = title ? zsc_asprintf("true K (%s)", title) : NULL;
    zsc_legend_add(legend, "K found", (zsc_legend_entry){.colour = colour_of(0), .marker = 7});
    if (truth) zsc_legend_add(legend, truth, (zsc_legend_entry){.colour = 0x777777, .line = 1});
    free(title);
    free(truth);
    zsc_legend_place(legend, o, 2.0 * zsc_figure_unit(o));
    *grid = (zsc_panels){.count = list->count,
                         .left = 5.2 * em,
                         .right = 0.8 * em + legend->width,
                         .gap = 5.2 * em,
                         .above = 1.5 * line,
                         .below = 2.9 * line,
                         .head = 1.3 * line,
                         .foot = legend->height};
    zsc_panels_fit(grid, o, widest * em);
    grid->height = 1.5 * zsc_figure_unit(o);
}

static zsc_status expect_curves(const zsc_result_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].cut_curve.count == 0)
            return zsc_fail(ZSC_EINPUT,
                            "'%s' has no curve of cuts: zsc run keeps it with --cut gap, elbow or silhouette (and none "
                            "of fewer than 4 distinct rows)",
                            list->item[i].path);
    return ZSC_OK;
}

zsc_status zsc_figure_cuts(const zsc_result_list *list, const char *rank, const zsc_styles *styles,
                           const zsc_figure_options *options, char **dumb)
{
    zsc_figure f = {0};
    zsc_legend legend = {0};
    zsc_panels grid;
    bool simulated = false;
    zsc_status status = expect_curves(list);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < list->count; i++) simulated |= list->item[i].simulated;
    place_cuts(list, rank, styles, options, &legend, &grid);
    zsc_figure_begin(&f, options, "cuts");
    zsc_figure_size(&f, zsc_panels_height(&grid), zsc_panels_height(&grid) - 0.5 * grid.height);
    zsc_figure_set(&f, "panels", "%zu", list->count);
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_legend_settings(&f, &legend, 3 + list->count);
    put_panels(&f, list, styles, &grid);
    zsc_figure_block(&f, "marks: K found, value there, true K (0: not known), what the rule measures, colour");
    for (size_t i = 0; i < list->count; i++) {
        const zsc_result *r = &list->item[i];
        zsc_figure_number(&f, (double)r->clusters);
        zsc_figure_number(&f, value_at(&r->cut_curve, r->clusters));
        zsc_figure_number(&f, (double)true_clusters(r, rank));
        zsc_figure_text(&f, rule_title(r));
        zsc_figure_rgb(&f, colour_of(0));
        zsc_figure_end_line(&f);
    }
    for (size_t i = 0; i < list->count; i++) {
        const zsc_cut_curve *c = &list->item[i].cut_curve;
        zsc_figure_block(&f, "one curve: clusters K, value");
        for (size_t k = 0; k < c->count; k++) {
            zsc_figure_number(&f, (double)c->k[k]);
            zsc_figure_number(&f, c->value[k]);
            zsc_figure_end_line(&f);
        }
    }
    zsc_legend_put(&f, &legend, 2.8 * zsc_figure_line(options));
    status = zsc_figure_finish(&f, "cuts", dumb);
    zsc_legend_free(&legend);
    return status;
}
