/* How a table is written, by its first lines: what separates its fields, whether quotes mean anything, where its column
 * names are. */
#ifndef ZSC_IO_CSV_DIALECT_H
#define ZSC_IO_CSV_DIALECT_H

#include "base/text.h"
#include "zsc/inputs.h"
#include "zsc/status.h"

typedef struct zsc_csv_dialect {
    char delimiter;  /* ',', ';', '\t'; ' ' stands for any number of blanks */
    char decimal;    /* '.' or ',' */
    bool quotes;     /* false: a quote is a letter like any other */
    bool row_names;  /* rows have one field more than the header, the first: R's row names */
    bool no_header;  /* the first row is data; `names` are c1, c2, ... */
    bool comment;    /* the header is the comment before the first row, and is in `names` */
    bool numbers;    /* the header holds numbers, and may be a row */
    size_t rows;     /* lines that begin with # and are rows */
    size_t comments; /* lines that begin with #, have as many fields as the rows, and are taken for comments */
    size_t begin;    /* offset of the first line that is to be read: the header, or the first row */
    size_t line;     /* its number, from 1 */
    zsc_list names;  /* of no_header and comment */
} zsc_csv_dialect;

/* TEXT is the beginning of the file, without a byte order mark. GIVEN may be NULL; what it says is not guessed.
 * ZSC_EUSAGE where GIVEN makes no sense. */
zsc_status zsc_csv_detect(const char *text, size_t length, const zsc_table_layout *given, zsc_csv_dialect *out);
void zsc_csv_dialect_free(zsc_csv_dialect *dialect);

/* Whether the bytes are a decimal number, perhaps between blanks; NaN and infinity are numbers too, as float() has it
 * in Python, hexadecimal ones are not. OUT may be NULL. */
bool zsc_csv_number(const char *text, size_t length, char decimal, double *out);

#endif
