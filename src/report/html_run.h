/* The report's section of one run. */
#ifndef ZSC_REPORT_HTML_RUN_H
#define ZSC_REPORT_HTML_RUN_H

#include "report/html_page.h"

/* The first run of the series, as section NUMBER. Nothing if the run came from a table that names no file. */
zsc_status zsc_page_run(zsc_page *p, const zsc_series *series, size_t number);

#endif
