/* Principal components.
 * SPDX-License-Identifier: GPL-3.0-or-later */
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

PyMethodDef zscpy_pca_functions[] = {
    {"pca", pca, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
