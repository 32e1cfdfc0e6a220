/* The report's section on differences between encoders, with intervals. */
#ifndef ZSC_REPORT_HTML_COMPARISON_H
#define ZSC_REPORT_HTML_COMPARISON_H

#include "report/page/html_page.h"

/* For each selection of rows that two encoders or more share. Results that name no file, or cannot be compared, are
 * left out, with the reason. */
zsc_status zsc_page_comparison(zsc_page *p, const zsc_results_table *rows, const zsc_series_set *set);

#endif
