/* Linkage of distances against plain definitions, on random and awkward distances.
 *
 * Every dendrogram is replayed on a full matrix of distances in long double: each merge must be of a pair whose
 * distance is the least of all at that moment (any of several tied ones will do), and its height must be that distance.
 * The distance of a union is taken from the pairs of rows where the definition says so (single, complete, average) and
 * from those of its parts otherwise. Distances of rows are those of a loop over their columns.
 *
 * ZSC_CHECK_LONG=100 runs 100 times as many cases. */
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

enum { CASES = 400, ROWS_MOST = 60 };

typedef struct group {
    bool live;
    size_t size;
    int32_t row[ROWS_MOST];
} group;

typedef struct replay {
    size_t n;
    zsc_linkage_method method;
    long double given[ROWS_MOST][ROWS_MOST];
    long double now[2 * ROWS_MOST][2 * ROWS_MOST];
    group of[2 * ROWS_MOST];
} replay;

static long double of_pairs(const replay *r, const group *a, const group *b)
{
    long double least = INFINITY, most = 0, sum = 0;
    for (size_t i = 0; i < a->size; i++)
        for (size_t j = 0; j < b->size; j++) {
            long double d = r->given[a->row[i]][b->row[j]];
            least = d < least ? d : least;
            most = d > most ? d : most;
            sum += d;
        }
    if (r->method == ZSC_SINGLE) return least;
    return r->method == ZSC_COMPLETE ? most : sum / (long double)(a->size * b->size);
}

static long double of_parts(const replay *r, size_t a, size_t b, size_t i)
{
    long double da = r->now[a][i], db = r->now[b][i], ab = r->now[a][b], wa = (long double)r->of[a].size,
                wb = (long double)r->of[b].size, wi = (long double)r->of[i].size;
    switch (r->method) {
    case ZSC_WEIGHTED: return (da + db) / 2;
    case ZSC_WARD: return sqrtl(((wa + wi) * da * da + (wb + wi) * db * db - wi * ab * ab) / (wa + wb + wi));
    case ZSC_CENTROID:
        return sqrtl(fmaxl(0, wa / (wa + wb) * da * da + wb / (wa + wb) * db * db -
                                  wa * wb / ((wa + wb) * (wa + wb)) * ab * ab));
    case ZSC_MEDIAN: return sqrtl(fmaxl(0, da * da / 2 + db * db / 2 - ab * ab / 4));
    default: return NAN;
    }
}

static void merge(replay *r, size_t a, size_t b, size_t made)
{
    group *union_of = &r->of[made];
    *union_of = r->of[a];
    memcpy(union_of->row + union_of->size, r->of[b].row, r->of[b].size * sizeof *union_of->row);
    union_of->size += r->of[b].size;
    r->of[a].live = r->of[b].live = false;
    bool pairs = r->method == ZSC_SINGLE || r->method == ZSC_COMPLETE || r->method == ZSC_AVERAGE;
    for (size_t i = 0; i < made; i++)
        if (r->of[i].live)
            r->now[i][made] = r->now[made][i] = pairs ? of_pairs(r, union_of, &r->of[i]) : of_parts(r, a, b, i);
}

static long double least_distance(const replay *r, size_t clusters)
{
    long double least = INFINITY;
    for (size_t i = 0; i < clusters; i++)
        for (size_t j = i + 1; j < clusters; j++)
            if (r->of[i].live && r->of[j].live && r->now[i][j] < least) least = r->now[i][j];
    return least;
}

static void check_dendrogram(const double *distances, size_t n, zsc_linkage_method method, const double *z,
                             unsigned number)
{
    static replay r;
    memset(&r, 0, sizeof r);
    r.n = n;
    r.method = method;
    long double scale = 0;
    for (size_t i = 0, at = 0; i < n; i++) {
        r.of[i] = (group){.live = true, .size = 1, .row = {(int32_t)i}};
        for (size_t j = i + 1; j < n; j++, at++) {
            r.given[i][j] = r.given[j][i] = r.now[i][j] = r.now[j][i] = distances[at];
            scale = distances[at] > scale ? distances[at] : scale;
        }
    }
    /* roots of differences of squares lose half of the digits near 0 */
    long double slack = scale * (method >= ZSC_CENTROID || method == ZSC_WARD ? 1e-7L : 1e-13L);
    for (size_t k = 0; k + 1 < n; k++) {
        size_t a = (size_t)z[4 * k], b = (size_t)z[4 * k + 1];
        if (!(a < b && b < n + k && r.of[a].live && r.of[b].live))
            fail_msg("case %u, method %d: row %zu merges %zu and %zu", number, (int)method, k, a, b);
        long double distance = r.now[a][b], least = least_distance(&r, n + k), height = z[4 * k + 2];
        if (fabsl(distance - least) > slack || fabsl(height - distance) > slack)
            fail_msg("case %u, method %d, row %zu: height %Lg, distance %Lg, least %Lg", number, (int)method, k, height,
                     distance, least);
        merge(&r, a, b, n + k);
        r.of[n + k].live = true;
        assert_int_equal((size_t)z[4 * k + 3], r.of[n + k].size);
        if (method < ZSC_CENTROID && k > 0) assert_true(z[4 * k + 2] >= z[4 * k - 2]);
    }
}

/* Rows of kinds: random, on a grid (ties), repeated, all equal. */
static size_t make_rows(unsigned number, size_t d, double *x)
{
    zsc_stream r = zsc_stream_open(number, ZSC_RANDOM_TEST, 77);
    size_t n = number % 5 == 0 ? zsc_stream_below(&r, 4) : zsc_stream_below(&r, ROWS_MOST + 1);
    for (size_t i = 0; i < n * d; i++)
        x[i] = number % 4 == 1    ? (double)zsc_stream_below(&r, 3)
               : number % 4 == 2  ? (double)(i / d % 5)
               : number % 16 == 3 ? 0.1
                                  : zsc_stream_normal(&r);
    return n;
}

static double plain_distance(const double *a, const double *b, size_t d, zsc_metric metric)
{
    long double sum = 0, most = 0, aa = 0, bb = 0, ab = 0;
    for (size_t j = 0; j < d; j++) {
        long double t = fabsl((long double)a[j] - b[j]);
        sum += metric == ZSC_EUCLIDEAN ? t * t : t;
        most = t > most ? t : most;
        aa += (long double)a[j] * a[j];
        bb += (long double)b[j] * b[j];
        ab += (long double)a[j] * b[j];
    }
    if (metric == ZSC_COSINE) return aa == 0 || bb == 0 ? aa != bb : (double)(1 - ab / sqrtl(aa * bb));
    return (double)(metric == ZSC_CHEBYSHEV ? most : metric == ZSC_EUCLIDEAN ? sqrtl(sum) : sum);
}

static void distances_and_dendrograms(void **state)
{
    (void)state;
    enum { D = 6 };
    static double x[ROWS_MOST * D], distances[ROWS_MOST * ROWS_MOST], kept[ROWS_MOST * ROWS_MOST], z[4 * ROWS_MOST];
    static const zsc_metric metrics[] = {ZSC_EUCLIDEAN, ZSC_MANHATTAN, ZSC_CHEBYSHEV, ZSC_COSINE};
    for (unsigned number = 0; number < check_cases(CASES); number++) {
        size_t d = 1 + number % D, n = make_rows(number, d, x), at = 0;
        zsc_metric metric = metrics[number % 7 % 4];
        assert_int_equal(zsc_pairwise_distances_f64(x, n, d, metric, NULL, distances), ZSC_OK);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++, at++)
                assert_true(fabs(distances[at] - plain_distance(x + i * d, x + j * d, d, metric)) < 1e-13);
        for (int m = ZSC_WARD; m <= ZSC_MEDIAN; m++) {
            bool euclidean = m == ZSC_WARD || m == ZSC_CENTROID || m == ZSC_MEDIAN;
            if (euclidean && metric != ZSC_EUCLIDEAN) continue;
            memcpy(kept, distances, at * sizeof *kept);
            const char *how = NULL;
            zsc_status status = zsc_linkage_distances(distances, n, (zsc_linkage_method)m, NULL, z, &how);
            if (status) fail_msg("case %u, method %d: %s", number, m, zsc_error_message());
            assert_non_null(how);
            assert_memory_equal(kept, distances, at * sizeof *kept);
            check_dendrogram(distances, n, (zsc_linkage_method)m, z, number);
        }
    }
}

/* Of rows and of their distances the heights are the same. */
static void same_as_of_rows(void **state)
{
    (void)state;
    enum { N = 200, D = 5 };
    static double x[N * D], distances[N * (N - 1) / 2], a[4 * N], b[4 * N];
    zsc_stream r = zsc_stream_open(5, ZSC_RANDOM_TEST, 78);
    for (size_t i = 0; i < N * D; i++) x[i] = zsc_stream_normal(&r);
    for (int metric = ZSC_EUCLIDEAN; metric <= ZSC_CHEBYSHEV; metric++) {
        assert_int_equal(zsc_pairwise_distances_f64(x, N, D, (zsc_metric)metric, NULL, distances), ZSC_OK);
        for (int m = metric == ZSC_EUCLIDEAN ? ZSC_WARD : ZSC_SINGLE; m <= ZSC_COMPLETE; m++) {
            zsc_linkage_method method = (zsc_linkage_method)m;
            assert_int_equal(zsc_linkage_distances(distances, N, method, NULL, a, NULL), ZSC_OK);
            assert_int_equal(zsc_linkage_metric_f64(x, N, D, method, (zsc_metric)metric, NULL, b, NULL), ZSC_OK);
            for (size_t i = 0; i + 1 < N; i++) {
                assert_true(fabs(a[4 * i + 2] - b[4 * i + 2]) < 1e-12 * (1 + b[4 * i + 2]));
                for (size_t j = 0; j < 4; j++)
                    if (j != 2) assert_true(a[4 * i + j] == b[4 * i + j]);
            }
        }
    }
}

static bool stop(void *data, const char *stage, double done, double total)
{
    (void)stage;
    (void)done;
    (void)total;
    return (*(int *)data)-- > 0;
}

static void refusals(void **state)
{
    (void)state;
    double z[8] = {7, 7, 7, 7, 7, 7, 7, 7}, bad[3] = {1, NAN, 1}, good[3] = {3, 1, 1};
    for (int m = ZSC_WARD; m <= ZSC_MEDIAN; m++) {
        zsc_linkage_method method = (zsc_linkage_method)m;
        assert_int_equal(zsc_linkage_distances(bad, 3, method, NULL, z, NULL), ZSC_ENUMERIC);
        assert_non_null(strstr(zsc_error_message(), "rows 0 and 2"));
        int left = 0;
        zsc_exec exec = {.progress = stop, .progress_data = &left};
        assert_int_equal(zsc_linkage_distances(good, 3, method, &exec, z, NULL), ZSC_EINTERRUPTED);
        zsc_exec small = {.memory_limit = 1000};
        assert_int_equal(zsc_linkage_distances(good, 3, method, &small, z, NULL), ZSC_EUSAGE);
        assert_true(z[0] == 7 && z[2] == 7 && z[7] == 7);
        assert_int_equal(zsc_linkage_distances(NULL, 0, method, NULL, z, NULL), ZSC_OK);
        assert_int_equal(zsc_linkage_distances(NULL, 1, method, NULL, z, NULL), ZSC_OK);
    }
    bad[1] = -1;
    assert_int_equal(zsc_linkage_distances(bad, 3, ZSC_AVERAGE, NULL, z, NULL), ZSC_ENUMERIC);
    bad[1] = INFINITY;
    assert_int_equal(zsc_linkage_distances(bad, 3, ZSC_AVERAGE, NULL, z, NULL), ZSC_ENUMERIC);
    assert_int_equal(zsc_linkage_distances(good, 3, (zsc_linkage_method)99, NULL, z, NULL), ZSC_EUSAGE);
    assert_int_equal(zsc_linkage_distances(good, (size_t)1 << 31, ZSC_WARD, NULL, z, NULL), ZSC_EUSAGE);
    /* no Euclidean distances: the union of 1 and 2 would be at the root of -11/4 from 0 */
    double impossible[3] = {1, 1, 4};
    assert_int_equal(zsc_linkage_distances(impossible, 3, ZSC_CENTROID, NULL, z, NULL), ZSC_OK);
    double far[6] = {4, 4, 1e200, 1e200, 1e200, 1e200};
    assert_int_equal(zsc_linkage_distances(far, 4, ZSC_CENTROID, NULL, z, NULL), ZSC_ENUMERIC);
    float x[4] = {0, 1, 2, 3};
    for (int m = ZSC_WEIGHTED; m <= ZSC_MEDIAN; m++)
        assert_int_equal(zsc_linkage(x, 4, 1, (zsc_linkage_method)m, NULL, z, NULL), ZSC_EUSAGE);
    double out[6];
    assert_int_equal(zsc_pairwise_distances(x, 4, 1, ZSC_INNER_PRODUCT, NULL, out), ZSC_EUSAGE);
    x[2] = NAN;
    assert_int_equal(zsc_pairwise_distances(x, 4, 1, ZSC_EUCLIDEAN, NULL, out), ZSC_ENUMERIC);
    double wide[2] = {-1.7e308, 1.7e308};
    assert_int_equal(zsc_pairwise_distances_f64(wide, 2, 1, ZSC_MANHATTAN, NULL, out), ZSC_ENUMERIC);
}

/* The cuts of peers hold the clusters of the plain cuts, under other numbers; which numbers, tests/cli/peer_cuts.sh
 * asks scikit-learn and SciPy. */
static void peer_cuts(void **state)
{
    (void)state;
    enum { D = 3 };
    static double x[ROWS_MOST * D], z[4 * ROWS_MOST];
    int32_t plain[ROWS_MOST], other[ROWS_MOST];
    for (unsigned number = 0; number < check_cases(CASES / 4); number++) {
        size_t n = make_rows(number, D, x);
        if (n == 0) continue;
        assert_int_equal(zsc_linkage_f64(x, n, D, ZSC_AVERAGE, NULL, z, NULL), ZSC_OK);
        for (size_t k = 1; k <= n; k++) {
            assert_int_equal(zsc_cut_clusters(z, n, k, plain), ZSC_OK);
            assert_int_equal(zsc_cut_scikit_learn(z, n, k, other), ZSC_OK);
            for (size_t i = 0; i < n; i++) {
                assert_in_range(other[i], 0, k - 1);
                for (size_t j = 0; j < i; j++) assert_true((plain[i] == plain[j]) == (other[i] == other[j]));
            }
        }
        for (size_t k = 0; k + 1 < n; k++) {
            size_t clusters, theirs;
            assert_int_equal(zsc_cut_height(z, n, z[4 * k + 2], plain, &clusters), ZSC_OK);
            assert_int_equal(zsc_cut_scipy(z, n, ZSC_FCLUSTER_DISTANCE, z[4 * k + 2], other, &theirs), ZSC_OK);
            assert_int_equal(clusters, theirs);
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < i; j++) assert_true((plain[i] == plain[j]) == (other[i] == other[j]));
            assert_int_equal(zsc_cut_scipy(z, n, ZSC_FCLUSTER_MAXCLUST, (double)(k + 1), other, &theirs), ZSC_OK);
            assert_in_range(theirs, 1, k + 1);
        }
    }
    size_t k;
    assert_int_equal(zsc_cut_scikit_learn(z, 3, 0, plain), ZSC_EUSAGE);
    assert_int_equal(zsc_cut_scikit_learn(z, 3, 4, plain), ZSC_EUSAGE);
    assert_int_equal(zsc_cut_scipy(z, 3, ZSC_FCLUSTER_MAXCLUST, 0, plain, &k), ZSC_EUSAGE);
    assert_int_equal(zsc_cut_scipy(z, 3, ZSC_FCLUSTER_DISTANCE, NAN, plain, &k), ZSC_EUSAGE);
    assert_int_equal(zsc_cut_scipy(z, 3, (zsc_fcluster_criterion)9, 1, plain, &k), ZSC_EUSAGE);
    z[0] = 5;
    assert_int_equal(zsc_cut_scikit_learn(z, 3, 2, plain), ZSC_EINPUT);
    assert_int_equal(zsc_cut_scipy(z, 3, ZSC_FCLUSTER_DISTANCE, 1, plain, &k), ZSC_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_and_dendrograms),
        cmocka_unit_test(same_as_of_rows),
        cmocka_unit_test(refusals),
        cmocka_unit_test(peer_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
