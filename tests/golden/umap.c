/* UMAP stage by stage against umap-learn's values: tests/fixtures/umap.h5, and coi_umap.h5 where ZSC_REAL_DATA is set.
 *
 * Tolerances: a and b 1e-4 (both are least-squares fits, SciPy's stops at 1e-8 of the sum of squares, and a is flat
 * there); sigma 1e-4 of itself (its search ends at 1e-5 of the sum); rho is copied: 1e-6; weights 1e-5 and eigenvalues
 * 1e-4 are the project's promise; eigenvectors are compared as the subspace up to a gap in the spectrum. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/h5/h5.h"
#include "umap/laplacian_eigen.h"

static zsc_h5 *open_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    zsc_h5 *file = NULL;
    if (zsc_h5_open(path, &file) != ZSC_OK) fail_msg("%s", zsc_error_message());
    return file;
}

static zsc_h5 *open_fixture(void)
{
    const char *folder = getenv("ZSC_SRCDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/fixtures", folder ? folder : ".");
    return open_file(path, "umap.h5");
}

/* All of a dataset; count gets the number of values, columns (may be NULL) those of a row. */
static void *read_all(zsc_h5 *file, zsc_h5_type type, size_t *count, size_t *columns, const char *object)
{
    zsc_h5_info info;
    if (zsc_h5_stat(file, object, &info) != ZSC_OK) fail_msg("%s", zsc_error_message());
    *count = 1;
    for (int i = 0; i < info.rank; i++) *count *= info.shape[i];
    if (columns) *columns = info.rank > 1 ? info.shape[1] : 1;
    void *data = calloc(*count, sizeof(double));
    assert_non_null(data);
    if (zsc_h5_read(file, object, type, info.rank, info.shape, data) != ZSC_OK) fail_msg("%s", zsc_error_message());
    return data;
}

static void ab(void **state)
{
    (void)state;
    zsc_h5 *file = open_fixture();
    size_t count;
    double *table = read_all(file, ZSC_H5_F64, &count, NULL, "/ab");
    for (size_t i = 0; i < count; i += 4) {
        double a, b;
        assert_int_equal(zsc_umap_fit_ab(table[i], table[i + 1], &a, &b), ZSC_OK);
        if (fabs(a - table[i + 2]) > 1e-4 * table[i + 2] || fabs(b - table[i + 3]) > 1e-4 * table[i + 3])
            fail_msg("spread %g min_dist %g: a %g b %g, not %g %g", table[i], table[i + 1], a, b, table[i + 2],
                     table[i + 3]);
    }
    free(table);
    zsc_h5_close(file);
}

static void compare_floats(const char *what, const char *where, const float *found, const float *expected, size_t count,
                           double absolute, double relative)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)found[i] - expected[i]) <= absolute + relative * fabs((double)expected[i])))
            fail_msg("%s %s %zu: %.9g, not %.9g", where, what, i, (double)found[i], (double)expected[i]);
}

static zsc_graph graph_of(zsc_h5 *file, const char *lists, double local_connectivity, double mix, float **sigma,
                          float **rho)
{
    char name[256];
    size_t count, k;
    zsc_knn knn = {0};
    snprintf(name, sizeof name, "/%s/knn_index", lists);
    knn.index = read_all(file, ZSC_H5_I32, &count, &k, name);
    snprintf(name, sizeof name, "/%s/knn_distance", lists);
    knn.distance = read_all(file, ZSC_H5_F32, &count, &k, name);
    knn.n = count / k;
    knn.k = k;
    *sigma = calloc(knn.n, sizeof **sigma);
    *rho = calloc(knn.n, sizeof **rho);
    zsc_graph graph = {0};
    zsc_status status = zsc_fuzzy_simplicial_set(&knn, local_connectivity, mix, NULL, *sigma, *rho, &graph);
    if (status != ZSC_OK) fail_msg("%s: %s", lists, zsc_error_message());
    zsc_knn_free(&knn);
    return graph;
}

static void compare_graph(zsc_h5 *file, const char *lists, const char *setting, double local_connectivity, double mix)
{
    char where[128], name[256];
    float *sigma, *rho;
    zsc_graph graph = graph_of(file, lists, local_connectivity, mix, &sigma, &rho);
    snprintf(where, sizeof where, "/%s/%s", lists, setting);
    size_t count, edges;
#define READ(type, field) (snprintf(name, sizeof name, "%s/%s", where, field), read_all(file, type, &count, NULL, name))
    float *expected = READ(ZSC_H5_F32, "sigma");
    assert_int_equal(count, graph.n);
    compare_floats("sigma", where, sigma, expected, count, 0, 1e-4);
    free(expected);
    expected = READ(ZSC_H5_F32, "rho");
    compare_floats("rho", where, rho, expected, count, 0, 1e-6);
    free(expected);
    int32_t *offset = READ(ZSC_H5_I32, "indptr");
    for (size_t i = 0; i <= graph.n; i++)
        if ((size_t)offset[i] != graph.offset[i])
            fail_msg("%s: row %zu starts at %zu, not %d", where, i, graph.offset[i], offset[i]);
    int32_t *column = READ(ZSC_H5_I32, "indices");
    edges = count;
    assert_int_equal(edges, graph.offset[graph.n]);
    assert_memory_equal(column, graph.column, edges * sizeof *column);
    expected = READ(ZSC_H5_F32, "weight");
    compare_floats("weight", where, graph.weight, expected, edges, 1e-5, 0);
    free(expected);
    free(offset);
    free(column);
    if (strcmp(setting, "default") == 0) {
        int64_t components;
        size_t found;
        assert_int_equal(zsc_h5_get_int(file, where, "components", -1, &components), ZSC_OK);
        int32_t *label = READ(ZSC_H5_I32, "component"), *own = calloc(graph.n + 1, sizeof *own);
        assert_int_equal(zsc_graph_components(&graph, own, &found), ZSC_OK);
        assert_int_equal(found, components);
        assert_memory_equal(own, label, graph.n * sizeof *own);
        free(label);
        free(own);
    }
#undef READ
    free(sigma);
    free(rho);
    zsc_graph_free(&graph);
}

static void compare_graphs(zsc_h5 *file, const char *const *lists, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        compare_graph(file, lists[i], "default", 1, 1);
        compare_graph(file, lists[i], "local_connectivity_2", 2, 1);
        compare_graph(file, lists[i], "set_op_mix_0.25", 1, 0.25);
    }
}

static void graphs(void **state)
{
    (void)state;
    static const char *const lists[] = {"digits_k15", "digits_k30", "two_islands_k15", "two_islands_k30"};
    zsc_h5 *file = open_fixture();
    compare_graphs(file, lists, 4);
    zsc_h5_close(file);
}

static void graphs_of_real_barcodes(void **state)
{
    (void)state;
    static const char *const lists[] = {"coi_kmer4_duplicates_k15", "coi_kmer4_duplicates_k30"};
    const char *folder = getenv("ZSC_REAL_DATA");
    if (!folder) {
        print_message("ZSC_REAL_DATA is not set: real barcodes are skipped\n");
        skip();
    }
    zsc_h5 *file = open_file(folder, "coi_umap.h5");
    compare_graphs(file, lists, 2);
    zsc_h5_close(file);
}

/* The wanted eigenvectors 2 .. last (1-based, as in the fixture) span the same space: the projection of each of the
 * fixture's onto ours has length 1. `last` is where the spectrum has its widest relative gap among the twelve. */
static void compare_subspace(const char *where, const double *values, const double *expected, size_t columns,
                             const float *vectors, size_t n, size_t want)
{
    size_t last = 1;
    double widest = 0;
    for (size_t j = 1; j + 1 < columns; j++)
        if (values[j + 1] / values[j] > widest) {
            widest = values[j + 1] / values[j];
            last = j;
        }
    assert_true(widest > 1.02);
    for (size_t j = 1; j <= last; j++) {
        double length = 0;
        for (size_t q = 0; q < last; q++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++) dot += expected[i * columns + j] * vectors[i * want + q];
            length += dot * dot;
        }
        if (fabs(length - 1) > 1e-4)
            fail_msg("%s: %.9g of eigenvector %zu lies in the space of the first %zu", where, length, j + 1, last + 1);
    }
}

static void spectrum(void **state)
{
    (void)state;
    static const char *const lists[] = {"digits_k15", "digits_k30"};
    zsc_h5 *file = open_fixture();
    for (size_t f = 0; f < 2; f++) {
        char name[256];
        float *sigma, *rho;
        size_t count, columns;
        enum { WANT = 49 }; /* with the known first one, the 50 smallest */
        zsc_graph graph = graph_of(file, lists[f], 1, 1, &sigma, &rho);
        snprintf(name, sizeof name, "/%s/default/laplacian_eigenvalues", lists[f]);
        double *values = read_all(file, ZSC_H5_F64, &count, NULL, name);
        snprintf(name, sizeof name, "/%s/default/laplacian_eigenvectors", lists[f]);
        double *expected = read_all(file, ZSC_H5_F64, &count, &columns, name);
        float *vectors = calloc(graph.n * WANT, sizeof *vectors);
        double own[WANT];
        zsc_umap_spectrum info;
        assert_int_equal(zsc_umap_laplacian_eigen(&graph, WANT, 1e-3, 0, NULL, vectors, own, &info), ZSC_OK);
        assert_true(info.converged);
        assert_true(fabs(values[0]) < 1e-6);
        for (size_t j = 0; j < WANT; j++)
            if (!(fabs(own[j] - values[j + 1]) <= 1e-4))
                fail_msg("%s: eigenvalue %zu is %.9g, not %.9g", lists[f], j + 2, own[j], values[j + 1]);
        compare_subspace(lists[f], values, expected, columns, vectors, graph.n, WANT);
        free(values);
        free(expected);
        free(vectors);
        free(sigma);
        free(rho);
        zsc_graph_free(&graph);
    }
    zsc_h5_close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ab),
        cmocka_unit_test(graphs),
        cmocka_unit_test(graphs_of_real_barcodes),
        cmocka_unit_test(spectrum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
