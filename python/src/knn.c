/* Neighbours and trustworthiness.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bindings.h"
#include "zsc/knn.h"

static void copy_lists(const zsc_knn *found, zscpy_array *index, zscpy_array *distance)
{
    memcpy(index->view.buf, found->index, found->n * found->k * sizeof *found->index);
    memcpy(distance->view.buf, found->distance, found->n * found->k * sizeof *found->distance);
}

/* knn_search(x, index, distance, metric, method, seed, run): index and distance are n x k. Returns the method's number.
 */
static PyObject *knn_search(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(index);
    ZSCPY_ARRAY(distance);
    PyObject *of_x, *of_index, *of_distance;
    int metric, method;
    unsigned long long seed;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOiiKO&", &of_x, &of_index, &of_distance, &metric, &method, &seed, zscpy_run_convert,
                          &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) ||
        !zscpy_array_take(of_index, "index", ZSCPY_INT32 | ZSCPY_WRITABLE, 2, &index) ||
        !zscpy_array_take(of_distance, "distance", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &distance) ||
        !zscpy_array_has_shape(&index, "index", x.rows, index.columns) ||
        !zscpy_array_has_shape(&distance, "distance", x.rows, index.columns))
        return NULL;
    zsc_knn_options options = zsc_knn_defaults();
    options.neighbors = index.columns;
    options.metric = (zsc_metric)metric;
    options.method = (zsc_knn_method)method;
    options.seed = seed;
    zsc_knn found = {0};
    if (!ZSCPY_COMPUTE(&run, zsc_knn_search(x.view.buf, x.rows, x.columns, &options, &run.exec, &found))) return NULL;
    copy_lists(&found, &index, &distance);
    int ran = (int)found.method;
    zsc_knn_free(&found);
    return PyLong_FromLong(ran);
}

/* knn_query(queries, keys, index, distance, metric, run). */
static PyObject *knn_query(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(queries);
    ZSCPY_ARRAY(keys);
    ZSCPY_ARRAY(index);
    ZSCPY_ARRAY(distance);
    PyObject *of_queries, *of_keys, *of_index, *of_distance;
    int metric;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOOiO&", &of_queries, &of_keys, &of_index, &of_distance, &metric, zscpy_run_convert,
                          &run) ||
        !zscpy_array_take(of_queries, "queries", ZSCPY_FLOAT32, 2, &queries) ||
        !zscpy_array_take(of_keys, "keys", ZSCPY_FLOAT32, 2, &keys) ||
        !zscpy_array_has_shape(&keys, "keys", keys.rows, queries.columns) ||
        !zscpy_array_take(of_index, "index", ZSCPY_INT32 | ZSCPY_WRITABLE, 2, &index) ||
        !zscpy_array_take(of_distance, "distance", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &distance) ||
        !zscpy_array_has_shape(&index, "index", queries.rows, index.columns) ||
        !zscpy_array_has_shape(&distance, "distance", queries.rows, index.columns))
        return NULL;
    zsc_knn found = {0};
    if (!ZSCPY_COMPUTE(&run, zsc_knn_query(queries.view.buf, queries.rows, keys.view.buf, keys.rows, keys.columns,
                                           index.columns, (zsc_metric)metric, &run.exec, &found)))
        return NULL;
    copy_lists(&found, &index, &distance);
    zsc_knn_free(&found);
    Py_RETURN_NONE;
}

/* trustworthiness(x, y, k, metric, run). */
static PyObject *trustworthiness(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(y);
    PyObject *of_x, *of_y;
    Py_ssize_t k;
    int metric;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOniO&", &of_x, &of_y, &k, &metric, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) || !zscpy_array_take(of_y, "y", ZSCPY_FLOAT32, 2, &y) ||
        !zscpy_array_has_shape(&y, "y", x.rows, y.columns))
        return NULL;
    double result;
    if (!ZSCPY_COMPUTE(&run, zsc_trustworthiness(x.view.buf, x.columns, y.view.buf, y.columns, x.rows, (size_t)k,
                                                 (zsc_metric)metric, &run.exec, &result)))
        return NULL;
    return PyFloat_FromDouble(result);
}

/* centre_of_rows(x, centre, metric, run): rows of float64; centre has a number per column. */
static PyObject *centre_of_rows(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(centre);
    PyObject *of_x, *of_centre;
    int metric;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOiO&", &of_x, &of_centre, &metric, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT64, 2, &x) ||
        !zscpy_array_take(of_centre, "centre", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 1, &centre) ||
        !zscpy_array_has_shape(&centre, "centre", x.columns, 1))
        return NULL;
    if (!ZSCPY_COMPUTE(
            &run, zsc_centre_of_rows(x.view.buf, x.rows, x.columns, (zsc_metric)metric, &run.exec, centre.view.buf)))
        return NULL;
    Py_RETURN_NONE;
}

/* narrow_rows(x, centre or None, out, run): float64 to float32. */
static PyObject *narrow_rows(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(centre);
    ZSCPY_ARRAY(out);
    PyObject *of_x, *of_centre, *of_out;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOO&", &of_x, &of_centre, &of_out, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT64, 2, &x) ||
        !zscpy_array_take_optional(of_centre, "centre", ZSCPY_FLOAT64, 1, &centre) ||
        !zscpy_array_take(of_out, "out", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &out) ||
        !zscpy_array_has_shape(&out, "out", x.rows, x.columns) ||
        (centre.given && !zscpy_array_has_shape(&centre, "centre", x.columns, 1)))
        return NULL;
    if (!ZSCPY_COMPUTE(&run, zsc_narrow_rows(x.view.buf, x.rows, x.columns, centre.view.buf, &run.exec, out.view.buf)))
        return NULL;
    Py_RETURN_NONE;
}

PyMethodDef zscpy_knn_functions[] = {
    {"knn_search", knn_search, METH_VARARGS, NULL},           {"knn_query", knn_query, METH_VARARGS, NULL},
    {"centre_of_rows", centre_of_rows, METH_VARARGS, NULL},   {"narrow_rows", narrow_rows, METH_VARARGS, NULL},
    {"trustworthiness", trustworthiness, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL},
};
