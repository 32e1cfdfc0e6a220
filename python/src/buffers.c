/* Arrays of Python objects that have the buffer protocol.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bindings.h"

void zscpy_array_release(zscpy_array *array)
{
    if (array->view.obj) PyBuffer_Release(&array->view);
}

/* Native formats alone: "f", "d", and the integers, whose letters differ by platform. 0: another. */
static zscpy_type type_of(const Py_buffer *view)
{
    const char *format = view->format ? view->format : "B";
    if (*format == '@' || *format == '=') format++;
    if (strlen(format) != 1) return 0;
    if (*format == 'f') return ZSCPY_FLOAT32;
    if (*format == 'd') return ZSCPY_FLOAT64;
    if (*format == '?') return ZSCPY_BOOL;
    if (strchr("ilq", *format)) return view->itemsize == 4 ? ZSCPY_INT32 : view->itemsize == 8 ? ZSCPY_INT64 : 0;
    return 0;
}

bool zscpy_array_take(PyObject *object, const char *name, int types, int dimensions, zscpy_array *out)
{
    int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (types & ZSCPY_WRITABLE ? PyBUF_WRITABLE : 0);
    if (PyObject_GetBuffer(object, &out->view, flags) != 0) return false;
    out->type = type_of(&out->view);
    if (!(out->type & types) || out->view.ndim != dimensions) {
        PyErr_Format(PyExc_TypeError, "'%s' has another type or number of dimensions than is expected here", name);
        return false;
    }
    out->rows = (size_t)out->view.shape[0];
    out->columns = dimensions > 1 ? (size_t)out->view.shape[1] : 1;
    out->given = true;
    return true;
}

bool zscpy_array_take_optional(PyObject *object, const char *name, int types, int dimensions, zscpy_array *out)
{
    return Py_IsNone(object) || zscpy_array_take(object, name, types, dimensions, out);
}

bool zscpy_array_has_shape(const zscpy_array *array, const char *name, size_t rows, size_t columns)
{
    if (array->rows == rows && array->columns == columns) return true;
    PyErr_Format(PyExc_ValueError, "'%s' has %zu x %zu numbers, where %zu x %zu are expected", name, array->rows,
                 array->columns, rows, columns);
    return false;
}

PyObject *zscpy_bytes(const void *data, size_t count, size_t size)
{
    return PyBytes_FromStringAndSize(data, (Py_ssize_t)(count * size));
}
