/* UMAP: the same bytes at any number of threads and after a stop; awkward inputs; options. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "umap/coarsen.h"
#include "umap/kernels.h"
#include "umap/laplacian_eigen.h"
#include "umap/patches.h"
#include "umap/schedule.h"

#include "plain_umap.h"

/* n rows about `centres` random places, d columns. */
static float *blobs(size_t n, size_t d, size_t centres, uint64_t seed)
{
    float *x = calloc(n * d, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        zsc_stream own = zsc_stream_open(seed, ZSC_RANDOM_TEST, i),
                   centre = zsc_stream_open(seed, ZSC_RANDOM_TEST, 1000000 + i % centres);
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

/* The layout in parts, each at another number of threads, is the one that never stopped, and that of each instruction
 * set. */
static void resume(size_t n, size_t dim)
{
    size_t d = 6;
    float *x = blobs(n, d, 5, 3);
    zsc_umap_options o = zsc_umap_defaults();
    o.n_components = dim;
    o.n_epochs = 40;
    zsc_knn_options k = {.neighbors = 12, .method = ZSC_KNN_EXACT};
    zsc_knn knn = {0};
    zsc_graph graph = {0};
    assert_int_equal(zsc_knn_search(x, n, d, &k, NULL, &knn), ZSC_OK);
    assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_OK);
    float *whole = calloc(n * dim, sizeof *whole), *parts = calloc(n * dim, sizeof *parts),
          *start = calloc(n * dim, sizeof *start);
    bool converged;
    assert_int_equal(zsc_umap_initialise(&graph, x, d, &o, NULL, whole, &converged), ZSC_OK);
    memcpy(parts, whole, n * dim * sizeof *whole);
    memcpy(start, whole, n * dim * sizeof *whole);
    assert_int_equal(zsc_umap_layout(&graph, &o, 0, 40, NULL, whole), ZSC_OK);
    static const size_t stops[] = {0, 1, 17, 17, 39, 40};
    for (size_t s = 0; s + 1 < 6; s++) {
        zsc_exec exec = {.threads = (int)s + 1};
        assert_int_equal(zsc_umap_layout(&graph, &o, stops[s], stops[s + 1], &exec, parts), ZSC_OK);
    }
    assert_memory_equal(whole, parts, n * dim * sizeof *whole);
    const zsc_isa best = zsc_isa_active();
    for (int isa = ZSC_ISA_PLAIN; isa < (int)best; isa++) {
        zsc_isa_force((zsc_isa)isa);
        memcpy(parts, start, n * dim * sizeof *parts);
        assert_int_equal(zsc_umap_layout(&graph, &o, 0, 40, NULL, parts), ZSC_OK);
        assert_memory_equal(whole, parts, n * dim * sizeof *whole);
    }
    zsc_isa_force(best);
    assert_int_equal(zsc_umap_layout(&graph, &o, 0, 41, NULL, parts), ZSC_EUSAGE);
    zsc_knn_free(&knn);
    zsc_graph_free(&graph);
    free(whole);
    free(parts);
    free(start);
    free(x);
}

static void stopped_and_resumed(void **state)
{
    (void)state;
    resume(500, 5);
    zsc_umap_schedule_force(1); /* as with very many rows */
    resume(5000, 50);
    resume(1025, 2);
    resume(300, 9);
    zsc_umap_schedule_force(0);
}

/* Every row is in one place of the order, and most edges of clusters are within patches. */
static void patches(void **state)
{
    (void)state;
    enum { N = 3000, D = 6, ROWS = 100 };
    float *x = blobs(N, D, 60, 3);
    int32_t *position = calloc(N, sizeof *position);
    char *seen = calloc(N, 1);
    zsc_knn_options k = {.neighbors = 12, .method = ZSC_KNN_EXACT};
    zsc_knn knn = {0};
    zsc_graph graph = {0};
    double within = 0, all = 0;
    assert_int_equal(zsc_knn_search(x, N, D, &k, NULL, &knn), ZSC_OK);
    assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_OK);
    zsc_polls polls = {.stage = "layout"};
    assert_int_equal(zsc_umap_patches(&graph, ROWS, &polls, position), ZSC_OK);
    for (size_t i = 0; i < N; i++) {
        assert_in_range(position[i], 0, N - 1);
        assert_int_equal(seen[position[i]]++, 0);
        for (size_t e = graph.offset[i]; e < graph.offset[i + 1]; e++) {
            all += graph.weight[e];
            if (position[i] / ROWS == position[graph.column[e]] / ROWS) within += graph.weight[e];
        }
    }
    assert_true(within > 0.9 * all); /* in the order of rows it is a thirtieth */
    zsc_knn_free(&knn);
    zsc_graph_free(&graph);
    free(x);
    free(position);
    free(seen);
}

/* --- Awkward inputs: each is laid out, finite, and not all on one spot. */
static bool spreads(const float *y, size_t n, size_t dim)
{
    for (size_t i = dim; i < n * dim; i++)
        if (y[i] != y[i - dim]) return true;
    return false;
}

static void try_fit(const char *what, const float *x, size_t n, size_t d, zsc_umap_options o)
{
    o.n_epochs = 20;
    for (int init = ZSC_INIT_SPECTRAL; init <= ZSC_INIT_RANDOM; init++) {
        o.init = (zsc_umap_init)init;
        float *y = fit(x, n, d, &o, 2);
        if (n > 1 && !o.unique && !spreads(y, n, o.n_components))
            fail_msg("%s: all %zu rows are on one spot, init %d", what, n, init);
        free(y);
    }
}

static void awkward_inputs(void **state)
{
    (void)state;
    zsc_umap_options o = zsc_umap_defaults();
    size_t n = 90, d = 4;
    float *x = calloc(n * d, sizeof *x), *b = blobs(n, d, 3, 9);
    try_fit("all equal", x, n, d, o);
    for (size_t i = 0; i < n; i++) x[i * d] = i % 2 ? 1 : -1;
    try_fit("two distinct rows", x, n, d, o);
    zsc_umap_options unique = o;
    unique.unique = true;
    try_fit("two distinct rows, unique", x, n, d, unique);
    float *y = fit(x, n, d, &unique, 1);
    for (size_t i = 2; i < n; i++) assert_memory_equal(y + 2 * i, y + 2 * (i % 2), 2 * sizeof *y);
    free(y);
    for (size_t i = 0; i < n; i++) /* 30 repeats of three rows: more than the 15 neighbours */
        for (size_t f = 0; f < d; f++) x[i * d + f] = b[(i / 30) * d + f];
    try_fit("duplicates in excess of k", x, n, d, o);
    for (size_t i = 0; i < n * d; i++) x[i] = i % d == 2 ? 7 : b[i];
    try_fit("a constant column", x, n, d, o);
    for (size_t few = 1; few <= 16; few += few < 4 ? 1 : 4) try_fit("n <= k", b, few, d, o);
    zsc_umap_options wide = o;
    wide.n_components = 9;
    try_fit("dimension above the input's", b, n, d, wide);
    wide.n_components = 256;
    try_fit("dimension above the rows", b, n, d, wide);
    memcpy(x, b, n * d * sizeof *x);
    for (size_t f = 0; f < d; f++) x[f] = 1e6f; /* row 0 is far from all, which stay in one piece without it */
    try_fit("an outlier", x, n, d, o);
    free(x);
    free(b);
}

/* A row that no other names is a component of its own. */
static void component_of_one_row(void **state)
{
    (void)state;
    enum { N = 40, K = 4 };
    int32_t index[N * K];
    float distance[N * K], *x = blobs(N, 3, 1, 4), y[N * 2];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < K; j++) {
            index[i * K + j] = i == 7 ? (j ? -1 : 7) : (i + (j <= i % N && i + j == 7 ? 5 : j)) % N;
            if (i != 7 && index[i * K + j] == 7) index[i * K + j] = 20;
            distance[i * K + j] = (float)j;
        }
    zsc_knn knn = {.n = N, .k = K, .index = index, .distance = distance, .method = ZSC_KNN_EXACT, .distinct = N};
    zsc_graph graph = {0};
    int32_t component[N];
    size_t count;
    assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_OK);
    assert_int_equal(zsc_graph_components(&graph, component, &count), ZSC_OK);
    assert_int_equal(count, 2);
    assert_int_equal(graph.offset[8] - graph.offset[7], 0);
    zsc_umap_options o = zsc_umap_defaults();
    assert_int_equal(zsc_umap_initialise(&graph, x, 3, &o, NULL, y, NULL), ZSC_OK);
    assert_int_equal(zsc_umap_layout(&graph, &o, 0, 50, NULL, y), ZSC_OK);
    assert_finite(y, N * 2);
    zsc_graph_free(&graph);
    free(x);
}

/* A power of two changes no digit of the distances, so that even at 2^-100 and 2^100 (1e-30 and 1e30) the graph is the
 * same up to where the search for sigma ends. */
static void scales(void **state)
{
    (void)state;
    enum { N = 200, D = 5 };
    float *x = blobs(N, D, 2, 11), *scaled = calloc(N * D, sizeof *scaled);
    zsc_graph plain = {0};
    static const int powers[] = {0, -100, 100};
    for (size_t p = 0; p < 3; p++) {
        zsc_knn_options k = {.neighbors = 10, .method = ZSC_KNN_EXACT};
        zsc_knn knn = {0};
        zsc_graph graph = {0};
        for (size_t i = 0; i < N * D; i++) scaled[i] = ldexpf(x[i], powers[p]);
        assert_int_equal(zsc_knn_search(scaled, N, D, &k, NULL, &knn), ZSC_OK);
        assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_OK);
        zsc_knn_free(&knn);
        if (p == 0) {
            plain = graph;
        } else {
            assert_memory_equal(graph.offset, plain.offset, (N + 1) * sizeof *graph.offset);
            assert_memory_equal(graph.column, plain.column, graph.offset[N] * sizeof *graph.column);
            for (size_t e = 0; e < graph.offset[N]; e++) assert_true(fabsf(graph.weight[e] - plain.weight[e]) < 1e-4f);
            zsc_graph_free(&graph);
        }
        zsc_umap_options o = zsc_umap_defaults();
        try_fit("scaled", scaled, N, D, o);
    }
    zsc_graph_free(&plain);
    free(scaled);
    free(x);
}

static void refusals(void **state)
{
    (void)state;
    enum { N = 30, D = 3 };
    float *x = blobs(N, D, 1, 2), y[N * 2];
    memset(y, 0x5a, sizeof y);
    float before[N * 2];
    memcpy(before, y, sizeof y);
    zsc_umap_options o = zsc_umap_defaults();
    zsc_exec exec = {.memory_limit = 1000};
    assert_int_equal(zsc_umap_fit(x, N, D, &o, &exec, y, NULL), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "limit"));
    x[3 * D + 1] = NAN;
    assert_int_equal(zsc_umap_fit(x, N, D, &o, NULL, y, NULL), ZSC_ENUMERIC);
    assert_non_null(strstr(zsc_error_message(), "3"));
    assert_memory_equal(y, before, sizeof y);
    zsc_umap_options bad[8];
    for (size_t i = 0; i < 8; i++) bad[i] = zsc_umap_defaults();
    bad[0].n_components = 0;
    bad[1].n_components = 257;
    bad[2].n_neighbors = 1;
    bad[3].min_dist = 1.5;
    bad[4].set_op_mix_ratio = NAN;
    bad[5].learning_rate = -1;
    bad[6].init = (zsc_umap_init)9;
    bad[7].spread = 0;
    for (size_t i = 0; i < 8; i++)
        if (zsc_umap_check(&bad[i]) != ZSC_EUSAGE) fail_msg("bad options %zu were accepted", i);
    o = zsc_umap_defaults();
    assert_int_equal(zsc_umap_check(&o), ZSC_OK);
    free(x);
}

static bool stop_soon(void *data, const char *stage, double done, double total)
{
    (void)total;
    return strcmp(stage, data) != 0 || done < 1;
}

static void interrupted(void **state)
{
    (void)state;
    float *x = blobs(300, 4, 2, 2), y[600] = {0};
    zsc_umap_options o = zsc_umap_defaults();
    char stage[] = "layout";
    zsc_exec exec = {.progress = stop_soon, .progress_data = stage};
    assert_int_equal(zsc_umap_fit(x, 300, 4, &o, &exec, y, NULL), ZSC_EINTERRUPTED);
    for (size_t i = 0; i < 600; i++) assert_true(y[i] == 0);
    free(x);
}

/* --- Many components, up to more than are placed by a dense solver; and a chain, whose eigenvalues crowd at 0 */
static void many_components(void **state)
{
    (void)state;
    static const size_t counts[] = {3, 30, 700};
    for (size_t q = 0; q < 3; q++) {
        size_t each = 12, n = counts[q] * each, d = 3;
        float *x = calloc(n * d, sizeof *x);
        for (size_t i = 0; i < n; i++) {
            zsc_stream own = zsc_stream_open(q, ZSC_RANDOM_TEST, i),
                       centre = zsc_stream_open(q, ZSC_RANDOM_TEST, 1000000 + i / each);
            for (size_t f = 0; f < d; f++)
                x[i * d + f] = (float)(1000 * zsc_stream_normal(&centre) + zsc_stream_normal(&own));
        }
        zsc_umap_options o = zsc_umap_defaults();
        o.n_neighbors = 6;
        o.n_epochs = 15;
        zsc_umap_report report;
        float *y = calloc(n * 2, sizeof *y);
        assert_int_equal(zsc_umap_fit_part(x, n, d, &o, NULL, NULL, y, &report), ZSC_OK);
        assert_true(report.components >= counts[q]);
        assert_finite(y, n * 2);
        float *again = fit(x, n, d, &o, 3);
        assert_memory_equal(y, again, n * 2 * sizeof *y);
        free(again);
        free(y);
        free(x);
    }
}

static void chain(void **state)
{
    (void)state;
    enum { N = 6000, DIM = 3 };
    zsc_graph g = {.n = N,
                   .offset = calloc(N + 1, sizeof *g.offset),
                   .column = calloc(2 * N, sizeof *g.column),
                   .weight = calloc(2 * N, sizeof *g.weight)};
    size_t e = 0;
    for (int i = 0; i < N; i++) {
        if (i > 0) g.column[e] = i - 1, g.weight[e++] = 1;
        if (i + 1 < N) g.column[e] = i + 1, g.weight[e++] = 1;
        g.offset[i + 1] = e;
    }
    float *vectors = calloc(N * DIM, sizeof *vectors), *again = calloc(N * DIM, sizeof *again);
    double values[DIM];
    zsc_umap_spectrum info;
    assert_int_equal(zsc_umap_laplacian_eigen(&g, DIM, 1e-12, 0, NULL, vectors, values, &info), ZSC_OK);
    assert_false(info.converged); /* out of reach in single precision, and it says so */
    assert_true(info.products <= 4100);
    assert_finite(vectors, N * DIM);
    for (size_t j = 0; j < DIM; j++) assert_true(values[j] >= -1e-6 && values[j] < 1e-3);
    zsc_exec three = {.threads = 3};
    assert_int_equal(zsc_umap_laplacian_eigen(&g, DIM, 1e-12, 0, &three, again, NULL, &info), ZSC_OK);
    assert_memory_equal(vectors, again, N * DIM * sizeof *vectors);
    free(vectors);
    free(again);
    zsc_graph_free(&g);
}

/* --- Rows of a torus: each with its four neighbours, all weights 1 or by place */
static zsc_graph torus(int a, int b, bool even)
{
    int n = a * b;
    zsc_graph g = {.n = (size_t)n,
                   .offset = calloc((size_t)n + 1, sizeof *g.offset),
                   .column = calloc(4 * (size_t)n, sizeof *g.column),
                   .weight = calloc(4 * (size_t)n, sizeof *g.weight)};
    for (int i = 0; i < n; i++) {
        int r = i / b, c = i % b,
            next[4] = {(r + 1) % a * b + c, (r + a - 1) % a * b + c, r * b + (c + 1) % b, r * b + (c + b - 1) % b};
        for (int k = 0; k < 4; k++) {
            g.column[4 * i + k] = next[k];
            g.weight[4 * i + k] = even ? 1 : 0.1f + (float)((i + next[k]) % 17) / 17; /* the same both ways */
        }
        g.offset[i + 1] = 4 * (size_t)(i + 1);
    }
    return g;
}

/* A graph with near rows joined: weights and degrees add up, it is symmetric, and threads do not matter. */
static void joined_rows(void **state)
{
    (void)state;
    zsc_graph g = torus(70, 61, false), joined = {0}, again = {0};
    int32_t *group = calloc(g.n, sizeof *group), *other = calloc(g.n, sizeof *other);
    assert_int_equal(zsc_umap_graph_coarsen(&g, &(zsc_exec){.threads = 1}, group, &joined), ZSC_OK);
    assert_int_equal(zsc_umap_graph_coarsen(&g, &(zsc_exec){.threads = 3}, other, &again), ZSC_OK);
    if (joined.n < g.n / 16 || joined.n > g.n / 2) fail_msg("%zu of %zu rows are left", joined.n, g.n);
    assert_int_equal(again.n, joined.n);
    assert_memory_equal(group, other, g.n * sizeof *group);
    assert_memory_equal(joined.offset, again.offset, (joined.n + 1) * sizeof *joined.offset);
    assert_memory_equal(joined.column, again.column, joined.offset[joined.n] * sizeof *joined.column);
    assert_memory_equal(joined.weight, again.weight, joined.offset[joined.n] * sizeof *joined.weight);
    double *degree = calloc(joined.n, sizeof *degree), *between = calloc(joined.n * joined.n, sizeof *between);
    for (size_t i = 0; i < g.n; i++)
        for (size_t e = g.offset[i]; e < g.offset[i + 1]; e++) degree[group[i]] += (double)g.weight[e];
    for (size_t c = 0; c < joined.n; c++) {
        double sum = 0;
        for (size_t e = joined.offset[c]; e < joined.offset[c + 1]; e++) {
            assert_true(between[c * joined.n + (size_t)joined.column[e]] == 0); /* each once */
            between[c * joined.n + (size_t)joined.column[e]] = (double)joined.weight[e];
            sum += (double)joined.weight[e];
        }
        assert_true(degree[c] > 0 && fabs(sum - degree[c]) < 1e-5 * degree[c]);
    }
    for (size_t c = 0; c < joined.n; c++)
        for (size_t d = 0; d < c; d++) assert_true(fabs(between[c * joined.n + d] - between[d * joined.n + c]) < 1e-5);
    free(degree);
    free(between);
    free(group);
    free(other);
    zsc_graph_free(&g);
    zsc_graph_free(&joined);
    zsc_graph_free(&again);
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The eigenvalues of a torus are known; it has rows enough to begin with near ones joined. */
static void spectrum_of_a_torus(void **state)
{
    (void)state;
    enum { A = 100, B = 64, WANT = 8 };
    const double turn = 6.283185307179586;
    zsc_graph g = torus(A, B, true);
    double *known = calloc(A * B, sizeof *known), values[WANT];
    float *vectors = calloc(A * B * WANT, sizeof *vectors);
    zsc_umap_spectrum info;
    for (int a = 0; a < A; a++)
        for (int b = 0; b < B; b++) known[a * B + b] = 1 - (cos(turn * a / A) + cos(turn * b / B)) / 2;
    qsort(known, A * B, sizeof *known, by_number);
    assert_int_equal(zsc_umap_laplacian_eigen(&g, WANT, 1e-4, 3, NULL, vectors, values, &info), ZSC_OK);
    assert_true(info.converged);
    for (size_t j = 0; j < WANT; j++)
        if (fabs(values[j] - known[j + 1]) > 1e-5)
            fail_msg("eigenvalue %zu is %.8f, expected %.8f", j, values[j], known[j + 1]);
    free(known);
    free(vectors);
    zsc_graph_free(&g);
}

/* --- A given start whose rows are on one spot but for two far away, as leading vectors of nearly disconnected graphs
 * have it */
static void compact_start(void **state)
{
    (void)state;
    enum { N = 3000, D = 20, DIM = 50 };
    float *x = blobs(N, D, 60, 5), *y = calloc(N * DIM, sizeof *y);
    zsc_umap_options o = zsc_umap_defaults();
    zsc_exec exec = {.threads = 2};
    double trust;
    o.n_components = DIM;
    o.min_dist = 0;
    o.n_epochs = 200;
    o.init = ZSC_INIT_GIVEN;
    for (size_t i = 0; i < N; i++) {
        zsc_stream s = zsc_stream_open(6, ZSC_RANDOM_TEST, i);
        for (size_t f = 0; f < DIM; f++)
            y[i * DIM + f] = i < 2 ? 10 * (float)i : (float)(5 + 5e-4 * zsc_stream_normal(&s));
    }
    assert_int_equal(zsc_umap_fit(x, N, D, &o, &exec, y, NULL), ZSC_OK);
    assert_int_equal(zsc_trustworthiness(x, D, y, DIM, N, 15, ZSC_EUCLIDEAN, &exec, &trust), ZSC_OK);
    if (!(trust > 0.99)) fail_msg("trustworthiness is %.4f", trust);
    free(x);
    free(y);
}

/* --- Kernels of every instruction set against plain code */

/* One round of visits: heads and tails among the first `few` rows (few enough, and one visit often finds what the last
 * one moved; many, and they are carried out four at a time), some negatives in the very place of a head, some its own,
 * some so near that their forces are cut. */
static void visits_match(const char *isa, size_t dim, size_t rate, int32_t few, bool own)
{
    enum { N = 400, POOL = 40, FEW = 21, EDGES = 150, RATE_MOST = 20 };
    const size_t edges = few < N ? FEW : EDGES; /* with few rows, differences would grow from visit to visit */
    const zsc_umap_sgd_kernels *kernels = ZSC_SIMD_PICK(zsc_umap_sgd_kernels);
    size_t stride = (dim + kernels->width - 1) / kernels->width * kernels->width;
    float *y = zsc_calloc(N * stride, sizeof *y, "y"), *pool = zsc_calloc(POOL * stride, sizeof *pool, "pool");
    double *expected = calloc(N * dim, sizeof *expected);
    int32_t pool_row[POOL], head[EDGES], tail[EDGES], negative[EDGES * RATE_MOST + 1];
    zsc_stream s = zsc_stream_open(dim, ZSC_RANDOM_TEST, rate * 1000 + (size_t)few);
    for (size_t i = 0; i < N; i++)
        for (size_t f = 0; f < dim; f++)
            expected[i * dim + f] = y[i * stride + f] = (float)(3 * zsc_stream_uniform(&s));
    for (size_t e = 0; e < edges; e++) {
        head[e] = (int32_t)zsc_stream_below(&s, (uint64_t)few);
        tail[e] = (int32_t)(((size_t)head[e] + 1 + zsc_stream_below(&s, (uint64_t)few - 1)) % (size_t)few);
    }
    for (size_t p = 0; p < POOL; p++) {
        pool_row[p] = p % 3 ? (int32_t)N : head[p % FEW];
        float apart = p == 0 ? 0 : p % 8 == 1 ? 0.02f : 3;
        for (size_t f = 0; f < dim; f++)
            pool[p * stride + f] = y[(size_t)head[p % FEW] * stride + f] + apart * (float)zsc_stream_uniform(&s);
    }
    zsc_umap_sgd v = {.y = y,
                      .pool = pool,
                      .pool_row = own ? pool_row : NULL,
                      .dim = dim,
                      .stride = stride,
                      .negatives = rate,
                      .a = 1.93f,
                      .b = 0.79f,
                      .gamma = 1.5f,
                      .alpha = 0.3f};
    for (size_t e = 0; e < edges; e++) {
        for (size_t p = 0; p < rate; p++)
            negative[e * rate + p] = e == 0 && p == 0 ? 0 : 1 + (int32_t)zsc_stream_below(&s, POOL - 1);
        plain_visit(&v, expected, head[e], tail[e], negative + e * rate);
    }
    kernels->update(&v, head, tail, edges, negative);
    for (size_t i = 0; i < N; i++)
        for (size_t f = 0; f < stride; f++) {
            double want = f < dim ? expected[i * dim + f] : 0, got = y[i * stride + f];
            if (!(fabs(got - want) <= 1e-3 * (1 + fabs(want))))
                fail_msg("%s dim %zu rate %zu rows %d row %zu column %zu: %.9g, not %.9g", isa, dim, rate, few, i, f,
                         got, want);
        }
    free(y);
    free(pool);
    free(expected);
}

static void visits_match_plain_code(void **state)
{
    (void)state;
    static const size_t dims[] = {1, 2, 8, 15, 16, 17, 33, 50, 64, 65, 200, 256}, rates[] = {5, 0, 1, 7, 8, 20};
    for (int isa = ZSC_ISA_PLAIN; isa <= ZSC_ISA_AVX512; isa++) {
        zsc_isa_force((zsc_isa)isa);
        for (size_t q = 0; q < sizeof dims / sizeof *dims; q++)
            for (size_t m = 0; m < sizeof rates / sizeof *rates; m++) {
                visits_match(zsc_isa_name((zsc_isa)isa), dims[q], rates[m], 6, true);
                visits_match(zsc_isa_name((zsc_isa)isa), dims[q], rates[m], 400, true);
                visits_match(zsc_isa_name((zsc_isa)isa), dims[q], rates[m], 400, false);
            }
    }
    zsc_isa_force(ZSC_ISA_AVX512);
}

/* An edge of rate r and phase u is due as often as floor(t r + u) grows; all instruction sets agree to the edge. */
static void edges_are_due(void **state)
{
    (void)state;
    enum { EDGES = 77, EPOCHS = 200 };
    uint32_t rate[EDGES], number[EDGES], out[EDGES + 16];
    size_t visits[EDGES];
    for (int isa = ZSC_ISA_PLAIN; isa <= ZSC_ISA_AVX512; isa++) {
        zsc_isa_force((zsc_isa)isa);
        const zsc_umap_sgd_kernels *kernels = ZSC_SIMD_PICK(zsc_umap_sgd_kernels);
        memset(visits, 0, sizeof visits);
        for (int e = 0; e < EDGES; e++) rate[e] = (uint32_t)((double)(e + 1) / EDGES * 0x1p31 + 0.5);
        for (uint32_t e = 0; e < EDGES; e++) number[e] = 7 * e;
        for (uint32_t t = 1; t < EPOCHS; t++) {
            size_t found = kernels->due(rate, number, EDGES, t, out);
            for (size_t q = 0; q < found; q++) {
                assert_true(out[q] < 7 * EDGES && out[q] % 7 == 0 && (q == 0 || out[q] > out[q - 1]));
                visits[out[q] / 7]++;
            }
        }
        for (int e = 0; e < EDGES; e++)
            assert_int_equal(visits[e], ((EPOCHS - 1) * (uint64_t)rate[e] + ((uint64_t)(rate[e] & 1) << 30)) >> 31);
        assert_int_equal(visits[EDGES - 1], EPOCHS - 1);
    }
    zsc_isa_force(ZSC_ISA_AVX512);
}

/* Draws are the bytes of the stream's numbers, of every instruction set. */
static void draws_are_the_streams(void **state)
{
    (void)state;
    enum { MOST = 1285 };
    static const size_t counts[] = {0, 1, 8, 63, 64, 65, 200, MOST};
    static const unsigned masks[] = {63, 255, 1};
    int32_t out[MOST + 64];
    for (int isa = ZSC_ISA_PLAIN; isa <= ZSC_ISA_AVX512; isa++) {
        zsc_isa_force((zsc_isa)isa);
        const zsc_umap_sgd_kernels *kernels = ZSC_SIMD_PICK(zsc_umap_sgd_kernels);
        for (size_t q = 0; q < sizeof counts / sizeof *counts; q++)
            for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
                zsc_stream stream = zsc_stream_open(q, ZSC_RANDOM_TEST, m), same = stream;
                kernels->choose(&stream, counts[q], masks[m], out);
                for (size_t d = 0; d < counts[q]; d += 8) {
                    uint64_t bits = zsc_stream_u64(&same);
                    for (size_t k = 0; k < 8 && d + k < counts[q]; k++)
                        assert_int_equal(out[d + k], bits >> 8 * k & masks[m]);
                }
                assert_true(stream.state == same.state);
            }
    }
    zsc_isa_force(ZSC_ISA_AVX512);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(stopped_and_resumed),
        cmocka_unit_test(patches),
        cmocka_unit_test(awkward_inputs),
        cmocka_unit_test(component_of_one_row),
        cmocka_unit_test(scales),
        cmocka_unit_test(refusals),
        cmocka_unit_test(interrupted),
        cmocka_unit_test(many_components),
        cmocka_unit_test(chain),
        cmocka_unit_test(joined_rows),
        cmocka_unit_test(spectrum_of_a_torus),
        cmocka_unit_test(compact_start),
        cmocka_unit_test(visits_match_plain_code),
        cmocka_unit_test(edges_are_due),
        cmocka_unit_test(draws_are_the_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
