/* zsc._core: libzsc's kernels for the classes and functions of python/zsc, which hold what a user sees.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bindings.h"
#include "zsc/core.h"

/* Names of settings' values, as dictionaries of the module. */
static const struct named_value {
    const char *dictionary, *name;
    int value;
} named_values[] = {
    {"METRICS", "euclidean", ZSC_EUCLIDEAN},  {"METRICS", "l2", ZSC_EUCLIDEAN},
    {"METRICS", "cosine", ZSC_COSINE},        {"METRICS", "correlation", ZSC_CORRELATION},
    {"METRICS", "manhattan", ZSC_MANHATTAN},  {"METRICS", "l1", ZSC_MANHATTAN},
    {"METRICS", "cityblock", ZSC_MANHATTAN},  {"METRICS", "taxicab", ZSC_MANHATTAN},
    {"METRICS", "chebyshev", ZSC_CHEBYSHEV},  {"METRICS", "infinity", ZSC_CHEBYSHEV},
    {"METRICS", "linfty", ZSC_CHEBYSHEV},     {"METRICS", "linfinity", ZSC_CHEBYSHEV},
    {"METRICS", "linf", ZSC_CHEBYSHEV},       {"KNN_METHODS", "auto", ZSC_KNN_AUTO},
    {"KNN_METHODS", "exact", ZSC_KNN_EXACT},  {"KNN_METHODS", "approx", ZSC_KNN_APPROX},
    {"INITS", "spectral", ZSC_INIT_SPECTRAL}, {"INITS", "pca", ZSC_INIT_PCA},
    {"INITS", "random", ZSC_INIT_RANDOM},     {"INITS", "given", ZSC_INIT_GIVEN},
    {"LINKAGES", "ward", ZSC_WARD},           {"LINKAGES", "single", ZSC_SINGLE},
    {"LINKAGES", "average", ZSC_AVERAGE},     {"LINKAGES", "complete", ZSC_COMPLETE},
    {"LINKAGES", "weighted", ZSC_WEIGHTED},   {"LINKAGES", "centroid", ZSC_CENTROID},
    {"LINKAGES", "median", ZSC_MEDIAN},       {"SELECTIONS", "eom", ZSC_HDBSCAN_EOM},
    {"SELECTIONS", "leaf", ZSC_HDBSCAN_LEAF},
};

static int add_named_values(PyObject *module)
{
    for (size_t i = 0; i < sizeof named_values / sizeof *named_values; i++) {
        const struct named_value *v = &named_values[i];
        PyObject *contents = PyModule_GetDict(module), *dictionary = PyDict_GetItemString(contents, v->dictionary);
        if (!dictionary) {
            PyObject *new = PyDict_New();
            int added = new ? PyModule_AddObjectRef(module, v->dictionary, new) : -1;
            Py_XDECREF(new); /* the module holds it */
            if (added != 0) return -1;
            dictionary = new;
        }
        PyObject *number = PyLong_FromLong(v->value);
        int set = number ? PyDict_SetItemString(dictionary, v->name, number) : -1;
        Py_XDECREF(number);
        if (set != 0) return -1;
    }
    return 0;
}

static int execute(PyObject *module)
{
    PyMethodDef *const topics[] = {zscpy_knn_functions,       zscpy_umap_functions,  zscpy_linkage_functions,
                                   zscpy_clusterer_functions, zscpy_score_functions, zscpy_pca_functions};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (PyModule_AddFunctions(module, topics[i]) != 0) return -1;
    if (PyModule_AddStringConstant(module, "version", zsc_version()) != 0) return -1;
    return add_named_values(module);
}

/* No state: safe in several interpreters, each with its own module object. */
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)execute}, {0, NULL}};
static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "zsc._core",
    .m_doc = "Kernels of libzsc. Not an interface: use the package's classes and functions.",
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__core(void);
PyMODINIT_FUNC PyInit__core(void) { return PyModuleDef_Init(&definition); }
