/* The report's section of one run. */
#ifndef ZSC_REPORT_HTML_RUN_H
#define ZSC_REPORT_HTML_RUN_H

#include "report/page/html_page.h"

/* The run of the series with the lowest seed, as section NUMBER. Nothing if the series came from a table that names no
 * file. ROWS: all. */
zsc_status zsc_page_run(zsc_page *p, const zsc_results_table *rows, const zsc_series *series, size_t number);

#endif
