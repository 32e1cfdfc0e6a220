/* The report: one self-contained page. */
#ifndef ZSC_REPORT_HTML_H
#define ZSC_REPORT_HTML_H

#include "base/text.h"
#include "report/series.h"

typedef struct zsc_report_options {
    const char *title;
    const zsc_list *taxa_ranks; /* ranks of the tables of taxa */
    size_t most_taxa;           /* rows of such a table */
    size_t most_runs;           /* runs shown in full: the first of each series, in order */
    bool figures;               /* false: tables alone, no gnuplot needed */
} zsc_report_options;

/* Writes OUTPUT, whole or not at all. Nothing in it points to the network; the page forbids itself to load anything. */
zsc_status zsc_report_write(const zsc_tidy *rows, const zsc_series_set *set, const zsc_styles *styles,
                            const zsc_report_options *options, const zsc_exec *exec, const char *output);

#endif
