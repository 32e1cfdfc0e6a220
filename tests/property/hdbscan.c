/* HDBSCAN against its plain definition, on random and awkward shapes: Prim's algorithm over all pairs, clusters as
 * lists of rows. The spanning tree's lengths must be those of the plain one to the last bit; where no two distances
 * tie, labels too. Threads and instruction sets must not change a label; rows that repeat have one.
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
#include "base/isa.h"
#include "base/random.h"
#include "hdbscan/cells.h"
#include "hdbscan/select.h"
#include "zsc/zsc.h"

enum { CASES = 400, MOST = 160 };

typedef enum kind { GAUSS, BLOBS, NESTED, LINE, GRID, REPEATED, EQUAL, OUTLIERS, KINDS } kind;
static const char *const kind_name[KINDS] = {"gauss", "blobs",         "nested blobs", "line",
                                             "grid",  "repeated rows", "all equal",    "outliers"};

static float draw(zsc_stream *r, kind k, size_t i, size_t j)
{
    zsc_stream centre = zsc_stream_open(7, ZSC_RANDOM_TEST, 1000 * (i % 5) + j);
    switch (k) {
    case BLOBS: return (float)(8 * zsc_stream_normal(&centre) + zsc_stream_normal(r));
    case NESTED:
        return (float)((i % 2 ? 0.1 : 3) * zsc_stream_normal(r) + (i % 3 ? 0.0 : 10.0) + zsc_stream_normal(&centre));
    case LINE: return (float)(j ? 0 : zsc_stream_uniform(r) * 100);
    case GRID: return (float)zsc_stream_below(r, 5);
    case REPEATED: return (float)(3 * zsc_stream_normal(&centre) * (double)(1 + i % 7));
    case EQUAL: return 1.5F;
    case OUTLIERS: return (float)(zsc_stream_normal(r) * (i % 20 == 0 ? 1000 : 1));
    default: return (float)zsc_stream_normal(r);
    }
}

/* --- The plain definition. Rows are distinct, with weights. */
typedef struct plain {
    const zsc_hdbscan_space *space;
    const zsc_hdbscan_options *options;
    size_t m, least;
    double measure[MOST][MOST], core[MOST];
    zsc_hdbscan_edge edge[MOST]; /* m - 1, ascending; in the order of visits where they tie */
    int32_t cluster[MOST];       /* the answer, by distinct row; -1: noise */
    int32_t clusters;
} plain;

static void measure_all(plain *p)
{
    const zsc_row_kernels *kernels = ZSC_SIMD_PICK(zsc_row_kernels_of);
    for (size_t a = 0; a < p->m; a++)
        for (size_t b = 0; b < p->m; b++) p->measure[a][b] = zsc_knn_rows_measure(&p->space->rows, kernels, a, b);
}

static void plain_cores(plain *p)
{
    size_t wanted = p->options->min_samples ? p->options->min_samples : p->options->min_cluster_size;
    for (size_t a = 0; a < p->m; a++) {
        bool used[MOST] = {false};
        size_t rows = 0;
        p->core[a] = 0;
        for (size_t step = 0; step < p->m && rows < wanted; step++) {
            size_t best = p->m;
            for (size_t b = 0; b < p->m; b++)
                if (!used[b] &&
                    (best == p->m || (b == a && best != a) || (best != a && p->measure[a][b] < p->measure[a][best])))
                    best = b;
            used[best] = true;
            rows += (size_t)p->space->weight[best];
            if (best != a) p->core[a] = p->measure[a][best];
        }
    }
}

static void plain_tree(plain *p)
{
    bool visited[MOST] = {false};
    double least[MOST];
    size_t from[MOST], at = (size_t)p->space->of[0];
    for (size_t i = 0; i < p->m; i++) least[i] = INFINITY, from[i] = 0;
    for (size_t made = 0; made + 1 < p->m; made++) {
        size_t next = p->m;
        visited[at] = true;
        for (size_t i = 0; i < p->m; i++) {
            if (visited[i]) continue;
            double reach = fmax(p->measure[at][i], fmax(p->core[at], p->core[i]));
            if (reach < least[i]) {
                least[i] = reach;
                from[i] = at;
            }
            if (next == p->m || least[i] < least[next] ||
                (least[i] == least[next] && p->space->first[i] < p->space->first[next]))
                next = i;
        }
        size_t k = made; /* insertion keeps the order of equal ones */
        for (; k > 0 && p->edge[k - 1].measure > least[next]; k--) p->edge[k] = p->edge[k - 1];
        p->edge[k] = (zsc_hdbscan_edge){(int32_t)from[next], (int32_t)next, least[next]};
        at = next;
    }
}

/* The rows of `in` that the first `edges` edges connect with row a. */
static void connect(const plain *p, const bool *in, size_t edges, size_t a, bool *out)
{
    memset(out, 0, MOST * sizeof *out);
    out[a] = true;
    for (bool grew = true; grew;) {
        grew = false;
        for (size_t e = 0; e < edges; e++) {
            size_t u = (size_t)p->edge[e].a, v = (size_t)p->edge[e].b;
            if (!in[u] || !in[v] || out[u] == out[v]) continue;
            out[u] = out[v] = grew = true;
        }
    }
}

static size_t count_rows(const plain *p, const bool *in)
{
    size_t rows = 0;
    for (size_t i = 0; i < p->m; i++) rows += in[i] ? (size_t)p->space->weight[i] : 0;
    return rows;
}

static double lambda(const plain *p, double m)
{
    double distance = p->options->metric == ZSC_EUCLIDEAN ? sqrt(m) : m;
    return distance > 0 ? 1 / distance : INFINITY;
}

/* The cluster of the rows `in`, born at `birth`, which the first `edges` edges hold together: marks the best selection
 * in it and returns its stability. */
static double plain_cluster(plain *p, const bool *in, size_t edges, double birth, bool root)
{
    bool rest[MOST], half[2][MOST];
    double own = 0, inside = 0;
    memcpy(rest, in, sizeof rest);
    int32_t before[MOST], named = p->clusters;
    memcpy(before, p->cluster, sizeof before);
    for (size_t left = count_rows(p, rest);;) {
        size_t e = edges;
        while (e > 0 && !(rest[p->edge[e - 1].a] && rest[p->edge[e - 1].b])) e--;
        if (e == 0) { /* one row, which repeats */
            for (size_t i = 0; i < p->m; i++)
                if (rest[i] && lambda(p, p->core[i]) > birth) own += (double)left * (lambda(p, p->core[i]) - birth);
            break;
        }
        edges = e - 1;
        double level = lambda(p, p->edge[edges].measure);
        connect(p, rest, edges, (size_t)p->edge[edges].a, half[0]);
        connect(p, rest, edges, (size_t)p->edge[edges].b, half[1]);
        size_t size[] = {count_rows(p, half[0]), count_rows(p, half[1])};
        bool large[] = {size[0] >= p->least, size[1] >= p->least};
        if (large[0] == large[1]) {
            if (level > birth) own += (double)left * (level - birth);
            for (int i = 0; i < 2 && large[0]; i++) inside += plain_cluster(p, half[i], edges, level, false);
            break;
        }
        int stays = large[0] ? 0 : 1;
        if (level > birth) own += (double)size[1 - stays] * (level - birth);
        memcpy(rest, half[stays], sizeof rest);
        left = size[stays];
    }
    size_t most = p->options->max_cluster_size ? p->options->max_cluster_size : SIZE_MAX;
    if (root || inside > own || count_rows(p, in) > most) return inside;
    memcpy(p->cluster, before, sizeof before);
    p->clusters = named + 1;
    for (size_t i = 0; i < p->m; i++)
        if (in[i]) p->cluster[i] = named;
    return own;
}

/* --- Cases */
static zsc_hdbscan_options options_of(zsc_stream *r, bool continuous)
{
    zsc_hdbscan_options o = zsc_hdbscan_defaults();
    o.min_cluster_size = 2 + zsc_stream_below(r, 9);
    o.min_samples = zsc_stream_below(r, 3) ? 1 + zsc_stream_below(r, 8) : 0;
    if (zsc_stream_below(r, 4) == 0) o.max_cluster_size = o.min_cluster_size + zsc_stream_below(r, 60);
    o.metric = (zsc_metric)zsc_stream_below(r, continuous ? 5 : 2);
    return o;
}

static size_t compared, several; /* cases whose labels were compared; that had two clusters or more */

static void compare(const float *x, size_t n, size_t d, const zsc_hdbscan_options *o, bool continuous)
{
    static plain p;
    zsc_hdbscan_space s = {0};
    assert_int_equal(zsc_hdbscan_space_make(x, n, d, o->metric, NULL, &s), ZSC_OK);
    memset(&p, 0, sizeof p);
    p.space = &s;
    p.options = o;
    p.m = s.m;
    p.least = o->min_cluster_size;
    measure_all(&p);
    plain_cores(&p);
    plain_tree(&p);
    double core[MOST];
    zsc_hdbscan_edge edges[MOST];
    size_t samples = o->min_samples ? o->min_samples : o->min_cluster_size;
    assert_int_equal(zsc_hdbscan_spanning_tree(&s, samples, NULL, core, edges), ZSC_OK);
    for (size_t i = 0; i < s.m; i++) assert_true(core[i] == p.core[i]);
    for (size_t e = 0; e + 1 < s.m; e++) assert_true(edges[e].measure == p.edge[e].measure);
    if (continuous) {
        bool all[MOST] = {false};
        for (size_t i = 0; i < p.m; i++) all[i] = true, p.cluster[i] = -1;
        plain_cluster(&p, all, p.m - 1, 0, true);
        zsc_hdbscan h = {0};
        assert_int_equal(zsc_hdbscan_cluster_rows(x, n, d, o, NULL, &h), ZSC_OK);
        int32_t name[MOST], names = 0;
        for (size_t i = 0; i < MOST; i++) name[i] = -1;
        for (size_t i = 0; i < n; i++) {
            int32_t c = p.cluster[s.of[i]];
            if (c >= 0 && name[c] < 0) name[c] = names++;
            assert_int_equal(h.label[i], c < 0 ? -1 : name[c]);
        }
        assert_int_equal(h.clusters, names);
        several += names > 1;
        compared++;
        zsc_hdbscan_free(&h);
    }
    zsc_hdbscan_space_free(&s);
}

static void check_invariants(const float *x, size_t n, size_t d, const zsc_hdbscan_options *o)
{
    zsc_hdbscan first = {0};
    for (int threads = 1; threads <= 3; threads++)
        for (int isa = ZSC_ISA_PLAIN; isa <= ZSC_ISA_AVX512; isa++) {
            zsc_hdbscan h = {0};
            zsc_isa_force((zsc_isa)isa);
            zsc_hdbscan_cells_force(threads < 3 ? 0 : 1); /* one region, or several */
            assert_int_equal(zsc_hdbscan_cluster_rows(x, n, d, o, &(zsc_exec){.threads = threads}, &h), ZSC_OK);
            if (!first.label) {
                first = h;
                continue;
            }
            assert_memory_equal(h.label, first.label, n * sizeof *h.label);
            assert_memory_equal(h.probability, first.probability, n * sizeof *h.probability);
            zsc_hdbscan_free(&h);
        }
    zsc_isa_force(ZSC_ISA_AVX512);
    zsc_hdbscan_cells_force(0);
    size_t *rows = calloc(first.clusters + 1, sizeof *rows), clustered = 0;
    assert_non_null(rows);
    for (size_t i = 0; i < n; i++) {
        assert_in_range(first.label[i] + 1, 0, first.clusters);
        assert_true(first.probability[i] >= 0 && first.probability[i] <= 1);
        assert_true((first.label[i] < 0) <= (first.probability[i] == 0));
        if (first.label[i] >= 0) rows[first.label[i]]++, clustered++;
        for (size_t k = 0; k < i; k++)
            if (memcmp(x + i * d, x + k * d, d * sizeof *x) == 0) assert_int_equal(first.label[i], first.label[k]);
    }
    assert_int_equal(clustered, first.clustered);
    for (size_t c = 0; c < first.clusters; c++) assert_true(rows[c] >= o->min_cluster_size);
    free(rows);
    zsc_hdbscan_free(&first);
}

static void random_shapes(void **state)
{
    (void)state;
    const char *one = getenv("ZSC_CHECK_CASE");
    const size_t cases = check_cases(CASES);
    for (unsigned c = 0; c < cases; c++) {
        if (one && strtoul(one, NULL, 10) != c) continue;
        zsc_stream r = zsc_stream_open(11, ZSC_RANDOM_TEST, c);
        kind k = (kind)(c % KINDS);
        size_t n = 1 + zsc_stream_below(&r, MOST - 1), d = 1 + zsc_stream_below(&r, k == GRID ? 3 : 20);
        bool continuous = k == GAUSS || k == BLOBS || k == NESTED || k == OUTLIERS || k == REPEATED;
        zsc_hdbscan_options o = options_of(&r, continuous && d > 2);
        float *x = calloc(n * d, sizeof *x);
        assert_non_null(x);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < d; j++) x[i * d + j] = draw(&r, k, i, j);
        print_message("case %u: %s, %zu x %zu, metric %d, size %zu, samples %zu\n", c, kind_name[k], n, d,
                      (int)o.metric, o.min_cluster_size, o.min_samples);
        compare(x, n, d, &o,
                continuous && k != REPEATED && (d > 2 || o.metric < ZSC_MANHATTAN) &&
                    (d > 1 || o.metric == ZSC_EUCLIDEAN));
        if (c % 3 == 0) check_invariants(x, n, d, &o);
        free(x);
    }
    print_message("%zu labellings compared, %zu of them with several clusters\n", compared, several);
    assert_true(one || several > cases / 8);
}

/* --- Several cells and groups: more rows than a matrix of distances would be made for */
static double measure_of(const zsc_hdbscan_space *s, size_t a, size_t b)
{
    return zsc_knn_rows_measure(&s->rows, ZSC_SIMD_PICK(zsc_row_kernels_of), a, b);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The distance to the samples-th nearest; all rows are distinct. */
static double far_core(const zsc_hdbscan_space *s, size_t a, size_t samples, double *scratch)
{
    for (size_t b = 0; b < s->m; b++) scratch[b] = a == b ? -1 : measure_of(s, a, b);
    qsort(scratch, s->m, sizeof *scratch, by_value);
    return samples > 1 ? scratch[samples - 1] : 0;
}

/* Prim's algorithm, with measures made as they are needed: the lengths of the tree, ascending. */
static void far_tree(const zsc_hdbscan_space *s, const double *core, double *out)
{
    double *least = calloc(s->m, sizeof *least);
    bool *visited = calloc(s->m, sizeof *visited);
    size_t at = 0;
    assert_true(least && visited);
    for (size_t i = 0; i < s->m; i++) least[i] = INFINITY;
    for (size_t made = 0; made + 1 < s->m; made++) {
        size_t next = s->m;
        visited[at] = true;
        for (size_t i = 0; i < s->m; i++) {
            if (visited[i]) continue;
            least[i] = fmin(least[i], fmax(measure_of(s, at, i), fmax(core[at], core[i])));
            if (next == s->m || least[i] < least[next]) next = i;
        }
        out[made] = least[next];
        at = next;
    }
    qsort(out, s->m - 1, sizeof *out, by_value);
    free(least);
    free(visited);
}

static void compare_far(const float *x, size_t n, size_t d, zsc_metric metric, size_t samples)
{
    zsc_hdbscan_space s = {0};
    assert_int_equal(zsc_hdbscan_space_make(x, n, d, metric, NULL, &s), ZSC_OK);
    assert_int_equal(s.m, n);
    double *core = calloc(n, sizeof *core), *length = calloc(n, sizeof *length), *scratch = calloc(n, sizeof *scratch);
    zsc_hdbscan_edge *edge = calloc(n, sizeof *edge);
    assert_true(core && length && scratch && edge);
    for (int threads = 1; threads <= 3; threads += 2) {
        assert_int_equal(zsc_hdbscan_spanning_tree(&s, samples, &(zsc_exec){.threads = threads}, core, edge), ZSC_OK);
        if (threads == 1) {
            for (size_t a = 0; a < n; a += 37) assert_true(core[a] == far_core(&s, a, samples, scratch));
            far_tree(&s, core, length);
        }
        for (size_t e = 0; e + 1 < n; e++) assert_true(edge[e].measure == length[e]);
    }
    free(core);
    free(length);
    free(scratch);
    free(edge);
    zsc_hdbscan_space_free(&s);
}

static void many_rows(void **state)
{
    (void)state;
    static const float apart[] = {0, 0.7F, 2, 20};
    const size_t cases = check_cases(10);
    for (unsigned c = 0; c < cases; c++) {
        zsc_stream r = zsc_stream_open(13, ZSC_RANDOM_TEST, c);
        size_t n = 1200 + zsc_stream_below(&r, 1200), d = 2 + zsc_stream_below(&r, 30), clusters = 2 + c % 7;
        zsc_metric metric = (zsc_metric)(c % 5);
        if (metric == ZSC_CORRELATION && d < 4) d = 4;
        float *x = calloc(n * d, sizeof *x), *centre = calloc(clusters * d, sizeof *centre);
        assert_true(x && centre);
        for (size_t k = 0; k < clusters * d; k++) centre[k] = apart[c % 4] * (float)zsc_stream_normal(&r);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < d; j++) x[i * d + j] = centre[i % clusters * d + j] + (float)zsc_stream_normal(&r);
        print_message("many rows, case %u: %zu x %zu, %zu clusters %g apart, metric %d\n", c, n, d, clusters,
                      (double)apart[c % 4], (int)metric);
        compare_far(x, n, d, metric, 1 + c % 6);
        free(x);
        free(centre);
    }
}

static void awkward_options(void **state)
{
    (void)state;
    float x[20] = {0, 1, 2, 3, 4, 100, 101, 102, 103, 104, 200, 201, 202, 203, 204, 300, 301, 302, 303, 304};
    zsc_hdbscan h = {0};
    zsc_hdbscan_options o = zsc_hdbscan_defaults();
    assert_int_equal(zsc_hdbscan_cluster_rows(x, 20, 1, &o, NULL, &h), ZSC_OK);
    assert_int_equal(h.clusters, 4);
    zsc_hdbscan_free(&h);
    o.min_cluster_size = 21; /* above n: all noise */
    assert_int_equal(zsc_hdbscan_cluster_rows(x, 20, 1, &o, NULL, &h), ZSC_OK);
    assert_int_equal(h.clusters, 0);
    assert_int_equal(h.label[7], -1);
    zsc_hdbscan_free(&h);
    assert_int_equal(zsc_hdbscan_cluster_rows(x, 0, 1, &o, NULL, &h), ZSC_OK);
    zsc_hdbscan_free(&h);
    o = zsc_hdbscan_defaults();
    o.cluster_selection_epsilon = 150; /* blobs begin at 96 */
    o.allow_single_cluster = true;
    assert_int_equal(zsc_hdbscan_cluster_rows(x, 20, 1, &o, NULL, &h), ZSC_OK);
    assert_int_equal(h.clusters, 1);
    assert_int_equal(h.clustered, 20);
    zsc_hdbscan_free(&h);
    o.min_cluster_size = 1;
    assert_int_equal(zsc_hdbscan_cluster_rows(x, 20, 1, &o, NULL, &h), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "min_cluster_size is 1, expected 2 or more"));
    o = zsc_hdbscan_defaults();
    o.metric = ZSC_INNER_PRODUCT;
    assert_int_equal(zsc_hdbscan_cluster_rows(x, 20, 1, &o, NULL, &h), ZSC_EUSAGE);
    x[3] = NAN;
    o.metric = ZSC_EUCLIDEAN;
    assert_int_equal(zsc_hdbscan_cluster_rows(x, 20, 1, &o, NULL, &h), ZSC_ENUMERIC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_shapes), cmocka_unit_test(many_rows),
                                       cmocka_unit_test(awkward_options)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
