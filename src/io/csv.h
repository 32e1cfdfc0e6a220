/* CSV (RFC 4180) by libcsv: one pass, streaming, columns by name in any order, unknown columns ignored. */
#ifndef ZSC_IO_CSV_H
#define ZSC_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/status.h"

/* One row: field[i] is the value of the i-th column asked for ("" where the file lacks an optional one), length[i] its
 * bytes. `row` counts data rows from 1, `line` lines of the file from 1. Pointers die with the call. A status other than
 * ZSC_OK ends the reading and is returned. */
typedef struct zsc_csv_row {
    const char *const *field;
    const size_t *length;
    size_t row, line;
} zsc_csv_row;
typedef zsc_status (*zsc_csv_fn)(void *data, const zsc_csv_row *row);

typedef struct zsc_csv_column {
    const char *const *names; /* accepted names, first that is there wins; ends in NULL */
    bool required;
} zsc_csv_column;

/* Reads PATH. Accepts a byte order mark and Windows line ends. ZSC_EINPUT, with file and line: no such file, empty, a
 * required column missing (the message lists those that are there), a torn quote, a NUL, a row with more or fewer
 * fields than the header. present[i] (may be NULL) tells which columns were found, before the first row is given. */
zsc_status zsc_csv_read(const char *path, const zsc_csv_column *columns, size_t count, bool *present, zsc_csv_fn fn, void *data);

/* Writes one field to STREAM with the quotes that RFC 4180 asks for. */
#include <stdio.h>
void zsc_csv_write_field(FILE *stream, const char *value);

#endif
