/* AMI against other measures across encoders: a panel for each measure, a point for each encoder, Spearman's rank
 * correlation in the title. */
#include <math.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/looks.h"
#include "report/figures/panels.h"
#include "report/figures/text_width.h"

static const double LONGEST_RANK_EM = 9;

/* What is on the x axis. */
static const struct {
    const char *title, *where; /* where its values come from */
    double unit, margin;       /* the least distance of a point from the ends of the axis, in units */
    bool of_rank;
} axes[ZSC_MEASURES] = {
    [ZSC_MEASURE_AMI] = {"AMI (%)", NULL, 100, 0.5, true},
    [ZSC_MEASURE_ACCURACY] = {"1-NN accuracy (%)", "zsc retrieve --k 1 --store, into the folder of results", 100, 0.5,
                              true},
    [ZSC_MEASURE_SILHOUETTE] = {"Silhouette of the clusters", "zsc run --internal", 1, 0.005, false},
    [ZSC_MEASURE_SILHOUETTE_ORIGINAL] = {"Silhouette before reduction", "zsc run --internal --internal-space both", 1,
                                         0.005, false},
    [ZSC_MEASURE_STABILITY] = {"Stability: AMI of subsamples (%)", "zsc run --stability", 100, 0.5, false},
    [ZSC_MEASURE_STABILITY_SEEDS] = {"Stability: AMI of seeds (%)", "zsc run --stability, of what draws at random", 100,
                                     0.5, false},
};

typedef struct drawing {
    const zsc_measures *measures;
    const zsc_styles *styles;
    const char *rank;
    int panel[ZSC_MEASURES]; /* the measure of each panel */
    char *title[ZSC_MEASURES];
    zsc_look *look; /* by encoder */
    zsc_panels grid;
    zsc_legend legend;
} drawing;

static bool has_both(const zsc_measured_encoder *e, int measure)
{
    return isfinite(e->value[ZSC_MEASURE_AMI]) && isfinite(e->value[measure]);
}

static bool is_drawn(const drawing *d, size_t i)
{
    for (size_t p = 0; p < d->grid.count; p++)
        if (has_both(&d->measures->item[i], d->panel[p])) return true;
    return false;
}

/* A panel for each measure that an encoder has. A warning for each that some or all lack. */
static zsc_status choose_panels(drawing *d)
{
    const zsc_measures *m = d->measures;
    for (int k = ZSC_MEASURE_ACCURACY; k < ZSC_MEASURES; k++)
        if (m->with[k].encoders) d->panel[d->grid.count++] = k;
    if (d->grid.count == 0)
        return zsc_fail(ZSC_EINPUT,
                        "no encoder has a measure to draw AMI against: 1-NN accuracy (%s) or the silhouette of its "
                        "clusters (%s)",
                        axes[ZSC_MEASURE_ACCURACY].where, axes[ZSC_MEASURE_SILHOUETTE].where);
    for (int k = ZSC_MEASURE_ACCURACY; k < ZSC_MEASURES; k++)
        if (m->with[k].encoders < m->count && (m->with[k].encoders || k <= ZSC_MEASURE_SILHOUETTE))
            zsc_warn("%zu of %zu encoders are left out of the panel of %s: they have none (%s)",
                     m->count - m->with[k].encoders, m->count,
                     k == ZSC_MEASURE_ACCURACY              ? "1-NN accuracy"
                     : k == ZSC_MEASURE_SILHOUETTE          ? "silhouettes"
                     : k == ZSC_MEASURE_SILHOUETTE_ORIGINAL ? "silhouettes before reduction"
                                                            : "stability",
                     axes[k].where);
    return ZSC_OK;
}

static zsc_status make_titles(drawing *d)
{
    for (size_t p = 0; p < d->grid.count; p++) {
        zsc_agreement with = d->measures->with[d->panel[p]];
        const char *plural = with.encoders == 1 ? "" : "s";
        d->title[p] = isnan(with.spearman)
                          ? zsc_asprintf("Spearman's rho undefined, %zu encoder%s", with.encoders, plural)
                          : zsc_asprintf("Spearman's rho %.3f, %zu encoders", with.spearman, with.encoders);
        if (!d->title[p]) return ZSC_EINTERNAL;
    }
    return ZSC_OK;
}

static zsc_status make_legend(drawing *d)
{
    zsc_status status = ZSC_OK;
    zsc_looks_taken taken = {.looks = &d->styles->looks};
    ZSC_NEW(d->look, d->measures->count);
    for (size_t i = 0; i < d->measures->count; i++) {
        const zsc_measured_encoder *e = &d->measures->item[i];
        ZSC_TRY(zsc_looks_take(&taken, e->encoder, &d->look[i]));
        if (!is_drawn(d, i)) continue;
        char *label = zsc_encoders_label(d->styles, e->encoder, e->labels);
        zsc_legend_add(&d->legend, label,
                       (zsc_legend_entry){.colour = zsc_colour_rgb(d->look[i].colour), .marker = d->look[i].marker});
        free(label);
    }
done:
    free(taken.item);
    return status;
}

static void make_grid(drawing *d, const zsc_figure_options *o)
{
    static const double LEAST_PLOT_EM = 13; /* of the height: the title of the y axis */
    double em = zsc_figure_em(o), line = zsc_figure_line(o), unit = zsc_figure_unit(o), widest = 0;
    zsc_panels *g = &d->grid;
    for (size_t p = 0; p < g->count; p++) widest = fmax(widest, zsc_figure_text_em(o, d->title[p]));
    zsc_legend_place(&d->legend, o, 2.2 * unit);
    g->left = 3.9 * em;
    g->right = d->legend.width + 1.4 * em;
    g->gap = 1.4 * em;
    g->above = 1.5 * line;
    g->below = 2.9 * line;
    g->head = 1.2 * line;
    g->foot = d->legend.height + 0.2 * line;
    zsc_panels_fit(g, o, (widest + 0.5) * em);
    g->height = LEAST_PLOT_EM * em;
}

/* The range of a measure, with a margin, in what the axis is in. */
static void range_of(const drawing *d, int measure, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < d->measures->count; i++) {
        const zsc_measured_encoder *e = &d->measures->item[i];
        if (measure == ZSC_MEASURE_AMI ? !is_drawn(d, i) : !has_both(e, measure)) continue;
        *low = fmin(*low, axes[measure].unit * e->value[measure]);
        *high = fmax(*high, axes[measure].unit * e->value[measure]);
    }
    double more = fmax(0.06 * (*high - *low), axes[measure].margin);
    *low -= more;
    *high += more;
}

/* The title of an axis, with the rank where the measure is of one; the caller's. */
static char *axis_title(const drawing *d, int measure)
{
    if (!axes[measure].of_rank) return zsc_strdup(axes[measure].title);
    char *rank = zsc_rank_title(d->rank), *shown = rank ? zsc_text_shorten(rank, LONGEST_RANK_EM) : NULL;
    char *title = shown ? zsc_asprintf("%s %s", shown, axes[measure].title) : NULL;
    free(rank);
    free(shown);
    return title;
}

static void put_panels(zsc_figure *f, const drawing *d)
{
    zsc_figure_block(f, "panels: title, left, right, bottom, top (fractions of the figure), 1 if the first of its row, "
                        "x axis: title, low, high, distance of ticks");
    for (size_t p = 0; p < d->grid.count; p++) {
        double low, high;
        char *x_title = axis_title(d, d->panel[p]);
        range_of(d, d->panel[p], &low, &high);
        zsc_figure_text(f, d->title[p]);
        zsc_panels_put(f, &d->grid, p);
        zsc_figure_text(f, x_title);
        zsc_figure_number(f, low);
        zsc_figure_number(f, high);
        zsc_figure_number(f, zsc_figure_tick_step(low, high, d->grid.width / zsc_figure_em(f->options)));
        zsc_figure_end_line(f);
        free(x_title);
    }
}

static void put_points(zsc_figure *f, const drawing *d, int measure)
{
    zsc_figure_block(f, "one panel: encoder, measure of the x axis, AMI in %, colour, marker");
    for (size_t i = 0; i < d->measures->count; i++) {
        const zsc_measured_encoder *e = &d->measures->item[i];
        if (!has_both(e, measure)) continue;
        zsc_figure_text(f, e->encoder);
        zsc_figure_number(f, axes[measure].unit * e->value[measure]);
        zsc_figure_number(f, axes[ZSC_MEASURE_AMI].unit * e->value[ZSC_MEASURE_AMI]);
        zsc_figure_colour(f, d->look[i].colour);
        zsc_figure_number(f, d->look[i].marker);
        zsc_figure_end_line(f);
    }
}

static void put_settings(zsc_figure *f, drawing *d)
{
    double unit = zsc_figure_unit(f->options), line = zsc_figure_line(f->options), low, high;
    double least = zsc_panels_height(&d->grid), rows = ceil((double)d->grid.count / (double)d->grid.per_row);
    d->grid.height = fmax(1.9 * unit, d->legend.right ? (double)d->legend.count * line / rows : 0);
    char *y_title = axis_title(d, ZSC_MEASURE_AMI);
    zsc_figure_size(f, zsc_panels_height(&d->grid), least);
    double height = (f->height - d->grid.head - d->grid.foot) / rows - d->grid.above - d->grid.below;
    range_of(d, ZSC_MEASURE_AMI, &low, &high);
    zsc_figure_set(f, "panels", "%zu", d->grid.count);
    zsc_figure_set(f, "low", "%.6g", low);
    zsc_figure_set(f, "high", "%.6g", high);
    zsc_figure_set(f, "x_step", "%.6g", zsc_figure_tick_step(low, high, height / zsc_figure_em(f->options) / 1.5));
    zsc_figure_set(f, "simulated", "%d", d->measures->simulated);
    zsc_figure_set_text(f, "y_title", y_title);
    zsc_legend_settings(f, &d->legend, 2 + d->grid.count);
    free(y_title);
}

zsc_status zsc_figure_measures(const zsc_measures *measures, const zsc_styles *styles, const char *rank,
                               const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    drawing d = {.measures = measures, .styles = styles, .rank = rank};
    ZSC_TRY(choose_panels(&d));
    ZSC_TRY(make_titles(&d));
    ZSC_TRY(make_legend(&d));
    make_grid(&d, options);
    zsc_figure_begin(&f, options, "measures");
    put_settings(&f, &d);
    put_panels(&f, &d);
    for (size_t p = 0; p < d.grid.count; p++) put_points(&f, &d, d.panel[p]);
    zsc_legend_put(&f, &d.legend, 2.2 * zsc_figure_line(options));
    status = zsc_figure_finish(&f, "measures", dumb);
done:
    for (size_t p = 0; p < ZSC_MEASURES; p++) free(d.title[p]);
    free(d.look);
    zsc_legend_free(&d.legend);
    zsc_figure_drop(&f);
    return status;
}
