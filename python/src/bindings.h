/* What the files of zsc._core share. The module is built against CPython's limited API (3.11): one binary serves that
 * version and later ones. It knows no NumPy: arrays come by the buffer protocol, results are written to arrays that the
 * Python side has made, and those of unknown length come back as bytes. Checks of types and shapes that a user can get
 * wrong are in python/zsc; those here guard the memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_PYTHON_BINDINGS_H
#define ZSC_PYTHON_BINDINGS_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "zsc/exec.h"
#include "zsc/status.h"

/* --- Arrays: buffers.c */
typedef enum zscpy_type {
    ZSCPY_FLOAT32 = 1,
    ZSCPY_FLOAT64 = 2,
    ZSCPY_INT32 = 4,
    ZSCPY_INT64 = 8,
    ZSCPY_BOOL = 16,
    ZSCPY_WRITABLE = 32 /* with one of the others: results are written to it */
} zscpy_type;

/* A C-contiguous array of one or two dimensions. Start from {0}; a ZSCPY_ARRAY is released where its scope ends. */
typedef struct zscpy_array {
    Py_buffer view;
    size_t rows, columns; /* columns is 1 where there is one dimension */
    zscpy_type type;
    bool given; /* false: None was given */
} zscpy_array;
#define ZSCPY_ARRAY(name) zscpy_array name __attribute__((cleanup(zscpy_array_release))) = {0}
void zscpy_array_release(zscpy_array *array);

/* Takes object's buffer, which must be of one of the types (or'd) and of so many dimensions. False, with a TypeError
 * that says NAME, where it is not. */
bool zscpy_array_take(PyObject *object, const char *name, int types, int dimensions, zscpy_array *out);
/* The same, but None is left as it is. */
bool zscpy_array_take_optional(PyObject *object, const char *name, int types, int dimensions, zscpy_array *out);
/* False, with a ValueError, unless the array has this shape. */
bool zscpy_array_has_shape(const zscpy_array *array, const char *name, size_t rows, size_t columns);
/* Bytes object that holds COUNT items of SIZE bytes; NULL on failure. */
PyObject *zscpy_bytes(const void *data, size_t count, size_t size);

/* --- How a computation is carried out: execution.c */
typedef struct zscpy_run {
    zsc_exec exec;
    PyObject *report;        /* called with (stage, done, total); NULL: nothing is */
    PyThreadState *state;    /* of the thread that computes, while others may run Python */
    struct timespec checked; /* when signals were looked at last */
} zscpy_run;
/* For "O&": (threads, bytes of memory, function or None). */
int zscpy_run_convert(PyObject *settings, void *run);
void zscpy_begin(zscpy_run *run);
/* Takes the GIL again; false, with an exception, where status is not ZSC_OK. */
bool zscpy_end(zscpy_run *run, zsc_status status);
/* Carries out a call of libzsc without the GIL. Signals are looked at while it computes, so that Ctrl-C stops it. */
#define ZSCPY_COMPUTE(run, call) (zscpy_begin(run), zscpy_end((run), (call)))
/* The exception of a status; returns NULL. */
PyObject *zscpy_raise(zsc_status status);

/* --- Functions by topic, each ended by {NULL}: knn.c, umap.c, linkage.c, clusterers.c, scores.c, pca.c */
extern PyMethodDef zscpy_knn_functions[], zscpy_umap_functions[], zscpy_linkage_functions[],
    zscpy_clusterer_functions[], zscpy_score_functions[], zscpy_pca_functions[];

#endif
