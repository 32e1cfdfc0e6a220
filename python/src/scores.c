/* Scores of a clustering, with labels and without.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bindings.h"
#include "zsc/metrics.h"

/* score(labels, clusters, run) -> dictionary of zsc_scores' fields; ami and nmi have a value per mean. Labels of int64.
 */
static PyObject *score(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(labels);
    ZSCPY_ARRAY(clusters);
    PyObject *of_labels, *of_clusters;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOO&", &of_labels, &of_clusters, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_labels, "labels", ZSCPY_INT64, 1, &labels) ||
        !zscpy_array_take(of_clusters, "clusters", ZSCPY_INT64, 1, &clusters) ||
        !zscpy_array_has_shape(&clusters, "clusters", labels.rows, 1))
        return NULL;
    zsc_scores s;
    if (!ZSCPY_COMPUTE(&run, zsc_score_i64(labels.view.buf, clusters.view.buf, labels.rows, &run.exec, &s)))
        return NULL;
    return Py_BuildValue("{s:n,s:n,s:n,s:d,s:d,s:d,s:d,s:(dddd),s:(dddd),s:d,s:d,s:d,s:d,s:d,s:d,s:((LL)(LL))}", "rows",
                         (Py_ssize_t)s.rows, "classes", (Py_ssize_t)s.classes, "clusters", (Py_ssize_t)s.clusters, "mi",
                         s.mi, "emi", s.emi, "h_classes", s.h_classes, "h_clusters", s.h_clusters, "ami", s.ami[0],
                         s.ami[1], s.ami[2], s.ami[3], "nmi", s.nmi[0], s.nmi[1], s.nmi[2], s.nmi[3], "ari", s.ari,
                         "fmi", s.fmi, "homogeneity", s.homogeneity, "completeness", s.completeness, "v_measure",
                         s.v_measure, "ri", s.ri, "pairs", (long long)s.pairs[0][0], (long long)s.pairs[0][1],
                         (long long)s.pairs[1][0], (long long)s.pairs[1][1]);
}

/* score_internal(x, labels, run) -> (silhouette, davies_bouldin, calinski_harabasz). */
static PyObject *score_internal(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(labels);
    PyObject *of_x, *of_labels;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOO&", &of_x, &of_labels, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32 | ZSCPY_FLOAT64, 2, &x) ||
        !zscpy_array_take(of_labels, "labels", ZSCPY_INT32, 1, &labels) ||
        !zscpy_array_has_shape(&labels, "labels", x.rows, 1))
        return NULL;
    zsc_internal_scores s;
    bool single = x.type == ZSCPY_FLOAT32;
    if (!ZSCPY_COMPUTE(&run,
                       single ? zsc_score_internal(x.view.buf, x.rows, x.columns, labels.view.buf, &run.exec, &s)
                              : zsc_score_internal_f64(x.view.buf, x.rows, x.columns, labels.view.buf, &run.exec, &s)))
        return NULL;
    return Py_BuildValue("ddd", s.silhouette, s.davies_bouldin, s.calinski_harabasz);
}

/* silhouette_samples(x, labels, out, run). */
static PyObject *silhouette_samples(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(labels);
    ZSCPY_ARRAY(out);
    PyObject *of_x, *of_labels, *of_out;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOO&", &of_x, &of_labels, &of_out, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32 | ZSCPY_FLOAT64, 2, &x) ||
        !zscpy_array_take(of_labels, "labels", ZSCPY_INT32, 1, &labels) ||
        !zscpy_array_take(of_out, "out", ZSCPY_FLOAT64 | ZSCPY_WRITABLE, 1, &out) ||
        !zscpy_array_has_shape(&labels, "labels", x.rows, 1) || !zscpy_array_has_shape(&out, "out", x.rows, 1))
        return NULL;
    bool single = x.type == ZSCPY_FLOAT32;
    if (!ZSCPY_COMPUTE(&run, single ? zsc_silhouette_samples(x.view.buf, x.rows, x.columns, labels.view.buf, &run.exec,
                                                             out.view.buf)
                                    : zsc_silhouette_samples_f64(x.view.buf, x.rows, x.columns, labels.view.buf,
                                                                 &run.exec, out.view.buf)))
        return NULL;
    Py_RETURN_NONE;
}

/* ami_curve(z, labels, missing_class, run) -> (ami at 1 .. n clusters (float64) as bytes, rows, missing, classes,
 * best_clusters, best_ami). */
static PyObject *ami_curve(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(z);
    ZSCPY_ARRAY(labels);
    PyObject *of_z, *of_labels;
    int missing_class;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOpO&", &of_z, &of_labels, &missing_class, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_z, "z", ZSCPY_FLOAT64, 2, &z) ||
        !zscpy_array_take(of_labels, "labels", ZSCPY_INT32, 1, &labels) ||
        !zscpy_array_has_shape(&z, "z", labels.rows - 1, 4))
        return NULL;
    zsc_curve curve = {0};
    zsc_missing missing = missing_class ? ZSC_MISSING_CLASS : ZSC_MISSING_DROP;
    if (!ZSCPY_COMPUTE(&run, zsc_ami_curve(z.view.buf, labels.rows, labels.view.buf, missing, &run.exec, &curve)))
        return NULL;
    PyObject *result = Py_BuildValue("Nnnnnd", zscpy_bytes(curve.ami, curve.n, sizeof *curve.ami),
                                     (Py_ssize_t)curve.rows, (Py_ssize_t)curve.missing, (Py_ssize_t)curve.classes,
                                     (Py_ssize_t)curve.best_clusters, curve.best_ami);
    zsc_curve_free(&curve);
    return result;
}

PyMethodDef zscpy_score_functions[] = {
    {"score", score, METH_VARARGS, NULL},
    {"score_internal", score_internal, METH_VARARGS, NULL},
    {"silhouette_samples", silhouette_samples, METH_VARARGS, NULL},
    {"ami_curve", ami_curve, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
