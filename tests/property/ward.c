/* Linkage against plain definitions, on random and awkward shapes.
 *
 * Every dendrogram is replayed: from the rows alone, each merge must be of a pair whose distance is the least of all
 * pairs at that moment (so that any of several tied pairs will do), its height must be that distance, and its size
 * must be right. Then: threads, instruction sets and
 * the way of searching must not change a byte, cuts must be what the merges say.
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
#include "ward/box_tree.h"
#include "ward/cells_sample.h"
#include "ward/cluster_distances.h"
#include "ward/divide.h"
#include "ward/methods.h"
#include "ward/nearest.h"
#include "zsc/zsc.h"

enum { CASES = 1500 };

typedef struct shape {
    unsigned number;
    const char *kind;
    size_t n, d;
    bool single_precision;
    double *x;
} shape;

/* --- Shapes */
typedef enum kind {
    GAUSS,
    BLOBS,
    GRID,
    REPEATED,
    EQUAL,
    CONSTANT,
    GEOMETRIC,
    OFFSET,
    TINY,
    HUGE,
    EVEN,
    OUTLIER,
    SIMPLEX,
    NESTED,
    GAPS,
    KINDS
} kind;
static const char *const kind_name[KINDS] = {
    "gauss", "blobs", "integer grid", "repeated rows", "all equal", "constant columns", "geometric line", "far from 0",
    "1e-30", "1e30",  "even line",    "outlier",       "simplex",   "nested blobs",     "growing gaps"};

static double draw(zsc_stream *r, kind k, size_t i, size_t j, size_t n, uint64_t salt)
{
    zsc_stream centre = zsc_stream_open(salt, ZSC_RANDOM_TEST, 1000 + 7 * (i % (2 + n / 8)) + 100000 * j);
    zsc_stream outer = zsc_stream_open(salt, ZSC_RANDOM_TEST, 5000000 + i % 3 + 100 * j);
    double noise = zsc_stream_normal(r);
    switch (k) {
    case BLOBS: return 10 * zsc_stream_normal(&centre) + 0.05 * noise;
    case NESTED: return 300 * zsc_stream_normal(&outer) + 3 * zsc_stream_normal(&centre) + 1e-4 * noise;
    case GRID: return (double)zsc_stream_below(r, 4);
    case REPEATED: return zsc_stream_normal(&centre);
    case EQUAL: return 0.1;
    case CONSTANT: return j % 2 ? -3.5 : noise;
    case GEOMETRIC: return j ? 0 : ldexp(1, (int)(i % 60));
    case OFFSET: return 1e6 + noise;
    case TINY: return 1e-30 * noise;
    case HUGE: return 1e30 * noise;
    case EVEN: return (double)i;
    case OUTLIER: return i == n / 2 ? 1e8 : noise;
    case SIMPLEX: return i == j ? 1 : 0;
    case GAPS: return j ? 0 : (double)i * (1 + 1e-3 * (double)i);
    default: return noise;
    }
}

static shape make_shape(unsigned number)
{
    zsc_stream r = zsc_stream_open(number, ZSC_RANDOM_TEST, 0);
    kind k = (kind)(number % KINDS);
    shape s = {.number = number, .kind = kind_name[k]};
    s.n = number % 29 == 0  ? 60 + zsc_stream_below(&r, 120)
          : number % 7 == 0 ? zsc_stream_below(&r, 4)
                            : zsc_stream_below(&r, 48);
    s.d = number % 11 == 0 ? zsc_stream_below(&r, 150) : 1 + zsc_stream_below(&r, 9);
    if (k == SIMPLEX) s.d = s.n ? s.n : 1;
    s.single_precision = number % 3 != 0;
    s.x = calloc(s.n * s.d + 1, sizeof *s.x);
    assert_non_null(s.x);
    for (size_t i = 0; i < s.n; i++)
        for (size_t j = 0; j < s.d; j++) {
            double x = draw(&r, k, i, j, s.n, number);
            s.x[i * s.d + j] = s.single_precision ? (double)(float)x : x;
        }
    return s;
}

static void run(const shape *s, zsc_linkage_method method, zsc_metric metric, int threads, double *z)
{
    zsc_exec exec = {.threads = threads};
    const char *how = NULL;
    zsc_status status;
    if (s->single_precision) {
        float *x = calloc(s->n * s->d + 1, sizeof *x);
        assert_non_null(x);
        for (size_t i = 0; i < s->n * s->d; i++) x[i] = (float)s->x[i];
        status = zsc_linkage_metric(x, s->n, s->d, method, metric, &exec, z, &how);
        free(x);
    } else {
        status = zsc_linkage_metric_f64(s->x, s->n, s->d, method, metric, &exec, z, &how);
    }
    if (status != ZSC_OK) fail_msg("case %u (%s, %zu x %zu): %s", s->number, s->kind, s->n, s->d, zsc_error_message());
    assert_non_null(how);
}

/* --- The plain definitions */
typedef struct group {
    size_t size;
    int32_t *row;
    double *centroid;
} group;

/* 1 - cos of the angle, as half the squared distance of unit vectors. */
static double angle(const shape *s, int32_t a, int32_t b, bool centred)
{
    long double mean[2] = {0}, square[2] = {0}, largest[2] = {0}, sum = 0;
    const double *row[2] = {s->x + (size_t)a * s->d, s->x + (size_t)b * s->d};
    for (int side = 0; side < 2; side++) {
        for (size_t j = 0; j < s->d && centred; j++)
            mean[side] += ((long double)row[side][j] - row[side][0]) / (long double)s->d;
        if (centred && s->d) mean[side] += row[side][0];
        for (size_t j = 0; j < s->d; j++) {
            long double t = row[side][j] - mean[side];
            largest[side] = fmaxl(largest[side], fabsl((long double)row[side][j] - (centred ? row[side][0] : 0)));
            square[side] += t * t;
        }
    }
    if (largest[0] == 0 || largest[1] == 0) return largest[0] != largest[1];
    for (size_t j = 0; j < s->d; j++) {
        long double t = (row[0][j] - mean[0]) / sqrtl(square[0]) - (row[1][j] - mean[1]) / sqrtl(square[1]);
        sum += t * t;
    }
    return (double)(sum / 2);
}

static double row_distance(const shape *s, zsc_metric metric, int32_t a, int32_t b)
{
    double sum = 0, scale = 0;
    if (metric == ZSC_COSINE || metric == ZSC_CORRELATION) return angle(s, a, b, metric == ZSC_CORRELATION);
    for (size_t j = 0; j < s->d && metric != ZSC_EUCLIDEAN; j++) {
        double t = fabs(s->x[(size_t)a * s->d + j] - s->x[(size_t)b * s->d + j]);
        sum = metric == ZSC_MANHATTAN ? sum + t : fmax(sum, t);
    }
    if (metric != ZSC_EUCLIDEAN) return sum;
    for (size_t j = 0; j < s->d; j++)
        scale = fmax(scale, fabs(s->x[(size_t)a * s->d + j] - s->x[(size_t)b * s->d + j]));
    if (scale == 0) return 0;
    for (size_t j = 0; j < s->d; j++) {
        double t = (s->x[(size_t)a * s->d + j] - s->x[(size_t)b * s->d + j]) / scale;
        sum += t * t;
    }
    return scale * sqrt(sum);
}

static double group_distance(const shape *s, zsc_linkage_method method, zsc_metric metric, const group *a,
                             const group *b)
{
    double sum = 0, least = INFINITY, most = 0;
    if (method == ZSC_WARD) {
        double na = (double)a->size, nb = (double)b->size, scale = 0;
        for (size_t j = 0; j < s->d; j++) scale = fmax(scale, fabs(a->centroid[j] - b->centroid[j]));
        if (scale == 0) return 0;
        for (size_t j = 0; j < s->d; j++) sum += pow((a->centroid[j] - b->centroid[j]) / scale, 2);
        return scale * sqrt(2 * na * nb / (na + nb) * sum);
    }
    for (size_t i = 0; i < a->size; i++)
        for (size_t j = 0; j < b->size; j++) {
            double distance = row_distance(s, metric, a->row[i], b->row[j]);
            sum += distance;
            least = fmin(least, distance);
            most = fmax(most, distance);
        }
    return method == ZSC_SINGLE ? least : method == ZSC_COMPLETE ? most : sum / (double)(a->size * b->size);
}

static group group_union(const shape *s, const group *a, const group *b)
{
    group g = {.size = a->size + b->size,
               .row = malloc((a->size + b->size) * sizeof *g.row),
               .centroid = calloc(s->d + 1, sizeof *g.centroid)};
    assert_non_null(g.row);
    assert_non_null(g.centroid);
    memcpy(g.row, a->row, a->size * sizeof *g.row);
    memcpy(g.row + a->size, b->row, b->size * sizeof *g.row);
    for (size_t j = 0; j < s->d; j++) {
        const double base = s->x[(size_t)g.row[0] * s->d + j];
        long double sum = 0;
        for (size_t i = 0; i < g.size; i++) sum += (long double)s->x[(size_t)g.row[i] * s->d + j] - (long double)base;
        g.centroid[j] = base + (double)(sum / (long double)g.size);
    }
    return g;
}

/* The distances between live groups, kept so that a replay costs O(n^2) a step. */
static void replay(const shape *s, zsc_linkage_method method, zsc_metric metric, const double *z)
{
    size_t n = s->n, total = n ? 2 * n - 1 : 0;
    group *g = calloc(total + 1, sizeof *g);
    double *between = calloc(total * total + 1, sizeof *between);
    assert_non_null(g);
    assert_non_null(between);
    double reach = 0;
    for (size_t i = 0; i < n; i++) {
        g[i] = (group){1, malloc(sizeof(int32_t)), malloc((s->d + 1) * sizeof(double))};
        assert_non_null(g[i].row);
        assert_non_null(g[i].centroid);
        g[i].row[0] = (int32_t)i;
        memcpy(g[i].centroid, s->x + i * s->d, s->d * sizeof(double));
        for (size_t j = 0; j < s->d; j++) reach = fmax(reach, fabs(s->x[i * s->d + j]));
    }
    /* Centroids carry the rounding of their coordinates: a few units in the last place of the largest one. */
    double slack = 1e-14 * reach * sqrt((double)(n * (s->d + 1)));
    if (metric == ZSC_COSINE || metric == ZSC_CORRELATION) slack = 1e-13; /* unit vectors carry it instead */
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            between[i * total + j] = between[j * total + i] = group_distance(s, method, metric, &g[i], &g[j]);
    for (size_t step = 0; step + 1 < n; step++) {
        const double *row = z + 4 * step;
        size_t a = (size_t)row[0], b = (size_t)row[1], made = n + step;
        if (!(row[0] >= 0 && row[0] < row[1] && b < made && g[a].size && g[b].size))
            fail_msg("case %u (%s, %zu x %zu), method %d, metric %d: row %zu merges %g and %g", s->number, s->kind, n,
                     s->d, (int)method, (int)metric, step, row[0], row[1]);
        double least = INFINITY;
        for (size_t i = 0; i < made; i++)
            for (size_t j = 0; g[i].size && j < i; j++)
                if (g[j].size) least = fmin(least, between[i * total + j]);
        double here = between[a * total + b], tolerance = 1e-9 * here + slack;
        if (here > least + tolerance || fabs(row[2] - here) > tolerance || (step && row[2] < row[-2]) ||
            row[3] != (double)(g[a].size + g[b].size))
            fail_msg(
                "case %u (%s, %zu x %zu), method %d, metric %d: row %zu is %g %g %.17g %g; distance %.17g, least %.17g "
                "(repeat: ZSC_CHECK_CASE=%u)",
                s->number, s->kind, n, s->d, (int)method, (int)metric, step, row[0], row[1], row[2], row[3], here,
                least, s->number);
        g[made] = group_union(s, &g[a], &g[b]);
        g[a].size = g[b].size = 0;
        for (size_t i = 0; i < made; i++)
            if (g[i].size)
                between[i * total + made] = between[made * total + i] = group_distance(s, method, metric, &g[i],
                                                                                       &g[made]);
    }
    for (size_t i = 0; i < total; i++) {
        free(g[i].row);
        free(g[i].centroid);
    }
    free(g);
    free(between);
}

static void check_cuts(const shape *s, const double *z)
{
    size_t n = s->n;
    int32_t *label = malloc((n + 1) * sizeof *label), *by_height = malloc((n + 1) * sizeof *by_height);
    assert_non_null(label);
    assert_non_null(by_height);
    for (size_t k = 1; k <= n; k++) {
        assert_int_equal(zsc_cut_clusters(z, n, k, label), ZSC_OK);
        int32_t seen = 0;
        for (size_t i = 0; i < n; i++) {
            assert_true(label[i] >= 0 && label[i] <= seen); /* numbered by first row */
            seen += label[i] == seen;
        }
        assert_int_equal(seen, k);
        size_t merges = n - k, found = 0;
        if (merges && merges + 1 < n && z[4 * merges + 2] == z[4 * merges - 2]) continue;
        double height = merges ? z[4 * merges - 2] : n > 1 ? nextafter(z[2], -1) : 0;
        assert_int_equal(zsc_cut_height(z, n, height, by_height, &found), ZSC_OK);
        assert_int_equal(found, k);
        assert_memory_equal(label, by_height, n * sizeof *label);
    }
    assert_int_equal(zsc_cut_clusters(z, n, 0, label), ZSC_EUSAGE);
    assert_int_equal(zsc_cut_clusters(z, n, n + 1, label), ZSC_EUSAGE);
    free(label);
    free(by_height);
}

static void check_case(unsigned number)
{
    shape s = make_shape(number);
    size_t bytes = (s.n > 1 ? s.n - 1 : 0) * 4 * sizeof(double);
    double *z = malloc(bytes + 1), *again = malloc(bytes + 1);
    assert_non_null(z);
    assert_non_null(again);
    for (int method = ZSC_WARD; method <= ZSC_COMPLETE; method++) {
        if (method != ZSC_WARD && number % 4) continue;
        zsc_ward_search_force((zsc_ward_search_kind)(ZSC_WARD_SEARCH_TREE + number % 7 % 3));
        zsc_ward_divide_force(number % 3 ? 1 + number % 5 : 0); /* few rows have many cells */
        zsc_ward_sleep_force(number % 2 ? 1 : 0);               /* as where there are many rows */
        zsc_ward_distances_keep(number % 8 ? 0 : 3);            /* rows of distances go, and are computed again */
        for (int metric = ZSC_EUCLIDEAN; metric < (method == ZSC_WARD ? ZSC_COSINE : ZSC_INNER_PRODUCT); metric++) {
            if (metric != ZSC_EUCLIDEAN && metric != 1 + (int)(number / 4) % 4) continue;
            run(&s, (zsc_linkage_method)method, (zsc_metric)metric, 1, z);
            replay(&s, (zsc_linkage_method)method, (zsc_metric)metric, z);
            if (number % 5) continue;
            run(&s, (zsc_linkage_method)method, (zsc_metric)metric, 3, again);
            assert_memory_equal(z, again, bytes);
        }
    }
    if (number % 4 == 0) check_cuts(&s, z);
    free(z);
    free(again);
    free(s.x);
}

static void test_plain(void **state)
{
    (void)state;
    const char *one = getenv("ZSC_CHECK_CASE");
    if (one) {
        check_case((unsigned)strtoul(one, NULL, 10));
        return;
    }
    unsigned cases = (unsigned)check_cases(CASES);
    for (unsigned number = 0; number < cases; number++) check_case(number);
}

/* --- Shapes too large for a replay: threads and instruction sets */
/* Whether two dendrograms of m merges have the same heights. */
static void check_heights(const double *z, const double *other, size_t m)
{
    for (size_t i = 0; i < m; i++) assert_memory_equal(&z[4 * i + 2], &other[4 * i + 2], sizeof *z);
}

static void check_same_bytes(bool sleep)
{
    zsc_ward_distances_keep(0);
    static const struct {
        kind k;
        size_t n, d;
    } large[] = {{BLOBS, 4000, 50}, {GAUSS, 1500, 130}, {NESTED, 3000, 7}, {GRID, 3000, 6}, {REPEATED, 2500, 20}};
    zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
    zsc_ward_divide_force(0);
    zsc_ward_sleep_force(sleep);
    for (size_t l = 0; l < sizeof large / sizeof *large; l++) {
        size_t n = large[l].n, d = large[l].d, bytes = (n - 1) * 4 * sizeof(double);
        float *x = malloc(n * d * sizeof *x);
        double *z = malloc(bytes), *again = malloc(bytes);
        assert_true(x && z && again);
        zsc_stream r = zsc_stream_open(l, ZSC_RANDOM_TEST, 0);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < d; j++) x[i * d + j] = (float)draw(&r, large[l].k, i, j, n, l);
        assert_int_equal(zsc_linkage(x, n, d, ZSC_WARD, &(zsc_exec){.threads = 1}, z, NULL), ZSC_OK);
        static const int threads[] = {2, 3, 8};
        for (size_t t = 0; t < 3; t++) {
            assert_int_equal(zsc_linkage(x, n, d, ZSC_WARD, &(zsc_exec){.threads = threads[t]}, again, NULL), ZSC_OK);
            assert_memory_equal(z, again, bytes);
        }
        for (int finder = ZSC_WARD_SEARCH_TREE; finder <= ZSC_WARD_SEARCH_GEMM; finder++) {
            zsc_ward_search_force((zsc_ward_search_kind)finder);
            assert_int_equal(zsc_linkage(x, n, d, ZSC_WARD, &(zsc_exec){.threads = 2}, again, NULL), ZSC_OK);
            assert_memory_equal(z, again, bytes);
        }
        zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
        zsc_isa best = zsc_isa_active();
        for (int isa = ZSC_ISA_PLAIN; isa < (int)best; isa++) {
            zsc_isa_force((zsc_isa)isa);
            assert_int_equal(zsc_linkage(x, n, d, ZSC_WARD, &(zsc_exec){.threads = 2}, again, NULL), ZSC_OK);
            assert_memory_equal(z, again, bytes);
        }
        zsc_isa_force(best);
        zsc_ward_sleep_force(0);
        assert_int_equal(zsc_linkage(x, n, d, ZSC_WARD, &(zsc_exec){.threads = 2}, again, NULL), ZSC_OK);
        check_heights(z, again, n - 1);
        zsc_ward_sleep_force(sleep);
        free(x);
        free(z);
        free(again);
    }
    zsc_ward_sleep_force(0);
}

static void test_same_bytes(void **state)
{
    (void)state;
    check_same_bytes(false);
    check_same_bytes(true);
}

/* --- Cells */
static void check_division(const zsc_ward_division *v, size_t m, size_t most, const int32_t *order)
{
    unsigned char *seen = calloc(m, 1);
    assert_non_null(seen);
    assert_true(v->groups <= zsc_ward_groups_most(m, m) && v->cells <= zsc_ward_cells_most(m, m));
    assert_int_equal(v->cell_begin[0], 0);
    assert_int_equal(v->cell_begin[v->cells], m);
    assert_int_equal(v->group_begin[0], 0);
    assert_int_equal(v->group_begin[v->groups], v->cells);
    for (size_t c = 0; c < v->cells; c++) assert_in_range(v->cell_begin[c + 1] - v->cell_begin[c], 1, most);
    for (size_t g = 0; g < v->groups; g++) assert_true(v->group_begin[g] < v->group_begin[g + 1]);
    for (size_t i = 0; i < m; i++) {
        assert_in_range(order[i], 0, m - 1);
        assert_int_equal(seen[order[i]]++, 0);
    }
    free(seen);
}

static void test_divided(void **state)
{
    (void)state;
    static const struct {
        kind k;
        size_t m, d;
    } one[] = {{GAUSS, 1, 3},     {EQUAL, 2, 1},      {GAUSS, 700, 2},      {BLOBS, 3000, 20}, {EQUAL, 1500, 4},
               {NESTED, 5000, 7}, {OUTLIER, 4000, 3}, {GEOMETRIC, 2000, 1}, {GRID, 6000, 5},   {HUGE, 900, 17}};
    for (size_t l = 0; l < sizeof one / sizeof *one; l++)
        for (size_t forced = 0; forced < 3; forced += 2) {
            size_t m = one[l].m, d = one[l].d, width = (d + 15) / 16 * 16;
            float *x = calloc(m * width, sizeof *x);
            int32_t *order = malloc(m * sizeof *order);
            zsc_ward_division v = {0};
            assert_true(x && order);
            zsc_stream r = zsc_stream_open(l, ZSC_RANDOM_TEST, 1);
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < d; j++)
                    x[i * width + j] = (float)(draw(&r, one[l].k, i, j, m, l) / (one[l].k == HUGE ? 1e30 : 1));
            zsc_ward_divide_force(forced);
            zsc_exec exec = {.threads = 2};
            zsc_polls polls = {.exec = &exec, .stage = "division"};
            assert_int_equal(zsc_ward_divide(x, m, m, d, width, &polls, order, &v), ZSC_OK);
            check_division(&v, m, forced ? forced : ZSC_WARD_CELL_MOST, order);
            zsc_ward_division_free(&v);
            free(x);
            free(order);
        }
    zsc_ward_divide_force(0);
}

/* --- Refusals */
static void test_refused(void **state)
{
    (void)state;
    float x[12] = {0, 1, 2, 3, 4, NAN, 6, 7, 8, INFINITY, 10, 11};
    double z[20];
    for (int method = ZSC_WARD; method <= ZSC_COMPLETE; method++) {
        assert_int_equal(zsc_linkage(x, 6, 2, (zsc_linkage_method)method, NULL, z, NULL), ZSC_ENUMERIC);
        assert_string_equal(zsc_error_message(), "2 of 6 rows hold NaN or infinity, first row 2 (column 1: NaN)");
    }
    x[5] = x[9] = 0;
    zsc_exec small = {.memory_limit = 100};
    assert_int_equal(zsc_linkage(x, 6, 2, ZSC_AVERAGE, &small, z, NULL), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "limit"));
    assert_true(zsc_linkage_memory(47260, 50, ZSC_AVERAGE, NULL) < (size_t)400 << 20);
    assert_int_equal(zsc_linkage_metric(x, 6, 2, ZSC_WARD, ZSC_COSINE, NULL, z, NULL), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "Ward's linkage is of Euclidean distances"));
    assert_int_equal(zsc_linkage_metric(x, 6, 2, ZSC_AVERAGE, ZSC_INNER_PRODUCT, NULL, z, NULL), ZSC_EUSAGE);
    assert_true(zsc_linkage_memory(47260, 50, ZSC_WARD, NULL) < (size_t)100 << 20);
    assert_int_equal(zsc_linkage(NULL, 0, 3, ZSC_WARD, NULL, NULL, NULL), ZSC_OK);
    assert_int_equal(zsc_linkage(x, 1, 3, ZSC_WARD, NULL, NULL, NULL), ZSC_OK);
}

/* Clusters of 11 rows within wider ones, these within still wider ones; wide: how much wider than a row's deviation. */
static float *nested(size_t n, size_t d, const double wide[3])
{
    static const size_t rows[3] = {11, 27, 130};
    float *x = malloc(n * d * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        zsc_stream r = zsc_stream_open(7, ZSC_RANDOM_TEST, i);
        size_t at = (size_t)zsc_stream_below(&r, n); /* no order that a search could use */
        for (size_t j = 0; j < d; j++) {
            double value = zsc_stream_normal(&r);
            for (size_t level = 0; level < 3; level++) {
                zsc_stream c = zsc_stream_open(8 + level, ZSC_RANDOM_TEST, at / rows[level] << 12 | j);
                value += wide[level] * zsc_stream_normal(&c);
            }
            x[i * d + j] = (float)value;
        }
    }
    return x;
}

/* The search that compares least is found by the data. Rows for cells are many enough that some searches are answered
 * by balls, and some are left for all clusters; the tree finds the same. */
static void test_chosen(void **state)
{
    (void)state;
    enum { N = 20000, D = 50 };
    static const struct {
        double wide[3];
        const char *found;
    } cases[] = {{{30, 60, 90}, "in a bounding-box tree"}, {{1, 2, 4}, "in cells"}, {{0, 0, 0}, "by matrix products"}};
    const size_t bytes = (N - 1) * 4 * sizeof(double);
    double *z = malloc(bytes), *again = malloc(bytes);
    assert_true(z && again);
    zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
    zsc_ward_divide_force(0);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const char *how = "";
        float *x = nested(cases[c].wide[0] > 0 ? N : N / 4, D, cases[c].wide);
        assert_int_equal(zsc_linkage(x, cases[c].wide[0] > 0 ? N : N / 4, D, ZSC_WARD, NULL, z, &how), ZSC_OK);
        if (!strstr(how, cases[c].found)) fail_msg("%s, not %s", how, cases[c].found);
        if (strstr(how, "cells")) {
            zsc_ward_search_force(ZSC_WARD_SEARCH_TREE);
            assert_int_equal(zsc_linkage(x, N, D, ZSC_WARD, NULL, again, NULL), ZSC_OK);
            assert_memory_equal(z, again, bytes);
            zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
        }
        free(x);
    }
    free(z);
    free(again);
}

/* Cells of some of the clusters tell what cells of all compare: little of spherical clusters, many where there are
 * none. */
static void test_sample(void **state)
{
    (void)state;
    enum { N = 1 << 16, D = 20 };
    static const double wide[2][3] = {{2, 4, 8}, {0, 0, 0}};
    const double by_products = (double)N / ZSC_WARD_BLOCK / 5;
    double compared[2];
    const zsc_exec exec = {.threads = 2};
    assert_true(zsc_ward_cells_sample_useful(N));
    assert_false(zsc_ward_cells_sample_useful(N - 1));
    zsc_ward_divide_force(0);
    for (size_t c = 0; c < 2; c++) {
        float *x = nested(N, D, wide[c]);
        zsc_ward_points points = {0};
        zsc_ward_box_tree tree = {0};
        const zsc_ward_input rows = {.f32 = x, .n = N, .d = D, .metric = ZSC_EUCLIDEAN};
        assert_int_equal(zsc_ward_prepare(&rows, &exec, &points), ZSC_OK);
        const zsc_ward_clusters clusters = {
            .m = points.m, .d = D, .stride = points.stride, .live = points.m, .c = points.c, .weight = points.weight};
        assert_int_equal(zsc_ward_box_tree_make(&clusters, &exec, &tree), ZSC_OK);
        assert_int_equal(zsc_ward_cells_sample(&tree, &clusters, &exec, &compared[c]), ZSC_OK);
        zsc_ward_box_tree_free(&tree);
        zsc_ward_points_free(&points);
        free(x);
    }
    if (compared[0] > by_products / 4) fail_msg("clusters: %.1f of %.1f blocks", compared[0], by_products);
    if (compared[1] < by_products / 2) fail_msg("no clusters: %.1f of %.1f blocks", compared[1], by_products);
}

static bool stop(void *data, const char *stage, double done, double total)
{
    (void)data, (void)stage, (void)done, (void)total;
    return false;
}

static void test_interrupted(void **state)
{
    (void)state;
    float x[4] = {0, 1, 3, 9};
    double z[12];
    zsc_exec exec = {.progress = stop};
    for (int method = ZSC_WARD; method <= ZSC_COMPLETE; method++)
        assert_int_equal(zsc_linkage(x, 4, 1, (zsc_linkage_method)method, &exec, z, NULL), ZSC_EINTERRUPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_same_bytes),  cmocka_unit_test(test_divided),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_interrupted), cmocka_unit_test(test_chosen),
        cmocka_unit_test(test_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
