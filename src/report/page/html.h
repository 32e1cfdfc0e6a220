/* The report: one self-contained page. */
#ifndef ZSC_REPORT_HTML_H
#define ZSC_REPORT_HTML_H

#include "report/page/html_page.h"

/* Writes OUTPUT, whole or not at all. It refers to nothing on the network, and its Content-Security-Policy
 * forbids loading anything. */
zsc_status zsc_report_write(const zsc_results_table *rows, const zsc_series_set *set, const zsc_styles *styles,
                            const zsc_report_options *options, const zsc_exec *exec, const char *output);

#endif
