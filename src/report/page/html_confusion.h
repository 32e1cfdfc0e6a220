/* The report's answer to which taxa are confused, and its table in CSV. */
#ifndef ZSC_REPORT_HTML_CONFUSION_H
#define ZSC_REPORT_HTML_CONFUSION_H

#include "experiment/series/confusion.h"
#include "report/page/html_page.h"
#include "zsc/experiment.h"

/* A heat map and a table of the taxa of rank J that clusters of the run's cut mix up. */
zsc_status zsc_page_confusion(zsc_page *p, const zsc_result *result, size_t j);

/* The header of page->confusions. */
void zsc_page_confusions_head(FILE *out);

#endif
