/* Supervised graphs and disconnected neighbours against plain code on dense matrices, and what a fit makes of them;
 * rows in double. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "base/random.h"
#include "zsc/zsc.h"

enum { CASES = 200, ROWS_MOST = 60, D = 4 };

static float x[ROWS_MOST * D];
static int32_t labels[ROWS_MOST];

static size_t make(unsigned number, size_t *k)
{
    zsc_stream r = zsc_stream_open(number, ZSC_RANDOM_TEST, 501);
    size_t n = 2 + zsc_stream_below(&r, ROWS_MOST - 1);
    for (size_t i = 0; i < n * D; i++)
        x[i] = number % 5 == 1 ? (float)zsc_stream_below(&r, 3) : (float)zsc_stream_normal(&r);
    for (size_t i = 0; i < n; i++) labels[i] = (int32_t)zsc_stream_below(&r, 5) - (number % 2 == 0);
    *k = 1 + zsc_stream_below(&r, n);
    return n;
}

static zsc_knn neighbours(size_t n, size_t k)
{
    zsc_knn knn = {0};
    zsc_knn_options o = zsc_knn_defaults();
    o.neighbors = k;
    assert_int_equal(zsc_knn_search(x, n, D, &o, NULL, &knn), ZSC_OK);
    return knn;
}

static void dense(const zsc_graph *g, double out[ROWS_MOST][ROWS_MOST])
{
    memset(out, 0, sizeof(double) * ROWS_MOST * ROWS_MOST);
    for (size_t i = 0; i < g->n; i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) out[i][g->column[e]] = g->weight[e];
}

/* umap-learn's steps one by one: factors, rows over their largest, union with the transpose. */
static void plain_supervise(size_t n, double target_weight, double w[ROWS_MOST][ROWS_MOST])
{
    static double scaled[ROWS_MOST][ROWS_MOST];
    for (size_t i = 0; i < n; i++) {
        double most = 0;
        for (size_t j = 0; j < n; j++) {
            if (labels[i] < 0 || labels[j] < 0)
                w[i][j] *= exp(-1);
            else if (labels[i] != labels[j])
                w[i][j] *= target_weight < 1 ? exp(-2.5 * (1 / (1 - target_weight))) : 0;
            most = fmax(most, w[i][j]);
        }
        for (size_t j = 0; j < n; j++) scaled[i][j] = most > 0 ? w[i][j] / most : 0;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) w[i][j] = scaled[i][j] + scaled[j][i] - scaled[i][j] * scaled[j][i];
}

static void supervised_graphs(void **state)
{
    (void)state;
    static double expected[ROWS_MOST][ROWS_MOST], found[ROWS_MOST][ROWS_MOST];
    static const double weights[] = {0, 0.5, 0.9, 1, 0.25};
    for (unsigned number = 0; number < check_cases(CASES); number++) {
        size_t k, n = make(number, &k);
        zsc_knn knn = neighbours(n, k);
        zsc_graph graph = {0}, one = {0}, two = {0};
        assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_OK);
        dense(&graph, expected);
        plain_supervise(n, weights[number % 5], expected);
        zsc_exec exec = {.threads = 1};
        assert_int_equal(zsc_graph_supervise(&graph, labels, weights[number % 5], &exec, &one), ZSC_OK);
        exec.threads = 3;
        assert_int_equal(zsc_graph_supervise(&graph, labels, weights[number % 5], &exec, &two), ZSC_OK);
        assert_int_equal(zsc_graph_check(&one), ZSC_OK);
        assert_memory_equal(one.offset, two.offset, (n + 1) * sizeof *one.offset);
        assert_memory_equal(one.weight, two.weight, one.offset[n] * sizeof *one.weight);
        dense(&one, found);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) assert_true(fabs(found[i][j] - expected[i][j]) <= 4e-7);
        zsc_graph_free(&one);
        zsc_graph_free(&two);
        zsc_graph_free(&graph);
        zsc_knn_free(&knn);
    }
}

static double log2_sum(const float *d, size_t k, double rho, double sigma)
{
    double sum = 0;
    for (size_t j = 1; j < k; j++) sum += d[j] > rho ? exp(-(d[j] - rho) / sigma) : 1;
    return sum;
}

/* Lists that end early: what is disconnected takes no part in rho, sigma and the means. */
static void disconnected_neighbours(void **state)
{
    (void)state;
    for (unsigned number = 0; number < check_cases(CASES); number++) {
        size_t k, n = make(number, &k);
        zsc_knn knn = neighbours(n, k), whole = neighbours(n, k);
        double cut = 0.3 + 0.1 * (number % 30);
        size_t removed = zsc_knn_disconnect(&knn, cut), expected = 0;
        float sigma[ROWS_MOST], rho[ROWS_MOST];
        zsc_graph graph = {0};
        for (size_t i = 0; i < n * k; i++) {
            bool far = whole.distance[i] >= cut;
            expected += far;
            assert_int_equal(knn.index[i], far ? -1 : whole.index[i]);
            assert_true(far ? isinf(knn.distance[i]) : knn.distance[i] == whole.distance[i]);
        }
        assert_int_equal(removed, expected);
        assert_int_equal(zsc_knn_disconnect(&knn, cut), 0);
        assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, sigma, rho, &graph), ZSC_OK);
        assert_int_equal(zsc_graph_check(&graph), ZSC_OK);
        for (size_t i = 0; i < n; i++) {
            const float *d = whole.distance + i * k;
            size_t there = 0;
            double first = 0, mean = 0;
            for (; there < k && d[there] < cut; there++) {
                if (d[there] > 0 && first == 0) first = d[there];
                mean += d[there];
            }
            assert_true(rho[i] == (float)first);
            if (first > 0) assert_true(sigma[i] >= (float)(0.999e-3 * mean / (double)there));
            bool attained = log2_sum(d, there, first, 1e9) > log2((double)k) + 1e-3 &&
                            log2_sum(d, there, first, 1e-3 * mean / (double)there) < log2((double)k) - 1e-3;
            if (attained && first > 0) assert_true(fabs(log2_sum(d, there, first, sigma[i]) - log2((double)k)) < 1e-3);
            for (size_t e = graph.offset[i]; e < graph.offset[i + 1]; e++) { /* one of the two lists has it */
                bool listed = false;
                for (size_t j = 0; j < k; j++)
                    listed = listed || knn.index[i * k + j] == graph.column[e] ||
                             knn.index[(size_t)graph.column[e] * k + j] == (int32_t)i;
                assert_true(listed);
            }
        }
        zsc_graph_free(&graph);
        zsc_knn_free(&knn);
        zsc_knn_free(&whole);
    }
}

/* The share of labelled rows whose nearest labelled row in the layout has their label. */
static double nearest_of_label(const float *y, const int32_t *of, size_t n)
{
    double good = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        if (of[i] < 0) continue;
        size_t best = n;
        double least = INFINITY;
        for (size_t j = 0; j < n; j++) {
            double d = hypot(y[2 * i] - y[2 * j], y[2 * i + 1] - y[2 * j + 1]);
            if (j != i && of[j] >= 0 && d < least) {
                least = d;
                best = j;
            }
        }
        good += of[best] == of[i];
        all++;
    }
    return good / all;
}

/* Two blobs in one place, with labels, end up apart; a far row is told as disconnected; both with repeated rows once.
 */
static void fits(void **state)
{
    (void)state;
    enum { N = 120 };
    static float rows[N * D], plain[N * 2], supervised[N * 2], again[N * 2];
    static int32_t of[N];
    static bool alone[N];
    zsc_stream r = zsc_stream_open(3, ZSC_RANDOM_TEST, 502);
    for (size_t i = 0; i < N; i++) {
        of[i] = i % 10 == 0 ? -1 : (int32_t)(i % 2);
        for (size_t j = 0; j < D; j++) rows[i * D + j] = (float)zsc_stream_normal(&r) + (i == 77 ? 1000 : 0);
    }
    for (size_t j = 0; j < D; j++) rows[5 * D + j] = rows[3 * D + j];
    for (int unique = 0; unique < 2; unique++) {
        zsc_umap_options o = zsc_umap_defaults();
        o.unique = unique;
        o.disconnection_distance = 50;
        zsc_umap_part part = {.labels = of, .disconnected = alone};
        zsc_umap_report report, stopped;
        memset(alone, 7, sizeof alone);
        assert_int_equal(zsc_umap_fit(rows, N, D, &o, NULL, plain, NULL), ZSC_OK);
        assert_int_equal(zsc_umap_fit_part(rows, N, D, &o, &part, NULL, supervised, &report), ZSC_OK);
        assert_int_equal(report.disconnected, 1);
        for (size_t i = 0; i < N; i++) assert_true(alone[i] == (i == 77));
        assert_true(nearest_of_label(supervised, of, N) > 0.85);
        assert_true(nearest_of_label(plain, of, N) < 0.7);
        /* stopped and resumed, with other labels refused */
        part.last_epoch = 100;
        assert_int_equal(zsc_umap_fit_part(rows, N, D, &o, &part, NULL, again, &stopped), ZSC_OK);
        part = (zsc_umap_part){.first_epoch = 100, .graph = stopped.graph};
        assert_int_equal(zsc_umap_fit_part(rows, N, D, &o, &part, NULL, again, NULL), ZSC_EUSAGE);
        part.labels = of;
        assert_int_equal(zsc_umap_fit_part(rows, N, D, &o, &part, NULL, again, NULL), ZSC_OK);
        assert_memory_equal(again, supervised, sizeof again);
    }
}

/* A column around 1e7 with differences of 1e-3: centred in double, the neighbours are those of the small numbers. */
static void rows_in_double(void **state)
{
    (void)state;
    enum { N = 200, K = 8 };
    static double wide[N * D], centre[D];
    static float small[N * D], narrow[N * D], again[N * D];
    zsc_stream r = zsc_stream_open(1, ZSC_RANDOM_TEST, 503);
    for (size_t i = 0; i < N * D; i++) {
        small[i] = (float)(1e-3 * zsc_stream_normal(&r));
        wide[i] = 1e7 * (double)(1 + i % D) + (double)small[i];
    }
    zsc_exec one = {.threads = 1}, three = {.threads = 3};
    assert_int_equal(zsc_centre_of_rows(wide, N, D, ZSC_EUCLIDEAN, &one, centre), ZSC_OK);
    for (size_t j = 0; j < D; j++) assert_true(fabs(centre[j] - 1e7 * (double)(1 + j)) < 1e-3);
    assert_int_equal(zsc_narrow_rows(wide, N, D, centre, &one, narrow), ZSC_OK);
    assert_int_equal(zsc_narrow_rows(wide, N, D, centre, &three, again), ZSC_OK);
    assert_memory_equal(narrow, again, sizeof again);
    for (size_t i = 0; i < N * D; i++) assert_true(fabs(narrow[i] + centre[i % D] - wide[i]) < 2e-8);
    zsc_knn a = {0}, b = {0};
    zsc_knn_options o = zsc_knn_defaults();
    o.neighbors = K;
    assert_int_equal(zsc_knn_search(narrow, N, D, &o, NULL, &a), ZSC_OK);
    assert_int_equal(zsc_knn_search(small, N, D, &o, NULL, &b), ZSC_OK);
    assert_memory_equal(a.index, b.index, N * K * sizeof *a.index);
    zsc_knn_free(&a);
    zsc_knn_free(&b);
    assert_int_equal(zsc_centre_of_rows(wide, N, D, ZSC_COSINE, NULL, centre), ZSC_OK);
    for (size_t j = 0; j < D; j++) assert_true(centre[j] == 0);
    wide[9] = 1e39;
    assert_int_equal(zsc_narrow_rows(wide, N, D, NULL, NULL, again), ZSC_ENUMERIC);
    wide[9] = NAN;
    assert_int_equal(zsc_narrow_rows(wide, N, D, NULL, NULL, again), ZSC_ENUMERIC);
    assert_int_equal(zsc_centre_of_rows(wide, N, D, ZSC_EUCLIDEAN, NULL, centre), ZSC_ENUMERIC);
    double huge[2] = {-1.7e308, 1.7e308}; /* no mean, no narrowing: said, not computed wrongly */
    assert_int_equal(zsc_centre_of_rows(huge, 2, 1, ZSC_EUCLIDEAN, NULL, centre), ZSC_OK);
    assert_int_equal(zsc_narrow_rows(huge, 2, 1, centre, NULL, again), ZSC_ENUMERIC);
}

static void refusals(void **state)
{
    (void)state;
    size_t k, n = make(4, &k);
    zsc_knn knn = neighbours(n, k);
    zsc_graph graph = {0}, out = {.n = 77};
    assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_OK);
    const double bad[] = {-0.1, 1.1, NAN};
    for (size_t i = 0; i < 3; i++) {
        zsc_umap_options o = zsc_umap_defaults();
        assert_int_equal(zsc_graph_supervise(&graph, labels, bad[i], NULL, &out), ZSC_EUSAGE);
        o.target_weight = bad[i];
        assert_int_equal(zsc_umap_check(&o), ZSC_EUSAGE);
        assert_non_null(strstr(zsc_error_message(), "target_weight"));
        o = zsc_umap_defaults();
        o.disconnection_distance = i == 1 ? -1 : bad[i];
        assert_int_equal(zsc_umap_check(&o), ZSC_EUSAGE);
    }
    graph.offset[0] = 1;
    assert_int_equal(zsc_graph_supervise(&graph, labels, 0.5, NULL, &out), ZSC_EINPUT);
    assert_int_equal(out.n, 77);
    graph.offset[0] = 0;
    assert_true(k > 2);
    knn.index[1] = -1; /* and another after it */
    assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &out), ZSC_EINPUT);
    zsc_graph_free(&graph);
    zsc_knn_free(&knn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(supervised_graphs),
        cmocka_unit_test(disconnected_neighbours),
        cmocka_unit_test(fits),
        cmocka_unit_test(rows_in_double),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
