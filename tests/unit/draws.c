/* The simulator's draws against GSL's from the same streams: the same numbers, in the same order. Powers and logarithms
 * of the C library may differ in their last digits; what does not contain one is the same to the bit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "simulate/draws.h"

enum { DRAWS = 400000 };
static const double LAST_DIGITS = 4e-15;

/* --- A stream as GSL's generator */
static unsigned long get(void *state) { return (unsigned long)(zsc_stream_u64(state) >> 32); }
static double get_double(void *state) { return zsc_stream_uniform(state); }
static void set(void *state, unsigned long seed) { ((zsc_stream *)state)->state = seed; }
static const gsl_rng_type type = {"zsc_stream", UINT32_MAX, 0, sizeof(zsc_stream), set, get, get_double};

/* Fails unless both have drawn numbers that are near, and have taken as many from their streams. */
static void expect(const char *what, double own, double of_gsl, const zsc_stream *a, const zsc_stream *b)
{
    if (fabs(own - of_gsl) > LAST_DIGITS * fabs(of_gsl)) fail_msg("%s: %.17g, GSL has %.17g", what, own, of_gsl);
    if (a->state != b->state) fail_msg("%s: draws as many numbers as GSL no more, after %.17g", what, own);
}

static void normals(void **state)
{
    (void)state;
    zsc_stream own = zsc_stream_open(1, ZSC_RANDOM_TEST, 0), other = own;
    gsl_rng rng = {&type, &other};
    size_t equal = 0;
    for (int i = 0; i < 4 * DRAWS; i++) {
        double z = zsc_draw_normal(&own), wanted = gsl_ran_gaussian_ziggurat(&rng, 1);
        expect("normal", z, wanted, &own, &other);
        equal += z == wanted;
        if (fabs(z) < 3.44) assert_true(z == wanted); /* beyond is a logarithm */
    }
    assert_true(equal > 4 * DRAWS - 1000);
}

static void gammas(void **state)
{
    (void)state;
    const double shapes[] = {0.11, 0.29, 1.2, 3, 4, 8, 12, 100};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        zsc_stream own = zsc_stream_open(2, ZSC_RANDOM_TEST, s), other = own;
        gsl_rng rng = {&type, &other};
        for (int i = 0; i < DRAWS / 4; i++) {
            double z = zsc_draw_gamma(&own, shapes[s], 1 / shapes[s]),
                   wanted = gsl_ran_gamma(&rng, shapes[s], 1 / shapes[s]);
            expect("gamma", z, wanted, &own, &other);
#ifdef __x86_64__ /* elsewhere GSL's compiler contracts products and sums */
            if (shapes[s] >= 3) assert_true(z == wanted);
#endif
        }
    }
}

static void counts_and_powers(void **state)
{
    (void)state;
    zsc_stream own = zsc_stream_open(3, ZSC_RANDOM_TEST, 0), other = own;
    gsl_rng rng = {&type, &other};
    for (int i = 0; i < DRAWS; i++) {
        double mean = i % 3 ? 0.4 : 1, exponent = i % 2 ? 1 : 1.1;
        expect("Poisson", zsc_draw_poisson(&own, mean), gsl_ran_poisson(&rng, mean), &own, &other);
        expect("Pareto", zsc_draw_pareto(&own, exponent), gsl_ran_pareto(&rng, exponent, 1), &own, &other);
    }
}

static void weights(void **state)
{
    (void)state;
    for (size_t number = 0; number < 40; number++) {
        zsc_stream own = zsc_stream_open(4, ZSC_RANDOM_TEST, number), other;
        size_t count = number < 4 ? 1 + number : 1 + (size_t)zsc_stream_below(&own, 3000), *seen;
        double *weight = calloc(count, sizeof *weight), total = 0;
        zsc_draw_weighted table;
        seen = calloc(count, sizeof *seen);
        assert_true(weight && seen);
        for (size_t i = 0; i < count; i++) {
            weight[i] = number % 5 == 0 ? 1 : number % 5 == 1 ? (double)(i % 3) + (i == 0) : zsc_draw_pareto(&own, 1.1);
            total += weight[i];
        }
        assert_int_equal(zsc_draw_weighted_make(weight, count, &table), ZSC_OK);
        gsl_ran_discrete_t *wanted = gsl_ran_discrete_preproc(count, weight);
        other = own;
        gsl_rng rng = {&type, &other};
        for (int i = 0; i < DRAWS / 20; i++) {
            size_t drawn = zsc_draw_weighted_next(&table, &own);
            assert_int_equal(drawn, gsl_ran_discrete(&rng, wanted));
            seen[drawn]++;
        }
        for (size_t i = 0; i < count; i++) { /* five deviations, and one draw */
            double mean = weight[i] / total * DRAWS / 20;
            assert_true(fabs((double)seen[i] - mean) < 5 * sqrt(mean) + 1 ||
                        (weight[i] > 0 && mean < 1 && seen[i] < 9));
        }
        gsl_ran_discrete_free(wanted);
        zsc_draw_weighted_free(&table);
        free(weight);
        free(seen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normals),
        cmocka_unit_test(gammas),
        cmocka_unit_test(counts_and_powers),
        cmocka_unit_test(weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
