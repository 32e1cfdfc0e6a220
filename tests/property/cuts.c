/* Numbers of clusters from dendrograms, against plain code on random and awkward rows: silhouettes of many cuts are
 * those of each cut alone, rules by heights are searched by hand, and heights in standardised units cut the dendrogram
 * of rows that were standardised. ZSC_CHECK_LONG=100 runs 100 times as many cases; ZSC_CHECK_CASE=17 runs case 17
 * alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../long.h"
#include "base/elementary.h"
#include "base/random.h"
#include "zsc/zsc.h"

enum { CASES = 150, MOST_ROWS = 400, MOST_DIM = 12 };

typedef struct rows {
    unsigned number;
    size_t n, d;
    float x[MOST_ROWS * MOST_DIM];
    double z[4 * MOST_ROWS];
    zsc_linkage_method method;
} rows;

/* Gauss, well-separated groups, integer grids with repeated rows, equal rows, far from 0. */
static rows *make_rows(unsigned number)
{
    rows *r = calloc(1, sizeof *r);
    assert_non_null(r);
    zsc_stream s = zsc_stream_open(number, ZSC_RANDOM_TEST, 40);
    r->number = number;
    r->n = number % 7 == 0 ? zsc_stream_below(&s, 9) : 1 + zsc_stream_below(&s, number % 31 == 0 ? MOST_ROWS : 90);
    r->d = 1 + zsc_stream_below(&s, MOST_DIM);
    r->method = (zsc_linkage_method)(number % 4);
    for (size_t i = 0; i < r->n; i++)
        for (size_t j = 0; j < r->d; j++) {
            zsc_stream centre = zsc_stream_open(number, ZSC_RANDOM_TEST, 1000 + 50 * (i % 5) + j);
            double noise = zsc_stream_normal(&s), x = noise;
            if (number % 5 == 1) x = 20 * zsc_stream_normal(&centre) + noise;
            if (number % 5 == 2) x = floor(2 * noise);
            if (number % 5 == 3) x = 1e4 + noise * (double)(j + 1);
            if (number % 25 == 4) x = 7;
            r->x[i * r->d + j] = (float)x;
        }
    assert_int_equal(zsc_linkage(r->x, r->n, r->d, r->method, NULL, r->z, NULL), ZSC_OK);
    return r;
}

static void each_case(void (*check)(rows *))
{
    const char *one = getenv("ZSC_CHECK_CASE");
    unsigned first = one ? (unsigned)strtoul(one, NULL, 10) : 0, end = one ? first + 1 : (unsigned)check_cases(CASES);
    for (unsigned number = first; number < end; number++) {
        rows *r = make_rows(number);
        check(r);
        free(r);
    }
}

/* --- Silhouettes */
static void check_silhouettes(rows *r)
{
    size_t k[MOST_ROWS], count = 0, step = r->n < 30 ? 1 : 1 + r->number % 7;
    double one[MOST_ROWS], two[MOST_ROWS], *wide = calloc(r->n * r->d + 1, sizeof *wide);
    int32_t label[MOST_ROWS];
    assert_non_null(wide);
    for (size_t i = 0; i < r->n * r->d; i++) wide[i] = (double)r->x[i];
    for (size_t c = 2; c < r->n; c += step) k[count++] = c;
    assert_int_equal(zsc_silhouette_cuts(r->x, r->n, r->d, r->z, k, count, &(zsc_exec){.threads = 1}, one), ZSC_OK);
    assert_int_equal(zsc_silhouette_cuts_f64(wide, r->n, r->d, r->z, k, count, &(zsc_exec){.threads = 3}, two), ZSC_OK);
    assert_memory_equal(one, two, count * sizeof *one);
    for (size_t i = 0; i < count; i++) {
        zsc_internal_scores s;
        assert_int_equal(zsc_cut_clusters(r->z, r->n, k[i], label), ZSC_OK);
        assert_int_equal(zsc_score_internal(r->x, r->n, r->d, label, NULL, &s), ZSC_OK);
        /* sums in another order: distances keep ten digits */
        if (!(fabs(one[i] - s.silhouette) <= 1e-9))
            fail_msg("case %u (%zu x %zu): silhouette of %zu clusters is %.17g, of that cut alone %.17g", r->number,
                     r->n, r->d, k[i], one[i], s.silhouette);
    }
    free(wide);
}

static void test_silhouettes_of_cuts_are_those_of_each_cut(void **state)
{
    (void)state;
    each_case(check_silhouettes);
}

static void test_silhouettes_refuse(void **state)
{
    (void)state;
    const float x[] = {0, 1, 5, 7};
    const double z[] = {0, 1, 1, 2, 2, 3, 2, 2, 4, 5, 7, 4}, bad[] = {0, 1, 1, 2, 0, 3, 2, 2, 4, 5, 7, 4};
    double out[3] = {9, 9, 9};
    const size_t all[] = {1, 2, 3}, twice[] = {2, 2}, four[] = {4}, fine[] = {2, 3};
    assert_int_equal(zsc_silhouette_cuts(x, 4, 1, z, all, 3, NULL, out), ZSC_EUSAGE);
    assert_int_equal(zsc_silhouette_cuts(x, 4, 1, z, twice, 2, NULL, out), ZSC_EUSAGE);
    assert_int_equal(zsc_silhouette_cuts(x, 4, 1, z, four, 1, NULL, out), ZSC_EUSAGE);
    assert_int_equal(zsc_silhouette_cuts(x, 4, 1, bad, fine, 2, NULL, out), ZSC_EINPUT);
    assert_int_equal(zsc_silhouette_cuts(x, 4, 1, z, fine, 2, &(zsc_exec){.memory_limit = 1000}, out), ZSC_EUSAGE);
    const float nan[] = {0, 1, NAN, 7};
    assert_int_equal(zsc_silhouette_cuts(nan, 4, 1, z, fine, 2, NULL, out), ZSC_ENUMERIC);
    assert_true(out[0] == 9 && out[2] == 9);
    assert_int_equal(zsc_silhouette_cuts(x, 4, 1, z, fine, 2, NULL, out), ZSC_OK);
    /* two clusters {0, 1}, {5, 7}: rows 5/6, 4/5, 5/9 - ... by hand: 1 - 1/6, 1 - 1/5, 1 - 2/4.5, 1 - 2/6.5 */
    assert_true(fabs(out[0] - (4 - 1 / 6. - 1 / 5. - 2 / 4.5 - 2 / 6.5) / 4) < 1e-12);
    assert_true(fabs(out[1] - (2 - 1 / 5. - 1 / 4.) / 4) < 1e-12);
}

/* --- Rules by heights */
/* The height of the merge that leaves k clusters. */
static double leaves(const rows *r, size_t k) { return r->z[4 * (r->n - 1 - k) + 2]; }

static size_t distinct(const rows *r)
{
    size_t zero = 0;
    while (zero + 1 < r->n && r->z[4 * zero + 2] == 0) zero++;
    return r->n - zero;
}

static void check_curve(const rows *r, const char *rule, const zsc_cut_curve *c, size_t expected, double value)
{
    size_t most = distinct(r) / 2, at = SIZE_MAX;
    for (size_t i = 0; i < c->count; i++) {
        assert_true(c->k[i] >= 2 && c->k[i] <= most && (!i || c->k[i] > c->k[i - 1]));
        if (c->k[i] == c->clusters) at = i;
    }
    if (c->clusters != expected || (c->count && (at == SIZE_MAX || c->value[at] != value)))
        fail_msg("case %u (%zu x %zu): %s chooses %zu clusters of value %.17g, expected %zu of %.17g", r->number, r->n,
                 r->d, rule, c->clusters, at == SIZE_MAX ? NAN : c->value[at], expected, value);
}

static void check_rules(rows *r)
{
    size_t m = distinct(r), by_gap = 1, by_elbow = 1;
    double gap = -INFINITY, elbow = -INFINITY;
    bool flat = m < 2 || leaves(r, 1) == leaves(r, m - 1);
    for (size_t k = 2; k <= m / 2 && !flat; k++) {
        double g = zsc_log(leaves(r, k - 1) / leaves(r, k)); /* its last digit decides ties */
        double y = (leaves(r, k - 1) - leaves(r, m - 1)) / (leaves(r, 1) - leaves(r, m - 1));
        double e = 1 - (double)(k - 2) / (double)(m - 2) - y;
        if (g > gap) gap = g, by_gap = k;
        if (e > elbow) elbow = e, by_elbow = k;
    }
    zsc_cut_curve c;
    assert_int_equal(zsc_cut_gap(r->z, r->n, &c), ZSC_OK);
    check_curve(r, "gap", &c, by_gap, gap);
    zsc_cut_curve_free(&c);
    assert_int_equal(zsc_cut_elbow(r->z, r->n, &c), ZSC_OK);
    check_curve(r, "elbow", &c, by_elbow, elbow);
    zsc_cut_curve_free(&c);
    assert_int_equal(zsc_cut_grid(r->z, r->n, &c), ZSC_OK);
    assert_true((c.count == 0) == (m / 2 < 2) && c.clusters == 1);
    for (size_t i = 0; i < c.count; i++) {
        assert_true(c.k[i] <= m / 2 && (i ? c.k[i] > c.k[i - 1] : c.k[i] == 2));
        if (i > 4) assert_true((double)c.k[i] / (double)c.k[i - 1] < 1.35);
    }
    if (c.count) assert_true((double)c.k[c.count - 1] * 1.35 + 1 > (double)(m / 2));
    zsc_cut_curve_free(&c);
}

static void test_rules_find_what_a_search_by_hand_finds(void **state)
{
    (void)state;
    each_case(check_rules);
}

/* Groups far from each other are found by every rule. */
static void test_rules_find_planted_groups(void **state)
{
    (void)state;
    enum { GROUPS = 12, EACH = 20, N = GROUPS * EACH, D = 6 };
    static float x[N * D];
    static double z[4 * N];
    zsc_stream s = zsc_stream_open(5, ZSC_RANDOM_TEST, 0);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < D; j++)
            x[i * D + j] = (float)(zsc_stream_normal(&s) / 100 + (i % GROUPS == j ? 9 : i % GROUPS == j + D ? -9 : 0));
    assert_int_equal(zsc_linkage(x, N, D, ZSC_WARD, NULL, z, NULL), ZSC_OK);
    zsc_cut_curve c;
    assert_int_equal(zsc_cut_gap(z, N, &c), ZSC_OK);
    assert_int_equal(c.clusters, GROUPS);
    zsc_cut_curve_free(&c);
    assert_int_equal(zsc_cut_elbow(z, N, &c), ZSC_OK);
    assert_in_range(c.clusters, GROUPS, GROUPS + 1);
    zsc_cut_curve_free(&c);
    assert_int_equal(zsc_cut_grid(z, N, &c), ZSC_OK);
    assert_int_equal(zsc_silhouette_cuts(x, N, D, z, c.k, c.count, NULL, c.value), ZSC_OK);
    zsc_cut_choose(&c);
    assert_in_range(c.clusters, 11, 13); /* the grid has 11 and 13 beside 12 */
    zsc_cut_curve_free(&c);
}

static void test_rules_refuse_what_is_no_dendrogram(void **state)
{
    (void)state;
    const double bad[] = {0, 1, 1, 2, 0, 3, 2, 2, 4, 5, 7, 4};
    zsc_cut_curve c = {.count = 77};
    assert_int_equal(zsc_cut_gap(bad, 4, &c), ZSC_EINPUT);
    assert_int_equal(zsc_cut_elbow(bad, 4, &c), ZSC_EINPUT);
    assert_int_equal(zsc_cut_grid(bad, 4, &c), ZSC_EINPUT);
    assert_int_equal(c.count, 77);
}

/* --- Standardised units */
static void check_height(rows *r)
{
    double height, sum = 0, *wide = calloc(r->n * r->d + 1, sizeof *wide), *z = calloc(4 * r->n + 1, sizeof *z);
    assert_true(wide && z);
    for (size_t j = 0; j < r->d && r->n; j++) {
        long double mean = 0, square = 0;
        for (size_t i = 0; i < r->n; i++) mean += (long double)r->x[i * r->d + j];
        mean /= (long double)r->n;
        for (size_t i = 0; i < r->n; i++) {
            long double t = (long double)r->x[i * r->d + j] - mean;
            square += t * t / (long double)r->n;
            wide[i * r->d + j] = (double)t;
        }
        sum += sqrt((double)square) / (double)r->d;
    }
    assert_int_equal(zsc_standardised_height(r->x, r->n, r->d, &height), ZSC_OK);
    double expected = sum * sqrt((double)r->d);
    if (!(fabs(height - expected) <= 1e-12 * expected))
        fail_msg("case %u: height %.17g, expected %.17g", r->number, height, expected);
    /* The heights of Z are those of x in these units, but where distances tie, which rounding undoes. */
    if (expected > 0 && r->number % 5 != 2) {
        for (size_t i = 0; i < r->n * r->d; i++) wide[i] /= expected;
        assert_int_equal(zsc_linkage_f64(wide, r->n, r->d, r->method, NULL, z, NULL), ZSC_OK);
        for (size_t i = 0; i + 1 < r->n; i++)
            if (!(fabs(z[4 * i + 2] * height - r->z[4 * i + 2]) <= 1e-9 * r->z[4 * r->n - 6]))
                fail_msg("case %u: height %zu of Z is %.17g, of x %.17g", r->number, i, z[4 * i + 2] * height,
                         r->z[4 * i + 2]);
    }
    free(wide);
    free(z);
}

static void test_standardised_heights(void **state)
{
    (void)state;
    each_case(check_height);
    const double huge[] = {-1.7e308, 1.7e308};
    double height = 3;
    assert_int_equal(zsc_standardised_height_f64(huge, 2, 1, &height), ZSC_ENUMERIC);
    assert_true(height == 3);
    assert_int_equal(zsc_standardised_height(NULL, 0, 4, &height), ZSC_OK);
    assert_true(height == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silhouettes_of_cuts_are_those_of_each_cut),
        cmocka_unit_test(test_silhouettes_refuse),
        cmocka_unit_test(test_rules_find_what_a_search_by_hand_finds),
        cmocka_unit_test(test_rules_find_planted_groups),
        cmocka_unit_test(test_rules_refuse_what_is_no_dendrogram),
        cmocka_unit_test(test_standardised_heights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
