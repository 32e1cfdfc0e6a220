/* NumPy's .npy format: versions 1, 2 and 3 are read, version 1 is written. */
#ifndef ZSC_IO_NPY_H
#define ZSC_IO_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/labels/missing_labels.h"
#include "io/files/source.h"
#include "zsc/status.h"

/* A two-dimensional (or one-dimensional: d = 1) array of floats of any width and byte order, C or Fortran order, or of
 * integers; converted to float. *data is the caller's (free). */
zsc_status zsc_npy_read_f32(const char *path, float **data, size_t *n, size_t *d);
zsc_status zsc_npy_read_f64(const char *path, double **data, size_t *n, size_t *d); /* the same, converted to double */
/* A one-dimensional array of integers (any width) as int32; strings become codes in order of first appearance, missing
 * ones -1 (MISSING NULL: empty ones alone). *text, unless NULL: whether they are strings. */
zsc_status zsc_npy_read_labels(const char *path, const zsc_missing_labels *missing, int32_t **data, size_t *n,
                               bool *text);
zsc_status zsc_npy_write_f32(const char *path, const float *data, size_t n, size_t d);
zsc_status zsc_npy_write_f64(const char *path, const double *data, size_t n, size_t d);
zsc_status zsc_npy_write_i32(const char *path, const int32_t *data, size_t n);
zsc_status zsc_npy_write_i32_rows(const char *path, const int32_t *data, size_t n, size_t d);
/* What stands before n x d elements (d SIZE_MAX: n of them) of KIND ('f', 'i') and SIZE bytes in C order; returns its
 * length. */
enum { ZSC_NPY_HEADER = 256 };
size_t zsc_npy_make_header(char kind, size_t size, size_t n, size_t d, char header[ZSC_NPY_HEADER]);

/* --- From a stream, such as a member of an .npz */
typedef struct zsc_npy {
    char kind;   /* f i u b (bool), S U (strings) */
    size_t size; /* bytes of one element */
    bool swap;   /* the other byte order than this machine's */
    bool fortran;
    int rank;
    size_t shape[8];
    char type_name[32];
} zsc_npy;

/* NAME is what messages call the stream. Object arrays are refused: they are pickles, and pickles are programs. */
zsc_status zsc_npy_header(zsc_source *source, const char *name, zsc_npy *out);
/* The same, but *other is set, and *out is not, where the elements are of another type, such as Python objects. */
zsc_status zsc_npy_header_of_any(zsc_source *source, const char *name, zsc_npy *out, bool *other);
/* A matrix: doubles where the elements are wider than floats, else floats. The other pointer is NULL. */
typedef struct zsc_npy_numbers {
    float *f32;
    double *f64;
    size_t n, d;
} zsc_npy_numbers;
/* The data behind the header, after a check of the shape against the size of the stream. The caller frees the array. */
zsc_status zsc_npy_read_numbers(zsc_source *source, const char *name, const zsc_npy *array, zsc_npy_numbers *out);
/* A matrix whose rows are read when they are wanted, where the file allows it (in_place): one that is not packed, in C
 * order. */
typedef struct zsc_npy_rows {
    zsc_npy array;
    size_t n, d, offset; /* offset: of the first element in the file, in bytes */
    bool wide, in_place; /* wide: doubles */
} zsc_npy_rows;
/* Behind the header, which has been read; the array must end where the file does. */
zsc_status zsc_npy_find_rows(zsc_source *source, const char *name, const zsc_npy *array, zsc_npy_rows *out);
/* COUNT x d numbers from row FIRST into OUT: doubles where rows->wide, else floats. */
zsc_status zsc_npy_rows_read(const zsc_source *source, const zsc_npy_rows *rows, size_t first, size_t count, void *out);
/* As zsc_npy_read_labels. */
zsc_status zsc_npy_labels(zsc_source *source, const char *name, const zsc_npy *array, const zsc_missing_labels *missing,
                          int32_t **data, size_t *n, bool *text);
zsc_status zsc_npy_integers(zsc_source *source, const char *name, const zsc_npy *array, int64_t **data, size_t *n);
/* Of kind S or U; UTF-8; freed as zsc_h5_read_strings's. */
zsc_status zsc_npy_strings(zsc_source *source, const char *name, const zsc_npy *array, char ***data, size_t *n);

#endif
