/* HDF5, the little of it that zsc uses. The only header through which the rest of the program sees HDF5.
 *
 * Defined in h5_file.c (files), h5_objects.c (what is there), h5_data.c, h5_strings.c, h5_texts.c (datasets),
 * h5_attributes.c, h5_checksums.c; variables of MATLAB and Octave: h5_variable.h.
 *
 * Errors name the file and the object. HDF5's own error printing is off. Files being written carry a temporary name
 * (io/files/atomic.h) until zsc_h5_commit. Handles are closed by zsc_h5_close, which accepts NULL; closing a file that
 * was being written without a commit removes it. */
#ifndef ZSC_IO_H5_H
#define ZSC_IO_H5_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "zsc/status.h"

typedef struct zsc_h5 zsc_h5;

zsc_status zsc_h5_open(const char *path, zsc_h5 **out); /* to read; "no such file", "not an HDF5 file", "truncated" */
/* Whether a regular file is HDF5, with a user block (MATLAB 7.3) or without; ZSC_EINPUT where it cannot be read. A file
 * that is not there, and a folder, are not. */
zsc_status zsc_h5_is_hdf5(const char *path, bool *out);
zsc_status zsc_h5_create(const char *path, zsc_h5 **out); /* to write, under a temporary name beside PATH */
zsc_status zsc_h5_commit(zsc_h5 *file); /* flush, close, check, rename to PATH; frees FILE, also when it fails */
void zsc_h5_close(zsc_h5 *file);
const char *zsc_h5_path(const zsc_h5 *file);
const char *zsc_h5_library_version(void); /* "1.10.8" */

/* --- What is there */
enum { ZSC_H5_MAX_RANK = 8 };
typedef enum zsc_h5_class { ZSC_H5_FLOAT, ZSC_H5_INTEGER, ZSC_H5_STRING, ZSC_H5_ENUM, ZSC_H5_OTHER } zsc_h5_class;
typedef struct zsc_h5_info {
    int rank;
    size_t shape[ZSC_H5_MAX_RANK];
    zsc_h5_class type;
    size_t bytes; /* of one element */
    bool is_group;
    bool is_signed;     /* of integers */
    bool elsewhere;     /* in another file, which an external link leads to */
    uint64_t address;   /* in its file: two links lead to one object where this is the same */
    char type_name[48]; /* "float32", "uint16", "string", "string of 16 bytes", "compound", "group" */
} zsc_h5_info;
/* True also where it cannot be told, because a read failed: reading OBJECT then says why. */
bool zsc_h5_has(zsc_h5 *file, const char *object);
/* Whether anything in FILE could not be read so far: then what was not found may be there all the same. */
bool zsc_h5_troubled(const zsc_h5 *file);
bool zsc_h5_starved(const zsc_h5 *file); /* the same, since memory ran out */
zsc_status zsc_h5_stat(zsc_h5 *file, const char *object, zsc_h5_info *out);
/* The columns of a two-dimensional dataset of N rows; ZSC_EINPUT where OBJECT is none. */
zsc_status zsc_h5_table_columns(zsc_h5 *file, const char *object, size_t n, size_t *columns);
zsc_status zsc_h5_children(zsc_h5 *file, const char *group, zsc_list *out); /* names, sorted */

/* --- Datasets. OBJECT is a path; groups on the way are made. Types are converted by HDF5 (float16 and big-endian too).
 */
typedef enum zsc_h5_type {
    ZSC_H5_F32,
    ZSC_H5_F64,
    ZSC_H5_I32,
    ZSC_H5_I64,
    ZSC_H5_U64,
    ZSC_H5_U8,
    ZSC_H5_F16
} zsc_h5_type;

/* ZSC_H5_F16 in memory is the bit pattern, uint16_t. Files that hold float16 are read to float fast. */

/* A file says itself how large its datasets are, and may say otherwise than the program believes. So whoever reads into
 * memory of his own says what he expects, and a dataset of any other rank or size is refused before a byte is written.
 *
 * All of it: exactly of this shape (rank 0: one value, SHAPE may be NULL). */
zsc_status zsc_h5_read(zsc_h5 *file, const char *object, zsc_h5_type type, int rank, const size_t *shape, void *data);
/* count rows (first dimension) from row `first`, each of exactly `width` elements: the other dimensions' product. */
zsc_status zsc_h5_read_rows(zsc_h5 *file, const char *object, zsc_h5_type type, size_t first, size_t count,
                            size_t width, void *data);
/* A one-dimensional dataset of exactly count strings (a column, [count, 1], is taken too), fixed or variable length,
 * blanks at the end kept, zeros dropped; *out: count pointers into one block: free (*out)[..] never, free *out once
 * (pointers and letters share one allocation). */
zsc_status zsc_h5_read_strings(zsc_h5 *file, const char *object, size_t count, char ***out);
/* The same, however many there are; all must be UTF-8. */
zsc_status zsc_h5_read_all_strings(zsc_h5 *file, const char *object, char ***out, size_t *count);
/* count strings from `first` on: files of millions of barcodes are read in pieces. Freed in the same way. */
zsc_status zsc_h5_read_string_rows(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out);

/* The same for a column of any type that can name rows or classes: strings, integers in decimal, floats that are whole
 * numbers (NaN is ""), and the names of an enumeration's members. Labels: -1 among numbers is "", a missing one, as
 * pandas and scikit-learn have it. */
zsc_status zsc_h5_read_text_rows(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out);
zsc_status zsc_h5_read_label_rows(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out);
/* Whether OBJECT is such a column, by what zsc_h5_stat says; ZSC_EINPUT otherwise. */
zsc_status zsc_h5_check_texts(zsc_h5 *file, const char *object, const zsc_h5_info *info);

zsc_status zsc_h5_write(zsc_h5 *file, const char *object, zsc_h5_type type, int rank, const size_t *shape,
                        const void *data);
/* Variable-length UTF-8 is slow and cannot be compressed; strings are stored fixed-length, as long as the longest. */
zsc_status zsc_h5_write_strings(zsc_h5 *file, const char *object, const char *const *data, size_t count);

/* A dataset whose rows come in pieces: make it at its full shape (type on disk), then fill rows from memory (type in
 * memory). */
zsc_status zsc_h5_make(zsc_h5 *file, const char *object, zsc_h5_type type, int rank, const size_t *shape);
zsc_status zsc_h5_make_strings(zsc_h5 *file, const char *object, size_t count, size_t longest);
zsc_status zsc_h5_write_rows(zsc_h5 *file, const char *object, zsc_h5_type type, size_t first, size_t count,
                             const void *data);
zsc_status zsc_h5_write_string_rows(zsc_h5 *file, const char *object, size_t first, size_t count,
                                    const char *const *data);

/* --- Checksums: one attribute of the file lists datasets and their digests. Every function above that reads such a
 * dataset reads it to the end first, and fails where it is not what was written. */
zsc_status zsc_h5_checksums_write(zsc_h5 *file,
                                  const zsc_list *objects); /* of a file being written, when all is there */
bool zsc_h5_checksums_present(zsc_h5 *file);
/* Compares all of them; a sentence for each that differs or is gone to *damage, and ZSC_OK. */
zsc_status zsc_h5_verify_all(zsc_h5 *file, zsc_list *damage);
/* ZSC_EINPUT where one of them is not in the file. */
zsc_status zsc_h5_verify_present(zsc_h5 *file);

/* How many rows make a piece of about a megabyte that suits the dataset's chunks; at least 1. */
size_t zsc_h5_block_rows(zsc_h5 *file, const char *object);

/* --- Attributes of OBJECT ("/" is the file). Set on what is not there, a group is made. Reading one that is not there:
 * the default, and ZSC_OK. */
zsc_status zsc_h5_set_text(zsc_h5 *file, const char *object, const char *name, const char *value);
zsc_status zsc_h5_set_double(zsc_h5 *file, const char *object, const char *name, double value);
zsc_status zsc_h5_set_int(zsc_h5 *file, const char *object, const char *name, int64_t value);
zsc_status zsc_h5_set_bool(zsc_h5 *file, const char *object, const char *name, bool value);
/* Variable-length strings, as Python's packages want them: a list, or one (count ZSC_H5_SCALAR). For new attributes. */
#define ZSC_H5_SCALAR SIZE_MAX
zsc_status zsc_h5_set_text_list(zsc_h5 *file, const char *object, const char *name, const char *const *values,
                                size_t count);
bool zsc_h5_has_attribute(zsc_h5 *file, const char *object, const char *name);
zsc_status zsc_h5_get_text(zsc_h5 *file, const char *object, const char *name, const char *otherwise,
                           char **out); /* caller frees */
zsc_status zsc_h5_get_double(zsc_h5 *file, const char *object, const char *name, double otherwise, double *out);
zsc_status zsc_h5_get_int(zsc_h5 *file, const char *object, const char *name, int64_t otherwise, int64_t *out);

#endif
