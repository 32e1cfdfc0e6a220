#include "report/figures/panels.h"

static size_t rows_of(const zsc_panels *p) { return (p->count + p->per_row - 1) / p->per_row; }

static double width_of(const zsc_panels *p, const zsc_figure_options *o, size_t per_row)
{
    double space = zsc_figure_width(o) - p->left - p->right;
    return (space - p->gap * (double)(per_row - 1)) / (double)per_row;
}

void zsc_panels_fit(zsc_panels *p, const zsc_figure_options *o, double least_width)
{
    p->per_row = p->count;
    while (p->per_row > 1 && width_of(p, o, p->per_row) < least_width) p->per_row--;
    size_t rows = rows_of(p);
    p->per_row = (p->count + rows - 1) / rows;
    p->width = width_of(p, o, p->per_row);
}

double zsc_panels_height(const zsc_panels *p)
{
    return p->head + p->foot + (double)rows_of(p) * (p->above + p->height + p->below);
}

void zsc_panels_put(zsc_figure *f, const zsc_panels *p, size_t i)
{
    double x = p->left + (double)(i % p->per_row) * (p->width + p->gap), width = zsc_figure_width(f->options);
    double row = (f->height - p->head - p->foot) / (double)rows_of(p);
    double top = f->height - p->head - (double)(i / p->per_row) * row;
    zsc_figure_number(f, x / width);
    zsc_figure_number(f, (x + p->width) / width);
    zsc_figure_number(f, (top - row + p->below) / f->height);
    zsc_figure_number(f, (top - p->above) / f->height);
    zsc_figure_number(f, i % p->per_row == 0);
}
