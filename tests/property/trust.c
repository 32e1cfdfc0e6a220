/* Trustworthiness against its definition, and against what is known of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/isa.h"
#include "base/random.h"
#include "zsc/umap.h"

static float *gauss(size_t n, size_t d, uint64_t seed)
{
    float *x = malloc(n * d * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        zsc_stream s = zsc_stream_open(seed, ZSC_RANDOM_TEST, i);
        for (size_t j = 0; j < d; j++) x[i * d + j] = (float)zsc_stream_normal(&s);
    }
    return x;
}

static double distance(const float *x, size_t d, size_t i, size_t j, zsc_metric metric)
{
    double sum = 0, dot = 0, a = 0, b = 0;
    for (size_t p = 0; p < d && metric == ZSC_COSINE; p++) {
        dot += (double)x[i * d + p] * (double)x[j * d + p];
        a += (double)x[i * d + p] * (double)x[i * d + p];
        b += (double)x[j * d + p] * (double)x[j * d + p];
    }
    if (metric == ZSC_COSINE) return 1 - dot / sqrt(a * b);
    for (size_t p = 0; p < d; p++) {
        double t = fabs((double)x[i * d + p] - (double)x[j * d + p]);
        sum = metric == ZSC_MANHATTAN ? sum + t : metric == ZSC_CHEBYSHEV ? fmax(sum, t) : sum + t * t;
    }
    return sum;
}

static double *distances(const float *x, size_t n, size_t d, zsc_metric metric)
{
    double *t = malloc(n * n * sizeof *t);
    assert_non_null(t);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) t[i * n + j] = distance(x, d, i, j, metric);
    return t;
}

/* Rank of j among the neighbours of i, whose distances are t: 1 for the nearest; equal distances by index. */
static size_t rank(const double *t, size_t n, size_t i, size_t j)
{
    size_t r = 1;
    for (size_t l = 0; l < n; l++) r += l != i && l != j && (l < j ? t[l] <= t[j] : t[l] < t[j]);
    return r;
}

static double plain(const float *x, size_t d, const float *y, size_t dim, size_t n, size_t k, zsc_metric metric)
{
    double sum = 0, *far = distances(x, n, d, metric), *shown = distances(y, n, dim, ZSC_EUCLIDEAN);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (j == i || rank(shown + i * n, n, i, j) > k) continue;
            size_t r = rank(far + i * n, n, i, j);
            if (r > k) sum += (double)(r - k);
        }
    free(far);
    free(shown);
    double size = (double)n, neighbours = (double)k;
    return 1 - 2 * sum / (size * neighbours * (2 * size - 3 * neighbours - 1));
}

/* Sums of whole ranks: equal up to the last division. Whole-number coordinates tie often. */
static void equals_the_definition(void **state)
{
    (void)state;
    static const size_t shape[][4] = {{3, 2, 2, 1},    {10, 1, 1, 4},    {60, 5, 2, 7},
                                      {121, 3, 2, 60}, {260, 20, 3, 15}, {700, 40, 3, 20}};
    static const zsc_metric metrics[] = {ZSC_EUCLIDEAN, ZSC_MANHATTAN, ZSC_CHEBYSHEV, ZSC_COSINE};
    for (size_t s = 0; s < sizeof shape / sizeof *shape; s++)
        for (size_t m = 0; m < 4; m++)
            for (int whole = 0; whole < 2; whole++) {
                if (metrics[m] == ZSC_COSINE && (whole || shape[s][1] == 1))
                    continue; /* cosines tie there but for rounding */
                size_t n = shape[s][0], d = shape[s][1], dim = shape[s][2], k = shape[s][3];
                float *x = gauss(n, d, s), *y = gauss(n, dim, s + 100);
                for (size_t i = 0; i < n * dim; i++) y[i] = x[i / dim * d] + 0.5f * y[i]; /* something in common */
                for (size_t i = 0; whole && i < n * d; i++) x[i] = roundf(2 * x[i]);
                for (size_t i = 0; whole && i < n * dim; i++) y[i] = roundf(2 * y[i]);
                double found = NAN, truth = plain(x, d, y, dim, n, k, metrics[m]);
                if (zsc_trustworthiness(x, d, y, dim, n, k, metrics[m], NULL, &found) != ZSC_OK)
                    fail_msg("%s", zsc_error_message());
                if (!(fabs(found - truth) < 1e-12))
                    fail_msg("n=%zu d=%zu dim=%zu k=%zu metric=%d whole=%d: %.15g, not %.15g", n, d, dim, k,
                             (int)metrics[m], whole, found, truth);
                free(x);
                free(y);
            }
}

static void a_copy_is_trustworthy(void **state)
{
    (void)state;
    float *x = gauss(3000, 12, 5);
    double found = NAN;
    assert_int_equal(zsc_trustworthiness(x, 12, x, 12, 3000, 15, ZSC_EUCLIDEAN, NULL, &found), ZSC_OK);
    assert_true(found == 1.0);
    /* What has nothing to do with x shows neighbours of mean rank n / 2: T is near one half, within 5 standard errors.
     */
    float *y = gauss(3000, 2, 6);
    assert_int_equal(zsc_trustworthiness(x, 12, y, 2, 3000, 15, ZSC_EUCLIDEAN, NULL, &found), ZSC_OK);
    assert_true(fabs(found - 0.5) < 5 * 0.58 / sqrt(3000.0 * 15));
    free(x);
    free(y);
}

static void same_at_any_number_of_threads(void **state)
{
    (void)state;
    float *x = gauss(1500, 30, 7), *y = gauss(1500, 2, 8);
    for (size_t i = 0; i < 3000; i++) y[i] += x[i / 2 * 30 + i % 2];
    double first = NAN;
    for (int threads = 1; threads <= 8; threads += threads == 2 ? 1 : threads) {
        zsc_exec exec = {.threads = threads};
        double found = NAN;
        assert_int_equal(zsc_trustworthiness(x, 30, y, 2, 1500, 10, ZSC_COSINE, &exec, &found), ZSC_OK);
        if (threads == 1) first = found;
        assert_true(found == first);
    }
    free(x);
    free(y);
}

static void refusals(void **state)
{
    (void)state;
    float *x = gauss(20, 3, 9);
    double out = 7;
    assert_int_equal(zsc_trustworthiness(x, 3, x, 3, 20, 10, ZSC_EUCLIDEAN, NULL, &out), ZSC_EUSAGE);
    assert_int_equal(zsc_trustworthiness(x, 3, x, 3, 20, 0, ZSC_EUCLIDEAN, NULL, &out), ZSC_EUSAGE);
    x[7] = NAN;
    assert_int_equal(zsc_trustworthiness(x, 3, x, 3, 20, 3, ZSC_EUCLIDEAN, NULL, &out), ZSC_ENUMERIC);
    assert_true(out == 7);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_definition),
        cmocka_unit_test(a_copy_is_trustworthy),
        cmocka_unit_test(same_at_any_number_of_threads),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
