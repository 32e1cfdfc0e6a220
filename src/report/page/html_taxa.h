/* The report's tables of taxa. */
#ifndef ZSC_REPORT_HTML_TAXA_H
#define ZSC_REPORT_HTML_TAXA_H

#include "report/page/html_page.h"
#include "zsc/experiment.h"

/* The most frequent taxa of RANK, one line each. The result needs its rows; nothing is written if it lacks the rank. */
zsc_status zsc_page_taxa(zsc_page *p, const zsc_result *result, const char *rank);

#endif
