/* Tables of text: one pass, streaming, columns by name in any order and upper or lower case, unknown columns ignored.
 * CSV (RFC 4180), TSV, and what the first lines say otherwise (io/text/csv_dialect.h): semicolons, blanks, no header.
 * Lines before the header that start with # are comments. In TSV, quotes are letters like any other, unless the header
 * begins with one. gzip and zstd are unpacked on the way (io/files/source.h).
 *
 * Lines without quotes are split here, at the speed of memchr; records with quotes go through libcsv. */
#ifndef ZSC_IO_CSV_H
#define ZSC_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/text.h"
#include "zsc/inputs.h"
#include "zsc/status.h"

/* One row: field[i] is the value of the i-th column asked for ("" where the file lacks an optional one), length[i] its
 * bytes. `row` counts data rows from 1, `line` lines of the file from 1. Pointers die with the call. A status other
 * than ZSC_OK ends the reading and is returned. */
typedef struct zsc_csv_row {
    const char *const *field;
    const size_t *length;
    size_t row, line;
} zsc_csv_row;
typedef zsc_status (*zsc_csv_fn)(void *data, const zsc_csv_row *row);

typedef struct zsc_csv_column {
    const char *const
        *names; /* accepted names, first that is there wins; ends in NULL. NULL: the field at this place */
    bool required;
} zsc_csv_column;

/* Reads PATH; GIVEN, which may be NULL, is what the user says of it. Accepts a byte order mark and Windows line ends;
 * blank lines are skipped. ZSC_EINPUT, with file and line: no such file, empty, a required column missing (the message
 * lists those that are there) or there twice, a unterminated quote, a NUL, a field beyond 256 KB, a field asked for
 * that is not UTF-8, a row with more or fewer fields than the header. present[i] (may be NULL) tells which columns were
 * found, before the first row is given. */
zsc_status zsc_csv_read(const char *path, const zsc_table_layout *given, const zsc_csv_column *columns, size_t count,
                        bool *present, zsc_csv_fn fn, void *data);

/* How a table is written. */
typedef struct zsc_csv_style {
    char decimal;     /* '.' or ',' */
    bool no_header;   /* the names are c1, c2, ... */
    char remark[256]; /* what was guessed, for a note; "" for a plain CSV or TSV */
} zsc_csv_style;
/* The names in the header, in order. STYLE may be NULL. */
zsc_status zsc_csv_header(const char *path, const zsc_table_layout *given, zsc_list *out, zsc_csv_style *style);

/* Writes one field to STREAM with the quotes that RFC 4180 asks for. */
void zsc_csv_write_field(FILE *stream, const char *value);
/* The same of a table whose fields are separated by DELIMITER. Between tabs there are no quotes: tabs and ends of lines
 * within a value become blanks. */
void zsc_write_field(FILE *stream, const char *value, char delimiter);
/* ZSC_EINPUT where that would change VALUE, the WHAT of row ROW (from 0). NULL is none. */
zsc_status zsc_field_check(const char *what, size_t row, const char *value, char delimiter);

#endif
