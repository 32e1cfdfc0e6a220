/* Progress that moves: within each stage of 60,000 rows it never goes back, has no large step, and does not stand still
 * for a large part of the stage's processor time, so that the time left that is told of it means something. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/random.h"
#include "ward/nearest.h"
#include "zsc/zsc.h"

enum { N = 60000, D = 64, DIM = 16, CLUSTER = 12, STAGES = 8, CALLS = 20 };
/* Of a stage: how much it may advance at once, and for how much of its time it may stand still. */
static const double STEP = 0.3, STANDING = 0.3;
static const double SHORT = 0.5; /* seconds: a shorter stage may do as it likes */

static float *x;

typedef struct stage {
    char name[32];
    double began, last_change, ended; /* processor seconds */
    double share, step, standing;     /* the last one; the largest advance; the longest time without any */
    double back;                      /* how far it went back */
    size_t calls;
} stage;

typedef struct record {
    stage stage[STAGES];
    size_t count;
    double began;
} record;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stand(stage *s, double now)
{
    s->standing = fmax(s->standing, now - s->last_change);
    s->ended = now;
}

static bool told(void *data, const char *name, double done, double total)
{
    record *r = data;
    const double now = seconds(), share = done / total;
    stage *s = r->count ? &r->stage[r->count - 1] : NULL;
    if (!s || strcmp(s->name, name) != 0) {
        const double before = s ? s->ended : r->began;
        assert_true(r->count < STAGES);
        s = &r->stage[r->count++];
        snprintf(s->name, sizeof s->name, "%s", name);
        s->began = s->last_change = before;
    }
    stand(s, now);
    s->calls++;
    s->back = fmax(s->back, s->share - share);
    s->step = fmax(s->step, share - s->share);
    if (share - s->share > 0.002) {
        s->share = share;
        s->last_change = now;
    }
    return true;
}

static void check(const char *what, record *r)
{
    const double now = seconds();
    assert_true(r->count > 0);
    stand(&r->stage[r->count - 1], now);
    for (size_t k = 0; k < r->count; k++) {
        const stage *s = &r->stage[k];
        const double took = s->ended - s->began;
        printf("%-12s %-16s %6.2f s, %5zu calls, largest step %.2f, stood still for %.2f s, back %.3f\n", what, s->name,
               took, s->calls, s->step, s->standing, s->back);
        if (s->back > 1e-9) fail_msg("%s, %s: progress goes back by %.3f", what, s->name, s->back);
        if (took < SHORT) continue;
        if (s->calls < CALLS || s->step > STEP || s->standing > STANDING * took)
            fail_msg("%s, %s: %zu calls, a step of %.2f, %.2f of %.2f s without progress", what, s->name, s->calls,
                     s->step, s->standing, took);
    }
}

static zsc_exec begin(record *r)
{
    *r = (record){.began = seconds()};
    return (zsc_exec){.threads = 1, .progress = told, .progress_data = r};
}

static void search(zsc_knn_method method, const char *what)
{
    record r;
    const zsc_exec exec = begin(&r);
    zsc_knn_options o = zsc_knn_defaults();
    zsc_knn knn = {0};
    o.method = method;
    assert_int_equal(zsc_knn_search(x, N, D, &o, &exec, &knn), ZSC_OK);
    check(what, &r);
    zsc_knn_free(&knn);
}
static void knn_exact(void **state) { (void)state, search(ZSC_KNN_EXACT, "exact"); }
static void knn_approximate(void **state) { (void)state, search(ZSC_KNN_APPROX, "approximate"); }

/* Neighbours, graph, initialisation, layout. */
static void umap(void **state)
{
    (void)state;
    record r;
    const zsc_exec exec = begin(&r);
    zsc_umap_options o = zsc_umap_defaults();
    float *y = malloc((size_t)N * DIM * sizeof *y);
    assert_non_null(y);
    o.n_components = DIM;
    o.n_epochs = 30;
    assert_int_equal(zsc_umap_fit(x, N, D, &o, &exec, y, NULL), ZSC_OK);
    check("umap", &r);
    assert_string_equal(r.stage[1].name, "graph");
    free(y);
}

/* Of rows on a ring, whose neighbours follow them. */
static void graph(void **state)
{
    (void)state;
    enum { RING = 500000, K = 15 };
    record r;
    zsc_knn knn = {.n = RING, .k = K, .index = malloc((size_t)RING * K * 4), .distance = malloc((size_t)RING * K * 4)};
    zsc_graph made = {0};
    assert_true(knn.index && knn.distance);
    for (int32_t i = 0; i < RING; i++)
        for (int32_t k = 0; k < K; k++) {
            knn.index[(size_t)i * K + (size_t)k] = (i + k) % RING;
            knn.distance[(size_t)i * K + (size_t)k] = (float)k;
        }
    const zsc_exec exec = begin(&r);
    assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 1, &exec, NULL, NULL, &made), ZSC_OK);
    check("graph", &r);
    zsc_graph_free(&made);
    zsc_knn_free(&knn);
}

static void ward_by(zsc_ward_search_kind kind, size_t n, const char *what)
{
    record r;
    double *z = malloc((n - 1) * 4 * sizeof *z);
    assert_non_null(z);
    zsc_ward_search_force(kind);
    const zsc_exec exec = begin(&r);
    assert_int_equal(zsc_linkage(x, n, DIM, ZSC_WARD, &exec, z, NULL), ZSC_OK);
    check(what, &r);
    zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
    free(z);
}
static void ward(void **state) { (void)state, ward_by(ZSC_WARD_SEARCH_AUTO, N, "ward"); }
static void ward_in_a_tree(void **state) { (void)state, ward_by(ZSC_WARD_SEARCH_TREE, N / 3, "tree"); }
static void ward_in_cells(void **state) { (void)state, ward_by(ZSC_WARD_SEARCH_CELLS, N, "cells"); }

/* Clusters of CLUSTER rows; Ward sees the numbers as rows of DIM columns. */
static int make_rows(void **state)
{
    (void)state;
    x = malloc((size_t)N * D * sizeof *x);
    if (!x) return -1;
    for (size_t i = 0; i < N; i++) {
        zsc_stream centre = zsc_stream_open(0, ZSC_RANDOM_TEST, i / CLUSTER);
        zsc_stream row = zsc_stream_open(1, ZSC_RANDOM_TEST, i);
        for (size_t c = 0; c < D; c++)
            x[i * D + c] = (float)(zsc_stream_normal(&centre) / (double)(1 + c / 16) + 0.2 * zsc_stream_normal(&row));
    }
    return 0;
}

static int free_rows(void **state)
{
    (void)state;
    free(x);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(knn_exact),    cmocka_unit_test(knn_approximate),
                                       cmocka_unit_test(umap),         cmocka_unit_test(graph),
                                       cmocka_unit_test(ward),         cmocka_unit_test(ward_in_a_tree),
                                       cmocka_unit_test(ward_in_cells)};
    return cmocka_run_group_tests(tests, make_rows, free_rows);
}
