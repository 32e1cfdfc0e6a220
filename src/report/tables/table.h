/* Tables of text with marks, written as LaTeX (booktabs), Markdown, CSV, TSV, HTML or JSON. */
#ifndef ZSC_REPORT_TABLE_H
#define ZSC_REPORT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

typedef enum zsc_mark { ZSC_MARK_NONE, ZSC_MARK_BEST, ZSC_MARK_SECOND } zsc_mark;
typedef enum zsc_table_format {
    ZSC_TABLE_LATEX,
    ZSC_TABLE_MARKDOWN,
    ZSC_TABLE_CSV,
    ZSC_TABLE_HTML,
    ZSC_TABLE_TSV,
    ZSC_TABLE_JSON
} zsc_table_format;

typedef struct zsc_cell {
    char *text;       /* NULL if the cell is a number or empty */
    double value;     /* NaN: none */
    double spread;    /* after "±"; NaN: none */
    double low, high; /* of an interval, in brackets; NaN: none */
    bool undefined;   /* there is a run, and its score is not defined: "-" */
    int decimals;
    zsc_mark mark;
} zsc_cell;

/* rows x columns cells. The first `names` columns hold text, aligned left. Row r opens a new group where
 * group_start[r]; equal texts of the first column are then printed once. */
typedef struct zsc_table {
    char *caption;
    size_t rows, columns, names;
    char **header;    /* columns */
    const char *unit; /* of the columns [names, names + of_unit), in the head of CSV and TSV; NULL: none. Static */
    size_t of_unit;
    zsc_cell *cell;
    bool *group_start; /* rows */
} zsc_table;

zsc_status zsc_table_make(size_t rows, size_t columns, size_t names, zsc_table *out);
void zsc_table_free(zsc_table *table);
zsc_cell *zsc_table_at(const zsc_table *table, size_t row, size_t column);
zsc_status zsc_table_set_text(zsc_table *table, size_t row, size_t column, const char *text);
zsc_status zsc_table_set_header(zsc_table *table, size_t column, const char *text);

/* Marks the greatest and the second greatest printed value among those cells; values that print alike are a tie, and
 * all of a tie are marked (after a tie for best, second is the next value below). CELLS may hold NULL. */
void zsc_table_mark(zsc_cell *const *cells, size_t count);

/* VALUE to DECIMALS, half to even: a value within 1e-9 of a half counts as a half, so that 100 * 0.125 prints as 12. */
double zsc_round_half_even(double value, int decimals);

/* The cell as plain text: "-" for a number that is not defined. */
zsc_status zsc_table_cell_text(const zsc_table *table, size_t row, size_t column, zsc_text *out);

/* LaTeX: a table environment with caption; Markdown: the caption above; HTML: one table element, marks as <b> and <u>;
 * CSV and TSV: no marks and no caption, but the unit in the head; spreads and intervals, if there are any, in columns
 * of their own ("species sd", "species low", "species high"); JSON: a list of rows with the caption. */
zsc_status zsc_table_write(const zsc_table *table, zsc_table_format format, FILE *out);

#endif
