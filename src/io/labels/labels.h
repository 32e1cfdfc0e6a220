/* Labels from files, for zsc score and zsc curve: FILE.csv:COLUMN, FILE.h5:/PATH (also variables of MATLAB and
 * Octave), FILE.npy, FILE.npz:ARRAY, and FILE:COLUMN of any file of embeddings in HDF5. */
#ifndef ZSC_IO_LABELS_H
#define ZSC_IO_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/text/csv.h"
#include "zsc/status.h"

typedef struct zsc_labels {
    char *source; /* as given */
    char *name;   /* the column, the last part of the path, or the file's name */
    size_t n;
    int32_t *code; /* of text: numbered by first appearance, -1 where missing; integers as they are, INT32_MIN where a
                      table has none */
    bool text;
    double fraction; /* of a table's text that is all numbers: the first that is not whole; 0: there is none */
    char **id; /* n, or NULL: ids that stand beside the labels (CSV column id or processid, HDF5 /id); one block */
} zsc_labels;

/* The rows of a table that are taken, by further columns of it. A table that has none of them is read whole. */
typedef struct zsc_label_rows {
    const zsc_csv_column *column; /* not required */
    size_t count;
    bool (*takes)(const void *data, const zsc_csv_row *row); /* its fields of these columns begin at ZSC_LABEL_ROWS */
    const void *data;
    bool used; /* set where a table has them */
} zsc_label_rows;
enum { ZSC_LABEL_ROWS = 2 };

/* SOURCE without a column or path is the column `cluster` of a table, or /clusters of an HDF5 file.
 * MISSING_VALUES as in zsc_dataset_options; NULL: the default list, and of a result what it says itself. ZSC_EINPUT
 * says what is there where the column or path is not. *out is set on success only. */
zsc_status zsc_labels_read(const char *source, const char *missing_values, zsc_labels *out);
/* The same of some rows, where SOURCE is in a table; ROWS may be NULL. */
zsc_status zsc_labels_read_rows(const char *source, const char *missing_values, zsc_label_rows *rows, zsc_labels *out);
/* Every dataset of group /labels of an HDF5 file, those of fewest distinct labels first. */
zsc_status zsc_labels_read_all(const char *path, const char *missing_values, zsc_labels **out, size_t *count);
void zsc_labels_free(zsc_labels *labels);

/* Rows of B in the order of A: at[i] is the row of B that goes with row i of A, or -1 where there is none. Joined on
 * the ids where both have them, else by position, which needs equal lengths (ZSC_EINPUT). Ids must not repeat. */
zsc_status zsc_labels_match(const zsc_labels *a, const zsc_labels *b, int32_t **at);

/* FILE and MEMBER of "FILE:MEMBER"; MEMBER is NULL where SOURCE is the name of a file. Both are the caller's. */
zsc_status zsc_labels_split_source(const char *source, char **file, char **member);

#endif
