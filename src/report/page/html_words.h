/* Settings and provenance of a result in words. */
#ifndef ZSC_REPORT_HTML_WORDS_H
#define ZSC_REPORT_HTML_WORDS_H

#include "report/page/html_page.h"

/* A JSON object as a list of terms: each setting by what it is for, with its value. */
zsc_status zsc_page_words(zsc_page *p, const char *json);

#endif
