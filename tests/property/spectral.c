/* Spectral clustering against its plain definition: the graph as a dense matrix, all eigenvalues of its Laplacian by
 * GSL. The coordinates must be eigenvectors of the smallest eigenvalues; clusters that are apart must be found, by
 * k-means and by QR; neither threads nor instruction sets must change a label.
 *
 * ZSC_CHECK_LONG=100 runs 100 times as many cases; ZSC_CHECK_CASE=17 runs case 17 alone. */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_sort_vector.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "base/isa.h"
#include "base/memory.h"
#include "base/random.h"
#include "spectral/embedding.h"
#include "spectral/neighbor_graph.h"
#include "zsc/zsc.h"

enum { CASES = 60 };

typedef enum kind { GAUSS, BLOBS, CHAIN, GRID, REPEATED, KINDS } kind;
static const char *const kind_name[KINDS] = {"gauss", "blobs", "chain of blobs", "grid", "repeated rows"};

static float draw(zsc_stream *r, kind k, size_t i, size_t j)
{
    zsc_stream centre = zsc_stream_open(9, ZSC_RANDOM_TEST, 1000 * (i % 6) + j);
    switch (k) {
    case BLOBS: return (float)(40 * zsc_stream_normal(&centre) + zsc_stream_normal(r));
    case CHAIN: return (float)((j ? 0 : 5 * (double)(i % 6)) + zsc_stream_normal(r));
    case GRID: return (float)zsc_stream_below(r, 12);
    case REPEATED: return (float)(zsc_stream_normal(&centre) + (double)(i % 30));
    default: return (float)zsc_stream_normal(r);
    }
}

static float *make(zsc_stream *r, kind k, size_t n, size_t d)
{
    float *x = calloc(n * d, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) x[i * d + j] = draw(r, k, i, j);
    return x;
}

static size_t first_case(size_t *end)
{
    const char *one = getenv("ZSC_CHECK_CASE");
    size_t first = one ? strtoul(one, NULL, 10) : 0;
    *end = one ? first + 1 : check_cases(CASES);
    return first;
}

/* --- Plain: (A + A') / 2 without its diagonal, and the Laplacian's eigenvalues. */
static double *plain_graph(const zsc_knn *knn)
{
    size_t n = knn->n;
    double *w = calloc(n * n, sizeof *w);
    assert_non_null(w);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < knn->k; k++) {
            size_t j = (size_t)knn->index[i * knn->k + k];
            if (i == j) continue;
            w[i * n + j] += 0.5;
            w[j * n + i] += 0.5;
        }
    return w;
}

static void check_graph(const double *w, const zsc_graph *g)
{
    size_t entries = 0;
    assert_int_equal(zsc_graph_check(g), ZSC_OK);
    for (size_t i = 0; i < g->n * g->n; i++) entries += w[i] > 0;
    assert_int_equal(g->offset[g->n], entries);
    for (size_t i = 0; i < g->n; i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++)
            assert_true(w[i * g->n + (size_t)g->column[e]] == (double)g->weight[e]);
}

/* w becomes the Laplacian, root the roots of the degrees. */
static void laplacian(double *w, size_t n, double *root)
{
    for (size_t i = 0; i < n; i++) {
        double degree = 0;
        for (size_t j = 0; j < n; j++) degree += w[i * n + j];
        root[i] = sqrt(degree);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) w[i * n + j] = (i == j) - w[i * n + j] / (root[i] * root[j]);
}

/* Columns of y, times the roots: of length 1, at right angles, eigenvectors, of the smallest eigenvalues. */
static void check_vectors(const double *l, const double *root, size_t n, size_t k, const float *y)
{
    double *value = calloc(n, sizeof *value), *copy = malloc(n * n * sizeof *copy), *u = malloc(n * k * sizeof *u);
    assert_true(value && copy && u);
    memcpy(copy, l, n * n * sizeof *copy);
    gsl_matrix_view matrix = gsl_matrix_view_array(copy, n, n);
    gsl_vector_view values = gsl_vector_view_array(value, n);
    gsl_eigen_symm_workspace *workspace = gsl_eigen_symm_alloc(n);
    assert_int_equal(gsl_eigen_symm(&matrix.matrix, &values.vector, workspace), 0);
    gsl_eigen_symm_free(workspace);
    gsl_sort_vector(&values.vector);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < k; c++) u[i * k + c] = (double)y[i * k + c] * root[i];
    double trace = 0, wanted = 0;
    for (size_t c = 0; c < k; c++) {
        double quotient = 0, residual = 0;
        for (size_t b = 0; b <= c; b++) {
            double product = 0;
            for (size_t i = 0; i < n; i++) product += u[i * k + c] * u[i * k + b];
            assert_true(fabs(product - (b == c)) < 2e-3);
        }
        for (int pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < n; i++) {
                double lu = 0;
                for (size_t j = 0; j < n; j++) lu += l[i * n + j] * u[j * k + c];
                if (pass == 0)
                    quotient += lu * u[i * k + c];
                else
                    residual += pow(lu - quotient * u[i * k + c], 2);
            }
        assert_true(sqrt(residual) < 2e-3);
        trace += quotient;
        wanted += value[c];
    }
    assert_true(fabs(trace - wanted) < 1e-3 * (double)k);
    free(value);
    free(copy);
    free(u);
}

static size_t embedded, several_components;

static void check_embedding(const zsc_knn *knn, size_t k)
{
    size_t n = knn->n;
    zsc_graph graph = {0};
    zsc_spectral_embedding_report report = {0};
    assert_int_equal(zsc_spectral_neighbor_graph(knn, &graph), ZSC_OK);
    double *w = plain_graph(knn), *root = calloc(n, sizeof *root);
    float *y = calloc(n * k, sizeof *y);
    assert_true(root && y);
    check_graph(w, &graph);
    zsc_status status = zsc_spectral_embed(&graph, k, 1, NULL, y, &report);
    if (status == ZSC_OK) {
        laplacian(w, n, root);
        assert_true(report.components <= k);
        embedded++;
        several_components += report.components > 1;
        if (report.converged) check_vectors(w, root, n, k, y);
    } else {
        size_t count;
        int32_t *component = calloc(n, sizeof *component);
        assert_non_null(component);
        assert_int_equal(status, ZSC_EUSAGE);
        assert_int_equal(zsc_graph_components(&graph, component, &count), ZSC_OK);
        assert_true(count > k);
        free(component);
    }
    free(w);
    free(root);
    free(y);
    zsc_graph_free(&graph);
}

static void eigenvectors(void **state)
{
    (void)state;
    size_t end, first = first_case(&end);
    for (size_t c = first; c < end; c++) {
        zsc_stream r = zsc_stream_open(14, ZSC_RANDOM_TEST, c);
        kind kind_of = (kind)(c % KINDS);
        size_t n = 3 + zsc_stream_below(&r, c % 10 == 0 ? 500 : 150), d = 1 + zsc_stream_below(&r, 8);
        size_t k = 1 + zsc_stream_below(&r, n - 1 < 20 ? n - 1 : 20);
        float *x = make(&r, kind_of, n, d);
        zsc_knn knn = {0};
        zsc_knn_options o = zsc_knn_defaults();
        o.neighbors = 2 + zsc_stream_below(&r, n - 1 < 12 ? n - 1 : 12);
        print_message("case %zu: %s, %zu x %zu, %zu neighbours, %zu vectors\n", c, kind_name[kind_of], n, d,
                      o.neighbors, k);
        assert_int_equal(zsc_knn_search(x, n, d, &o, NULL, &knn), ZSC_OK);
        check_embedding(&knn, k);
        zsc_knn_free(&knn);
        free(x);
    }
    print_message("%zu graphs, %zu of several components\n", embedded, several_components);
    assert_true(end - first == 1 || (embedded > end / 2 && several_components > end / 10));
}

/* --- Labels */
static double rand_index(const int32_t *truth, const int32_t *label, size_t n)
{
    zsc_scores scores = {0};
    assert_int_equal(zsc_score(truth, label, n, ZSC_MISSING_DROP, NULL, &scores), ZSC_OK);
    return scores.ari;
}

static void check_labels(const float *x, size_t n, size_t d, const int32_t *truth, const zsc_spectral_options *o)
{
    zsc_spectral first = {0};
    const zsc_isa best = zsc_isa_active();
    for (int threads = 1; threads <= 3; threads++) {
        zsc_spectral s = {0};
        zsc_isa_force(threads < 3 ? (zsc_isa)(threads - 1) : best); /* plain, AVX2, the best */
        assert_int_equal(zsc_spectral_cluster_rows(x, n, d, o, &(zsc_exec){.threads = threads}, &s), ZSC_OK);
        double ari = rand_index(truth, s.label, n);
        print_message("ARI %.4f\n", ari);
        assert_true(ari > 0.99);
        assert_int_equal(s.clusters, o->clusters);
        if (threads == 1) {
            first = s;
            continue;
        }
        assert_memory_equal(s.label, first.label, n * sizeof *s.label);
        zsc_spectral_free(&s);
    }
    zsc_isa_force(best);
    zsc_spectral_free(&first);
}

/* Rings that k-means itself cannot tell apart, blobs far apart, and blobs with edges to the next. */
typedef enum shape { RINGS, FAR, JOINED, SHAPES } shape;

static void put_row(zsc_stream *r, shape how, size_t cluster, float *x)
{
    double angle = zsc_stream_uniform(r) * 6.2831853, radius = cluster ? 6 : 1;
    x[0] = (float)(how == RINGS ? radius * cos(angle)
                                : (double)cluster * (how == FAR ? 50 : 10) + zsc_stream_normal(r));
    x[1] = (float)(how == RINGS ? radius * sin(angle) : zsc_stream_normal(r));
    x[2] = (float)(0.1 * zsc_stream_normal(r));
}

static void separable_graphs(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 12; c += (unsigned)check_number("ZSC_CHECK_PART")) {
        zsc_stream r = zsc_stream_open(15, ZSC_RANDOM_TEST, c);
        shape how = (shape)(c % SHAPES);
        zsc_spectral_options o = zsc_spectral_defaults();
        size_t rows = how == RINGS ? 150 : 40 + 10 * c, k = how == RINGS ? 2 : 2 + c % 5, n = k * rows;
        float *x = calloc(n * 3, sizeof *x);
        int32_t *truth = calloc(n, sizeof *truth);
        assert_true(x && truth);
        for (size_t i = 0; i < n; i++) {
            truth[i] = (int32_t)(i % k);
            put_row(&r, how, i % k, x + i * 3);
        }
        o.clusters = k;
        o.n_neighbors = how == JOINED ? rows + 2 : 10;
        print_message("case %u: %zu clusters of %zu rows\n", c, k, rows);
        for (int qr = 0; qr < 2; qr++) {
            o.assign_labels = qr ? ZSC_SPECTRAL_CLUSTER_QR : ZSC_SPECTRAL_KMEANS;
            check_labels(x, n, 3, truth, &o);
        }
        free(x);
        free(truth);
    }
}

static bool stop_at(void *counter, const char *stage, double done, double total)
{
    (void)stage, (void)done, (void)total;
    size_t *left = counter;
    return *left > 0 && (*left)--;
}

static void interruptions_and_limits(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(16, ZSC_RANDOM_TEST, 1);
    float *x = make(&r, CHAIN, 400, 3);
    zsc_spectral_options o = zsc_spectral_defaults();
    zsc_status status = ZSC_EINTERRUPTED;
    size_t calls = 0;
    for (; status != ZSC_OK; calls += check_number("ZSC_CHECK_PART")) {
        size_t left = calls;
        zsc_spectral s = {0};
        zsc_exec exec = {.threads = 1, .progress = stop_at, .progress_data = &left};
        status = zsc_spectral_cluster_rows(x, 400, 3, &o, &exec, &s);
        assert_true(status == ZSC_OK || (status == ZSC_EINTERRUPTED && !s.label));
        zsc_spectral_free(&s);
    }
    assert_true(calls > 10);
    zsc_exec exec = {.threads = 2};
    size_t need = 0, most = zsc_spectral_memory(400, 3, &o, &exec);
    zsc_spectral s = {0};
    exec.memory_limit = 1;
    assert_int_equal(zsc_spectral_cluster_rows(x, 400, 3, &o, &exec, &s), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "spectral clustering"));
    exec.memory_limit = most;
    exec.memory_need = &need;
    assert_int_equal(zsc_spectral_cluster_rows(x, 400, 3, &o, &exec, &s), ZSC_OK);
    zsc_spectral_free(&s);
    assert_in_range(need, 1, most);
    exec.memory_limit = need - 1;
    assert_int_equal(zsc_spectral_cluster_rows(x, 400, 3, &o, &exec, &s), ZSC_EUSAGE);
    exec.memory_limit = need;
    assert_int_equal(zsc_spectral_cluster_rows(x, 400, 3, &o, &exec, &s), ZSC_OK);
    zsc_spectral_free(&s);
    free(x);
}

static void expect_refusal(const zsc_spectral_options *o, float *x, zsc_status status, const char *sentence)
{
    zsc_spectral s = {0};
    assert_int_equal(zsc_spectral_cluster_rows(x, 6, 1, o, NULL, &s), status);
    assert_non_null(strstr(zsc_error_message(), sentence));
    assert_null(s.label);
}

static void awkward_options(void **state)
{
    (void)state;
    float x[6] = {0, 1, 10, 11, 20, 21};
    zsc_spectral_options o = zsc_spectral_defaults();
    expect_refusal(&o, x, ZSC_EUSAGE, "cannot make 8 spectral clusters of 6 rows; expected 1 to 5");
    o.clusters = 2;
    o.n_neighbors = 1;
    expect_refusal(&o, x, ZSC_EUSAGE, "n_neighbors is 1, expected 2 or more");
    o.n_neighbors = 2;
    expect_refusal(&o, x, ZSC_EUSAGE, "has 3 connected components, so that there are at least as many clusters, but 2");
    o.n_init = 0;
    expect_refusal(&o, x, ZSC_EUSAGE, "n_init is 0, expected 1 or more");
    o.n_init = 1;
    o.clusters = 3;
    zsc_spectral s = {0};
    assert_int_equal(zsc_spectral_cluster_rows(x, 6, 1, &o, NULL, &s), ZSC_OK);
    assert_int_equal(s.components, 3);
    for (size_t i = 0; i < 6; i += 2) assert_int_equal(s.label[i], s.label[i + 1]);
    assert_true(s.label[0] != s.label[2] && s.label[0] != s.label[4] && s.label[2] != s.label[4]);
    zsc_spectral_free(&s);
    zsc_spectral_free(NULL);
    x[4] = NAN;
    expect_refusal(&o, x, ZSC_ENUMERIC, "NaN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvectors),
        cmocka_unit_test(separable_graphs),
        cmocka_unit_test(interruptions_and_limits),
        cmocka_unit_test(awkward_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
