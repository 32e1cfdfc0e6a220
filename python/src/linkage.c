/* Dendrograms and their cuts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bindings.h"
#include "zsc/ward.h"

/* linkage(x, z, method, metric, run): x of float32 or float64, z (n - 1) x 4. */
static PyObject *linkage(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(z);
    PyObject *of_x, *of_z;
    int method, metric;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOiiO&", &of_x, &of_z, &method, &metric, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32 | ZSCPY_FLOAT64, 2, &x) ||
        !zscpy_array_take(of_z, "z", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 2, &z) ||
        !zscpy_array_has_shape(&z, "z", x.rows - 1, 4))
        return NULL;
    zsc_linkage_method m = (zsc_linkage_method)method;
    zsc_metric of = (zsc_metric)metric;
    bool single = x.type == ZSCPY_FLOAT32;
    if (!ZSCPY_COMPUTE(
            &run, single ? zsc_linkage_metric(x.view.buf, x.rows, x.columns, m, of, &run.exec, z.view.buf, NULL)
                         : zsc_linkage_metric_f64(x.view.buf, x.rows, x.columns, m, of, &run.exec, z.view.buf, NULL)))
        return NULL;
    Py_RETURN_NONE;
}

/* linkage_distances(distances, z, method, run): condensed distances of float64. */
static PyObject *linkage_distances(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(distances);
    ZSCPY_ARRAY(z);
    PyObject *of_distances, *of_z;
    int method;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOiO&", &of_distances, &of_z, &method, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_distances, "distances", ZSCPY_FLOAT64, 1, &distances) ||
        !zscpy_array_take(of_z, "z", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 2, &z) ||
        !zscpy_array_has_shape(&z, "z", z.rows, 4) ||
        !zscpy_array_has_shape(&distances, "distances", z.rows * (z.rows + 1) / 2, 1))
        return NULL;
    if (!ZSCPY_COMPUTE(&run, zsc_linkage_distances(distances.view.buf, z.rows + 1, (zsc_linkage_method)method,
                                                   &run.exec, z.view.buf, NULL)))
        return NULL;
    Py_RETURN_NONE;
}

/* pairwise_distances(x, out, metric, run): condensed, float64. */
static PyObject *pairwise_distances(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(out);
    PyObject *of_x, *of_out;
    int metric;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOiO&", &of_x, &of_out, &metric, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32 | ZSCPY_FLOAT64, 2, &x) ||
        !zscpy_array_take(of_out, "out", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 1, &out) ||
        !zscpy_array_has_shape(&out, "out", x.rows * (x.rows - 1) / 2, 1))
        return NULL;
    zsc_metric of = (zsc_metric)metric;
    bool single = x.type == ZSCPY_FLOAT32;
    if (!ZSCPY_COMPUTE(&run,
                       single ? zsc_pairwise_distances(x.view.buf, x.rows, x.columns, of, &run.exec, out.view.buf)
                              : zsc_pairwise_distances_f64(x.view.buf, x.rows, x.columns, of, &run.exec, out.view.buf)))
        return NULL;
    Py_RETURN_NONE;
}

/* A dendrogram, and the labels that a cut of it is written to. */
static bool take_cut(PyObject *of_z, PyObject *of_label, zscpy_array *z, zscpy_array *label)
{
    return zscpy_array_take(of_z, "z", ZSCPY_FLOAT64, 2, z) &&
           zscpy_array_take(of_label, "label", ZSCPY_INT32 | ZSCPY_WRITABLE, 1, label) &&
           zscpy_array_has_shape(z, "z", label->rows - 1, 4);
}

/* cut_scikit_learn(z, k, label): 0 .. k - 1, numbered as in scikit-learn. */
static PyObject *cut_scikit_learn(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(z);
    ZSCPY_ARRAY(label);
    PyObject *of_z, *of_label;
    Py_ssize_t k;
    if (!PyArg_ParseTuple(args, "OnO", &of_z, &k, &of_label) || !take_cut(of_z, of_label, &z, &label)) return NULL;
    zsc_status status = zsc_cut_scikit_learn(z.view.buf, label.rows, (size_t)k, label.view.buf);
    return status == ZSC_OK ? Py_NewRef(Py_None) : zscpy_raise(status);
}

/* cut_scipy(z, maxclust, t, label) -> number of clusters: labels from 1, as SciPy's fcluster with criterion maxclust or
 * distance. */
static PyObject *cut_scipy(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(z);
    ZSCPY_ARRAY(label);
    PyObject *of_z, *of_label;
    int maxclust;
    double t;
    if (!PyArg_ParseTuple(args, "OpdO", &of_z, &maxclust, &t, &of_label) || !take_cut(of_z, of_label, &z, &label))
        return NULL;
    size_t k;
    zsc_fcluster_criterion criterion = maxclust ? ZSC_FCLUSTER_MAXCLUST : ZSC_FCLUSTER_DISTANCE;
    zsc_status status = zsc_cut_scipy(z.view.buf, label.rows, criterion, t, label.view.buf, &k);
    return status == ZSC_OK ? PyLong_FromSize_t(k) : zscpy_raise(status);
}

PyMethodDef zscpy_linkage_functions[] = {
    {"linkage", linkage, METH_VARARGS, NULL},
    {"linkage_distances", linkage_distances, METH_VARARGS, NULL},
    {"pairwise_distances", pairwise_distances, METH_VARARGS, NULL},
    {"cut_scikit_learn", cut_scikit_learn, METH_VARARGS, NULL},
    {"cut_scipy", cut_scipy, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
