/* The report's sections on retrieval and linear probes: accuracy by rank, and which taxa are taken for which. */
#ifndef ZSC_REPORT_HTML_RETRIEVAL_H
#define ZSC_REPORT_HTML_RETRIEVAL_H

#include "report/page/html_page.h"

/* Of page->o->retrieval, at their least common k; of linear probes beside the nearest keys of the same queries. Nothing
 * where there are none. */
zsc_status zsc_page_retrieval(zsc_page *p);

#endif
