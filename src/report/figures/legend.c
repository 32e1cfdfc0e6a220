#include "report/figures/legend.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/figures/text_width.h"

/* In ems: the sample before a text, the gap between columns, and the margins at both sides of a figure. */
static const double SAMPLE = 2.5, GAP = 1.4, MARGINS = 1.6;

/* A legend at the right takes at most this part of the width. */
static const double MOST_WIDTH = 0.45;

void zsc_legend_add(zsc_legend *l, const char *text, zsc_legend_entry look)
{
    look.text = text ? zsc_strdup(text) : NULL;
    if (!look.text || zsc_grow(&l->item, &l->capacity, l->count + 1, sizeof *l->item, "a legend") != ZSC_OK) {
        free(look.text);
        l->failed = true;
        return;
    }
    l->item[l->count++] = look;
}

void zsc_legend_heading(zsc_legend *l, const char *text) { zsc_legend_add(l, text, (zsc_legend_entry){.soft = true}); }

void zsc_legend_free(zsc_legend *l)
{
    for (size_t i = 0; i < l->count; i++) free(l->item[i].text);
    free(l->item);
    *l = (zsc_legend){0};
}

static bool is_heading(const zsc_legend_entry *e) { return !e->line && !e->marker; }

static bool has_sample(const zsc_legend_entry *e) { return !is_heading(e); }

static double entry_em(const zsc_legend_entry *e, const zsc_figure_options *o)
{
    return zsc_figure_text_em(o, e->text) + (has_sample(e) ? SAMPLE : 0);
}

static void shorten(zsc_legend *l, double most_em)
{
    for (size_t i = 0; i < l->count; i++) {
        char *shorter = zsc_text_shorten(l->item[i].text, most_em - SAMPLE);
        if (!shorter) {
            l->failed = true;
            return;
        }
        free(l->item[i].text);
        l->item[i].text = shorter;
    }
}

/* The next place after AT, counted down the columns: a heading is not left alone at the end of one. */
static size_t next_place(const zsc_legend *l, size_t i, size_t at)
{
    bool last = (at + 1) % l->lines == 0;
    return last && l->lines > 1 && i + 1 < l->count && is_heading(&l->item[i]) ? at + 1 : at;
}

static size_t columns_of(const zsc_legend *l)
{
    size_t at = 0;
    for (size_t i = 0; i < l->count; i++) at = next_place(l, i, at) + 1;
    return (at + l->lines - 1) / l->lines;
}

void zsc_legend_place(zsc_legend *l, const zsc_figure_options *o, double plot_height)
{
    double em = zsc_figure_em(o), line = zsc_figure_line(o), width = zsc_figure_width(o), widest = 0;
    l->right = false;
    l->width = l->height = 0;
    if (l->count == 0) return;
    for (size_t i = 0; i < l->count; i++) widest = fmax(widest, entry_em(&l->item[i], o));
    double most = width / em - MARGINS;
    if (widest > most) {
        shorten(l, most);
        widest = most;
    }
    double wanted = (widest + GAP) * em;
    if (zsc_figure_is_wide(o) && (double)l->count * line <= plot_height && wanted <= MOST_WIDTH * width) {
        l->right = true;
        l->columns = 1;
        l->lines = l->count;
        l->width = wanted;
        return;
    }
    size_t fit = (size_t)((width / em - MARGINS + GAP) / (widest + GAP));
    if (fit < 1) fit = 1;
    for (l->lines = (l->count + fit - 1) / fit; columns_of(l) > fit;) l->lines++;
    l->columns = columns_of(l);
    l->column = (width - MARGINS * em) / (double)l->columns;
    if (l->column > 1.6 * wanted) l->column = 1.6 * wanted;
    l->height = ((double)l->lines + 0.8) * line;
}

void zsc_legend_settings(zsc_figure *f, const zsc_legend *l, size_t block)
{
    if (l->failed) f->text.failed = true;
    zsc_figure_set(f, "legend", "%zu", l->count);
    zsc_figure_set(f, "legend_block", "%zu", block);
    zsc_figure_set(f, "legend_right", "%.5f", l->width / zsc_figure_width(f->options));
    zsc_figure_set(f, "legend_below", "%.5f", l->height / f->height);
}

void zsc_legend_put(zsc_figure *f, const zsc_legend *l, double top)
{
    double em = zsc_figure_em(f->options), line = zsc_figure_line(f->options), width = zsc_figure_width(f->options);
    zsc_figure_block(f, "legend: text, x and y (fractions of the figure), colour, marker, line, 1 if thin, 1 if soft");
    size_t next = 0;
    for (size_t i = 0; i < l->count; i++) {
        const zsc_legend_entry *e = &l->item[i];
        size_t place = next_place(l, i, next), column = place / l->lines, at = place % l->lines;
        next = place + 1;
        double x = l->right ? width - l->width + 0.4 * em : MARGINS / 2 * em + (double)column * l->column;
        double y = l->right ? f->height - top - ((double)at + 0.5) * line : l->height - ((double)at + 0.7) * line;
        zsc_figure_text(f, e->text);
        zsc_figure_number(f, x / width);
        zsc_figure_number(f, y / f->height);
        zsc_figure_rgb(f, e->colour);
        zsc_figure_number(f, e->marker);
        zsc_figure_number(f, e->line);
        zsc_figure_number(f, e->thin);
        zsc_figure_number(f, e->soft);
        zsc_figure_end_line(f);
    }
}
