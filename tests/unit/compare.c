/* Resampling and comparison: a resample's AMI equals that of its rows written out; intervals hold what they should
 * about as often as they say; results are grouped, lined up and compared. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "metrics/bootstrap.h"
#include "experiment/series/comparison.h"
#include "experiment/series/comparison_differences.h"

/* --- Resamples */
enum { ROWS = 300, UNITS = 40, RESAMPLES = 100 };

static struct {
    int32_t labels[ROWS], good[ROWS], poor[ROWS], unit[ROWS];
} data;

static void make_data(uint64_t seed)
{
    zsc_stream r = zsc_stream_open(seed, ZSC_RANDOM_TEST, 0);
    for (size_t i = 0; i < ROWS; i++) {
        double u = zsc_stream_uniform(&r);
        data.unit[i] = (int32_t)(UNITS * u * u);
        data.labels[i] = zsc_stream_below(&r, 20) ? data.unit[i] / 2 : -1;
        data.good[i] = zsc_stream_below(&r, 10) ? data.unit[i] / 2 : (int32_t)zsc_stream_below(&r, 30);
        data.poor[i] = zsc_stream_below(&r, 2) ? data.unit[i] / 2 : (int32_t)zsc_stream_below(&r, 30);
    }
}

/* The rows of a resample, as often as they are in it, scored by zsc_score. */
static double plain(const int32_t *clusters, zsc_missing missing, const uint16_t *weight)
{
    static int32_t a[ROWS * 64], b[ROWS * 64];
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++)
        for (uint16_t w = 0; w < weight[data.unit[i]]; w++) {
            assert_true(n < ROWS * 64);
            a[n] = data.labels[i];
            b[n++] = clusters[i];
        }
    zsc_scores s;
    assert_int_equal(zsc_score(a, b, n, missing, NULL, &s), ZSC_OK);
    return s.ami[ZSC_ARITHMETIC];
}

static void check_resamples(zsc_missing missing)
{
    static double ami[RESAMPLES * 2], alone[RESAMPLES];
    zsc_resampling r = {.count = RESAMPLES, .seed = 5};
    zsc_labelling both[] = {{data.labels, data.good, missing}, {data.labels, data.poor, missing}};
    zsc_exec exec = {.threads = 1};
    assert_int_equal(zsc_resample_ami(both, 2, ROWS, data.unit, UNITS, &r, &exec, ami), ZSC_OK);
    exec.threads = 3;
    assert_int_equal(zsc_resample_ami(both + 1, 1, ROWS, data.unit, UNITS, &r, &exec, alone), ZSC_OK);
    for (size_t b = 0; b < RESAMPLES; b++) {
        int32_t order[UNITS];
        uint16_t weight[UNITS];
        size_t total = 0;
        zsc_resample_draw(&r, b, UNITS, order, weight);
        for (size_t u = 0; u < UNITS; u++) total += weight[u];
        assert_int_equal(total, UNITS / 2);
        assert_true(fabs(ami[2 * b] - plain(data.good, missing, weight)) < 1e-13);
        assert_true(fabs(ami[2 * b + 1] - plain(data.poor, missing, weight)) < 1e-13);
        assert_true(alone[b] == ami[2 * b + 1]); /* paired: the same rows whoever is scored */
        zsc_resampling rest = r;
        uint16_t other[UNITS];
        rest.rest = true;
        zsc_resample_draw(&rest, b, UNITS, order, other);
        for (size_t u = 0; u < UNITS; u++) assert_int_equal(weight[u] + other[u], 1);
    }
    assert_true(ami[0] != ami[2] && ami[2] != ami[4]);
}

static void test_resamples_equal_rows_written_out(void **state)
{
    (void)state;
    make_data(1);
    check_resamples(ZSC_MISSING_DROP);
    check_resamples(ZSC_MISSING_CLASS);
}

static void test_resample_of_nothing(void **state)
{
    (void)state;
    int32_t labels[ROWS];
    double ami[4];
    make_data(1);
    for (size_t i = 0; i < ROWS; i++) labels[i] = -1;
    zsc_labelling l = {labels, data.good, ZSC_MISSING_DROP};
    zsc_resampling r = {.count = 4};
    assert_int_equal(zsc_resample_ami(&l, 1, ROWS, data.unit, UNITS, &r, NULL, ami), ZSC_OK);
    assert_true(isnan(ami[0]) && isnan(ami[3]));
}

/* Of a sum of terms w over the units the influences are the terms, less their mean, U / (U - 1) times. */
static void test_influences(void **state)
{
    (void)state;
    enum { COUNT = 3000, U = 21, CELLS = 2 };
    static double d[CELLS * COUNT], out[CELLS * (U + 1)], same[CELLS * (U + 1)];
    const zsc_resampling r = {.count = COUNT, .seed = 9};
    double term[U], mean = 0, s = 0;
    for (size_t i = 0; i < U; i++) term[i] = (double)((i * i) % 7) / 10;
    for (size_t i = 0; i < U; i++) mean += term[i] / U;
    for (size_t b = 0; b < COUNT; b++) {
        int32_t order[U];
        uint16_t weight[U];
        zsc_resample_draw(&r, 50 + b, U, order, weight);
        for (size_t i = 0; i < U; i++) d[b] += weight[i] ? term[i] : -term[i];
        d[COUNT + b] = b % 3 ? 2 * d[b] : NAN;
        s += d[b] * d[b] / COUNT;
    }
    zsc_exec exec = {.threads = 1};
    assert_int_equal(zsc_split_influences(&r, 50, U, d, CELLS, &exec, U + 1, out), ZSC_OK);
    exec.threads = 3;
    assert_int_equal(zsc_split_influences(&r, 50, U, d, CELLS, &exec, U + 1, same), ZSC_OK);
    assert_memory_equal(out, same, sizeof out);
    for (size_t i = 0; i < U; i++) {
        double wanted = (term[i] - mean) * U / (U - 1), error = 4 * sqrt(s / COUNT);
        assert_true(fabs(out[i] - wanted) < error && fabs(out[U + 1 + i] - 2 * wanted) < 2.5 * error);
    }
    assert_true(out[U] == 0); /* what lies between two cells */
}

/* Samples of one population of specimens: intervals of 90 % must hold the mean score of such samples about as often as
 * they say, for one AMI and for a difference. The bounds allow for chance in 150 trials (sd 2.4) and for their
 * being slightly wide (doc/metrics.md). */
enum { TRIALS = 150, POPULATION_MEAN = 600 };

static void sample_of_population(uint64_t number)
{
    zsc_stream r = zsc_stream_open(11, ZSC_RANDOM_TEST, number);
    for (size_t i = 0; i < ROWS; i++) {
        double u = zsc_stream_uniform(&r);
        data.unit[i] = (int32_t)i;
        data.labels[i] = (int32_t)(60 * u * u);
        data.good[i] = zsc_stream_below(&r, 10) ? data.labels[i] * 2 / 3 : data.labels[i] / 4 + 100;
        data.poor[i] = zsc_stream_below(&r, 8) ? data.labels[i] * 3 / 5 : data.labels[i] / 3 + 100;
    }
}

static double score_of(const int32_t *clusters)
{
    zsc_scores s;
    assert_int_equal(zsc_score(data.labels, clusters, ROWS, ZSC_MISSING_DROP, NULL, &s), ZSC_OK);
    return s.ami[ZSC_ARITHMETIC];
}

/* Deviations of a sum of TERMS equal terms of 0.01 and of 0 of the other UNITS units. */
static zsc_split split_of(size_t terms, size_t units, size_t count, double *d, double *influence)
{
    const zsc_resampling r = {.count = count, .seed = 4};
    int32_t order[100];
    uint16_t weight[100];
    for (size_t b = 0; b < count; b++) {
        d[b] = 0;
        zsc_resample_draw(&r, b, units, order, weight);
        for (size_t i = 0; i < terms; i++) d[b] += weight[i] ? 0.01 : -0.01;
    }
    memset(influence, 0, units * sizeof *influence);
    assert_int_equal(zsc_split_influences(&r, 0, units, d, 1, NULL, units, influence), ZSC_OK);
    return (zsc_split){.deviation = d, .count = count, .influence = influence, .units = units};
}

static void test_split_interval(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static double d[COUNT], influence[1000];
    zsc_split split = split_of(4, 100, COUNT, d, influence);
    /* Less their mean, four terms are 0.0096 and 96 are -0.0004: k = 4.340, and 2 / (1 / k - 1 / 100) = 9.07 */
    zsc_spread s = zsc_split_spread(&split);
    assert_true(fabs(s.sd - 0.0197) < 0.0003 && fabs(s.degrees - 9.07) < 0.6);
    assert_true(fabs(1 / (s.effective - 1) + 1.0 / COUNT - 1 / s.degrees) < 1e-12);
    zsc_split with_seeds = split;
    with_seeds.seeds = pow(s.sd, 4) / 4; /* a variance of seeds of half the whole, of one degree of freedom */
    assert_true(fabs(1 / zsc_split_spread(&with_seeds).degrees - 1 / s.degrees - 0.25) < 1e-9);
    zsc_interval i = zsc_spread_interval(s, 0.5, 0.95), z = zsc_spread_ami_interval(s, 0.5, 0.95);
    assert_true(fabs(i.low - (0.5 - 0.0197 * 2.260)) < 0.0015 && fabs(i.high + i.low - 1) < 1e-12);
    double half = (i.high - 0.5) / 0.75; /* Fisher's z has the slope 1 / (1 - 0.5^2) there */
    assert_true(fabs(z.low - tanh(atanh(0.5) - half)) < 1e-14 && fabs(z.high - tanh(atanh(0.5) + half)) < 1e-14);
    z = zsc_spread_ami_interval((zsc_spread){.sd = 0.3, .degrees = 3}, 0.9, 0.95);
    assert_true(z.low > -1 && z.low < 0 && z.high > 0.9 && z.high < 1);
    assert_true(isnan(zsc_spread_ami_interval(s, 1, 0.95).low));
    z = zsc_spread_accuracy_interval(s, 0.8, 0.95); /* the logit has the slope 1 / (0.8 x 0.2) there */
    half = (i.high - 0.5) / 0.16;
    assert_true(fabs(z.low - 1 / (1 + exp(half - log(4)))) < 1e-14 &&
                fabs(z.high - 1 / (1 + exp(-half - log(4)))) < 1e-14);
    assert_true(isnan(zsc_spread_accuracy_interval(s, 0, 0.95).low) &&
                isnan(zsc_spread_accuracy_interval(s, 1, 0.95).low));
}

static void test_effective_units(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static double d[COUNT], influence[1000];
    zsc_split split = split_of(1, 60, COUNT, d, influence); /* all is one unit's */
    assert_true(zsc_split_spread(&split).effective < 3.2 && !zsc_compare_is_decided(zsc_split_spread(&split)));
    split = split_of(30, 60, COUNT, d, influence); /* half of them are as far from the mean as the others */
    assert_true(zsc_split_spread(&split).effective > 59 && zsc_compare_is_decided(zsc_split_spread(&split)));
    /* Deviations that go with no unit are of all of them, as many as there are */
    zsc_stream r = zsc_stream_open(3, ZSC_RANDOM_TEST, 1);
    const zsc_resampling halves = {.count = COUNT, .seed = 4};
    for (size_t b = 0; b < COUNT; b++) d[b] = zsc_stream_normal(&r);
    memset(influence, 0, sizeof influence);
    assert_int_equal(zsc_split_influences(&halves, 0, 8, d, 1, NULL, 8, influence), ZSC_OK);
    split = (zsc_split){.deviation = d, .count = COUNT, .influence = influence, .units = 8};
    zsc_spread s = zsc_split_spread(&split);
    assert_true(fabs(s.degrees - 7) < 0.01 && s.effective == 8);
    memset(influence, 0, sizeof influence);
    const zsc_resampling few = {.count = 30, .seed = 4};
    assert_int_equal(zsc_split_influences(&few, 0, 1000, d, 1, NULL, 1000, influence), ZSC_OK);
    split = (zsc_split){.deviation = d, .count = 30, .influence = influence, .units = 1000};
    s = zsc_split_spread(&split);
    assert_true(s.degrees < 30);                               /* 30 deviations are themselves 30 degrees at most */
    assert_true(s.at_most == 1000 && s.at_most > s.effective); /* and do not tell how many of so many units decide */
    memset(d, 0, sizeof d);
    split = (zsc_split){.deviation = d, .count = COUNT, .influence = influence, .units = 8};
    s = zsc_split_spread(&split);
    assert_true(isnan(s.sd) && isnan(s.effective) && !zsc_compare_is_decided(s));
    assert_true(isnan(zsc_spread_interval(s, 0.5, 0.95).low));
}

/* Quarters with two thirds of the variance that the rate 1 / n says: half of the exponent is taken. */
static void test_split_rate(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    static double d[COUNT], q[2 * COUNT], influence[100];
    zsc_stream r = zsc_stream_open(3, ZSC_RANDOM_TEST, 2);
    for (size_t b = 0; b < COUNT; b++) d[b] = zsc_stream_normal(&r);
    for (size_t b = 0; b < 2 * COUNT; b++) q[b] = zsc_stream_normal(&r) / sqrt(1.5);
    zsc_split halves = {.deviation = d, .count = COUNT, .influence = influence, .units = 100}, quarters = halves;
    quarters.quarter = q;
    quarters.quarters = 2 * COUNT;
    double alone = zsc_split_spread(&halves).sd, with = zsc_split_spread(&quarters).sd;
    assert_true(fabs(with / alone - pow(1.5, 0.25)) < 0.02);
    for (size_t b = 0; b < 2 * COUNT; b++) q[b] /= 10; /* no rate says more than a factor of 2 */
    with = zsc_split_spread(&quarters).sd;
    assert_true(fabs(with / alone - pow(2, 0.25)) < 1e-12);
    assert_true(zsc_split_spread(&quarters).degrees < zsc_split_spread(&halves).degrees);
}

/* SPLIT is of pairs alone, deviations are 3 times as large on the scale of all units, or as large. */
static void check_rate_of_pairs(zsc_split split)
{
    enum { COUNT = 20000 };
    static double three[COUNT], sums[COUNT], none[COUNT];
    double sd = zsc_split_spread(&split).sd, w = 2 * zsc_split_spread(&split).pairs - 1;
    assert_int_equal(split.count, COUNT);
    for (size_t b = 0; b < COUNT; b++) three[b] = 3 * split.deviation[b];
    split.rescaled = split.deviation;
    zsc_spread s = zsc_split_spread(&split);
    assert_true(fabs(s.sd - sd * sqrt(1 - w / 2)) < 1e-12 && fabs(s.narrowed - s.sd / sd) < 1e-12 && w > 0.9);
    split.agreeing = 0.5; /* of log 0.5 / log 0.75 = 2.41 pairs */
    assert_true(fabs(zsc_split_spread(&split).effective - 2.409) < 0.001 &&
                !zsc_compare_is_decided(zsc_split_spread(&split)));
    split.agreeing = 0.1; /* of 8 */
    assert_true(fabs(zsc_split_spread(&split).effective - 8.004) < 0.001 &&
                zsc_compare_is_decided(zsc_split_spread(&split)));
    split.agreeing = 0;
    split.rescaled = three;
    assert_true(fabs(zsc_split_spread(&split).sd - sd * sqrt(1 - w + 4.5 * w)) < 1e-12);
    /* Of given clusters that are sums over units there are no pairs, whatever these halves say. */
    for (size_t b = 0; b < COUNT; b++) sums[b] = split.deviation[b];
    split.given = sums;
    split.given_average = none;
    split.givens = COUNT;
    assert_true(zsc_split_spread(&split).sd == sd);
    split.given_average = split.average;
    assert_true(fabs(zsc_split_spread(&split).sd - sd * sqrt(1 - w + 4.5 * w)) < 1e-12);
}

/* Of pairs of units alone, each of a term x in the half that has both, D is x / 2, -x / 2 or, half of the times, 0, and
 * the mean of the halves x / 2 or 0. */
static void test_pairs(void **state)
{
    (void)state;
    enum { COUNT = 20000, U = 60 };
    static double d[COUNT], average[COUNT], influence[U];
    int32_t order[U];
    uint16_t weight[U];
    const zsc_resampling r = {.count = COUNT, .seed = 5};
    for (size_t b = 0; b < COUNT; b++) {
        double half[2] = {0, 0};
        zsc_resample_draw(&r, b, U, order, weight);
        for (size_t i = 0; i < U; i += 2)
            if (weight[i] == weight[i + 1]) half[weight[i]] += i % 4 ? 1 : -1;
        d[b] = (half[1] - half[0]) / 2;
        average[b] = 7 + (half[1] + half[0]) / 2;
    }
    zsc_split split = {.deviation = d, .average = average, .count = COUNT, .influence = influence, .units = U};
    assert_true(zsc_split_spread(&split).pairs > 0.95 && zsc_split_spread(&split).narrowed == 1);
    check_rate_of_pairs(split);
    for (size_t b = 0; b < COUNT; b++) average[b] = 7 + (average[b] - 7) / 2; /* a quarter of the variance */
    zsc_spread s = zsc_split_spread(&split);
    assert_true(fabs(s.pairs - 0.25) < 0.02);
    split.average = NULL;
    zsc_spread none = zsc_split_spread(&split);
    assert_true(none.pairs == 0 && none.sd == s.sd && none.effective == s.effective);
    double f = none.effective - 1;
    assert_true(fabs(1 / s.degrees - 1.0 / COUNT - 1 / (f * (1 - s.pairs / 2))) < 1e-12 && s.degrees < none.degrees);
}

static void test_coverage(void **state)
{
    (void)state;
    double truth = 0, difference = 0;
    size_t held = 0, difference_held = 0;
    for (uint64_t i = 0; i < POPULATION_MEAN; i++) {
        sample_of_population(1000 + i);
        truth += score_of(data.good) / POPULATION_MEAN;
        difference += (score_of(data.good) - score_of(data.poor)) / POPULATION_MEAN;
    }
    for (uint64_t i = 0; i < TRIALS; i++) {
        static double half[RESAMPLES * 2], other[RESAMPLES * 2], d[2][RESAMPLES], influence[2][ROWS];
        sample_of_population(i);
        zsc_resampling r = {.count = RESAMPLES, .seed = i}, rest = {.count = RESAMPLES, .seed = i, .rest = true};
        zsc_labelling both[] = {{data.labels, data.good, ZSC_MISSING_DROP}, {data.labels, data.poor, ZSC_MISSING_DROP}};
        zsc_exec exec = {.threads = 2};
        assert_int_equal(zsc_resample_ami(both, 2, ROWS, data.unit, ROWS, &r, &exec, half), ZSC_OK);
        assert_int_equal(zsc_resample_ami(both, 2, ROWS, data.unit, ROWS, &rest, &exec, other), ZSC_OK);
        for (size_t b = 0; b < RESAMPLES; b++) {
            d[0][b] = (half[2 * b] - other[2 * b]) / 2;
            d[1][b] = d[0][b] - (half[2 * b + 1] - other[2 * b + 1]) / 2;
        }
        memset(influence, 0, sizeof influence);
        assert_int_equal(zsc_split_influences(&r, 0, ROWS, d[0], 2, &exec, ROWS, influence[0]), ZSC_OK);
        double good = score_of(data.good), poor = score_of(data.poor);
        zsc_split of = {.deviation = d[0], .count = RESAMPLES, .influence = influence[0], .units = ROWS}, pair = of;
        pair.deviation = d[1];
        pair.influence = influence[1];
        zsc_interval a = zsc_spread_ami_interval(zsc_split_spread(&of), good, 0.9),
                     b = zsc_spread_interval(zsc_split_spread(&pair), good - poor, 0.9);
        held += a.low <= truth && truth <= a.high;
        difference_held += b.low <= difference && difference <= b.high;
    }
    if (held < 125 || difference_held < 125 || held == TRIALS || difference_held == TRIALS)
        fail_msg("of %d intervals of 90 %%, %zu held the AMI and %zu the difference", TRIALS, held, difference_held);
}

/* --- Comparison */
enum { N = 240, RANKS = 2 };

typedef struct made {
    zsc_result r;
    zsc_modality modality;
    zsc_rank_scores score[RANKS];
    zsc_column taxon[RANKS];
    int32_t label[N], code[RANKS][N];
    char id[N][16];
    char *ids[N];
    char config[160], key[40];
} made;

static char order_name[] = "order", species_name[] = "species";
static char *const name_of[] = {order_name, species_name};

/* The names of up to 24 taxa. */
static char **levels(void)
{
    static char text[24][8], *level[24];
    for (size_t k = 0; k < 24; k++) {
        snprintf(text[k], sizeof text[k], "taxon%zu", k);
        level[k] = text[k];
    }
    return level;
}

/* A result of encoder NAME: ERRORS of 100 rows are in a wrong cluster. Rows start at SHIFT of a circle, so that results
 * hold the same rows in different order. */
static void make_result(made *m, const char *encoder, uint64_t seed, unsigned errors, size_t shift, const char *extra)
{
    static char empty[] = "", all[] = "all", rule[] = "species";
    memset(m, 0, sizeof *m);
    m->modality = (zsc_modality){.path = empty, .encoder = (char *)(uintptr_t)encoder};
    m->r = (zsc_result){.path = m->key,
                        .key = m->key,
                        .config = m->config,
                        .modality = &m->modality,
                        .modalities = 1,
                        .subset = all,
                        .per_barcode = all,
                        .clusters_rule = rule,
                        .rows = N,
                        .score = m->score,
                        .scores = RANKS,
                        .id = m->ids,
                        .label = m->label,
                        .taxon = m->taxon,
                        .seed = seed};
    snprintf(m->config, sizeof m->config, "{\"encoders\":[\"%s\"],\"missing\":\"drop\",%s\"seed\":%d}", encoder, extra,
             (int)seed);
    snprintf(m->key, sizeof m->key, "%s-%d-%zu", encoder, (int)seed, strlen(extra));
    for (size_t i = 0; i < N; i++) {
        size_t row = (i + shift) % N, species = row % 24;
        zsc_stream r = zsc_stream_open(seed + 100 * strlen(encoder), ZSC_RANDOM_TEST, row);
        m->label[i] = (int32_t)(zsc_stream_below(&r, 100) < errors ? zsc_stream_below(&r, 24) : species);
        m->code[0][i] = (int32_t)(species / 6);
        m->code[1][i] = row % 31 == 0 ? -1 : (int32_t)species;
        snprintf(m->id[i], sizeof m->id[i], "row%zu", row);
        m->ids[i] = m->id[i];
    }
    for (size_t j = 0; j < RANKS; j++) {
        m->taxon[j] = (zsc_column){.name = name_of[j], .code = m->code[j], .level = levels(), .levels = j ? 24 : 4};
        m->score[j].rank = name_of[j];
        assert_int_equal(zsc_score(m->code[j], m->label, N, ZSC_MISSING_DROP, NULL, &m->score[j].scores), ZSC_OK);
    }
}

static zsc_compare_options quick(void)
{
    zsc_compare_options o = zsc_compare_defaults();
    o.resampling.count = 200;
    o.unit = "specimens";
    return o;
}

static void compare(made *const *m, size_t count, const zsc_compare_options *o, zsc_comparison *out)
{
    zsc_result items[8];
    for (size_t i = 0; i < count; i++) items[i] = m[i]->r;
    zsc_result_list list = {items, count};
    if (zsc_compare(&list, o, NULL, out) != ZSC_OK) fail_msg("%s", zsc_error_message());
}

static void test_comparison(void **state)
{
    (void)state;
    static made good[3], poor, twin;
    zsc_comparison c;
    zsc_compare_options o = quick();
    for (size_t s = 0; s < 3; s++) make_result(&good[s], "good", s, 10, 7 * s, "");
    make_result(&poor, "poorer", 0, 30, 50, "");
    make_result(&twin, "poorer", 0, 30, 0, "");
    twin.modality.encoder = (char *)(uintptr_t) "twin"; /* the clusters of poorer under another name */
    snprintf(twin.key, sizeof twin.key, "twin");
    compare((made *[]){&poor, &good[0], &twin, &good[1], &good[2], &good[1]}, 6, &o, &c);
    assert_int_equal(c.groups, 1);
    const zsc_compare_group *g = &c.group[0];
    assert_int_equal(g->encoders, 3);
    assert_int_equal(g->ranks, 2);
    assert_int_equal(g->units, N);
    assert_string_equal(g->encoder[0], "good");
    assert_string_equal(g->encoder[1], "poorer");
    const zsc_compare_cell *cell = &g->cell[1 * 3 + 0];
    assert_int_equal(cell->runs, 3); /* one was given twice */
    double ami[3], mean = 0, square = 0;
    for (size_t s = 0; s < 3; s++) mean += (ami[s] = good[s].score[1].scores.ami[0]) / 3;
    for (size_t s = 0; s < 3; s++) square += (ami[s] - mean) * (ami[s] - mean);
    assert_true(fabs(cell->mean - mean) < 1e-15 && fabs(cell->sd - sqrt(square / 2)) < 1e-15);
    assert_true(cell->interval.low < mean && mean < cell->interval.high &&
                cell->interval.high - cell->interval.low > 0.01);
    assert_true(cell->place == 1 && cell->best && !cell->second);
    for (size_t e = 1; e < 3; e++) { /* twins have one place and one mark */
        const zsc_compare_cell *twin_cell = &g->cell[1 * 3 + e];
        assert_true(twin_cell->place == 2 && twin_cell->second && !twin_cell->best);
    }
    assert_true(isnan(g->cell[1 * 3 + 1].sd));
    assert_int_equal(g->differences, 6);
    for (size_t i = 0; i < 6; i++) {
        const zsc_difference *d = &g->difference[i];
        bool twins = d->a == 1 && d->b == 2;
        assert_true(d->holds == !twins && fabs(d->value) < (twins ? 1e-15 : 1));
        if (twins) { /* the same rows in another order: lined up by id, they never differ, and nothing is known of it */
            assert_true(isnan(d->interval.low) && isnan(d->joint.low) && isnan(d->p_value));
            continue;
        }
        assert_true(d->interval.low <= d->value && d->value <= d->interval.high);
        assert_true(d->joint.high - d->joint.low > 0.9 * (d->interval.high - d->interval.low));
    }
    zsc_comparison_free(&c);
}

/* Equal means share their place and their mark, and are in the order of their names, however they come. */
static void test_ties_share_a_place(void **state)
{
    (void)state;
    static made tie[3], poor;
    static char names[][8] = {"zeta", "alpha", "middle"};
    zsc_comparison c;
    zsc_compare_options o = quick();
    make_result(&poor, "poor", 0, 40, 50, "");
    for (size_t i = 0; i < 3; i++) {
        make_result(&tie[i], "zeta", 0, 10, 0, "");
        tie[i].modality.encoder = names[i];
        snprintf(tie[i].key, sizeof tie[i].key, "tie%zu", i);
    }
    for (size_t turn = 0; turn < 3; turn++) {
        compare((made *[]){&tie[turn], &poor, &tie[(turn + 1) % 3]}, 3, &o, &c);
        const zsc_compare_group *g = &c.group[0];
        assert_int_equal(g->encoders, 3);
        assert_true(strcmp(g->encoder[0], g->encoder[1]) < 0);
        for (size_t q = 0; q < g->ranks; q++) {
            const zsc_compare_cell *cell = &g->cell[q * 3];
            assert_true(cell[0].mean == cell[1].mean && cell[1].mean > cell[2].mean);
            assert_true(cell[0].place == 1 && cell[1].place == 1 && cell[2].place == 3);
            assert_true(cell[0].best && cell[1].best && !cell[2].best && cell[2].second && !cell[0].second);
        }
        zsc_comparison_free(&c);
    }
}

/* The paired interval of a difference is far narrower than those of its two sides, which share their rows. */
static void test_differences_are_paired(void **state)
{
    (void)state;
    static made one, two;
    zsc_comparison c;
    zsc_compare_options o = quick();
    o.unit = "species";
    make_result(&one, "one", 0, 20, 0, "");
    make_result(&two, "two", 0, 20, 3, "");
    for (size_t i = 0; i < N; i++) two.label[i] = one.label[(i + 3) % N];
    two.label[5] = 0;
    assert_int_equal(zsc_score(two.code[1], two.label, N, ZSC_MISSING_DROP, NULL, &two.score[1].scores), ZSC_OK);
    compare((made *[]){&one, &two}, 2, &o, &c);
    const zsc_compare_group *g = &c.group[0];
    assert_int_equal(g->units, 24 + 8); /* 8 rows lack a species: each is on its own */
    const zsc_difference *d = &g->difference[1];
    assert_int_equal(d->rank, 1);
    double width = g->cell[2].interval.high - g->cell[2].interval.low;
    assert_true(width > 0.02 && d->interval.high - d->interval.low < width / 4);
    zsc_comparison_free(&c);
}

static void test_settings_tell_runs_of_one_encoder_apart(void **state)
{
    (void)state;
    static made one, two;
    zsc_comparison c;
    zsc_compare_options o = quick();
    make_result(&one, "one", 0, 5, 0, "\"scale\":\"none\",");
    make_result(&two, "one", 1, 40, 0, "\"scale\":\"zscore\",");
    one.r.scale = (char[]){"none"};
    two.r.scale = (char[]){"zscore"};
    compare((made *[]){&one, &two}, 2, &o, &c);
    assert_int_equal(c.group[0].encoders, 2);
    assert_string_equal(c.group[0].encoder[0], "one (scale none)");
    assert_string_equal(c.group[0].encoder[1], "one (zscore)");
    zsc_comparison_free(&c);
}

static void test_other_rows_are_another_group(void **state)
{
    (void)state;
    static made one, two;
    zsc_comparison c;
    zsc_compare_options o = quick();
    make_result(&one, "one", 0, 5, 0, "");
    make_result(&two, "two", 0, 5, 0, "");
    two.r.rows = N - 1;
    compare((made *[]){&one, &two}, 2, &o, &c);
    assert_int_equal(c.groups, 2);
    assert_int_equal(c.group[0].differences, 0);
    assert_int_equal(c.group[1].rows, N - 1);
    zsc_comparison_free(&c);
}

static void test_each_rank_is_cut_again(void **state)
{
    (void)state;
    static made one;
    static double z[4 * (N - 1)];
    static char rule[] = "each-rank";
    float x[N];
    zsc_comparison c;
    zsc_compare_options o = quick();
    make_result(&one, "one", 0, 5, 0, "");
    for (size_t i = 0; i < N; i++) x[i] = (float)one.label[i] + (float)(i % 7) / 100;
    assert_int_equal(zsc_linkage(x, N, 1, ZSC_WARD, NULL, z, NULL), ZSC_OK);
    one.r.clusters_rule = rule;
    one.r.linkage_matrix = z;
    for (size_t j = 0; j < RANKS; j++) {
        int32_t cut[N];
        one.score[j].k = j ? 24 : 4;
        assert_int_equal(zsc_cut_clusters(z, N, one.score[j].k, cut), ZSC_OK);
        assert_int_equal(zsc_score(one.code[j], cut, N, ZSC_MISSING_DROP, NULL, &one.score[j].scores), ZSC_OK);
    }
    compare((made *[]){&one}, 1, &o, &c);
    for (size_t j = 0; j < RANKS; j++) { /* resamples of the right clusters are near their score */
        const zsc_compare_cell *cell = &c.group[0].cell[j];
        assert_true(cell->interval.low < cell->mean && cell->mean < cell->interval.high);
        assert_true(cell->interval.high - cell->interval.low < 0.3);
    }
    zsc_comparison_free(&c);
}

static void refuse(const zsc_result_list *list, const zsc_compare_options *o, const char *words)
{
    zsc_comparison c = {.groups = 77};
    assert_true(zsc_compare(list, o, NULL, &c) != ZSC_OK);
    if (!strstr(zsc_error_message(), words)) fail_msg("%s", zsc_error_message());
    assert_int_equal(c.groups, 77);
}

static void test_refusals(void **state)
{
    (void)state;
    static made one;
    static const char *const genus[] = {"genus"};
    make_result(&one, "one", 0, 5, 0, "");
    zsc_result_list list = {&one.r, 1}, none = {NULL, 0};
    zsc_compare_options o = quick();
    refuse(&none, &o, "no results");
    o.unit = "genus";
    refuse(&list, &o, "--unit genus: result 'one-0-0': it does not say how it was made");
    o = quick();
    o.ranks = genus;
    o.rank_count = 1;
    refuse(&list, &o, "no result has the rank 'genus'");
    o = quick();
    o.resampling.count = 1;
    refuse(&list, &o, "expected at least 2");
}

/* Resamples that are unusable at one rank are no evidence there: no adjusted p-value is below the plain one, and the
 * maxima are of the resamples that all ranks have. */
static void test_unusable_resamples_are_no_evidence(void **state)
{
    (void)state;
    enum { TWO_RANKS = 2, ENCODERS = 2, COUNT = 41, UNUSABLE = 4, U = 20 };
    double value[TWO_RANKS * ENCODERS * COUNT], influence[TWO_RANKS * ENCODERS * U] = {0}, scratch[7 * COUNT + U];
    bool there[TWO_RANKS * ENCODERS] = {true, true, true, true};
    zsc_compare_cell cell[TWO_RANKS * ENCODERS] = {
        {.mean = 0.5}, {.mean = 0.498}, {.mean = 0.7}, {.mean = 0.7 + 1e-16}};
    zsc_compare_group g = {.ranks = TWO_RANKS, .encoders = ENCODERS, .cell = cell, .units = U};
    zsc_compare_options o = zsc_compare_defaults();
    zsc_stream r = zsc_stream_open(3, ZSC_RANDOM_TEST, 0);
    o.resampling.count = COUNT;
    o.control = ZSC_CONTROL_ALL;
    for (size_t i = 0; i < TWO_RANKS * ENCODERS * COUNT; i++) value[i] = 0.001 * (zsc_stream_uniform(&r) - 0.5);
    for (size_t s = 0; s < UNUSABLE; s++) value[10 * s] = NAN;
    assert_int_equal(zsc_compare_mark_unusable(&o, there, true, value, &g), ZSC_OK);
    const zsc_deviations scores = {.count = COUNT, .value = value, .influence = influence, .scratch = scratch};
    assert_int_equal(zsc_compare_differences(&o, &scores, &g), ZSC_OK);
    assert_int_equal(g.unusable[0], UNUSABLE);
    double sd = g.difference[0].detectable - (g.difference[0].joint.high - g.difference[0].value); /* 0.84 of it */
    assert_true(sd > 0.0003 * 0.84 && sd < 0.0005 * 0.84); /* the root of 1 / 6, of what is usable */
    assert_true(g.difference[0].holds && g.difference[0].p_value < 0.001 && g.difference[0].effective == U);
    for (size_t i = 0; i < g.differences; i++) assert_true(g.difference[i].p_adjusted >= g.difference[i].p_value);
    assert_true(g.difference[0].p_adjusted < 0.01);
    assert_true(g.difference[1].value == 0 && !g.difference[1].holds); /* a tie but for rounding */
    free(g.unusable);
    free(g.difference);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resamples_equal_rows_written_out),
        cmocka_unit_test(test_resample_of_nothing),
        cmocka_unit_test(test_influences),
        cmocka_unit_test(test_split_interval),
        cmocka_unit_test(test_effective_units),
        cmocka_unit_test(test_split_rate),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_ties_share_a_place),
        cmocka_unit_test(test_differences_are_paired),
        cmocka_unit_test(test_settings_tell_runs_of_one_encoder_apart),
        cmocka_unit_test(test_other_rows_are_another_group),
        cmocka_unit_test(test_each_rank_is_cut_again),
        cmocka_unit_test(test_unusable_resamples_are_no_evidence),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("comparison", tests, NULL, NULL);
}
