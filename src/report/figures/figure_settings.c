/* AMI against a setting: lines where it is a number, points side by side where it is a word; by two settings: a map per
 * encoder. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "report/escape.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/panels.h"
#include "report/figures/setting_grid.h"
#include "report/figures/text_width.h"

enum { MOST_TICK_EM = 10 };

static const char *title_of(const zsc_setting_axis *a)
{
    return strcmp(a->column, "clusters_rule") == 0 ? "clusters" : a->column;
}

static void put_shortened(zsc_figure *f, const char *text, double most_em)
{
    char *shown = zsc_text_shorten(*text ? text : "-", most_em);
    zsc_figure_text(f, shown);
    free(shown);
}

static double widest_em(const zsc_setting_axis *a, const zsc_figure_options *o)
{
    double widest = 1;
    for (size_t i = 0; i < a->count; i++)
        widest = fmax(widest, zsc_figure_text_em(o, *a->value[i] ? a->value[i] : "-"));
    return fmin(widest, MOST_TICK_EM);
}

static zsc_status take_looks(const zsc_setting_grid *g, const zsc_styles *styles, zsc_look *look)
{
    zsc_status status = ZSC_OK;
    zsc_looks_taken taken = {.looks = &styles->looks};
    for (size_t k = 0; k < g->curves; k++) {
        ZSC_TRY(zsc_looks_take(&taken, g->curve[k].first->encoders, &look[k]));
        look[k].encoders = NULL;
    }
done:
    free(taken.item);
    return status;
}

/* --- One setting */
/* Numbers over more than a factor of ten are drawn on a logarithmic axis. */
static bool is_wide_range(const zsc_setting_axis *a)
{
    return a->number && a->number[0] > 0 && a->number[a->count - 1] > 10 * a->number[0];
}

/* Where value I is on the axis: words stand at 1, 2, ... */
static double position(const zsc_setting_axis *a, size_t i)
{
    if (!a->number) return (double)i + 1;
    return is_wide_range(a) ? log10(a->number[i]) : a->number[i];
}

/* The range in per cent, with the spread, and its ticks. */
static void put_range(zsc_figure *f, const zsc_setting_grid *g, double height_em)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < g->curves; k++)
        for (size_t i = 0; i < g->axis[0].count; i++) {
            const zsc_seed_mean *m = g->curve[k].mean[i];
            if (!m) continue;
            low = fmin(low, 100 * (m->mean - m->sd));
            high = fmax(high, 100 * (m->mean + m->sd));
        }
    double more = fmax(0.06 * (high - low), 0.5);
    low -= more;
    high += more;
    zsc_figure_set(f, "low", "%.6g", low);
    zsc_figure_set(f, "high", "%.6g", high);
    zsc_figure_set(f, "x_step", "%.6g", zsc_figure_tick_step(low, high, height_em));
}

/* Ticks at the values; those whose text would touch the one before have none. */
static void put_ticks(zsc_figure *f, const zsc_setting_axis *a, double from, double to, double width_em)
{
    double end = -INFINITY;
    zsc_figure_block(f, "ticks: place on the axis, text");
    for (size_t i = 0; i < a->count; i++) {
        double em = fmin(MOST_TICK_EM, zsc_figure_text_em(f->options, *a->value[i] ? a->value[i] : "-"));
        double at = (position(a, i) - from) / (to - from) * width_em;
        bool fits = at - em / 2 > end + 0.4;
        if (fits) end = at + em / 2;
        zsc_figure_number(f, position(a, i));
        put_shortened(f, fits ? a->value[i] : " ", MOST_TICK_EM);
        zsc_figure_end_line(f);
    }
}

/* Curves of words, and of one value, stand beside each other. */
static double shift_of(const zsc_setting_grid *g, size_t k)
{
    return g->axis[0].number ? 0 : ((double)k - ((double)g->curves - 1) / 2) * 0.6 / (double)g->curves;
}

static void put_curves(zsc_figure *f, const zsc_setting_grid *g, const zsc_look *look)
{
    zsc_figure_block(f, "curves: label, colour, marker, line");
    for (size_t k = 0; k < g->curves; k++) {
        zsc_figure_text(f, g->curve[k].label);
        zsc_figure_colour(f, look[k].colour);
        zsc_figure_number(f, look[k].marker);
        zsc_figure_number(f, look[k].line);
        zsc_figure_end_line(f);
    }
    for (size_t k = 0; k < g->curves; k++) {
        zsc_figure_block(f, "one curve: place on the axis, mean AMI in %, sd over seeds, seeds");
        for (size_t i = 0; i < g->axis[0].count; i++) {
            const zsc_seed_mean *m = g->curve[k].mean[i];
            if (!m) continue;
            zsc_figure_number(f, position(&g->axis[0], i) + shift_of(g, k));
            zsc_figure_number(f, 100 * m->mean);
            zsc_figure_number(f, m->n > 1 ? 100 * m->sd : 0);
            zsc_figure_number(f, (double)m->n);
            zsc_figure_end_line(f);
        }
    }
}

static zsc_status draw_lines(const zsc_setting_grid *g, const zsc_styles *styles, const char *rank, bool simulated,
                             const zsc_figure_options *o, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    zsc_legend legend = {0};
    zsc_look *look = NULL;
    const zsc_setting_axis *a = &g->axis[0];
    double em = zsc_figure_em(o), line = zsc_figure_line(o), left = 3.6 * em;
    ZSC_NEW(look, g->curves);
    ZSC_TRY(take_looks(g, styles, look));
    for (size_t k = 0; k < g->curves; k++)
        zsc_legend_add(&legend, g->curve[k].label,
                       (zsc_legend_entry){.colour = zsc_colour_rgb(look[k].colour),
                                          .marker = look[k].marker,
                                          .line = a->number ? look[k].line : 0});
    zsc_legend_place(&legend, o, 2.4 * zsc_figure_unit(o));
    double plot = legend.right ? fmax(2.1 * zsc_figure_unit(o), (double)legend.count * line) : 1.9 * zsc_figure_unit(o);
    double width_em = (zsc_figure_width(o) - legend.width - left) / em - 1;
    zsc_figure_begin(&f, o, "settings");
    zsc_figure_size(&f, plot + 5 * line + legend.height, 9 * line + legend.height);
    double from = position(a, 0), to = position(a, a->count - 1), more = a->number ? 0.05 * (to - from) : 0.5;
    if (!(more > 0)) more = 0.5;
    zsc_figure_set(&f, "x_low", "%.10g", from - more);
    zsc_figure_set(&f, "x_high", "%.10g", to + more);
    put_range(&f, g, (f.height - 5 * line - legend.height) / em / 1.5);
    zsc_figure_set(&f, "curves", "%zu", g->curves);
    zsc_figure_set(&f, "left", "%.5f", left / zsc_figure_width(o));
    zsc_figure_set(&f, "items", "%d", a->number != NULL);
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_figure_set_text(&f, "x_title", title_of(a));
    zsc_figure_set_text(&f, "rank_title", rank);
    zsc_legend_settings(&f, &legend, 3 + g->curves);
    put_ticks(&f, a, from - more, to + more, width_em);
    put_curves(&f, g, look);
    zsc_legend_put(&f, &legend, 2.2 * line);
    status = zsc_figure_finish(&f, "settings", dumb);
done:
    free(look);
    zsc_legend_free(&legend);
    zsc_figure_drop(&f);
    return status;
}

/* --- Two settings */
static void put_names(zsc_figure *f, const zsc_setting_axis *a, const char *comment)
{
    zsc_figure_block(f, comment);
    for (size_t i = 0; i < a->count; i++) {
        put_shortened(f, a->value[i], MOST_TICK_EM);
        zsc_figure_end_line(f);
    }
}

static void range_of(const zsc_setting_grid *g, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t k = 0; k < g->curves; k++)
        for (size_t i = 0; i < g->axis[0].count * g->axis[1].count; i++) {
            const zsc_seed_mean *m = g->curve[k].mean[i];
            if (m) *low = fmin(*low, 100 * m->mean);
            if (m) *high = fmax(*high, 100 * m->mean);
        }
    if (!(*high > *low)) *high = *low + 1;
}

static void put_cells(zsc_figure *f, const zsc_setting_grid *g, double low, double high)
{
    for (size_t k = 0; k < g->curves; k++) {
        zsc_figure_block(f, "one panel: column, row, AMI in %, printed, colour of the print");
        for (size_t i = 0; i < g->axis[0].count * g->axis[1].count; i++) {
            const zsc_seed_mean *m = g->curve[k].mean[i];
            char text[ZSC_NUMBER_TEXT];
            if (!m) continue;
            snprintf(text, sizeof text, "%.1f", 100 * m->mean);
            zsc_figure_number(f, (double)(i / g->axis[1].count) + 1);
            zsc_figure_number(f, (double)(i % g->axis[1].count) + 1);
            zsc_figure_number(f, 100 * m->mean);
            zsc_figure_text(f, text);
            zsc_figure_number(f, (100 * m->mean - low) / (high - low) < 0.55 ? 0xffffff : 0x222222);
            zsc_figure_end_line(f);
        }
    }
}

static zsc_status draw_map(const zsc_setting_grid *g, const char *rank, bool simulated, const zsc_figure_options *o,
                           char **dumb)
{
    zsc_figure f = {0};
    double em = zsc_figure_em(o), line = zsc_figure_line(o), low, high;
    const zsc_setting_axis *x = &g->axis[0], *y = &g->axis[1];
    double cell_em = fmax(2.6, widest_em(x, o) + 0.6), widest = 0;
    range_of(g, &low, &high);
    for (size_t k = 0; k < g->curves; k++) widest = fmax(widest, zsc_figure_text_em(o, g->curve[k].label));
    zsc_panels p = {.count = g->curves,
                    .left = (widest_em(y, o) + 2.8) * em,
                    .right = 5.4 * em,
                    .gap = 1.2 * em,
                    .above = 1.5 * line,
                    .below = 2.8 * line,
                    .head = 1.2 * line,
                    .height = fmax(1.5 * line * (double)y->count, (zsc_figure_text_em(o, title_of(y)) + 0.5) * em)};
    zsc_panels_fit(&p, o, fmax(cell_em * (double)x->count, fmin(widest, 16)) * em);
    double panel_em = p.width / em, cell = panel_em / (double)x->count / 2.5;
    zsc_figure_begin(&f, o, "settings_map");
    zsc_figure_size(&f, zsc_panels_height(&p), zsc_panels_height(&p) - 0.3 * line * (double)y->count);
    zsc_figure_set(&f, "panels", "%zu", g->curves);
    zsc_figure_set(&f, "columns", "%zu", x->count);
    zsc_figure_set(&f, "rows", "%zu", y->count);
    zsc_figure_set(&f, "low", "%.10g", low);
    zsc_figure_set(&f, "high", "%.10g", high);
    zsc_figure_set(&f, "x_step", "%.6g", zsc_figure_tick_step(low, high, (f.height - 3 * line) / em / 2));
    zsc_figure_set(&f, "right", "%.5f", p.right / zsc_figure_width(o));
    zsc_figure_set(&f, "cell_font", "%.3f", cell < 0.5 ? 0 : fmin(1, cell) * zsc_figure_points(o));
    zsc_figure_set(&f, "column_font", "%.3f",
                   fmin(1, fmax(0.5, panel_em / (double)x->count / cell_em)) * zsc_figure_points(o));
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_figure_set_text(&f, "x_title", title_of(x));
    zsc_figure_set_text(&f, "y_title", title_of(y));
    zsc_figure_set_text(&f, "rank_title", rank);
    zsc_figure_block(&f,
                     "panels: title, left, right, bottom, top (fractions of the figure), 1 if the first of its row");
    for (size_t k = 0; k < g->curves; k++) {
        put_shortened(&f, g->curve[k].label, panel_em);
        zsc_panels_put(&f, &p, k);
        zsc_figure_end_line(&f);
    }
    put_names(&f, x, "columns: values of the first setting");
    put_names(&f, y, "rows: values of the second setting, from below");
    put_cells(&f, g, low, high);
    return zsc_figure_finish(&f, "settings_map", dumb);
}

zsc_status zsc_figure_settings(const zsc_series_set *set, const zsc_styles *styles, const zsc_list *names,
                               const char *rank, const zsc_figure_options *options, char **dumb)
{
    zsc_setting_grid g = {0};
    zsc_status status = zsc_setting_grid_make(set, styles, names, rank, &g);
    char *title = status == ZSC_OK ? zsc_rank_title(rank) : NULL;
    if (status == ZSC_OK && !title) status = ZSC_EINTERNAL;
    if (status == ZSC_OK)
        status = g.axes == 1 ? draw_lines(&g, styles, title, set->simulated, options, dumb)
                             : draw_map(&g, title, set->simulated, options, dumb);
    free(title);
    zsc_setting_grid_free(&g);
    return status;
}
