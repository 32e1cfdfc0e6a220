/* Tables of text with marks, written as LaTeX (booktabs), Markdown, CSV or HTML. */
#ifndef ZSC_REPORT_TABLE_H
#define ZSC_REPORT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

typedef enum zsc_mark { ZSC_MARK_NONE, ZSC_MARK_BEST, ZSC_MARK_SECOND } zsc_mark;
typedef enum zsc_table_format { ZSC_TABLE_LATEX, ZSC_TABLE_MARKDOWN, ZSC_TABLE_CSV, ZSC_TABLE_HTML } zsc_table_format;

typedef struct zsc_cell {
    char *text;    /* of words; NULL where the cell is a number or empty */
    double value;  /* percent or as it is; NaN: none */
    double spread; /* after "±"; NaN: none */
    int decimals;
    zsc_mark mark;
} zsc_cell;

/* rows x columns cells. The first `names` columns hold words, aligned left. Row r opens a new group where
 * group_start[r]; equal words of the first column are then printed once. */
typedef struct zsc_table {
    char *caption;
    size_t rows, columns, names;
    char **header; /* columns */
    zsc_cell *cell;
    bool *group_start; /* rows */
} zsc_table;

zsc_status zsc_table_make(size_t rows, size_t columns, size_t names, zsc_table *out);
void zsc_table_free(zsc_table *table);
zsc_cell *zsc_table_at(const zsc_table *table, size_t row, size_t column);
zsc_status zsc_table_set_text(zsc_table *table, size_t row, size_t column, const char *text);
zsc_status zsc_table_set_header(zsc_table *table, size_t column, const char *text);

/* Marks the greatest and the second greatest printed value among those cells; what is printed alike is a tie, and all
 * of a tie are marked (after a tie for best, second is the next value below). CELLS may hold NULL. */
void zsc_table_mark(zsc_cell *const *cells, size_t count);

/* VALUE to DECIMALS, half to even: what is within 1e-9 of a half counts as one, so that 12.5 from 0.125 is 12. */
double zsc_round_half_even(double value, int decimals);

/* LaTeX: a table environment with caption; HTML: one table element, marks as <b> and <u>; CSV: no marks and no caption,
 * spreads in columns of their own ("species sd") where there are any. */
zsc_status zsc_table_write(const zsc_table *table, zsc_table_format format, FILE *out);

#endif
