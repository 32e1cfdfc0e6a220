/* Figures: each kind writes a data file, and gnuplot draws it by plots/<kind>.gp.
 *
 * The data file is tab-separated; blocks are separated by two empty lines (gnuplot's index). Block 0 holds settings,
 * one name and value per line; the script's header says what the other blocks hold. */
#ifndef ZSC_REPORT_FIGURE_H
#define ZSC_REPORT_FIGURE_H

#include "base/text.h"
#include "report/gnuplot.h"

typedef struct zsc_figure_options {
    const char *output; /* NULL: only with dumb */
    zsc_figure_format format;
    double width, height;           /* inches; 0: by columns and by content */
    int columns;                    /* 1 or 2 columns of a page */
    const char *font;               /* NULL: the system's sans serif; never "" */
    double font_size;               /* points */
    size_t dpi;                     /* of PNG */
    size_t text_columns, text_rows; /* of dumb */
    const char *title;              /* NULL: none */
    bool latex;                     /* text of the data file is for LaTeX; set by zsc_figure_begin */
} zsc_figure_options;

/* The files that are written beside OUTPUT (a regular file): its data, and for .tex the .pdf that it includes. */
zsc_status zsc_figure_files(const char *output, zsc_figure_format format, zsc_list *paths);

/* A data file being written. */
typedef struct zsc_figure {
    const zsc_figure_options *options;
    zsc_text text;
    bool latex, line_open, any_block;
    size_t block_lines;
} zsc_figure;

void zsc_figure_begin(zsc_figure *figure, const zsc_figure_options *options, const char *kind);
void zsc_figure_set_text(zsc_figure *figure, const char *name, const char *value);
__attribute__((format(printf, 3, 4))) void zsc_figure_set(zsc_figure *figure, const char *name, const char *format,
                                                          ...);
void zsc_figure_block(zsc_figure *figure, const char *comment); /* ends the block before it */
void zsc_figure_text(zsc_figure *figure, const char *value);    /* one field */
void zsc_figure_number(zsc_figure *figure, double value);       /* NaN where there is none */
void zsc_figure_end_line(zsc_figure *figure);

/* Width and height in inches that the options ask for, HEIGHT_BY_CONTENT where they give none; written as settings. */
double zsc_figure_width(const zsc_figure_options *options);
void zsc_figure_size(zsc_figure *figure, double height_by_content);

/* Writes the data file beside the output and draws. The data's path is the output's with the extension .dat. Frees
 * what FIGURE holds. With ZSC_FIGURE_DUMB *dumb is the text that was drawn (the caller's), and no file is left. */
zsc_status zsc_figure_finish(zsc_figure *figure, const char *kind, char **dumb);
void zsc_figure_drop(zsc_figure *figure);

#endif
