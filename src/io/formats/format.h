/* An open file of embeddings, whatever its format: rows with ids, encoders, and columns of text (ranks, split,
 * barcode). What formats fill in, what they are asked for, and what they share. Opened by io/embeddings.h. */
#ifndef ZSC_IO_FORMATS_FORMAT_H
#define ZSC_IO_FORMATS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "io/h5/h5.h"
#include "io/text/number_width.h"
#include "zsc/inputs.h"
#include "zsc/status.h"

typedef struct zsc_embeddings zsc_embeddings;
typedef struct zsc_format zsc_format;

typedef struct zsc_encoder {
    char *name;
    size_t n, d;
    char type[32];                         /* of the file's elements */
    char *modality, *label, *architecture; /* "" where absent */
    char *object;                          /* the format's own: a path within the file */
    size_t block;                          /* rows that are best read together */
    size_t gap;                            /* rows that are cheaper read than skipped */
    bool wide;                             /* a float cannot hold all numbers of the type */
    zsc_embeddings *file;                  /* another file that holds it; NULL: this one */
    size_t number;                         /* its number there */
} zsc_encoder;

typedef struct zsc_embeddings_parts {
    zsc_list part;     /* what is read; empty for a path that is one file */
    zsc_list left_out; /* what else is in the folder */
    zsc_list why;      /* of each of these */
} zsc_embeddings_parts;

struct zsc_embeddings {
    const zsc_format *format;
    char *path;
    size_t n; /* rows: ids */
    zsc_encoder *encoder;
    size_t encoders;
    zsc_list text;  /* columns of text other than the ids; "split" and "dna_barcode" may be among them */
    zsc_list own;   /* of each, what the file calls it: "Species" where `text` has species */
    zsc_list ranks; /* those of them that are ranks */
    bool simulated;
    zsc_h5 *h5;                         /* of HDF5 formats */
    const zsc_file_layout *file_layout; /* may be NULL; the caller's */
    void *state;                        /* the format's own */

    /* Encoders and labels that cannot be read; whoever asks for one is told why. */
    zsc_list skipped, why_skipped;
    bool *skipped_is_label;
    char *remark; /* what was taken for what, where the file does not say so; NULL: nothing */

    /* Formats without ids: rows are known by their place among the rows of the metadata. */
    bool idless, sorted; /* sorted: rows are in the order of the ids, not of the metadata's rows */
    char **given_id;     /* by zsc_embeddings_give_ids; one block */
    char *split_of_name; /* the split that the file's name tells; NULL: none */

    /* An encoder that is called as the file is; of_study: by zs-ssl-clustering (io/files/file_names.h). */
    bool named_by_file, of_study;

    zsc_embeddings **part; /* several files that are one */
    size_t parts;
    zsc_embeddings **beside; /* further files of the same rows: io/embeddings_beside.h */
    size_t besides;
    bool one_encoder;            /* only files of the encoder that was asked for are open */
    char *given_path;            /* as the user wrote it: PATH is the file's where a folder holds one */
    zsc_embeddings_parts listed; /* the files that a folder or a list stands for */
};

struct zsc_format {
    const char *name;        /* "zsc" */
    const char *description; /* "embeddings of this suite (HDF5)" */
    bool hdf5;
    bool (*recognise)(zsc_embeddings *file);              /* by content; path, file_layout and h5 are set */
    zsc_status (*open)(zsc_embeddings *file);             /* fills n, encoders, text, ranks, simulated */
    zsc_status (*ids)(zsc_embeddings *file, char ***out); /* n ids, one block to free */
    /* COLUMN: what the file calls it */
    zsc_status (*text)(zsc_embeddings *file, const char *column, size_t first, size_t count, char ***out);
    /* count x d floats; doubles where the encoder is wide */
    zsc_status (*rows)(zsc_embeddings *file, const zsc_encoder *encoder, size_t first, size_t count, void *out);
    size_t (*held)(const zsc_embeddings *file); /* bytes of vectors that stay in memory while it is open; NULL: none */
    void (*close)(zsc_embeddings *file);        /* state; may be NULL */
};

void zsc_embeddings_parts_free(zsc_embeddings_parts *parts);
void zsc_embeddings_close(zsc_embeddings *file); /* accepts NULL */

/* Bytes of vectors that stay in memory while FILE, with its parts and the files beside it, is open. */
size_t zsc_embeddings_held(const zsc_embeddings *file);
zsc_status zsc_embeddings_ids(zsc_embeddings *file, char ***out);
/* Names the rows of a file that has no ids; IDS is one block of n, which FILE takes over. */
void zsc_embeddings_give_ids(zsc_embeddings *file, char **ids);
bool zsc_embeddings_has_text(const zsc_embeddings *file, const char *column);
/* count texts of COLUMN from row `first`; one block to free. ZSC_EINPUT: one is not UTF-8, as with ids. */
zsc_status zsc_embeddings_text(zsc_embeddings *file, const char *column, size_t first, size_t count, char ***out);
/* Why the encoder or the labels called NAME cannot be read; NULL: they are no such. */
const char *zsc_embeddings_why_skipped(const zsc_embeddings *file, const char *name);
/* count rows of the encoder from row `first`, count x d, of any encoder; a number beyond floats becomes infinity. */
zsc_status zsc_embeddings_rows(zsc_embeddings *file, const zsc_encoder *encoder, size_t first, size_t count,
                               float *out);
zsc_status zsc_embeddings_rows_f64(zsc_embeddings *file, const zsc_encoder *encoder, size_t first, size_t count,
                                   double *out);

/* --- For formats */
/* Adds an encoder; its strings are copied. */
zsc_status zsc_format_add_encoder(zsc_embeddings *file, const char *name, const char *object, size_t n, size_t d,
                                  const char *type, bool wide);
/* ZSC_EINPUT: the name of an encoder or of labels is not UTF-8. */
zsc_status zsc_format_check_names(const zsc_embeddings *file);
/* Sets block and gap of the last encoder for reading OBJECT through HDF5, and its attributes from the dataset's. */
zsc_status zsc_format_describe_h5(zsc_embeddings *file);
/* count rows of the dataset that is the encoder's object. */
zsc_status zsc_format_h5_rows(zsc_embeddings *file, const zsc_encoder *encoder, size_t first, size_t count, void *out);
/* Adds a column of text under zsc's name of it (io/labels/column_names.h), or under NAME where the file has another
 * column that is called so to the letter, or had one of that name in another case before. */
zsc_status zsc_format_add_column(zsc_embeddings *file, const char *name);
/* Leaves NAME out if STATUS says that it cannot be taken, with the last error as the reason. ZSC_OK then; STATUS where
 * there is more amiss: memory has run out, or the file is damaged and what it holds cannot be told. */
zsc_status zsc_format_skip_encoder(zsc_embeddings *file, const char *name, zsc_status status);
zsc_status zsc_format_skip_labels(zsc_embeddings *file, const char *name, zsc_status status);

/* What arrays and columns of ids are called, BIOSCAN's names first; ends in NULL. */
extern const char *const zsc_format_id_names[];
/* Whether an array or a column of this name, without regard to case, holds ids: 0: no; of several the one with the
 * highest number does. */
int zsc_format_id_rank(const char *name);

/* The name that the file gives its only encoder: "a/b/x_1.npz" -> "x_1". Sets named_by_file and of_study. The caller
 * frees it. */
zsc_status zsc_format_name_encoder(zsc_embeddings *file, char **name);
/* Sets split_of_name to the split that the file's name says, or else its folder's; and, from the folder, the modality
 * of encoders that have none. */
zsc_status zsc_format_name_split(zsc_embeddings *file);

#endif
