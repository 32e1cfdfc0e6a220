/* Columns whose distinct values are counted: as they stand, without trailing N, or two columns as a pair. */
#ifndef ZSC_INSPECT_COUNTED_COLUMNS_H
#define ZSC_INSPECT_COUNTED_COLUMNS_H

#include "base/text.h"
#include "inspect/metadata/metadata_rows.h"
#include "inspect/metadata/value_counts.h"

typedef enum zsc_counted_as { ZSC_COUNTED_PLAIN, ZSC_COUNTED_TRIMMED, ZSC_COUNTED_PAIR } zsc_counted_as;

typedef struct zsc_counted_column {
    const char *name;   /* of the column in tables */
    const char *first;  /* the column of the metadata */
    const char *second; /* of a pair */
    zsc_counted_as as;
} zsc_counted_column;

typedef struct zsc_counted_columns { /* start from {0} */
    zsc_counted_column *column;
    zsc_value_counts *counts;
    size_t *first, *second; /* of each, among `names` */
    zsc_digest *digest;     /* of each, in the row that is being counted */
    size_t columns, rows;
    zsc_list names; /* columns of the metadata to be read */
    zsc_list own;   /* those of the user's rules */
    zsc_text scratch;
} zsc_counted_columns;

/* Chooses those of LIST (COUNT) that the file has, and then those that the user's rules name. ZSC_EINPUT: there is
 * none. */
zsc_status zsc_counted_columns_make(const zsc_metadata_source *source, const zsc_counted_column *list, size_t count,
                                    bool by_split, zsc_counted_columns *out);
void zsc_counted_columns_free(zsc_counted_columns *columns);
/* Counts a row, whose values are those of `names`. */
zsc_status zsc_counted_columns_add(zsc_counted_columns *columns, const zsc_metadata_row *row, unsigned split);

#endif
