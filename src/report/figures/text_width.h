/* Widths of text, for laying out figures before gnuplot draws them. */
#ifndef ZSC_REPORT_TEXT_WIDTH_H
#define ZSC_REPORT_TEXT_WIDTH_H

/* Width of TEXT in ems (multiples of the font size), as set in DejaVu Sans: one of the widest sans serifs, so that
 * other fonts take no more. */
double zsc_text_em(const char *text);

/* TEXT, or with its middle replaced by an ellipsis if it is wider than MOST_EM; the caller's, NULL if memory runs out.
 * Beginning and end are kept, since names of one origin differ in either. */
char *zsc_text_shorten(const char *text, double most_em);

#endif
