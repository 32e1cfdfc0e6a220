/* What the user says about the files: paths within HDF5 files, how tables are written, names of columns.
 * Module: src/io
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_INPUTS_H
#define ZSC_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How tables (CSV, TSV) are written, where their first lines do not tell. Zero and NULL: as the file has it. */
typedef struct zsc_table_layout {
    const char *delimiter;     /* , ; | tab whitespace */
    const char *decimal;       /* . or , */
    bool no_header;            /* the first row is data; columns are c1, c2, ... */
    const char *id_column;     /* of embeddings */
    const char *label_columns; /* of embeddings: columns that are labels, not features; names with commas between */
    const char *missing;       /* of embeddings: the words that stand for a missing label (zsc_dataset_options'
                                  missing_values,       which takes its place); NULL: the default ones */
} zsc_table_layout;

/* How files are read, where they do not tell: paths in HDF5 files of an unknown layout, and how tables are written.
 * NULL fields are not asked for. Files that lack the dataset `embedding` are read by the layout that is recognised, as
 * long as one file has it. */
typedef struct zsc_file_layout {
    const char *embedding;     /* "/model/features": numbers [n, d]; NULL: no paths at all */
    const char *id;            /* "/names"; NULL: rows are in the order of the metadata */
    const char *const *labels; /* "rank=/path": strings or integers [n] */
    size_t label_count;
    bool bfloat16;          /* 16-bit integers are bfloat16 numbers */
    zsc_table_layout table; /* the same for tables of text, of embeddings or metadata */
} zsc_file_layout;

/* What columns of the metadata are called there: "family=Familia" where zsc's name is family. Names that are none of
 * zsc's (processid, split, dna_barcode, the ranks) become ranks. */
typedef struct zsc_columns {
    const char *const *rule;
    size_t count;
} zsc_columns;

#ifdef __cplusplus
}
#endif
#endif
