/* Specimens: ids, taxonomy, splits, barcodes, and their embeddings. Defined in dataset.c; zsc_dataset_write in
 * write_dataset.c.
 * Module: src/data
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_DATASET_H
#define ZSC_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "zsc/column.h"
#include "zsc/exec.h"
#include "zsc/inputs.h"
#include "zsc/ranks.h"
#include "zsc/scale.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_per_barcode { ZSC_BARCODE_ALL, ZSC_BARCODE_RANDOM, ZSC_BARCODE_FIRST } zsc_per_barcode;

/* What to load. Strings belong to the caller. */
typedef struct zsc_dataset_options {
    size_t size;                   /* see zsc/status.h */
    const char *const *embeddings; /* FILE[:ENCODER]; several are concatenated, joined on the id. FILE is an HDF5 file
                                    * of zsc, CLIBD or AnnData, one dataset per sample, npy, npz, CSV or TSV of numbers;
                                    * or a folder, or names joined with '+', of such files that are parts of one */
    size_t embedding_count;
    const char *metadata;     /* CSV or TSV, or NULL: labels from the first embeddings file */
    zsc_columns columns;      /* of the metadata */
    const char *split;        /* "test+test_unseen", a group (seen, unseen, all), or NULL for all rows */
    const char *const *where; /* "rank=value", all of which must hold */
    size_t where_count;
    const char *ids;   /* a file of ids, one per line or a table with a column of ids ("-": standard input): these
                        * rows and no others; NULL: all */
    bool ids_in_order; /* rows in the order of that file */
    zsc_per_barcode per_barcode;
    size_t barcode_max_length; /* 0: whole */
    zsc_scale scale;
    zsc_scope scope;
    const char *const *ranks; /* NULL: all of zsc_rank_names that are there */
    size_t rank_count;
    uint64_t seed; /* of the choice of one row per barcode */
    zsc_file_layout file_layout;
    const char *missing_values; /* labels, splits and barcodes that are missing beside empty texts, "NA,unknown"; NULL:
                                   the list of doc/formats.md; "": none */
    bool rows_only;             /* select rows and give n and d, but read no matrix: x stays NULL */
    bool double_precision;      /* where a file has wider numbers than floats, give x64 instead of x */
    const char *memory_map;     /* a folder on a disk: the matrix is in a file without a name there, mapped into
                                   memory, and does not count towards the limit; NULL: it is in memory */
} zsc_dataset_options;
enum { zsc_dataset_options_first = sizeof(zsc_dataset_options) }; /* in 0.1.0 */
ZSC_API void zsc_dataset_options_init(zsc_dataset_options *options, size_t size);
static inline zsc_dataset_options zsc_dataset_defaults(void)
{
    zsc_dataset_options options;
    zsc_dataset_options_init(&options, sizeof options);
    return options;
}

/* How many rows went, and why; in the order in which they are applied. */
typedef struct zsc_selection {
    size_t embedded;   /* rows of the first embeddings file */
    size_t not_listed; /* ... that the list of ids leaves out */
    size_t unmatched;  /* ... in no row of the metadata, or in no other modality */
    size_t other_split;
    size_t where;
    size_t without_barcode;  /* with one per barcode: rows with no barcode at all */
    size_t repeated_barcode; /* ... rows whose barcode another row stands for */
    size_t kept;
} zsc_selection;

typedef struct zsc_modality {                               /* one of the concatenated embeddings */
    char *path, *encoder, *modality, *label, *architecture; /* attributes; "" where absent */
    size_t d;
    bool simulated; /* the file says that its data is simulated */
} zsc_modality;

/* One choice of rows, ready to be analysed; rows in the order of the first embeddings file, or of the list of ids. */
typedef struct zsc_dataset {
    size_t n, d;
    float *x;         /* n x d, scaled and concatenated, all finite; NULL where x64 is given */
    double *x64;      /* the same in double precision, if it was asked for and .wide; else NULL */
    size_t mapped;    /* bytes of x or x64 in a mapped file (memory_map); 0: they are from malloc() */
    bool wide;        /* an encoder has wider numbers than floats: float64, integers of 32 bits and more, text */
    char **id;        /* n */
    zsc_column split; /* code NULL where no split is known */
    zsc_column *rank;
    size_t ranks;
    zsc_modality *modality;
    size_t modalities;
    zsc_selection selection;
    uint64_t fingerprint[2];   /* hash of x, ids and labels: the inputs' contents in a run's key */
    uint64_t id_list[2];       /* digest of the list of ids; zeros: none was given */
    uint64_t matrix_digest[2]; /* hash of n, d and x (or x64) alone */
} zsc_dataset;

/* Selects the rows, reads and scales their vectors, and concatenates them. ZSC_EINPUT: a file cannot be read or its
 * content is wrong, with file, row, column, expected and found; rows that hold NaN or infinity are refused with their
 * id. ZSC_EUSAGE: an option is wrong, or memory would exceed the limit; ZSC_EINTERRUPTED. exec may be NULL.
 * *out is set on success only; the caller frees it with zsc_dataset_free. */
ZSC_API zsc_status zsc_dataset_load(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset *out);
ZSC_API void zsc_dataset_free(zsc_dataset *dataset);
/* Writes the dataset as an embeddings file of zsc: ids, split, labels, and the scaled matrix under the encoders' names,
 * joined with '+'. Loaded again without a choice of rows and without scaling it is the same dataset. OUTPUT is replaced
 * when the new file is whole. ZSC_EUSAGE: there is no x (rows_only, or x64), or a code has no name; ZSC_ENUMERIC: NaN
 * or infinity in x; ZSC_EINPUT: OUTPUT cannot be written. */
ZSC_API zsc_status zsc_dataset_write(const zsc_dataset *dataset, const char *output);
/* Frees x and x64 alone, however they were made. */
ZSC_API void zsc_dataset_free_matrix(zsc_dataset *dataset);
/* The rank's column, or NULL. */
ZSC_API const zsc_column *zsc_dataset_rank(const zsc_dataset *dataset, const char *name);

#ifdef __cplusplus
}
#endif
#endif
