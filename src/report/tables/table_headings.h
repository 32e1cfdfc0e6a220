/* The head of a LaTeX table: columns that belong together share a heading above their own. */
#ifndef ZSC_REPORT_TABLE_HEADINGS_H
#define ZSC_REPORT_TABLE_HEADINGS_H

#include <stdio.h>

#include "base/text.h"

/* One row of headings, or two where neighbours are called "A, x" and "A, y", or "A" and "A %": then A stands above x
 * and y, or above n and %. BUFFER: any text; its `failed` tells of memory. */
typedef struct zsc_table_head {
    char *const *header;   /* columns; NULL: without a name */
    size_t columns, names; /* the first ones, of names, share nothing */
} zsc_table_head;
void zsc_table_write_latex_head(const zsc_table_head *head, FILE *out, zsc_text *buffer);

#endif
