/* The report's style sheet and script: html_assets.c. The script sorts tables by the column whose head is clicked. */
#ifndef ZSC_REPORT_HTML_ASSETS_H
#define ZSC_REPORT_HTML_ASSETS_H

extern const char zsc_html_style[];
extern const char zsc_html_script[];

#endif
