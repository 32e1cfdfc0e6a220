/* Names of taxa, encoders and files as text in gnuplot data, LaTeX, HTML, Markdown and JSON: they
 * are displayed unchanged and are never interpreted as markup or commands. Bytes that are not UTF-8 become U+FFFD,
 * control characters become blanks. */
#ifndef ZSC_REPORT_ESCAPE_H
#define ZSC_REPORT_ESCAPE_H

#include "base/text.h"

/* A field of a tab-separated gnuplot data file. gnuplot interprets quotes and backslashes there, takes a # for
 * a comment and a ? for a missing value, so these are written as &quot;, &#92;, &#35; and &#63; (and & as &amp;), which
 * plots/common.gp decodes. */
void zsc_escape_gnuplot(zsc_text *out, const char *text);
/* A string literal in single quotes, in which gnuplot interprets nothing but '' for a quote. */
void zsc_quote_gnuplot(zsc_text *out, const char *text);
void zsc_escape_latex(zsc_text *out, const char *text);    /* in running text, under inputenc or a Unicode engine */
void zsc_escape_html(zsc_text *out, const char *text);     /* in text and in attributes quoted by " or ' */
void zsc_escape_markdown(zsc_text *out, const char *text); /* in a cell of a table */

/* Characters (code points), for widths. */
size_t zsc_utf8_length(const char *text);

#endif
