/* Legends: which entries, and where they fit, decided before gnuplot draws. Right of the plot if the figure is wide and
 * the entries are as tall as the plot at most; else below it, in as many columns as fit. plots/legend.gp draws them. */
#ifndef ZSC_REPORT_LEGEND_H
#define ZSC_REPORT_LEGEND_H

#include "report/figures/figure.h"

typedef struct zsc_legend_entry {
    char *text;
    long colour; /* 0xrrggbb of the sample */
    int marker;  /* gnuplot's point type; 0: none */
    int line;    /* zsc_line; 0: none */
    bool thin;   /* the line */
    bool soft;   /* text in grey */
} zsc_legend_entry;

typedef struct zsc_legend {
    zsc_legend_entry *item;
    size_t count, capacity, columns, lines;
    bool right, failed;
    double width, height; /* inches: of the legend at the right, of the legend below; else 0 */
    double column;        /* inches: of one column with its gap */
} zsc_legend;

/* Entries, in order; a failure is reported by the figure's end. A heading has no sample. */
void zsc_legend_add(zsc_legend *legend, const char *text, zsc_legend_entry look);
void zsc_legend_heading(zsc_legend *legend, const char *text);
void zsc_legend_free(zsc_legend *legend);

/* Decides where the legend is: PLOT_HEIGHT is that of the plot, in inches, without a legend below. Text that is wider
 * than the figure is shortened. */
void zsc_legend_place(zsc_legend *legend, const zsc_figure_options *options, double plot_height);

/* The settings of plots/legend.gp; the legend is block BLOCK of the data file. */
void zsc_legend_settings(zsc_figure *figure, const zsc_legend *legend, size_t block);
/* The block itself. TOP: inches from the top of the figure to the first entry, for a legend at the right. */
void zsc_legend_put(zsc_figure *figure, const zsc_legend *legend, double top);

#endif
