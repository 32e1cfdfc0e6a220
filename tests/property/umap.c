/* UMAP: the same bytes at any number of threads and after a stop; awkward inputs; options. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "umap/umap.h"

/* n rows about `centres` random places, d columns. */
static float *blobs(size_t n, size_t d, size_t centres, uint64_t seed)
{
    float *x = calloc(n * d, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        zsc_stream own = zsc_stream_open(seed, ZSC_RANDOM_TEST, i), centre = zsc_stream_open(seed, ZSC_RANDOM_TEST, 1000000 + i % centres);
        for (size_t f = 0; f < d; f++) x[i * d + f] = (float)(4 * zsc_stream_normal(&centre) + zsc_stream_normal(&own));
    }
    return x;
}

static void assert_finite(const float *y, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(y[i])) fail_msg("value %zu is %g", i, (double)y[i]);
}

static float *fit(const float *x, size_t n, size_t d, const zsc_umap_options *o, int threads)
{
    float *y = calloc(n * o->n_components + 1, sizeof *y);
    zsc_exec exec = {.threads = threads};
    if (zsc_umap_fit(x, n, d, o, &exec, y, NULL) != ZSC_OK) fail_msg("%zu x %zu: %s", n, d, zsc_error_message());
    assert_finite(y, n * o->n_components);
    return y;
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    static const size_t dims[] = {1, 2, 17, 50};
    for (size_t q = 0; q < 4; q++) {
        size_t n = 700 + 37 * q, d = 10;
        zsc_umap_options o = zsc_umap_defaults();
        o.n_components = dims[q];
        o.n_epochs = 30;
        float *x = blobs(n, d, 1 + 3 * q, q), *one = fit(x, n, d, &o, 1);
        for (int threads = 2; threads <= 8; threads += threads == 2 ? 1 : 5) {
            float *more = fit(x, n, d, &o, threads);
            assert_memory_equal(one, more, n * dims[q] * sizeof *one);
            free(more);
        }
        o.seed++;
        float *other = fit(x, n, d, &o, 2);
        assert_memory_not_equal(one, other, n * dims[q] * sizeof *one);
        free(other);
        free(one);
        free(x);
    }
}

static void stopped_and_resumed(void **state)
{
    (void)state;
    size_t n = 500, d = 6;
    float *x = blobs(n, d, 5, 3);
    zsc_umap_options o = zsc_umap_defaults();
    o.n_components = 5;
    o.n_epochs = 40;
    zsc_knn_options k = {.neighbors = 12, .method = ZSC_KNN_EXACT};
    zsc_knn knn = {0};
    zsc_graph graph = {0};
    assert_int_equal(zsc_knn_search(x, n, d, &k, NULL, &knn), ZSC_OK);
    assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_OK);
    float *whole = calloc(n * 5, sizeof *whole), *parts = calloc(n * 5, sizeof *parts);
    bool converged;
    assert_int_equal(zsc_umap_start(&graph, x, d, &o, NULL, whole, &converged), ZSC_OK);
    memcpy(parts, whole, n * 5 * sizeof *whole);
    assert_int_equal(zsc_umap_layout(&graph, &o, 0, 40, NULL, whole), ZSC_OK);
    static const size_t stops[] = {0, 1, 17, 17, 39, 40};
    for (size_t s = 0; s + 1 < 6; s++) {
        zsc_exec exec = {.threads = (int)s + 1};
        assert_int_equal(zsc_umap_layout(&graph, &o, stops[s], stops[s + 1], &exec, parts), ZSC_OK);
    }
    assert_memory_equal(whole, parts, n * 5 * sizeof *whole);
    assert_int_equal(zsc_umap_layout(&graph, &o, 0, 41, NULL, parts), ZSC_EUSAGE);
    zsc_knn_free(&knn);
    zsc_graph_free(&graph);
    free(whole);
    free(parts);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(stopped_and_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
