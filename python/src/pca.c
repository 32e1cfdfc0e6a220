/* Principal components.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bindings.h"
#include "zsc/pca.h"

/* pca(x, y, run): y is n x dim. */
static PyObject *pca(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(y);
    PyObject *of_x, *of_y;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOO&", &of_x, &of_y, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) ||
        !zscpy_array_take(of_y, "y", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &y) ||
        !zscpy_array_has_shape(&y, "y", x.rows, y.columns))
        return NULL;
    if (!ZSCPY_COMPUTE(&run, zsc_pca(x.view.buf, x.rows, x.columns, y.columns, &run.exec, y.view.buf))) return NULL;
    Py_RETURN_NONE;
}

/* pca_fit(x, mean, axis, variance, run) -> total variance: mean (d), axis (dim x d) and variance (dim) of float64 are
 * set. */
static PyObject *pca_fit(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(mean);
    ZSCPY_ARRAY(axis);
    ZSCPY_ARRAY(variance);
    PyObject *of_x, *of_mean, *of_axis, *of_variance;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOOO&", &of_x, &of_mean, &of_axis, &of_variance, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) ||
        !zscpy_array_take(of_mean, "mean", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 1, &mean) ||
        !zscpy_array_take(of_axis, "axis", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 2, &axis) ||
        !zscpy_array_take(of_variance, "variance", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 1, &variance) ||
        !zscpy_array_has_shape(&mean, "mean", x.columns, 1) ||
        !zscpy_array_has_shape(&axis, "axis", axis.rows, x.columns) ||
        !zscpy_array_has_shape(&variance, "variance", axis.rows, 1))
        return NULL;
    zsc_pca_model model = {0};
    if (!ZSCPY_COMPUTE(&run, zsc_pca_fit(x.view.buf, x.rows, x.columns, axis.rows, &run.exec, &model))) return NULL;
    memcpy(mean.view.buf, model.mean, model.d * sizeof *model.mean);
    memcpy(axis.view.buf, model.axis, model.dim * model.d * sizeof *model.axis);
    memcpy(variance.view.buf, model.variance, model.dim * sizeof *model.variance);
    double total = model.total;
    zsc_pca_free(&model);
    return PyFloat_FromDouble(total);
}

/* pca_project(mean, axis, x, y, run): y is n x dim. */
static PyObject *pca_project(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(mean);
    ZSCPY_ARRAY(axis);
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(y);
    PyObject *of_mean, *of_axis, *of_x, *of_y;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOOO&", &of_mean, &of_axis, &of_x, &of_y, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_mean, "mean", ZSCPY_FLOAT64, 1, &mean) ||
        !zscpy_array_take(of_axis, "axis", ZSCPY_FLOAT64, 2, &axis) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) ||
        !zscpy_array_take(of_y, "y", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &y) ||
        !zscpy_array_has_shape(&mean, "mean", x.columns, 1) ||
        !zscpy_array_has_shape(&axis, "axis", axis.rows, x.columns) ||
        !zscpy_array_has_shape(&y, "y", x.rows, axis.rows))
        return NULL;
    zsc_pca_model model = {.d = x.columns, .dim = axis.rows, .mean = mean.view.buf, .axis = axis.view.buf};
    if (!ZSCPY_COMPUTE(&run, zsc_pca_project(&model, x.view.buf, x.rows, &run.exec, y.view.buf))) return NULL;
    Py_RETURN_NONE;
}

PyMethodDef zscpy_pca_functions[] = {
    {"pca", pca, METH_VARARGS, NULL},
    {"pca_fit", pca_fit, METH_VARARGS, NULL},
    {"pca_project", pca_project, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
