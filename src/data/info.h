/* What a file holds: for `zsc info`. */
#ifndef ZSC_DATA_INFO_H
#define ZSC_DATA_INFO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "zsc/dataset.h"
#include "zsc/status.h"

typedef struct info_encoder {
    char *name, *type, *modality, *label;
    size_t n, d;
    double norm_least, norm_mean, norm_sd,
        norm_most;                             /* Euclidean lengths of the finite rows; NaN where there is none */
    size_t nan_rows, infinite_rows, zero_rows; /* rows that hold any NaN; any infinity; nothing but 0 */
    size_t repeated_rows, constant_rows;       /* rows equal to an earlier one; rows of one value */
    size_t repeated_columns, constant_columns;
} info_encoder;

typedef struct info_column {
    char *name;
    size_t classes, missing, largest;
    char *largest_name;
} info_column;

typedef struct info_split {
    char *name;
    size_t rows;
} info_split;

typedef struct info_object { /* of an HDF5 file in no layout that zsc knows */
    char *path, *type, *shape;
} info_object;

typedef struct zsc_info {
    char *path, *layout; /* "zsc", "metadata", ... */
    char *description;
    bool simulated;
    size_t rows;
    info_encoder *encoder;
    size_t encoders;
    info_column *rank;
    size_t ranks;
    info_split *split;
    size_t splits;
    size_t without_split;
    bool barcodes;
    size_t distinct_barcodes, repeated_barcodes, without_barcode;
    size_t repeated_ids, empty_ids;
    zsc_list other;           /* columns of a CSV that are none of these */
    zsc_list parts, left_out; /* the files of a folder or list that are read as one, and others in the folder */
    info_object *object;
    size_t objects;
    zsc_list problem;  /* sentences */
    size_t unreadable; /* of them, objects that could not be read: what they hold is not told here */
} zsc_info;

/* Reads the whole file once, in pieces. H5_PATHS and COLUMNS are as in zsc_dataset_options; ZSC_EUSAGE where the file
 * is of the kind that they say nothing about. */
zsc_status zsc_info_read(const char *path, const zsc_h5_paths *h5_paths, const zsc_columns *columns,
                         const zsc_exec *exec, zsc_info *out);
void zsc_info_free(zsc_info *info);

/* Notes something wrong with the file, for those who read what was counted. */
__attribute__((format(printf, 2, 3))) zsc_status zsc_info_problem(zsc_info *info, const char *format, ...);

#endif
