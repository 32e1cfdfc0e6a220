/* New rows in a clustering against the definition, in double: labels, distances, what is nearest, the quantile. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "plain_knn.h"
#include "base/random.h"
#include "zsc/assign.h"

typedef struct problem {
    size_t n, m, d, clusters; /* labels are 7 times 0 .. clusters - 1 */
    int noise;                /* every so manieth row is in no cluster; 0: none is */
    float *x, *rows;
    int32_t *label;
    char name[160];
} problem;

static void make(problem *p, uint64_t seed)
{
    zsc_stream r = zsc_stream_open(seed, ZSC_RANDOM_TEST, 901);
    p->n = 2 + zsc_stream_below(&r, 90);
    p->m = zsc_stream_below(&r, 40);
    p->d = 1 + zsc_stream_below(&r, 20);
    p->clusters = 1 + zsc_stream_below(&r, p->n < 9 ? p->n : 9);
    p->noise = (int)zsc_stream_below(&r, 4) * 2;
    p->x = malloc(p->n * p->d * sizeof *p->x);
    p->rows = malloc((p->m * p->d + 1) * sizeof *p->rows);
    p->label = malloc(p->n * sizeof *p->label);
    for (size_t i = 0; i < p->n; i++) {
        int32_t own = (int32_t)zsc_stream_below(&r, p->clusters);
        p->label[i] = i > 1 && p->noise && (int)(i % (size_t)p->noise) == 0 ? -1 - own : 7 * own;
        for (size_t j = 0; j < p->d; j++) p->x[i * p->d + j] = (float)(zsc_stream_normal(&r) + 3 * (own % 3));
        if (i > 2 && i % 11 == 0) memcpy(p->x + i * p->d, p->x + (i - 2) * p->d, p->d * sizeof *p->x);
    }
    for (size_t i = 0; i < p->m * p->d; i++) p->rows[i] = (float)(2 * zsc_stream_normal(&r));
    for (size_t i = 0; i < p->m; i += 3) /* some are rows of the model */
        memcpy(p->rows + i * p->d, p->x + i % p->n * p->d, p->d * sizeof *p->x);
    snprintf(p->name, sizeof p->name, "seed %llu: %zu rows of %zu columns, %zu clusters, %zu new rows, noise %d",
             (unsigned long long)seed, p->n, p->d, p->clusters, p->m, p->noise);
}

static void drop(problem *p)
{
    free(p->x);
    free(p->rows);
    free(p->label);
}

/* The distance of a row to a cluster's mean, or to the nearest row of it but `self`. */
static double to_cluster(const problem *p, const float *row, int32_t label, size_t self, const zsc_assign_options *o)
{
    double best = INFINITY;
    double mean[32] = {0};
    size_t count = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->label[i] != label) continue;
        count++;
        for (size_t j = 0; j < p->d; j++) mean[j] += (double)p->x[i * p->d + j];
        if (o->by == ZSC_ASSIGN_NEIGHBOR && i != self)
            best = fmin(best, plain_distance(row, p->x + i * p->d, p->d, o->metric));
    }
    if (o->by == ZSC_ASSIGN_NEIGHBOR || count == 0) return best;
    double sum = 0;
    for (size_t j = 0; j < p->d; j++) sum += pow((double)row[j] - mean[j] / (double)count, 2);
    return sqrt(sum);
}

static double to_nearest(const problem *p, const float *row, size_t self, const zsc_assign_options *o)
{
    double best = INFINITY;
    for (size_t c = 0; c < p->clusters; c++) best = fmin(best, to_cluster(p, row, (int32_t)(7 * c), self, o));
    return best;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double plain_limit(const problem *p, const zsc_assign_options *o)
{
    double *own = malloc(p->n * sizeof *own);
    size_t count = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->label[i] >= 0) own[count++] = to_nearest(p, p->x + i * p->d, i, o);
    qsort(own, count, sizeof *own, ascending);
    double place = o->quantile * (double)(count - 1), below = floor(place);
    size_t i = (size_t)below, next = i + 1 < count ? i + 1 : i;
    double limit = own[i] + (place - below) * (own[next] - own[i]);
    free(own);
    return limit;
}

/* Centroids are rounded to single precision, of coordinates below 32; angles are off by some roundings. */
static double slack_of(const zsc_assign_options *o, double distance)
{
    return 4e-6 + (o->metric == ZSC_COSINE || o->metric == ZSC_CORRELATION ? 1e-7 : 0) + 1e-6 * distance;
}

static void compare(const problem *p, const zsc_assign_options *o, int threads)
{
    const zsc_assign_model model = {p->x, p->n, p->d, p->label};
    const zsc_exec exec = {.threads = threads};
    zsc_assigned found = {0};
    size_t novel = 0;
    if (zsc_assign(&model, p->rows, p->m, o, &exec, &found) != ZSC_OK) fail_msg("%s: %s", p->name, zsc_error_message());
    assert_int_equal(found.n, p->m);
    double limit = plain_limit(p, o);
    if (fabs(found.limit - limit) > slack_of(o, limit)) fail_msg("%s: limit %g, not %g", p->name, found.limit, limit);
    for (size_t i = 0; i < p->m; i++) {
        const float *row = p->rows + i * p->d;
        double distance = (double)found.distance[i], truth = to_nearest(p, row, SIZE_MAX, o);
        double own = to_cluster(p, row, found.label[i], SIZE_MAX, o), slack = slack_of(o, truth);
        if (fabs(distance - truth) > slack || own > truth + slack)
            fail_msg("%s: row %zu: distance %.9g, not %.9g, to cluster %d %.9g", p->name, i, distance, truth,
                     (int)found.label[i], own);
        assert_int_equal(found.novel[i], distance > found.limit);
        novel += found.novel[i];
        if (o->by == ZSC_ASSIGN_CENTROID) continue;
        const size_t nearest = (size_t)found.nearest[i];
        assert_int_equal(p->label[nearest], found.label[i]);
        if (fabs(plain_distance(row, p->x + nearest * p->d, p->d, o->metric) - truth) > slack)
            fail_msg("%s: row %zu: row %zu is not the nearest", p->name, i, nearest);
    }
    assert_int_equal(novel, found.novel_rows);
    assert_true((found.nearest != NULL) == (o->by == ZSC_ASSIGN_NEIGHBOR));
    zsc_assigned_free(&found);
}

static void against_definition(void **state)
{
    (void)state;
    static const double quantiles[] = {0, 0.5, 0.95, 1};
    for (uint64_t seed = 0; seed < check_cases(120); seed++) {
        problem p = {0};
        make(&p, seed);
        zsc_assign_options o = zsc_assign_defaults();
        o.quantile = quantiles[seed % 4];
        compare(&p, &o, 1 + (int)(seed % 3));
        o.by = ZSC_ASSIGN_NEIGHBOR;
        for (int metric = ZSC_EUCLIDEAN; metric < ZSC_INNER_PRODUCT; metric++) {
            if (p.d < 3 && (metric == ZSC_COSINE || metric == ZSC_CORRELATION)) continue; /* hardly a direction */
            o.metric = (zsc_metric)metric;
            compare(&p, &o, 1 + (int)(seed % 2));
        }
        drop(&p);
    }
}

/* A new row is assigned alike whatever comes with it, on any number of threads; a row of the model is at distance 0. */
static void one_by_one(void **state)
{
    (void)state;
    problem p = {0};
    make(&p, 5);
    const zsc_assign_model model = {p.x, p.n, p.d, p.label};
    for (int by = 0; by < 2; by++) {
        zsc_assign_options o = zsc_assign_defaults();
        zsc_assigned all = {0}, one = {0}, own = {0};
        const zsc_exec four = {.threads = 4};
        o.by = (zsc_assign_by)by;
        assert_int_equal(zsc_assign(&model, p.rows, p.m, &o, &four, &all), ZSC_OK);
        for (size_t i = 0; i < p.m; i++) {
            assert_int_equal(zsc_assign(&model, p.rows + i * p.d, 1, &o, NULL, &one), ZSC_OK);
            assert_int_equal(one.label[0], all.label[i]);
            assert_memory_equal(one.distance, all.distance + i, sizeof *one.distance);
            zsc_assigned_free(&one);
        }
        assert_int_equal(zsc_assign(&model, p.x, p.n, &o, NULL, &own), ZSC_OK);
        for (size_t i = 0; by == ZSC_ASSIGN_NEIGHBOR && i < p.n; i++)
            if (p.label[i] >= 0) assert_true(own.distance[i] == 0);
        zsc_assigned_free(&own);
        zsc_assigned_free(&all);
    }
    drop(&p);
}

static void refused(zsc_status wanted, const char *words, const zsc_assign_model *model, const float *rows,
                    const zsc_assign_options *o)
{
    zsc_assigned out = {.n = 99};
    assert_int_equal(zsc_assign(model, rows, 1, o, NULL, &out), wanted);
    if (!strstr(zsc_error_message(), words)) fail_msg("no '%s' in: %s", words, zsc_error_message());
    assert_int_equal(out.n, 99);
}

static void refusals(void **state)
{
    (void)state;
    float x[] = {0, 1, 2, 3, NAN, 5}, rows[] = {1, 1, INFINITY, 0};
    int32_t label[] = {3, 3, -1}, none[] = {-1, -2, -1};
    zsc_assign_model model = {x, 2, 2, label}, three = {x, 3, 2, label}, empty = {x, 2, 2, none},
                     one = {x, 1, 2, label};
    zsc_assign_options o = zsc_assign_defaults();
    refused(ZSC_ENUMERIC, "rows that were clustered", &three, rows, &o);
    refused(ZSC_ENUMERIC, "new rows: 1 of 1 row holds NaN or infinity", &model, rows + 2, &o);
    refused(ZSC_EUSAGE, "0 of 2 rows are in a cluster", &empty, rows, &o);
    o.quantile = 1.01;
    refused(ZSC_EUSAGE, "quantile is 1.01; expected 0 to 1", &model, rows, &o);
    o.quantile = NAN;
    refused(ZSC_EUSAGE, "quantile is nan", &model, rows, &o);
    o = zsc_assign_defaults();
    o.metric = ZSC_COSINE;
    refused(ZSC_EUSAGE, "centroids are means", &model, rows, &o);
    o.by = ZSC_ASSIGN_NEIGHBOR;
    refused(ZSC_EUSAGE, "1 of 1 rows are in a cluster; assigning new rows needs at least 2", &one, rows, &o);
    o.metric = ZSC_INNER_PRODUCT;
    refused(ZSC_EUSAGE, "metric 5", &model, rows, &o);
    o.by = (zsc_assign_by)7;
    refused(ZSC_EUSAGE, "by centroid or neighbor", &model, rows, &o);
    const zsc_exec little = {.memory_limit = 1};
    zsc_assigned out = {0};
    assert_int_equal(zsc_assign(&model, rows, 1, NULL, &little, &out), ZSC_EUSAGE);
    assert_int_equal(zsc_assign(&model, rows, 0, NULL, NULL, &out), ZSC_OK);
    assert_int_equal(out.n, 0);
    assert_int_equal(out.clusters, 1);
    zsc_assigned_free(&out);
    zsc_assigned_free(&out);
    zsc_assigned_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(against_definition), cmocka_unit_test(one_by_one),
                                       cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
