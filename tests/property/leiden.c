/* The Leiden algorithm against the definitions of what it maximises: modularity and the constant Potts model of its
 * clusters computed from the dense matrix of weights; no row that would be better off in another cluster or alone; best
 * of all partitions of small graphs; connected clusters; the same labels at any number of threads, others by seed;
 * igraph's own random numbers and handlers as they were. Without igraph: refused with what brings it.
 *
 * ZSC_CHECK_LONG=100 runs 100 times as many cases; ZSC_CHECK_CASE=17 runs case 17 alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "base/random.h"
#include "config.h"
#include "spectral/neighbor_graph.h"
#include "zsc/zsc.h"

#ifndef ZSC_HAVE_IGRAPH
static void refused(void **state)
{
    (void)state;
    float x[6] = {0, 1, 2, 3, 4, 5};
    zsc_leiden found;
    assert_null(zsc_leiden_library());
    assert_int_equal(zsc_leiden_cluster_rows(x, 6, 1, NULL, NULL, &found), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "libigraph-dev"));
    assert_non_null(strstr(zsc_error_message(), "--with-igraph"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#include <igraph.h>
#pragma GCC diagnostic pop

enum { CASES = 60 };

typedef enum kind { GAUSS, BLOBS, GRID, REPEATED, KINDS } kind;

static float *make(zsc_stream *r, kind k, size_t n, size_t d)
{
    float *x = calloc(n * d + 1, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) {
            zsc_stream centre = zsc_stream_open(9, ZSC_RANDOM_TEST, 1000 * (i % 6) + j);
            x[i * d + j] = k == BLOBS      ? (float)(9 * zsc_stream_normal(&centre) + zsc_stream_normal(r))
                           : k == GRID     ? (float)zsc_stream_below(r, 9)
                           : k == REPEATED ? (float)(i % 7)
                                           : (float)zsc_stream_normal(r);
        }
    return x;
}

static zsc_graph make_graph(const float *x, size_t n, size_t d, const zsc_leiden_options *o)
{
    zsc_knn knn = {0};
    zsc_graph graph = {0};
    zsc_knn_options search = zsc_knn_defaults();
    search.neighbors = o->n_neighbors < n ? o->n_neighbors : n;
    search.method = ZSC_KNN_EXACT;
    assert_int_equal(zsc_knn_search(x, n, d, &search, NULL, &knn), ZSC_OK);
    assert_int_equal(o->weights == ZSC_LEIDEN_FUZZY ? zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph)
                                                    : zsc_spectral_neighbor_graph(&knn, &graph),
                     ZSC_OK);
    zsc_knn_free(&knn);
    return graph;
}

/* --- Plain definitions */
typedef struct dense {
    size_t n;
    double *a, *k, all; /* n x n; its sums by row; its sum */
} dense;

static dense make_dense(const zsc_graph *g)
{
    dense m = {.n = g->n, .a = calloc(g->n * g->n, sizeof(double)), .k = calloc(g->n, sizeof(double))};
    assert_non_null(m.a);
    assert_non_null(m.k);
    for (size_t i = 0; i < g->n; i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) {
            m.a[i * g->n + (size_t)g->column[e]] = g->weight[e];
            m.k[i] += g->weight[e];
            m.all += g->weight[e];
        }
    return m;
}

static void free_dense(dense *m)
{
    free(m->a);
    free(m->k);
}

/* Newman's sum over pairs of rows, with a resolution; or that of Traag, Van Dooren and Nesterov (2011). */
static double objective(const dense *m, const zsc_leiden_options *o, const int32_t *label)
{
    double sum = 0;
    const double r = o->resolution > 0 ? o->resolution : 1;
    for (size_t i = 0; i < m->n; i++)
        for (size_t j = 0; j < m->n; j++) {
            if (label[i] != label[j]) continue;
            if (o->objective == ZSC_LEIDEN_MODULARITY)
                sum += (m->a[i * m->n + j] - r * m->k[i] * m->k[j] / m->all) / m->all;
            else if (i < j)
                sum += m->a[i * m->n + j] - r;
        }
    return sum;
}

static bool is_connected(const dense *m, const int32_t *label, int32_t c, size_t *queue, bool *seen)
{
    size_t head = 0, tail = 0, rows = 0;
    memset(seen, 0, m->n * sizeof *seen);
    for (size_t i = 0; i < m->n; i++) {
        if (label[i] != c) continue;
        if (rows++ == 0) queue[tail++] = i, seen[i] = true;
    }
    for (; head < tail; head++)
        for (size_t j = 0; j < m->n; j++)
            if (label[j] == c && !seen[j] && m->a[queue[head] * m->n + j] > 0) queue[tail++] = j, seen[j] = true;
    return tail == rows;
}

/* The best objective of all partitions, by restricted growth strings. */
static double best_of_all(const dense *m, const zsc_leiden_options *o, int32_t *label, size_t i, int32_t used)
{
    double best = -INFINITY;
    if (i == m->n) return objective(m, o, label);
    for (int32_t c = 0; c <= used; c++) {
        label[i] = c;
        best = fmax(best, best_of_all(m, o, label, i + 1, c == used ? used + 1 : used));
    }
    return best;
}

static void check_case(size_t c)
{
    zsc_stream r = zsc_stream_open(31, ZSC_RANDOM_TEST, c);
    const kind k = (kind)(c % KINDS);
    const size_t n = 2 + zsc_stream_below(&r, c % 5 == 0 ? 7 : 70), d = 1 + zsc_stream_below(&r, 5);
    zsc_leiden_options o = zsc_leiden_defaults();
    o.n_neighbors = 2 + zsc_stream_below(&r, 9);
    o.weights = c / KINDS % 2 ? ZSC_LEIDEN_NEIGHBORS : ZSC_LEIDEN_FUZZY;
    o.objective = c / 2 % 2 ? ZSC_LEIDEN_CPM : ZSC_LEIDEN_MODULARITY;
    if (o.objective == ZSC_LEIDEN_CPM || c % 3 == 0) o.resolution = 0.02 + zsc_stream_uniform(&r);
    o.seed = c;
    float *x = make(&r, k, n, d);
    zsc_graph g = make_graph(x, n, d, &o);
    dense m = make_dense(&g);
    zsc_leiden found, other;
    if (zsc_leiden_cluster_rows(x, n, d, &o, &(zsc_exec){.threads = 1}, &found) != ZSC_OK)
        fail_msg("case %zu: %s", c, zsc_error_message());
    for (int threads = 2; threads <= 3 && c % 6 == 0; threads++) {
        assert_int_equal(zsc_leiden_cluster_rows(x, n, d, &o, &(zsc_exec){.threads = threads}, &other), ZSC_OK);
        assert_memory_equal(found.label, other.label, n * sizeof *found.label);
        zsc_leiden_free(&other);
    }
    assert_int_equal(zsc_leiden_cluster_graph(&g, &o, NULL, &other), ZSC_OK);
    assert_memory_equal(found.label, other.label, n * sizeof *found.label);
    assert_true(found.converged && found.iterations >= 1);
    const double quality = objective(&m, &o, found.label), scale = o.objective == ZSC_LEIDEN_CPM ? m.all : 1;
    if (fabs(quality - found.quality) > 1e-9 * scale)
        fail_msg("case %zu: objective %.17g, plainly %.17g", c, found.quality, quality);

    size_t *queue = calloc(n, sizeof *queue);
    bool *seen = calloc(n, sizeof *seen);
    int32_t next = 0;
    for (size_t i = 0; i < n; i++) { /* numbered by first rows; no row would be better off elsewhere */
        assert_true(found.label[i] >= 0 && found.label[i] <= next);
        next += found.label[i] == next;
        const int32_t own = found.label[i];
        for (int32_t to = 0; to <= (int32_t)found.clusters; to++) {
            other.label[i] = to;
            if (objective(&m, &o, other.label) > quality + 1e-7 * scale)
                fail_msg("case %zu: row %zu is better off in cluster %d than in %d", c, i, to, own);
        }
        other.label[i] = own;
    }
    assert_int_equal(next, found.clusters);
    for (int32_t l = 0; l < next; l++)
        if (!is_connected(&m, found.label, l, queue, seen)) fail_msg("case %zu: cluster %d is not connected", c, l);
    if (n <= 8) {
        const double best = best_of_all(&m, &o, other.label, 0, 0);
        if (quality < best - 0.02 * scale) fail_msg("case %zu: %g, the best is %g", c, quality, best);
    }
    free(queue);
    free(seen);
    zsc_leiden_free(&found);
    zsc_leiden_free(&other);
    free_dense(&m);
    zsc_graph_free(&g);
    free(x);
}

static void is_as_defined(void **state)
{
    (void)state;
    const char *one = getenv("ZSC_CHECK_CASE");
    size_t first = one ? strtoul(one, NULL, 10) : 0, end = one ? first + 1 : check_cases(CASES);
    for (size_t c = first; c < end; c++) check_case(c);
}

/* Not below the best of igraph's own, with its own random numbers, by more than its runs differ. */
static void is_as_good_as_igraph(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(5, ZSC_RANDOM_TEST, 0);
    const size_t n = 300;
    zsc_leiden_options o = zsc_leiden_defaults();
    float *x = make(&r, GAUSS, n, 3);
    zsc_graph g = make_graph(x, n, 3, &o);
    dense m = make_dense(&g);
    igraph_t graph;
    igraph_matrix_t matrix;
    igraph_vector_t weights, strength;
    igraph_vector_int_t membership;
    double theirs = 0, ours = 0;
    int32_t first[300];
    bool differ = false;
    igraph_matrix_init(&matrix, (igraph_integer_t)n, (igraph_integer_t)n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) MATRIX(matrix, i, j) = m.a[i * n + j];
    igraph_vector_init(&weights, 0);
    igraph_weighted_adjacency(&graph, &matrix, IGRAPH_ADJ_UNDIRECTED, &weights, IGRAPH_NO_LOOPS);
    igraph_vector_init(&strength, 0);
    igraph_strength(&graph, &strength, igraph_vss_all(), IGRAPH_ALL, IGRAPH_NO_LOOPS, &weights);
    igraph_vector_int_init(&membership, 0);
    for (igraph_uint_t seed = 1; seed <= 5; seed++) {
        igraph_real_t quality;
        igraph_rng_seed(igraph_rng_default(), seed);
        igraph_community_leiden(&graph, &weights, &strength, 1 / m.all, 0.01, false, 10, &membership, NULL, &quality);
        theirs += quality / 5;
    }
    for (o.seed = 0; o.seed < 5; o.seed++) {
        zsc_leiden found;
        assert_int_equal(zsc_leiden_cluster_graph(&g, &o, NULL, &found), ZSC_OK);
        ours += found.quality / 5;
        if (o.seed == 0) memcpy(first, found.label, sizeof first);
        differ = differ || memcmp(first, found.label, sizeof first) != 0;
        zsc_leiden_free(&found);
    }
    if (ours < theirs - 0.005) fail_msg("modularity %g, igraph's %g", ours, theirs);
    assert_true(differ);
    igraph_vector_int_destroy(&membership);
    igraph_vector_destroy(&strength);
    igraph_vector_destroy(&weights);
    igraph_matrix_destroy(&matrix);
    igraph_destroy(&graph);
    free_dense(&m);
    zsc_graph_free(&g);
    free(x);
}

/* --- What is igraph's host's */
static bool stop(void *data, const char *stage, double done, double total)
{
    (void)done, (void)total;
    return strcmp(stage, "leiden") != 0 || ++*(int *)data < 5;
}

static igraph_error_t go_on(void *data)
{
    (void)data;
    return IGRAPH_SUCCESS;
}

static void draw(double *out)
{
    for (size_t i = 0; i < 8; i++) out[i] = igraph_rng_get_unif01(igraph_rng_default());
}

static void leaves_igraph_as_it_was(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(6, ZSC_RANDOM_TEST, 0);
    float *x = make(&r, GAUSS, 100, 3);
    zsc_leiden found;
    double undisturbed[8], disturbed[8];
    int asked = 0;
    igraph_vector_int_t hosts;
    igraph_rng_seed(igraph_rng_default(), 77);
    draw(undisturbed);
    igraph_rng_seed(igraph_rng_default(), 77);
    igraph_set_error_handler(igraph_error_handler_printignore);
    igraph_set_interruption_handler(go_on);
    igraph_vector_int_init(&hosts, 3);
    IGRAPH_FINALLY(igraph_vector_int_destroy, &hosts);
    assert_int_equal(zsc_leiden_cluster_rows(x, 100, 3, NULL, NULL, &found), ZSC_OK);
    zsc_leiden_free(&found);
    /* stopped within igraph, or before memory that there is not */
    assert_int_equal(
        zsc_leiden_cluster_rows(x, 100, 3, NULL, &(zsc_exec){.progress = stop, .progress_data = &asked}, &found),
        ZSC_EINTERRUPTED);
    assert_int_equal(asked, 5);
    assert_int_equal(zsc_leiden_cluster_rows(x, 100, 3, NULL, &(zsc_exec){.memory_limit = 1000}, &found), ZSC_EUSAGE);
    assert_int_equal(IGRAPH_FINALLY_STACK_SIZE(), 1);
    IGRAPH_FINALLY_CLEAN(1);
    igraph_vector_int_destroy(&hosts);
    draw(disturbed);
    assert_memory_equal(undisturbed, disturbed, sizeof disturbed);
    assert_true(igraph_set_error_handler(NULL) == igraph_error_handler_printignore);
    assert_true(igraph_set_interruption_handler(NULL) == go_on);
    free(x);
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        double value;
        const char *text;
    } wrong[] = {{offsetof(zsc_leiden_options, resolution), -1, "resolution is -1"},
                 {offsetof(zsc_leiden_options, resolution), INFINITY, "resolution is inf"},
                 {offsetof(zsc_leiden_options, resolution), NAN, "resolution is"}};
    float x[6] = {0, 1, 2, 3, 4, 5};
    zsc_leiden found;
    zsc_leiden_options o;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        o = zsc_leiden_defaults();
        memcpy((char *)&o + wrong[i].offset, &wrong[i].value, sizeof(double));
        assert_int_equal(zsc_leiden_cluster_rows(x, 6, 1, &o, NULL, &found), ZSC_EUSAGE);
        assert_non_null(strstr(zsc_error_message(), wrong[i].text));
    }
    o = zsc_leiden_defaults();
    o.objective = ZSC_LEIDEN_CPM;
    assert_int_equal(zsc_leiden_cluster_rows(x, 6, 1, &o, NULL, &found), ZSC_EUSAGE);
    o = zsc_leiden_defaults();
    o.n_neighbors = 1;
    assert_int_equal(zsc_leiden_cluster_rows(x, 6, 1, &o, NULL, &found), ZSC_EUSAGE);
    o = zsc_leiden_defaults();
    o.max_iter = 0;
    assert_int_equal(zsc_leiden_cluster_rows(x, 6, 1, &o, NULL, &found), ZSC_EUSAGE);
    x[3] = NAN;
    assert_int_equal(zsc_leiden_cluster_rows(x, 6, 1, NULL, NULL, &found), ZSC_ENUMERIC);
    /* without edges each row is a cluster */
    size_t offset[4] = {0, 0, 0, 0};
    assert_int_equal(zsc_leiden_cluster_graph(&(zsc_graph){.n = 3, .offset = offset}, NULL, NULL, &found), ZSC_OK);
    assert_int_equal(found.clusters, 3);
    assert_true(found.quality == 0 && found.label[2] == 2);
    zsc_leiden_free(&found);
    zsc_leiden_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_as_defined), cmocka_unit_test(is_as_good_as_igraph),
                                       cmocka_unit_test(leaves_igraph_as_it_was), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
