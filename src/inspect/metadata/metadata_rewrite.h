/* All rows and columns of metadata once more, as CSV, with some values changed. */
#ifndef ZSC_INSPECT_METADATA_REWRITE_H
#define ZSC_INSPECT_METADATA_REWRITE_H

#include "inspect/metadata/metadata_rows.h"
#include "io/text/csv.h"

typedef struct zsc_rewriting {
    const char *added; /* a further column at the end; NULL: none. Its field is "" */
    /* Before the first row: the names of the columns, with `added`. May be NULL. */
    zsc_status (*begin)(void *data, const zsc_list *header);
    /* What a field becomes. */
    const char *(*value)(void *data, const zsc_csv_row *row, size_t column);
    /* After each row; may be NULL. */
    void (*end_row)(void *data);
    void *data;
} zsc_rewriting;

/* Writes to PATH, which appears whole or not at all. All rows of the file are given, whatever SOURCE chooses. */
zsc_status zsc_metadata_rewrite(const zsc_metadata_source *source, const zsc_rewriting *rewriting, const char *path);

#endif
