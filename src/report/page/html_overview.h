/* The report's sections on all runs. */
#ifndef ZSC_REPORT_HTML_OVERVIEW_H
#define ZSC_REPORT_HTML_OVERVIEW_H

#include "report/page/html_page.h"

bool zsc_page_has_pairs(const zsc_series_set *set);

/* A cross-modal table that cannot be made (runs of several kinds) is left out, with the reason. */
zsc_status zsc_page_overview(zsc_page *p, const zsc_results_table *rows, const zsc_series_set *set);

#endif
