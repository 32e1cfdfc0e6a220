/* Elementary functions against the C library's in long double, at special values, and bit for bit where the value is
 * known: the bits must not depend on the processor, the compiler or its options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/isa.h"
#include "base/kernels.h"
#include "base/random.h"

enum { NUMBERS = 100000 };

static double draw(zsc_stream *r, double low, double high) { return low + (high - low) * zsc_stream_uniform(r); }

static void close_to(const char *what, double x, double y, double got, long double wanted, double ulps)
{
    double ulp = nextafter(fabs((double)wanted), INFINITY) - fabs((double)wanted);
    if (!(fabsl(got - wanted) <= ulps * ulp))
        fail_msg("%s(%.17g, %.17g) is %.17g, not %.17Lg", what, x, y, got, wanted);
}

static void errors(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(1, ZSC_RANDOM_TEST, 0);
    for (size_t i = 0; i < NUMBERS; i++) {
        double x = draw(&r, -1, 1) * (i % 3 ? 40 : 708), positive = (double)expl(draw(&r, -1, 1) * (i % 3 ? 2 : 700));
        double base = (double)expl(draw(&r, -5, 5)), y = draw(&r, -40, 40),
               small = draw(&r, -1, 1) * (i % 2 ? 1e-3 : 3);
        close_to("exp", x, 0, zsc_exp(x), expl(x), 1);
        close_to("log", positive, 0, zsc_log(positive), logl(positive), 1);
        close_to("log2", positive, 0, zsc_log2(positive), log2l(positive), 1);
        close_to("pow", base, y, zsc_pow(base, y), powl(base, y), 2);
        if (fabsl(small * logl(positive)) < 700)
            close_to("pow", positive, small, zsc_pow(positive, small), powl(positive, small), 4);
        close_to("expm1", small, 0, zsc_expm1(small), expm1l(small), 4);
        float single = (float)draw(&r, -87, 88), wanted = (float)expl(single);
        assert_true(fabsf(zsc_expf(single) - wanted) <= nextafterf(wanted, INFINITY) - wanted);
        double turn = draw(&r, -3, 3);
        assert_true(fabsl(zsc_cos_turns(turn) - cosl(6.28318530717958647692528676655900577L * turn)) <= 3e-16L);
    }
}

static void special_values(void **state)
{
    (void)state;
    assert_true(isnan(zsc_exp(NAN)) && isnan(zsc_expf(NAN)) && isnan(zsc_log(NAN)) && isnan(zsc_pow(NAN, 2)));
    assert_true(zsc_exp(INFINITY) == INFINITY && zsc_exp(-INFINITY) == 0 && zsc_exp(0) == 1 && zsc_exp(-745.14) == 0);
    assert_true(zsc_exp(-745) == 0x1p-1074 && zsc_exp(709.7) < INFINITY && zsc_exp(709.8) == INFINITY);
    assert_true(zsc_expf(INFINITY) == INFINITY && zsc_expf(-INFINITY) == 0 && zsc_expf(0) == 1);
    assert_true(zsc_log(0) == -INFINITY && isnan(zsc_log(-1)) && zsc_log(1) == 0 && zsc_log(INFINITY) == INFINITY);
    close_to("log", 0x1p-1074, 0, zsc_log(0x1p-1074), logl(0x1p-1074L), 1);
    close_to("log", DBL_MAX, 0, zsc_log(DBL_MAX), logl(DBL_MAX), 1);
    for (int n = -1074; n < 1024; n++) assert_true(zsc_log2(ldexp(1, n)) == n);
    assert_true(zsc_pow(0, 2) == 0 && zsc_pow(0, -2) == INFINITY && zsc_pow(0, 0) == 1 && zsc_pow(7, 0) == 1);
    assert_true(zsc_pow(1, INFINITY) == 1 && zsc_pow(2, INFINITY) == INFINITY && zsc_pow(2, -INFINITY) == 0);
    assert_true(zsc_pow(0.5, INFINITY) == 0 && zsc_pow(INFINITY, -1) == 0 && zsc_pow(2, 2000) == INFINITY);
    assert_true(zsc_pow(2, -2000) == 0 && isnan(zsc_pow(-1, 0.5)) && zsc_pow(1 + DBL_EPSILON, 1e300) == INFINITY);
    assert_true(zsc_pow(2, 10) == 1024 && zsc_pow(10, 3) == 1000 && zsc_pow(4, 0.5) == 2);
    for (int quarter = -8; quarter <= 8; quarter++)
        assert_true(zsc_cos_turns(quarter / 4.0) == (quarter % 2 ? 0 : quarter % 4 ? -1 : 1));
}

/* A digest of many results: another order of steps, or a contraction of two, changes it. */
static void the_same_bits_everywhere(void **state)
{
    (void)state;
    uint64_t digest = 0xcbf29ce484222325;
    for (size_t i = 0; i < 20000; i++) {
        double x = 0.37 * (double)i - 700 + (double)i / 8192, y = 0.001 + (double)i * 0.7;
        const double value[] = {zsc_exp(x / 11),    zsc_expf((float)x / 9), zsc_log(y),      zsc_log2(y),
                                zsc_pow(y, -1.583), zsc_expm1(x / 4000),    zsc_cos_turns(y)};
        for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
            uint64_t bits;
            memcpy(&bits, &value[k], sizeof bits);
            digest = (digest ^ bits) * 0x100000001b3;
            digest ^= digest >> 29;
        }
    }
    if (digest != 0xdc85ba44859966d3) fail_msg("the digest is 0x%016llx", (unsigned long long)digest);
}

/* Many numbers at once: the bits of the functions of one number, by the kernels of every instruction set there is. */
static void many_at_once(void **state)
{
    (void)state;
    enum { MANY = 4099 }; /* no multiple of a width */
    static float x[MANY], out[MANY];
    static double draw[MANY];
    const float special[] = {0, -0.0F, 89, 89.00001F, -104, -104.1F, INFINITY, -INFINITY, NAN, FLT_MIN, -1e-40F, 88.9F};
    zsc_stream r = zsc_stream_open(2, ZSC_RANDOM_TEST, 0);
    for (size_t i = 0; i < MANY; i++)
        x[i] = i < sizeof special / sizeof *special ? special[i] : (float)(120 * zsc_stream_uniform(&r) - 110);
    for (int isa = ZSC_ISA_PLAIN; isa <= ZSC_ISA_NEON; isa++) {
        zsc_isa_force((zsc_isa)isa);
        const zsc_base_kernels *kernels = ZSC_SIMD_PICK(zsc_base_kernels_of);
        for (size_t count = 0; count <= MANY; count = count < 40 ? count + 1 : count + 1353) {
            zsc_stream one = zsc_stream_open(count, ZSC_RANDOM_TEST, 1), many = one;
            memset(out, 0, sizeof out);
            memset(draw, 0, sizeof draw);
            kernels->expf(x, count, out);
            kernels->normals(&many, count, draw);
            for (size_t i = 0; i < count; i++) {
                float wanted = zsc_expf(x[i]);
                double normal = zsc_stream_normal(&one);
                if (memcmp(&wanted, &out[i], sizeof wanted) != 0)
                    fail_msg("%s: expf(%a), number %zu of %zu, is %a, not %a", zsc_isa_name((zsc_isa)isa), (double)x[i],
                             i, count, (double)out[i], (double)wanted);
                if (memcmp(&normal, &draw[i], sizeof normal) != 0)
                    fail_msg("%s: draw %zu of %zu is %a, not %a", zsc_isa_name((zsc_isa)isa), i, count, draw[i],
                             normal);
            }
            assert_true(one.state == many.state);
            if (count < MANY) assert_true(out[count] == 0 && draw[count] == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors),
        cmocka_unit_test(special_values),
        cmocka_unit_test(the_same_bits_everywhere),
        cmocka_unit_test(many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
