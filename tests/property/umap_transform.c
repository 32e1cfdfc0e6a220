/* New rows in a finished layout: plain code, other rows of a batch, threads, awkward inputs, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "zsc/umap.h"

#include "plain_umap.h"

enum { DIM_MOST = 20 };

typedef struct study {
    size_t n, m, d;
    float *x, *rows, *y; /* n x d, m x d, n x n_components */
    zsc_umap_options options;
} study;

/* Rows around some centres; new ones around the same, and the last two far off. */
static study make_study(size_t n, size_t m, size_t d, size_t dim, uint64_t seed)
{
    study s = {.n = n, .m = m, .d = d, .options = zsc_umap_defaults()};
    s.options.n_components = dim;
    s.options.n_epochs = 60;
    s.options.seed = seed;
    s.x = calloc(n * d, sizeof *s.x);
    s.rows = calloc(m * d, sizeof *s.rows);
    s.y = calloc(n * dim, sizeof *s.y);
    assert_true(s.x && s.rows && s.y);
    for (size_t i = 0; i < n + m; i++) {
        zsc_stream own = zsc_stream_open(seed, ZSC_RANDOM_TEST, i),
                   centre = zsc_stream_open(seed, ZSC_RANDOM_TEST, 1000000 + i % 5);
        float *to = i < n ? s.x + i * d : s.rows + (i - n) * d;
        double away = i + 2 >= n + m ? 30 : 4;
        for (size_t c = 0; c < d; c++) to[c] = (float)(away * zsc_stream_normal(&centre) + zsc_stream_normal(&own));
    }
    assert_int_equal(zsc_umap_fit(s.x, n, d, &s.options, NULL, s.y, NULL), ZSC_OK);
    return s;
}

static void free_study(study *s)
{
    free(s->x);
    free(s->rows);
    free(s->y);
}

static zsc_umap_model model_of(const study *s)
{
    return (zsc_umap_model){.x = s->x, .y = s->y, .n = s->n, .d = s->d, .options = &s->options};
}

static float *transform(const study *s, const float *rows, size_t m, int threads)
{
    const zsc_umap_model model = model_of(s);
    const zsc_exec exec = {.threads = threads};
    float *y = calloc(m * s->options.n_components + 1, sizeof *y);
    if (zsc_umap_transform(&model, rows, m, &exec, y) != ZSC_OK) fail_msg("%s", zsc_error_message());
    return y;
}

/* --- Plain code */
typedef struct near {
    double distance;
    size_t row;
} near;

static int nearer(const void *a, const void *b)
{
    const near *p = a, *q = b;
    return p->distance != q->distance ? (p->distance > q->distance) - (p->distance < q->distance)
                                      : (p->row > q->row) - (p->row < q->row);
}

static double strength(double distance, double rho, double sigma) { return exp(-fmax(0, distance - rho) / sigma); }

/* rho: the (local_connectivity - 1)-th nearest distance, interpolated from 0; all distances here are above 0. */
static void plain_strengths(const near *list, size_t k, double connectivity, double *weight)
{
    size_t whole = (size_t)connectivity;
    double part = connectivity - (double)whole, below = whole ? list[whole - 1].distance : 0,
           rho = below + part * (list[whole].distance - below), low = 0, high = 1e6, mean = 0;
    for (int step = 0; step < 200; step++) {
        double sigma = (low + high) / 2, sum = 0;
        for (size_t q = 1; q < k; q++) sum += strength(list[q].distance, rho, sigma);
        *(sum > log2((double)k) ? &high : &low) = sigma;
    }
    for (size_t q = 0; q < k; q++) mean += list[q].distance / (double)k;
    for (size_t q = 0; q < k; q++) weight[q] = strength(list[q].distance, rho, fmax(low, 1e-3 * mean));
}

static void plain_epochs(const study *s, const zsc_umap_sgd *given, const near *list, size_t k, const double *weight,
                         const float *row, double *at)
{
    size_t dim = s->options.n_components, epochs = s->options.n_epochs / 3;
    zsc_umap_sgd sgd = *given;
    zsc_stream stream = zsc_stream_open(s->options.seed, ZSC_RANDOM_TRANSFORM, zsc_hash64(row, s->d * sizeof *row));
    int32_t negative[64];
    for (size_t epoch = 1; epoch < epochs; epoch++)
        for (size_t q = 0; q < k; q++) {
            if (floor((double)epoch * weight[q]) == floor((double)(epoch - 1) * weight[q])) continue;
            double pair[2 * DIM_MOST];
            memcpy(pair, at, dim * sizeof *at);
            for (size_t c = 0; c < dim; c++) pair[dim + c] = s->y[list[q].row * dim + c];
            for (size_t e = 0; e < sgd.negatives; e++) negative[e] = (int32_t)zsc_stream_below(&stream, s->n);
            sgd.alpha = (float)(s->options.learning_rate / 4 * (1 - (double)(epoch - 1) / (double)epochs));
            plain_visit(&sgd, pair, 0, 1, negative);
            memcpy(at, pair, dim * sizeof *at);
        }
}

static void plain_transform(const study *s, const zsc_umap_sgd *sgd, const float *row, double *at)
{
    size_t dim = s->options.n_components, k = s->options.n_neighbors;
    near *list = calloc(s->n, sizeof *list);
    double *weight = calloc(k, sizeof *weight), sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        list[i].row = i;
        for (size_t c = 0; c < s->d; c++) list[i].distance += pow((double)s->x[i * s->d + c] - row[c], 2);
        list[i].distance = sqrt(list[i].distance);
    }
    qsort(list, s->n, sizeof *list, nearer);
    plain_strengths(list, k, fmax(0, s->options.local_connectivity - 1), weight);
    memset(at, 0, dim * sizeof *at);
    for (size_t q = 0; q < k; q++) {
        sum += weight[q];
        for (size_t c = 0; c < dim; c++) at[c] += weight[q] * s->y[list[q].row * dim + c];
    }
    for (size_t c = 0; c < dim; c++) at[c] /= sum;
    plain_epochs(s, sgd, list, k, weight, row, at);
    free(list);
    free(weight);
}

/* A rounding may make an edge due an epoch earlier or later, so that a few rows may differ. */
static void compare_with_plain_code(size_t dim, double local_connectivity, size_t negatives, uint64_t seed)
{
    study s = make_study(200, 40, 6, dim, seed);
    s.options.local_connectivity = local_connectivity;
    s.options.negative_sample_rate = negatives;
    double a, b, at[DIM_MOST];
    assert_int_equal(zsc_umap_fit_ab(1, 0.1, &a, &b), ZSC_OK);
    const zsc_umap_sgd sgd = {
        .pool = s.y, .dim = dim, .stride = dim, .negatives = negatives, .a = (float)a, .b = (float)b, .gamma = 1};
    float *y = transform(&s, s.rows, s.m, 2);
    size_t off = 0;
    for (size_t i = 0; i < s.m; i++) {
        double worst = 0;
        plain_transform(&s, &sgd, s.rows + i * s.d, at);
        for (size_t c = 0; c < dim; c++) worst = fmax(worst, fabs(at[c] - y[i * dim + c]));
        off += worst > 2e-3;
    }
    if (off > 2) fail_msg("%zu columns, seed %lu: %zu of %zu rows differ", dim, (unsigned long)seed, off, s.m);
    free(y);
    free_study(&s);
}

static void matches_plain_code(void **state)
{
    (void)state;
    static const size_t dims[] = {1, 2, 5, 17};
    for (size_t q = 0; q < 4; q++) {
        compare_with_plain_code(dims[q], 1, 5, q);
        compare_with_plain_code(dims[q], 2.5, 3, 10 + q);
        compare_with_plain_code(dims[q], 0, 11, 20 + q);
    }
}

static void other_rows_and_threads_do_not_matter(void **state)
{
    (void)state;
    study s = make_study(300, 70, 8, 3, 4);
    size_t dim = 3;
    float *all = transform(&s, s.rows, s.m, 1);
    for (int threads = 2; threads <= 3; threads++) {
        float *more = transform(&s, s.rows, s.m, threads);
        assert_memory_equal(all, more, s.m * dim * sizeof *all);
        free(more);
    }
    for (size_t i = 0; i < s.m; i++) {
        float *alone = transform(&s, s.rows + i * s.d, 1, 1);
        assert_memory_equal(all + i * dim, alone, dim * sizeof *all);
        free(alone);
    }
    s.options.seed++;
    float *other = transform(&s, s.rows, s.m, 1);
    assert_memory_not_equal(all, other, s.m * dim * sizeof *all);
    free(other);
    free(all);
    free_study(&s);
}

/* Whatever the metric, a row of the layout has its own coordinates; of equal rows, those of the first. */
static void rows_of_the_layout_stay(void **state)
{
    (void)state;
    study s = make_study(150, 2, 7, 2, 8);
    memcpy(s.x + 40 * s.d, s.x + 10 * s.d, s.d * sizeof *s.x);
    for (int metric = ZSC_EUCLIDEAN; metric < ZSC_INNER_PRODUCT; metric++) {
        s.options.metric = (zsc_metric)metric;
        float *y = transform(&s, s.x, s.n, 2);
        assert_memory_equal(y + 80, s.y + 20, 2 * sizeof *y);
        memcpy(y + 80, s.y + 80, 2 * sizeof *y);
        assert_memory_equal(y, s.y, s.n * 2 * sizeof *y);
        free(y);
    }
    free_study(&s);
}

static void awkward_inputs(void **state)
{
    (void)state;
    study s = make_study(30, 6, 3, 2, 5);
    s.options.n_neighbors = 50; /* more than rows */
    free(transform(&s, s.rows, s.m, 2));
    float *none = transform(&s, s.rows, 0, 1);
    free(none);
    for (size_t i = 0; i < s.m * s.d; i++) s.rows[i] *= 1e15f; /* far from all */
    free(transform(&s, s.rows, s.m, 2));
    for (size_t i = 0; i < s.m * s.d; i++) s.rows[i] = i % 2 ? 0.0f : -0.0f;
    float *zeros = transform(&s, s.rows, s.m, 2);
    for (size_t i = 1; i < s.m; i++) assert_memory_equal(zeros, zeros + 2 * i, 2 * sizeof *zeros);
    free(zeros);
    s.options.n_epochs = 2; /* a third of which is none: the mean of the neighbours */
    float *mean = transform(&s, s.rows, 1, 1);
    assert_true(isfinite(mean[0]) && isfinite(mean[1]));
    free(mean);
    s.n = 1; /* a layout of one row: it is the only neighbour */
    float *one = transform(&s, s.rows, 1, 1);
    assert_memory_equal(one, s.y, 2 * sizeof *one);
    free(one);
    free_study(&s);
}

/* Neighbours that the caller has searched: the same bytes; lists that are not such are refused. */
static void given_neighbours(void **state)
{
    (void)state;
    study s = make_study(60, 9, 4, 3, 7);
    const size_t k = s.options.n_neighbors;
    zsc_knn knn = {0};
    assert_int_equal(zsc_knn_query(s.rows, s.m, s.x, s.n, s.d, k, s.options.metric, NULL, &knn), ZSC_OK);
    float *searched = transform(&s, s.rows, s.m, 2), *given = calloc(s.m * 3, sizeof *given);
    zsc_umap_model model = model_of(&s);
    model.knn = &knn;
    assert_int_equal(zsc_umap_transform(&model, s.rows, s.m, NULL, given), ZSC_OK);
    assert_memory_equal(searched, given, s.m * 3 * sizeof *given);
    knn.index[k + 1] = (int32_t)s.n;
    assert_int_equal(zsc_umap_transform(&model, s.rows, s.m, NULL, given), ZSC_EINPUT);
    assert_non_null(strstr(zsc_error_message(), "neighbour 1 of new row 1"));
    knn.index[k + 1] = 0;
    knn.distance[2] = NAN;
    assert_int_equal(zsc_umap_transform(&model, s.rows, s.m, NULL, given), ZSC_EINPUT);
    knn.distance[2] = 1;
    assert_int_equal(zsc_umap_transform(&model, s.rows, s.m - 1, NULL, given), ZSC_EINPUT);
    assert_non_null(strstr(zsc_error_message(), "expected 8 of"));
    free(searched);
    free(given);
    zsc_knn_free(&knn);
    free_study(&s);
}

static void epochs_are_a_third(void **state)
{
    (void)state;
    zsc_umap_options o = zsc_umap_defaults();
    assert_int_equal(zsc_umap_transform_epochs(&o, 10000), 100);
    assert_int_equal(zsc_umap_transform_epochs(&o, 10001), 30);
    o.n_epochs = 500;
    assert_int_equal(zsc_umap_transform_epochs(&o, 10), 166);
}

static bool stop_at_once(void *data, const char *stage, double done, double total)
{
    (void)data, (void)done, (void)total;
    return strcmp(stage, "new rows") != 0;
}

static void refuse(const study *s, const zsc_exec *exec, zsc_status expected, const char *words)
{
    const zsc_umap_model model = model_of(s);
    float y[64], before[64];
    memset(y, 7, sizeof y);
    memcpy(before, y, sizeof y);
    assert_int_equal(zsc_umap_transform(&model, s->rows, s->m, exec, y), expected);
    if (!strstr(zsc_error_message(), words)) fail_msg("no '%s' in: %s", words, zsc_error_message());
    assert_memory_equal(y, before, sizeof y);
}

static void refusals(void **state)
{
    (void)state;
    study s = make_study(40, 4, 3, 2, 6);
    const zsc_exec stop = {.progress = stop_at_once}, little = {.memory_limit = 1000};
    refuse(&s, &stop, ZSC_EINTERRUPTED, "interrupted");
    refuse(&s, &little, ZSC_EUSAGE, "memory");
    s.rows[5] = NAN;
    refuse(&s, NULL, ZSC_ENUMERIC, "row 1");
    s.rows[5] = 0;
    s.y[9] = INFINITY;
    refuse(&s, NULL, ZSC_ENUMERIC, "row 4");
    s.y[9] = 0;
    s.options.n_components = 0;
    refuse(&s, NULL, ZSC_EUSAGE, "n_components");
    s.options.n_components = 2;
    s.n = 0;
    refuse(&s, NULL, ZSC_EUSAGE, "0 rows");
    free_study(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_plain_code),      cmocka_unit_test(other_rows_and_threads_do_not_matter),
        cmocka_unit_test(rows_of_the_layout_stay), cmocka_unit_test(awkward_inputs),
        cmocka_unit_test(epochs_are_a_third),      cmocka_unit_test(refusals),
        cmocka_unit_test(given_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
