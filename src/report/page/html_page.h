/* The page being written, and the functions that write its parts: html_page.c. */
#ifndef ZSC_REPORT_HTML_PAGE_H
#define ZSC_REPORT_HTML_PAGE_H

#include <stdio.h>

#include "experiment/series/retrieval_file.h"
#include "report/figures/figure.h"
#include "report/figures/series.h"

typedef struct zsc_report_options {
    const char *title;
    const zsc_list *taxa_ranks;          /* ranks of the tables of taxa; empty: all */
    const char *confusions;              /* file for all confused specimens, CSV; NULL: none */
    size_t resamples;                    /* of the comparison; 0: no comparison */
    size_t most_taxa;                    /* rows of such a table */
    size_t most_runs;                    /* runs shown in full: the first of each series, in order */
    const zsc_retrieval_file *retrieval; /* results of zsc retrieve, then those of zsc probe */
    size_t retrievals, probes;           /* how many of each */
    const char *atlas;                   /* a page of zsc atlas that this one links to; NULL: none */
    bool figures;                        /* false: tables only; gnuplot is not needed */
} zsc_report_options;

typedef struct zsc_page {
    FILE *out;
    zsc_text buffer;
    size_t figures; /* so far; the number is the prefix of their ids */
    const zsc_report_options *o;
    const zsc_exec *exec;
    const zsc_styles *styles;
    char *folder, *figure_path; /* where figures are drawn */
    FILE *confusions;           /* NULL: not asked for */
} zsc_page;

/* TEXT escaped; valid until the next call. NULL: the caller ran out of memory; the page fails at its end. */
const char *zsc_page_text(zsc_page *p, const char *text);
/* A link to the page of zsc atlas, where there is one, at the result with this key (NULL: as it opens). WORDS: its
 * text.
 */
void zsc_page_atlas_link(zsc_page *p, const char *key, const char *words);
/* Cells of a table: a fraction as percent, a number; empty where there is none. */
void zsc_page_percent(zsc_page *p, double value);
void zsc_page_number(zsc_page *p, double value);

/* Options for a figure of one or two columns; once it is drawn, zsc_page_figure puts it into the page. */
zsc_figure_options zsc_page_figure_options(const zsc_page *p, int columns);
zsc_status zsc_page_figure(zsc_page *p, const zsc_figure_options *drawn, const char *caption);

#endif
