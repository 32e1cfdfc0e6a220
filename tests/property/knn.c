/* Nearest neighbours against plain brute force in double, on random and awkward shapes. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "plain_knn.h"
#include "base/isa.h"
#include "base/random.h"
#include "knn/blocks/block_index.h"
#include "knn/exact/exact.h"
#include "knn/nn_descent.h"
#include "linalg/distinct.h"
#include "zsc/knn.h"

/* Each list ascends in (distance, index), starts with the row itself, holds no row twice, tells true distances, and
 * leaves out no row that is nearer. `slack` is what the plain formula itself cannot tell apart: 1 - dot / norms loses
 * what is below 1e-15 of 1. */
static void expect_exact(const float *x, size_t n, size_t d, size_t k, zsc_metric metric, const zsc_knn *found,
                         const char *shape)
{
    bool angular = metric == ZSC_COSINE || metric == ZSC_CORRELATION;
    double absolute = angular ? 4e-15 : (double)FLT_TRUE_MIN, relative = 2.0 * FLT_EPSILON;
    char *seen = malloc(n ? n : 1);
    assert_non_null(seen);
    assert_int_equal(found->n, n);
    assert_int_equal(found->k, k);
    for (size_t i = 0; i < n; i++) {
        const int32_t *index = found->index + i * k;
        const float *distance = found->distance + i * k;
        memset(seen, 0, n);
        if (index[0] != (int32_t)i || distance[0] != 0)
            fail_msg("%s: row %zu does not come first in its list", shape, i);
        for (size_t j = 0; j < k; j++) {
            if (index[j] < 0 || (size_t)index[j] >= n || seen[index[j]])
                fail_msg("%s: row %zu lists %d twice", shape, i, index[j]);
            seen[index[j]] = 1;
            if (j > 1 && (distance[j] < distance[j - 1] || (distance[j] == distance[j - 1] && index[j] < index[j - 1])))
                fail_msg("%s: row %zu, place %zu is out of order", shape, i, j);
            double truth = plain_distance(x + i * d, x + (size_t)index[j] * d, d, metric);
            if (fabs(truth - (double)distance[j]) > absolute + relative * truth)
                fail_msg("%s: row %zu, place %zu: distance %.9g, not %.9g", shape, i, j, (double)distance[j], truth);
        }
        double last = (double)distance[k - 1];
        for (size_t j = 0; j < n; j++) {
            double truth = plain_distance(x + i * d, x + j * d, d, metric);
            if (!seen[j] && truth < last * (1 - relative) - absolute)
                fail_msg("%s: row %zu misses %zu at %.9g, its list ends at %.9g", shape, i, j, truth, last);
            if (!seen[j] && (float)truth == distance[k - 1] && !angular && j < (size_t)index[k - 1] &&
                metric != ZSC_EUCLIDEAN && metric != ZSC_MANHATTAN)
                fail_msg("%s: row %zu: the tie with %zu went to a larger index", shape, i, j);
        }
    }
    free(seen);
}

static void search_and_check(const float *x, size_t n, size_t d, size_t k, zsc_metric metric, const char *what)
{
    char shape[160];
    snprintf(shape, sizeof shape, "%s n=%zu d=%zu k=%zu metric=%d isa=%s", what, n, d, k, (int)metric,
             zsc_isa_name(zsc_isa_active()));
    zsc_knn_options options = zsc_knn_defaults();
    options.neighbors = k;
    options.metric = metric;
    options.method = ZSC_KNN_EXACT;
    zsc_knn found = {0};
    zsc_exec exec = {.threads = 2};
    zsc_status status = zsc_knn_search(x, n, d, &options, &exec, &found);
    if (status != ZSC_OK) fail_msg("%s: %s", shape, zsc_error_message());
    assert_int_equal(found.method, ZSC_KNN_EXACT);
    expect_exact(x, n, d, k, metric, &found, shape);
    zsc_knn_free(&found);
}

static void all_metrics(const float *x, size_t n, size_t d, size_t k, const char *what)
{
    for (int m = ZSC_EUCLIDEAN; m <= ZSC_CHEBYSHEV; m++) search_and_check(x, n, d, k, (zsc_metric)m, what);
}

/* --- Tests */
static void random_shapes(void **state)
{
    (void)state;
    static const size_t shape[][3] = {{1, 1, 1},      {1, 5, 1},    {2, 1, 1},      {2, 3, 2},
                                      {3, 2, 3},      {17, 1, 5},   {50, 2, 50},    {97, 7, 30},
                                      {240, 16, 5},   {241, 17, 9}, {333, 31, 30},  {600, 64, 15},
                                      {500, 100, 30}, {700, 33, 1}, {260, 300, 12}, {150, 1030, 10}};
    for (size_t s = 0; s < sizeof shape / sizeof *shape; s++) {
        float *x = gauss(shape[s][0], shape[s][1], s);
        all_metrics(x, shape[s][0], shape[s][1], shape[s][2], "gauss");
        free(x);
    }
}

static void clustered_shapes(void **state)
{
    (void)state;
    float *x = clustered(1500, 96, 40, 6, .05f, 7);
    all_metrics(x, 1500, 96, 30, "clustered");
    free(x);
    x = clustered(1200, 200, 9, 20, .3f, 8);
    search_and_check(x, 1200, 200, 30, ZSC_EUCLIDEAN, "clustered");
    search_and_check(x, 1200, 200, 30, ZSC_COSINE, "clustered");
    free(x);
}

static void repeated_rows(void **state)
{
    (void)state;
    static const size_t distinct[] = {1, 2, 3, 40, 299, 300};
    for (size_t s = 0; s < 6; s++) {
        float *x = gauss(300, 11, 50 + s);
        repeat_rows(x, 300, 11, distinct[s]);
        all_metrics(x, 300, 11, 30, "repeated");
        all_metrics(x, 300, 11, 300, "repeated, k = n");
        zsc_knn_options options = zsc_knn_defaults();
        zsc_knn found = {0};
        assert_int_equal(zsc_knn_search(x, 300, 11, &options, NULL, &found), ZSC_OK);
        assert_int_equal(found.distinct, distinct[s]);
        zsc_knn_free(&found);
        free(x);
    }
}

/* Distances that tie everywhere: whole numbers, few values. Here float, double and the plain version agree exactly, so
 * the very lists must. */
static void ties_by_index(void **state)
{
    (void)state;
    enum { N = 400, D = 3, K = 25 };
    float *x = gauss(N, D, 3);
    for (size_t i = 0; i < (size_t)N * D; i++) x[i] = roundf(x[i]);
    static const zsc_metric metrics[] = {ZSC_EUCLIDEAN, ZSC_MANHATTAN, ZSC_CHEBYSHEV};
    for (size_t m = 0; m < 3; m++) {
        zsc_knn_options options = zsc_knn_defaults();
        options.neighbors = K;
        options.metric = metrics[m];
        options.method = ZSC_KNN_EXACT;
        zsc_knn found = {0};
        assert_int_equal(zsc_knn_search(x, N, D, &options, NULL, &found), ZSC_OK);
        for (size_t i = 0; i < N; i++) {
            bool used[N] = {false};
            for (size_t place = 0; place < K; place++) {
                size_t best = N;
                double least = INFINITY;
                for (size_t j = 0; j < N; j++) {
                    double t = place == 0 && j != i ? INFINITY : plain_distance(x + i * D, x + j * D, D, metrics[m]);
                    if (!used[j] && t < least) {
                        least = t;
                        best = j;
                    }
                }
                used[best] = true;
                if (found.index[i * K + place] != (int32_t)best)
                    fail_msg("metric %d, row %zu, place %zu: %d, not %zu", (int)metrics[m], i, place,
                             found.index[i * K + place], best);
            }
        }
        zsc_knn_free(&found);
    }
    free(x);
}

static void constant_columns_and_zero_rows(void **state)
{
    (void)state;
    float *x = gauss(200, 20, 9);
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < 10; j++) x[i * 20 + j] = (float)j * 1000;
    all_metrics(x, 200, 20, 10, "constant columns");
    for (size_t i = 0; i < 200; i += 20) memset(x + i * 20, 0, 20 * sizeof *x);
    for (size_t j = 0; j < 20; j++) x[3 * 20 + j] = 1, x[5 * 20 + j] = -7; /* no correlation with anything */
    for (size_t j = 0; j < 20; j++) x[40 * 20 + j] = -0.0f;                /* equals 0.0 */
    all_metrics(x, 200, 20, 25, "zero and constant rows");
    for (size_t i = 0; i < 200 * 20; i++) x[i] = 5;
    all_metrics(x, 200, 20, 30, "all rows equal");
    free(x);
}

static void zeros_of_both_signs_are_equal(void **state)
{
    (void)state;
    float x[6] = {0.0f, 1, -0.0f, 1, 2, 3};
    zsc_distinct found = {0};
    assert_int_equal(zsc_distinct_find(x, 3, 2, NULL, &found), ZSC_OK);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.group[1], 0);
    zsc_distinct_free(&found);
}

/* A distance far below what the subtraction of squares can tell must come out right. */
static void tiny_distances_far_from_the_origin(void **state)
{
    (void)state;
    float *x = gauss(300, 40, 21);
    for (size_t i = 0; i < 300; i++)
        for (size_t j = 0; j < 40; j++)
            x[i * 40 + j] = (i % 3 == 0 ? 1e4f : i % 3 == 1 ? -3e4f : 700.0f) + x[i * 40 + j] * (i % 2 ? 0.01f : 1);
    all_metrics(x, 300, 40, 20, "far from the origin");
    free(x);
}

static void huge_and_tiny_scales(void **state)
{
    (void)state;
    static const float scales[] = {1e30f, 1e-30f, 1e37f, 1e-42f};
    for (size_t s = 0; s < 4; s++) {
        float *x = clustered(400, 24, 10, 4, .1f, 31);
        for (size_t i = 0; i < 400 * 24; i++) x[i] *= scales[s] / (s == 2 ? 16.0f : 1.0f);
        all_metrics(x, 400, 24, 12, "scaled");
        free(x);
    }
    float *x = gauss(400, 24, 33); /* scales far apart in one matrix */
    for (size_t i = 0; i < 400; i++)
        for (size_t j = 0; j < 24; j++) x[i * 24 + j] *= i % 7 == 0 ? 1e30f : i % 7 == 1 ? 1e-30f : 1;
    all_metrics(x, 400, 24, 12, "mixed scales");
    for (size_t j = 0; j < 24; j++) x[j] = j % 2 ? FLT_MAX : -FLT_MAX;
    zsc_knn_options options = zsc_knn_defaults();
    options.neighbors = 400;
    zsc_knn found = {0};
    assert_int_equal(zsc_knn_search(x, 400, 24, &options, NULL, &found), ZSC_ENUMERIC);
    assert_null(found.index);
    free(x);
}

static void refusals(void **state)
{
    (void)state;
    float *x = gauss(40, 3, 1);
    zsc_knn_options options = zsc_knn_defaults();
    zsc_knn found = {0};
    options.neighbors = 0;
    assert_int_equal(zsc_knn_search(x, 40, 3, &options, NULL, &found), ZSC_EUSAGE);
    options.neighbors = 41;
    assert_int_equal(zsc_knn_search(x, 40, 3, &options, NULL, &found), ZSC_EUSAGE);
    options.neighbors = 5;
    options.metric = (zsc_metric)17;
    assert_int_equal(zsc_knn_search(x, 40, 3, &options, NULL, &found), ZSC_EUSAGE);
    options.metric = ZSC_EUCLIDEAN;
    x[17 * 3 + 1] = NAN;
    x[30 * 3] = INFINITY;
    assert_int_equal(zsc_knn_search(x, 40, 3, &options, NULL, &found), ZSC_ENUMERIC);
    assert_non_null(strstr(zsc_error_message(), "2 of 40 rows"));
    assert_non_null(strstr(zsc_error_message(), "first row 17 (column 1"));
    zsc_exec small = {.memory_limit = 100};
    x[17 * 3 + 1] = x[30 * 3] = 0;
    assert_int_equal(zsc_knn_search(x, 40, 3, &options, &small, &found), ZSC_EUSAGE);
    assert_null(found.index);
    free(x);
}

static void empty(void **state)
{
    (void)state;
    zsc_knn_options options = zsc_knn_defaults();
    zsc_knn found = {0};
    float x[1] = {0};
    assert_int_equal(zsc_knn_search(x, 0, 1, &options, NULL, &found), ZSC_OK);
    assert_int_equal(found.n, 0);
    zsc_knn_free(&found);
}

static bool stop_at_once(void *data, const char *stage, double done, double total)
{
    (void)stage, (void)done, (void)total;
    ++*(int *)data;
    return false;
}

static void interruption(void **state)
{
    (void)state;
    float *x = gauss(3000, 20, 4);
    int calls = 0;
    zsc_exec exec = {.progress = stop_at_once, .progress_data = &calls, .threads = 2};
    zsc_knn_options options = zsc_knn_defaults();
    zsc_knn found = {0};
    assert_int_equal(zsc_knn_search(x, 3000, 20, &options, &exec, &found), ZSC_EINTERRUPTED);
    assert_null(found.index);
    assert_int_equal(calls, 1);
    free(x);
}

static void expect_same(const zsc_knn *a, const zsc_knn *b, const char *what, int number)
{
    if (memcmp(a->index, b->index, a->n * a->k * sizeof *a->index) != 0 ||
        memcmp(a->distance, b->distance, a->n * a->k * sizeof *a->distance) != 0)
        fail_msg("%s %d: other bytes", what, number);
}

static void same_bytes_at_any_number_of_threads(void **state)
{
    (void)state;
    enum { N = 2500, D = 48 };
    float *x = clustered(N, D, 60, 8, .1f, 12);
    repeat_rows(x, N, D, 1700);
    static const int threads[] = {1, 2, 3, 8};
    for (int method = ZSC_KNN_EXACT; method <= ZSC_KNN_APPROX; method++)
        for (int m = ZSC_EUCLIDEAN; m <= ZSC_CHEBYSHEV; m++) {
            zsc_knn_options options = zsc_knn_defaults();
            options.metric = (zsc_metric)m;
            options.method = (zsc_knn_method)method;
            zsc_knn first = {0};
            for (size_t t = 0; t < 4; t++) {
                zsc_exec exec = {.threads = threads[t]};
                zsc_knn found = {0};
                assert_int_equal(zsc_knn_search(x, N, D, &options, &exec, &found), ZSC_OK);
                if (t == 0) {
                    first = found;
                    continue;
                }
                expect_same(&first, &found, "threads", threads[t]);
                zsc_knn_free(&found);
            }
            zsc_knn_free(&first);
        }
    free(x);
}

/* The approximate search, with so few near blocks that it has to descend: distances are exact, the order holds, most
 * neighbours are there, and threads change nothing. */
static void approximate_search(void **state)
{
    (void)state;
    enum { N = 6000, D = 40, K = 20 };
    for (int m = 0; m < 3; m++) {
        zsc_metric metric = m == 0 ? ZSC_EUCLIDEAN : m == 1 ? ZSC_COSINE : ZSC_MANHATTAN;
        float *x = clustered(N, m == 0 ? 96 : D, 50, 7, .1f, 41);
        size_t d = m == 0 ? 96 : D;
        int32_t *index[3], *truth = malloc(N * K * sizeof *truth);
        float *distance[3], *true_distance = malloc(N * K * sizeof *true_distance);
        zsc_knn_rows rows = {0};
        assert_int_equal(zsc_knn_rows_make(x, d, NULL, N, metric, NULL, &rows), ZSC_OK);
        assert_int_equal(zsc_exact_search(&rows, K, NULL, truth, true_distance), ZSC_OK);
        for (int t = 0; t < 3; t++) {
            zsc_exec exec = {.threads = t == 2 ? 3 : t + 1};
            bool exact = true;
            index[t] = malloc(N * K * sizeof **index);
            distance[t] = malloc(N * K * sizeof **distance);
            assert_int_equal(zsc_nn_descent_search(&rows, K, 2, 7, NULL, &exec, index[t], distance[t], &exact), ZSC_OK);
            assert_false(exact);
            assert_memory_equal(index[t], index[0], N * K * sizeof **index);
            assert_memory_equal(distance[t], distance[0], N * K * sizeof **distance);
        }
        size_t hits = 0;
        for (size_t i = 0; i < N; i++)
            for (size_t c = 0; c < K; c++) {
                float told = distance[0][i * K + c];
                double measured = plain_distance(x + i * d, x + (size_t)index[0][i * K + c] * d, d, metric);
                assert_true(fabs((double)told - measured) <= 1e-6 * measured + 4e-15);
                if (c > 0)
                    assert_true(told > distance[0][i * K + c - 1] || index[0][i * K + c] > index[0][i * K + c - 1]);
                hits += told <= true_distance[i * K + K - 1];
            }
        if (hits < 0.97 * N * K) fail_msg("metric %d: recall %.4f", (int)metric, (double)hits / (N * K));
        for (int t = 0; t < 3; t++) free(index[t]), free(distance[t]);
        free(truth);
        free(true_distance);
        zsc_knn_rows_free(&rows);
        free(x);
    }
}

/* Projections leave out no neighbour: enough rows and coordinates for one, against brute force on some rows. */
static void projections_lose_nothing(void **state)
{
    (void)state;
    enum { N = 4500, D = 128, K = 15 };
    float *x = clustered(N, D, 300, 12, .05f, 43);
    for (size_t i = 0; i < N; i += 50)
        memcpy(x + (i + 1) * D, x + i * D, D * sizeof *x), x[i * D] += 1e-4f; /* near pairs */
    static const zsc_metric metrics[] = {ZSC_EUCLIDEAN, ZSC_COSINE, ZSC_CORRELATION};
    for (int m = 0; m < 3; m++) {
        zsc_knn_rows rows = {0};
        zsc_block_index blocks = {0};
        assert_int_equal(zsc_knn_rows_make(x, D, NULL, N, metrics[m], NULL, &rows), ZSC_OK);
        assert_int_equal(zsc_block_index_make(&rows, &(zsc_block_plan){.nearest = K}, NULL, &blocks), ZSC_OK);
        assert_true(blocks.depth < blocks.vectors.width && blocks.panels &&
                    blocks.quantised.vectors); /* this test is about these */
        zsc_block_index_free(&blocks);
        zsc_knn_rows_free(&rows);
        zsc_knn_options options = {.neighbors = K, .metric = metrics[m], .method = ZSC_KNN_EXACT};
        zsc_knn found = {0};
        double recall = 0;
        assert_int_equal(zsc_knn_search(x, N, D, &options, NULL, &found), ZSC_OK);
        assert_int_equal(zsc_knn_recall(x, N, D, &found, metrics[m], 600, 1, NULL, &recall), ZSC_OK);
        assert_true(recall == 1);
        found.index[1] = found.index[0] == 0 ? (int32_t)(N - 1) : 0; /* and recall notices what is missing */
        for (size_t i = 0; i < N; i++) found.index[i * K + 3] = (int32_t)((i + N / 2) % N);
        assert_int_equal(zsc_knn_recall(x, N, D, &found, metrics[m], 600, 1, NULL, &recall), ZSC_OK);
        assert_true(recall < 1 - 0.9 / (K - 1) && recall > 1 - 1.5 / (K - 1));
        zsc_knn_free(&found);
    }
    free(x);
}

/* Sums over parts equal the search of the concatenated rows; scales far apart, repeated rows, blocks that do not fill.
 */
static void joint_search_of_blocks(void **state)
{
    (void)state;
    enum { PARTS = 3, SETS = 5, K = 12 };
    static const size_t d[PARTS] = {33, 5, 300}, offset[SETS + 1] = {0, 1, 3, 5, 8, 9},
                        member[9] = {0, 0, 1, 2, 1, 0, 1, 2, 2};
    static const size_t rows[] = {12, 250, 1111};
    for (size_t r = 0; r < 3; r++) {
        size_t n = rows[r];
        float *x[PARTS];
        zsc_knn_features part[PARTS];
        for (size_t p = 0; p < PARTS; p++) {
            x[p] = clustered(n, d[p], 20, 4, .2f, 60 + p);
            for (size_t i = 0; p == 1 && i < n * d[p]; i++) x[p][i] *= 40;
            for (size_t i = 0; i + 30 < n && i < 60; i++)
                memcpy(x[p] + (i + 30) * d[p], x[p] + i % 2 * d[p], d[p] * sizeof(float));
            part[p] = (zsc_knn_features){x[p], d[p]};
        }
        zsc_knn found[SETS], again[SETS];
        zsc_exec one = {.threads = 1}, three = {.threads = 3};
        if (zsc_knn_search_joint(part, PARTS, n, offset, member, SETS, K, &one, found) != ZSC_OK)
            fail_msg("%s", zsc_error_message());
        assert_int_equal(zsc_knn_search_joint(part, PARTS, n, offset, member, SETS, K, &three, again), ZSC_OK);
        for (size_t s = 0; s < SETS; s++) {
            size_t wide = 0, at = 0;
            for (size_t m = offset[s]; m < offset[s + 1]; m++) wide += d[member[m]];
            float *all = malloc(n * wide * sizeof *all);
            for (size_t i = 0; i < n; i++)
                for (size_t m = offset[s]; m < offset[s + 1]; m++, at += d[member[m - 1]])
                    memcpy(all + at, x[member[m]] + i * d[member[m]], d[member[m]] * sizeof *all);
            expect_exact(all, n, wide, K, ZSC_EUCLIDEAN, &found[s], "sums");
            expect_same(&found[s], &again[s], "set", (int)s);
            zsc_knn_free(&found[s]);
            zsc_knn_free(&again[s]);
            free(all);
        }
        for (size_t p = 0; p < PARTS; p++) free(x[p]);
    }
}

/* The same where parts are projected, among them one that is not and one whose rows are far from its own leading
 * directions: enough rows for frames, limits from coarse vectors, both walks. Against the search of the concatenation,
 * and against brute force on some rows. */
static void joint_search_of_projected_blocks(void **state)
{
    (void)state;
    enum { N = 4700, PARTS = 4, SETS = 5, K = 15, MOST = 600 };
    static const size_t d[PARTS] = {128, 7, 300, 64}, offset[SETS + 1] = {0, 2, 4, 6, 9, 10},
                        member[10] = {0, 2, 1, 2, 0, 3, 3, 0, 2, 2};
    float *x[PARTS], *all = malloc(N * MOST * sizeof *all);
    zsc_knn_features part[PARTS];
    for (size_t p = 0; p < PARTS; p++) {
        x[p] = clustered(N, d[p], 300, 12, p == 3 ? 1 : .05f, 80 + p);
        for (size_t i = 0; i < N; i += 50) { /* near pairs, and rows that are the same in all parts */
            memcpy(x[p] + (i + 1) * d[p], x[p] + i * d[p], d[p] * sizeof(float));
            memcpy(x[p] + (i + 2) * d[p], x[p] + (i % 100 + 3) * d[p], d[p] * sizeof(float));
            x[p][i * d[p]] += 1e-4f;
        }
        part[p] = (zsc_knn_features){x[p], d[p]};
    }
    zsc_knn found[SETS], again[SETS];
    zsc_exec one = {.threads = 1}, three = {.threads = 3};
    assert_int_equal(zsc_knn_search_joint(part, PARTS, N, offset, member, SETS, K, &one, found), ZSC_OK);
    assert_int_equal(zsc_knn_search_joint(part, PARTS, N, offset, member, SETS, K, &three, again), ZSC_OK);
    for (size_t n = 0; n < SETS; n++) {
        size_t wide = 0, at = 0;
        double recall = 0;
        zsc_knn_options options = {.neighbors = K, .method = ZSC_KNN_EXACT};
        zsc_knn plain = {0};
        for (size_t m = offset[n]; m < offset[n + 1]; m++) wide += d[member[m]];
        for (size_t i = 0; i < N; i++)
            for (size_t m = offset[n]; m < offset[n + 1]; m++, at += d[member[m - 1]])
                memcpy(all + at, x[member[m]] + i * d[member[m]], d[member[m]] * sizeof *all);
        assert_int_equal(zsc_knn_search(all, N, wide, &options, NULL, &plain), ZSC_OK);
        assert_int_equal(zsc_knn_recall(all, N, wide, &found[n], ZSC_EUCLIDEAN, 300, 1, NULL, &recall), ZSC_OK);
        assert_true(recall == 1);
        expect_same(&found[n], &again[n], "set", (int)n);
        if (offset[n + 1] == offset[n] + 1) expect_same(&found[n], &plain, "one part, set", (int)n);
        for (size_t i = 0; i < (size_t)N * K; i++) {
            if (fabsf(found[n].distance[i] - plain.distance[i]) > 0x1p-22f * plain.distance[i])
                fail_msg("set %zu row %zu: %.9g, expected %.9g", n, i / K, (double)found[n].distance[i],
                         (double)plain.distance[i]);
            if (i % K == 0) assert_int_equal(found[n].index[i], i / K);
        }
        zsc_knn_free(&plain);
        zsc_knn_free(&found[n]);
        zsc_knn_free(&again[n]);
    }
    for (size_t p = 0; p < PARTS; p++) free(x[p]);
    free(all);
}

/* Lists without order: what stays is best, whatever is in them, on every instruction set. */
static void lists_keep_the_best(void **state)
{
    (void)state;
    enum { MOST = 96 };
    size_t rounds = check_cases(4000);
    zsc_isa before = zsc_isa_active();
    for (int isa = ZSC_ISA_PLAIN; isa <= (int)before; isa++) {
        zsc_isa_force((zsc_isa)isa);
        const zsc_tile_kernels *kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of);
        for (size_t round = 0; round < rounds; round++) {
            zsc_stream r = zsc_stream_open(round, ZSC_RANDOM_SAMPLE, 7);
            size_t count = 1 + (size_t)zsc_stream_below(&r, MOST), keep = 1 + (size_t)zsc_stream_below(&r, count);
            if (keep + ZSC_TOP_K_SLACK >= count) continue;
            float value[MOST], copy[MOST], limit = INFINITY;
            int32_t index[MOST];
            size_t levels = 1 + (size_t)zsc_stream_below(&r, 2 * count), none = 0;
            for (size_t c = 0; c < count; c++) {
                value[c] = round % 2 ? (float)zsc_stream_below(&r, levels) - 3
                                     : (float)zsc_stream_normal(&r) * 1e-3f + 5;
                if (round % 5 == 0 && zsc_stream_below(&r, 3) == 0)
                    value[c] = zsc_stream_below(&r, 2) ? INFINITY : -INFINITY;
                copy[c] = value[c];
                index[c] = (int32_t)c;
            }
            size_t left = kernels->shrink(value, index, count, keep, &limit);
            assert_true(left >= keep && left <= keep + ZSC_TOP_K_SLACK && !isnan(limit));
            bool stays[MOST] = {false};
            for (size_t c = 0; c < left; c++) {
                assert_true(index[c] >= 0 && (size_t)index[c] < count && !stays[index[c]] &&
                            value[c] == copy[index[c]]);
                stays[index[c]] = true;
            }
            for (size_t c = 0; c < count; c++) none += !stays[c] && copy[c] < limit;
            float before_again = limit;
            if (left > 1) kernels->shrink(value, index, left, 1, &limit); /* never up again: what went would be below */
            assert_true(limit <= before_again);
            if (none)
                fail_msg("round %zu: %zu of %zu values below the limit %g went, %zu stayed of %zu wanted", round, none,
                         count, (double)limit, left, keep);
        }
    }
    zsc_isa_force(before);
}

/* Kernels over rows: two at a time are each alone, to the last bit; quantised products are whole numbers, at their
 * largest too. */
static void row_kernels_agree(void **state)
{
    (void)state;
    enum { WIDE = 70000 / 32 * 32 }; /* beyond what sums of 32 bits hold at once */
    zsc_isa before = zsc_isa_active();
    float *x = malloc((size_t)3 * 300 * sizeof *x);
    int8_t *q = malloc((size_t)(1 + ZSC_QUANTISED_AT_ONCE) * WIDE);
    assert_non_null(x);
    assert_non_null(q);
    zsc_stream r = zsc_stream_open(19, ZSC_RANDOM_SAMPLE, 1);
    for (size_t i = 0; i < (size_t)3 * 300; i++) x[i] = (float)zsc_stream_normal(&r);
    for (size_t i = 0; i < (size_t)(1 + ZSC_QUANTISED_AT_ONCE) * WIDE; i++)
        q[i] = (int8_t)(i / WIDE == 1 ? 127 : i / WIDE == 2 ? -127 : (int)zsc_stream_below(&r, 255) - 127);
    memset(q, 127, WIDE / 2);
    for (int isa = ZSC_ISA_PLAIN; isa <= (int)before; isa++) {
        zsc_isa_force((zsc_isa)isa);
        const zsc_row_kernels *kernels = ZSC_SIMD_PICK(zsc_row_kernels_of);
        for (size_t d = 1; d <= 300; d += d < 70 ? 1 : 23) {
            double two[2], one[2] = {kernels->squares(x, x + 300, d), kernels->squares(x, x + 600, d)};
            kernels->squares_two(x, x + 300, x + 600, d, two);
            assert_memory_equal(two, one, sizeof one);
        }
        for (size_t d = 1; d <= 300;
             d += d < 70 ? 1 : 23) { /* steps: the nearest, or the last; what is no number shows in the error */
            double v[300], step = d % 3 ? 0.01 : 0.004, length = 0, expected = 0;
            int8_t steps[300];
            int64_t squares;
            for (size_t i = 0; i < d; i++) v[i] = d % 7 == 0 && i % 5 == 0 ? 1e30 : (double)x[i];
            double error = kernels->quantise(v, d, step, steps, &squares);
            for (size_t i = 0; i < d; i++) {
                double left = fabs(v[i] - steps[i] * (step));
                assert_true(steps[i] >= -127 && (left <= step * (0.5 + 1e-9) || abs(steps[i]) == 127));
                expected += left * left;
                length += steps[i] * steps[i];
            }
            assert_true(fabs(error - expected) <= 1e-12 * expected && (double)squares == length);
            v[d / 2] = NAN;
            assert_true(isnan(kernels->quantise(v, d, 0.01, steps, &squares)));
        }
        for (size_t d = 32; d <= WIDE; d += d < 400            ? 32
                                            : d < WIDE - 20000 ? 20000 / 32 * 32
                                            : WIDE - d         ? WIDE - d
                                                               : 1) {
            const int8_t *other[ZSC_QUANTISED_AT_ONCE];
            int64_t dot[ZSC_QUANTISED_AT_ONCE], expected[ZSC_QUANTISED_AT_ONCE] = {0};
            for (size_t o = 0; o < ZSC_QUANTISED_AT_ONCE; o++) {
                other[o] = q + (o + 1) * WIDE;
                for (size_t i = 0; i < d; i++) expected[o] += q[i] * other[o][i];
            }
            for (size_t count = 1; count <= ZSC_QUANTISED_AT_ONCE; count++) {
                kernels->dots(q, other, count, d, dot);
                assert_memory_equal(dot, expected, count * sizeof *dot);
            }
        }
    }
    zsc_isa_force(before);
    free(x);
    free(q);
}

static void auto_follows_size(void **state)
{
    (void)state;
    zsc_knn_options options = zsc_knn_defaults();
    assert_int_equal(zsc_knn_choose(47260, 768, &options, NULL), ZSC_KNN_EXACT);
    assert_int_equal(zsc_knn_choose(1000000, 128, &options, NULL), ZSC_KNN_APPROX);
    options.metric = ZSC_MANHATTAN;
    assert_int_equal(zsc_knn_choose(150000, 128, &options, NULL), ZSC_KNN_APPROX);
    options.method = ZSC_KNN_EXACT;
    assert_int_equal(zsc_knn_choose(1000000, 128, &options, NULL), ZSC_KNN_EXACT);
}

/* The kernels differ in the order of additions at most, and that is far below a float. */
static void instruction_sets_agree(void **state)
{
    (void)state;
    enum { N = 1200, D = 70 };
    zsc_isa before = zsc_isa_active();
    float *x = clustered(N, D, 30, 8, .1f, 13);
    for (int m = ZSC_EUCLIDEAN; m <= ZSC_CHEBYSHEV; m++) {
        zsc_knn first = {0};
        for (int isa = ZSC_ISA_PLAIN; isa <= (int)before; isa++) {
            zsc_isa_force((zsc_isa)isa);
            zsc_knn_options options = zsc_knn_defaults();
            options.metric = (zsc_metric)m;
            options.method = ZSC_KNN_EXACT;
            zsc_knn found = {0};
            assert_int_equal(zsc_knn_search(x, N, D, &options, NULL, &found), ZSC_OK);
            if (isa == ZSC_ISA_PLAIN) {
                first = found;
                continue;
            }
            size_t unequal = 0;
            for (size_t i = 0; i < (size_t)N * 30; i++) {
                unequal += found.index[i] != first.index[i];
                assert_true(fabsf(found.distance[i] - first.distance[i]) <= FLT_EPSILON * first.distance[i]);
            }
            assert_int_equal(unequal, 0);
            zsc_knn_free(&found);
        }
        zsc_knn_free(&first);
    }
    zsc_isa_force(before);
    free(x);
}

static void all_instruction_sets_are_exact(void **state)
{
    (void)state;
    zsc_isa before = zsc_isa_active();
    for (int isa = ZSC_ISA_PLAIN; isa <= (int)before; isa++) {
        zsc_isa_force((zsc_isa)isa);
        float *x = clustered(700, 77, 25, 10, .1f, 14);
        all_metrics(x, 700, 77, 20, "each instruction set");
        free(x);
    }
    zsc_isa_force(before);
}

/* The basis decides which pairs an approximate search looks at: the same bits with every set of kernels. */
static void projections_are_the_same_everywhere(void **state)
{
    (void)state;
    enum { N = 5000, D = 64 };
    zsc_isa before = zsc_isa_active();
    zsc_projection first = {0}, other = {0};
    float *x = malloc((size_t)N * D * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < N; i++) {
        zsc_stream r = zsc_stream_open(23, ZSC_RANDOM_SAMPLE, i);
        for (size_t j = 0; j < D; j++) x[i * D + j] = (float)(zsc_stream_normal(&r) / (double)(1 + j / 4));
        if (i % 7 == 0) memset(x + i * D, 0, D * sizeof *x);
    }
    for (int isa = ZSC_ISA_PLAIN; isa <= (int)before; isa++) {
        zsc_knn_rows rows = {0};
        zsc_centred_rows c = {0};
        zsc_isa_force((zsc_isa)isa);
        assert_int_equal(zsc_knn_rows_make(x, D, NULL, N, ZSC_EUCLIDEAN, NULL, &rows), ZSC_OK);
        assert_int_equal(zsc_centred_rows_make(&rows, 0, 2, &c), ZSC_OK);
        assert_int_equal(zsc_projection_make(&c, 15, 0, &(zsc_exec){.threads = 1 + isa}, isa ? &other : &first),
                         ZSC_OK);
        if (isa) {
            assert_int_equal(first.depth, other.depth);
            assert_int_equal(first.coordinate_width, other.coordinate_width);
            assert_memory_equal(first.basis, other.basis, first.basis_rows * c.width * sizeof *first.basis);
            assert_memory_equal(first.coordinates, other.coordinates,
                                N * first.coordinate_width * sizeof *first.coordinates);
            zsc_projection_free(&other);
        }
        zsc_centred_rows_free(&c);
        zsc_knn_rows_free(&rows);
    }
    zsc_isa_force(before);
    zsc_projection_free(&first);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_shapes),
        cmocka_unit_test(clustered_shapes),
        cmocka_unit_test(repeated_rows),
        cmocka_unit_test(ties_by_index),
        cmocka_unit_test(constant_columns_and_zero_rows),
        cmocka_unit_test(zeros_of_both_signs_are_equal),
        cmocka_unit_test(tiny_distances_far_from_the_origin),
        cmocka_unit_test(huge_and_tiny_scales),
        cmocka_unit_test(refusals),
        cmocka_unit_test(empty),
        cmocka_unit_test(interruption),
        cmocka_unit_test(same_bytes_at_any_number_of_threads),
        cmocka_unit_test(approximate_search),
        cmocka_unit_test(projections_lose_nothing),
        cmocka_unit_test(joint_search_of_blocks),
        cmocka_unit_test(joint_search_of_projected_blocks),
        cmocka_unit_test(lists_keep_the_best),
        cmocka_unit_test(row_kernels_agree),
        cmocka_unit_test(auto_follows_size),
        cmocka_unit_test(instruction_sets_agree),
        cmocka_unit_test(all_instruction_sets_are_exact),
        cmocka_unit_test(projections_are_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
