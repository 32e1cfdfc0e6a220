/* Further columns of the metadata, for the specimens of an atlas: texts, or numbers. */
#ifndef ZSC_ATLAS_METADATA_TABLE_H
#define ZSC_ATLAS_METADATA_TABLE_H

#include "atlas/specimen_table.h"
#include "base/text.h"
#include "zsc/exec.h"
#include "zsc/inputs.h"

typedef struct zsc_metadata_table_source {
    const char *path;              /* a table with ids */
    const zsc_table_layout *table; /* how it is written; NULL: as its first lines say */
    const zsc_columns *columns;    /* rules NAME=COLUMN; may be NULL */
    const char *missing_values;    /* NULL: the default list */
} zsc_metadata_table_source;

typedef struct zsc_metadata_table_column {
    zsc_column text; /* one code per specimen */
    double
        *number; /* one per specimen, NaN missing; NULL: texts. The texts are kept beside them where ALSO names them */
} zsc_metadata_table_column;

typedef struct zsc_metadata_table { /* start from {0} */
    zsc_metadata_table_column *column;
    size_t columns;
} zsc_metadata_table;

/* Reads the columns that WANTED names; empty: all of the table but ids, ranks that SPECIMENS has, and texts that nearly
 * tell specimens apart or do not at all: more than 5,000 different ones, one for more than half of the specimens that
 * have one, one for all, or one of more than 200 bytes. A
 * column is of numbers where all its values are numbers, more than 12 of them different. ALSO names columns that are
 * read in any case where the table has them. Of an id that the table has twice, the first row counts. ZSC_EINPUT: no
 * such table or column, with those that are there; ZSC_EINTERRUPTED. */
zsc_status zsc_metadata_table_read(const zsc_metadata_table_source *source, const zsc_specimen_table *specimens,
                                   const zsc_list *wanted, const zsc_list *also, const zsc_exec *exec,
                                   zsc_metadata_table *out);
void zsc_metadata_table_free(zsc_metadata_table *table);

#endif
