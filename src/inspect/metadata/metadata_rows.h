/* Rows of metadata, in one pass: the columns that are asked for, of the rows that splits and --where keep. */
#ifndef ZSC_INSPECT_METADATA_ROWS_H
#define ZSC_INSPECT_METADATA_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "zsc/exec.h"
#include "zsc/inputs.h"
#include "zsc/status.h"

typedef struct zsc_metadata_source {
    const char *path; /* CSV or TSV, which may be compressed */
    const zsc_table_layout *table;
    const zsc_columns *columns;
    const char *missing_values; /* NULL: the default list */
    const zsc_list *where;      /* COLUMN=VALUE */
    const char *ids;            /* a file of ids, as in zsc_dataset_options; NULL: all rows */
    const char *split;          /* "test+test_unseen"; NULL: all rows */
} zsc_metadata_source;

/* value[i] is that of the i-th name, "" of length 0 where it is missing. `split` is "" where there is none. `row`
 * counts all rows of the file from 1. Pointers die with the call. */
typedef struct zsc_metadata_row {
    const char *const *value;
    const size_t *length;
    const char *split;
    size_t split_length, row;
} zsc_metadata_row;
typedef zsc_status (*zsc_metadata_row_fn)(void *data, const zsc_metadata_row *row);

/* Which of the names the file has a column for, and whether it has one for the split; PRESENT has COUNT entries. Names
 * are zsc's own, or those of the user's rules. */
zsc_status zsc_metadata_present(const zsc_metadata_source *source, const char *const *name, size_t count, bool *present,
                                bool *split);
/* Adds a column to NAMES where the file has it; *at: its place there, else SIZE_MAX. */
zsc_status zsc_metadata_add_optional(const zsc_metadata_source *source, const char *column, zsc_list *names,
                                     size_t *at);
/* Whether the value in column AT (SIZE_MAX: not there) is neither missing nor 0. */
bool zsc_metadata_says(const zsc_metadata_row *row, size_t at);
/* The decimal point of the table's numbers, '.' or ','. */
zsc_status zsc_metadata_decimal(const zsc_metadata_source *source, char *out);
/* A finite number, as the table writes numbers: 0,5 where its decimal point is a comma. */
bool zsc_metadata_number(const char *text, size_t length, char decimal, double *out);
/* Gives all rows that are kept to FN. ZSC_EUSAGE: a rule is for a column that is not read. ZSC_EINPUT: one of the
 * columns is not there, no row has the split, or the file is no table; ZSC_EINTERRUPTED. */
zsc_status zsc_metadata_read(const zsc_metadata_source *source, const char *const *name, size_t count,
                             const zsc_exec *exec, zsc_metadata_row_fn fn, void *data);

#endif
