/* Figures: each kind writes a data file, and gnuplot draws it by plots/<kind>.gp.
 *
 * The data file is tab-separated; blocks are separated by two empty lines (gnuplot's index). Block 0 holds settings,
 * one name and value per line; the script's header says what the other blocks hold. */
#ifndef ZSC_REPORT_FIGURE_H
#define ZSC_REPORT_FIGURE_H

#include "base/text.h"
#include "report/figures/gnuplot.h"

/* What a figure is for: widths of one and two columns, and the size of text. */
typedef enum zsc_figure_use { ZSC_FIGURE_PAPER, ZSC_FIGURE_TALK, ZSC_FIGURE_POSTER } zsc_figure_use;

typedef struct zsc_figure_options {
    const char *output; /* NULL: only with dumb */
    zsc_figure_format format;
    double width, height; /* inches; 0: by columns and by content */
    zsc_figure_use use;
    int columns;                    /* 1 or 2 columns of a page */
    const char *font;               /* NULL: the system's sans serif; never "" */
    double font_size;               /* points; 0: by use */
    size_t dpi;                     /* of PNG */
    size_t text_columns, text_rows; /* of dumb */
    const char *title;              /* NULL: none */
    bool dark;                      /* light on dark */
    bool latex;                     /* text of the data file is for LaTeX; set by zsc_figure_begin */
} zsc_figure_options;

/* The files that are written beside OUTPUT (a regular file): its data, and for .tex the .pdf that it includes. */
zsc_status zsc_figure_files(const char *output, zsc_figure_format format, zsc_list *paths);

/* A data file being written. */
typedef struct zsc_figure {
    const zsc_figure_options *options;
    zsc_text text;
    bool latex, line_open;
    size_t blocks, block_lines;
    double height, least_height; /* inches, once zsc_figure_size has been called */
} zsc_figure;

void zsc_figure_begin(zsc_figure *figure, const zsc_figure_options *options, const char *kind);
void zsc_figure_set_text(zsc_figure *figure, const char *name, const char *value);
__attribute__((format(printf, 3, 4))) void zsc_figure_set(zsc_figure *figure, const char *name, const char *format,
                                                          ...);
void zsc_figure_block(zsc_figure *figure, const char *comment); /* ends the block before it */
void zsc_figure_text(zsc_figure *figure, const char *value);    /* one field */
void zsc_figure_number(zsc_figure *figure, double value);       /* NaN where there is none */
void zsc_figure_rgb(zsc_figure *figure, long rgb);              /* 0xrrggbb, as it is on a light background */
void zsc_figure_colour(zsc_figure *figure, const char *colour); /* "#rrggbb" */
void zsc_figure_end_line(zsc_figure *figure);

/* In inches: the width that the options ask for; the font size; the distance of two lines of text; the unit that the
 * sizes of figures are multiples of, an inch at 8 points. */
double zsc_figure_width(const zsc_figure_options *options);
double zsc_figure_points(const zsc_figure_options *options); /* of text */
double zsc_figure_em(const zsc_figure_options *options);
double zsc_figure_line(const zsc_figure_options *options);
double zsc_figure_unit(const zsc_figure_options *options);
/* Wide enough for a legend beside the plot. */
bool zsc_figure_is_wide(const zsc_figure_options *options);
/* Width of a text in ems; on a terminal all characters are as wide. */
double zsc_figure_text_em(const zsc_figure_options *options, const char *text);

/* The least distance of ticks, 1, 2 or 5 times a power of ten, at which labels do not touch on an axis from LOW to HIGH
 * that is WIDTH_EM ems long. */
double zsc_figure_tick_step(double low, double high, double width_em);

/* Writes width and height as settings: the height that the options ask for, else HEIGHT_BY_CONTENT. The figure's end
 * fails if they ask for less than LEAST_HEIGHT, below which text would be clipped. */
void zsc_figure_size(zsc_figure *figure, double height_by_content, double least_height);

/* Writes the data file beside the output and draws. The data's path is the output's with the extension .dat. Frees
 * what FIGURE holds. With ZSC_FIGURE_DUMB *dumb is the text that was drawn (the caller's), and no file is left. */
zsc_status zsc_figure_finish(zsc_figure *figure, const char *kind, char **dumb);
void zsc_figure_drop(zsc_figure *figure);

#endif
