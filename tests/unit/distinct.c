/* Groups of equal rows against the definition, in both precisions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "linalg/distinct.h"

/* Whole numbers of a few values, so that rows repeat; zeros of both signs. */
static void fill(float *x, double *y, size_t count, size_t values, uint64_t seed)
{
    zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_TEST, 0);
    for (size_t i = 0; i < count; i++) {
        double value = (double)zsc_stream_below(&stream, values);
        if (value == 0 && zsc_stream_below(&stream, 2)) value = -0.0;
        y[i] = value;
        x[i] = (float)value;
    }
}

static int32_t first_like(const float *x, size_t i, size_t d)
{
    for (size_t j = 0; j < i; j++) {
        size_t p = 0;
        while (p < d && x[j * d + p] == x[i * d + p]) p++;
        if (p == d) return (int32_t)j;
    }
    return (int32_t)i;
}

static void expect_groups(const zsc_distinct *found, const float *x, size_t n, size_t d)
{
    size_t groups = 0;
    assert_int_equal(found->n, n);
    for (size_t i = 0; i < n; i++) {
        int32_t first = first_like(x, i, d);
        if (first == (int32_t)i) {
            assert_int_equal(found->group[i], groups);
            assert_int_equal(found->first[groups++], i);
        }
        assert_int_equal(found->first[found->group[i]], first);
    }
    assert_int_equal(found->count, groups);
    assert_int_equal(found->offset[groups], n);
    for (size_t g = 0; g < groups; g++) {
        assert_int_equal(found->member[found->offset[g]], found->first[g]);
        for (int32_t m = found->offset[g]; m < found->offset[g + 1]; m++) {
            assert_int_equal(found->group[found->member[m]], g);
            assert_true(m == found->offset[g] || found->member[m] > found->member[m - 1]);
        }
    }
}

static void groups_are_those_of_the_definition(void **state)
{
    (void)state;
    static const size_t shapes[][3] = {{0, 3, 2},   {1, 1, 2},  {7, 0, 2},     {200, 1, 5},
                                       {300, 3, 3}, {90, 8, 2}, {12, 1025, 1}, {12, 2049, 2}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        size_t n = shapes[s][0], d = shapes[s][1];
        float *x = malloc((n * d + 1) * sizeof *x);
        double *y = malloc((n * d + 1) * sizeof *y);
        assert_true(x && y);
        fill(x, y, n * d, shapes[s][2], s);
        for (int threads = 1; threads <= 3; threads += 2) {
            zsc_exec exec = {.threads = threads};
            zsc_distinct found = {0};
            assert_int_equal(zsc_distinct_find(x, n, d, &exec, &found), ZSC_OK);
            expect_groups(&found, x, n, d);
            zsc_distinct_free(&found);
            assert_int_equal(zsc_distinct_find_f64(y, n, d, &exec, &found), ZSC_OK);
            expect_groups(&found, x, n, d);
            zsc_distinct_free(&found);
        }
        free(x);
        free(y);
    }
}

/* What differs in the last bit of a double alone is not the same row. */
static void the_last_bit_counts(void **state)
{
    (void)state;
    const double y[] = {1, 2, 1, 2 + 0x1p-51, 1, 2};
    zsc_distinct found = {0};
    assert_int_equal(zsc_distinct_find_f64(y, 3, 2, NULL, &found), ZSC_OK);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.group[2], 0);
    zsc_distinct_free(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_those_of_the_definition),
        cmocka_unit_test(the_last_bit_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
