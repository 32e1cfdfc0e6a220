/* UMAP: fuzzy graph, layout, transform.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bindings.h"
#include "zsc/umap.h"

/* For "O&": a tuple in the order of zsc_umap_options; n_epochs below 0: the default. */
static int convert_options(PyObject *tuple, void *out)
{
    zsc_umap_options *o = out;
    Py_ssize_t components, neighbors, epochs, negatives;
    int metric, knn, init, unique;
    unsigned long long seed;
    *o = zsc_umap_defaults();
    if (!PyArg_ParseTuple(tuple, "nniiddddddnddnipKdd", &components, &neighbors, &metric, &knn, &o->min_dist,
                          &o->spread, &o->a, &o->b, &o->set_op_mix_ratio, &o->local_connectivity, &epochs,
                          &o->learning_rate, &o->repulsion_strength, &negatives, &init, &unique, &seed,
                          &o->disconnection_distance, &o->target_weight))
        return 0;
    o->n_components = (size_t)components;
    o->n_neighbors = (size_t)neighbors;
    o->metric = (zsc_metric)metric;
    o->knn = (zsc_knn_method)knn;
    o->n_epochs = epochs < 0 ? ZSC_UMAP_DEFAULT_EPOCHS : (size_t)epochs;
    o->negative_sample_rate = (size_t)negatives;
    o->init = (zsc_umap_init)init;
    o->unique = unique != 0;
    o->seed = seed;
    return 1;
}

/* Neighbours that the caller has; the lists stay its own. */
typedef struct given_lists {
    zscpy_array index, distance;
    zsc_knn knn;
} given_lists;

static bool take_lists(PyObject *index, PyObject *distance, given_lists *out)
{
    if (!zscpy_array_take_optional(index, "index", ZSCPY_INT32, 2, &out->index) ||
        !zscpy_array_take_optional(distance, "distance", ZSCPY_FLOAT32, 2, &out->distance))
        return false;
    if (!out->index.given) return true;
    out->knn = (zsc_knn){.n = out->index.rows, .k = out->index.columns, .method = ZSC_KNN_EXACT};
    out->knn.index = out->index.view.buf;
    out->knn.distance = out->distance.view.buf;
    return zscpy_array_has_shape(&out->distance, "distance", out->index.rows, out->index.columns);
}

static void release_lists(given_lists *lists)
{
    zscpy_array_release(&lists->index);
    zscpy_array_release(&lists->distance);
}

/* umap_fit(x, y, options, index or None, distance or None, labels or None, disconnected, run): y holds the
 * initialisation where it is given; disconnected (bool, n) is set. Returns (rows, neighbors, components, converged,
 * disconnected). */
static PyObject *umap_fit(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(y);
    ZSCPY_ARRAY(labels);
    ZSCPY_ARRAY(disconnected);
    given_lists lists __attribute__((cleanup(release_lists))) = {0};
    PyObject *of_x, *of_y, *of_index, *of_distance, *of_labels, *of_disconnected;
    zsc_umap_options options;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOO&OOOOO&", &of_x, &of_y, convert_options, &options, &of_index, &of_distance,
                          &of_labels, &of_disconnected, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) ||
        !zscpy_array_take(of_y, "y", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &y) ||
        !zscpy_array_has_shape(&y, "y", x.rows, options.n_components) || !take_lists(of_index, of_distance, &lists) ||
        !zscpy_array_take_optional(of_labels, "labels", ZSCPY_INT32, 1, &labels) ||
        !zscpy_array_take(of_disconnected, "disconnected", ZSCPY_BOOL | ZSCPY_WRITABLE, 1, &disconnected) ||
        !zscpy_array_has_shape(&disconnected, "disconnected", x.rows, 1) ||
        (labels.given && !zscpy_array_has_shape(&labels, "labels", x.rows, 1)) ||
        (lists.index.given && !zscpy_array_has_shape(&lists.index, "index", x.rows, lists.knn.k)))
        return NULL;
    zsc_umap_part part = {.knn = lists.index.given ? &lists.knn : NULL, .labels = labels.view.buf};
    part.disconnected = disconnected.view.buf;
    zsc_umap_report report = {0};
    if (!ZSCPY_COMPUTE(
            &run, zsc_umap_fit_part(x.view.buf, x.rows, x.columns, &options, &part, &run.exec, y.view.buf, &report)))
        return NULL;
    return Py_BuildValue("nnnNn", (Py_ssize_t)report.rows, (Py_ssize_t)report.neighbors, (Py_ssize_t)report.components,
                         PyBool_FromLong(report.converged), (Py_ssize_t)report.disconnected);
}

/* umap_transform(x, y, rows, out, options, index or None, distance or None, run). */
static PyObject *umap_transform(PyObject *self, PyObject *args)
{
    (void)self;
    ZSCPY_ARRAY(x);
    ZSCPY_ARRAY(y);
    ZSCPY_ARRAY(rows);
    ZSCPY_ARRAY(out);
    given_lists lists __attribute__((cleanup(release_lists))) = {0};
    PyObject *of_x, *of_y, *of_rows, *of_out, *of_index, *of_distance;
    zsc_umap_options options;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOOOO&OOO&", &of_x, &of_y, &of_rows, &of_out, convert_options, &options, &of_index,
                          &of_distance, zscpy_run_convert, &run) ||
        !zscpy_array_take(of_x, "x", ZSCPY_FLOAT32, 2, &x) || !zscpy_array_take(of_y, "y", ZSCPY_FLOAT32, 2, &y) ||
        !zscpy_array_take(of_rows, "rows", ZSCPY_FLOAT32, 2, &rows) ||
        !zscpy_array_take(of_out, "out", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 2, &out) ||
        !zscpy_array_has_shape(&y, "y", x.rows, options.n_components) ||
        !zscpy_array_has_shape(&rows, "rows", rows.rows, x.columns) ||
        !zscpy_array_has_shape(&out, "out", rows.rows, options.n_components) ||
        !take_lists(of_index, of_distance, &lists))
        return NULL;
    zsc_umap_model model = {x.view.buf, y.view.buf, x.rows, x.columns, &options, lists.index.given ? &lists.knn : NULL};
    if (!ZSCPY_COMPUTE(&run, zsc_umap_transform(&model, rows.view.buf, rows.rows, &run.exec, out.view.buf)))
        return NULL;
    Py_RETURN_NONE;
}

/* The graph becomes supervised by labels. */
static zsc_status supervise(zsc_graph *graph, const int32_t *labels, double target_weight, const zsc_exec *exec)
{
    zsc_graph plain = *graph;
    *graph = (zsc_graph){0};
    zsc_status status = zsc_graph_supervise(&plain, labels, target_weight, exec, graph);
    zsc_graph_free(&plain);
    return status;
}

/* fuzzy_simplicial_set(index, distance, local_connectivity, set_op_mix_ratio, labels or None, target_weight, sigma,
 * rho, run): offsets (size_t), columns (int32) and weights (float32) as bytes. */
static PyObject *fuzzy_simplicial_set(PyObject *self, PyObject *args)
{
    (void)self;
    given_lists lists __attribute__((cleanup(release_lists))) = {0};
    ZSCPY_ARRAY(sigma);
    ZSCPY_ARRAY(rho);
    ZSCPY_ARRAY(labels);
    PyObject *of_index, *of_distance, *of_labels, *of_sigma, *of_rho;
    double local_connectivity, mix_ratio, target_weight;
    zscpy_run run;
    if (!PyArg_ParseTuple(args, "OOddOdOOO&", &of_index, &of_distance, &local_connectivity, &mix_ratio, &of_labels,
                          &target_weight, &of_sigma, &of_rho, zscpy_run_convert, &run) ||
        !zscpy_array_take_optional(of_labels, "labels", ZSCPY_INT32, 1, &labels) ||
        !take_lists(of_index, of_distance, &lists) ||
        !zscpy_array_take(of_sigma, "sigma", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 1, &sigma) ||
        !zscpy_array_take(of_rho, "rho", ZSCPY_FLOAT32 | ZSCPY_WRITABLE, 1, &rho) ||
        !zscpy_array_has_shape(&sigma, "sigma", lists.knn.n, 1) ||
        !zscpy_array_has_shape(&rho, "rho", lists.knn.n, 1) ||
        (labels.given && !zscpy_array_has_shape(&labels, "labels", lists.knn.n, 1)))
        return NULL;
    zsc_graph graph = {0};
    if (!ZSCPY_COMPUTE(&run, zsc_fuzzy_simplicial_set(&lists.knn, local_connectivity, mix_ratio, &run.exec,
                                                      sigma.view.buf, rho.view.buf, &graph)))
        return NULL;
    if (labels.given && !ZSCPY_COMPUTE(&run, supervise(&graph, labels.view.buf, target_weight, &run.exec))) return NULL;
    size_t edges = graph.offset[graph.n];
    PyObject *result = Py_BuildValue("NNN", zscpy_bytes(graph.offset, graph.n + 1, sizeof *graph.offset),
                                     zscpy_bytes(graph.column, edges, sizeof *graph.column),
                                     zscpy_bytes(graph.weight, edges, sizeof *graph.weight));
    zsc_graph_free(&graph);
    return result;
}

/* umap_fit_ab(spread, min_dist) -> (a, b). */
static PyObject *umap_fit_ab(PyObject *self, PyObject *args)
{
    (void)self;
    double spread, min_dist, a, b;
    if (!PyArg_ParseTuple(args, "dd", &spread, &min_dist)) return NULL;
    zsc_status status = zsc_umap_fit_ab(spread, min_dist, &a, &b);
    return status == ZSC_OK ? Py_BuildValue("dd", a, b) : zscpy_raise(status);
}

/* umap_check(options). */
static PyObject *umap_check(PyObject *self, PyObject *args)
{
    (void)self;
    zsc_umap_options options;
    if (!PyArg_ParseTuple(args, "O&", convert_options, &options)) return NULL;
    zsc_status status = zsc_umap_check(&options);
    return status == ZSC_OK ? Py_NewRef(Py_None) : zscpy_raise(status);
}

PyMethodDef zscpy_umap_functions[] = {
    {"umap_fit", umap_fit, METH_VARARGS, NULL},
    {"umap_transform", umap_transform, METH_VARARGS, NULL},
    {"umap_fit_ab", umap_fit_ab, METH_VARARGS, NULL},
    {"umap_check", umap_check, METH_VARARGS, NULL},
    {"fuzzy_simplicial_set", fuzzy_simplicial_set, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
