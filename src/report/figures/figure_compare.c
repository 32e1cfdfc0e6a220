/* Paired differences of AMI to one encoder, with intervals. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/escape.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/looks.h"
#include "report/figures/panels.h"
#include "report/figures/text_width.h"

/* AMI of encoder E minus that of BASE, at one rank. */
static zsc_difference difference_of(const zsc_compare_group *g, size_t rank, size_t e, size_t base)
{
    for (size_t i = 0; i < g->differences; i++) {
        zsc_difference d = g->difference[i];
        if (d.rank != rank || !((d.a == e && d.b == base) || (d.a == base && d.b == e))) continue;
        if (d.a == e) return d;
        d.value = -d.value;
        d.interval = (zsc_interval){-d.interval.high, -d.interval.low};
        d.joint = (zsc_interval){-d.joint.high, -d.joint.low};
        return d;
    }
    return (zsc_difference){.value = NAN, .interval = {NAN, NAN}, .joint = {NAN, NAN}};
}

/* --- Layout: a row of names and panels, one per rank, as often as needed */
typedef struct layout {
    size_t lines;
    double names;           /* ems, of the longest name */
    double low, high, step; /* of the axis, in points */
    double least_height;    /* inches */
    char **name;            /* of the encoders */
    zsc_panels grid;
    zsc_legend legend;
} layout;

static const double LEAST_PANEL_EM = 7.5, LONGEST_RANK_EM = 14, MOST_NAMES = 0.45;

static zsc_status name_lines(const zsc_compare_group *g, size_t base, const zsc_series_set *set,
                             const zsc_styles *styles, const zsc_figure_options *o, layout *l)
{
    double most = MOST_NAMES * zsc_figure_width(o) / zsc_figure_em(o);
    l->name = zsc_calloc(g->encoders, sizeof *l->name, "names of encoders");
    if (!l->name) return ZSC_EINTERNAL;
    for (size_t e = 0; e < g->encoders; e++) {
        char *label = zsc_compared_name(set, styles, g->encoder[e]);
        l->name[e] = label ? zsc_text_shorten(label, e == base ? 3 * most : most) : NULL;
        free(label);
        if (!l->name[e]) return ZSC_EINTERNAL;
        if (e != base) l->names = fmax(l->names, zsc_figure_text_em(o, l->name[e]));
    }
    return ZSC_OK;
}

static void value_range(const zsc_compare_group *g, size_t base, layout *l)
{
    for (size_t e = 0; e < g->encoders; e++)
        for (size_t r = 0; e != base && r < g->ranks; r++) {
            zsc_difference d = difference_of(g, r, e, base);
            if (!isfinite(d.value)) continue;
            l->low = fmin(l->low, 100 * (isfinite(d.joint.low) ? fmin(d.joint.low, d.value) : d.value));
            l->high = fmax(l->high, 100 * (isfinite(d.joint.high) ? fmax(d.joint.high, d.value) : d.value));
        }
    if (!(l->high > l->low)) l->high = l->low + 1;
    double margin = 0.06 * (l->high - l->low);
    l->low -= margin;
    l->high += margin;
}

/* How far the outermost label of the axis reaches beyond its end, in ems. */
static double overhang(const zsc_figure_options *o, const layout *l, bool right)
{
    double tick = l->step * (right ? floor(l->high / l->step) : ceil(l->low / l->step));
    double from_end = fabs((right ? l->high : l->low) - tick) / (l->high - l->low) * l->grid.width / zsc_figure_em(o);
    char *label = zsc_asprintf(tick ? "%+g" : "0", tick);
    double beyond = label ? zsc_figure_text_em(o, label) / 2 - from_end : 0;
    free(label);
    return fmax(beyond, 0);
}

/* Panels as wide as fit, with gaps in which labels of neighbours do not touch. */
static void fit_panels(const zsc_figure_options *o, double least, layout *l)
{
    double em = zsc_figure_em(o), needed = l->grid.gap;
    do {
        l->grid.gap = needed;
        zsc_panels_fit(&l->grid, o, least);
        l->step = zsc_figure_tick_step(fmin(l->low, -1), l->high, l->grid.width / em);
        needed = (overhang(o, l, false) + overhang(o, l, true) + 0.8) * em;
    } while (needed > l->grid.gap * (1 + 1e-9));
}

static void make_layout(const zsc_compare_group *g, const zsc_figure_options *o, layout *l)
{
    double em = zsc_figure_em(o), line = zsc_figure_line(o), panel = LEAST_PANEL_EM;
    for (size_t r = 0; r < g->ranks; r++) {
        char *title = zsc_rank_title(g->rank[r]);
        if (title) panel = fmax(panel, fmin(LONGEST_RANK_EM, zsc_figure_text_em(o, title)));
        free(title);
    }
    l->lines = g->encoders - 1;
    l->grid = (zsc_panels){.count = g->ranks,
                           .left = (l->names + 1.8) * em,
                           .right = 1.4 * em,
                           .gap = 1.2 * em,
                           .above = 1.4 * line,
                           .below = 1.6 * line,
                           .head = 3.2 * line,
                           .foot = l->legend.height + 0.4 * line};
    fit_panels(o, panel * em, l);
    l->grid.height = 0.8 * line * (double)l->lines;
    l->least_height = zsc_panels_height(&l->grid);
    l->grid.height = 1.1 * line * (double)(l->lines + 1);
}

/* --- Data */
static void put_panels(zsc_figure *f, const zsc_compare_group *g, const layout *l)
{
    zsc_figure_block(f, "panels: rank, left, right, bottom, top (fractions of the figure), 1 if the first of its row");
    for (size_t r = 0; r < g->ranks; r++) {
        char *title = zsc_rank_title(g->rank[r]), *shown = title ? zsc_text_shorten(title, LONGEST_RANK_EM) : NULL;
        zsc_figure_text(f, shown);
        free(title);
        free(shown);
        zsc_panels_put(f, &l->grid, r);
        zsc_figure_end_line(f);
    }
}

/* In two lines where one is too long. */
static bool put_title(zsc_figure *f, const char *baseline, double level)
{
    double most = zsc_figure_width(f->options) / zsc_figure_em(f->options) - 2;
    char *first = zsc_asprintf("AMI minus that of %s", baseline);
    char *second = zsc_asprintf("in points, with simultaneous %g %% intervals", 100 * level);
    char *both = first && second ? zsc_asprintf("%s, %s", first, second) : NULL;
    bool one = both && zsc_figure_text_em(f->options, both) <= most;
    char *shown = one ? zsc_strdup(both) : first ? zsc_text_shorten(first, most) : NULL;
    bool made = both && shown;
    if (made) {
        zsc_figure_set_text(f, "note", shown);
        zsc_figure_set_text(f, "x_title", one ? "" : second);
    }
    free(first);
    free(second);
    free(both);
    free(shown);
    return made;
}

/* The filled shape of a marker of gnuplot's: a hollow one says here that a difference does not hold. */
static int solid(int marker) { return marker >= 4 && marker % 2 == 0 ? marker + 1 : marker; }

static zsc_status put_lines(zsc_figure *f, const zsc_compare_group *g, size_t base, const zsc_series_set *set,
                            const zsc_styles *styles, const layout *l)
{
    zsc_status status = ZSC_OK;
    zsc_looks_taken taken = {.looks = &styles->looks};
    zsc_figure_block(f, "lines: name, colour, marker");
    for (size_t e = 0; e < g->encoders; e++) {
        zsc_look look;
        size_t k = zsc_series_of_compared(set, g->encoder[e]);
        ZSC_TRY(zsc_looks_take(&taken, k < set->count ? set->item[k].encoders : g->encoder[e], &look));
        if (e == base) continue;
        zsc_figure_text(f, l->name[e]);
        zsc_figure_colour(f, look.colour);
        zsc_figure_number(f, solid(look.marker));
        zsc_figure_end_line(f);
    }
done:
    free(taken.item);
    return status;
}

static void put_differences(zsc_figure *f, const zsc_compare_group *g, size_t base, size_t r)
{
    zsc_figure_block(
        f, "one rank: line (from 1), difference of AMI in points, low, high, 1 if it holds among all at once");
    for (size_t e = 0, line = 0; e < g->encoders; e++) {
        if (e == base) continue;
        zsc_difference d = difference_of(g, r, e, base);
        zsc_figure_number(f, (double)++line);
        zsc_figure_number(f, 100 * d.value);
        zsc_figure_number(f, 100 * d.joint.low);
        zsc_figure_number(f, 100 * d.joint.high);
        zsc_figure_number(f, d.holds);
        zsc_figure_end_line(f);
    }
}

zsc_status zsc_figure_compare(const zsc_compare_group *g, const char *baseline, double level, const zsc_series_set *set,
                              const zsc_styles *styles, const zsc_figure_options *options, char **dumb)
{
    zsc_figure f = {0};
    layout l = {0};
    size_t base = 0;
    zsc_status status = zsc_compare_find(g, baseline, &base);
    if (status != ZSC_OK) return status;
    ZSC_TRY(name_lines(g, base, set, styles, options, &l));
    value_range(g, base, &l);
    zsc_legend_add(&l.legend, "holds jointly with all others", (zsc_legend_entry){.colour = 0x777777, .marker = 7});
    zsc_legend_add(&l.legend, "does not hold", (zsc_legend_entry){.colour = 0x777777, .marker = 6});
    zsc_legend_place(&l.legend, options, 0);
    make_layout(g, options, &l);
    zsc_figure_begin(&f, options, "compare");
    zsc_figure_size(&f, zsc_panels_height(&l.grid), l.least_height);
    zsc_figure_set(&f, "items", "%zu", l.lines);
    zsc_figure_set(&f, "panels", "%zu", g->ranks);
    zsc_figure_set(&f, "low", "%.6g", l.low);
    zsc_figure_set(&f, "high", "%.6g", l.high);
    zsc_figure_set(&f, "x_step", "%.6g", l.step);
    zsc_figure_set(&f, "simulated", "%d", g->simulated);
    if (!put_title(&f, l.name[base], level)) f.text.failed = true;
    zsc_legend_settings(&f, &l.legend, 3 + g->ranks);
    ZSC_TRY(put_lines(&f, g, base, set, styles, &l));
    put_panels(&f, g, &l);
    for (size_t r = 0; r < g->ranks; r++) put_differences(&f, g, base, r);
    zsc_legend_put(&f, &l.legend, 0);
    status = zsc_figure_finish(&f, "compare", dumb);
done:
    for (size_t e = 0; l.name && e < g->encoders; e++) free(l.name[e]);
    free(l.name);
    zsc_legend_free(&l.legend);
    zsc_figure_drop(&f);
    return status;
}
