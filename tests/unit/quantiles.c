/* Quantiles of the normal and of Student's distribution against GSL's, and against their distribution functions. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "metrics/quantiles.h"

static const double levels[] = {0.01, 0.1, 0.5, 0.6827, 0.9, 0.95, 0.99, 0.999, 0.99999};
enum { LEVELS = sizeof levels / sizeof *levels };

static void near(const char *what, double level, double degrees, double found, double wanted, double error)
{
    if (!(fabs(found - wanted) <= error * wanted))
        fail_msg("%s of %g, %g degrees: %.17g, expected %.17g", what, level, degrees, found, wanted);
}

static void normal(void **state)
{
    (void)state;
    assert_true(zsc_normal_quantile(0) == 0);
    for (size_t l = 0; l < LEVELS; l++) {
        double z = zsc_normal_quantile(levels[l]);
        near("normal quantile", levels[l], INFINITY, z, gsl_cdf_ugaussian_Pinv((1 + levels[l]) / 2), 1e-11);
        near("normal probability", levels[l], INFINITY, 1 - 2 * gsl_cdf_ugaussian_Q(z), levels[l], 1e-13);
        near("normal level", levels[l], INFINITY, zsc_normal_level(z), levels[l], 1e-13);
    }
}

static void student(void **state)
{
    (void)state;
    const double degrees[] = {1, 2, 2.5, 3, 7, 29.3, 100, 511, 513, 4000, 3e4};
    assert_true(zsc_student_quantile(0, 3) == 0);
    for (size_t d = 0; d < sizeof degrees / sizeof *degrees; d++)
        for (size_t l = 0; l < LEVELS; l++) {
            if (degrees[d] < 2 && levels[l] > 0.99) continue; /* a long series; compare has 2 degrees or more */
            double t = zsc_student_quantile(levels[l], degrees[d]);
            near("Student's probability", levels[l], degrees[d], 1 - 2 * gsl_cdf_tdist_Q(t, degrees[d]), levels[l],
                 1e-11);
            near("Student's level", levels[l], degrees[d], zsc_student_level(t, degrees[d]), levels[l], 1e-11);
            if (levels[l] < 0.9999) /* GSL's own quantile is less exact beyond */
                near("Student's quantile", levels[l], degrees[d], t,
                     gsl_cdf_tdist_Pinv((1 + levels[l]) / 2, degrees[d]), 1e-8);
        }
}

/* Beyond their ranges: of the end. */
static void far(void **state)
{
    (void)state;
    assert_true(zsc_normal_level(0) == 0 && zsc_student_level(0, 3) == 0);
    assert_true(zsc_normal_level(40) == zsc_normal_level(8) && zsc_normal_level(8) > 1 - 1e-14);
    assert_true(zsc_student_level(1e9, 2) == zsc_student_level(1000, 2));
    near("Student's level", 1000, 2, zsc_student_level(1000, 2), 1 - 2 * gsl_cdf_tdist_Q(1000, 2), 1e-10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(normal), cmocka_unit_test(student), cmocka_unit_test(far)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
