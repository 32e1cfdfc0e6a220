/* Threads, memory, signals and progress of a computation, and the exceptions of its failures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bindings.h"

enum { MILLISECONDS = 50 }; /* between two looks at signals: each takes the GIL, for which other threads may compete */

static double since(const struct timespec *then, struct timespec *now)
{
    clock_gettime(CLOCK_MONOTONIC, now);
    return (double)(now->tv_sec - then->tv_sec) * 1e3 + (double)(now->tv_nsec - then->tv_nsec) * 1e-6;
}

/* Called by libzsc from the thread that called it. */
static bool on_progress(void *data, const char *stage, double done, double total)
{
    zscpy_run *run = data;
    struct timespec now;
    bool last = total > 0 && done >= total && run->report;
    if (since(&run->checked, &now) < MILLISECONDS && !last) return true;
    run->checked = now;
    PyEval_RestoreThread(run->state);
    bool go_on = PyErr_CheckSignals() == 0;
    if (go_on && run->report) {
        PyObject *answer = PyObject_CallFunction(run->report, "sdd", stage, done, total);
        go_on = answer != NULL;
        Py_XDECREF(answer);
    }
    run->state = PyEval_SaveThread();
    return go_on;
}

int zscpy_run_convert(PyObject *settings, void *out)
{
    zscpy_run *run = out;
    Py_ssize_t memory;
    PyObject *report;
    *run = (zscpy_run){0};
    if (!PyArg_ParseTuple(settings, "inO", &run->exec.threads, &memory, &report)) return 0;
    run->exec.memory_limit = memory > 0 ? (size_t)memory : 0;
    run->report = Py_IsNone(report) ? NULL : report;
    return 1;
}

void zscpy_begin(zscpy_run *run)
{
    run->exec.progress = on_progress;
    run->exec.progress_data = run;
    clock_gettime(CLOCK_MONOTONIC, &run->checked);
    run->state = PyEval_SaveThread();
}

bool zscpy_end(zscpy_run *run, zsc_status status)
{
    PyEval_RestoreThread(run->state);
    if (status == ZSC_OK) return true;
    zscpy_raise(status);
    return false;
}

PyObject *zscpy_raise(zsc_status status)
{
    if (PyErr_Occurred()) return NULL; /* of a signal's handler, or of the function that is told of progress */
    const char *message = zsc_error_message();
    PyObject *type = PyExc_ValueError;
    if (status == ZSC_EINTERRUPTED) type = PyExc_KeyboardInterrupt;
    if (status == ZSC_EINTERNAL) type = strstr(message, "memory") ? PyExc_MemoryError : PyExc_RuntimeError;
    PyErr_SetString(type, message);
    return NULL;
}
