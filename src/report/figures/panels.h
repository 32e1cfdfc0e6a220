/* Panels of a figure in rows, with a title above each and an axis below. */
#ifndef ZSC_REPORT_PANELS_H
#define ZSC_REPORT_PANELS_H

#include "report/figures/figure.h"

typedef struct zsc_panels {
    size_t count, per_row;
    double left, right;  /* inches: what is left of the first and right of the last plot of a row */
    double gap;          /* between two plots */
    double above, below; /* each plot */
    double head, foot;   /* the first row, the last row */
    double width;        /* of a plot; set by zsc_panels_fit */
    double height;       /* of a plot */
} zsc_panels;

/* Sets per_row and width: as many panels in a row as can be LEAST_WIDTH inches wide, rows of equal length. */
void zsc_panels_fit(zsc_panels *panels, const zsc_figure_options *options, double least_width);

double zsc_panels_height(const zsc_panels *panels); /* of the whole figure */

/* Fields of panel I: left, right, bottom, top (fractions of the figure), 1 if it is the first of its row. Plots take
 * what the figure's height leaves. */
void zsc_panels_put(zsc_figure *figure, const zsc_panels *panels, size_t i);

#endif
