/* AMI of each encoder under each condition: a line for each condition, a point for each encoder, thin lines where the
 * encoders stand in the base, Kendall's tau at the right. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/looks.h"
#include "report/figures/panels.h"
#include "report/figures/text_width.h"

static const double LONGEST_NAME_EM = 18, TAU_EM = 3.2, LEAST_PLOT_EM = 14;

typedef struct drawing {
    const zsc_conditions *c;
    zsc_look *look; /* by encoder */
    char **name;    /* by condition, shortened */
    double names;   /* widest, em */
    double low, high;
    zsc_panels grid;
    zsc_legend legend;
} drawing;

static zsc_status name_lines(drawing *d, const zsc_figure_options *o)
{
    zsc_status status = ZSC_OK;
    double most = fmin(LONGEST_NAME_EM, zsc_figure_width(o) / zsc_figure_em(o) / 2.4);
    ZSC_NEW(d->name, d->c->count);
    for (size_t i = 0; i < d->c->count; i++) {
        if (!(d->name[i] = zsc_text_shorten(i ? d->c->item[i].name : "base", most))) return ZSC_EINTERNAL;
        d->names = fmax(d->names, zsc_figure_text_em(o, d->name[i]));
    }
done:
    return status;
}

static zsc_status make_legend(drawing *d, const zsc_styles *styles)
{
    zsc_status status = ZSC_OK;
    zsc_looks_taken taken = {.looks = &styles->looks};
    ZSC_NEW(d->look, d->c->encoders.count);
    for (size_t e = 0; e < d->c->encoders.count; e++) {
        ZSC_TRY(zsc_looks_take(&taken, d->c->encoders.item[e], &d->look[e]));
        zsc_legend_add(&d->legend, zsc_conditions_series(d->c, e)->name,
                       (zsc_legend_entry){.colour = zsc_colour_rgb(d->look[e].colour), .marker = d->look[e].marker});
    }
done:
    free(taken.item);
    return status;
}

static void find_range(drawing *d)
{
    d->low = INFINITY;
    d->high = -INFINITY;
    for (size_t i = 0; i < d->c->count; i++)
        for (size_t e = 0; e < d->c->encoders.count; e++) {
            double ami = 100 * d->c->item[i].ami[e];
            if (isnan(ami)) continue;
            d->low = fmin(d->low, ami);
            d->high = fmax(d->high, ami);
        }
    double more = fmax(0.06 * (d->high - d->low), 0.5);
    d->low -= more;
    d->high += more;
}

static void make_grid(drawing *d, const zsc_figure_options *o)
{
    double em = zsc_figure_em(o), line = zsc_figure_line(o);
    zsc_legend_place(&d->legend, o, 1.1 * line * (double)(d->c->count + 1));
    d->grid = (zsc_panels){.count = 1,
                           .left = (d->names + 1.8) * em,
                           .right = TAU_EM * em + d->legend.width + 0.8 * em,
                           .gap = 0,
                           .above = 1.5 * line,
                           .below = 2.9 * line,
                           .head = 1.1 * line,
                           .foot = d->legend.height + 0.2 * line};
    zsc_panels_fit(&d->grid, o, LEAST_PLOT_EM * em);
}

static void put_lines(zsc_figure *f, const drawing *d)
{
    zsc_figure_block(f, "conditions: name, Kendall's tau with the base");
    for (size_t i = 0; i < d->c->count; i++) {
        char text[32];
        double tau = i ? zsc_conditions_tau(d->c, i) : NAN;
        snprintf(text, sizeof text, isnan(tau) ? "-" : "%.2f", tau);
        zsc_figure_text(f, d->name[i]);
        zsc_figure_text(f, text);
        zsc_figure_end_line(f);
    }
}

static void put_points(zsc_figure *f, const drawing *d)
{
    zsc_figure_block(f, "encoders in the base: AMI in %, colour");
    for (size_t e = 0; e < d->c->encoders.count; e++) {
        if (isnan(d->c->item[0].ami[e])) continue;
        zsc_figure_number(f, 100 * d->c->item[0].ami[e]);
        zsc_figure_colour(f, d->look[e].colour);
        zsc_figure_end_line(f);
    }
    zsc_figure_block(f, "points: condition (from 1), AMI in %, colour, marker");
    for (size_t i = 0; i < d->c->count; i++)
        for (size_t e = 0; e < d->c->encoders.count; e++) {
            if (isnan(d->c->item[i].ami[e])) continue;
            zsc_figure_number(f, (double)i + 1);
            zsc_figure_number(f, 100 * d->c->item[i].ami[e]);
            zsc_figure_colour(f, d->look[e].colour);
            zsc_figure_number(f, d->look[e].marker);
            zsc_figure_end_line(f);
        }
}

static void put_titles(zsc_figure *f, const drawing *d)
{
    char *rank = zsc_rank_title(d->c->set->rank[d->c->rank]), *shown = rank ? zsc_text_shorten(rank, 9) : NULL;
    char *title = shown ? zsc_asprintf("%s AMI (%%)", shown) : NULL;
    zsc_figure_set_text(f, "x_title", title ? title : "");
    zsc_figure_set_text(f, "note", "tau");
    free(rank);
    free(shown);
    free(title);
}

zsc_status zsc_figure_sensitivity(const zsc_conditions *c, const zsc_styles *styles, const zsc_figure_options *o,
                                  char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    drawing d = {.c = c};
    double line = zsc_figure_line(o), least;
    ZSC_TRY(name_lines(&d, o));
    ZSC_TRY(make_legend(&d, styles));
    find_range(&d);
    make_grid(&d, o);
    d.grid.height = 0.8 * line * (double)c->count;
    least = zsc_panels_height(&d.grid);
    d.grid.height = 1.2 * line * (double)(c->count + 1);
    zsc_figure_begin(&f, o, "sensitivity");
    zsc_figure_size(&f, zsc_panels_height(&d.grid), least);
    zsc_figure_set(&f, "items", "%zu", c->count);
    zsc_figure_set(&f, "low", "%.6g", d.low);
    zsc_figure_set(&f, "high", "%.6g", d.high);
    zsc_figure_set(&f, "x_step", "%.6g", zsc_figure_tick_step(d.low, d.high, d.grid.width / zsc_figure_em(o)));
    zsc_figure_set(&f, "simulated", "%d", c->set->simulated);
    put_titles(&f, &d);
    zsc_legend_settings(&f, &d.legend, 5);
    put_lines(&f, &d);
    zsc_figure_block(&f, "panel: left, right, bottom, top (fractions of the figure), 1");
    zsc_panels_put(&f, &d.grid, 0);
    zsc_figure_end_line(&f);
    put_points(&f, &d);
    zsc_legend_put(&f, &d.legend, d.grid.head + d.grid.above);
    status = zsc_figure_finish(&f, "sensitivity", dumb);
done:
    for (size_t i = 0; d.name && i < c->count; i++) free(d.name[i]);
    free(d.name);
    free(d.look);
    zsc_legend_free(&d.legend);
    zsc_figure_drop(&f);
    return status;
}
