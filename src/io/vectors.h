/* A file of embeddings, whatever its layout: rows with ids, encoders, and columns of text (ranks, split, barcode).
 *
 * Each layout is one entry of the table in vectors.c: how it is recognised by content, opened, and read. */
#ifndef ZSC_IO_VECTORS_H
#define ZSC_IO_VECTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "io/h5/h5.h"
#include "zsc/dataset.h"
#include "zsc/status.h"

typedef struct zsc_encoder {
    char *name;
    size_t n, d;
    char type[32];                         /* of the file's elements */
    char *modality, *label, *architecture; /* "" where absent */
    char *object;                          /* the layout's own: a path within the file */
    size_t block;                          /* rows that are best read together */
    size_t gap;                            /* rows that are cheaper read than skipped */
} zsc_encoder;

typedef struct zsc_vectors zsc_vectors;
typedef struct zsc_vectors_layout zsc_vectors_layout;

typedef struct zsc_vectors_parts {
    zsc_list part;     /* what is read; empty for a path that is one file */
    zsc_list left_out; /* what else is in the folder */
} zsc_vectors_parts;

struct zsc_vectors {
    const zsc_vectors_layout *layout;
    char *path;
    size_t n; /* rows: ids */
    zsc_encoder *encoder;
    size_t encoders;
    zsc_list text;  /* columns of text other than the ids; "split" and "dna_barcode" may be among them */
    zsc_list ranks; /* those of them that are ranks */
    bool simulated;
    const char *const *missing;   /* texts that mean "missing" besides zsc_text_missing's; ends in NULL */
    zsc_h5 *h5;                   /* of HDF5 layouts */
    const zsc_pointing *pointing; /* may be NULL; the caller's */
    void *state;                  /* the layout's own */

    /* Layouts without ids: rows are known by their place among the rows of the metadata. */
    bool idless, sorted; /* sorted: rows are in the order of the ids, not of the metadata's rows */
    char **given_id;     /* by zsc_vectors_give_ids; one block */
    char *split_of_name; /* the split that the file's name tells; NULL: none */

    zsc_vectors **part; /* several files that are one */
    size_t parts;
    char *given_path;         /* as the user wrote it: PATH is the file's where a folder holds one */
    zsc_vectors_parts listed; /* the files that a folder or a list stands for */
};

struct zsc_vectors_layout {
    const char *name;        /* "zsc" */
    const char *description; /* "embeddings of this suite (HDF5)" */
    bool hdf5;
    bool (*recognise)(zsc_vectors *vectors);              /* by content; path, pointing and h5 are set */
    zsc_status (*open)(zsc_vectors *vectors);             /* fills n, encoders, text, ranks, simulated */
    zsc_status (*ids)(zsc_vectors *vectors, char ***out); /* n ids, one block to free */
    zsc_status (*text)(zsc_vectors *vectors, const char *column, size_t first, size_t count, char ***out);
    zsc_status (*rows)(zsc_vectors *vectors, const zsc_encoder *encoder, size_t first, size_t count, float *out);
    void (*close)(zsc_vectors *vectors); /* state; may be NULL */
};

/* What PATH is, without reading it through. NONE: neither embeddings nor HDF5; perhaps metadata. POINTING may be NULL.
 */
typedef enum zsc_vectors_class { ZSC_VECTORS_NONE, ZSC_VECTORS_EMBEDDINGS, ZSC_VECTORS_HDF5 } zsc_vectors_class;
zsc_status zsc_vectors_recognise(const char *path, const zsc_pointing *pointing, zsc_vectors_class *out);

/* Opens PATH and recognises its layout. PATH may be a folder, or names joined with '+' (io/input_files.h): the files in
 * it that hold embeddings, in order of name, are one then. Files of a folder that are no embeddings are left out,
 * unless they cannot be read, or are called as the parts are (the same ending): that is ZSC_EINPUT. POINTING may be
 * NULL and must live on. */
zsc_status zsc_vectors_open(const char *path, const zsc_pointing *pointing, zsc_vectors **out);
void zsc_vectors_close(zsc_vectors *vectors); /* accepts NULL */
/* A note of the files that a folder or a list stands for, and of what is left out; none for a path that is one file. */
void zsc_vectors_note_parts(const zsc_vectors *vectors);
/* ZSC_EUSAGE for ids, labels or types of an embedding that is not pointed at. */
zsc_status zsc_pointing_check(const zsc_pointing *pointing);
/* ZSC_EINPUT where POINTING names an embedding and none of the files has it. */
zsc_status zsc_vectors_check_pointing(zsc_vectors *const *file, size_t count, const zsc_pointing *pointing);

zsc_status zsc_vectors_ids(zsc_vectors *vectors, char ***out);
/* Names the rows of a file that has no ids; IDS is one block of n, which the vectors take over. */
void zsc_vectors_give_ids(zsc_vectors *vectors, char **ids);
bool zsc_vectors_has_text(const zsc_vectors *vectors, const char *column);
/* count texts of COLUMN from row `first`; one block to free. */
zsc_status zsc_vectors_text(zsc_vectors *vectors, const char *column, size_t first, size_t count, char ***out);
/* Whether TEXT stands for a missing value in this file. */
bool zsc_vectors_missing(const zsc_vectors *vectors, const char *text);
/* Whether the encoder has a row for each id, in each of the parts. */
zsc_status zsc_vectors_check_rows(const zsc_vectors *vectors, const zsc_encoder *encoder);
/* count rows of the encoder from row `first`, count x d. */
zsc_status zsc_vectors_rows(zsc_vectors *vectors, const zsc_encoder *encoder, size_t first, size_t count, float *out);
/* The encoder called NAME; with NULL the only one. The message lists those that are there. Checks its shape. */
zsc_status zsc_vectors_encoder(zsc_vectors *vectors, const char *name, const zsc_encoder **out);

/* Takes FILE[:ENCODER] apart: the longest FILE that exists, so that names with colons work. *encoder is NULL where none
 * is given. The caller frees both. */
zsc_status zsc_vectors_split_name(const char *spec, char **path, char **encoder);

/* --- For layouts */
/* Adds an encoder; its strings are copied, NULL is "". */
zsc_status zsc_vectors_add(zsc_vectors *vectors, const char *name, const char *object, size_t n, size_t d,
                           const char *type);
/* Sets block and gap of the last encoder for reading OBJECT through HDF5, and its attributes from the dataset's. */
zsc_status zsc_vectors_describe_h5(zsc_vectors *vectors);
zsc_status zsc_vectors_add_rank(zsc_vectors *vectors, const char *name);

/* "a/b/x_test.npz" -> "x_test"; the caller frees it. */
char *zsc_vectors_base_name(const char *path);
/* Sets split_of_name to the longest of BIOSCAN's splits that ends the file's name. */
zsc_status zsc_vectors_name_split(zsc_vectors *vectors);
/* The encoder of part `part` that is ENCODER of the whole. */
const zsc_encoder *zsc_vectors_part_encoder(const zsc_vectors *whole, size_t part, const zsc_encoder *encoder);
/* Opens the files of PATH as one. */
zsc_status zsc_vectors_open_several(const zsc_list *paths, zsc_vectors *vectors);

/* Data in memory, for layouts that are read whole: one array an encoder, one block of strings a column. */
typedef struct zsc_vectors_memory {
    float **x;      /* encoders */
    char **id;      /* one block, or NULL */
    char ***column; /* as many as vectors->text, in that order, one block each */
} zsc_vectors_memory;
/* Both take X and TEXT over, also when they fail. The state is made when it is not there. */
zsc_status zsc_memory_add(zsc_vectors *vectors, const char *name, float *x, size_t n, size_t d, const char *type);
zsc_status zsc_memory_add_column(zsc_vectors *vectors, const char *name, char **text, bool rank);
zsc_status zsc_memory_set_ids(zsc_vectors *vectors, char **ids);
zsc_status zsc_memory_ids(zsc_vectors *vectors, char ***out);
zsc_status zsc_memory_text(zsc_vectors *vectors, const char *column, size_t first, size_t count, char ***out);
zsc_status zsc_memory_rows(zsc_vectors *vectors, const zsc_encoder *encoder, size_t first, size_t count, float *out);
void zsc_memory_close(zsc_vectors *vectors);
/* Copies count strings into one block. */
zsc_status zsc_strings_copy(char *const *text, size_t count, char ***out);

extern const zsc_vectors_layout zsc_layout_native, zsc_layout_clibd, zsc_layout_anndata, zsc_layout_samples,
    zsc_layout_pointed, zsc_layout_npy, zsc_layout_npz, zsc_layout_columns, zsc_layout_several;

#endif
