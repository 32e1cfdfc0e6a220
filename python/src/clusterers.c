/* HDBSCAN and k-means.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bindings.h"
#include "zsc/hdbscan.h"
#include "zsc/kmeans.h"

/* hdbscan(x, label, probability, options, run) -> stability of each cluster (float64) as bytes. options: a tuple in the
 * order of zsc_hdbscan_options. */
static PyObject *hdbscan(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(label);
    ZSCPY_ARRAY(probability);
    PyObject *of_x, *of_label, *of_probability;
    Py_ssize_t least, samples, most;
    int single, selection, metric;
    zsc_hdbscan_options options = zsc_hdbscan_defaults();
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOO(nnndpii)O&", &of_x, &of_label, &of_probability, &least, &samples, &most,
                          &options.cluster_selection_epsilon, &single, &selection, &metric, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) ||
        !zscpy_array_take(of_label, "label", ZSCPY_INT32 | ZSCPY_WRITABLE, 1, &label) ||
        !zscpy_array_take(of_probability, "probability", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 1, &probability) ||
        !zscpy_array_has_shape(&label, "label", x.rows, 1) ||
        !zscpy_array_has_shape(&probability, "probability", x.rows, 1))
        return NULL;
    options.min_cluster_size = (size_t)least;
    options.min_samples = (size_t)samples;
    options.max_cluster_size = (size_t)most;
    options.allow_single_cluster = single != 0;
    options.selection = (zsc_hdbscan_selection)selection;
    options.metric = (zsc_metric)metric;
    zsc_hdbscan found = {0};
    if (!ZSCPY_COMPUTE(&run, zsc_hdbscan_cluster_rows(x.view.buf, x.rows, x.columns, &options, &run.exec, &found)))
        return NULL;
    memcpy(label.view.buf, found.label, found.n * sizeof *found.label);
    memcpy(probability.view.buf, found.probability, found.n * sizeof *found.probability);
    PyObject *stability = zscpy_bytes(found.stability, found.clusters, sizeof *found.stability);
    zsc_hdbscan_free(&found);
    return stability;
}

/* kmeans(x, label, centres, n_init, max_iter, tol, seed, init or None, run) -> (clusters, inertia, iterations,
 * converged); centres: as many rows as clusters are asked for, of which the first `clusters` are set. */
static PyObject *kmeans(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(label);
    ZSCPY_ARRAY(centres);
    ZSCPY_ARRAY(init);
    PyObject *of_x, *of_label, *of_centres, *of_init;
    Py_ssize_t starts, iterations;
    unsigned long long seed;
    zsc_kmeans_options options = zsc_kmeans_defaults();
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOnndKOO&", &of_x, &of_label, &of_centres, &starts, &iterations, &options.tol, &seed,
                          &of_init, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) ||
        !zscpy_array_take(of_label, "label", ZSCPY_INT32 | ZSCPY_WRITABLE, 1, &label) ||
        !zscpy_array_take(of_centres, "centres", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &centres) ||
        !zscpy_array_take_optional(of_init, "init", ZSCPY_FLOAT32, 2, &init) ||
        !zscpy_array_has_shape(&label, "label", x.rows, 1) ||
        !zscpy_array_has_shape(&centres, "centres", centres.rows, x.columns) ||
        (init.given && !zscpy_array_has_shape(&init, "init", centres.rows, x.columns)))
        return NULL;
    options.clusters = centres.rows;
    options.n_init = (size_t)starts;
    options.max_iter = (size_t)iterations;
    options.seed = seed;
    options.init = init.given ? init.view.buf : NULL;
    zsc_kmeans found = {0};
    if (!ZSCPY_COMPUTE(&run, zsc_kmeans_cluster_rows(x.view.buf, x.rows, x.columns, &options, &run.exec, &found)))
        return NULL;
    memcpy(label.view.buf, found.label, found.n * sizeof *found.label);
    memcpy(centres.view.buf, found.centre, found.clusters * found.d * sizeof *found.centre);
    PyObject *result = Py_BuildValue("ndnN", (Py_ssize_t)found.clusters, found.inertia, (Py_ssize_t)found.iterations,
                                     PyBool_FromLong(found.converged));
    zsc_kmeans_free(&found);
    return result;
}

PyMethodDef zscpy_clusterer_functions[] = {
    {"hdbscan", hdbscan, METH_VARARGS, NULL},
    {"kmeans", kmeans, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
