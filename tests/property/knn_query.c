/* Queries in keys against plain brute force in double. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plain_knn.h"
#include "base/isa.h"
#include "zsc/knn.h"

typedef struct matrix {
    const float *x;
    size_t n;
} matrix;

static zsc_knn search(matrix q, matrix keys, size_t d, size_t k, zsc_metric metric, int threads, const char *shape)
{
    zsc_knn found = {0};
    const zsc_exec exec = {.threads = threads};
    if (zsc_knn_query(q.x, q.n, keys.x, keys.n, d, k, metric, &exec, &found) != ZSC_OK)
        fail_msg("%s: %s", shape, zsc_error_message());
    assert_int_equal(found.n, q.n);
    assert_int_equal(found.k, k);
    return found;
}

/* What the plain formula itself, and single precision, cannot tell apart. */
static double slack_of(const float *q, const float *key, size_t d, zsc_metric metric, double truth)
{
    double size = fabs(truth), absolute = (double)FLT_TRUE_MIN;
    if (metric == ZSC_COSINE || metric == ZSC_CORRELATION) absolute = 4e-15;
    for (size_t i = 0; metric == ZSC_INNER_PRODUCT && i < d; i++)
        absolute += fabs((double)q[i] * (double)key[i]) * 1e-15;
    return absolute + 2.0 * (double)FLT_EPSILON * size;
}

/* The list of a query ascends in (distance, key), holds no key twice, tells true distances, and leaves out no key that
 * is nearer. */
static void check_list(const float *q, matrix keys, size_t d, zsc_metric metric, const int32_t *index,
                       const float *distance, size_t k, const char *shape)
{
    char *seen = calloc(keys.n, 1);
    assert_non_null(seen);
    for (size_t c = 0; c < k; c++) {
        if (index[c] < 0 || (size_t)index[c] >= keys.n || seen[index[c]])
            fail_msg("%s: place %zu has key %d", shape, c, index[c]);
        seen[index[c]] = 1;
        const float *key = keys.x + (size_t)index[c] * d;
        double truth = plain_distance(q, key, d, metric);
        if (fabs(truth - (double)distance[c]) > slack_of(q, key, d, metric, truth))
            fail_msg("%s: place %zu: distance %.9g, not %.9g", shape, c, (double)distance[c], truth);
        if (c && (distance[c] < distance[c - 1] || (distance[c] == distance[c - 1] && index[c] < index[c - 1])))
            fail_msg("%s: place %zu is out of order", shape, c);
    }
    for (size_t j = 0; j < keys.n; j++) {
        const float *key = keys.x + j * d;
        double truth = plain_distance(q, key, d, metric), last = (double)distance[k - 1];
        if (!seen[j] && truth < last - 2 * slack_of(q, key, d, metric, truth))
            fail_msg("%s: key %zu at %.9g is missing; the list ends at %.9g", shape, j, truth, last);
        bool equal = !seen[j] && memcmp(key, keys.x + (size_t)index[k - 1] * d, d * sizeof *key) == 0;
        if (equal && j < (size_t)index[k - 1]) fail_msg("%s: the tie with %zu went to a later key", shape, j);
    }
    free(seen);
}

/* Of the queries, every `step`-th is checked. */
static void check_all(matrix q, matrix keys, size_t d, size_t k, zsc_metric metric, size_t step, const char *what)
{
    char shape[200];
    snprintf(shape, sizeof shape, "%s: %zu queries, %zu keys, d=%zu k=%zu metric=%d isa=%s", what, q.n, keys.n, d, k,
             (int)metric, zsc_isa_name(zsc_isa_active()));
    zsc_knn found = search(q, keys, d, k, metric, 2, shape);
    for (size_t i = 0; i < q.n; i += step)
        check_list(q.x + i * d, keys, d, metric, found.index + i * k, found.distance + i * k, k, shape);
    zsc_knn_free(&found);
}

static void all_metrics(matrix q, matrix keys, size_t d, size_t k, const char *what)
{
    for (int m = ZSC_EUCLIDEAN; m <= ZSC_INNER_PRODUCT; m++) check_all(q, keys, d, k, (zsc_metric)m, 1, what);
}

static void random_shapes(void **state)
{
    (void)state;
    static const size_t shape[][4] = {{1, 1, 1, 1},      {1, 5, 3, 5},      {3, 1, 2, 1},
                                      {1, 700, 33, 15},  {2, 241, 7, 240},  {240, 17, 16, 5},
                                      {333, 500, 31, 5}, {700, 90, 100, 1}, {50, 1200, 64, 15}};
    for (size_t s = 0; s < sizeof shape / sizeof *shape; s++) {
        const size_t *h = shape[s];
        float *q = gauss(h[0], h[2], 900 + s), *keys = gauss(h[1], h[2], s);
        all_metrics((matrix){q, h[0]}, (matrix){keys, h[1]}, h[2], h[3], "gauss");
        free(q);
        free(keys);
    }
}

static void clustered_and_repeated(void **state)
{
    (void)state;
    enum { N = 500, M = 900, D = 40 };
    float *x = clustered(N + M, D, 30, 6, .05f, 3);
    repeat_rows(x, N, D, 100);
    repeat_rows(x + N * D, M, D, 200);
    memcpy(x + 7 * D, x + (N + 3) * D, D * sizeof *x); /* a query that is a key, too */
    all_metrics((matrix){x, N}, (matrix){x + N * D, M}, D, 5, "clustered, repeated");
    all_metrics((matrix){x, 20}, (matrix){x + N * D, 300}, D, 300, "k = keys");
    free(x);
}

static void zero_rows_and_scales(void **state)
{
    (void)state;
    enum { N = 60, M = 300, D = 20 };
    static const float scales[] = {1, 1e18f, 1e-18f};
    for (size_t s = 0; s < 3; s++)
        for (int zero = 0; zero < 4; zero++) { /* in neither, in queries, in keys, in both */
            float *x = gauss(N + M, D, 40 + s);
            for (size_t i = 0; i < (size_t)(N + M) * D; i++) x[i] *= scales[s];
            for (size_t i = 0; i < N + M; i += 30)
                if (zero & (i < N ? 1 : 2)) memset(x + i * D, 0, D * sizeof *x);
            all_metrics((matrix){x, N}, (matrix){x + N * D, M}, D, 15, "zero rows");
            free(x);
        }
}

/* Whole numbers: distances tie everywhere and are exact, so the very lists must agree. */
static void ties_by_key(void **state)
{
    (void)state;
    enum { N = 80, M = 400, D = 3, K = 25 };
    static const zsc_metric metrics[] = {ZSC_EUCLIDEAN, ZSC_MANHATTAN, ZSC_CHEBYSHEV, ZSC_INNER_PRODUCT};
    float *x = gauss(N + M, D, 3), *keys = x + N * D;
    for (size_t i = 0; i < (size_t)(N + M) * D; i++) x[i] = roundf(x[i]);
    for (size_t m = 0; m < sizeof metrics / sizeof *metrics; m++) {
        zsc_knn found = search((matrix){x, N}, (matrix){keys, M}, D, K, metrics[m], 2, "ties");
        for (size_t i = 0; i < N; i++) {
            bool used[M] = {false};
            for (size_t c = 0; c < K; c++) {
                size_t best = M;
                double least = INFINITY;
                for (size_t j = 0; j < M; j++) {
                    double t = plain_distance(x + i * D, keys + j * D, D, metrics[m]);
                    if (used[j] || t >= least) continue;
                    least = t;
                    best = j;
                }
                used[best] = true;
                if (found.index[i * K + c] != (int32_t)best)
                    fail_msg("metric %d, query %zu, place %zu: %d, not %zu", (int)metrics[m], i, c,
                             found.index[i * K + c], best);
            }
        }
        zsc_knn_free(&found);
    }
    free(x);
}

/* Queries and keys enough to be projected, keys enough to be searched part by part; queries of another kind than keys.
 */
static void projected_parts(void **state)
{
    (void)state;
    enum { N = 1100, M = 36000, D = 64 };
    static const zsc_metric metrics[] = {ZSC_EUCLIDEAN, ZSC_COSINE, ZSC_INNER_PRODUCT};
    float *keys = clustered(M, D, 300, 8, .1f, 5), *q = clustered(N, D, 300, 8, .4f, 5);
    memset(keys + 35990 * D, 0, D * sizeof *keys);
    for (size_t i = 0; i < 6; i++) memcpy(keys + (100 + 6000 * i) * D, q + 3 * D, D * sizeof *keys);
    for (size_t m = 0; m < 3; m++) {
        check_all((matrix){q, N}, (matrix){keys, M}, D, 5, metrics[m], 73, "projected");
        check_all((matrix){q, N}, (matrix){keys, M}, D, 1, metrics[m], 211, "projected");
    }
    free(keys);
    free(q);
}

static void same_bytes_at_any_number_of_threads(void **state)
{
    (void)state;
    enum { N = 1100, M = 20000, D = 64, K = 5 };
    float *keys = clustered(M, D, 200, 8, .1f, 6), *q = clustered(N, D, 200, 8, .3f, 7);
    for (int metric = ZSC_EUCLIDEAN; metric <= ZSC_INNER_PRODUCT; metric += 5)
        for (size_t n = 70; n <= N; n += N - 70) { /* with full vectors, and projected */
            zsc_knn one = search((matrix){q, n}, (matrix){keys, M}, D, K, (zsc_metric)metric, 1, "one thread");
            for (int threads = 2; threads <= 3; threads++) {
                zsc_knn more = search((matrix){q, n}, (matrix){keys, M}, D, K, (zsc_metric)metric, threads, "threads");
                assert_memory_equal(one.index, more.index, n * K * sizeof *one.index);
                assert_memory_equal(one.distance, more.distance, n * K * sizeof *one.distance);
                zsc_knn_free(&more);
            }
            zsc_knn_free(&one);
        }
    free(keys);
    free(q);
}

static void all_instruction_sets_are_exact(void **state)
{
    (void)state;
    zsc_isa before = zsc_isa_active();
    for (int isa = ZSC_ISA_PLAIN; isa <= (int)before; isa++) {
        zsc_isa_force((zsc_isa)isa);
        float *x = clustered(800, 77, 25, 10, .1f, 14);
        all_metrics((matrix){x, 200}, (matrix){x + 200 * 77, 600}, 77, 5, "each instruction set");
        free(x);
        float *keys = clustered(5000, 64, 60, 8, .1f, 5), *q = clustered(1030, 64, 60, 8, .4f, 5);
        check_all((matrix){q, 1030}, (matrix){keys, 5000}, 64, 5, ZSC_COSINE, 151, "each instruction set");
        free(keys);
        free(q);
    }
    zsc_isa_force(before);
}

static void refusals(void **state)
{
    (void)state;
    float *x = gauss(50, 3, 1);
    zsc_knn found = {0};
    assert_int_equal(zsc_knn_query(x, 10, x + 30, 40, 3, 0, ZSC_COSINE, NULL, &found), ZSC_EUSAGE);
    assert_int_equal(zsc_knn_query(x, 10, x + 30, 40, 3, 41, ZSC_COSINE, NULL, &found), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "expected 1 to 40, the number of keys"));
    assert_int_equal(zsc_knn_query(x, 10, x + 30, 0, 3, 1, ZSC_COSINE, NULL, &found), ZSC_EUSAGE);
    assert_int_equal(zsc_knn_query(x, 10, x + 30, 40, 3, 1, (zsc_metric)17, NULL, &found), ZSC_EUSAGE);
    zsc_knn_options self = zsc_knn_defaults();
    self.neighbors = 2;
    self.metric = ZSC_INNER_PRODUCT; /* a row is not the nearest to itself */
    assert_int_equal(zsc_knn_search(x, 50, 3, &self, NULL, &found), ZSC_EUSAGE);
    x[17] = NAN;
    assert_int_equal(zsc_knn_query(x, 10, x + 30, 40, 3, 1, ZSC_COSINE, NULL, &found), ZSC_ENUMERIC);
    assert_non_null(strstr(zsc_error_message(), "the queries"));
    assert_int_equal(zsc_knn_query(x + 30, 40, x, 10, 3, 1, ZSC_COSINE, NULL, &found), ZSC_ENUMERIC);
    assert_non_null(strstr(zsc_error_message(), "the keys"));
    x[17] = 0;
    const zsc_exec small = {.memory_limit = 100};
    assert_int_equal(zsc_knn_query(x, 10, x + 30, 40, 3, 1, ZSC_COSINE, &small, &found), ZSC_EUSAGE);
    for (size_t j = 0; j < 3; j++) x[j] = FLT_MAX, x[30 + j] = -FLT_MAX;
    assert_int_equal(zsc_knn_query(x, 10, x + 30, 40, 3, 40, ZSC_EUCLIDEAN, NULL, &found), ZSC_ENUMERIC);
    assert_null(found.index);
    assert_int_equal(zsc_knn_query(x, 0, x + 60, 10, 3, 1, ZSC_COSINE, NULL, &found), ZSC_OK);
    assert_int_equal(found.n, 0);
    zsc_knn_free(&found);
    free(x);
}

typedef struct key_file { /* keys that are read by rows */
    const float *x;
    size_t d;
} key_file;

static zsc_status read_keys(void *data, size_t first, size_t count, float *x)
{
    const key_file *f = data;
    memcpy(x, f->x + first * f->d, count * f->d * sizeof *x);
    return ZSC_OK;
}

/* Keys in blocks of any size: the same bytes as in one piece, with rows that repeat within blocks and across them, for
 * every metric, also where k is larger than a block. */
static void blocks_of_keys(void **state)
{
    (void)state;
    enum { N = 40, M = 300, D = 24 };
    float *x = gauss(N + M, D, 11);
    key_file file = {x + N * D, D};
    for (size_t i = 0; i < M; i += 7) memcpy(x + (N + i) * D, x + (N + i * 5 % M) * D, D * sizeof *x);
    for (size_t j = 0; j < D; j++) x[(N + 3) * D + j] = 2 * x[(N + 250) * D + j]; /* of one direction */
    memcpy(x + 5 * D, x + (N + 70) * D, D * sizeof *x);
    for (int metric = 0; metric <= ZSC_INNER_PRODUCT; metric++)
        for (size_t k = 1; k <= 31; k += 15) {
            zsc_knn whole = {0}, parts = {0};
            assert_int_equal(zsc_knn_query(x, N, file.x, M, D, k, (zsc_metric)metric, NULL, &whole), ZSC_OK);
            for (size_t block = 7; block <= 2 * M; block = block * 3 + 2) {
                const zsc_exec exec = {.threads = 1 + (int)(block % 3)};
                assert_int_equal(
                    zsc_knn_query_blocks(x, N, read_keys, &file, M, D, block, k, (zsc_metric)metric, &exec, &parts),
                    ZSC_OK);
                assert_memory_equal(whole.index, parts.index, N * k * sizeof *whole.index);
                assert_memory_equal(whole.distance, parts.distance, N * k * sizeof *whole.distance);
                zsc_knn_free(&parts);
            }
            zsc_knn_free(&whole);
        }
    zsc_knn none = {0};
    assert_int_equal(zsc_knn_query_blocks(x, N, read_keys, &file, M, D, 0, 1, ZSC_COSINE, NULL, &none), ZSC_EUSAGE);
    assert_int_equal(zsc_knn_query_blocks(x, N, read_keys, &file, M, D, 9, M + 1, ZSC_COSINE, NULL, &none), ZSC_EUSAGE);
    assert_null(none.index);
    free(x);
}

/* One bar for all blocks: one stage, which does not go back and comes to its end. */
typedef struct bar {
    double last;
    size_t calls;
} bar;

static bool watch(void *data, const char *stage, double done, double total)
{
    bar *b = data;
    assert_string_equal(stage, "knn");
    assert_true(done / total >= b->last - 1e-12 && done <= total + 1e-12);
    b->last = done / total;
    b->calls++;
    return true;
}

static void progress_of_blocks(void **state)
{
    (void)state;
    enum { N = 300, M = 4000, D = 8 };
    float *x = gauss(N + M, D, 5);
    key_file file = {x + (size_t)N * D, D};
    bar b = {0};
    const zsc_exec exec = {.threads = 1, .progress = watch, .progress_data = &b};
    zsc_knn found = {0};
    assert_int_equal(zsc_knn_query_blocks(x, N, read_keys, &file, M, D, 1000, 5, ZSC_EUCLIDEAN, &exec, &found), ZSC_OK);
    assert_true(b.calls >= 4 && b.last > 0.75); /* within the last of four blocks */
    zsc_knn_free(&found);
    free(x);
}

static bool stop(void *data, const char *stage, double done, double total)
{
    (void)data, (void)stage, (void)done, (void)total;
    return false;
}

static void interruption(void **state)
{
    (void)state;
    float *x = gauss(500, 8, 2);
    const zsc_exec exec = {.threads = 1, .progress = stop};
    zsc_knn found = {0};
    assert_int_equal(zsc_knn_query(x, 100, x + 800, 400, 8, 3, ZSC_COSINE, &exec, &found), ZSC_EINTERRUPTED);
    assert_null(found.index);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_shapes),
        cmocka_unit_test(clustered_and_repeated),
        cmocka_unit_test(zero_rows_and_scales),
        cmocka_unit_test(ties_by_key),
        cmocka_unit_test(projected_parts),
        cmocka_unit_test(same_bytes_at_any_number_of_threads),
        cmocka_unit_test(all_instruction_sets_are_exact),
        cmocka_unit_test(refusals),
        cmocka_unit_test(interruption),
        cmocka_unit_test(blocks_of_keys),
        cmocka_unit_test(progress_of_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
